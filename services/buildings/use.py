"""Schedules of use, by hour of the year: occupancy, equipment, lighting; availability of usage modes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, FIRST_WEEKDAY, SATURDAY
from services.common.recording import kept
from services.common.regions import Region, load_region

END_USES: Final = "buildings/end_uses"
COOLING_OWNERSHIP: Final = "buildings/cooling_ownership"
PHYSICS: Final = "buildings/physics"
_OFF: Final = 99.0


def holidays(region: Region) -> tuple[FloatArray, FloatArray]:
    """Masks of days: spring festival, October holiday, [day]."""
    day = np.arange(DAYS)
    first = int(region.number("calendar", "lunar_new_year_day"))
    festival = (day >= first) & (day < first + int(region.number(PHYSICS, "spring_festival_days")))
    october = int(region.number("calendar", "october_holiday_first_day"))
    length = int(region.number("calendar", "october_holiday_days"))
    return festival.astype(float), ((day >= october) & (day < october + length)).astype(float)


@kept(maxsize=128)
def schedule(region_id: str, name: str, kind: str) -> FloatArray:
    """Share of the maximum, [h]: workdays and weekends; offices and schools rest in holidays."""
    region = load_region(region_id)
    rows = {
        (r["schedule"], r["day_type"], r["kind"]): np.array([r[f"h{h:02d}"] for h in range(24)])
        for r in region.table("buildings/schedules").rows()
    }
    day = np.arange(DAYS)
    festival, october = holidays(region)
    free = (day + FIRST_WEEKDAY) % 7 >= SATURDAY
    if name != "res":
        free = free | (festival + october > 0)
    values = np.where(free[:, None], rows[name, "weekend", kind], rows[name, "workday", kind])
    if name == "sch":
        for season in ("winter", "summer"):
            first, end = (
                int(region.number(PHYSICS, f"school_{season}_holiday_{day}_day")) for day in ("first", "end")
            )
            values[first:end] *= region.number(PHYSICS, "school_holiday_share")
    elif name not in ("res", "off"):
        values = (
            values * (1 - festival * (1 - region.number(PHYSICS, "spring_festival_public_share")))[:, None]
        )
    flat = np.ascontiguousarray(values.ravel())
    flat.flags.writeable = False
    return flat


def mode_setpoints(
    region: Region, mode: Mapping[str, Any], daily_mean_degc: FloatArray, comfort_k: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Heating and cooling set-points of a usage mode, degC [h]; beyond +-90 when off.

    `comfort_k` raises the winter and lowers the summer set-point.
    """
    hours = {
        (r["mode"], r["system"]): np.array([r[f"h{h:02d}"] for h in range(24)])
        for r in region.table("buildings/usage_hours").rows()
    }
    cold_day = (daily_mean_degc < mode["heat_below_degc"])[:, None]
    hot_day = (daily_mean_degc > mode["cool_above_degc"])[:, None]
    heated = cold_day & (hours[mode["mode"], "heating"] > 0)
    cooled = hot_day & (hours[mode["mode"], "cooling"] > 0)
    heat = np.where(heated, mode["heating_setpoint_degc"] + comfort_k, -_OFF)
    cool = np.where(cooled, mode["cooling_setpoint_degc"] - comfort_k, _OFF)
    return np.ascontiguousarray(heat.ravel()), np.ascontiguousarray(cool.ravel())


def public_setpoints(
    region: Region, archetype: Mapping[str, Any], name: str, heat_degc: float, cool_degc: float
) -> tuple[FloatArray, FloatArray]:
    """Set-points of a public building, degC [h]: running in its season and opening hours on days of use."""

    def value(leaf: str) -> float:
        return region.number(PHYSICS, leaf)

    day = np.arange(DAYS)
    hour = np.arange(24)
    occupied = schedule(region.region_id, name, "occ").reshape(DAYS, 24).max(axis=1)
    occupied = occupied > value("running_occupancy_share")
    open_now = (hour >= archetype["start_hour"]) & (hour < archetype["end_hour"])
    running = occupied[:, None] & open_now[None, :]
    winter = (day >= value("public_heating_first_day")) | (day <= value("public_heating_last_day"))
    summer = (day >= value("public_cooling_first_day")) & (day <= value("public_cooling_last_day"))
    heat = np.where(running & winter[:, None], heat_degc, -_OFF)
    cool = np.where(running & summer[:, None], cool_degc, _OFF)
    return np.ascontiguousarray(heat.ravel()), np.ascontiguousarray(cool.ravel())


def rural_cooling_ownership(region: Region, years: Sequence[int]) -> FloatArray:
    """Air conditioners of a village household over those of one in town, [y]; modes of cooling are those of towns."""
    return region.leaf(COOLING_OWNERSHIP, "rural_cooling_ownership_ratio").path(tuple(years))
