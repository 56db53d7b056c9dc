"""Urban travel of residents: trips, shares by mode, passenger-km and car-km, from 2020 on.

trips = urban residents x trips a day x days;  pkm = trips x share x length;  vehicle-km = pkm / occupancy
"""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS
from services.common.levers import LeverPaths
from services.transport.base import TransportBase
from services.transport.travel.choice import pivot_nested_logit
from services.transport.travel.modes import E_BIKE, Modes, modes_of, travel_numbers
from services.transport.travel.service import utility_changes


@dataclass(frozen=True)
class Passengers:
    """Urban trips and what follows from them, [p, y]."""

    modes: tuple[str, ...]  # [m]
    trips: FloatArray
    mode_share: FloatArray  # [m, p, y]
    mode_pkm: FloatArray  # [m, p, y]
    green_share: FloatArray
    green_share_without_ebike: FloatArray
    public_motorised_share: FloatArray
    car_km: FloatArray
    car_km_without_levers: FloatArray
    taxi_ratio: FloatArray  # taxi travel over that without levers
    metro_pkm: FloatArray

    def position(self, mode: str) -> int:
        """Index of a mode."""
        return self.modes.index(mode)


def passenger_travel(
    base: TransportBase, paths: LeverPaths, urban_persons: FloatArray, fuel_price: FloatArray
) -> Passengers:
    """Trips, shares and km from 2020 on; urban_persons [p, y], fuel_price [y] of cars over 2020's.

    Shares of 2020 are facts of the base year, not a path of the baseline: levers move them by their change since
    2020, whichever baseline they stand in.
    """
    modes = modes_of(base.region.region_id, base.region.as_of_year)
    numbers = travel_numbers(base.region.region_id, base.region.as_of_year)
    utility = utility_changes(base, paths, modes, fuel_price)
    start = modes.share[:, :, None]
    share = pivot_nested_logit(start, modes.nests, utility, numbers["nest_dissimilarity"])
    all_trips = urban_persons * numbers["trips_per_person_day"] * DAYS
    telework = paths.by_place("transport.telework_share")
    trips = all_trips * (1.0 - numbers["telework_trip_share"] * (telework - telework[:, :1]))
    pkm = trips * share * modes.length_km[:, :, None]
    car, taxi, metro = (modes.position(m) for m in ("car", "taxi", "metro"))
    persons = paths.by_place("transport.car_occupancy")
    occupancy = modes.occupancy[car, :, None]
    green, without_ebike, public = travel_shares(modes, share)
    return Passengers(
        modes=modes.names,
        trips=trips,
        mode_share=share,
        mode_pkm=pkm,
        green_share=green,
        green_share_without_ebike=without_ebike,
        public_motorised_share=public,
        car_km=pkm[car] / (occupancy * persons / persons[:, :1]),
        car_km_without_levers=all_trips * start[car] * modes.length_km[car, :, None] / occupancy,
        taxi_ratio=trips * share[taxi] / (all_trips * start[taxi]),
        metro_pkm=pkm[metro],
    )


def travel_shares(modes: Modes, share: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Green travel share with and without electric bicycles, and public transport in trips by motor.

    Green travel 绿色出行: urban rail, bus, bicycle and walking in all trips (action plan for green travel, 2020);
    the wording names no electric bicycles, cities count them with bicycles: both are told.
    Public in motorised trips 公共交通机动化出行分担率: (bus + metro) / (bus + metro + car + taxi).
    """
    green = sum((share[m] for m in np.flatnonzero(modes.green)), start=np.zeros(share.shape[1:]))
    bus, metro, car, taxi = (share[modes.position(m)] for m in ("bus", "metro", "car", "taxi"))
    public = bus + metro
    motorised = public + car + taxi
    part = np.divide(public, motorised, out=np.zeros_like(motorised), where=motorised > 0)
    return green, green - share[modes.position(E_BIKE)], part
