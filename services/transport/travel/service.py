"""Level of service: what the levers of urban travel change in time, cost and utility of each mode.

Shares of 2020 are facts of the base year, so every lever moves them by its change since 2020 (its own baseline
included). Two kinds of responses:
- time and cost enter utility by the values of a minute and a yuan; waiting and walking count twice;
- where the literature knows an elasticity instead (fares, bus service, metro network, cycle lanes), the utility is
  such that the mode answers with it at the base.
Part of a response comes at once, the rest with 1 - exp(-t / years).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.transport.base import NEW_ENERGY, TransportBase
from services.transport.travel.choice import group_response
from services.transport.travel.modes import (
    CARS,
    CYCLES,
    PUBLIC,
    Modes,
    elasticities,
    modes_of,
    travel_numbers,
)
from services.transport.travel.prices import adjusted

_ANSWERING: Final = {
    "transit_fare": PUBLIC,
    "bus_service": ("bus",),
    "metro_length": ("metro",),
    "cycling_network": CYCLES,
}


@dataclass(frozen=True)
class _Changes:
    """Changes of utility in the long run, [m, p, y], split by when they are felt."""

    at_once: FloatArray
    later: FloatArray

    def add(self, modes: tuple[int, ...], utility: FloatArray, short_run: float) -> None:
        for m in modes:
            self.at_once[m] += short_run * utility
            self.later[m] += (1.0 - short_run) * utility


def utility_changes(
    base: TransportBase, paths: LeverPaths, modes: Modes, fuel_price: FloatArray
) -> FloatArray:
    """Change of utility against 2020 by mode, [m, p, y], with the adjustment over time; fuel_price [y] over 2020's."""
    numbers = travel_numbers(base.region.region_id, base.region.as_of_year)
    shape = (*modes.share.shape, len(paths.years))
    changes = _Changes(np.zeros(shape), np.zeros(shape))
    _by_elasticity(base, paths, changes)
    _by_time(base, paths, modes, numbers, changes)
    _by_cost(base, paths, modes, numbers, fuel_price, changes)
    return changes.at_once + adjusted(changes.later, numbers["adjustment_years"])


def _since_2020(paths: LeverPaths, lever: str) -> tuple[FloatArray, FloatArray]:
    path = paths.by_place(f"transport.{lever}")
    return path, path[:, :1]


@kept(maxsize=8)
def _responses(region_id: str, as_of_year: int) -> Mapping[str, tuple[tuple[int, ...], FloatArray, float]]:
    """By response: modes that answer, utility [p, 1] that gives the long-run elasticity, short over long run."""
    modes = modes_of(region_id, as_of_year)
    dissimilarity = travel_numbers(region_id, as_of_year)["nest_dissimilarity"]
    found = {}
    for response, names in _ANSWERING.items():
        row = elasticities(region_id, as_of_year)[response]
        group = modes.positions(names)
        own = group_response(modes.share, modes.nests, group, dissimilarity)[:, None]
        found[response] = (group, row["long_run"] / own, row["short_run"] / row["long_run"])
    return found


def _by_elasticity(base: TransportBase, paths: LeverPaths, changes: _Changes) -> None:
    """Fares, bus service, metro and cycle network: utility of the elasticity at the base."""
    fare, fare_0 = _since_2020(paths, "transit_fare_change")
    service, service_0 = _since_2020(paths, "bus_service")
    metro, metro_0 = _since_2020(paths, "metro_length")
    network, network_0 = _since_2020(paths, "cycling_network")
    known = _responses(base.region.region_id, base.region.as_of_year)
    for response, index in (
        ("transit_fare", fare - fare_0),  # linear: fares may fall to nothing
        ("bus_service", np.log(service / service_0)),
        ("metro_length", np.log(metro / metro_0)),
        ("cycling_network", np.log(network / network_0)),
    ):
        group, utility, short_run = known[response]
        changes.add(group, utility * index, short_run)


def _by_time(
    base: TransportBase,
    paths: LeverPaths,
    modes: Modes,
    numbers: Mapping[str, float],
    changes: _Changes,
) -> None:
    """Bus lanes and the speed of cars: minutes in the vehicle."""
    per_minute, short_run = numbers["utility_per_minute"], numbers["short_run_share"]
    lane, lane_0 = _since_2020(paths, "bus_lane_length")
    covered = (lane - lane_0) / base.local("bus_route_km")
    bus = modes.position("bus")
    saved = numbers["bus_lane_time_share"] * covered * modes.ride_min[bus, :, None]
    changes.add((bus,), -per_minute * saved, short_run)
    speed, speed_0 = _since_2020(paths, "car_speed")
    slower = 1.0 / speed - 1.0 / speed_0
    for m in modes.positions(CARS):
        changes.add((m,), per_minute * modes.ride_min[m, :, None] * slower, short_run)


def _by_cost(
    base: TransportBase,
    paths: LeverPaths,
    modes: Modes,
    numbers: Mapping[str, float],
    fuel_price: FloatArray,
    changes: _Changes,
) -> None:
    """Parking, congestion charge and energy prices: money paid at the wheel.

    Cost is damped: a yuan counts in proportion to what the trip costs already (C ln(1 + dC / C), slope 1 at the base),
    else large charges would empty the streets. No lever within its bounds makes a trip cost less than nothing.
    """
    parking, parking_0 = _since_2020(paths, "parking_price")
    charge, charge_0 = _since_2020(paths, "congestion_charge")
    car = modes.position("car")
    paid = (parking - parking_0) + numbers["core_trip_share"] * (charge - charge_0)
    energy = modes.length_km[car, :, None] * _energy_price_change(base, paths, numbers, fuel_price)
    before = modes.cost_cny[car, :, None]
    felt = np.log1p(paid / before) * numbers["car_cost_weight"]
    felt += np.log1p(energy / before) * numbers["fuel_cost_weight"]
    changes.add((car,), numbers["utility_per_cny"] * before * felt, numbers["short_run_share"])


def _energy_price_change(
    base: TransportBase, paths: LeverPaths, numbers: Mapping[str, float], fuel_price: FloatArray
) -> FloatArray:
    """Change of a car's energy cost by prices alone, CNY/km [p, y]; electric cars feel the price of electricity.

    The electric part of the cars follows the path of sales shares at the pace at which cars are renewed.
    """
    power = paths.path("drivers.electricity_price_multiplier")
    fuel = numbers["fuel_cny_per_km"] * (fuel_price - 1.0)
    charging = numbers["charging_cny_per_km"] * (power - power[0])
    if not fuel.any() and not charging.any():
        return np.zeros((len(paths.cities), len(paths.years)))
    sold = paths.by_place("transport.nev_sales_share_private_car")
    electric = np.empty_like(sold)
    electric[:, 0] = _new_energy_share(base)
    for y in range(1, sold.shape[1]):
        renewed = numbers["car_renewal_per_year"] * (sold[:, y] - electric[:, y - 1])
        electric[:, y] = electric[:, y - 1] + renewed
    electric *= numbers["nev_electric_km_share"]
    change: FloatArray = (1.0 - electric) * fuel + electric * charging
    return change


def _new_energy_share(base: TransportBase) -> FloatArray:
    """New-energy share of private cars at the end of 2020, [p]."""
    stock = base.stock_count[:, base.position("private_car")]
    share: FloatArray = stock[:, list(NEW_ENERGY)].sum(axis=1) / stock.sum(axis=1)
    return share
