"""Passenger markets of callers: hand-worked example, defaults, congestion, limits, bad input."""

from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.common.door import open_door
from services.common.errors import DomainError
from services.common.regions import load_region
from services.transport.modes.passenger_doors import PassengerMarket
from services.transport.modes.passenger_result import PassengerModeResult, PassengerSplit
from services.transport.modes.passengers import split_passengers

NAMES = ("walk", "bicycle", "e_bike", "bus", "metro", "taxi", "car", "other")


def market(**fields: Any) -> PassengerMarket:
    raw = {"market_id": "core", "tier": "A", "population_count": 1e6} | fields
    raw["modes"] = tuple(raw.get("modes", ()))
    return open_door(PassengerMarket, raw)


def split(**fields: Any) -> PassengerSplit:
    return split_passengers(market(**fields))[0]


def of(result: PassengerSplit, mode: str) -> PassengerModeResult:
    return next(m for m in result.modes if m.mode == mode)


def car_km(result: PassengerSplit) -> float:
    return of(result, "car").vehicle_km_after + of(result, "taxi").vehicle_km_after


def test_without_changes_the_tier_is_returned_to_the_bit() -> None:
    for tier in "ABC":
        result = split(tier=tier)
        rows = [
            r for r in load_region("jiangsu").table("transport/passenger_modes").rows() if r["tier"] == tier
        ]
        assert [m.share_before for m in result.modes] == [r["trip_share"] for r in rows]
        for m in result.modes:
            assert m.share_after == m.share_before
            assert (m.trips_after_count, m.pkm_after) == (m.trips_before_count, m.pkm_before)
            assert m.vehicle_km_after == m.vehicle_km_before
        assert result.green_share_after == result.green_share_before


def test_the_worked_example_of_a_parking_charge_and_faster_buses() -> None:
    # tier A, a million residents, 2.5 trips a day; parking +6 CNY a car trip, buses 4 min less waiting:
    # car -0.05 x 6 = -0.3; bus -0.03 x 2 x -4 = +0.24; dissimilarity 0.7
    result = split(
        modes=[{"mode": "car", "cost_change_cny": 6.0}, {"mode": "bus", "wait_change_min": -4.0}],
    )
    cars = 0.21 * exp(-0.3 / 0.7) + 0.04
    transit = 0.10 * exp(0.24 / 0.7) + 0.09
    nests = {"car": 0.25 * (cars / 0.25) ** 0.7, "public": 0.19 * (transit / 0.19) ** 0.7}
    total = sum(nests.values()) + 0.55 + 0.01
    car = nests["car"] * 0.21 * exp(-0.3 / 0.7) / cars / total
    bus = nests["public"] * 0.10 * exp(0.24 / 0.7) / transit / total
    assert of(result, "car").share_after == pytest.approx(car, rel=1e-12)
    assert of(result, "bus").share_after == pytest.approx(bus, rel=1e-12)
    assert (round(car, 4), round(bus, 4)) == (0.1558, 0.1364)
    trips = 1e6 * 2.5 * 365
    assert of(result, "car").trips_after_count == pytest.approx(trips * car)
    assert of(result, "car").pkm_after == pytest.approx(trips * car * 10.0)
    assert of(result, "car").vehicle_km_after == pytest.approx(trips * car * 10.0 / 1.35)
    # three tenths of the distance of taxis is without passengers
    assert of(result, "taxi").vehicle_km_before == pytest.approx(trips * 0.04 * 7.5 / 1.6 / 0.7)
    assert of(result, "walk").vehicle_km_before == of(result, "metro").vehicle_km_before == 0.0
    assert result.green_share_before == pytest.approx(0.74)
    assert result.green_without_ebike_share_before == pytest.approx(0.50)
    assert result.public_motorised_share_before == pytest.approx(0.19 / 0.44)


