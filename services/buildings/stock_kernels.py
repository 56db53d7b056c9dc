"""Kernel of the turnover of floor area: survival, completions, retrofit.

Places are the inner, contiguous axis p, padded with empty ones to whole vectors: they are carried side by side, and
every sum of a place runs in the order of its vintages. Types go inside vintages, so that their sums do not wait for
each other.
"""

from numba import njit

_OVER, _WITHIN = 0, 1  # public buildings over their energy limit are retrofitted before the rest


@njit(nogil=True, cache=True)
def turn_over(
    base_area,
    span,
    life_class,
    survival,
    new_survival,
    hazard_ratio,
    life_of,
    demand,
    family,
    new_mix,
    least_new_share,
    group,
    open_to_retrofit,
    retrofit,
    depth_share,
    after,
    over,
    period,
    mark_share,
    area,
    keep,
    may,
    opened,
    standing,
    pool,
    taken,
    row,
    stock,
    by_period,
    floor_years,
    marked,
    completed,
    demolished,
    retrofitted,
    shortfall,
):
    """Yearly turnover of floor area by place p, type t, envelope state e and vintage v, m2.

    Each year: survivors; completions that meet demand, at least `least_new_share` of the stock; retrofit.

    base_area [t, e, old, p]: at the end of the base year, zero outside span. span [t, e, 2]: first vintage that holds
    area anywhere and the one after the last (0, 0: none); changed in place.
    life_class [t] -> c. survival [c, y, old]: share of a vintage standing at the end of y - 1 that stands at the end
    of y; new_survival [u, c, y, n] the same for vintage old + n, completed in year 1 + n. hazard_ratio [u, y]
    multiplies the share that falls, up to all of it. open_to_retrofit [u, c, y, v]: 1 where age and remaining life
    allow it, else 0. life_of [p] -> u. demand [t, y, p]. family [t] -> f; new_mix [f, y, g, p]: standards g of
    completions as built, the first states.
    group [t]: 0 dwellings, 1 public, -1 not retrofitted. retrofit [2, y]: asked for in the region.
    depth_share [d, y, p]. after [g, d]: the state that standard g reaches by a retrofit of depth d; as many g as may
    be retrofitted, worst first. over [t, g, v, p]: share of the area over its energy limit; changed in place.
    period [t, v] -> k. mark_share [a, t, y, p]: share of completions that carries mark a.
    Scratch: area [t, e, v, p], standing [t, v, p] (zero on entry), keep, may [c, v, p], opened [c, v],
    pool [2, g, 2, p], taken [g, 2, p], row [3, p].
    -> area at the end, in the span; stock [t, e, y, p], by_period [t, k, y, p], floor_years [t, y, p] (area times age),
    marked [a, t, y, p] at year ends; completed, demolished, retrofitted [t, y, p] from year 1; shortfall [y]:
    retrofit asked for beyond what is open. All zero on entry.
    """
    types, states, _, lanes = area.shape
    years = demand.shape[1]
    old = survival.shape[2]
    for t in range(types):
        _open_stock(base_area, area, span, standing, stock, t)
    _sum_vintages(standing, period, mark_share, by_period, floor_years, marked, old, 0)
    for y in range(1, years):
        newest = old + y - 1
        pool[:] = 0.0
        _read_lives(survival, new_survival, hazard_ratio, open_to_retrofit, life_of, keep, may, opened, y)
        _survive(area, span, keep, standing, stock, life_class, y, newest)
        for t in range(types):
            left, lost = row[0], row[1]
            for p in range(lanes):
                left[p] = 0.0
            for e in range(states):
                for p in range(lanes):
                    left[p] += stock[t, e, y, p]
            for p in range(lanes):
                lost[p] = -left[p]
            for e in range(states):
                for p in range(lanes):
                    lost[p] += stock[t, e, y - 1, p]
            for p in range(lanes):
                new = max(demand[t, y, p] - left[p], least_new_share * left[p])
                completed[t, y, p] = new
                standing[t, newest, p] = new
                demolished[t, y, p] = max(lost[p], 0.0)
            _complete(area, span, new_mix, completed, stock, t, family[t], y, newest)
            if group[t] >= 0:
                _offer(area, span, over, may, opened, pool, t, life_class[t], group[t])
        _sum_vintages(standing, period, mark_share, by_period, floor_years, marked, old, y)
        for k in range(2):
            whole = _open_area(pool, k, row[0])
            shortfall[y] += max(retrofit[k, y] - whole, 0.0)
            if whole <= 0.0 or retrofit[k, y] <= 0.0:
                continue
            _choose(pool, taken, k, min(retrofit[k, y] / whole, 1.0), row[0])
            _retrofit(
                area, span, over, may, opened, taken, depth_share, after, stock, retrofitted, life_class,
                group, k, row, y,
            )  # fmt: skip


