"""Charging of the region: fitted shapes, climate, places, what power may move, peaks."""

import itertools

import numpy as np
import pytest

from services.common.arrays import FloatArray
from services.common.errors import DomainError
from services.common.outcome import Outcome
from services.common.region_files import RegionDataError
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.base import transport_base
from services.transport.charging.loads import charging_classes
from services.transport.charging.profiles import WEEKDAY, WEEKEND, day_profiles, fit_to_total
from services.transport.charging.temperature import charging_ratio, consumption_factor
from services.transport.model import MODEL

FRAME = Frame(region="jiangsu")
REGION = load_region("jiangsu")
SHAPES = {s.shape_id.partition(".")[2]: s.hourly_share.reshape(365, 24) for s in MODEL.shapes(FRAME)}
PROFILES = day_profiles("jiangsu")
USUAL = {  # 0.38 public, 0.10 at work, 0.45 of the 0.52 at home in the valley tariff
    "passenger": {
        "charging_home": 0.52 * 0.55,
        "charging_home_valley": 0.52 * 0.45,
        "charging_work": 0.10,
        "charging_public_fast": 0.38,
    },
    "freight": {"charging_truck_depot": 0.45, "charging_truck_fast": 0.55},
}


def project(weather: str = "normal", baseline: str = "planned", **levers: float) -> Outcome:
    settings = tuple(
        LeverSetting(lever_id=f"transport.{name}", years=(2026,), values=(value,))
        for name, value in levers.items()
    )
    frame = Frame(region="jiangsu", weather_year=weather)  # type: ignore[arg-type]
    return MODEL.project(frame, Scenario(baseline=baseline, settings=settings), ())  # type: ignore[arg-type]


def metric(outcome: Outcome, name: str, year: int = 2030) -> float:
    values = next(i.region_values for i in outcome.indicators if i.metric_id == f"transport.{name}")
    return float(values[year - 2020])


@pytest.mark.parametrize("group", USUAL)
@pytest.mark.parametrize(("kind", "name"), [(WEEKDAY, "weekday"), (WEEKEND, "weekend")])
def test_the_usual_places_give_the_observed_day_exactly(group: str, kind: int, name: str) -> None:
    hours = np.sum([share * SHAPES[shape] for shape, share in USUAL[group].items()], axis=0)
    observed = REGION.table("transport/charging_observed").numbers(f"{group}_{name}")
    days = hours[kind == PROFILES.day_type]
    mean = days / days.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(mean, np.tile(observed / observed.sum(), (len(days), 1)), atol=1e-9)


