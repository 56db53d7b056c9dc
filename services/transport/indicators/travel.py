"""Metrics of passenger travel: rows, and their values from a projection."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.indicators.project import Part, Projection
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


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    passengers, intercity = p.activity.passengers, p.activity.intercity
    urban = {
        f"urban_{mode}_pkm": pkm
        for mode, pkm in zip(passengers.modes, passengers.mode_pkm, strict=True)
        if mode not in _PKM_ELSEWHERE
    }
    return urban | {
        "urban_trip_count": passengers.trips,
        "metro_pkm": passengers.metro_pkm,
        "urban_car_km": passengers.car_km,
        "intercity_car_pkm": intercity_car_pkm(p),
        "coach_pkm": intercity.coach_pkm,
        "rail_pkm": intercity.rail_pkm,
        "hsr_pkm": intercity.hsr_pkm,
        "conventional_rail_pkm": intercity.conventional_rail_pkm,
        "air_pkm": intercity.air_pkm,
        "air_passenger_count": intercity.air_passengers,
        "air_to_rail_pkm": intercity.shifted_pkm,
    }


def shares(p: Projection) -> dict[str, Part]:
    """Shares as (part, whole), [p, y] each."""
    passengers = p.activity.passengers
    trips = passengers.trips
    by_mode = passengers.mode_share * trips
    motorised = np.sum([by_mode[passengers.position(m)] for m in ("bus", "metro", "car", "taxi")], axis=0)
    return {
        "green_travel_share": (passengers.green_share * trips, trips),
        "green_travel_without_ebike_share": (passengers.green_share_without_ebike * trips, trips),
        "public_motorised_share": (passengers.public_motorised_share * motorised, motorised),
        **{f"{m}_trip_share": (by_mode[i], trips) for i, m in enumerate(passengers.modes)},
        "urban_car_km_ratio": (passengers.car_km, _private_car_km(p)),
        "car_occupancy": (passengers.mode_pkm[passengers.position("car")], passengers.car_km),
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