def test_a_dissimilarity_of_one_is_the_multinomial_logit() -> None:
    result = split(nest_dissimilarity=1.0, modes=[{"mode": "car", "utility_change": -0.4}])
    total = 0.79 + 0.21 * exp(-0.4)
    assert of(result, "car").share_after == pytest.approx(0.21 * exp(-0.4) / total, rel=1e-12)
    for m in result.modes:
        if m.mode != "car":
            assert m.share_after == pytest.approx(m.share_before / total, rel=1e-12)


def test_shares_of_the_caller_hold_and_the_others_are_scaled() -> None:
    result = split(modes=[{"mode": "metro", "share": 0.2}, {"mode": "car", "share": 0.1}])
    assert of(result, "metro").share_before == pytest.approx(0.2)
    assert of(result, "car").share_before == pytest.approx(0.1)
    assert of(result, "walk").share_before == pytest.approx(0.23 * 0.7 / 0.70)
    assert of(result, "bus").share_before == pytest.approx(0.10 * 0.7 / 0.70)


def test_lengths_and_occupancies_of_the_caller_hold() -> None:
    result = split(modes=[{"mode": "car", "trip_length_km": 20.0, "occupancy": 2.0}])
    assert of(result, "car").vehicle_km_before == pytest.approx(912.5e6 * 0.21 * 20 / 2)


def test_telework_takes_its_part_of_all_trips() -> None:
    result = split(telework_share=0.2)
    for m in result.modes:
        assert m.trips_after_count == pytest.approx(0.95 * m.trips_before_count)
        assert m.share_after == m.share_before


def test_congestion_lowers_the_gain_of_car_km_by_one_pass_of_the_bpr_curve() -> None:
    change = [{"mode": "car", "cost_change_cny": -3.0}]
    free, jammed = split(modes=change), split(modes=change, with_congestion=True, capacity_ratio=0.9)
    base = of(free, "car").vehicle_km_before + of(free, "taxi").vehicle_km_before
    assert base < car_km(jammed) < car_km(free)
    grown = 0.9 * car_km(free) / base
    slower = (1 + 0.15 * grown**4) / (1 + 0.15 * 0.9**4) - 1
    assert jammed.congestion_change_min == pytest.approx(10 / 25 * 60 * slower)
    by_hand = split(
        modes=[
            {"mode": "car", "cost_change_cny": -3.0, "ride_change_min": 24 * slower},
            {"mode": "taxi", "ride_change_min": 7.5 / 24 * 60 * slower},
        ]
    )
    for m in NAMES:
        assert of(jammed, m).share_after == pytest.approx(of(by_hand, m).share_after, rel=1e-12)
    assert free.congestion_change_min == 0.0


def test_fuller_streets_leave_less_of_the_gain() -> None:
    change = [{"mode": "car", "ride_change_min": -4.0}]
    km = [
        car_km(split(modes=change, with_congestion=True, capacity_ratio=r)) for r in (0.0, 0.5, 0.8, 1.0, 1.2)
    ]
    assert km == sorted(km, reverse=True)
    assert km[0] == car_km(split(modes=change))


def test_congestion_eases_where_trips_leave_the_street() -> None:
    result = split(telework_share=0.4, with_congestion=True)
    assert result.congestion_change_min < 0


changes = st.fixed_dictionaries(
    {"mode": st.sampled_from(NAMES)},
    optional={
        "trip_length_km": st.floats(0, 500),
        "ride_change_min": st.floats(-300, 300),
        "wait_change_min": st.floats(-300, 300),
        "cost_change_cny": st.floats(-1000, 1000),
        "utility_change": st.floats(-10, 10),
        "share": st.floats(0, 0.12),
    },
)


