"""Control of groups of vehicles hour by hour: what may move fills valleys, batteries feed back at the top.

In each block of 24 h (standing vehicles from noon to noon, charging at work from midnight to midnight)

    minimise max_h (D_h + x_h)   s.t.   sum x = sum m,   0 <= x_h <= X_h
    m_h = min(s l e_h, X_h)      X_h = s (N plugged_h P - (1 - l) e_h), not below 0

with D everything else, e_h the group's standing load, s the controlled share, l what can move of it. What does not fit
the plugged power stays where it is, so the uncontrolled hours are always allowed and control never raises the peak.
Groups take turns a few times: each turn solves a group exactly, given the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS
from services.common.regions import Region
from services.common.units import KW_PER_MW, KWH_PER_MWH
from services.transport.charging.kernels import feed_back_days, fill_days
from services.transport.charging.temperature import LEAVES

_DAY_HOURS: Final = 24
_NOON: Final = 12
_TURNS: Final = 3


@dataclass(frozen=True)
class ControlledGroup:
    """A group as control sees it."""

    vehicle_count: float
    charger_kw: float
    plugged_night_share: float
    plugged_day_share: float
    battery_kwh: float
    movable_share: float  # of a controlled vehicle's charging
    smart_share: float
    feed_back_share: float
    standing_mw: FloatArray  # [h] charging where vehicles stand, before control
    work_mw: FloatArray  # [h] charging at work, before control


@dataclass(frozen=True)
class Controlled:
    """What became of a group, [h] MW."""

    before_mw: FloatArray  # what may move, by its own hours
    after_mw: FloatArray  # the same energy where it was moved to
    given_mw: FloatArray  # fed back
    taken_mw: FloatArray  # charged to feed back


def control(region: Region, groups: Sequence[ControlledGroup], other_mw: FloatArray) -> list[Controlled]:
    """Control all groups against a load, MW [h], that holds everything of theirs that cannot move as well.

    `other_mw` is base load plus all uncontrolled charging; what moves is taken out of it here.
    """
    caps = [_caps(region, group) for group in groups]
    before = [
        tuple(
            np.minimum(part * g.smart_share * g.movable_share, cap)
            for part, cap in zip(_parts(g), own, strict=True)
        )
        for g, own in zip(groups, caps, strict=True)
    ]
    after = [[part.copy() for part in parts] for parts in before]
    net = other_mw.copy()
    for _ in range(_TURNS):
        for i, parts in enumerate(before):
            for j, (part, shift) in enumerate(zip(parts, (_NOON, 0), strict=True)):
                if part.any():
                    net -= after[i][j]
                    after[i][j] = _filled(net, part, caps[i][j], shift)
                    net += after[i][j]
    given, taken = [], []
    for g, parts, placed in zip(groups, before, after, strict=True):
        charging = g.standing_mw - parts[0] + placed[0]
        back, again = _fed_back(region, g, net, charging)
        net += again - back
        given.append(back)
        taken.append(again)
    return [
        Controlled(sum(b, np.zeros(HOURS)), sum(a, np.zeros(HOURS)), g, t)
        for b, a, g, t in zip(before, after, given, taken, strict=True)
    ]


def plugged_mw(region: Region, group: ControlledGroup) -> FloatArray:
    """Power of the chargers in use by hour of day, MW [24]."""
    hour = np.arange(_DAY_HOURS)
    first, last = (int(region.number(LEAVES, f"night_{n}_hour")) for n in ("first", "last"))
    night = (hour >= first) | (hour < last)
    share = np.where(night, group.plugged_night_share, group.plugged_day_share)
    power: FloatArray = share * group.vehicle_count * group.charger_kw / KW_PER_MW
    return power


def _parts(group: ControlledGroup) -> tuple[FloatArray, FloatArray]:
    return group.standing_mw, group.work_mw


def _caps(region: Region, group: ControlledGroup) -> tuple[FloatArray, FloatArray]:
    """Power for what moves, MW [h]: of standing vehicles, and at work, where cars plugged in by day share it."""
    whole = group.standing_mw + group.work_mw
    plugged = np.tile(plugged_mw(region, group), DAYS)
    free = group.smart_share * np.maximum(plugged - (1.0 - group.movable_share) * whole, 0.0)
    if not group.work_mw.any():
        return free, np.zeros(HOURS)
    hour = np.tile(np.arange(_DAY_HOURS), DAYS)
    first, last = (int(region.number(LEAVES, f"workplace_{n}_hour")) for n in ("first", "last"))
    at_work = (hour >= first) & (hour < last)
    work = np.where(at_work, free * (group.work_mw.sum() / whole.sum()), 0.0)
    return free - work, work


def _filled(net: FloatArray, part: FloatArray, cap: FloatArray, shift: int) -> FloatArray:
    """The part's energy of each block in the valleys of net, [h]; blocks begin at hour `shift`."""
    load, own, room = (np.roll(a, -shift).reshape(DAYS, _DAY_HOURS) for a in (net, part, cap))
    out = np.empty((DAYS, _DAY_HOURS))
    fill_days(load, own.sum(axis=1), room, out)
    return np.roll(out.ravel(), shift)


def _fed_back(
    region: Region, group: ControlledGroup, net: FloatArray, charging: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Fed back and charged again by vehicles that take part, MW [h], in blocks from noon to noon."""
    share = group.feed_back_share
    if share == 0.0:
        return np.zeros(HOURS), np.zeros(HOURS)
    plugged = np.tile(plugged_mw(region, group), DAYS) * share
    round_trip = region.number(LEAVES, "v2g_round_trip_share")
    limit = region.number(LEAVES, "v2g_battery_day_share") * group.battery_kwh / KWH_PER_MWH
    load = np.roll(net, -_NOON).reshape(DAYS, _DAY_HOURS)
    give_cap = np.roll(plugged, -_NOON).reshape(DAYS, _DAY_HOURS)
    room = np.maximum(plugged - share * charging, 0.0)
    take_cap = np.roll(room, -_NOON).reshape(DAYS, _DAY_HOURS)
    give, take = np.empty_like(load), np.empty_like(load)
    day_limit = np.full(DAYS, limit * group.vehicle_count * share)
    feed_back_days(load, give_cap, take_cap, day_limit, round_trip, give, take)
    return np.roll(give.ravel(), _NOON), np.roll(take.ravel(), _NOON)
