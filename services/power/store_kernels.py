"""Kernels of stores: exact walks against a stack, several stores in turn. Arrays in, arrays out.

One region, one year, hours h of the year. A *stack* is K blocks in rising price with capacities cap[m, k] in
period m (a month or a day); segment 0 below it is surplus at price 0, segment K+1 above it is unserved at VOLL.
Power in MW, energy in MWh, money in CNY. r = load left for the stack before storage, x after it.
"""

import numpy as np
from numba import njit

from services.power.sweep_kernels import PAD, sweep_levels

BIG = 1e9
# Smoothed stack: price levels, and the first round's window as a share of the range of the residual load. Chosen on
# random systems; more levels cost time, a wider window blurs the prices, a narrower one leaves kinks.
SMOOTH_LEVELS = 32
SMOOTH_WINDOW_SHARE = 0.06
# Power below these shares of the highest load: too small for the smooth rounds, too small for a rough schedule.
SMALL_SHARE = 0.02
MINOR_SHARE = 0.05


@njit(nogil=True, cache=True)
def columns_of(levels):
    """Columns of the tables of so many levels: one more than levels, in whole groups."""
    return (levels + PAD) // PAD * PAD


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
def follow_contents(start_mwh, lo, hi, low, high, soc):
    """Contents soc [n+1] from the first hour on, by steps between lo and hi, kept between low and high.

    lo, hi, low, high [n+1]: the steps of hour h at h, the limits after it at h + 1.

    Every hour waits for the one before it, so that the processor idles. So the quarters of the hours run side by side,
    three of them from a guess; where a guess was wrong the hours after it are done again until they fall in with what
    is there. The bits are those of one walk from end to end.
    """
    n = soc.size - 1
    quarter = n // 4
    h1, h2, h3 = quarter, 2 * quarter, 3 * quarter
    # Where what comes after leaves no choice, the least content in reach is the content.
    p, q, s, t = start_mwh, low[h1], low[h2], low[h3]
    soc[0] = start_mwh
    for h in range(quarter):
        p = min(max(max(p, low[h + 1]), p + lo[h]), min(p + hi[h], high[h + 1]))
        soc[h + 1] = p
        h += h1
        q = min(max(max(q, low[h + 1]), q + lo[h]), min(q + hi[h], high[h + 1]))
        soc[h + 1] = q
        h += h1
        s = min(max(max(s, low[h + 1]), s + lo[h]), min(s + hi[h], high[h + 1]))
        soc[h + 1] = s
        h += h1
        t = min(max(max(t, low[h + 1]), t + lo[h]), min(t + hi[h], high[h + 1]))
        soc[h + 1] = t
    for first in (h1, h2, h3, 4 * quarter):
        now = soc[first]
        if first < 4 * quarter and now == low[first]:
            continue
        for h in range(first, n):
            now = min(max(max(now, low[h + 1]), now + lo[h]), min(now + hi[h], high[h + 1]))
            if first < 4 * quarter and soc[h + 1] == now:
                break
            soc[h + 1] = now


@njit(nogil=True, cache=True)
def walk_store(r, per, levels, cd, cc, store, reach, start_mwh, end_mwh, x, soc, lam, work, mark, column):
    """Exact least-cost schedule of one store against a stack, by a clamped walk per price level.

    r [n], per[h] = row of cd, cc; store = (charge MW, discharge MW, energy MWh, charge eff, discharge eff, vom);
    reach [n] share of both powers that is there in each hour. Out: x [n] load on the stack, soc [n+1], lam [n] =
    level whose value is the store's water value. Method: the inverse of the derivative of the cost-to-arrive function
    at a fixed level is a walk S <- clamp(S + s(h), 0, E). Columns are a multiple of PAD; work [4, n+1], mark [2, n] and
    column [columns] are scratch.
    """
    n = r.size
    e_max, ec, ed = store[2], store[3], store[4]
    inv_ed = 1.0 / ed
    columns = cd.shape[1]
    lo, hi, low, high = work[0], work[1], work[2], work[3]
    first_filled, first_full = mark[0], mark[1]
    s = column[:columns]
    sweep_levels(r, per, cd, cc, store, reach, start_mwh, s, first_filled, first_full)
    filled = first_filled[n - 1]
    level = 0
    while level < levels and s[level] < end_mwh:
        level += 1
    level = max(level, filled, 1)
    level = min(level, levels)
    a = end_mwh
    b = end_mwh
    power_c, power_d = store[0], store[1]
    d = cd.reshape(cd.size)
    c = cc.reshape(cc.size)
    for h in range(n - 1, -1, -1):
        low[h + 1] = a
        high[h + 1] = b
        rh = r[h]
        at = np.uint64(per[h] * columns + level)
        before = np.uint64(per[h] * columns + level - 1)
        pc = power_c * reach[h]
        pd = power_d * reach[h]
        fall = min(max(d[before] - rh, -pd), 0.0) * inv_ed + max(min(c[before] - rh, pc), 0.0) * ec
        rise = min(max(d[at] - rh, -pd), 0.0) * inv_ed + max(min(c[at] - rh, pc), 0.0) * ec
        lo[h] = fall
        hi[h] = rise
        lam[h] = level - 1
        a = max(a - rise, 0.0)
        b = min(b - fall, e_max)
        if h > 0:
            if level < first_filled[h - 1]:
                level = first_filled[h - 1]
                b = a
            elif level > first_full[h - 1]:
                level = max(first_full[h - 1], 1)
                a = b
    follow_contents(start_mwh, lo, hi, low, high, soc)
    for h in range(n):
        step = soc[h + 1] - soc[h]
        x[h] = r[h] + (step / ec if step > 0.0 else step * ed)