@settings(deadline=None)
@example("C", [{"mode": m, "share": 0.1} for m in NAMES if m != "metro"], 0.7, 0.0, False, 0.8)
@given(
    st.sampled_from("ABC"),
    st.lists(changes, max_size=8, unique_by=lambda m: m["mode"]),
    st.floats(5e-324, 1),
    st.floats(0, 1),
    st.booleans(),
    st.floats(0, 3),
)
def test_any_market_within_bounds_has_sound_shares(
    tier, modes, dissimilarity, telework, congested, load
) -> None:
    # one mode that every tier uses stays open, so that there is room for what the shares given leave
    modes = [{k: v for k, v in m.items() if (m["mode"], k) != ("walk", "share")} for m in modes]
    result = split(
        tier=tier,
        modes=modes,
        nest_dissimilarity=dissimilarity,
        telework_share=telework,
        with_congestion=congested,
        capacity_ratio=load,
    )
    for when in ("before", "after"):
        shares = np.array([getattr(m, f"share_{when}") for m in result.modes])
        assert shares.sum() == pytest.approx(1.0, abs=1e-12)
        assert shares.min() >= 0
        green = getattr(result, f"green_share_{when}")
        assert 0 <= getattr(result, f"green_without_ebike_share_{when}") <= green + 1e-12 <= 1 + 2e-12
    before, after = (sum(getattr(m, f"trips_{w}_count") for m in result.modes) for w in ("before", "after"))
    assert after == pytest.approx(before * (1 - 0.25 * telework))
    assert all(np.isfinite([m.vehicle_km_after, m.pkm_after]).all() for m in result.modes)


def test_notes_tell_of_defaults_and_of_changes_without_effect() -> None:
    _, notes = split_passengers(
        market(
            tier="C",
            modes=[{"mode": "metro", "cost_change_cny": -1.0}, {"mode": "bus", "wait_change_min": -40.0}],
        )
    )
    assert any("tier C" in n for n in notes)
    assert any("metro has no base share" in n for n in notes)
    assert any("bus saves more time" in n for n in notes)


def test_travellers_who_are_paid_to_travel_are_told_of() -> None:
    paid, free = (
        split_passengers(market(tier="A", modes=[{"mode": "car", "cost_change_cny": change}]))[1]
        for change in (-500.0, -1.0)
    )
    assert any("car becomes cheaper by more than its trip costs" in n for n in paid)
    assert not any("paid" in n for n in free)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"modes": [{"mode": "car"}, {"mode": "car"}]}, {"modes[1].mode"}),
        ({"modes": [{"mode": "walk", "occupancy": 1.0}]}, {"modes[0].occupancy"}),
        (
            {"modes": [{"mode": "walk", "occupancy": 1.0}, {"mode": "bus"}, {"mode": "bus"}]},
            {"modes[0].occupancy", "modes[2].mode"},
        ),
        ({"modes": [{"mode": "car", "share": 0.7}, {"mode": "bus", "share": 0.7}]}, {"modes"}),
        ({"modes": [{"mode": m, "share": 0.1} for m in NAMES]}, {"modes"}),
        ({"population_count": 0.0, "tier": "D", "telework_share": 1.5}, {"population_count", "tier", "telework_share"}),
        ({"modes": [{"mode": "car", "share": float("nan"), "ride_change_min": 1e3}]}, {"modes[0].share", "modes[0].ride_change_min"}),
        ({"modes": [{"mode": "tram"}], "nest_dissimilarity": 0.0}, {"modes[0].mode", "nest_dissimilarity"}),
        ({"population_count": float("inf"), "capacity_ratio": -1.0}, {"population_count", "capacity_ratio"}),
        ({"market_id": "", "modes": [{"mode": "car"}] * 21}, {"market_id", "modes"}),
    ],
)  # fmt: skip
def test_bad_markets_list_every_violation(fields: dict[str, Any], expected: set[str]) -> None:
    with pytest.raises(DomainError) as caught:
        split_passengers(market(**fields))
    assert caught.value.reason == "INVALID_INPUT"
    assert {v.field for v in caught.value.violations} == expected
    assert all(v.description for v in caught.value.violations)
