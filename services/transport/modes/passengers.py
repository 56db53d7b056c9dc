"""Passenger markets of callers: shares by mode before and after, by the choice model of the region's cities."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS
from services.common.errors import Violation, invalid
from services.common.regions import region_ids
from services.transport.doors import given_or
from services.transport.modes.passenger_doors import PassengerMarket
from services.transport.modes.passenger_result import PassengerModeResult, PassengerSplit
from services.transport.travel.choice import pivot_nested_logit
from services.transport.travel.modes import CARS, Modes, modes_of_tiers, travel_numbers
from services.transport.travel.urban import travel_shares

_SUM_TOLERANCE: Final = 1e-6
_EXACT: Final = 1e-12


@dataclass(frozen=True)
class _Travel:
    """Trips, passenger-km and vehicle-km of a year, [m]."""

    share: FloatArray
    trips: FloatArray
    pkm: FloatArray
    vehicle_km: FloatArray


def split_passengers(market: PassengerMarket) -> tuple[PassengerSplit, tuple[str, ...]]:
    """Shares, trips and km of a market before and after its changes, and notes for the reader.

    Waiting and walking count twice. With congestion, the change of car and taxi km changes their time by one pass of
    the BPR curve t = t0 (1 + a (km / capacity)^b), and the shares are split once more.
    DomainError(INVALID_INPUT) with every violation, fields as in the market.
    """
    found = market_violations(market)
    if found:
        raise invalid(found)
    region_id = region_ids()[0]  # tiers and parameters are national
    numbers = travel_numbers(region_id)
    modes = _modes_of(market, modes_of_tiers(region_id, (market.tier,)))
    dissimilarity = given_or(market.nest_dissimilarity, numbers["nest_dissimilarity"])
    all_trips = (
        market.population_count
        * given_or(market.trips_per_person_day, numbers["trips_per_person_day"])
        * DAYS
    )
    trips = all_trips * (1.0 - numbers["telework_trip_share"] * market.telework_share)
    empty = numbers["taxi_empty_share"]
    utility = _utility(market, modes)
    before = _travel(modes, modes.share[:, 0], all_trips, empty)
    after = _travel(modes, _shares(modes, utility, dissimilarity), trips, empty)
    notes = _notes(market, modes)
    delay_min = 0.0
    if market.with_congestion:
        free = after
        slower = _slower(modes, before, after, given_or(market.capacity_ratio, numbers["capacity_ratio"]))
        ride = modes.ride_min[:, 0] * slower
        ride[[m for m in range(len(ride)) if modes.names[m] not in CARS]] = 0.0
        felt = utility + numbers["utility_per_minute"] * ride
        after = _travel(modes, _shares(modes, felt, dissimilarity), trips, empty)
        delay_min = float(ride[modes.position("car")])
        notes += _overshoot(market, modes, before, free, after)
    return _result(market, modes, before, after, delay_min), notes


def market_violations(market: PassengerMarket) -> list[Violation]:
    """What is wrong with a market beyond the bounds of its fields."""
    found = []
    seen: set[str] = set()
    for i, mode in enumerate(market.modes):
        if mode.mode in seen:
            found.append(
                Violation(
                    f"modes[{i}].mode", "the mode stands twice; join its changes in one entry", mode.mode
                )
            )
        seen.add(mode.mode)
        if mode.mode == "walk" and mode.occupancy is not None:
            text = "walking has no vehicle; leave occupancy unset"
            found.append(Violation(f"modes[{i}].occupancy", text, f"{mode.occupancy:g}"))
    if not found:
        found += _share_violations(market)
    return found


def _share_violations(market: PassengerMarket) -> list[Violation]:
    """Base shares given must leave room for the tier's others, or sum to 1 when there are none."""
    given = {m.mode: m.share for m in market.modes if m.share is not None}
    total = sum(given.values())
    tier = modes_of_tiers(region_ids()[0], (market.tier,))
    rest = sum(float(tier.share[i, 0]) for i, name in enumerate(tier.names) if name not in given)
    if total > 1.0 + _SUM_TOLERANCE:
        text, allowed = "base shares sum to more than 1; lower them", "a sum of at most 1"
    elif rest == 0.0 and total < 1.0 - _SUM_TOLERANCE:
        text = "every mode that the tier uses is given, and base shares sum to less than 1; raise them"
        allowed = "a sum of 1"
    else:
        return []
    return [Violation("modes", text, f"{total:.9g}", allowed)]


def _modes_of(market: PassengerMarket, tier: Modes) -> Modes:
    """The tier's modes with the caller's figures, [m, 1]; shares not given are scaled so that all sum to 1."""
    share = tier.share.copy()
    length, occupancy = tier.length_km.copy(), tier.occupancy.copy()
    fixed = np.zeros(len(share), dtype=bool)
    for mode in market.modes:
        m = tier.position(mode.mode)
        if mode.share is not None:
            share[m], fixed[m] = mode.share, True
        length[m] = given_or(mode.trip_length_km, float(length[m, 0]))
        occupancy[m] = given_or(mode.occupancy, float(occupancy[m, 0]))
    rest = share[~fixed].sum()
    if fixed.any() and rest > 0.0:
        share[~fixed] *= max(1.0 - share[fixed].sum(), 0.0) / rest
    if abs(share.sum() - 1.0) > _EXACT:  # shares of the caller's, rounded
        share /= share.sum()
    min_per_km = tier.ride_min / tier.length_km
    return replace(tier, share=share, length_km=length, occupancy=occupancy, ride_min=length * min_per_km)


