"""Kernels of stores: exact walks against a stack, several stores in turn, certified bound. Arrays in, arrays out.

One region, one year, hours h of the year. A *stack* is K blocks in rising price with capacities cap[m, k] in
period m (a month or a day); segment 0 below it is surplus at price 0, segment K+1 above it is unserved at VOLL.
Power in MW, energy in MWh, money in CNY. r = load left for the stack before storage, x after it.
"""

import numpy as np
from numba import njit

BIG = 1e9


@njit(nogil=True, cache=True)
def fill_columns(price, cap, voll, charge_eff, discharge_eff, vom, value, cd, cc):
    """Tables of the exact walk for one store: level values and cumulated capacity of each column.

    Seen from inside the store, segment p is worth (p - vom) * discharge_eff when discharging replaces it and
    (p + vom) / charge_eff when charging uses it: 2(K+2) levels in rising order, value [2(K+2)]. Column j of
    cd, cc [m, columns] is the stack position reached with the first j levels; columns beyond are full.
    """
    k_count = price.size
    segments = k_count + 2
    levels = 2 * segments
    raw = np.empty(levels)
    for s in range(segments):
        p = 0.0
        if s == segments - 1:
            p = voll
        elif s > 0:
            p = price[s - 1]
        raw[2 * s] = (p - vom) * discharge_eff
        raw[2 * s + 1] = (p + vom) / charge_eff
    order = np.argsort(raw, kind="mergesort")
    cum = np.empty(segments + 1)
    for m in range(cap.shape[0]):
        cum[0] = -BIG
        cum[1] = 0.0
        for k in range(k_count):
            cum[k + 2] = cum[k + 1] + cap[m, k]
        cum[segments] = BIG
        used_d = 0
        used_c = 0
        cd[m, 0] = cum[0]
        cc[m, 0] = cum[0]
        for j in range(levels):
            if order[j] % 2 == 0:
                used_d += 1
            else:
                used_c += 1
            cd[m, j + 1] = cum[used_d]
            cc[m, j + 1] = cum[used_c]
        for j in range(levels + 1, cd.shape[1]):
            cd[m, j] = BIG
            cc[m, j] = BIG
    for j in range(levels):
        value[j] = raw[order[j]]


@njit(nogil=True, cache=True)
def walk_store(
    r,
    per,
    levels,
    cd,
    cc,
    store,
    start_mwh,
    end_mwh,
    x,
    soc,
    lam,
    work_n0,
    work_ne,
    work_lo,
    work_hi,
    work_a,
    work_b,
    work_s,
):
    """Exact least-cost schedule of one store against a stack, by a clamped walk per price level.

    r [n], per[h] = row of cd, cc; store = (charge MW, discharge MW, energy MWh, charge eff, discharge eff, vom).
    Out: x [n] load on the stack, soc [n+1], lam [n] = level whose value is the store's water value. Method: the
    inverse of the derivative of the cost-to-arrive function at a fixed level is a walk S <- clamp(S + s(h), 0, E).
    """
    n = r.size
    pc, pd, e_max, ec, ed = store[0], store[1], store[2], store[3], store[4]
    inv_ed = 1.0 / ed
    columns = cd.shape[1]
    s = work_s[:columns]
    s[:] = start_mwh
    for h in range(n):
        rh = r[h]
        row_d = cd[per[h]]
        row_c = cc[per[h]]
        empty = 0.0
        below = 0.0
        for j in range(columns):
            step = min(max(row_d[j] - rh, -pd), 0.0) * inv_ed + max(min(row_c[j] - rh, pc), 0.0) * ec
            v = min(max(s[j] + step, 0.0), e_max)
            s[j] = v
            empty += 1.0 if v <= 0.0 else 0.0
            below += 1.0 if v < e_max else 0.0
        work_n0[h] = empty
        work_ne[h] = below
    level = 0
    while level < levels and s[level] < end_mwh:
        level += 1
    level = max(level, int(work_n0[n - 1]), 1)
    level = min(level, levels)
    a = end_mwh
    b = end_mwh
    for h in range(n - 1, -1, -1):
        work_a[h + 1] = a
        work_b[h + 1] = b
        rh = r[h]
        row_d = cd[per[h]]
        row_c = cc[per[h]]
        lo = (
            min(max(row_d[level - 1] - rh, -pd), 0.0) * inv_ed + max(min(row_c[level - 1] - rh, pc), 0.0) * ec
        )
        hi = min(max(row_d[level] - rh, -pd), 0.0) * inv_ed + max(min(row_c[level] - rh, pc), 0.0) * ec
        work_lo[h] = lo
        work_hi[h] = hi
        lam[h] = level - 1
        a = max(a - hi, 0.0)
        b = min(b - lo, e_max)
        if h > 0:
            if level < work_n0[h - 1]:
                level = int(work_n0[h - 1])
                b = a
            elif level > work_ne[h - 1]:
                level = max(int(work_ne[h - 1]), 1)
                a = b
    now = start_mwh
    soc[0] = now
    for h in range(n):
        t = min(max(now, max(now + work_lo[h], work_a[h + 1])), min(now + work_hi[h], work_b[h + 1]))
        d = t - now
        x[h] = r[h] + (d / ec if d > 0.0 else d * ed)
        now = t
        soc[h + 1] = t