@njit(nogil=True, cache=True)
def find_year_end(r, per, levels, cd, cc, store, reach, window, column):
    """Content of the store at the turn of the year: the middle of an exact walk over the last and the first hours.

    The year is cyclic. A store forgets its content once it was full or empty, so that `window` hours on either side
    stand for the whole circle. Returns MWh.
    """
    n = r.size
    count = min(window, n)
    size = 2 * count
    rw = np.empty(size)
    perw = np.empty(size, dtype=np.int64)
    reachw = np.empty(size)
    for i in range(size):
        h = (n - count + i) % n
        rw[i] = r[h]
        perw[i] = per[h]
        reachw[i] = reach[h]
    xw = np.empty(size)
    socw = np.empty(size + 1)
    lamw = np.empty(size, dtype=np.int64)
    work = np.empty((4, size + 1))
    mark = np.empty((2, size), dtype=np.int64)
    half = 0.5 * store[2]
    walk_store(rw, perw, levels, cd, cc, store, reachw, half, half, xw, socw, lamw, work, mark, column)
    return socw[count]


@njit(nogil=True, cache=True)
def schedule_store(
    y,
    per,
    price,
    cap,
    voll,
    store,
    reach,
    edge,
    window,
    alone,
    tables,
    value,
    x,
    soc,
    lam,
    work,
    mark,
    column,
):
    """Tables and exact walk of one store against a stack.

    edge = (first, last) content in MWh, given when window = 0; else the year is cyclic and both are found by search
    over `window` hours on either side; a store that is `alone` looks around the whole circle where the short search
    leaves its water value open.
    """
    n = y.size
    levels = 2 * (price.size + 2)
    columns = columns_of(levels)
    rows = cap.shape[0]
    # Contiguous rows, or the walk does not vectorise.
    cd = tables[0, : rows * columns].reshape(rows, columns)
    cc = tables[1, : rows * columns].reshape(rows, columns)
    fill_columns(price, cap, voll, store[3], store[4], store[5], value, cd, cc)
    # A store forgets within some of its own hours; a long search costs a tenth of the walk.
    hours = store[2] / min(store[0], store[1])
    span = min(window, max(168, int(20.0 * hours)))
    while True:
        if window > 0:
            edge[:] = find_year_end(y, per, levels, cd, cc, store, reach, span, column)
        walk_store(y, per, levels, cd, cc, store, reach, edge[0], edge[1], x, soc, lam, work, mark, column)
        # Stored energy must be worth the same before and after the turn of the year. A single store then looks
        # around the whole circle; among several the few millionths of cost are below the gap.
        if window == 0 or not alone or lam[0] == lam[n - 1] or span >= n:
            break
        span = n


