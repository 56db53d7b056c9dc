"""Water levels: the daily peak shaved by a store of limited power and energy, maintenance laid into the valleys."""

import numba as nb
import numpy as np

ROUNDS = 40


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
        amount = most
        cut = level(high, discharge_mw, amount)
        fill = -level(deep, charge_mw, amount / round_trip)
        if cut - fill < gap_mw:
            low, up = 0.0, most
            for _ in range(ROUNDS):
                amount = 0.5 * (low + up)
                cut = level(high, discharge_mw, amount)
                fill = -level(deep, charge_mw, amount / round_trip)
                if cut - fill < gap_mw:
                    up = amount
                else:
                    low = amount
            cut = level(high, discharge_mw, low)
            fill = -level(deep, charge_mw, low / round_trip)
        for t in range(first, first + day_steps):
            r = residual_mw[t]
            net_mw[t] = min(max(fill - r, 0.0), charge_mw) - min(max(r - cut, 0.0), discharge_mw)


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