def test_fitting_keeps_energy_of_rows_and_empty_hours() -> None:
    shapes = np.array([[0.5, 0.5, 0.0], [0.2, 0.2, 0.6]])
    shares, total = np.array([0.4, 0.6]), np.array([0.3, 0.3, 0.4])
    fitted = fit_to_total(shapes, shares, total)
    assert fitted[0, 2] == 0
    np.testing.assert_allclose(fitted.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(shares @ fitted, total, atol=1e-12)
    with pytest.raises(RegionDataError):  # nobody charges in the third hour
        fit_to_total(np.array([[0.5, 0.5, 0.0]]), np.array([1.0]), total)


def test_places_keep_their_character_after_fitting() -> None:
    weekday = {name: hours[PROFILES.day_type == WEEKDAY].mean(axis=0) for name, hours in SHAPES.items()}
    work = PROFILES.hourly[PROFILES.position("charging_work"), WEEKDAY]
    assert work[:6].sum() == 0 and work[8:18].sum() > 0.9
    valley = PROFILES.hourly[PROFILES.position("charging_home_valley"), WEEKDAY]
    assert valley[8:19].sum() == 0 and valley[19] < 1e-3
    assert weekday["charging_home"].argmax() in (19, 20)
    rail = weekday["rail_metro"]
    assert set(np.argsort(rail)[-2:]) <= {7, 8, 17, 18}
    assert rail[:5].max() < 0.5 * rail[5:23].mean() and rail.argmin() in (2, 3)


def test_published_example_of_a_home_charger_by_arrivals_alone() -> None:
    arrivals = REGION.table("transport/day_profiles").numbers("home")
    assert 6.5 * arrivals.max() == pytest.approx(0.79, abs=0.005)
    assert 6.5 * arrivals.max() / 7 == pytest.approx(0.11, abs=0.005)


def test_energy_in_the_hours_is_energy_of_the_vehicles_in_every_year() -> None:
    outcome = project(weather="cold")
    shapes = {s.shape_id: s.hourly_share for s in MODEL.shapes(Frame(region="jiangsu", weather_year="cold"))}
    charging = [u for u in outcome.electricity_uses if ".charging_" in u.shape_id]
    by_year = sum(u.energy_mwh.sum(axis=0) * shapes[u.shape_id].sum() for u in charging)
    told = next(i for i in outcome.indicators if i.metric_id == "transport.charging_energy_mwh")
    np.testing.assert_allclose(by_year, told.region_values, rtol=1e-9)


def test_consumption_is_least_between_18_and_24_degrees_and_rises_on_both_sides() -> None:
    degrees = np.arange(-20.0, 41.0)
    factor = consumption_factor(REGION, degrees)
    assert (np.diff(factor[degrees <= 18]) < 0).all()
    assert (np.diff(factor[degrees >= 24]) > 0).all()
    assert factor[(degrees >= 18) & (degrees <= 24)] == pytest.approx(1.0)
    assert factor[degrees == -2] == pytest.approx(1.3)
    assert factor[degrees == 34] == pytest.approx(1.12)


def test_the_climate_of_cities_leaves_the_normal_charging_of_the_province_as_it_was() -> None:
    base = transport_base("jiangsu")
    ratio = charging_ratio("jiangsu", 0, "normal")
    vehicles = base.stock_count.sum(axis=2)
    np.testing.assert_allclose((vehicles * ratio).sum(axis=0), vehicles.sum(axis=0), rtol=1e-12)
    cities = REGION.city_ids
    assert ratio[cities.index("xuzhou"), 0] > 1 > ratio[cities.index("suzhou"), 0]


def test_cold_and_hot_years_need_more_charging_and_the_same_of_all_else() -> None:
    normal, cold, hot = (project(weather=name) for name in ("normal", "cold", "hot"))
    for year in (2020, 2030, 2060):
        needs = [metric(o, "charging_energy_mwh", year) for o in (normal, cold, hot)]
        assert needs[0] < needs[1] < 1.02 * needs[0]
        assert needs[0] < needs[2] < 1.02 * needs[0]
        assert metric(cold, "oil_gj", year) == metric(normal, "oil_gj", year)


def test_more_valley_tariff_lowers_the_evening_and_fills_the_night() -> None:
    outcomes = [project(home_valley_charging_share=share) for share in (0.2, 0.5, 0.8)]
    profile = []
    for outcome in outcomes:
        uses = [u for u in outcome.electricity_uses if ".charging_home" in u.shape_id]
        load = sum(u.energy_mwh[:, 10].sum() * SHAPES[u.shape_id.partition(".")[2]] for u in uses)
        profile.append(load[PROFILES.day_type == WEEKDAY].mean(axis=0))
    for less, more in itertools.pairwise(profile):
        assert (more[17:21] < less[17:21]).all()
        assert (more[[23, 0, 1, 2]] > less[[23, 0, 1, 2]]).all()
    shares = [metric(o, "home_charging_offpeak_share") for o in outcomes]
    assert shares[0] < shares[1] < shares[2]


def test_control_lowers_the_highest_hour_and_more_control_lowers_it_more() -> None:
    outcomes = [project(smart_charging_share=share, v2g_share=0.0) for share in (0.0, 0.3, 0.9)]
    before = [metric(o, "charging_highest_mw") for o in outcomes]
    after = [metric(o, "charging_controlled_highest_mw") for o in outcomes]
    assert before == pytest.approx([before[0]] * 3)
    assert after[0] == pytest.approx(before[0]) and after[0] > after[1] > after[2]
    assert after[2] < 0.8 * before[2]


def test_peaks_of_the_metrics_are_those_of_all_hours() -> None:
    outcome = project()
    uses = [u for u in outcome.electricity_uses if ".charging_" in u.shape_id]
    for year in (2020, 2030, 2060):
        y = year - 2020
        load = sum(u.energy_mwh[:, y].sum() * SHAPES[u.shape_id.partition(".")[2]] for u in uses)
        assert metric(outcome, "charging_highest_mw", year) == pytest.approx(load.max(), rel=1e-12)
        evening = load[PROFILES.day_type == WEEKDAY].mean(axis=0)[17:23]
        assert metric(outcome, "charging_evening_peak_mw", year) == pytest.approx(evening.max(), rel=1e-12)
        assert metric(outcome, "charging_evening_peak_hour", year) == 17 + evening.argmax()


def test_private_cars_at_the_evening_peak_are_as_many_as_observed() -> None:
    # 6.9 % of a day's energy; 3 to 6 kWh a day of a car, plug-in hybrids among them
    for year in (2022, 2025, 2030):
        assert 0.03 * 6.9 <= metric(project(), "charging_evening_kw_per_car", year) <= 0.06 * 6.9
    assert 0.4 < metric(project(), "charging_offpeak_share") < 0.7


def test_every_class_offers_what_it_can_and_no_more() -> None:
    outcome = project(smart_charging_share=0.9, v2g_share=0.3, baseline="accelerated")
    loads = {f.flexible_load_id: f for f in outcome.flexible_loads}
    assert set(loads) == {
        *(
            f"smart_{place}"
            for place in ("home", "home_valley", "fleet", "bus_depot", "truck_depot", "two_wheeler")
        ),
        "smart_truck_fast",
        "vehicle_to_grid",
    }
    used: dict[str, FloatArray] = {}
    for use in outcome.electricity_uses:
        used[use.shape_id] = used.get(use.shape_id, np.zeros(41)) + use.energy_mwh.sum(axis=0)
    for load in loads.values():
        limit = 0.8 if load.flexible_load_id != "smart_fleet" else 0.3
        assert (load.energy_mwh <= limit * used[load.shape_id] * (1 + 1e-12)).all()
        assert (load.energy_mwh[10:] > 0).all() and (load.power_mw[10:] > 0).all()
    # a day's energy fits the plugged power of the hours
    for load in loads.values():
        assert (load.energy_mwh[10:] / 365 < 24 * load.power_mw[10:]).all()
    none = project(smart_charging_share=0.0, v2g_share=0.0)
    assert all(not f.energy_mwh[6:].any() and not f.feed_in_mw[6:].any() for f in none.flexible_loads)


def test_feed_in_is_bounded_by_plugged_power_and_by_a_share_of_the_battery() -> None:
    outcome = project(v2g_share=0.2)
    feed_in = metric(outcome, "vehicle_to_grid_mw")
    load = next(f for f in outcome.flexible_loads if f.flexible_load_id == "vehicle_to_grid")
    assert load.feed_in_mw[10] == feed_in > 0
    assert load.efficiency_share == 0.85
    classes = charging_classes(REGION)
    car, bus = classes["private_car"], classes["urban_bus"]
    per_car = min(0.35 * 7 * 0.85**0.5, 0.15 * car.battery_kwh / 1.3)
    per_bus = min(0.85 * 120 * 0.85**0.5, 0.15 * bus.battery_kwh / 1.3)
    assert (per_car, per_bus) == pytest.approx((0.35 * 7 * 0.85**0.5, 30.0))
    assert metric(project(v2g_share=0.1), "vehicle_to_grid_mw") == pytest.approx(feed_in / 2, rel=1e-9)


def test_energy_by_place_adds_up_and_follows_its_levers() -> None:
    places = ("home", "work", "public", "fleet", "depot", "truck_fast")
    low, high = (project(public_fast_charging_share=s) for s in (0.2, 0.6))
    for outcome in (low, high):
        total = sum(metric(outcome, f"charging_{place}_mwh") for place in places)
        assert total == pytest.approx(metric(outcome, "charging_energy_mwh"), rel=0.01)  # motorcycles besides
    assert metric(high, "charging_public_mwh") > metric(low, "charging_public_mwh")
    assert metric(high, "charging_home_mwh") < metric(low, "charging_home_mwh")


def test_shares_beyond_their_bounds_are_refused() -> None:
    with pytest.raises(DomainError) as caught:
        project(v2g_share=0.5, smart_charging_share=-0.1, home_valley_charging_share=2.0)
    assert len(caught.value.violations) == 3


def test_a_handful_of_cars_offers_no_more_power_and_no_less_than_its_chargers() -> None:
    outcome = project(nev_sales_share_private_car=0.0, smart_charging_share=0.5, v2g_share=0.0)
    loads = {f.flexible_load_id: f for f in outcome.flexible_loads}
    home = sum(loads[name].energy_mwh for name in ("smart_home", "smart_home_valley"))
    power = sum(loads[name].power_mw for name in ("smart_home", "smart_home_valley"))
    left = home > 0
    assert home[left].min() < 1.0  # less than a MWh a year is left of them in the end
    assert (home[left] <= 8760 * power[left]).all()
