"""Metrics of passenger travel: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.indicators.project import Part, Projection, ShareMakers, SumMakers, Sums
from services.transport.indicators.rows import row

_GREEN: Final = ("JSP-34", "JSS-05", "NTP-14")
_MODES: Final = {
    "walk": ("步行", "walking"),
    "bicycle": ("自行车", "bicycle"),
    "e_bike": ("电动自行车", "electric bicycle"),
    "bus": ("公交", "bus"),
    "metro": ("城市轨道", "urban rail"),
    "taxi": ("出租与网约车", "taxi and ride-hailing"),
    "car": ("小汽车", "car"),
    "other": ("其他方式", "other modes"),
}
_PKM_ELSEWHERE: Final = ("metro",)  # has its own row: metro_pkm

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "green_travel_share",
        "绿色出行比例",
        "green travel share, electric bicycles counted with bicycles",
        "share",
        *_GREEN,
    ),
    row(
        "green_travel_without_ebike_share",
        "绿色出行比例（不含电动自行车）",
        "green travel share without electric bicycles",
        "share",
    ),
    row(
        "public_motorised_share",
        "公共交通机动化出行分担率",
        "public transport in motorised trips",
        "share",
    ),
    row("urban_trip_count", "城市出行量", "urban trips", "trips"),
    *(row(f"{m}_trip_share", f"{zh}出行分担率", f"trips by {en}", "share") for m, (zh, en) in _MODES.items()),
    *(
        row(f"urban_{m}_pkm", f"城市{zh}客运周转量", f"urban passenger-km by {en}", "pkm")
        for m, (zh, en) in _MODES.items()
        if m not in _PKM_ELSEWHERE
    ),
    row("metro_pkm", "城市轨道客运周转量", "urban rail passenger-km", "pkm"),
    row("urban_car_km", "小汽车城市行驶里程", "urban vehicle-km of cars", "km"),
    row(
        "urban_car_km_ratio",
        "小汽车城市出行里程与车队里程之比",
        "urban car travel over the distance of private cars; above 1 levers contradict each other",
        "ratio",
    ),
    row("car_occupancy", "小汽车载客率", "persons per car on urban trips", "person/vehicle"),
    row("intercity_car_pkm", "小汽车城际客运周转量", "passenger-km by private car beyond urban trips", "pkm"),
    row("coach_pkm", "公路客运周转量", "passenger-km by coach", "pkm"),
    row("rail_pkm", "铁路旅客周转量", "rail passenger-km", "pkm"),
    row("hsr_pkm", "高铁旅客周转量", "high-speed rail passenger-km", "pkm"),
    row("conventional_rail_pkm", "普速铁路旅客周转量", "conventional rail passenger-km", "pkm"),
    row("air_pkm", "航空旅客周转量", "passenger-km of departing air passengers", "pkm"),
    row("air_passenger_count", "机场旅客吞吐量", "airport passengers", "persons"),
    row("air_to_rail_pkm", "航空转高铁周转量", "passenger-km moved from air to high-speed rail", "pkm"),
)


def _by_mode(mode: str) -> Callable[[Projection], FloatArray]:
    def pkm(p: Projection) -> FloatArray:
        passengers = p.activity.passengers
        return np.asarray(passengers.mode_pkm[passengers.position(mode)])

    return pkm


SUMS: Final[SumMakers] = {
    **{f"urban_{mode}_pkm": _by_mode(mode) for mode in _MODES if mode not in _PKM_ELSEWHERE},
    "urban_trip_count": lambda p: p.activity.passengers.trips,
    "metro_pkm": lambda p: p.activity.passengers.metro_pkm,
    "urban_car_km": lambda p: p.activity.passengers.car_km,
    "intercity_car_pkm": lambda p: intercity_car_pkm(p),
    "coach_pkm": lambda p: p.activity.intercity.coach_pkm,
    "rail_pkm": lambda p: p.activity.intercity.rail_pkm,
    "hsr_pkm": lambda p: p.activity.intercity.hsr_pkm,
    "conventional_rail_pkm": lambda p: p.activity.intercity.conventional_rail_pkm,
    "air_pkm": lambda p: p.activity.intercity.air_pkm,
    "air_passenger_count": lambda p: p.activity.intercity.air_passengers,
    "air_to_rail_pkm": lambda p: p.activity.intercity.shifted_pkm,
}


def _trips_by_mode(p: Projection) -> FloatArray:
    passengers = p.activity.passengers
    return passengers.mode_share * passengers.trips


def _trips_of(mode: str) -> Callable[[Projection, Sums], Part]:
    def part(p: Projection, sums: Sums) -> Part:
        passengers = p.activity.passengers
        return p.once(_trips_by_mode)[passengers.position(mode)], passengers.trips

    return part


def _public_motorised(p: Projection, sums: Sums) -> Part:
    passengers, by_mode = p.activity.passengers, p.once(_trips_by_mode)
    motorised = np.sum([by_mode[passengers.position(m)] for m in ("bus", "metro", "car", "taxi")], axis=0)
    return passengers.public_motorised_share * motorised, motorised


def _green(p: Projection, sums: Sums) -> Part:
    passengers = p.activity.passengers
    return passengers.green_share * passengers.trips, passengers.trips


def _green_without_ebike(p: Projection, sums: Sums) -> Part:
    passengers = p.activity.passengers
    return passengers.green_share_without_ebike * passengers.trips, passengers.trips


def _persons_a_car(p: Projection, sums: Sums) -> Part:
    passengers = p.activity.passengers
    return passengers.mode_pkm[passengers.position("car")], passengers.car_km


SHARES: Final[ShareMakers] = {
    "green_travel_share": _green,
    "green_travel_without_ebike_share": _green_without_ebike,
    "public_motorised_share": _public_motorised,
    **{f"{m}_trip_share": _trips_of(m) for m in _MODES},
    "urban_car_km_ratio": lambda p, sums: (p.activity.passengers.car_km, _private_car_km(p)),
    "car_occupancy": _persons_a_car,
}


def intercity_car_pkm(p: Projection) -> FloatArray:
    """Passenger-km by private car beyond urban trips, [p, y]: distance of the fleet less urban distance.

    The fleet is authoritative. Where settings leave it less distance than urban trips need (ownership or mileage far
    below, trips as before), nothing is left for travel between cities and urban_car_km_ratio tells it by exceeding 1.
    """
    left: FloatArray = np.maximum(_private_car_km(p) - p.activity.passengers.car_km, 0.0) * car_occupancy(p)
    return left


def car_occupancy(p: Projection) -> FloatArray:
    """Persons per car on urban trips, [p, y]."""
    passengers = p.activity.passengers
    persons: FloatArray = passengers.mode_pkm[passengers.position("car")] / passengers.car_km
    return persons


def _private_car_km(p: Projection) -> FloatArray:
    """Distance of private cars by the stock route, which is authoritative, [p, y]."""
    return np.asarray(p.activity.fleet.totals.km[p.base.position("private_car")])
