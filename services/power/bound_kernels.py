"""Kernels of the certificate: any prices and values of stored energy bound the least cost from below (weak duality).

Index m stores, t steps; store data as in `joint_kernels`. Units: MW, MW-steps, CNY per MW-step.
"""

import numpy as np
from numba import njit


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
