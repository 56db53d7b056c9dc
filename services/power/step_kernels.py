"""Kernels of a dispatch step by step, for stacks whose blocks and prices may change in every step."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def steps_cost(x, per, price, cap, voll):
    """Cost of serving x [t] from the stack, CNY per step hour; price, cap [m, k] by period."""
    total = 0.0
    k_count = cap.shape[1]
    for t in range(x.size):
        rest = x[t]
        if rest <= 0.0:
            continue
        row = cap[per[t]]
        prow = price[per[t]]
        for k in range(k_count):
            part = min(rest, row[k])
            total += prow[k] * part
            rest -= part
            if rest <= 0.0:
                break
        if rest > 0.0:
            total += voll * rest
    return total


@njit(nogil=True, cache=True)
def steps_price(x, per, price, cap, voll, out):
    """Price of the block that carries the last MW of every step; 0 in surplus."""
    k_count = cap.shape[1]
    for t in range(x.size):
        rest = x[t]
        p = 0.0
        if rest > 0.0:
            p = voll
            row = cap[per[t]]
            for k in range(k_count):
                rest -= row[k]
                if rest <= 0.0:
                    p = price[per[t], k]
                    break
        out[t] = p


@njit(nogil=True, cache=True)
def fill_pieces(y, order, same_order, cap, out):
    """Output [p, t] of pieces in merit order (order [p] or [p, t]); returns what is left in every step.

    y [t] load on all pieces; cap [p, t]. Left over: above zero is unserved, below zero is surplus.
    """
    left = y.copy()
    pieces = cap.shape[0]
    for t in range(y.size):
        rest = y[t]
        for i in range(pieces):
            p = order[i, 0] if same_order else order[i, t]
            part = min(max(rest, 0.0), cap[p, t])
            out[p, t] = part
            rest -= part
        left[t] = rest
    return left


@njit(nogil=True, cache=True)
def follow_contents(
    wanted, wasted, scalar, charge, discharge, low, high, inflow, waste, start, net, content, spilled
):
    """The feasible schedule of one store nearest to wanted contents and spill [t]; returns False where none exists.

    net [t] MW taken (> 0) or given, content [t] at the end of a step, spilled [t]. Contents are kept where the end of
    the horizon can still be reached.
    """
    n = wanted.size
    ec, ed, keep = scalar[0], scalar[1], scalar[3]
    reach_low, reach_high = np.empty(n), np.empty(n)
    a, b = low[n - 1], high[n - 1]
    reach_low[n - 1], reach_high[n - 1] = a, b
    for t in range(n - 1, 0, -1):
        a = max(low[t - 1], (a - inflow[t] - charge[t] * ec) / keep)
        b = min(high[t - 1], (b - inflow[t] + discharge[t] / ed + waste[t]) / keep)
        if a > b:
            if a - b > 1e-7 * max(abs(a), abs(b), 1.0):
                return False
            a = b
        reach_low[t - 1], reach_high[t - 1] = a, b
    now = start
    for t in range(n):
        goal = min(max(wanted[t], reach_low[t]), reach_high[t])
        before = keep * now + inflow[t]
        over = min(wasted[t], waste[t], max(before - goal, 0.0))
        before -= over
        top = before + charge[t] * ec
        bottom = before - discharge[t] / ed
        if bottom > goal:
            more = min(bottom - goal, waste[t] - over)
            over += more
            before -= more
            bottom -= more
            top -= more
        # A millionth of the power is the interior method's noise, not a decision.
        if abs(goal - before) <= 1e-6 * max(top - before, before - bottom):
            goal = min(max(before, reach_low[t]), reach_high[t])
        then = min(max(goal, bottom), top)
        if max(low[t] - then, then - high[t]) > 1e-7 * max(abs(high[t]), abs(low[t]), 1.0):
            return False
        moved = then - before
        net[t] = moved / ec if moved > 0.0 else moved * ed
        content[t] = then
        spilled[t] = over
        now = then
    return True