def _utility(market: PassengerMarket, modes: Modes) -> FloatArray:
    """Change of utility by mode, [m]."""
    numbers = travel_numbers(region_ids()[0])
    per_minute, per_cny = numbers["utility_per_minute"], numbers["utility_per_cny"]
    utility = np.zeros(len(modes.names))
    for mode in market.modes:
        minutes = mode.ride_change_min + 2.0 * mode.wait_change_min
        utility[modes.position(mode.mode)] = (
            per_minute * minutes + per_cny * mode.cost_change_cny + mode.utility_change
        )
    return utility


def _shares(modes: Modes, utility: FloatArray, dissimilarity: float) -> FloatArray:
    return pivot_nested_logit(modes.share[:, 0], modes.nests, utility, dissimilarity)


def _travel(modes: Modes, share: FloatArray, all_trips: float, empty: float) -> _Travel:
    """Trips and km of a year by mode; taxis also drive without passengers."""
    trips = all_trips * share
    pkm = trips * modes.length_km[:, 0]
    vehicle_km = np.nan_to_num(pkm / modes.occupancy[:, 0], nan=0.0)
    vehicle_km[modes.position("taxi")] /= 1.0 - empty
    return _Travel(share, trips, pkm, vehicle_km)


def _car_km(modes: Modes, travel: _Travel) -> float:
    return float(travel.vehicle_km[list(modes.positions(CARS))].sum())


def _slower(modes: Modes, before: _Travel, after: _Travel, capacity_ratio: float) -> float:
    """Rise of the time in cars over that of the base, by the BPR curve; 0 without car km in the base."""
    numbers = travel_numbers(region_ids()[0])
    base_km = _car_km(modes, before)
    if base_km <= 0.0:
        return 0.0

    def delay(load: float) -> float:
        return float(1.0 + numbers["bpr_alpha"] * load ** numbers["bpr_exponent"])

    return delay(capacity_ratio * _car_km(modes, after) / base_km) / delay(capacity_ratio) - 1.0


def _notes(market: PassengerMarket, modes: Modes) -> tuple[str, ...]:
    """What a reader should know of defaults and of changes that do nothing or too much."""
    own = sum(m.share is not None for m in market.modes)
    notes = []
    if own < len(modes.names):
        notes.append(
            f"{market.market_id}: 未给出的分担率、距离、载客率取 {market.tier} 类城市估计值(C级) "
            f"shares, lengths and occupancies not given are estimates for tier {market.tier} (grade C)"
        )
    for mode in market.modes:
        m = modes.position(mode.mode)
        changed = (mode.ride_change_min, mode.wait_change_min, mode.cost_change_cny, mode.utility_change)
        if modes.share[m, 0] == 0.0 and any(changed):
            notes.append(
                f"{market.market_id}: {mode.mode} 基期分担率为0,变化无效 "
                f"{mode.mode} has no base share, so its changes move nothing; give it a share"
            )
        if -mode.ride_change_min > modes.ride_min[m, 0] or -mode.wait_change_min > modes.wait_min[m, 0]:
            notes.append(
                f"{market.market_id}: {mode.mode} 节省时间超过该类城市的出行时间 "
                f"{mode.mode} saves more time than its trip takes in tier {market.tier}"
            )
        if -mode.cost_change_cny > modes.cost_cny[m, 0]:
            notes.append(
                f"{market.market_id}: {mode.mode} 费用降幅超过该类城市的出行费用 "
                f"{mode.mode} becomes cheaper by more than its trip costs in tier {market.tier}: travellers are paid"
            )
    return tuple(notes)


def _overshoot(
    market: PassengerMarket, modes: Modes, before: _Travel, free: _Travel, after: _Travel
) -> tuple[str, ...]:
    """One pass of the curve may turn a gain of car km into a loss, or a loss into a gain: say so."""
    base_km = _car_km(modes, before)
    if (_car_km(modes, free) - base_km) * (_car_km(modes, after) - base_km) >= 0.0:
        return ()
    return (
        f"{market.market_id}: 拥堵反馈一次迭代过冲,请降低饱和度或变化幅度 "
        "one pass of congestion overshoots: lower capacity_ratio or the changes",
    )


def _result(
    market: PassengerMarket, modes: Modes, before: _Travel, after: _Travel, delay_min: float
) -> PassengerSplit:
    green, own_legs, public = travel_shares(modes, before.share)
    green_after, own_legs_after, public_after = travel_shares(modes, after.share)
    pairs = zip(
        modes.names,
        *(getattr(t, f).tolist() for f in ("share", "trips", "pkm", "vehicle_km") for t in (before, after)),
        strict=True,
    )
    return PassengerSplit(
        market_id=market.market_id,
        modes=tuple(PassengerModeResult(*pair) for pair in pairs),
        green_share_before=float(green),
        green_share_after=float(green_after),
        green_without_ebike_share_before=float(own_legs),
        green_without_ebike_share_after=float(own_legs_after),
        public_motorised_share_before=float(public),
        public_motorised_share_after=float(public_after),
        congestion_change_min=delay_min,
    )
