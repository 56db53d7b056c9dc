"""Intensity of commercial transport, its causes, and what every target of transport is judged by."""

import math
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.targets.data import read_targets
from services.common.outcome import Outcome
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.units import GJ_PER_MTCE, GJ_PER_TCE
from services.transport.calibration import calibration_factors
from services.transport.indicators.commercial import COACH, RAIL, SHIP, TRUCK, scope
from services.transport.indicators.decomposition import effects_since_start, log_mean
from services.transport.indicators.intensity import on_track
from services.transport.indicators.project import Projection
from services.transport.model import MODEL
from services.transport.project import project_transport
from services.transport.statistic_checks import statistic_checks

FRAME = Frame(region="jiangsu")
REGION = load_region("jiangsu")
BASELINES = ("frozen", "planned", "reference", "accelerated")
CI = "co2_per_converted_turnover"


@lru_cache(maxsize=8)
def outcome(baseline: str) -> Outcome:
    return MODEL.project(FRAME, Scenario(baseline=baseline), ())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {b: outcome(b) for b in BASELINES}


@pytest.fixture(scope="module")
def planned() -> Projection:
    return project_transport(FRAME, Scenario(baseline="planned"))


def values(o: Outcome) -> dict[str, np.ndarray]:
    return {i.metric_id.partition(".")[2]: i.region_values for i in o.indicators}


def test_converted_turnover_by_hand(planned: Projection) -> None:
    groups, freight = planned.commercial, planned.activity.freight
    # 40,000 coaches x 52,000 km x 20 persons, ten passenger-km a tonne-km
    assert groups.converted_tkm[COACH, :, 0].sum() == pytest.approx(40_000 * 52_000 * 20 / 10, rel=1e-9)
    assert groups.converted_tkm[RAIL, :, 0].sum() == pytest.approx(335e8 + 550e8, rel=1e-9)
    assert groups.converted_tkm[SHIP, :, 0].sum() == pytest.approx(7035e8, rel=1e-9)
    by_hand = 3525e8 + 7035e8 + 40_000 * 52_000 * 20 / 10
    total = values(outcome("planned"))["converted_turnover_tkm"]
    assert total[0] == pytest.approx(by_hand, rel=1e-9)
    np.testing.assert_array_equal(groups.converted_tkm[TRUCK], freight.road_tkm)


def test_rail_and_air_are_outside_the_scope_and_roads_and_waterways_inside() -> None:
    flags, pkm_per_tkm = scope("jiangsu", 0)
    assert flags.tolist() == [1, 1, 1, 0, 0]
    assert pkm_per_tkm[COACH] == 10
    assert pkm_per_tkm[RAIL] == 1


def test_intensity_is_the_weighted_mean_of_its_groups(planned: Projection) -> None:
    found = values(outcome("planned"))
    groups = planned.commercial
    tkm, t = groups.converted_tkm[:3].sum(axis=1), groups.direct_tco2[:3].sum(axis=1)
    share = tkm / tkm.sum(axis=0)
    np.testing.assert_allclose(found[f"{CI}_gco2_per_tkm"], (share * t / tkm * 1e6).sum(axis=0), rtol=1e-12)
    own = found["truck_co2_intensity_gco2_per_tkm"]
    assert own[0] == pytest.approx(t[TRUCK, 0] / 3525e8 * 1e6, rel=1e-12)


@pytest.mark.parametrize("baseline", BASELINES)
def test_effects_sum_to_the_change_of_the_intensity(baseline: str, outcomes: dict[str, Outcome]) -> None:
    found = values(outcomes[baseline])
    effects = sum(found[f"{CI}_{e}_effect_gco2_per_tkm"] for e in ("structure", "efficiency", "fuel"))
    change = found[f"{CI}_gco2_per_tkm"] - found[f"{CI}_gco2_per_tkm"][0]
    np.testing.assert_allclose(effects, change, rtol=0, atol=1e-9)


