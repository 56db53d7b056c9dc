"""Controlled charging of days: valleys filled, energy fed back. Days are independent; [d, 24] C-contiguous."""

import math

import numpy as np
from numba import njit

_HOURS = 24
_STEPS = 80
# Relative error of a day's energy that counts as none; what is left is scaled away.
_CLOSE = 1e-13


@njit(nogil=True, cache=True)
def fill_days(load, need, cap, out):
    """Place each day's energy in the lowest hours of a load.

    load [d, 24] MW, need [d] MWh (at most the sum of cap), cap [d, 24] MW, out [d, 24] MW is overwritten:
    out = clamp(level - load, 0, cap) with the level at which the day's sum is `need` (water-filling); it minimises
    both the highest hour and the sum of squares of load + out. Newton steps on the level, kept in bounds.
    """
    for d in range(load.shape[0]):
        low, high = load[d, 0], load[d, 0]
        for h in range(_HOURS):
            low = min(low, load[d, h])
            high = max(high, load[d, h] + cap[d, h])
        level = 0.5 * (low + high)
        for _ in range(_STEPS):
            total = 0.0
            partial = 0
            for h in range(_HOURS):
                lift = level - load[d, h]
                total += min(max(lift, 0.0), cap[d, h])
                partial += 1 if 0.0 < lift < cap[d, h] else 0
            if abs(total - need[d]) <= _CLOSE * need[d]:
                break
            if total < need[d]:
                low = level
            else:
                high = level
            if partial > 0:
                level += (need[d] - total) / partial
            if partial == 0 or level <= low or level >= high:
                level = 0.5 * (low + high)
        total = 0.0
        for h in range(_HOURS):
            out[d, h] = min(max(level - load[d, h], 0.0), cap[d, h])
            total += out[d, h]
        scale = need[d] / total if total > 0.0 else 0.0
        for h in range(_HOURS):
            out[d, h] *= scale


@njit(nogil=True, cache=True)
def feed_back_days(load, give_cap, take_cap, day_limit, round_trip, give, take):
    """Feed back in the highest hours and charge it again in the lowest ones, day by day.

    load, give_cap, take_cap [d, 24] MW; day_limit [d] MWh fed back at most; round_trip 0 to 1. give and take [d, 24]
    MW are overwritten: give = clamp(load - top, 0, give_cap), take fills the valley below, and round_trip x
    sum(take) = sum(give). The top is the lowest one that energy, power and the room below it allow, so that what is
    charged again never rises above what is left of the peak.
    """
    need = np.zeros(1)
    for d in range(load.shape[0]):
        low, high = load[d, 0], load[d, 0]
        for h in range(_HOURS):
            low = min(low, load[d, h])
            high = max(high, load[d, h])
        for _ in range(_STEPS):
            top = 0.5 * (low + high)
            given = 0.0
            room = 0.0
            for h in range(_HOURS):
                given += min(max(load[d, h] - top, 0.0), give_cap[d, h])
                room += min(max(top - load[d, h], 0.0), take_cap[d, h])
            if given <= min(day_limit[d], round_trip * room):
                high = top
            else:
                low = top
            if high - low <= _CLOSE * math.fabs(high):
                break
        given = 0.0
        for h in range(_HOURS):
            give[d, h] = min(max(load[d, h] - high, 0.0), give_cap[d, h])
            given += give[d, h]
        need[0] = given / round_trip
        fill_days(load[d : d + 1], need, take_cap[d : d + 1], take[d : d + 1])


@njit(nogil=True, cache=True)
def offer_charging(vehicles, smart, feeding, figures, mwh, first, shape_of, valley, sums, fed, load, back):
    """What power may move of the charging of each class, summed over cities p.

    vehicles [c, p, y]; smart, feeding [p, y] shares under control and feeding back; figures [c, 4]: feeding back over
    private cars, MW plugged in a vehicle, share of energy that may move, MW fed back a vehicle. Charging mwh [n, p, y]
    by class and shape, those of class c from first[c] to first[c + 1] - 1, of the shapes shape_of [n]. Written:
    load [2, s, y] MWh and MW by shape, back [3, y] MWh and MW of vehicles that feed back and their feed-in; what
    these charge in the shape `valley` is not in load. sums [n, 4, y], fed [c, y] are work space; all four begin as 0.
    """
    classes, places, years = vehicles.shape
    for c in range(classes):
        ratio, kw, limit, feed_mw = figures[c, 0], figures[c, 1], figures[c, 2], figures[c, 3]
        for p in range(places):
            for y in range(years):
                feeds = min(feeding[p, y] * ratio, 1.0)
                controlled = min(smart[p, y] + feeds, 1.0)
                part = feeds / controlled if controlled > 0.0 else 0.0
                plugged = vehicles[c, p, y] * kw * controlled
                whole = 0.0
                for n in range(first[c], first[c + 1]):
                    whole += mwh[n, p, y]
                for n in range(first[c], first[c + 1]):
                    moved = mwh[n, p, y] * controlled * limit
                    power = plugged * (mwh[n, p, y] / whole if whole > 0.0 else 0.0)
                    sums[n, 0, y] += moved * (1.0 - part)
                    sums[n, 1, y] += power * (1.0 - part)
                    sums[n, 2, y] += moved * part
                    sums[n, 3, y] += power * part
                fed[c, y] += vehicles[c, p, y] * feeds
        for n in range(first[c], first[c + 1]):
            s = shape_of[n]
            for y in range(years):
                load[0, s, y] += sums[n, 0, y]
                load[1, s, y] += sums[n, 1, y]
                if s == valley:
                    back[0, y] += sums[n, 2, y]
                    back[1, y] += sums[n, 3, y]
        for y in range(years):
            back[2, y] += fed[c, y] * feed_mw