@njit(nogil=True, cache=True)
def smooth_prices(price, width, voll, window_mw, low_mw, high_mw, out):
    """Price levels of the smoothed stack; returns how many (they rise strictly).

    The step price p(y) of blocks of mean `width` [k] is replaced by its mean over a window, read at equal steps of y.
    """
    levels = 0
    step = (high_mw - low_mw) / out.size
    half = 0.5 * window_mw
    for i in range(out.size):
        y = low_mw + (i + 0.5) * step
        total = 0.0
        at = 0.0
        for k in range(price.size):
            total += price[k] * max(min(at + width[k], y + half) - max(at, y - half), 0.0)
            at += width[k]
        total += voll * max(y + half - max(at, y - half), 0.0)
        mean = total / window_mw
        if levels == 0 or mean > out[levels - 1] * (1.0 + 1e-6) + 1e-6:
            out[levels] = mean
            levels += 1
    return levels


@njit(nogil=True, cache=True)
def smooth_widths(price, row, voll, window_mw, level, count, out):
    """Width of every price level of the smoothed stack in one period; returns where the first level starts, MW (< 0).

    Level j holds where the mean price over the window lies nearest to level[j]: the inverse of a piecewise linear
    function, followed from kink to kink.
    """
    half = 0.5 * window_mw
    k_count = price.size
    y = -half
    mean = 0.0
    ahead, ahead_end = 0, row[0] if k_count > 0 else BIG
    behind, behind_end = -1, 0.0
    start = -half
    last = -half
    j = 0
    while j <= count:
        if j == 0:
            wanted = 0.5 * level[0]
        elif j < count:
            wanted = 0.5 * (level[j - 1] + level[j])
        else:
            wanted = 0.5 * (level[count - 1] + voll)
        while True:
            p_ahead = price[ahead] if ahead < k_count else voll
            p_behind = 0.0
            if behind >= 0:
                p_behind = price[behind] if behind < k_count else voll
            slope = (p_ahead - p_behind) / window_mw
            room = min(ahead_end - (y + half), behind_end - (y - half))
            need = (wanted - mean) / slope if slope > 0.0 else BIG
            if wanted <= mean:
                need = 0.0
            if need <= room or room >= BIG:
                y += min(need, room)
                mean = wanted
                break
            y += room
            mean += slope * room
            if ahead_end - (y + half) <= behind_end - (y - half):
                ahead += 1
                ahead_end = ahead_end + row[ahead] if ahead < k_count else 2.0 * BIG
            else:
                behind += 1
                behind_end = behind_end + row[behind] if behind < k_count else 2.0 * BIG
        if j == 0:
            start = y
        else:
            out[j - 1] = y - last
        last = y
        j += 1
    return start


@njit(nogil=True, cache=True)
def smooth_stack(r, price, cap, voll, window_share, out_price, out_cap, start):
    """The stack with its price replaced by the mean over a window of MW: a rising curve instead of steps.

    On it stores taken in turn do not stall at the kinks of the true stack. The window is a share of the range of r;
    levels stand at equal steps of load. out_price [j], out_cap [m, j], start [m] load at which the first level starts
    (below zero: the surplus has a price there too). Returns the number of levels used.
    """
    rows, k_count = cap.shape
    lowest = r.min()
    highest = r.max()
    window_mw = max(window_share * (highest - lowest), 1e-6 * max(abs(highest), abs(lowest), 1.0))
    width = np.zeros(k_count)
    total = 0.0
    for k in range(k_count):
        for m in range(rows):
            width[k] += cap[m, k]
        width[k] /= rows
        total += width[k]
    half = 0.5 * window_mw
    low_mw = max(lowest, 0.0) - half
    high_mw = max(min(highest, total) + half, low_mw + window_mw)
    count = smooth_prices(price, width, voll, window_mw, low_mw, high_mw, out_price)
    for m in range(rows):
        start[m] = smooth_widths(price, cap[m], voll, window_mw, out_price, count, out_cap[m])
    return count


@njit(nogil=True, cache=True)
def dispatch_stores(
    r, per, price, cap, voll, stores, reach, smooth_rounds, rough, window, cyclic, edge, net, soc, water, x
):
    """As `dispatch_stores_in`, with scratch of its own."""
    scratch = np.empty(stores_scratch(r.size, cap.shape[0], price.size))
    dispatch_stores_in(
        r,
        per,
        price,
        cap,
        voll,
        stores,
        reach,
        smooth_rounds,
        rough,
        window,
        cyclic,
        edge,
        net,
        soc,
        water,
        x,
        scratch,
    )


@njit(nogil=True, cache=True)
def stores_scratch(steps, rows, k_count):
    """Doubles of scratch for `dispatch_stores_in` with so many steps, periods and blocks."""
    widest = columns_of(2 * (max(SMOOTH_LEVELS, k_count) + 2))
    return 9 * steps + 4 + rows * (3 * widest + 2 * SMOOTH_LEVELS)


