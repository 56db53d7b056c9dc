"""Metrics of passenger travel: rows, and their values from a projection."""

from typing import Final

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.indicators.project import Part, Projection
from services.transport.indicators.rows import row

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "green_travel_share",
        "绿色出行比例",
        "green travel share, electric bicycles counted with bicycles",
        "share",
        "JSP-34",
        "JSS-05",
        "NTP-14",
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
    row("rail_pkm", "铁路旅客周转量", "rail passenger-km", "pkm"),
    row("metro_pkm", "城市轨道客运周转量", "urban rail passenger-km", "pkm"),
)


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    passengers = p.activity.passengers
    return {
        "urban_trip_count": passengers.trips,
        "rail_pkm": p.activity.intercity.rail_pkm,
        "metro_pkm": passengers.metro_pkm,
    }


def shares(p: Projection) -> dict[str, Part]:
    """Shares as (part, whole), [p, y] each."""
    passengers = p.activity.passengers
    trips = passengers.trips
    return {
        "green_travel_share": (passengers.green_share * trips, trips),
        "green_travel_without_ebike_share": (passengers.green_share_without_ebike * trips, trips),
        "public_motorised_share": (passengers.public_motorised_share * trips, trips),
    }
