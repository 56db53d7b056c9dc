"""The sector as callers see it: base year against statistics, levers that act, determinism, bad input."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.calibration import calibration_factors
from services.buildings.model import MODEL
from services.buildings.stock_view import project_stock
from services.common.arrays import FloatArray
from services.common.errors import DomainError
from services.common.outcome import Outcome
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario

FRAME = Frame(region="jiangsu")
PJ_PER_MTCE = 29.3076


def lever(name: str, value: float, year: int = 2030, place: str = "") -> LeverSetting:
    return LeverSetting(lever_id=f"buildings.{name}", place=place, years=(year,), values=(value,))


def run(*settings: LeverSetting, frame: Frame = FRAME, baseline: str = "planned") -> Outcome:
    return MODEL.project(frame, Scenario.model_validate({"baseline": baseline, "settings": settings}), ())


def metric(outcome: Outcome, name: str) -> FloatArray:
    return next(i for i in outcome.indicators if i.metric_id == f"buildings.{name}").region_values


def at(outcome: Outcome, name: str, year: int) -> float:
    return float(metric(outcome, name)[outcome.years.index(year)])


PLANNED = run()


def fuel_pj(outcome: Outcome, carrier: str) -> float:
    return float(sum(f.energy_gj[:, 0].sum() for f in outcome.fuel_uses if f.carrier == carrier)) / 1e6


def test_electricity_of_2020_is_the_balance_without_data_centres() -> None:
    assert at(PLANNED, "public_electricity_mwh", 2020) == pytest.approx(77.8e6, rel=1e-9)
    assert at(PLANNED, "residential_electricity_mwh", 2020) == pytest.approx(79.8e6, rel=1e-9)
    assert at(PLANNED, "urban_residential_electricity_booked_mwh", 2020) == pytest.approx(41.0e6, rel=1e-9)
    used = sum(u.energy_mwh[:, 0].sum() for u in PLANNED.electricity_uses)
    assert used == pytest.approx(157.6e6, rel=1e-9)


@pytest.mark.parametrize(
    ("carrier", "mtce"), [("natural_gas", 6.8), ("lpg", 0.95), ("coal", 0.06), ("heat", 0.4)]
)
def test_fuels_of_2020_are_those_of_the_balance(carrier: str, mtce: float) -> None:
    assert fuel_pj(PLANNED, carrier) == pytest.approx(mtce * PJ_PER_MTCE, rel=1e-6)


def test_direct_co2_of_2020_is_13_mt() -> None:
    assert at(PLANNED, "energy_tco2", 2020) == pytest.approx(13.0e6, rel=0.01)


def test_floor_area_of_2020_is_that_of_the_statistics() -> None:
    region = load_region("jiangsu")
    for name, observed in (
        ("urban_residential_floor_area_m2", "floor_area_urban_residential"),
        ("rural_residential_floor_area_m2", "floor_area_rural_residential"),
        ("public_floor_area_m2", "floor_area_public"),
    ):
        assert at(PLANNED, name, 2020) == pytest.approx(region.observed(observed)[2020] * 1e8, rel=0.03)


def test_every_calibration_factor_is_published() -> None:
    published = {i.metric_id for i in PLANNED.indicators}
    factors = calibration_factors("jiangsu")
    assert {f"buildings.calibration_{name}_ratio" for name in factors} <= published
    assert len(published) == len(MODEL.metrics)


def test_cities_add_up_to_the_province() -> None:
    for name in ("floor_area_m2", "electricity_mwh", "energy_tco2", "district_heat_gj"):
        indicator = next(i for i in PLANNED.indicators if i.metric_id == f"buildings.{name}")
        np.testing.assert_allclose(indicator.place_values.sum(axis=0), indicator.region_values, rtol=1e-12)


def test_the_stock_closes_every_year() -> None:
    stock = project_stock(FRAME, Scenario())
    total = np.sum([s.floor_area_m2 for s in stock.segments], axis=0)
    change = stock.completed_m2[:, 1:] - stock.demolished_m2[:, 1:]
    np.testing.assert_allclose(np.diff(total, axis=1), change, rtol=1e-9, atol=1.0)
    assert all((s.floor_area_m2 >= 0).all() for s in stock.segments)


def test_heat_pumps_instead_of_fuel_raise_electricity_and_lower_direct_co2() -> None:
    more = run(lever("heat_pump_share_new", 1.0), lever("heat_pump_share_replacement", 1.0))
    for year in (2035, 2060):
        assert at(more, "energy_tco2", year) < at(PLANNED, "energy_tco2", year)
        assert at(more, "electricity_mwh", year) > at(PLANNED, "electricity_mwh", year)
    assert at(more, "space_heating_heat_pump_share", 2040) > at(
        PLANNED, "space_heating_heat_pump_share", 2040
    )
    assert at(more, "energy_tco2", 2025) == at(PLANNED, "energy_tco2", 2025)


def test_heat_pumps_are_part_of_the_electricity_of_heating() -> None:
    pumps, all_heating = (
        metric(PLANNED, f"space_heating_{name}electricity_mwh") for name in ("heat_pump_", "")
    )
    assert (0.4 * all_heating < pumps).all() and (pumps < all_heating).all()
    share = pumps / all_heating
    assert share[-1] > share[0]


LOWER = [
    ("electric_cooking_share", 1.0, "energy_tco2"),
    ("electric_hot_water_share", 0.75, "energy_tco2"),
    ("all_electric_share_new_public", 1.0, "energy_tco2"),
    ("ac_efficiency_growth", 0.04, "cooling_electricity_mwh"),
    ("appliance_efficiency_growth", 0.03, "electricity_mwh"),
    ("cooling_setpoint_public", 28.0, "cooling_electricity_mwh"),
    ("heating_setpoint_public", 17.0, "useful_heat_kwh_per_m2"),
    ("ultra_low_energy_share_new", 1.0, "useful_heat_kwh_per_m2"),
    ("retrofit_area_residential", 60.0, "useful_heat_kwh_per_m2"),
    ("retrofit_area_public", 40.0, "useful_heat_kwh_per_m2"),
    ("usage_mode_shift", 0.0, "useful_heat_kwh_per_m2"),
    ("mean_lifetime_new_urban", 90.0, "demolished_floor_area_m2"),
    ("demolition_ratio", 0.5, "demolished_floor_area_m2"),
    ("near_zero_energy_share_new", 0.4, "useful_heat_kwh_per_m2"),
    ("retrofit_deep_share", 0.6, "useful_heat_kwh_per_m2"),
    ("urban_residential_floor_per_person", 38.0, "electricity_mwh"),
    ("rural_residential_floor_per_person", 45.0, "electricity_mwh"),
    ("district_heat_heat_pump_share", 0.6, "district_heat_gj"),
    ("solar_thermal_hot_water_share", 0.4, "electricity_mwh"),
    ("ground_source_share_new", 0.5, "space_heating_electricity_mwh"),
    ("residential_cooling_setpoint_shift", 1.5, "cooling_electricity_mwh"),
    ("residential_heating_setpoint_shift", -1.0, "useful_heat_kwh_per_m2"),
]
HIGHER = [
    ("rural_solid_fuel_share", 0.3, "rural_biomass_gj"),
    ("distributed_pv_capacity", 200.0, "rooftop_pv_generation_mwh"),
    ("rooftop_pv_coverage_new_factory", 0.6, "rooftop_pv_new_roof_mw"),
    ("rooftop_pv_coverage_new_public", 0.55, "rooftop_pv_new_roof_mw"),
    ("rooftop_pv_coverage_new_residential", 0.25, "rooftop_pv_new_roof_mw"),
    ("pv_module_power_density", 260.0, "rooftop_pv_new_roof_mw"),
    ("two_star_share_new_government_public", 0.0, "public_electricity_mwh"),
    ("green_building_share_new", 0.0, "public_electricity_mwh"),
    ("high_quality_green_building_area", 20.0, "high_quality_green_building_area_m2"),
    ("prefabricated_share_new_starts", 1.0, "prefabricated_new_starts_share"),
    ("as_built_compliance", 1.0, "saving_75_stock_share"),
    ("heat_pump_share_new", 1.0, "space_heating_heat_pump_share"),
    ("heat_pump_share_replacement", 1.0, "space_heating_heat_pump_share"),
    ("district_heat_share_urban", 0.2, "district_heat_gj"),
    ("flexible_building_share_new", 1.0, "flexible_building_floor_area_m2"),
]


# Shares of one whole: together at most 1.
SHARED = {
    f"buildings.{name}"
    for name in (
        "electric_hot_water_share",
        "solar_thermal_hot_water_share",
        "retrofit_medium_share",
        "retrofit_deep_share",
        "ultra_low_energy_share_new",
        "near_zero_energy_share_new",
    )
}


def test_every_lever_has_a_test_that_it_acts() -> None:
    tested = {f"buildings.{name}" for name, _, _ in LOWER + HIGHER}
    others = {"buildings.retrofit_medium_share", "buildings.new_urban_residential_75_share"}
    assert {row.lever_id for row in MODEL.levers} == tested | others


@pytest.mark.parametrize(("name", "value", "result"), LOWER)
def test_a_lever_lowers_what_it_should(name: str, value: float, result: str) -> None:
    extra = [lever("electric_hot_water_share", 0.4)] if name.startswith("solar") else []
    before, after = run(*extra), run(lever(name, value), *extra)
    assert at(after, result, 2045) < at(before, result, 2045)
    assert at(after, result, 2020) == at(before, result, 2020)


@pytest.mark.parametrize(("name", "value", "result"), HIGHER)
def test_a_lever_raises_what_it_should(name: str, value: float, result: str) -> None:
    after = run(lever(name, value))
    assert at(after, result, 2035) > at(PLANNED, result, 2035)
    assert at(after, result, 2020) == at(PLANNED, result, 2020)


def test_medium_retrofit_and_the_75_standard_improve_the_stock() -> None:
    medium = run(lever("retrofit_medium_share", 0.6))
    assert at(medium, "useful_heat_kwh_per_m2", 2045) < at(PLANNED, "useful_heat_kwh_per_m2", 2045)
    lower = run(lever("new_urban_residential_75_share", 0.2))
    assert at(lower, "saving_75_stock_share", 2045) < at(PLANNED, "saving_75_stock_share", 2045)
    assert at(lower, "new_urban_residential_75_share", 2035) < 0.5


def test_a_city_alone_moves_only_that_city() -> None:
    city = run(lever("electric_cooking_share", 1.0, place="suzhou"))
    changed = [
        not np.array_equal(a.place_values, b.place_values)
        and int((a.place_values != b.place_values).any(axis=1).sum())
        for a, b in zip(city.indicators, PLANNED.indicators, strict=True)
        if a.metric_id == "buildings.energy_tco2"
    ]
    assert changed == [1]


def test_a_hot_year_needs_more_cooling_and_a_cold_year_more_heat() -> None:
    hot = run(frame=Frame(region="jiangsu", weather_year="hot"))
    cold = run(frame=Frame(region="jiangsu", weather_year="cold"))
    assert at(hot, "cooling_electricity_mwh", 2020) > at(PLANNED, "cooling_electricity_mwh", 2020)
    assert at(cold, "useful_heat_kwh_per_m2", 2020) > at(PLANNED, "useful_heat_kwh_per_m2", 2020)


def test_a_hindcast_does_not_know_the_electricity_of_2021() -> None:
    blind = run(frame=Frame(region="jiangsu", as_of_year=2020))
    assert at(blind, "electricity_mwh", 2020) == at(PLANNED, "electricity_mwh", 2020)
    growth = at(blind, "electricity_mwh", 2021) / at(blind, "electricity_mwh", 2020)
    assert 1.03 < growth < at(PLANNED, "electricity_mwh", 2021) / at(PLANNED, "electricity_mwh", 2020)


def test_kitchens_without_gas_burn_none_however_the_other_fuels_stand() -> None:
    for solid in (0.1, 0.3, 0.5):
        kitchens = run(lever("electric_cooking_share", 1.0), lever("rural_solid_fuel_share", solid))
        gas = [
            f.energy_gj[:, -1] for f in kitchens.fuel_uses if (f.use, f.carrier) == ("cooking", "natural_gas")
        ]
        np.testing.assert_allclose(gas[0], 0.0, atol=1e-3)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_setting_inside_the_bounds_gives_a_sound_answer(data: st.DataObject) -> None:
    chosen = []
    for row in data.draw(st.lists(st.sampled_from(MODEL.levers), unique_by=lambda r: r.lever_id, max_size=8)):
        bounds = row.in_region("jiangsu")
        top = 0.5 if bounds.lever_id in SHARED else bounds.high
        value = data.draw(st.sampled_from((bounds.low, top)) | st.floats(bounds.low, top))
        chosen.append(LeverSetting(lever_id=bounds.lever_id, years=(2030,), values=(value,)))
    scenario = Scenario(baseline="frozen", settings=tuple(chosen))
    outcome = MODEL.project(FRAME, scenario, ())  # refuses what is negative or not finite
    for indicator in outcome.indicators:
        if indicator.metric_id.endswith("_share"):
            assert (indicator.region_values <= 1 + 1e-9).all(), indicator.metric_id
    assert all((s.floor_area_m2 >= 0).all() for s in project_stock(FRAME, scenario).segments)


def test_rooftop_pv_is_the_lever_and_the_cities_share_it() -> None:
    roofs = PLANNED.on_site_generations[0]
    assert roofs.capacity_mw[:, 5].sum() == pytest.approx(62e3)
    assert (roofs.capacity_mw > 0).all()
    hours = roofs.energy_mwh[:, 30].sum() / roofs.capacity_mw[:, 30].sum()
    assert 850 < hours < 1030


def test_same_bits_alone_in_threads_and_for_a_later_first_year() -> None:
    names = ("frozen", "planned", "reference", "accelerated") * 3
    with ThreadPoolExecutor(4) as pool:
        digests = list(pool.map(lambda b: run(baseline=b).digest, names))
    assert digests == [run(baseline=b).digest for b in names]
    late = run(frame=Frame(region="jiangsu", first_year=2035, last_year=2040))
    np.testing.assert_array_equal(metric(late, "energy_tco2"), metric(PLANNED, "energy_tco2")[15:21])


def test_bad_input_lists_everything_wrong_at_once() -> None:
    with pytest.raises(DomainError) as caught:
        run(lever("heat_pump_share_new", 2.0), lever("heat_pump_share_nwe", 0.5))
    assert len(caught.value.violations) == 2


def test_shares_of_one_whole_must_not_exceed_it() -> None:
    with pytest.raises(DomainError) as caught:
        run(
            lever("retrofit_medium_share", 0.8),
            lever("retrofit_deep_share", 0.8),
            lever("electric_hot_water_share", 0.9),
            lever("solar_thermal_hot_water_share", 0.4),
        )
    assert len(caught.value.violations) == 2
