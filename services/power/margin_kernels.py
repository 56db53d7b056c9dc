"""Kernels of the margin: who carries one more MW in each hour, with what CO2. Arrays in, arrays out.

One region, one year, hours h. Power in MW, energy in MWh, money in CNY, CO2 in t. Words as in `kernels`.
"""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def stack_margin(
    x,
    day_month,
    price,
    order,
    cap,
    committed,
    min_load,
    online,
    commitment,
    tco2,
    voll,
    part_load,
    cost,
    rate,
    nox,
):
    """Cost and CO2 of the block that carries the next MW of every hour; NOx ratio of blocks committed by day.

    x [h] load on the stack with floors; price [k] incremental, order [k] rising in it; cap [month, k]; online [k, d];
    tco2 [k] incremental; part_load = (load from which NOx rises, load where the rise ends, ratio there). Out: cost [h],
    rate [h] (0 in surplus and when load is not served), nox [k] output-weighted ratio, 1 for other blocks.
    """
    k_count = price.size
    width = np.zeros(k_count)
    output = np.zeros(k_count)
    weighted = np.zeros(k_count)
    full, low, ratio = part_load[0], part_load[1], part_load[2]
    floor = 0.0
    for h in range(x.size):
        d = h // 24
        if h % 24 == 0:
            floor = 0.0
            for k in range(k_count):
                width[k] = cap[day_month[d], k]
                if commitment and committed[k] == 1:
                    width[k] = (1.0 - min_load[k]) * online[k, d]
                    floor += min_load[k] * online[k, d]
        rest = x[h] - floor
        # Below the floor wind and PV are curtailed: one more MW takes what was lost.
        found = rest < -1e-6
        cost[h] = 0.0 if found else voll
        rate[h] = 0.0
        rest = max(rest, 0.0)
        for a in range(k_count):
            k = order[a]
            part = min(rest, width[k])
            if not found and width[k] - part > 1e-6:
                cost[h] = price[k]
                rate[h] = tco2[k]
                found = True
            rest -= part
            if commitment and committed[k] == 1 and online[k, d] > 0.0:
                part += min_load[k] * online[k, d]
                share = (full - part / online[k, d]) / (full - low)
                output[k] += part
                weighted[k] += part * (1.0 + (ratio - 1.0) * min(max(share, 0.0), 1.0))
    for k in range(k_count):
        nox[k] = weighted[k] / output[k] if output[k] > 0.0 else 1.0


@njit(nogil=True, cache=True)
def link_stores(cost, rate, net, content, row_of, stores, repay, repay_rate, out):
    """CO2 of one more MW in every hour when stores may carry it at less cost than the stack: out [h].

    A store that gives one MW more in hour h (or takes one less) makes its content good in the cheapest hour it can
    reach: later while it is not empty in between, earlier while it is not full; there the stack carries the energy.
    cost, rate [h] of the stack; stores [s, 6] as in `store_kernels`, row_of [s] their row i or -1; net
    [i, h] > 0 charging; content [i, h+1]; repay,
    repay_rate [h] are scratch. One exchange with one store; among equals the stack.
    """
    n = cost.size
    best = cost.copy()
    for h in range(n):
        out[h] = rate[h]
    for s in range(stores.shape[0]):
        i = row_of[s]
        if i < 0:
            continue
        pc, pd, size, ec, ed, vom = stores[s]
        tiny = 1e-6 * max(pc, pd)
        little = 1e-6 * size
        # Two directions: 0 repays later (walk backwards), 1 repays earlier (walk forwards).
        for direction in range(2):
            now = np.inf
            now_rate = 0.0
            for step in range(n):
                h = n - 1 - step if direction == 0 else step
                at_bound = content[i, h + 1] <= little if direction == 0 else content[i, h] >= size - little
                if at_bound:
                    now = np.inf
                repay[h] = now
                repay_rate[h] = now_rate
                value = np.inf
                value_rate = 0.0
                if net[i, h] < -tiny:
                    value = (cost[h] - vom) * ed
                    value_rate = rate[h] * ed
                elif net[i, h] < pc - tiny:
                    value = (cost[h] + vom) / ec
                    value_rate = rate[h] / ec
                if value < now:
                    now = value
                    now_rate = value_rate
            for h in range(n):
                if repay[h] == np.inf:
                    continue
                if net[i, h] > tiny:
                    money = repay[h] * ec - vom
                    factor = ec
                elif -net[i, h] < pd - tiny:
                    money = repay[h] / ed + vom
                    factor = 1.0 / ed
                else:
                    continue
                if money < best[h] - 1e-4:
                    best[h] = money
                    out[h] = repay_rate[h] * factor
