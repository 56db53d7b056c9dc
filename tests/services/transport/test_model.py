"""The transport sector through its door."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from services.common.arrays import FloatArray
from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.levers import LeverRow
from services.common.outcome import Outcome
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.units import GJ_PER_MTCE
from services.common.words import LeverKind
from services.transport.calibration import calibration_factors
from services.transport.levers import LEVERS
from services.transport.model import MODEL
from services.transport.region_fleet import project_region_fleet

FRAME = Frame(region="jiangsu")
REGION = load_region("jiangsu")
CITIES = REGION.city_ids
YEAR_2030, YEAR_2040 = 10, 20


def setting(lever: str, value: float, *, year: int = 2026, place: str = "") -> LeverSetting:
    owned = lever if "." in lever else f"transport.{lever}"
    return LeverSetting(lever_id=owned, place=place, years=(year,), values=(value,))


def constant(lever: str, value: float) -> LeverSetting:
    return LeverSetting(lever_id=f"transport.{lever}", values=(value,))


def project(*settings: LeverSetting, baseline: str = "frozen", frame: Frame = FRAME) -> Outcome:
    scenario = Scenario(baseline=baseline, settings=settings)  # type: ignore[arg-type]
    return MODEL.project(frame, scenario, ())


def metric(outcome: Outcome, name: str) -> FloatArray:
    return next(i.region_values for i in outcome.indicators if i.metric_id == f"transport.{name}")


def city_metric(outcome: Outcome, name: str) -> FloatArray:
    return next(i.place_values for i in outcome.indicators if i.metric_id == f"transport.{name}")


def carrier_gj(outcome: Outcome, carrier: str) -> FloatArray:
    parts = [f.energy_gj.sum(axis=0) for f in outcome.fuel_uses if f.carrier == carrier]
    return np.asarray(np.sum(parts, axis=0))


def direct_tco2(outcome: Outcome) -> FloatArray:
    return np.asarray(np.sum([f.energy_tco2.sum(axis=0) for f in outcome.fuel_uses], axis=0))


def electricity_mwh(outcome: Outcome) -> FloatArray:
    return np.asarray(np.sum([u.energy_mwh.sum(axis=0) for u in outcome.electricity_uses], axis=0))


@pytest.fixture(scope="module")
def planned() -> Outcome:
    return project(baseline="planned")


@pytest.mark.parametrize(
    ("carrier", "mtce"),
    [
        ("gasoline", 14.6),
        ("diesel", 9.13),
        ("kerosene", 1.25),
        ("fuel_oil", 1.25),
        ("lpg", 0.03),
        ("natural_gas", 2.4),
    ],
)
def test_fuel_of_2020_closes_with_the_balance(planned: Outcome, carrier: str, mtce: float) -> None:
    assert carrier_gj(planned, carrier)[0] / GJ_PER_MTCE == pytest.approx(mtce, rel=1e-9)


def test_electricity_and_co2_of_2020_close_with_the_balance(planned: Outcome) -> None:
    assert electricity_mwh(planned)[0] == pytest.approx(9.3e6, rel=1e-9)
    assert direct_tco2(planned)[0] == pytest.approx(57.82e6, rel=0.01)


def test_vehicles_of_2020_are_those_of_the_statistics(planned: Outcome) -> None:
    for name, observed in (
        ("vehicle_stock_count", "vehicles_civil_total_nbs"),
        ("private_vehicle_stock_count", "vehicles_private"),
        ("nev_stock_count", "nev_stock"),
    ):
        statistic = REGION.observed(observed)[2020] * 1e4
        assert metric(planned, name)[0] == pytest.approx(statistic, rel=0.03)


def test_private_vehicles_of_2021_to_2023_are_met_within_three_per_cent(planned: Outcome) -> None:
    observed = REGION.observed("vehicles_private")
    for year in (2021, 2022, 2023):
        model = metric(planned, "private_vehicle_stock_count")[year - 2020]
        assert model == pytest.approx(observed[year] * 1e4, rel=0.03)


def test_calibration_factors_are_published_and_within_their_bounds(planned: Outcome) -> None:
    bounds = REGION.table("transport/calibration").by("factor")
    factors = calibration_factors("jiangsu")
    assert set(factors) == set(bounds)
    for name, value in factors.items():
        assert bounds[name]["low"] <= value <= bounds[name]["high"]
        assert (metric(planned, f"calibration_{name}_ratio") == value).all()


def test_every_baseline_starts_from_the_same_2020() -> None:
    totals = [direct_tco2(project(baseline=b))[0] for b in ("frozen", "planned", "reference", "accelerated")]
    assert totals == pytest.approx([totals[0]] * 4, rel=1e-12)
    assert direct_tco2(project(constant("vehicle_life_scale", 1.4)))[0] == pytest.approx(totals[0], rel=1e-9)


@pytest.mark.parametrize("baseline", ["frozen", "planned", "accelerated"])
def test_every_segment_of_the_fleet_is_conserved(baseline: str) -> None:
    fleet = project_region_fleet(FRAME, Scenario(baseline=baseline))  # type: ignore[arg-type]
    assert fleet.places == CITIES
    for s in fleet.segments:
        after = s.stock_count[:, :-1] + s.sales_count[:, 1:] - s.scrapped_count[:, 1:]
        np.testing.assert_allclose(s.stock_count[:, 1:], after, rtol=1e-9, atol=1e-6)
        assert s.stock_count.min() >= 0
        assert s.sales_count.min() >= 0
        assert s.scrapped_count.min() >= -1e-9 * s.stock_count.max()


def test_cities_add_up_to_the_province(planned: Outcome) -> None:
    for name in ("vehicle_stock_count", "energy_tco2", "electricity_mwh", "freight_water_tkm", "car_km"):
        np.testing.assert_allclose(city_metric(planned, name).sum(axis=0), metric(planned, name), rtol=1e-12)


def test_charging_by_shape_adds_up_to_the_charging_of_vehicles(planned: Outcome) -> None:
    charging = [u.energy_mwh.sum(axis=0) for u in planned.electricity_uses if ".charging_" in u.shape_id]
    np.testing.assert_allclose(np.sum(charging, axis=0), metric(planned, "charging_energy_mwh"), rtol=1e-12)
    known = {s.shape_id for s in MODEL.shapes(FRAME)}
    assert {u.shape_id for u in planned.electricity_uses} <= known


def test_electric_vehicles_in_place_of_engines_raise_electricity_and_lower_direct_co2() -> None:
    for name in ("private_car", "light_truck", "heavy_truck", "coach"):
        few = project(setting(f"nev_sales_share_{name}", 0.1))
        many = project(setting(f"nev_sales_share_{name}", 0.9))
        assert (electricity_mwh(many)[YEAR_2030:] > electricity_mwh(few)[YEAR_2030:]).all()
        assert (direct_tco2(many)[YEAR_2030:] < direct_tco2(few)[YEAR_2030:]).all()
        assert (metric(many, "nev_stock_count") >= metric(few, "nev_stock_count")).all()
        np.testing.assert_allclose(
            metric(many, "vehicle_stock_count"), metric(few, "vehicle_stock_count"), rtol=1e-9
        )


@pytest.mark.parametrize(
    ("lever", "low", "high"),
    [
        ("biofuel_blend_road", 0.0, 0.2),
        ("saf_share", 0.0, 0.3),
        ("ice_efficiency_improvement", 0.0, 0.02),
        ("freight_rail_growth", 0.1, 0.9),
        ("truck_load_factor", 1.0, 1.2),
        ("road_freight_cost_change", 0.0, 0.2),
        ("rail_tariff_change", 0.05, -0.05),
        ("terminal_time_reduction", 2.0, 40.0),
        ("port_rail_connection_share", 0.3, 1.0),
        ("parking_price", 3.0, 12.0),
        ("transit_fare_change", 0.3, -0.3),
        ("car_speed", 1.2, 0.8),
        ("bus_lane_length", 1800.0, 5000.0),
        ("telework_share", 0.03, 0.2),
        ("car_occupancy", 1.3, 1.8),
        ("shore_power_share", 0.3, 1.0),
        ("port_clean_energy_share", 0.55, 1.0),
        ("ship_battery_share", 0.0, 0.3),
        ("rail_electrified_share", 0.8, 1.0),
        ("old_vehicle_trade_in_rate", 0.0, 0.1),
        ("hsr_shift", 0.05, 0.5),
        ("metro_length", 1100.0, 2000.0),
        ("cycling_network", 1.1, 2.5),
    ],
)
def test_more_of_a_measure_means_less_direct_co2(lever: str, low: float, high: float) -> None:
    less, more = project(setting(lever, low)), project(setting(lever, high))
    assert direct_tco2(more)[YEAR_2030] < direct_tco2(less)[YEAR_2030]


@pytest.mark.parametrize("row", LEVERS, ids=lambda row: row.lever_id)
def test_every_lever_acts(row: LeverRow) -> None:
    # a lever on prices' effect and a lever on feeding back need prices and vehicles that make them felt
    stage = [setting("drivers.oil_product_price_multiplier", 1.3)]
    values = [row.low + share * (row.high - row.low) for share in (0.3, 0.6)]
    if row.kind is LeverKind.CONSTANT:
        changes = [LeverSetting(lever_id=row.lever_id, values=(v,)) for v in values]
    else:
        changes = [setting(row.lever_id, v) for v in values]
    one, other = (project(*stage, change, baseline="reference") for change in changes)
    assert one.digest != other.digest


def test_a_setting_in_one_city_changes_that_city_alone() -> None:
    base = project(baseline="planned")
    one = project(
        setting("nev_sales_share_private_car", 1.0, place="nantong"),
        setting("freight_rail_growth", 1.5, place="nantong"),
        baseline="planned",
    )
    change = city_metric(one, "energy_tco2") - city_metric(base, "energy_tco2")
    at = CITIES.index("nantong")
    assert (change[at, YEAR_2030:] < 0).all()
    assert not np.delete(change, at, axis=0).any()


def test_more_growth_brings_more_vehicles_freight_and_energy() -> None:
    slow = project(setting("drivers.gdp_growth", 0.01, year=2030))
    fast = project(setting("drivers.gdp_growth", 0.06, year=2030))
    for name in ("private_vehicle_stock_count", "freight_road_tkm", "final_energy_gj", "rail_pkm"):
        assert metric(fast, name)[YEAR_2040] > metric(slow, name)[YEAR_2040]


def test_early_retirement_of_trucks_moves_no_goods_and_saves_fuel_at_first() -> None:
    kept, retired = (project(setting("china3_diesel_retirement_rate", r, year=2021)) for r in (0.0, 0.5))
    for name in ("freight_road_tkm", "heavy_truck_stock_count"):
        np.testing.assert_allclose(metric(kept, name), metric(retired, name), rtol=1e-9)
    assert (
        metric(retired, "china3_diesel_truck_share")[5] < 0.02 < metric(kept, "china3_diesel_truck_share")[5]
    )
    # at first; later the trucks bought instead are older than those bought without the programme
    assert direct_tco2(retired)[1] < direct_tco2(kept)[1]


def test_rail_growth_takes_tonne_km_from_the_road() -> None:
    less, more = project(setting("freight_rail_growth", 0.1)), project(setting("freight_rail_growth", 1.0))
    road = metric(less, "freight_road_tkm")[YEAR_2030] - metric(more, "freight_road_tkm")[YEAR_2030]
    rail = metric(more, "freight_rail_tkm")[YEAR_2030] - metric(less, "freight_rail_tkm")[YEAR_2030]
    assert 0 < road < rail


def test_planned_lands_on_the_targets_of_freight_and_ports(planned: Outcome) -> None:
    rail, water = metric(planned, "freight_rail_tkm"), metric(planned, "freight_water_tkm")
    assert rail[5] / rail[0] == pytest.approx(1.30)
    assert water[5] / water[0] >= 1.13
    teu = metric(planned, "inland_container_teu")
    assert teu[5] / teu[0] >= 2.0
    assert metric(planned, "port_clean_energy_share")[5] == pytest.approx(0.75)
    assert metric(planned, "port_bulk_rail_water_share")[5] > 0.95
    assert metric(planned, "new_bus_clean_share")[5] >= 0.9


def test_shares_of_the_region_come_from_sums(planned: Outcome) -> None:
    new, cars = (city_metric(planned, n) for n in ("nev_stock_count", "vehicle_stock_count"))
    np.testing.assert_allclose(metric(planned, "nev_stock_share"), new.sum(axis=0) / cars.sum(axis=0))
    for indicator in planned.indicators:
        if indicator.metric_id.endswith("_share"):
            assert indicator.region_values.min() >= 0
            assert indicator.region_values.max() <= 1 + 1e-12


def test_indicators_answer_every_metric_in_order(planned: Outcome) -> None:
    assert [i.metric_id for i in planned.indicators] == [m.metric_id for m in MODEL.metrics]
    refs = {ref for m in MODEL.metrics for ref in m.policy_refs}
    assert {"JSP-29", "JSP-30", "JSP-31", "JSP-32", "JSP-33", "JSP-34"} <= refs
    assert {f"NTP-{n}" for n in range(10, 15)} | {f"JSS-{n:02d}" for n in range(9, 17)} <= refs


def test_flexible_energy_is_part_of_what_is_charged() -> None:
    outcome = project(setting("smart_charging_share", 0.9), setting("v2g_share", 0.3), baseline="accelerated")
    for shape in {f.shape_id for f in outcome.flexible_loads}:
        moved = sum(f.energy_mwh for f in outcome.flexible_loads if f.shape_id == shape)
        used = sum(u.energy_mwh.sum(axis=0) for u in outcome.electricity_uses if u.shape_id == shape)
        assert (moved <= used * (1 + 1e-12)).all()
    assert any(f.feed_in_mw[YEAR_2030:].min() > 0 for f in outcome.flexible_loads)


def test_the_years_asked_for_are_a_slice_of_all_years(planned: Outcome) -> None:
    part = project(baseline="planned", frame=Frame(region="jiangsu", first_year=2030, last_year=2035))
    assert part.years == tuple(range(2030, 2036))
    np.testing.assert_array_equal(metric(part, "energy_tco2"), metric(planned, "energy_tco2")[10:16])
    fleet = project_region_fleet(Frame(region="jiangsu", first_year=2030, last_year=2035), Scenario())
    assert {s.stock_count.shape for s in fleet.segments} == {(13, 6)}


def test_what_was_observed_later_is_not_needed() -> None:
    early = project(baseline="planned", frame=Frame(region="jiangsu", as_of_year=2020))
    assert direct_tco2(early)[0] == pytest.approx(57.82e6, rel=0.01)


def test_same_bits_alone_and_in_threads() -> None:
    scenarios = [Scenario(baseline=b) for b in ("frozen", "planned", "reference", "accelerated")]
    alone = [MODEL.project(FRAME, s, ()).digest for s in scenarios]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda s: MODEL.project(FRAME, s, ()).digest, scenarios * 3))
    assert together == alone * 3
    fleets = {digest_of(project_region_fleet(FRAME, scenarios[1])) for _ in range(2)}
    assert len(fleets) == 1


def test_bad_input_lists_all_violations() -> None:
    with pytest.raises(DomainError) as caught:
        project(
            setting("metro_lenght", 900.0),
            setting("saf_share", 2.0),
            setting("metro_length", 1200.0, place="suzhou"),
            setting("v2g_share", 0.1, year=2022),
        )
    assert caught.value.reason == "INVALID_INPUT"
    assert len(caught.value.violations) == 4