@njit(nogil=True, cache=True)
def _open_stock(base_area, area, span, standing, stock, t):
    """A type's area at the end of the base year."""
    lanes = area.shape[3]
    for e in range(area.shape[1]):
        for v in range(span[t, e, 0], span[t, e, 1]):
            for p in range(lanes):
                area[t, e, v, p] = base_area[t, e, v, p]
                standing[t, v, p] += base_area[t, e, v, p]
                stock[t, e, 0, p] += base_area[t, e, v, p]


@njit(nogil=True, cache=True)
def _read_lives(survival, new_survival, hazard_ratio, open_to_retrofit, life_of, keep, may, opened, y):
    """What is kept of each vintage in the year, and which may be retrofitted, at each place."""
    old = survival.shape[2]
    newest = old + y - 1
    for c in range(keep.shape[0]):
        for v in range(newest + 1):
            opened[c, v] = 0
            for u in range(open_to_retrofit.shape[0]):
                opened[c, v] |= open_to_retrofit[u, c, y, v]
            for p in range(keep.shape[2]):
                u = life_of[p]
                if v < old:
                    stays = survival[c, y, v]
                elif v < newest:
                    stays = new_survival[u, c, y, v - old]
                else:
                    stays = 1.0
                keep[c, v, p] = 1.0 - min((1.0 - stays) * hazard_ratio[u, y], 1.0)
                may[c, v, p] = open_to_retrofit[u, c, y, v]


@njit(nogil=True, cache=True)
def _survive(area, span, keep, standing, stock, life_class, y, newest):
    """Carry the area of all types to the end of the year."""
    types, states, _, lanes = area.shape
    for e in range(states):
        first, end = newest, 0
        for t in range(types):
            if span[t, e, 1] > 0:
                first = min(first, span[t, e, 0])
                end = max(end, span[t, e, 1])
        for v in range(first, end):
            for t in range(types):
                if span[t, e, 0] <= v and v < span[t, e, 1]:
                    c = life_class[t]
                    for p in range(lanes):
                        area[t, e, v, p] *= keep[c, v, p]
                        stock[t, e, y, p] += area[t, e, v, p]
    for t in range(types):
        c = life_class[t]
        for v in range(newest):
            for p in range(lanes):
                standing[t, v, p] *= keep[c, v, p]


@njit(nogil=True, cache=True)
def _sum_vintages(standing, period, mark_share, by_period, floor_years, marked, old, y):
    """Area by period of completion, area times age, and area that carries marks, at the end of the year."""
    types, _, lanes = standing.shape
    newest = old + y - 1
    for v in range(newest + 1):
        for t in range(types):
            k = period[t, v]
            for p in range(lanes):
                by_period[t, k, y, p] += standing[t, v, p]
                floor_years[t, y, p] += standing[t, v, p] * (newest - v)
    for a in range(mark_share.shape[0]):
        for n in range(y):
            for t in range(types):
                for p in range(lanes):
                    marked[a, t, y, p] += standing[t, old + n, p] * mark_share[a, t, n + 1, p]


@njit(nogil=True, cache=True)
def _complete(area, span, new_mix, completed, stock, t, f, y, newest):
    """Put a type's completions into the states of their standards."""
    lanes = area.shape[3]
    for g in range(new_mix.shape[2]):
        most = 0.0
        for p in range(lanes):
            most = max(most, new_mix[f, y, g, p])
        if most > 0.0:
            _widen(area, span, t, g, newest)
            for p in range(lanes):
                new = completed[t, y, p] * max(new_mix[f, y, g, p], 0.0)
                area[t, g, newest, p] = new
                stock[t, g, y, p] += new


@njit(nogil=True, cache=True)
def _widen(area, span, t, e, v):
    """Let vintage v of a state hold area: what comes between is cleared."""
    first, end = span[t, e, 0], span[t, e, 1]
    if end == 0:
        area[t, e, v] = 0.0
        span[t, e, 0], span[t, e, 1] = v, v + 1
    elif v < first:
        area[t, e, v:first] = 0.0
        span[t, e, 0] = v
    elif v >= end:
        area[t, e, end : v + 1] = 0.0
        span[t, e, 1] = v + 1


