"""Water levels: the daily peak shaved by a store of limited power and energy, maintenance laid into the valleys."""

import numba as nb
import numpy as np

ROUNDS = 60
CLOSE_MW = 1e-6


@nb.njit(nogil=True, cache=True)
def level(values, limit, amount):
    """The level L with sum of min(limit, max(values - L, 0)) = amount; `values` in falling order.

    Exact: a sweep over the points where a value enters or reaches its limit. An amount above values.size * limit
    gives the level at which all are at their limit.
    """
    n = values.size
    entered = 1
    left = 0
    at = values[0]
    done = 0.0
    while left < n:
        below = values[left] - limit
        if entered < n and values[entered] > below:
            below = values[entered]
        active = entered - left
        part = active * (at - below)
        if active > 0 and done + part >= amount:
            return at - (amount - done) / active
        done += part
        at = below
        if entered < n and values[entered] == below:
            entered += 1
        else:
            left += 1
    return at


@nb.njit(nogil=True, cache=True)
def shave_days(
    residual_mw, day_steps, step_hours, charge_mw, discharge_mw, deliverable_mwh, round_trip, gap_mw, net_mw
):
    """Charge (+) and discharge (-) of one store, MW at its terminals, into net_mw [t].

    Each day's highest hours are cut to one level and its lowest filled to another, within the powers; what is
    delivered in a day is at most `deliverable_mwh` and is charged in the same day over the round trip. The levels
    stay `gap_mw` apart: closer, the losses of the store would add more risk than it takes away.
    """
    high = np.empty(day_steps)
    deep = np.empty(day_steps)
    most = min(day_steps * discharge_mw, day_steps * charge_mw * round_trip, deliverable_mwh / step_hours)
    net_mw[:] = 0.0
    if most <= 0.0:
        return
    for first in range(0, residual_mw.size, day_steps):
        _sort_falling(residual_mw, first, high)
        for i in range(day_steps):
            deep[i] = -high[day_steps - 1 - i]
        if high[0] + deep[0] <= gap_mw:
            continue
        cut = level(high, discharge_mw, most)
        fill = -level(deep, charge_mw, most / round_trip)
        if cut - fill < gap_mw:
            fill = _flattened(high, charge_mw, discharge_mw, round_trip, gap_mw)
            cut = fill + gap_mw
        for t in range(first, first + day_steps):
            r = residual_mw[t]
            net_mw[t] = min(max(fill - r, 0.0), charge_mw) - min(max(r - cut, 0.0), discharge_mw)


@nb.njit(nogil=True, cache=True)
def _flattened(values, charge_mw, discharge_mw, round_trip, gap_mw):
    """The level to fill to when the level to cut to is `gap_mw` above it; false position after Illinois.

    Charged energy covers what is delivered, by CLOSE_MW over the steps of the day at most more.
    """
    low, up = values[-1], values[0] - gap_mw
    at_low = _lacking(values, low, charge_mw, discharge_mw, round_trip, gap_mw)
    at_up = _lacking(values, up, charge_mw, discharge_mw, round_trip, gap_mw)
    for _ in range(ROUNDS):
        if at_up >= -CLOSE_MW:
            break
        middle = (low * at_up - up * at_low) / (at_up - at_low)
        at_middle = _lacking(values, middle, charge_mw, discharge_mw, round_trip, gap_mw)
        if at_middle > 0.0:
            low, at_low = middle, at_middle
            at_up *= 0.5
        else:
            up, at_up = middle, at_middle
            at_low *= 0.5
    return up


@nb.njit(nogil=True, cache=True)
def _lacking(values, fill, charge_mw, discharge_mw, round_trip, gap_mw):
    """What is delivered above fill + gap less what is charged below fill brings back, MW over the steps."""
    total = 0.0
    for i in range(values.size):
        out = min(max(values[i] - gap_mw - fill, 0.0), discharge_mw)
        total += out - round_trip * min(max(fill - values[i], 0.0), charge_mw)
    return total


@nb.njit(nogil=True, cache=True)
def _sort_falling(values, first, out):
    """The values of one day from the highest to the lowest (insertion: days are short and smooth)."""
    for i in range(out.size):
        v = values[first + i]
        j = i
        while j > 0 and out[j - 1] < v:
            out[j] = out[j - 1]
            j -= 1
        out[j] = v
