"""Kernels of the margin: who carries one more MW in each hour, with what CO2. Arrays in, arrays out.

One region, one year, hours h. Power in MW, energy in MWh, money in CNY, CO2 in t. Words as in `kernels`.
"""

import numpy as np
from numba import njit

DAY_HOURS = 24


@njit(nogil=True, cache=True, error_model="numpy")
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
    output = np.zeros(k_count)
    weighted = np.zeros(k_count)
    rests, searching = np.empty(DAY_HOURS), np.empty(DAY_HOURS)
    full, low, ratio = part_load[0], part_load[1], part_load[2]
    # Days outside, blocks next, hours inside: those of a day lie side by side.
    for first in range(0, x.size, DAY_HOURS):
        d = first // DAY_HOURS
        hours = min(DAY_HOURS, x.size - first)
        load, money, co2 = x[first : first + hours], cost[first : first + hours], rate[first : first + hours]
        rest, unfound = rests[:hours], searching[:hours]
        floor = 0.0
        if commitment:
            for k in range(k_count):
                if committed[k] == 1:
                    floor += min_load[k] * online[k, d]
        for i in range(hours):
            left = load[i] - floor
            # Below the floor wind and PV are curtailed: one more MW takes what was lost.
            below = left < -1e-6
            unfound[i] = 0.0 if below else 1.0
            money[i] = 0.0 if below else voll
            co2[i] = 0.0
            rest[i] = max(left, 0.0)
        for a in range(k_count):
            k = order[a]
            runs = commitment and committed[k] == 1
            width = (1.0 - min_load[k]) * online[k, d] if runs else cap[day_month[d], k]
            if runs and online[k, d] > 0.0:
                for i in range(hours):
                    part = min(rest[i], width) + min_load[k] * online[k, d]
                    share = (full - part / online[k, d]) / (full - low)
                    output[k] += part
                    weighted[k] += part * (1.0 + (ratio - 1.0) * min(max(share, 0.0), 1.0))
            p, t = price[k], tco2[k]
            for i in range(hours):
                part = min(rest[i], width)
                carries = (unfound[i] > 0.0) & (width - part > 1e-6)
                money[i] = p if carries else money[i]
                co2[i] = t if carries else co2[i]
                unfound[i] = 0.0 if carries else unfound[i]
                rest[i] -= part
    for k in range(k_count):
        nox[k] = weighted[k] / output[k] if output[k] > 0.0 else 1.0


@njit(nogil=True, cache=True, error_model="numpy")
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
    value, value_rate = np.empty(n), np.empty(n)
    later, later_rate = np.empty(n), np.empty(n)
    for h in range(n):
        out[h] = rate[h]
    for s in range(stores.shape[0]):
        i = row_of[s]
        if i < 0:
            continue
        pc, pd, size, ec, ed, vom = stores[s]
        tiny = 1e-6 * max(pc, pd)
        little = 1e-6 * size
        moved, held = net[i], content[i]
        # What the content is worth in every hour: less is given, or more is taken.
        for h in range(n):
            gives = moved[h] < -tiny
            takes = moved[h] < pc - tiny
            charged = (cost[h] + vom) / ec
            charged_rate = rate[h] / ec
            value[h] = (cost[h] - vom) * ed if gives else (charged if takes else np.inf)
            value_rate[h] = rate[h] * ed if gives else (charged_rate if takes else 0.0)
        # Content is made good later (walk backwards) or was earlier (forwards); both walks go side by side.
        ahead, ahead_rate = np.inf, 0.0
        behind, behind_rate = np.inf, 0.0
        for h in range(n):
            g = n - 1 - h
            ahead = np.inf if held[g + 1] <= little else ahead
            later[g] = ahead
            later_rate[g] = ahead_rate
            less = value[g] < ahead
            ahead = value[g] if less else ahead
            ahead_rate = value_rate[g] if less else ahead_rate
            behind = np.inf if held[h] >= size - little else behind
            repay[h] = behind
            repay_rate[h] = behind_rate
            less = value[h] < behind
            behind = value[h] if less else behind
            behind_rate = value_rate[h] if less else behind_rate
        for h in range(n):
            saves = moved[h] > tiny
            can = saves | (-moved[h] < pd - tiny)
            factor = ec if saves else 1.0 / ed
            money = later[h] * ec - vom if saves else later[h] / ed + vom
            better = can & (later[h] < np.inf) & (money < best[h] - 1e-4)
            best[h] = money if better else best[h]
            out[h] = later_rate[h] * factor if better else out[h]
            money = repay[h] * ec - vom if saves else repay[h] / ed + vom
            better = can & (repay[h] < np.inf) & (money < best[h] - 1e-4)
            best[h] = money if better else best[h]
            out[h] = repay_rate[h] * factor if better else out[h]
