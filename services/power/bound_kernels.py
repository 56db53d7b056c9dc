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
def store_bound(pi, mu, scalar, charge, discharge, low, high, inflow, spill, cyclic, start):
    """Least a store can pay at prices pi [t], its content valued at mu [t] (cut at 0 where inflow may be spilled)."""
    n = pi.size
    ec, ied, vom, keep = scalar[0], 1.0 / scalar[1], scalar[2], scalar[3]
    total = 0.0
    if spill:
        for t in range(n):
            mu[t] = max(mu[t], 0.0)
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
    if not cyclic:
        total -= keep * mu[0] * start
    return total


@njit(nogil=True, cache=True)
def commitment_bound(pi, price, available, min_load, no_load, start_cost, period):
    """Least cost of a committed cluster of 1 MW paid pi [t] for its output, online by period, the year cyclic.

    The relaxed (continuous) commitment is linear in the capacity online, so that all or nothing is optimal: two
    states a period and a start cost between them. available [t] share; price incremental cost, CNY per MWh.
    """
    n = pi.size
    periods = (n + period - 1) // period
    worth = np.zeros(periods)
    for t in range(n):
        p = t // period
        worth[p] += no_load + min_load * (price - pi[t])
        worth[p] += max(available[t] - min_load, 0.0) * min(price - pi[t], 0.0)
    # Both states before the first period are tried; the last must be the same.
    best = 0.0
    for first in range(2):
        off = 0.0 if first == 0 else np.inf
        on = 0.0 if first == 1 else np.inf
        for p in range(periods):
            new_on = min(on, off + start_cost) + worth[p]
            new_off = min(on, off)
            on, off = new_on, new_off
        best = min(best, on if first == 1 else off)
    return best