@njit(nogil=True, cache=True)
def dispatch_stores_in(
    r,
    per,
    price,
    cap,
    voll,
    stores,
    reach,
    smooth_rounds,
    rough,
    window,
    cyclic,
    edge,
    net,
    soc,
    water,
    x,
    scratch,
):
    """Schedule the stores in turn (rows of `stores` in the order given: best round trip first).

    stores [i, 6] and reach [i, h] as in walk_store; smooth_rounds on the smoothed stack, then one on the true one;
    rough leaves small stores as they are.
    edge [i, 2] first and last content: found in the true round for stores with cyclic [i] = 1 when window > 0, else
    taken as given. net [i, h] charging (> 0) or discharging (< 0) is the start and the result; soc [i, h+1]; water
    [i, h] value of stored energy, CNY/MWh; x [h] load on the stack. scratch: as many doubles as `stores_scratch` says.
    """
    n = r.size
    k_count = price.size
    count = stores.shape[0]
    rows = cap.shape[0]
    x[:] = r
    for i in range(count):
        x += net[i]
    levels = SMOOTH_LEVELS if smooth_rounds > 0 else 0
    widest = columns_of(2 * (max(levels, k_count) + 2))
    price2 = np.empty(levels)
    start = np.zeros(rows)
    column = np.empty(widest)
    smooth_column = np.empty(widest, dtype=np.float32)
    value = np.empty(widest)
    # What is long lies in the scratch, one piece after another.
    at = 4 * (n + 1)
    work = scratch[:at].reshape(4, n + 1)
    mark = scratch[at : at + 2 * n].view(np.int64).reshape(2, n)
    at += 2 * n
    lam = scratch[at : at + n].view(np.int64)
    at += n
    y = scratch[at : at + n]
    at += n
    offset = scratch[at : at + n]
    at += n
    tables = scratch[at : at + 2 * rows * widest].reshape(2, rows * widest)
    at += 2 * rows * widest
    smooth_tables = scratch[at : at + rows * widest].view(np.float32).reshape(2, rows * widest)
    at += rows * widest
    cap2 = scratch[at : at + rows * levels].reshape(rows, levels)
    at += rows * levels
    # A small store hardly moves the others: the true round is enough for it, and a rough schedule leaves it idle.
    small = SMALL_SHARE * max(r.max(), 0.0)
    minor = MINOR_SHARE * max(r.max(), 0.0)
    active = 0
    for i in range(count):
        if min(stores[i, 0], stores[i, 1], stores[i, 2]) > 0.0:
            active += 1
    for turn in range(smooth_rounds + 1):
        last = turn == smooth_rounds
        if not last:
            share = SMOOTH_WINDOW_SHARE * 0.5**turn
            used = smooth_stack(r, price, cap, voll, share, price2, cap2, start)
            for h in range(n):
                offset[h] = start[per[h]]
            used_price = price2[:used].copy()
            used_cap = scratch[at : at + rows * used].reshape(rows, used)
            used_cap[:] = cap2[:, :used]
        for i in range(count):
            store = stores[i]
            if store[0] <= 0.0 or store[1] <= 0.0 or store[2] <= 0.0:
                continue
            power = max(store[0], store[1])
            if (not last and (power < small or active == 1)) or (rough and power < minor):
                continue
            own = net[i]
            if last:
                for h in range(n):
                    y[h] = x[h] - own[h]
            else:
                for h in range(n):
                    y[h] = x[h] - own[h] - offset[h]
            if last:
                schedule_store(
                    y,
                    per,
                    price,
                    cap,
                    voll,
                    store,
                    reach[i],
                    edge[i],
                    window if cyclic[i] else 0,
                    active == 1,
                    tables,
                    value,
                    x,
                    soc[i],
                    lam,
                    work,
                    mark,
                    column,
                )
                worth = water[i]
                for h in range(n):
                    worth[h] = value[lam[h]]
            else:
                schedule_store(
                    y,
                    per,
                    used_price,
                    used_cap,
                    voll,
                    store,
                    reach[i],
                    edge[i],
                    0,
                    False,
                    smooth_tables,
                    value,
                    x,
                    soc[i],
                    lam,
                    work,
                    mark,
                    smooth_column,
                )
            for h in range(n):
                own[h] = x[h] - y[h]
            if not last:
                for h in range(n):
                    x[h] += offset[h]


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
