"""Kernels of the hourly dispatch: merit order, commitment by day, settlement of hours.

Words and units as in `store_kernels`. One region, one year, hours h of the year; arrays in, arrays out.
"""

import numpy as np
from numba import njit

from services.power.bound_kernels import (
    best_periods,
    lower_bound,
    payment_bound,
    period_cost,
    stack_bound,
    supported_prices,
)
from services.power.commitment_kernels import (
    choose_commitment,
    commitment_cost,
    committed_by_price,
    committed_stack,
)
from services.power.store_kernels import dispatch_stores_in, stores_scratch, stores_vom_cost

# Steps towards what the prices ask for, and the weight of new prices against those before: chosen on generated years.
STEPS = (0.35, 0.35, 0.3, 0.25, 0.2, 0.15)
PRICE_WEIGHT = 0.7
HOURS_A_DAY = 24


@njit(nogil=True, cache=True)
def block_energy(x, start, cap, energy):
    """energy[k+1] of every segment: 0 surplus (MWh below zero), 1..K blocks, K+1 unserved. start[m] first hours."""
    k_count = cap.shape[1]
    energy[:] = 0.0
    for m in range(cap.shape[0]):
        xs = x[start[m] : start[m + 1]]
        low = 0.0
        total = 0.0
        for h in range(xs.size):
            total += max(-xs[h], 0.0)
        energy[0] += total
        for k in range(k_count):
            width = cap[m, k]
            total = 0.0
            for h in range(xs.size):
                total += min(max(xs[h] - low, 0.0), width)
            energy[k + 1] += total
            low += width
        total = 0.0
        for h in range(xs.size):
            total += max(xs[h] - low, 0.0)
        energy[k_count + 1] += total


@njit(nogil=True, cache=True)
def stack_cost(energy, price, voll):
    """Cost of the segments' energy, CNY."""
    total = voll * energy[price.size + 1]
    for k in range(price.size):
        total += price[k] * energy[k + 1]
    return total


@njit(nogil=True, cache=True)
def marginal_price(x, per, price, cap, voll, out):
    """Price of the segment that carries the last MW of every hour; 0 in surplus."""
    n = x.size
    rest = x.copy()
    for h in range(n):
        out[h] = voll if x[h] > 0.0 else 0.0
    first = 0
    while first < n:
        last = first + 1
        while last < n and per[last] == per[first]:
            last += 1
        left = rest[first:last]
        found = out[first:last]
        row = cap[per[first]]
        for k in range(price.size):
            p = price[k]
            width = row[k]
            for h in range(left.size):
                after = left[h] - width
                found[h] = p if (left[h] > 0.0) & (after <= 0.0) else found[h]
                left[h] = after
        first = last


