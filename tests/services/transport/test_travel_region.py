"""Urban and intercity travel of the region: elasticities, direction of every lever, conservation, base year."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.activity import Activity
from services.transport.base import TransportBase
from services.transport.levers.travel import LEVERS
from services.transport.project import project_transport, run_activity
from services.transport.travel.modes import elasticities

FRAME = Frame(region="jiangsu", last_year=2045)
BASELINES = ("frozen", "planned", "reference", "accelerated")
FIRST = 2026
AT_ONCE, IN_THE_END = FIRST - 2020, 2042 - 2020
OIL = "drivers.oil_product_price_multiplier"
POWER = "drivers.electricity_price_multiplier"


@lru_cache(maxsize=64)
def run(baseline: str, lever: str = "", values: tuple[float, ...] = ()) -> Activity:
    """Activity with a lever set from 2026 on: one value, or one a year."""
    years = tuple(range(FIRST, FIRST + len(values)))
    chosen = (LeverSetting(lever_id=lever, years=years, values=values),) if lever else ()
    return run_activity(FRAME, Scenario(baseline=baseline, settings=chosen))[2]  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def base() -> TransportBase:
    return run_activity(FRAME, Scenario())[0]


def trips(activity: Activity, *modes: str) -> FloatArray:
    p = activity.passengers
    found: FloatArray = sum(p.mode_share[p.position(m)] * p.trips for m in modes).sum(axis=0)  # type: ignore[union-attr]
    return found


def car_km(activity: Activity) -> FloatArray:
    total: FloatArray = activity.fleet.km[:, base().position("private_car")].sum(axis=(0, 1))
    return total


def elasticity(quantity, lever: str, *, relative: bool = True) -> FloatArray:
    """Finite difference in the frozen baseline: response of the logarithm to 1 % of the lever, by year."""
    paths = run_activity(FRAME, Scenario(baseline="frozen"))[1]
    path = paths.path(lever)[AT_ONCE:]
    moved = path * 1.01 if relative else path + 0.01
    one, other = run("frozen"), run("frozen", lever, tuple(moved.tolist()))
    response: FloatArray = np.log(quantity(other) / quantity(one)) / np.log(1.01)
    return response


@pytest.mark.parametrize(
    ("response", "quantity", "lever"),
    [
        ("transit_fare", lambda a: trips(a, "bus", "metro"), "transport.transit_fare_change"),
        ("bus_service", lambda a: trips(a, "bus"), "transport.bus_service"),
        ("metro_length", lambda a: trips(a, "metro"), "transport.metro_length"),
        ("cycling_network", lambda a: trips(a, "bicycle"), "transport.cycling_network"),
        ("parking_price", lambda a: trips(a, "car"), "transport.parking_price"),
        ("fuel_price_car_km", car_km, OIL),
        ("fuel_price_transit", lambda a: trips(a, "bus", "metro"), OIL),
    ],
)
def test_elasticities_lie_where_reviews_find_them(response: str, quantity, lever: str) -> None:
    known = elasticities("jiangsu")[response]
    found = elasticity(quantity, lever, relative=response != "transit_fare")
    for year in range(AT_ONCE, IN_THE_END + 1):
        assert known["low"] <= found[year] <= known["high"]
    assert abs(found[AT_ONCE + 8]) > abs(found[AT_ONCE])


@pytest.mark.parametrize("response", ["transit_fare", "bus_service", "cycling_network"])
def test_responses_with_an_elasticity_of_their_own_answer_with_it(response: str) -> None:
    modes = {"transit_fare": ("bus", "metro"), "bus_service": ("bus",), "cycling_network": ("bicycle",)}
    levers = {"transit_fare": "transit_fare_change"}
    lever = f"transport.{levers.get(response, response)}"
    found = elasticity(lambda a: trips(a, *modes[response]), lever, relative=response != "transit_fare")
    known = elasticities("jiangsu")[response]
    assert found[AT_ONCE] == pytest.approx(known["short_run"], rel=0.1)
    assert found[-1] == pytest.approx(known["long_run"], rel=0.1)


MORE_CARS, FEWER_CARS = 1, -1
DIRECTIONS = {
    "transport.metro_length": (FEWER_CARS, 1300.0, 1900.0),
    "transport.bus_lane_length": (FEWER_CARS, 2000.0, 4000.0),
    "transport.bus_service": (FEWER_CARS, 0.9, 1.4),
    "transport.cycling_network": (FEWER_CARS, 1.2, 2.2),
    "transport.transit_fare_change": (MORE_CARS, -0.5, 0.5),
    "transport.parking_price": (FEWER_CARS, 2.0, 10.0),
    "transport.congestion_charge": (FEWER_CARS, 0.0, 20.0),
    "transport.car_speed": (MORE_CARS, 0.8, 1.2),
    "transport.telework_share": (FEWER_CARS, 0.02, 0.2),
    "transport.car_occupancy": (FEWER_CARS, 1.2, 1.8),
    OIL: (FEWER_CARS, 0.8, 2.0),
    POWER: (FEWER_CARS, 0.8, 1.8),
}


def test_every_lever_of_urban_travel_has_a_direction_here() -> None:
    assert {row.lever_id for row in LEVERS} - {"transport.hsr_shift"} == set(DIRECTIONS) - {OIL, POWER}


@pytest.mark.parametrize("baseline", BASELINES)
@pytest.mark.parametrize("lever", DIRECTIONS)
def test_every_lever_moves_car_km_its_way_in_every_city(baseline: str, lever: str) -> None:
    sign, low, high = DIRECTIONS[lever]
    steps = [run(baseline, lever, (v,)).passengers for v in (low, (low + high) / 2, high)]
    for less, more in pairwise(steps):
        moved = sign * (more.car_km - less.car_km)
        # cities without a metro have nothing to move to one
        somewhere = less.mode_share[less.position("metro")][:, 0] > 0 if "metro" in lever else slice(None)
        assert (moved[somewhere, AT_ONCE:] > 0).all()
        assert not moved[:, :AT_ONCE].any()
        assert (sign * (more.green_share - less.green_share) <= 1e-15).all()


@pytest.mark.parametrize("baseline", BASELINES)
def test_trips_are_neither_made_nor_lost(baseline: str) -> None:
    a = run(baseline)
    p = a.passengers
    np.testing.assert_allclose(p.mode_share.sum(axis=0), 1.0, rtol=1e-12)
    modes = base().region.table("transport/passenger_modes").rows()
    tier = str(base().region.leaf("transport", "passenger_tier", "nantong").value)
    at = base().region.city_ids.index("nantong")
    for row in modes:
        if row["tier"] == tier:
            m = p.position(row["mode"])
            assert p.mode_share[m, at, 0] == pytest.approx(row["trip_share"], rel=1e-12)
            expected = p.trips[at] * p.mode_share[m, at] * row["trip_length_km"]
            np.testing.assert_allclose(p.mode_pkm[m, at], expected, rtol=1e-12)
    # 2.5 trips a resident of towns and day; a twentieth more telework is a quarter of it fewer trips
    assert p.trips[:, 0] == pytest.approx(a.urban_persons[:, 0] * 2.5 * 365)
    telework = run(baseline, "transport.telework_share", (0.13,)).passengers
    assert telework.trips[:, -1] == pytest.approx(a.urban_persons[:, -1] * 912.5 * (1 - 0.25 * 0.10))


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(BASELINES),
    st.lists(st.sampled_from(list(LEVERS)), min_size=1, max_size=6, unique_by=lambda r: r.lever_id),
    st.lists(st.floats(0, 1), min_size=6, max_size=6),
    st.floats(0.5, 3.0),
)
def test_any_levers_keep_shares_and_distances_sound(baseline, rows, places, oil) -> None:
    chosen = [
        LeverSetting(lever_id=r.lever_id, years=(FIRST,), values=(r.low + x * (r.high - r.low),))
        for r, x in zip(rows, places, strict=False)
    ]
    chosen.append(LeverSetting(lever_id=OIL, years=(FIRST,), values=(oil,)))
    a = run_activity(FRAME, Scenario(baseline=baseline, settings=tuple(chosen)))[2]
    share = a.passengers.mode_share
    np.testing.assert_allclose(share.sum(axis=0), 1.0, rtol=1e-12)
    assert share.min() >= 0
    driven = a.fleet.km[:, base().position("private_car")].sum(axis=1)
    assert (a.passengers.car_km < driven).all()  # what is left is intercity travel
    intercity = a.intercity
    for values in (intercity.coach_pkm, intercity.rail_pkm, intercity.air_pkm, intercity.air_passengers):
        assert np.isfinite(values).all()
        assert values.min() >= 0


def test_levers_change_nothing_of_2020() -> None:
    for lever, (_, low, high) in DIRECTIONS.items():
        one, other = run("planned", lever, (low,)), run("accelerated", lever, (high,))
        assert (one.passengers.mode_pkm[..., 0] == other.passengers.mode_pkm[..., 0]).all()
        assert (one.intercity.hsr_pkm[:, 0] == other.intercity.hsr_pkm[:, 0]).all()


def test_urban_trips_are_about_half_of_the_distance_of_private_cars_in_2020() -> None:
    for baseline, least in (("frozen", 0.3), ("planned", 0.25), ("reference", 0.25), ("accelerated", 0.1)):
        a = run(baseline)
        share = a.passengers.car_km.sum(axis=0) / car_km(a)
        assert 0.4 < share[0] < 0.6
        assert (share > least).all()
        assert (share < 0.6).all()
    by_city = a.passengers.car_km[:, 0] / a.fleet.km[:, base().position("private_car"), :, 0].sum(axis=1)
    assert by_city.min() > 0.3
    assert by_city.max() < 0.8


def test_what_leaves_the_air_enters_rail() -> None:
    less, more = (run("planned", "transport.hsr_shift", (s,)).intercity for s in (0.1, 0.5))
    np.testing.assert_allclose(less.air_pkm - more.air_pkm, more.hsr_pkm - less.hsr_pkm, rtol=1e-9, atol=1e-3)
    # half of the throughput departs, 0.35 of it within reach of rail, 700 km
    persons = (less.air_passengers + less.shifted_passengers)[:, -1]
    assert (less.air_pkm - more.air_pkm)[:, -1] == pytest.approx(persons * 0.5 * 0.35 * 0.4 * 700)
    assert more.air_passengers[:, -1] == pytest.approx(persons * (1 - 0.35 * 0.5))


def test_intercity_travel_starts_from_the_figures_of_2020_and_recovers() -> None:
    i = run("frozen").intercity
    total = {name: getattr(i, name).sum(axis=0) for name in ("coach_pkm", "hsr_pkm", "rail_pkm", "air_pkm")}
    assert total["hsr_pkm"][0] == pytest.approx(42e9)
    assert total["rail_pkm"][0] == pytest.approx(55e9)
    assert total["coach_pkm"][0] == pytest.approx(41.6e9)
    assert total["coach_pkm"][10] / total["coach_pkm"][0] == pytest.approx(0.95**10)
    assert (np.diff(total["coach_pkm"]) < 0).all()
    airports = load_region("jiangsu").city_numbers("transport", "air_passengers_count")
    assert i.air_passengers[:, 0].tolist() == airports.tolist()
    assert total["air_pkm"][0] == pytest.approx(airports.sum() * 0.5 * 1200)
    for name in ("rail_pkm", "air_pkm"):  # traffic of 2019 was about 1.5 times that of 2020
        assert 1.3 < total[name][4] / total[name][0] < 1.9
    # rail passengers of the statistics of 2019: half of 175.6 billion passenger-km
    observed = load_region("jiangsu").observed("passenger_turnover")[2019] * 1e8
    assert total["rail_pkm"][0] + total["coach_pkm"][0] == pytest.approx(0.55 * observed, rel=0.02)


def test_intercity_cars_are_what_urban_trips_leave() -> None:
    from services.transport.indicators import travel
    from services.transport.indicators.project import Sums

    p = project_transport(FRAME, Scenario(baseline="planned"))
    sums = Sums(travel.SUMS, p)
    shares = {name: make(p, sums) for name, make in travel.SHARES.items()}
    driven = p.activity.fleet.km[:, p.base.position("private_car")].sum(axis=1)
    persons = travel.car_occupancy(p)
    np.testing.assert_allclose(sums["urban_car_km"] + sums["intercity_car_pkm"] / persons, driven, rtol=1e-12)
    urban, whole = shares["urban_car_km_ratio"]
    np.testing.assert_allclose(urban / whole, 1.0 - sums["intercity_car_pkm"] / persons / driven, rtol=1e-9)
    modes = [name for name in shares if name.endswith("_trip_share")]
    assert len(modes) == 8
    np.testing.assert_allclose(sum(shares[m][0] for m in modes), p.activity.passengers.trips, rtol=1e-12)
    public, motorised = shares["public_motorised_share"]
    split = {m: shares[f"{m}_trip_share"][0] for m in ("bus", "metro", "car", "taxi")}
    np.testing.assert_allclose(public, split["bus"] + split["metro"], rtol=1e-12)
    np.testing.assert_allclose(motorised, sum(split.values()), rtol=1e-12)


def test_levers_that_leave_cars_no_distance_for_their_urban_trips_are_told() -> None:
    from services.transport.indicators import travel
    from services.transport.indicators.project import Sums

    chosen = (
        LeverSetting(lever_id="transport.private_mileage_growth", years=(FIRST,), values=(-0.03,)),
        LeverSetting(lever_id="transport.private_vehicle_saturation", years=(FIRST,), values=(280.0,)),
        LeverSetting(lever_id="transport.car_occupancy", years=(FIRST,), values=(1.1,)),
        LeverSetting(lever_id="transport.bus_service", years=(FIRST,), values=(0.5,)),
        LeverSetting(lever_id="drivers.gdp_growth", years=(FIRST,), values=(-0.01,)),
    )
    frame = Frame(region="jiangsu", last_year=2060)
    p = project_transport(frame, Scenario(baseline="frozen", settings=chosen))
    urban, driven = travel.SHARES["urban_car_km_ratio"](p, Sums(travel.SUMS, p))
    left = travel.intercity_car_pkm(p)
    assert (urban > driven)[:, -1].any()
    assert ((left == 0) == (urban >= driven)).all()
