"""Kernels of the certificate: any prices and values of stored energy bound the least cost from below (weak duality).

The prices that a stack supports, the bound of a year with stores, and that of any instance.

Index m stores, t steps; store data as in `joint_kernels`. Units: MW, MW-steps, CNY per MW-step.
"""

import numpy as np
from numba import njit

from services.power.store_kernels import BIG


@njit(nogil=True, cache=True)
def stack_bound(pi, r, per, price, cap, voll):
    """Least cost of serving r from the stack when every MW is also paid pi [t]; pi is cut to 0..voll in place."""
    total = 0.0
    k_count = cap.shape[1]
    for t in range(r.size):
        p = min(max(pi[t], 0.0), voll)
        pi[t] = p
        total += p * r[t]
        row = cap[per[t]]
        prow = price[per[t]]
        for k in range(k_count):
            total += min(prow[k] - p, 0.0) * row[k]
    return total


@njit(nogil=True, cache=True)
def store_bound(pi, mu, scalar, charge, discharge, low, high, inflow, waste, cyclic, start):
    """Least a store can pay at prices pi [t], its content valued at mu [t]; waste [t] may be spilled at most."""
    n = pi.size
    ec, ied, vom, keep = scalar[0], 1.0 / scalar[1], scalar[2], scalar[3]
    total = 0.0
    for t in range(n):
        total += charge[t] * min(pi[t] + vom - ec * mu[t], 0.0)
        total += discharge[t] * min(mu[t] * ied + vom - pi[t], 0.0)
        after = 0.0
        if t + 1 < n:
            after = mu[t + 1]
        elif cyclic:
            after = mu[0]
        weight = mu[t] - keep * after
        # mu is the worth of content: holding it costs its worth now and returns what is left of it later.
        total += weight * low[t] if weight > 0.0 else weight * high[t]
        total -= mu[t] * inflow[t]
        total += waste[t] * min(mu[t], 0.0)
    if not cyclic:
        total -= keep * mu[0] * start
    return total


@njit(nogil=True, cache=True)
def period_cost(pi, price, available, min_load, no_load, period, out):
    """Least cost of 1 MW online in every period [p] when its output is paid pi [t]; negative is a gain.

    available [t] share; price incremental cost in CNY/MWh, no_load in CNY per MW and step hour.
    """
    out[:] = 0.0
    for t in range(pi.size):
        margin = price - pi[t]
        out[t // period] += no_load + min_load * margin + max(available[t] - min_load, 0.0) * min(margin, 0.0)


@njit(nogil=True, cache=True)
def best_periods(cost, start_cost, online):
    """Periods in which 1 MW had best be online, online [p] 0 or 1, the horizon cyclic; returns what it costs.

    Exact: two states a period and a start cost between them; cost [p] as in `period_cost`.
    """
    periods = cost.size
    best = np.inf
    came_on = np.empty((2, periods), dtype=np.bool_)
    came_off = np.empty((2, periods), dtype=np.bool_)
    best_first = 0
    for first in range(2):
        off = 0.0 if first == 0 else np.inf
        on = 0.0 if first == 1 else np.inf
        for p in range(periods):
            # Where each state comes from: the state before is on (True) or off.
            came_on[first, p] = on <= off + start_cost
            came_off[first, p] = on < off
            new_on = min(on, off + start_cost) + cost[p]
            new_off = min(on, off)
            on, off = new_on, new_off
        total = on if first == 1 else off
        if total < best:
            best = total
            best_first = first
    state = best_first == 1
    for p in range(periods - 1, -1, -1):
        online[p] = 1.0 if state else 0.0
        state = came_on[best_first, p] if state else came_off[best_first, p]
    return best


@njit(nogil=True, cache=True)
def price_range(x, per, price, cap, voll, below, above):
    """Prices that the stack supports at x [h]: those of the segments on either side, one price inside a segment."""
    tiny = 1e-6
    n = x.size
    below[:] = 0.0
    above[:] = 0.0
    first = 0
    while first < n:
        last = first + 1
        while last < n and per[last] == per[first]:
            last += 1
        # Hours of one period: every segment is reached by those that lie high enough.
        load = x[first:last]
        under = below[first:last]
        over = above[first:last]
        row = cap[per[first]]
        low = 0.0
        reached = -tiny
        for k in range(price.size + 1):
            p = voll
            width = BIG
            if k < price.size:
                p = price[k]
                width = row[k]
            if width <= 0.0:
                continue
            passed = max(reached, low + tiny)
            for h in range(load.size):
                over[h] = p if load[h] >= reached else over[h]
                under[h] = p if load[h] >= passed else under[h]
            low += width
            reached = max(passed, low - tiny)
        first = last


@njit(nogil=True, cache=True)
def supported_prices(x, per, price, cap, voll, stores, net, water, out):
    """A price of every hour that the stack supports at x: the mean of those nearest to each store's water value."""
    n = x.size
    tiny = 1e-6
    below, above = np.empty(n), np.empty(n)
    price_range(x, per, price, cap, voll, below, above)
    active = 0
    out[:] = 0.0
    for i in range(stores.shape[0]):
        if min(stores[i, 0], stores[i, 1], stores[i, 2]) <= 0.0:
            continue
        active += 1
        ec, ed, vom = stores[i, 3], stores[i, 4], stores[i, 5]
        moved = net[i]
        worth = water[i]
        for h in range(n):
            charge = worth[h] * ec - vom
            discharge = worth[h] / ed + vom
            want = min(max(below[h], charge), discharge)
            want = charge if moved[h] > tiny else want
            want = discharge if moved[h] < -tiny else want
            out[h] += min(max(want, below[h]), above[h])
    if active == 0:
        out[:] = above
    else:
        for h in range(n):
            out[h] /= active


@njit(nogil=True, cache=True)
def payment_bound(lam, mu, store, reach):
    """Lower bound of what a cyclic store pays at prices lam, from any water values mu, CNY."""
    n = lam.size
    pc, pd, e_max, ec, ed, vom = store[0], store[1], store[2], store[3], store[4], store[5]
    inv_ed = 1.0 / ed
    # Terms first, all at once; then their sum in order.
    term = np.empty(n)
    for h in range(n):
        paid = pc * min(0.0, lam[h] + vom - mu[h] * ec) + pd * min(0.0, mu[h] * inv_ed + vom - lam[h])
        term[h] = reach[h] * paid
    total = 0.0
    for h in range(n):
        total += term[h]
    for h in range(1, n):
        # Water values keep for many hours; what adds nothing is passed by.
        if mu[h - 1] < mu[h]:
            total += e_max * min(0.0, mu[h - 1] - mu[h])
    return total + e_max * min(0.0, mu[n - 1] - mu[0])


@njit(nogil=True, cache=True)
def lower_bound(x, per, price, cap, voll, cost, stores, reach, net, water):
    """Certified lower bound of the least cost without commitment, by Lagrangian duality.

    cost = stack cost of x. Hours are priced within what the stack supports at x, at the mean of the prices nearest to
    each store's water value; each store is then bounded by the least it can pay at these prices, its content valued
    at its water values. Any prices and water values give a bound.
    """
    n = x.size
    lam = np.empty(n)
    supported_prices(x, per, price, cap, voll, stores, net, water, lam)
    total = cost
    for i in range(stores.shape[0]):
        if min(stores[i, 0], stores[i, 1], stores[i, 2]) <= 0.0:
            continue
        paid = 0.0
        for h in range(n):
            paid += lam[h] * net[i, h]
        total += payment_bound(lam, water[i], stores[i], reach[i]) - paid
    return total
