"""Early warning over the wire: an assessment with eight members, repeated bit for bit; all violations at once."""

import json
import urllib.request
from pathlib import Path

import pytest
from google.protobuf import json_format

from dafeng.areas.warning import request_of
from dafeng.client import InvalidInputError
from dafeng.warning.v1 import warning_pb2

TARGETS = ("JSP-11", "JSP-12", "JSP-16", "JSS-14", "JSP-05")


@pytest.fixture(scope="module")
def assessed(served):
    from dafeng.client import Client

    request = request_of("jiangsu", target_ids=TARGETS)
    request.member_count, request.without_peaks = 8, True
    heard = []
    with Client(served[0]) as client:
        return request, client.warnings.assess(request, heard.append), heard


def test_an_assessment_says_colour_chance_and_what_is_left(assessed):
    _, found, heard = assessed
    assert [p.done_count for p in heard] == list(range(1, 9)) and heard[-1].total_count == 8
    by_id = {t.target_id: t for t in found.targets}
    assert set(by_id) == set(TARGETS)
    # 90 GW of PV were seen where 35 were asked; 25.1 GW of wind where 28 were.
    assert by_id["JSP-11"].final and by_id["JSP-11"].office_colour.colour == "green"
    assert by_id["JSP-11"].posterior.share == 0.0
    assert by_id["JSP-12"].full_colour.colour == "red" and by_id["JSP-12"].posterior.share == 1.0
    assert by_id["JSP-12"].gap_ratio == pytest.approx((28 - 25.1) / 28)
    open_target = by_id["JSS-14"]
    assert not open_target.final and 0 <= open_target.prior.low_share <= open_target.prior.share
    assert open_target.remaining == pytest.approx(open_target.asked - open_target.seen)
    assert found.member_count == 8 and len(found.weather_years) == 8
    assert 4.0 - 1e-6 <= found.effective_member_count <= 8.0
    assert {s.metric_id for s in found.series} == {
        "account.electricity_consumption_mwh",
        "account.peak_load_mw",
    }
    assert all(i.used == (i.axis == "parameter") for i in found.inputs)
    assert all(i.provenance.source for i in found.inputs)


def test_bands_are_ordered_and_hold_the_median(assessed):
    _, found, _ = assessed
    assert {b.quantity for b in found.bands} >= {
        "account.territorial_tco2:highest",
        "account.peak_load_mw:highest",
    }
    for band in found.bands:
        assert band.prior_p10 <= band.prior_p50 <= band.prior_p90
        assert band.posterior_p10 <= band.posterior_p50 <= band.posterior_p90
    assert sum(p.prior_share for p in found.carbon_peak_years) == pytest.approx(1.0)


def test_the_same_request_has_the_same_answer(assessed, client):
    request, found, _ = assessed
    assert client.warnings.assess(request) == found


def test_an_office_may_send_its_own_rules(client):
    request = request_of("jiangsu", target_ids=("JSP-12",))
    request.member_count, request.without_peaks = 1, True
    request.own_rule_set.rule_set_id = "own"
    for severity, number, colour, above in ((4, "9", "black", 0.05), (1, "0", "white", None)):
        rule = request.own_rule_set.rules.add(severity=severity, number=number, colour=colour)
        if above is not None:
            rule.conditions.add(
                quantity="WARNING_QUANTITY_GAP_RATIO", comparison="WARNING_COMPARISON_ABOVE", threshold=above
            )
    (found,) = client.warnings.assess(request).targets
    assert (found.office_colour.colour, found.office_colour.number) == ("black", "9")


def test_rule_sets_are_listed(client):
    held = client.warnings.rule_sets("jiangsu")
    assert [s.rule_set_id for s in held] == [
        "default",
        "ndrc_dual_control_2021",
        "ndrc_barometer_2011",
        "city_2010",
    ]


