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