@njit(nogil=True, cache=True)
def find_year_end(r, per, levels, cd, cc, store, window):
    """Content of the store at the turn of the year: the middle of an exact walk over the last and the first hours.

    The year is cyclic. A store forgets its content once it was full or empty, so that `window` hours on either side
    stand for the whole circle. Returns MWh.
    """
    n = r.size
    count = min(window, n)
    rw = np.empty(2 * count)
    perw = np.empty(2 * count, dtype=np.int64)
    for i in range(2 * count):
        h = (n - count + i) % n
        rw[i] = r[h]
        perw[i] = per[h]
    size = 2 * count
    xw = np.empty(size)
    socw = np.empty(size + 1)
    lamw = np.empty(size, dtype=np.int64)
    half = 0.5 * store[2]
    walk_store(
        rw,
        perw,
        levels,
        cd,
        cc,
        store,
        half,
        half,
        xw,
        socw,
        lamw,
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size + 1),
        np.empty(size + 1),
        np.empty(cd.shape[1]),
    )
    return socw[count]


@njit(nogil=True, cache=True)
def smooth_stack(price, cap, voll, out_price, out_cap):
    """Each block split into two halves with prices towards its neighbours: a strictly rising curve.

    On it stores taken in turn do not stall at the kinks of the true stack. out_price [2K], out_cap [m, 2K].
    """
    k_count = price.size
    for k in range(k_count):
        p = price[k]
        below = price[k - 1] if k > 0 else 0.0
        above = price[k + 1] if k + 1 < k_count else voll
        lo = p - 0.5 * (p - below)
        hi = p + 0.5 * (min(above, 1.6 * p) - p)
        out_price[2 * k] = lo + 0.25 * (hi - lo)
        out_price[2 * k + 1] = lo + 0.75 * (hi - lo)
        for m in range(cap.shape[0]):
            out_cap[m, 2 * k] = 0.5 * cap[m, k]
            out_cap[m, 2 * k + 1] = 0.5 * cap[m, k]


