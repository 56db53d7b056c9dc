"""Hourly shapes of industry by groups of branches, and of heat; fixed, independent of scenario and weather.

w = class[hour] . weekday . (1 - depth g(day)) . (1 - October) . month,  a branch;  group = sum of its branches
weighted by electricity of 2020; every shape sums to 1
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, FIRST_WEEKDAY, MONTH_DAYS, SATURDAY, SUNDAY
from services.common.digest import array_digest
from services.common.recording import kept
from services.common.regions import Region, load_region
from services.common.words import Label, LoadShape
from services.industry.base import HEAT, industry_base

HEAT_SHAPE: Final = "industry.heat"
HEAT_PUMP_SHAPE: Final = "industry.continuous"
_MONTH = np.repeat(np.arange(12), MONTH_DAYS)
_PEAK_SUMMER = (6, 7)
_SHOULDER_SUMMER = (5, 8)
_WINTER = (0, 1)


def shape_id(group: str) -> str:
    """Id of a group's shape."""
    return f"industry.{group}"


@kept(maxsize=8)
def load_shapes(region_id: str) -> tuple[LoadShape, ...]:
    """The basis: one shape a group of branches, and heat."""
    base = industry_base(region_id)
    region = base.region
    rows = region.table("industry/load_shape_branches").by("branch")
    classes = _classes(region)
    daily = {name: _daily(region, row) for name, row in rows.items()}
    shapes = []
    for group in region.table("industry/shapes").rows():
        members = [b for b, row in enumerate(base.branches) if row.shape == group["shape"]]
        hourly = np.zeros((DAYS, 24))
        for b in members:
            name = base.branches[b].branch
            profile = daily[name][:, None] * classes[rows[name]["shape_class"]]
            hourly += base.electricity_mwh[b] * profile / profile.sum()
        label = Label(group["label_zh"], group["label_en"])
        shapes.append(_shape(shape_id(group["shape"]), group["cause"], label, hourly))
    heat = sum(
        base.fuel_gj[b, HEAT] * daily[row.branch] / daily[row.branch].sum()
        for b, row in enumerate(base.branches)
    )
    hourly = np.repeat((heat * _heat_season(region))[:, None], 24, axis=1)
    shapes.append(_shape(HEAT_SHAPE, "heat", Label("热电联产供热", "heat from co-generation"), hourly))
    return tuple(shapes)


def _shape(name: str, cause: str, label: Label, hourly: FloatArray) -> LoadShape:
    share = np.ascontiguousarray((hourly / hourly.sum()).ravel())
    return LoadShape(name, array_digest(share), cause, label, share)


def _classes(region: Region) -> dict[str, FloatArray]:
    """Day of each class, [hour of day]."""
    table = region.table("industry/load_shape_classes")
    hours = np.array([table.numbers(f"h{h:02d}") for h in range(24)]).T
    return dict(zip(table.text("shape_class"), hours, strict=True))


def _daily(region: Region, row: Mapping[str, Any]) -> FloatArray:
    """Factor of each day of a branch, [day]: weekday, Spring Festival, October holiday, season."""
    day = np.arange(DAYS)
    weekday = (day + FIRST_WEEKDAY) % 7
    factor = np.ones(DAYS)
    factor[weekday == SATURDAY] *= row["saturday_factor"]
    factor[weekday == SUNDAY] *= row["sunday_factor"]
    factor *= 1 - row["spring_festival_depth"] * _festival(region)
    first = int(region.number("calendar", "october_holiday_first_day"))
    length = int(region.number("calendar", "october_holiday_days"))
    factor[first : first + length] *= 1 - row["national_day_depth"]
    shoulder = region.number("industry/processes", "summer_shoulder_share")
    month = np.ones(12)
    month[list(_PEAK_SUMMER)] += row["summer_amplitude"]
    month[list(_SHOULDER_SUMMER)] += row["summer_amplitude"] * shoulder
    month[list(_WINTER)] *= row["winter_factor"]
    daily: FloatArray = factor * month[_MONTH]
    return daily


def _festival(region: Region) -> FloatArray:
    """Share of the full festival depth, [day]."""
    start = region.number("calendar", "lunar_new_year_day")
    shift = region.number("industry/processes", "electricity_festival_shift_days")
    table = region.table("industry/spring_festival_profile")
    share = np.zeros(DAYS)
    for offset, value in zip(
        table.columns["day_from_trough_start"], table.columns["share_of_depth"], strict=True
    ):
        share[int(start + shift) + offset] = value
    return share


def _heat_season(region: Region) -> FloatArray:
    """Season of heat, [day]: higher from mid-November to mid-March; level within a day."""
    day = np.arange(DAYS)
    first = region.number("industry/processes", "heat_winter_first_day")
    last = region.number("industry/processes", "heat_winter_last_day")
    winter = (day >= first) | (day <= last)
    return np.where(winter, region.number("industry/processes", "heat_winter_factor"), 1.0)


@kept(maxsize=8)
def flexibility_shares(region_id: str) -> tuple[FloatArray, FloatArray]:
    """Interruptible and shiftable share of the mean load, [b], in the order of the branches."""
    base = industry_base(region_id)
    rows = load_region(region_id).table("industry/load_shape_branches").by("branch")
    names = [row.branch for row in base.branches]
    return (
        np.array([rows[n]["interruptible_share"] for n in names]),
        np.array([rows[n]["shiftable_share"] for n in names]),
    )
