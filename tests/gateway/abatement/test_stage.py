"""The curve with the real services: sums, orders, bad input."""

import math

import pytest

from gateway.abatement.results import OutsideCurve
from gateway.abatement.stage import abatement_curve
from services.common.errors import DomainError
from tests.gateway.compare.test_attribute import last_of

FRAME = {"region": "jiangsu", "last_year": 2031}


def measure(name, *settings):
    made = tuple({"lever_id": k, "years": (2026, 2030), "values": (v, v)} for k, v in settings)
    return {"measure_id": name, "label": {"zh": name, "en": name}, "settings": made}


MEASURES = (
    measure("wind", ("power.onshore_wind_capacity", 16.0), ("power.offshore_wind_capacity", 30.0)),
    measure("cars", ("transport.nev_sales_share_private_car", 0.95)),
    measure("steel", ("industry.steel_short_process_share", 0.3)),
)


def request(**more):
    return {"frame": FRAME, "scenario": {"baseline": "frozen"}, "measures": MEASURES, "year": 2030} | more


def violations(shop, raw):
    with pytest.raises(DomainError) as caught:
        last_of(shop, abatement_curve, raw)
    return {v.field for v in caught.value.violations}


def test_widths_and_costs_sum_to_the_package_in_every_order(shop):
    progress, found = last_of(shop, abatement_curve, request())
    assert found.exact and found.run_count == 8 and progress[-1].done_count == 8
    for name in ("abatement_tco2", "incremental_abatement_tco2"):
        total = math.fsum(getattr(m, name) for m in found.measures)
        assert total == pytest.approx(found.abatement_tco2, abs=1e-9 * found.base_tco2)
    for name in ("cost_cny", "incremental_cost_cny"):
        total = math.fsum(getattr(m, name) for m in found.measures)
        assert total == pytest.approx(found.cost_cny, abs=1e-9 * found.base_cost_cny)
    assert found.abatement_tco2 > 0
    assert sorted(m.incremental_rank for m in found.measures) == [1, 2, 3]
    inside = [m for m in found.measures if m.outside is OutsideCurve.UNSPECIFIED]
    at = 0.0
    for m in sorted(inside, key=lambda m: m.rank):
        assert m.start_tco2 == pytest.approx(at)
        assert m.cny_per_tco2 == pytest.approx(m.cost_cny / m.abatement_tco2)
        at += m.abatement_tco2


def test_the_order_in_which_measures_are_listed_changes_nothing(shop):
    forth = last_of(shop, abatement_curve, request())[1]
    back = last_of(shop, abatement_curve, request(measures=MEASURES[::-1]))[1]
    other = {m.measure_id: m for m in back.measures}
    for m in forth.measures:
        assert other[m.measure_id].abatement_tco2 == pytest.approx(m.abatement_tco2, rel=1e-9, abs=1e-3)
        assert (other[m.measure_id].rank, other[m.measure_id].incremental_rank) == (
            m.rank,
            m.incremental_rank,
        )


def test_a_span_sums_its_years_and_names_its_rate(shop):
    found = last_of(
        shop, abatement_curve, request(year=0, first_year=2026, step_years=5, measures=MEASURES[1:])
    )[1]
    assert found.years == (2026, 2031) and (found.first_year, found.last_year) == (2026, 2031)
    assert found.discount_share_per_year == 0.05 and found.present_value_year == 2025
    assert found.base_tco2 > 6 * 5e8


def test_a_span_that_ends_before_the_usual_first_year_is_its_last_year(shop):
    _, found = last_of(shop, abatement_curve, request(year=0, last_year=2024))
    assert (found.first_year, found.last_year, found.years) == (2024, 2024, (2024,))
    assert found.base_tco2 > 0


def test_everything_wrong_is_told_at_once(shop):
    wrong = (
        measure("all", ("power.onshore_wind_capacity", 1e9)),
        measure("cars", ("power.onshore_wind_capacity", 16.0), ("transport.nev_sales_shar", 0.5)),
        {"measure_id": "cars", "settings": ()},
    )
    found = violations(
        shop, request(measures=wrong, year=2040, first_year=2030, last_year=2028, co2_metric_id="account.co2",
                      discount_share_per_year=-1.0)
    )  # fmt: skip
    assert {
        "measures[0].measure_id",
        "measures[0].settings[0].values[0]",
        "measures[1].settings[0]",
        "measures[1].settings[1].lever_id",
        "measures[2].measure_id",
        "measures[2].settings",
        "year",
        "last_year",
        "co2_metric_id",
        "discount_share_per_year",
    } <= found
    assert "measures" in violations(shop, request(measures=()))