def test_everything_wrong_is_told_at_once(client):
    request = warning_pb2.AssessWarningRequest(
        frame={"region": "jiangxu"}, scenario={"baseline": "plan"}, member_count=-3, seed=-1,
        weather_years=["mild"], issued_year=1999,
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as error:
        client.warnings.assess(request)
    fields = {v.field for v in error.value.violations}
    assert {"frame.region", "scenario.baseline", "member_count", "seed", "weather_years[0]"} <= fields
    assert any("jiangsu" in v.description for v in error.value.violations)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule_set_id": "nothing"}, "rule_set_id"),
        ({"target_ids": ["JSP-99"]}, "target_ids[0]"),
        ({"policy_inputs": ["gdp_growth"]}, "policy_inputs[0]"),
        ({"member_count": 5000}, "member_count"),
        ({"own_rule_set": {"rule_set_id": "x"}}, "own_rule_set.rules"),
        ({"rule_set_id": "default", "own_rule_set": {"rule_set_id": "x", "rules": [{"colour": "red"}]}}, ""),
        (
            {"own_rule_set": {"rule_set_id": "x", "rules": [{"colour": "red", "conditions": [
                {"quantity": 1, "comparison": 1, "threshold": float("nan")}]}]}},
            "own_rule_set.rules[0].conditions[0].threshold",
        ),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(client, change, field):
    request = warning_pb2.AssessWarningRequest(frame={"region": "jiangsu"}, **change)
    with pytest.raises(InvalidInputError) as error:
        client.warnings.assess(request)
    assert field in {v.field for v in error.value.violations}


def test_a_back_test_refuses_years_without_an_outcome(client):
    request = warning_pb2.BacktestRequest(frame={"region": "jiangsu"}, as_of_years=[2025], issued_year=2023)
    with pytest.raises(InvalidInputError) as error:
        client.warnings.backtest(request)
    assert {v.field for v in error.value.violations} == {"as_of_years[0]"}


def test_what_is_not_there_is_told_with_what_is_out_of_range(client):
    request = request_of("jiangsu", target_ids=["JSP-06", "JSP-O6"])
    request.rule_set_id, request.member_count, request.issued_year = "ndrc", -1, 2024
    request.frame.as_of_year = 2022
    request.assessed_year = 1999
    request.policy_inputs.append("nobody")
    with pytest.raises(InvalidInputError) as refused:
        client.warnings.assess(request)
    fields = {v.field for v in refused.value.violations}
    assert fields >= {"rule_set_id", "member_count", "issued_year", "policy_inputs[0]", "target_ids[1]"}


def test_a_back_test_counts_every_case_once(client):
    request = warning_pb2.BacktestRequest(
        frame={"region": "jiangsu"}, as_of_years=[2023, 2024], issued_year=2021
    )
    request.member_count = 4
    found = client.warnings.backtest(request)
    everything = {s.way: s for s in found.scores if s.as_of_year == 0}
    assert set(everything) == {"office", "full", "probability"}
    for one in everything.values():
        counted = one.hit_count + one.miss_count + one.false_alarm_count + one.correct_negative_count
        assert counted == one.case_count and one.case_count + one.no_answer_count == len(found.cases)
    assert sum(b.case_count for b in found.reliability) == len(found.cases)
    assert all(c.target_year > c.as_of_year for c in found.cases)
    assert all(0 <= c.posterior_share <= 1 for c in found.cases)
    assert {c.as_of_year for c in found.cases} == {2023, 2024}


def test_over_http_progress_comes_before_the_result(http):
    request = request_of("jiangsu", target_ids=("JSP-12",))
    request.member_count, request.without_peaks = 2, True
    body = json.dumps(json_format.MessageToDict(request)).encode()
    asked = urllib.request.Request(
        f"{http}/dafeng.warning.v1.WarningService/AssessWarning", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=120) as reply:
        lines = [json.loads(line) for line in reply.read().decode().splitlines() if line.strip()]
    assert ["result" in line for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1]["result"]["targets"][0]["target_id"] == "JSP-12"


def test_the_example_of_own_rules_is_read_and_answers(client):
    text = (Path(__file__).parents[3] / "docs/examples/warning-rules.json").read_text("utf-8")
    request = request_of("jiangsu", target_ids=("JSP-11", "JSP-12"))
    request.member_count, request.without_peaks = 1, True
    json_format.Parse(text, request.own_rule_set)
    found = client.warnings.assess(request)
    assert found.rule_set.rule_set_id == "own_city_rule"
    assert [(t.full_colour.colour, t.full_colour.number) for t in found.targets] == [
        ("green", "0"),
        ("red", "3"),
    ]