@njit(nogil=True, cache=True)
def committed_bound(
    lam, water, r, day_month, price, cap, committed, min_load, no_load, start_cost, stores, reach, voll
):
    """Certified least cost with the commitment relaxed to a continuous one, from prices lam [h] and water [i, h].

    Committed blocks count with their highest capacity of the year, which can only lower the bound.
    """
    n = lam.size
    quick = cap.copy()
    for k in range(price.size):
        if committed[k] == 1:
            quick[:, k] = 0.0
    hour_month = np.empty(n, dtype=np.int64)
    for h in range(n):
        hour_month[h] = day_month[h // 24]
    prices = np.empty(cap.shape)
    prices[:] = price
    total = stack_bound(lam, r, hour_month, prices, quick, voll)
    available = np.ones(n)
    cost = np.empty(day_month.size)
    path = np.empty(day_month.size)
    for k in range(price.size):
        if committed[k] == 1:
            incremental = price[k] * (1.0 - no_load[k])
            idle = price[k] * no_load[k]
            most = cap[:, k].max()
            period_cost(lam, incremental, available, min_load[k], idle, 24, cost)
            total += most * best_periods(cost, start_cost[k], path)
    for i in range(stores.shape[0]):
        if min(stores[i, 0], stores[i, 1], stores[i, 2]) > 0.0:
            total += payment_bound(lam, water[i], stores[i], reach[i])
    return total


@njit(nogil=True, cache=True)
def year_scratch(steps, rows, k_count, count):
    """Doubles of scratch for `dispatch_year` with so many hours, months, blocks and stores."""
    days = steps // HOURS_A_DAY
    own = 3 * count * (steps + 1) + 6 * steps + 3 * days * k_count
    return own + stores_scratch(steps, max(rows, days), k_count)


@njit(nogil=True, cache=True)
def dispatch_year(
    r,
    hour_month,
    month_start,
    day_month,
    day_start,
    price,
    cap,
    committed,
    min_load,
    no_load,
    start_cost,
    voll,
    stores,
    reach,
    smooth_rounds,
    passes,
    slices,
    window,
    energy,
    online,
    net,
    soc,
    x,
    price_out,
    result,
    scratch,
    with_bound,
):
    """Dispatch one year; passes = 0 is without commitment, else units are chosen in slices (1) and then moved by price.

    r [h]; price [k] full-load cost in rising order; cap [12, k]; stores [i, 6] best round trip first,
    reach [i, h]. Out: energy
    [k+2] by segment with the floors of committed blocks in their own block; online [k, d]; net [i, h]; soc [i, h+1];
    x [h] load on the stack (with floors); price_out [h]; result = (cost, certified lower bound, start cost), without
    the bound where nobody reads it. scratch: as many doubles as `year_scratch` says.
    """
    n = r.size
    k_count = price.size
    days = day_month.size
    count = stores.shape[0]
    at = count * n
    water = scratch[:at].reshape(count, n)
    water[:] = 0.0
    net[:] = 0.0
    edge = np.empty((count, 2))
    cyclic = np.ones(count, dtype=np.int64)
    for i in range(count):
        edge[i] = 0.5 * stores[i, 2]
    # The units are chosen for a load that need not be the best: its smooth rounds come with the last pass.
    rounds = smooth_rounds if passes == 0 else 0
    dispatch_stores_in(
        r,
        hour_month,
        price,
        cap,
        voll,
        stores,
        reach,
        rounds,
        passes > 0,
        window,
        cyclic,
        edge,
        net,
        soc,
        water,
        x,
        scratch[at:],
    )
    if passes == 0:
        block_energy(x, month_start, cap, energy)
        cost = stack_cost(energy, price, voll)
        result[0] = cost + stores_vom_cost(net, stores)
        if with_bound:
            result[1] = lower_bound(x, hour_month, price, cap, voll, cost, stores, reach, net, water)
        result[2] = 0.0
        marginal_price(x, hour_month, price, cap, voll, price_out)
        return
    effective = np.empty(k_count)
    for k in range(k_count):
        effective[k] = price[k] * (1.0 - no_load[k]) if committed[k] == 1 else price[k]
    order = np.argsort(effective, kind="mergesort")
    floor = np.empty(days)
    inc_price = np.empty(k_count)
    seg = np.empty(k_count + 2)
    # What is long lies in the scratch, one piece after another; what is left of it is for the stores.
    on = scratch[at : at + k_count * days].reshape(k_count, days)
    at += k_count * days
    target = scratch[at : at + k_count * days].reshape(k_count, days)
    at += k_count * days
    inc_cap = scratch[at : at + k_count * days].reshape(days, k_count)
    at += k_count * days
    net_d = scratch[at : at + count * n].reshape(count, n)
    at += count * n
    soc_d = scratch[at : at + count * (n + 1)].reshape(count, n + 1)
    at += count * (n + 1)
    hours = scratch[at : at + 5 * n].reshape(5, n)
    rd, xd, lam, lam_d, full = hours[0], hours[1], hours[2], hours[3], hours[4]
    at += 5 * n
    hour_day = scratch[at : at + n].view(np.int64)
    at += n
    left = scratch[at:]
    on[:] = 0.0
    net_d[:] = net
    soc_d[:] = 0.0
    lam[:] = 0.0
    full[:] = x
    for h in range(n):
        hour_day[h] = h // 24
    best = np.inf
    # All passes but the last are rough and choose the units; the last schedules every store for the best of them.
    for turn in range(passes + 1):
        last = turn == passes
        if turn == 0:
            choose_commitment(
                full, 24, day_month, price, cap, committed, min_load, no_load, start_cost, slices, voll, on
            )
            if passes == 1:
                # Nothing to compare with: the choice stands as it is.
                online[:] = on
                continue
        elif last:
            on[:] = online
        else:
            supported_prices(xd, hour_day, inc_price, inc_cap, voll, stores, net_d, water, lam_d)
            weight = 1.0 if turn == 1 else PRICE_WEIGHT
            for h in range(n):
                lam[h] = weight * lam_d[h] + (1.0 - weight) * lam[h]
            committed_by_price(lam, day_month, price, cap, committed, min_load, no_load, start_cost, target)
            step = STEPS[min(turn - 1, len(STEPS) - 1)]
            for k in range(k_count):
                for d in range(days):
                    on[k, d] += step * (target[k, d] - on[k, d])
        committed_stack(
            day_month, price, cap, committed, min_load, no_load, order, on, floor, inc_price, inc_cap
        )
        for h in range(n):
            rd[h] = r[h] - floor[h // 24]
        dispatch_stores_in(
            rd,
            hour_day,
            inc_price,
            inc_cap,
            voll,
            stores,
            reach,
            smooth_rounds if last else 0,
            not last,
            window if last else 0,
            cyclic,
            edge,
            net_d,
            soc_d,
            water,
            xd,
            left,
        )
        block_energy(xd, day_start, inc_cap, seg)
        running, starts = commitment_cost(24, n, price, committed, min_load, no_load, start_cost, on)
        total = stack_cost(seg, inc_price, voll) + running + starts + stores_vom_cost(net_d, stores)
        if not last and total < best:
            best = total
            online[:] = on
    result[0] = total
    result[2] = starts
    net[:] = net_d
    soc[:] = soc_d
    for h in range(n):
        x[h] = xd[h] + floor[h // 24]
    energy[0] = seg[0]
    energy[k_count + 1] = seg[k_count + 1]
    for i in range(k_count):
        energy[order[i] + 1] = seg[i + 1]
    for k in range(k_count):
        if committed[k] == 1:
            for d in range(days):
                energy[k + 1] += 24.0 * min_load[k] * on[k, d]
    marginal_price(xd, hour_day, inc_price, inc_cap, voll, price_out)
    if not with_bound:
        return
    supported_prices(xd, hour_day, inc_price, inc_cap, voll, stores, net_d, water, lam)
    result[1] = committed_bound(
        lam, water, r, day_month, price, cap, committed, min_load, no_load, start_cost, stores, reach, voll
    )
