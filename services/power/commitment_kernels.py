"""Kernels of unit commitment by period: which slices of the committed blocks run, the stack they leave, their cost.

A block is a cluster of equal units with a continuous part online; words and units as in `kernels`.
"""

import numpy as np
from numba import njit

from services.power.bound_kernels import best_periods, period_cost
from services.power.store_kernels import BIG


@njit(nogil=True, cache=True)
def choose_commitment(
    x, period, month, price, cap, committed, min_load, no_load, start_cost, slices, voll, online
):
    """Which slices of the committed blocks run in which period (a day of hours for a region's fleet).

    x [h] load on the whole stack (price order of full-load cost), `period` steps a period, the last may be shorter;
    month[d] row of cap of period d; committed[k] 1 where a block is committed; no_load share of full-load cost that
    runs with the online capacity. A slice stays on when what it saves against quick blocks covers its minimum load,
    no-load and start cost; gaps of one period are closed. online [k, d] MW.
    """
    days = online.shape[1]
    k_count = price.size
    on = np.zeros((k_count, slices, days), dtype=np.bool_)
    removed = np.empty(period)
    quick = np.empty(period)
    displaced = np.empty(period)
    # The quick blocks' own stack: cumulated capacity of the day, prices with the value of lost load on top.
    quick_count = 0
    quick_price = np.full(k_count + 1, voll)
    quick_cum = np.empty(k_count + 1)
    for k in range(k_count):
        if committed[k] == 0:
            quick_price[quick_count] = price[k]
            quick_count += 1
    for d in range(days):
        first = d * period
        steps = min(period, x.size - first)
        row = cap[month[d]]
        low = 0.0
        q = 0
        for k in range(k_count):
            if committed[k] == 0:
                low += row[k]
                quick_cum[q] = low
                q += 1
        for i in range(steps):
            xi = x[first + i]
            removed[i] = 0.0
            low = 0.0
            used = 0.0
            p = 0.0
            for k in range(k_count):
                part = min(max(xi - low, 0.0), row[k])
                if part > 0.0:
                    p = price[k]
                if committed[k] == 0:
                    used += part
                low += row[k]
            if xi > low:
                p = voll
            quick[i] = used
            displaced[i] = p
        x_min = x[first]
        x_max = x_min
        for i in range(steps):
            x_min = min(x_min, x[first + i])
            x_max = max(x_max, x[first + i])
        low = 0.0
        for k in range(k_count):
            low += row[k]
        for k in range(k_count - 1, -1, -1):
            low -= row[k]
            if committed[k] == 0 or row[k] <= 0.0:
                continue
            width = row[k] / slices
            p_inc = price[k] * (1.0 - no_load[k])
            floor = min_load[k] * width
            for s in range(slices - 1, -1, -1):
                c = low + s * width
                if x_max <= c:
                    continue
                if x_min >= c + width and (d == 0 or on[k, s, d - 1]):
                    # Needed in full all day: on, where the next quick block costs more than the slice itself.
                    at = BIG
                    for i in range(steps):
                        at = min(at, quick[i] + removed[i])
                    q = 0
                    while q < quick_count and at >= quick_cum[q]:
                        q += 1
                    if quick_price[q] >= price[k]:
                        on[k, s, d] = True
                        continue
                gain = -no_load[k] * price[k] * width * steps
                for i in range(steps):
                    g = min(max(x[first + i] - c, 0.0), width)
                    if g > 0.0:
                        at = quick[i] + removed[i] + 0.5 * g
                        q = 0
                        while q < quick_count and at >= quick_cum[q]:
                            q += 1
                        p = quick_price[q]
                        gain += g * (p - p_inc)
                    if g < floor:
                        gain -= (floor - g) * (p_inc - displaced[i])
                need = 0.0
                if d > 0 and not on[k, s, d - 1]:
                    need = start_cost[k] * width
                if gain >= need:
                    on[k, s, d] = True
                else:
                    for i in range(steps):
                        removed[i] += min(max(x[first + i] - c, 0.0), width)
    for k in range(k_count):
        for d in range(days):
            total = 0.0
            if committed[k] == 1:
                width = cap[month[d], k] / slices
                for s in range(slices):
                    gap = d > 0 and d + 1 < days and on[k, s, d - 1] and on[k, s, d + 1]
                    if on[k, s, d] or gap:
                        total += width
            online[k, d] = total


@njit(nogil=True, cache=True)
def committed_stack(
    month, price, cap, committed, min_load, no_load, order, online, floor, inc_price, inc_cap
):
    """Stack of each day once the commitment is known.

    order: blocks in rising incremental price. floor [d] minimum output of what is online, MW; inc_price [k],
    inc_cap [d, k] what can still be added, in that order.
    """
    k_count = price.size
    for i in range(k_count):
        k = order[i]
        inc_price[i] = price[k] * (1.0 - no_load[k]) if committed[k] == 1 else price[k]
    for d in range(floor.size):
        total = 0.0
        for i in range(k_count):
            k = order[i]
            if committed[k] == 1:
                total += min_load[k] * online[k, d]
                inc_cap[d, i] = (1.0 - min_load[k]) * online[k, d]
            else:
                inc_cap[d, i] = cap[month[d], k]
        floor[d] = total


@njit(nogil=True, cache=True)
def commitment_cost(period, steps, price, committed, min_load, no_load, start_cost, online):
    """Cost of minimum loads and no-load fuel, and of starts (the horizon is cyclic), CNY: (running, starts)."""
    running = 0.0
    starts = 0.0
    days = online.shape[1]
    for k in range(price.size):
        if committed[k] == 0:
            continue
        for d in range(days):
            u = online[k, d]
            prev = online[k, d - 1] if d > 0 else online[k, days - 1]
            running += (
                min(period, steps - d * period)
                * u
                * price[k]
                * (no_load[k] + min_load[k] * (1.0 - no_load[k]))
            )
            starts += start_cost[k] * max(u - prev, 0.0)
    return running, starts


@njit(nogil=True, cache=True)
def committed_by_price(lam, month, price, cap, committed, min_load, no_load, start_cost, online):
    """What every committed block would run by day if it were paid lam [h]: all of it or nothing, online [k, d].

    Exact for given prices; the cost of a commitment is convex, so that a step towards this answer lowers it
    (Frank and Wolfe 1956).
    """
    days = month.size
    cost = np.empty(days)
    path = np.empty(days)
    available = np.ones(lam.size)
    for k in range(price.size):
        if committed[k] == 0:
            online[k] = 0.0
            continue
        incremental = price[k] * (1.0 - no_load[k])
        period_cost(lam, incremental, available, min_load[k], price[k] * no_load[k], 24, cost)
        best_periods(cost, start_cost[k], path)
        for d in range(days):
            online[k, d] = path[d] * cap[month[d], k]
