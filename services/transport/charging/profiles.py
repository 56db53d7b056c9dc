"""Hours of a day by place of charging, fitted to what was observed.

Survey and tariff give a first shape for each place; together, at the usual shares of places, they miss the observed
shape of all passenger vehicles by more than a point in an hour. Biproportional fitting (RAS, iterative proportional
fitting; Deming and Stephan 1940) scales the hours of all places alike until their sum is the observed shape, while
each place keeps its energy and its empty hours. So usual shares give the observed shape exactly, and other shares
move it continuously.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.common.axes import DAYS, FIRST_WEEKDAY, SATURDAY
from services.common.recording import kept
from services.common.region_files import RegionDataError
from services.common.regions import Region, load_region
from services.transport.charging.temperature import LEAVES, NORMAL, region_day_factors

HOME: Final = "charging_home"
VALLEY: Final = "charging_home_valley"
WORK: Final = "charging_work"
PUBLIC: Final = "charging_public_fast"
FLEET: Final = "charging_fleet"
DEPOT: Final = "charging_truck_depot"
FAST: Final = "charging_truck_fast"
BUS: Final = "charging_bus_depot"
TWO_WHEELER: Final = "charging_two_wheeler"

DAY_TYPES: Final = ("weekday", "weekend", "holiday")
WEEKDAY, WEEKEND, HOLIDAY = range(len(DAY_TYPES))
_ROUNDS = 5000
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class DayProfiles:
    """Every load shape of transport before weather: rows as in the table of shapes."""

    rows: tuple[Mapping[str, Any], ...]
    hourly: FloatArray  # [shape, day type, 24] share of a day's energy
    day_factor: FloatArray  # [shape, day] energy of a day over that of a weekday
    day_type: NDArray[np.int64]  # [day] index into DAY_TYPES

    def position(self, shape: str) -> int:
        """Row of a shape."""
        return next(i for i, row in enumerate(self.rows) if row["shape"] == shape)


def fit_to_total(shapes: FloatArray, shares: FloatArray, total: FloatArray) -> FloatArray:
    """Shapes [n, 24] scaled by hour so that sum(shares x shapes) = total [24]; every row sums to 1, zeros stay.

    `shares` [n] and `total` sum to 1. Raises RegionDataError when the observed shape cannot be met, that is when an
    hour has energy that no place can give.
    """
    flow = shapes / shapes.sum(axis=1, keepdims=True) * shares[:, None]
    for _ in range(_ROUNDS):
        hour = flow.sum(axis=0)
        flow = flow * np.divide(total, hour, out=np.zeros_like(total), where=hour > 0)
        flow = flow * (shares / flow.sum(axis=1))[:, None]
        if np.abs(flow.sum(axis=0) - total).max() <= _TOLERANCE:
            fitted: FloatArray = flow / flow.sum(axis=1, keepdims=True)
            return fitted
    raise RegionDataError("charging by place cannot be fitted to the observed day: an hour lacks a place")


@kept(maxsize=8)
def day_profiles(region_id: str) -> DayProfiles:
    """Profiles of a region, fitted once, in its normal weather."""
    region = load_region(region_id)
    table = region.table("transport/day_profiles")
    rows = tuple(region.table("transport/load_shapes").rows())
    hourly = np.stack([[table.numbers(row["profile"])] * len(DAY_TYPES) for row in rows])
    hourly = hourly / hourly.sum(axis=2, keepdims=True)
    day_type = _day_types(region)
    factor = np.stack([_day_factor(region, row) for row in rows])
    made = DayProfiles(rows, hourly, factor, day_type)
    for observed, usual in (("passenger", _usual_cars(region)), ("freight", _usual_trucks(region))):
        _fit(region, made, observed, usual)
    hourly.flags.writeable = False
    return made


def _fit(region: Region, profiles: DayProfiles, observed: str, usual: Mapping[str, float]) -> None:
    """Fit the rows of `usual` (shape: share of the year's energy) on weekdays and on weekends, in place.

    A place's share of a day differs from that of the year by its day factors. Holidays have the hours of weekends.
    """
    at = [profiles.position(shape) for shape in usual]
    weather = region_day_factors(region.region_id, NORMAL)
    year = (profiles.day_factor[at] * weather).sum(axis=1)
    table = region.table("transport/charging_observed")
    for kind, name in ((WEEKDAY, "weekday"), (WEEKEND, "weekend")):
        first = int(np.flatnonzero(profiles.day_type == kind)[0])
        share = np.array(list(usual.values())) * profiles.day_factor[at, first] / year
        total = table.numbers(f"{observed}_{name}")
        fitted = fit_to_total(profiles.hourly[at, kind], share / share.sum(), total / total.sum())
        profiles.hourly[at, kind] = fitted
        if kind == WEEKEND:
            profiles.hourly[at, HOLIDAY] = fitted


def place_shares(region: Region, vehicle_class: str) -> dict[str, float]:
    """Shares of a class' charging by shape that are no levers."""
    rows = region.table("transport/charging_places").rows()
    return {r["shape"]: r["share"] for r in rows if r["vehicle_class"] == vehicle_class}


def car_shares(work: float, public: FloatArray, valley: FloatArray) -> tuple[FloatArray, ...]:
    """Shares of private charging at home on arrival, at home in the valley, at work, at public chargers.

    Work gives way when public charging needs the room.
    """
    at_work = np.minimum(work, 1.0 - public)
    home = 1.0 - public - at_work
    return home * (1.0 - valley), home * valley, at_work, public


def _usual_cars(region: Region) -> dict[str, float]:
    public = np.array(region.number(LEAVES, "default_public_fast_share"))
    valley = np.array(region.number(LEAVES, "default_home_valley_share"))
    shares = car_shares(place_shares(region, "private_car")[WORK], public, valley)
    return {n: float(s) for n, s in zip((HOME, VALLEY, WORK, PUBLIC), shares, strict=True)}


def _usual_trucks(region: Region) -> dict[str, float]:
    """Electric trucks that were monitored are light trucks in the main."""
    return place_shares(region, "light_truck")


def _day_types(region: Region) -> NDArray[np.int64]:
    day = np.arange(DAYS)
    kind = np.where((day + FIRST_WEEKDAY) % 7 >= SATURDAY, WEEKEND, WEEKDAY)
    for first, length in holidays(region):
        kind[first : first + length] = HOLIDAY
    return kind


def holidays(region: Region) -> tuple[tuple[int, int], tuple[int, int]]:
    """First day and length of the Spring Festival and of the October holiday."""
    return (
        (int(region.number("calendar", "lunar_new_year_day")), int(region.number(LEAVES, "holiday_days"))),
        (
            int(region.number("calendar", "october_holiday_first_day")),
            int(region.number("calendar", "october_holiday_days")),
        ),
    )


def _day_factor(region: Region, row: Mapping[str, Any]) -> FloatArray:
    """Energy of each day over that of a weekday, [day]."""
    day = np.arange(DAYS)
    factor = np.where((day + FIRST_WEEKDAY) % 7 >= SATURDAY, row["weekend_factor"], 1.0)
    for name, (first, length) in zip(("festival", "october"), holidays(region), strict=True):
        factor[first : first + length] = row[f"{name}_factor"]
    return factor
