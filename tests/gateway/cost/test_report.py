"""Report of costs: present value by hand, parts that sum, differences to the first, bad input, the wire."""

import json
import urllib.request

import numpy as np
import pytest
from numpy.testing import assert_allclose

from dafeng.client import InvalidInputError
from dafeng.common.v1 import common_pb2
from gateway.cost.doors import open_cost
from gateway.cost.report import cost_report, present_value
from gateway.cost.results import CostReport
from services.common.errors import DomainError


def test_present_value_by_hand():
    # 100 in 2026, 110 in 2027 (between 100 and 120), 120 in 2028, to 2025 at 10 %
    value = present_value((2026, 2028), np.array([100.0, 120.0]), 2026, 2028, 0.1, 2025)
    assert value == pytest.approx(100 / 1.1 + 110 / 1.21 + 120 / 1.331)


def test_at_rate_zero_the_present_value_is_the_sum():
    assert present_value((2020, 2030), np.array([1.0, 1.0]), 2020, 2030, 0.0, 2025) == pytest.approx(11.0)


def ask(shop, **request):
    async def answer():
        question = await open_cost(shop.pipeline.calls, request)
        return [p async for p in cost_report(shop.pipeline.runs, question)]

    return shop.do(answer())


SCENARIOS = ({"name": "frozen", "baseline": "frozen"}, {"name": "planned", "baseline": "planned"})


@pytest.fixture(scope="module")
def answered(shop):
    return ask(shop, frame={"region": "jiangsu", "last_year": 2035}, scenarios=SCENARIOS, years=(2030, 2035))


def test_progress_comes_first_and_the_report_last(answered):
    assert isinstance(answered[-1], CostReport)
    assert answered[0].total_count == 2


def test_years_hold_the_base_year_and_both_ends_of_the_span(answered):
    assert answered[-1].years == (2020, 2026, 2030, 2035)
    assert (answered[-1].npv_first_year, answered[-1].npv_last_year) == (2026, 2035)
    assert answered[-1].social_discount_share_per_year == 0.05


def test_parts_sum_to_the_total_and_differences_are_to_the_first(answered):
    first, second = answered[-1].scenarios
    for one in (first, second):
        assert_allclose(sum(p.cost_cny for p in one.parts), one.total_cny, rtol=1e-9)
        assert_allclose(sum(p.difference_cny for p in one.parts), one.difference_cny, rtol=1e-6, atol=10.0)
    assert_allclose(first.difference_cny, 0.0)
    assert first.abatement_cost_cny_per_tco2 is None
    assert_allclose(second.difference_cny, second.total_cny - first.total_cny)
    assert second.npv_difference_cny == pytest.approx(second.npv_cny - first.npv_cny, rel=1e-9)
    ratio = second.npv_difference_cny / second.span_avoided_tco2
    assert second.abatement_cost_cny_per_tco2 == pytest.approx(ratio)


def test_lost_load_is_the_only_thing_between_the_two_abatement_costs(answered):
    first, second = answered[-1].scenarios
    report = answered[-1]

    def lost(one):
        values = sum(p.cost_cny for p in one.parts if p.kind == "lost_load")
        return present_value(report.years, values, 2026, 2035, 0.05, 2025)

    apart = second.npv_difference_cny - second.npv_difference_without_lost_load_cny
    assert apart == pytest.approx(lost(second) - lost(first), rel=1e-9)


def test_cost_per_gdp_and_head_agree(answered):
    one = answered[-1].scenarios[1]
    gdp_a_head = one.cost_per_person_cny / one.cost_per_gdp_share
    # 10.27 x 10^12 CNY and 84.75 million people in 2020, prices of 2025
    assert gdp_a_head[0] == pytest.approx(121_231 * 1.033, rel=0.01)
    assert (np.diff(gdp_a_head) > 0).all()


def test_the_same_request_gives_the_same_digest(shop, answered):
    again = ask(shop, frame={"region": "jiangsu", "last_year": 2035}, scenarios=SCENARIOS, years=(2030, 2035))
    assert again[-1].digest == answered[-1].digest


def test_a_higher_rate_weighs_the_future_less(shop, answered):
    dear = ask(
        shop,
        frame={"region": "jiangsu", "last_year": 2035},
        scenarios=SCENARIOS[:1],
        years=(2030, 2035),
        social_discount_share_per_year=0.1,
    )
    assert dear[-1].scenarios[0].npv_cny < answered[-1].scenarios[0].npv_cny


def test_everything_wrong_is_told_at_once(shop):
    with pytest.raises(DomainError) as caught:
        ask(
            shop,
            frame={"region": "jiangsu", "last_year": 2030},
            scenarios=({"baseline": "planed"},) * 9,
            social_discount_share_per_year=0.5,
            npv_last_year=1999,
        )
    fields = {v.field for v in caught.value.violations}
    assert {"scenarios", "social_discount_share_per_year", "npv_last_year"} <= fields
    assert any(f.startswith("scenarios[0]") for f in fields)


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -0.01])
def test_a_rate_that_is_none_is_refused(shop, rate):
    with pytest.raises(DomainError) as caught:
        ask(shop, frame={"region": "jiangsu"}, scenarios=SCENARIOS, social_discount_share_per_year=rate)
    assert [v.field for v in caught.value.violations] == ["social_discount_share_per_year"]


def test_years_outside_the_frame_are_told(shop):
    with pytest.raises(DomainError) as caught:
        ask(shop, frame={"region": "jiangsu", "last_year": 2030}, scenarios=SCENARIOS, years=(2025, 2040))
    assert [(v.field, v.given) for v in caught.value.violations] == [("years", "2040")]


def test_no_scenario_is_refused(client):
    with pytest.raises(InvalidInputError) as caught:
        client.costs.report(common_pb2.Frame(region="jiangsu"), ())
    assert [v.field for v in caught.value.violations] == ["scenarios"]


def test_the_client_and_http_give_the_same_report(client, http):
    heard = []
    frame = common_pb2.Frame(region="jiangsu", last_year=2030)
    scenarios = [common_pb2.Scenario(name="plan", baseline="planned")]
    report = client.costs.report(frame, scenarios, years=(2030,), tell=heard.append)
    assert heard and len(report.scenarios[0].total_cny) == len(report.years)
    body = json.dumps(
        {"frame": {"region": "jiangsu", "lastYear": 2030}, "scenarios": [{"name": "plan"}], "years": [2030]}
    ).encode()
    asked = urllib.request.Request(
        f"{http}/dafeng.cost.v1.CostService/ReportCost", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked) as reply:
        last = json.loads(reply.read().splitlines()[-1])
    assert last["result"]["digest"] == report.digest