@njit(nogil=True, cache=True)
def dispatch_stores(r, per, price, cap, voll, stores, smooth_rounds, window, edge, net, soc, water, x):
    """Schedule the stores in turn (rows of `stores` in the order given: best round trip first).

    stores [i, 6] as in walk_store; smooth_rounds on the smoothed stack, then one on the true one. Year-end contents
    edge [i] are found in the true round when window > 0, else taken as given. net [i, h] charging (> 0) or
    discharging (< 0) is the start and the result; soc [i, h+1]; water [i, h] value of stored energy, CNY/MWh; x [h]
    load on the stack.
    """
    n = r.size
    k_count = price.size
    count = stores.shape[0]
    rows = cap.shape[0]
    x[:] = r
    for i in range(count):
        x += net[i]
    price2 = np.empty(2 * k_count)
    cap2 = np.empty((rows, 2 * k_count))
    if smooth_rounds > 0:
        smooth_stack(price, cap, voll, price2, cap2)
    widest = (2 * (2 * k_count + 2) + 4) // 4 * 4
    exact = (2 * (k_count + 2) + 4) // 4 * 4
    cd2 = np.empty((rows, widest))
    cc2 = np.empty((rows, widest))
    cd1 = np.empty((rows, exact))
    cc1 = np.empty((rows, exact))
    value = np.empty(widest)
    lam = np.empty(n, dtype=np.int64)
    y = np.empty(n)
    n0, ne, lo, hi = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    wa, wb, ws = np.empty(n + 1), np.empty(n + 1), np.empty(widest)
    # A store below a hundredth of the highest load hardly moves the others: the true round is enough for it.
    small = 0.01 * max(r.max(), 0.0)
    active = 0
    for i in range(count):
        if min(stores[i, 0], stores[i, 1], stores[i, 2]) > 0.0:
            active += 1
    for turn in range(smooth_rounds + 1):
        last = turn == smooth_rounds
        for i in range(count):
            store = stores[i]
            if store[0] <= 0.0 or store[1] <= 0.0 or store[2] <= 0.0:
                continue
            if not last and max(store[0], store[1]) < small:
                continue
            for h in range(n):
                y[h] = x[h] - net[i, h]
            if last:
                levels = 2 * (k_count + 2)
                fill_columns(price, cap, voll, store[3], store[4], store[5], value, cd1, cc1)
                span = window
                while True:
                    if window > 0:
                        edge[i] = find_year_end(y, per, levels, cd1, cc1, store, span)
                    walk_store(
                        y,
                        per,
                        levels,
                        cd1,
                        cc1,
                        store,
                        edge[i],
                        edge[i],
                        x,
                        soc[i],
                        lam,
                        n0,
                        ne,
                        lo,
                        hi,
                        wa,
                        wb,
                        ws,
                    )
                    # Stored energy must be worth the same before and after the turn of the year. A single store then
                    # looks around the whole circle; among several the few millionths of cost are below the gap.
                    if window == 0 or active > 1 or lam[0] == lam[n - 1] or span >= n:
                        break
                    span = n
                for h in range(n):
                    water[i, h] = value[lam[h]]
            else:
                levels = 2 * (2 * k_count + 2)
                fill_columns(price2, cap2, voll, store[3], store[4], store[5], value, cd2, cc2)
                walk_store(
                    y,
                    per,
                    levels,
                    cd2,
                    cc2,
                    store,
                    edge[i],
                    edge[i],
                    x,
                    soc[i],
                    lam,
                    n0,
                    ne,
                    lo,
                    hi,
                    wa,
                    wb,
                    ws,
                )
            for h in range(n):
                net[i, h] = x[h] - y[h]


@njit(nogil=True, cache=True)
def stores_vom_cost(net, stores):
    """Throughput cost of all stores, CNY."""
    total = 0.0
    for i in range(stores.shape[0]):
        if stores[i, 5] == 0.0:
            continue
        moved = 0.0
        for h in range(net.shape[1]):
            moved += abs(net[i, h])
        total += stores[i, 5] * moved
    return total


@njit(nogil=True, cache=True)
def supported_prices(x, per, price, cap, voll, stores, net, water, out):
    """A price of every hour that the stack supports at x: the mean of those nearest to each store's water value."""
    k_count = price.size
    count = stores.shape[0]
    tiny = 1e-6
    for h in range(x.size):
        row = cap[per[h]]
        below = 0.0
        above = 0.0
        if x[h] >= -tiny:
            # Segment that holds x; at a kink the prices on both sides.
            low = 0.0
            for k in range(k_count + 1):
                p = voll
                width = BIG
                if k < k_count:
                    p = price[k]
                    width = row[k]
                if width <= 0.0:
                    continue
                above = p
                if x[h] < low + tiny:
                    break
                below = p
                low += width
                if x[h] < low - tiny:
                    break
        total = 0.0
        active = 0
        for i in range(count):
            if min(stores[i, 0], stores[i, 1], stores[i, 2]) <= 0.0:
                continue
            active += 1
            charge = water[i, h] * stores[i, 3] - stores[i, 5]
            discharge = water[i, h] / stores[i, 4] + stores[i, 5]
            want = min(max(below, charge), discharge)
            if net[i, h] > tiny:
                want = charge
            elif net[i, h] < -tiny:
                want = discharge
            total += min(max(want, below), above)
        out[h] = total / active if active > 0 else above


@njit(nogil=True, cache=True)
def payment_bound(lam, mu, store):
    """Lower bound of what a cyclic store pays at prices lam, from any water values mu, CNY."""
    n = lam.size
    pc, pd, e_max, ec, ed, vom = store[0], store[1], store[2], store[3], store[4], store[5]
    inv_ed = 1.0 / ed
    total = 0.0
    for h in range(n):
        total += pc * min(0.0, lam[h] + vom - mu[h] * ec)
        total += pd * min(0.0, mu[h] * inv_ed + vom - lam[h])
    for h in range(1, n):
        total += e_max * min(0.0, mu[h - 1] - mu[h])
    return total + e_max * min(0.0, mu[n - 1] - mu[0])


@njit(nogil=True, cache=True)
def lower_bound(x, per, price, cap, voll, cost, stores, net, water):
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
        total += payment_bound(lam, water[i], stores[i]) - paid
    return total