positive = st.floats(1e-3, 1e6)
series = st.lists(st.tuples(*[positive] * 6), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(series, st.booleans())
def test_effects_sum_for_any_groups_also_when_one_stops_emitting(
    years: list[tuple[float, ...]], stops: bool
) -> None:
    data = np.array(years).T
    turnover, energy, emission = data[:2], data[2:4], data[4:6].copy()
    if stops:
        emission[0, 1:] = 0.0
    effects = effects_since_start(turnover, energy, emission)
    intensity = emission.sum(axis=0) / turnover.sum(axis=0)
    np.testing.assert_allclose(
        effects.sum(axis=0), intensity - intensity[0], rtol=0, atol=1e-9 * max(1.0, intensity.max())
    )


def test_a_change_of_one_cause_alone_is_that_cause_alone() -> None:
    turnover = np.array([[1.0, 1.0], [1.0, 1.0]])
    energy = np.array([[2.0, 1.0], [3.0, 3.0]])
    effects = effects_since_start(turnover, energy, energy * 0.07)
    np.testing.assert_allclose(effects[[0, 2]], 0.0, atol=1e-15)
    assert effects[1, 1] == pytest.approx(-0.07 / 2)


def test_log_mean_lies_between_its_arguments_and_meets_them() -> None:
    assert log_mean(np.array([2.0]), np.array([2.0]))[0] == 2.0
    assert log_mean(np.array([4.0]), np.array([1.0]))[0] == pytest.approx(3 / math.log(4))
    assert log_mean(np.array([1.0 + 1e-12]), np.array([1.0]))[0] == pytest.approx(1.0)


def test_the_interim_path_falls_to_nine_and_a_half_per_cent() -> None:
    path = on_track(0.095, 10, (2020, 2025, 2030))
    np.testing.assert_allclose(path, [1.0, math.sqrt(0.905), 0.905], rtol=1e-14)
    found = values(outcome("planned"))
    ratio = found[f"{CI}_gco2_per_tkm"] / found[f"{CI}_on_track_gco2_per_tkm"]
    np.testing.assert_allclose(found[f"{CI}_on_track_ratio"], ratio, rtol=1e-12)


def test_units_of_chinese_statistics_by_hand(planned: Projection) -> None:
    found = values(outcome("planned"))
    groups = planned.commercial
    kgce = groups.energy_gj[TRUCK, :, 0].sum() / GJ_PER_TCE * 1e3
    assert found["truck_kgce_per_100tkm"][0] == pytest.approx(kgce / (3525e8 / 100), rel=1e-9)
    tce = groups.energy_gj[RAIL, :, 0].sum() / GJ_PER_TCE
    assert found["rail_tce_per_million_tkm"][0] == pytest.approx(tce / (885e8 / 1e6), rel=1e-9)


def test_more_rail_and_water_lower_the_intensity_by_structure() -> None:
    low, high = (
        values(
            MODEL.project(
                FRAME,
                Scenario(
                    baseline="frozen",
                    settings=(
                        LeverSetting(lever_id="transport.freight_water_growth", years=(2026,), values=(v,)),
                    ),
                ),
                (),
            )
        )
        for v in (0.2, 0.6)
    )
    assert (
        high[f"{CI}_structure_effect_gco2_per_tkm"][10:] < low[f"{CI}_structure_effect_gco2_per_tkm"][10:]
    ).all()
    assert (high[f"{CI}_gco2_per_tkm"][10:] < low[f"{CI}_gco2_per_tkm"][10:]).all()


def test_truck_energy_by_two_ways_is_in_its_band() -> None:
    assert 0.8 < values(outcome("planned"))["truck_energy_two_ways_ratio"][0] < 1.8


def test_land_oil_peaks_in_the_year_of_its_highest_value(outcomes: dict[str, Outcome]) -> None:
    for o in outcomes.values():
        found = values(o)
        oil = found["land_oil_t"]
        assert found["land_oil_peak_year"][0] == 2020 + int(oil.argmax())
        assert found["land_oil_plateau_years"][0] == (oil >= 0.99 * oil.max()).sum() >= 1
    # 14.6 and 9.13 Mtce less ships and ports: gasoline 1.4714, diesel 1.4571 kgce/kg
    start = values(outcomes["planned"])["land_oil_t"][0]
    assert start < (14.6 / 1.4714 + 9.13 / 1.4571) * 1e6
    assert start > 0.9 * (14.6 / 1.4714 + 9.13 / 1.4571) * 1e6


def test_clean_sales_are_new_energy_and_gas(outcomes: dict[str, Outcome]) -> None:
    for o in outcomes.values():
        found = values(o)
        assert (found["clean_sales_share"] >= found["nev_sales_share"] - 1e-12).all()
        assert found["clean_sales_share"].max() <= 1 + 1e-12


@pytest.mark.parametrize("target", [t.id for t in read_targets("jiangsu").targets if t.sector == "transport"])
def test_every_target_of_transport_has_a_metric_that_is_finite_in_every_year(
    target: str, outcomes: dict[str, Outcome]
) -> None:
    row = next(t for t in read_targets("jiangsu").targets if t.id == target)
    refs = {ref: m.metric_id for m in MODEL.metrics for ref in m.policy_refs}
    assert row.reading is not None
    assert target in refs
    for o in outcomes.values():
        by_id = {i.metric_id: i for i in o.indicators}
        for reading in (row.reading, *row.other_readings):
            indicator = by_id[reading.metric_id]
            assert np.isfinite(indicator.region_values).all()
            assert indicator.place_values.shape == (13, 41)
            assert np.isfinite(indicator.place_values).all()


def test_the_register_asks_what_the_documents_print() -> None:
    asked = {
        "JSP-29": ("level", "more_than", 95, 2025, None, 0.0),
        "JSP-30": ("growth_per_year", "at_least", 10, 2025, 2020, 0.0),
        "JSP-31": ("rise_from_base", "at_least", 100, 2025, 2020, 0.0),
        "JSP-32": ("level", "at_least", 20, 2025, 2020, 0.0),
        "JSP-33": ("fall_from_base", "about", 9.5, 2030, 2020, 0.19),
        "JSP-34": ("level_each_city", "at_least", 70, 2025, None, 0.0),
        "JSS-05": ("level_each_city", "at_least", 70, 2025, None, 0.0),
        "JSS-09": ("rise_from_base", "about", 30, 2025, 2020, 0.6),
        "JSS-10": ("rise_from_base", "about", 13, 2025, 2020, 0.5),
        "JSS-11": ("fall_from_base", "at_least", 3, 2025, 2020, 0.0),
        "JSS-12": ("fall_from_base", "at_least", 3, 2025, 2020, 0.0),
        "JSS-13": ("near_zero", "about", 0, 2025, None, 1.0),
        "JSS-14": ("level", "about", 50, 2030, 2020, 1.0),
        "JSS-15": ("level", "at_least", 90, 2025, None, 0.0),
        "JSS-16": ("level", "at_least", 75, 2025, None, 0.0),
        "NTP-10": ("level", "more_than", 95, 2025, None, 0.0),
        "NTP-11": ("growth_per_year", "at_least", 10, 2025, 2020, 0.0),
        "NTP-12": ("rise_from_base", "at_least", 100, 2025, 2020, 0.0),
        "NTP-13": ("fall_from_base", "about", 9.5, 2030, 2020, 0.19),
        "NTP-14": ("level", "at_least", 70, 2025, None, 0.0),
    }
    found = {
        t.id: (t.form.value, t.compare, t.number, t.year, t.start_year, t.tolerance)
        for t in read_targets("jiangsu").targets
        if t.sector == "transport"
    }
    assert found == asked


def test_the_base_year_stands_beside_its_statistics() -> None:
    checks = statistic_checks(REGION, values(outcome("planned")))
    assert [c.check for c in checks] == list(REGION.table("transport/statistic_checks").text("check"))
    assert {c.check: round(c.difference_share, 3) for c in checks if not c.holds} == {}


def test_energy_by_carrier_is_that_of_the_balance() -> None:
    found = values(outcome("planned"))
    balance = {
        "gasoline": 14.6,
        "diesel": 9.13,
        "kerosene": 1.25,
        "fuel_oil": 1.25,
        "lpg": 0.03,
        "natural_gas": 2.4,
    }
    for carrier, mtce in balance.items():
        assert found[f"{carrier}_gj"][0] / GJ_PER_MTCE == pytest.approx(mtce, rel=1e-9)


def test_calibration_factors_keep_clear_of_their_bounds() -> None:
    bounds = REGION.table("transport/calibration").by("factor")
    for name, value in calibration_factors("jiangsu").items():
        assert bounds[name]["low"] < value < bounds[name]["high"]
        assert bounds[name]["low"] >= 0.6
        assert bounds[name]["high"] <= 1.3