@njit(nogil=True, cache=True)
def _offer(area, span, over, may, opened, pool, t, c, k):
    """Add a type's area that is open to retrofit to its cities' pools of group k."""
    for g in range(over.shape[1]):
        for v in range(span[t, g, 0], span[t, g, 1]):
            if opened[c, v] == 1:
                for p in range(area.shape[3]):
                    offered = area[t, g, v, p] * may[c, v, p]
                    pool[k, g, _OVER, p] += offered * over[t, g, v, p]
                    pool[k, g, _WITHIN, p] += offered * (1.0 - over[t, g, v, p])


@njit(nogil=True, cache=True)
def _open_area(pool, k, own):
    """Area open to retrofit, m2; own [p] is each city's."""
    whole = 0.0
    for p in range(own.size):
        own[p] = 0.0
        for g in range(pool.shape[1]):
            own[p] += pool[k, g, _OVER, p] + pool[k, g, _WITHIN, p]
        whole += own[p]
    return whole


@njit(nogil=True, cache=True)
def _choose(pool, taken, k, quota, own):
    """Shares to take in each city, [g, over or within, p]: `quota` of its pool, the worst standard first."""
    for p in range(own.size):
        left = quota * own[p]
        for g in range(taken.shape[0]):
            for s in range(2):
                taken[g, s, p] = 0.0
                if pool[k, g, s, p] > 0.0:
                    # All is all: no crumbs by rounding.
                    taken[g, s, p] = 1.0 if quota >= 1.0 else min(left / pool[k, g, s, p], 1.0)
                    left = max(left - pool[k, g, s, p], 0.0)


@njit(nogil=True, cache=True)
def _retrofit(
    area, span, over, may, opened, taken, depth_share, after, stock, retrofitted, life_class, group, k, row, y
):  # fmt: skip
    """Move the chosen part of a group's types from their states as built to retrofitted ones."""
    types, _, _, lanes = area.shape
    as_built, part, gone = row[0], row[1], row[2]
    for t in range(types):
        c = life_class[t]
        for g in range(taken.shape[0]):
            most = 0.0
            for p in range(lanes):
                as_built[p] = 0.0
                part[p] = 0.0
                most = max(most, taken[g, _OVER, p], taken[g, _WITHIN, p])
            if group[t] != k or most <= 0.0:
                continue
            for v in range(span[t, g, 0], span[t, g, 1]):
                if opened[c, v] == 1:
                    for p in range(lanes):
                        before = area[t, g, v, p]
                        still_over = before * over[t, g, v, p] * (1.0 - taken[g, _OVER, p])
                        still_within = before * (1.0 - over[t, g, v, p]) * (1.0 - taken[g, _WITHIN, p])
                        left = still_over + still_within
                        chosen = may[c, v, p] > 0.0 and (
                            taken[g, _OVER, p] > 0.0 or taken[g, _WITHIN, p] > 0.0
                        )
                        left = left if chosen else before
                        over[t, g, v, p] = still_over / left if chosen and left > 0.0 else over[t, g, v, p]
                        area[t, g, v, p] = left
                        gone[p] = max(before - left, 0.0)
                        part[p] += gone[p]
                    for d in range(after.shape[1]):
                        _widen(area, span, t, after[g, d], v)
                        for p in range(lanes):
                            area[t, after[g, d], v, p] += gone[p] * depth_share[d, y, p]
                for p in range(lanes):
                    as_built[p] += area[t, g, v, p]
            for p in range(lanes):
                if taken[g, _OVER, p] > 0.0 or taken[g, _WITHIN, p] > 0.0:
                    stock[t, g, y, p] = as_built[p]
                retrofitted[t, y, p] += part[p]
            for d in range(after.shape[1]):
                for p in range(lanes):
                    stock[t, after[g, d], y, p] += part[p] * depth_share[d, y, p]


@njit(nogil=True, cache=True)
def by_place(values, out):
    """values [a, k, y, p] to out [a, p, k, y] without the empty places."""
    groups, rows, years, _ = values.shape
    for a in range(groups):
        for k in range(rows):
            for p in range(out.shape[1]):
                for y in range(years):
                    out[a, p, k, y] = values[a, k, y, p]


@njit(nogil=True, cache=True)
def sum_some_states(area, types, first, end, out):
    """out[p, y] = sum over the first types and the states from first to end of area[p, t, e, y]."""
    for p in range(area.shape[0]):
        for y in range(out.shape[1]):
            out[p, y] = 0.0
        for t in range(types):
            for e in range(first, end):
                for y in range(out.shape[1]):
                    out[p, y] += area[p, t, e, y]
