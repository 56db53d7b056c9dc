"""Urban trips by mode: shares of 2020 by tier of city, moved by levers through a pivot nested logit."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS
from services.common.levers import LeverPaths
from services.common.regions import load_region
from services.transport.base import TransportBase

_MIN_PER_HOUR = 60.0


@dataclass(frozen=True)
class Modes:
    """Modes of 2020 by city: trip shares, lengths, speeds, occupancy, [p, m]."""

    names: tuple[str, ...]
    nests: tuple[str, ...]  # [m]
    share: FloatArray
    length_km: FloatArray
    speed_km_per_h: FloatArray
    occupancy: FloatArray
    green: FloatArray  # [m] 1 when counted as green travel

    def position(self, mode: str) -> int:
        """Index of a mode."""
        return self.names.index(mode)


@dataclass(frozen=True)
class Passengers:
    """Urban trips and what follows from them, [p, y]."""

    trips: FloatArray
    mode_share: FloatArray  # [m, p, y]
    green_share: FloatArray
    green_share_without_ebike: FloatArray
    public_motorised_share: FloatArray
    car_km: FloatArray
    car_km_without_levers: FloatArray
    taxi_ratio: FloatArray  # taxi travel over that without levers
    metro_pkm: FloatArray


@lru_cache(maxsize=8)
def modes_of(region_id: str, as_of_year: int = 0) -> Modes:
    """Modes of every city by its tier."""
    region = load_region(region_id, as_of_year)
    rows = region.table("transport/passenger_modes").rows()
    tiers = [str(region.leaf("transport", "passenger_tier", c).value) for c in region.city_ids]
    by_tier = {t: [r for r in rows if r["tier"] == t] for t in tiers}
    first = by_tier[tiers[0]]

    def column(name: str) -> FloatArray:
        return np.array([[r[name] for r in by_tier[t]] for t in tiers])

    return Modes(
        names=tuple(r["mode"] for r in first),
        nests=tuple(r["nest"] for r in first),
        share=column("trip_share"),
        length_km=column("trip_length_km"),
        speed_km_per_h=column("speed_km_per_h"),
        occupancy=np.nan_to_num(column("occupancy"), nan=1.0),
        green=np.array([r["green"] for r in first], dtype=np.float64),
    )


def passenger_travel(
    base: TransportBase, paths: LeverPaths, baseline: LeverPaths, urban_persons: FloatArray
) -> Passengers:
    """Trips, shares and km from 2020 on."""
    modes = modes_of(base.region.region_id, base.region.as_of_year)
    utility = _utility(base, paths, modes)
    share = pivot_nested_logit(modes, utility, base.number("nest_dissimilarity"))
    telework = paths.by_place("transport.telework_share")
    all_trips = urban_persons * base.number("trips_per_person_day") * DAYS
    trips = all_trips * (1.0 - base.number("telework_trip_share") * (telework - telework[:, :1]))
    car, taxi, metro, e_bike = (modes.position(m) for m in ("car", "taxi", "metro", "e_bike"))
    occupancy = paths.by_place("transport.car_occupancy")
    start_share = modes.share.T[:, :, None]
    length = modes.length_km.T[:, :, None]
    car_start = all_trips * start_share[car] * length[car] / modes.occupancy[:, car, None]
    car_km = trips * share[car] * length[car] / modes.occupancy[:, car, None]
    green = np.einsum("m,mpy->py", modes.green, share)
    public = share[modes.position("bus")] + share[metro]
    return Passengers(
        trips=trips,
        mode_share=share,
        green_share=green,
        green_share_without_ebike=green - share[e_bike],
        public_motorised_share=public / (public + share[car] + share[taxi]),
        car_km=car_km * occupancy[:, :1] / occupancy,
        car_km_without_levers=car_start,
        taxi_ratio=trips * share[taxi] / (all_trips * start_share[taxi]),
        metro_pkm=trips * share[metro] * length[metro],
    )


def pivot_nested_logit(modes: Modes, utility: FloatArray, dissimilarity: float) -> FloatArray:
    """Shares moved from those of 2020 by changes of utility, [m, p, y]; each (p, y) sums to 1.

    s'(m|n) = s(m|n) e^(dU/l) / sum;  dIV = ln sum s(m|n) e^(dU/l);  s'(n) = s(n) e^(l dIV) / sum
    """
    start = modes.share.T / modes.share.sum(axis=1)
    weighted = start[:, :, None] * np.exp(utility / dissimilarity)
    share = np.empty_like(weighted)
    for nest in dict.fromkeys(modes.nests):
        members = [i for i, n in enumerate(modes.nests) if n == nest]
        total = start[members].sum(axis=0)[:, None]
        inclusive = weighted[members].sum(axis=0) / total
        share[members] = weighted[members] / inclusive * inclusive**dissimilarity
    normed: FloatArray = share / share.sum(axis=0)
    return normed


def _utility(base: TransportBase, paths: LeverPaths, modes: Modes) -> FloatArray:
    """Change of utility against 2020 by mode, [m, p, y]."""

    def since_2020(lever: str) -> tuple[FloatArray, FloatArray]:
        path = paths.by_place(f"transport.{lever}")
        return path, path[:, :1]

    per_minute = base.number("utility_per_minute")
    utility = np.zeros((len(modes.names), len(modes.share), len(paths.years)))
    metro, metro_0 = since_2020("metro_length")
    saved = np.minimum(
        base.number("metro_wait_min") * (metro / np.maximum(metro_0, 1.0) - 1.0),
        base.number("metro_wait_limit_min"),
    )
    utility[modes.position("metro")] = -2.0 * per_minute * saved
    lane, lane_0 = since_2020("bus_lane_length")
    bus = modes.position("bus")
    ride_min = modes.length_km[:, bus] / modes.speed_km_per_h[:, bus] * _MIN_PER_HOUR
    covered = (lane - lane_0) / base.local("bus_route_km")
    utility[bus] = -per_minute * base.number("bus_lane_time_share") * covered * ride_min[:, None]
    service, service_0 = since_2020("bus_service")
    utility[bus] += base.number("bus_service_utility") * np.log(service / service_0)
    network, network_0 = since_2020("cycling_network")
    for mode in ("bicycle", "e_bike"):
        utility[modes.position(mode)] = base.number("cycling_utility") * np.log(network / network_0)
    parking, parking_0 = since_2020("parking_price")
    charge, charge_0 = since_2020("congestion_charge")
    cost = base.number("parking_paid_share") * (parking - parking_0)
    cost = cost + base.number("core_trip_share") * (charge - charge_0)
    utility[modes.position("car")] = base.number("utility_per_cny") * cost
    return utility
