"""Kernels of the turnover of floor area: survival, completions, retrofit; and of what vintages tell.

Places p are padded with empty ones to whole vectors and stand side by side within their type: the inner, contiguous
axis q runs over types and places, q = t * lanes + p. Neighbouring types that hold the same vintages are carried in one
go, and every sum of a type and place runs in the order of its vintages.
"""

import numpy as np
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
    area,
    stock,
    completed,
    demolished,
    retrofitted,
    shortfall,
):
    """Yearly turnover of floor area by type and place q, envelope state e and vintage v, m2.

    Each year: survivors; completions that meet demand, at least `least_new_share` of the stock; retrofit.

    base_area [e, old, q]: at the end of the base year, zero outside span. span [t, e, 2]: first vintage that holds
    area anywhere and the one after the last (0, 0: none); changed in place.
    life_class [t] -> c. survival [c, y, old]: share of a vintage standing at the end of y - 1 that stands at the end
    of y; new_survival [u, c, y, n] the same for vintage old + n, completed in year 1 + n. hazard_ratio [u, y]
    multiplies the share that falls, up to all of it. open_to_retrofit [u, c, y, v]: 1 where age and remaining life
    allow it, else 0. life_of [p] -> u. demand [y, q]. family [t] -> f; new_mix [f, y, g, p]: standards g of
    completions as built, the first states.
    group [t]: 0 dwellings, 1 public, -1 not retrofitted. retrofit [2, y]: asked for in the region.
    depth_share [d, y, p]. after [g, d]: the state that standard g reaches by a retrofit of depth d; as many g as may
    be retrofitted, worst first. over [g, v, q]: share of the area over its energy limit; changed in place.
    area [e, v, q] is scratch. -> area at the end, in the span; stock [e, y, q] at year ends; completed, demolished,
    retrofitted [y, q] from year 1; shortfall [y]: retrofit asked for beyond what is open. All zero on entry but area.
    """
    states, vintages, wide = area.shape
    types, lanes = life_class.size, life_of.size
    years, old = demand.shape[0], survival.shape[2]
    standards, depths = after.shape
    keep, may = np.empty((vintages, wide)), np.empty((vintages, wide))
    opened = np.empty((survival.shape[0], vintages), np.int32)
    pool, taken = np.empty((2, standards, 2, lanes)), np.empty((standards, 2, wide))
    depth, own, chosen = np.empty((depths, wide)), np.empty(lanes), np.empty(lanes)
    left, lost, part, gone = np.empty(wide), np.empty(wide), np.empty(wide), np.empty(wide)
    _open_stock(base_area, area, span, stock, lanes)
    for y in range(1, years):
        newest = old + y - 1
        pool[:] = 0.0
        _read_lives(survival, new_survival, hazard_ratio, life_class, life_of, keep, 0, y)
        _read_open(open_to_retrofit, life_class, life_of, may, opened, newest + 1, y)
        _survive(area, span, keep, stock, life_class, lanes, y)
        left[:] = 0.0
        for e in range(states):
            now = stock[e, y]
            for q in range(wide):
                left[q] += now[q]
        for q in range(wide):
            lost[q] = -left[q]
        for e in range(states):
            before = stock[e, y - 1]
            for q in range(wide):
                lost[q] += before[q]
        for q in range(wide):
            completed[y, q] = max(demand[y, q] - left[q], least_new_share * left[q])
            demolished[y, q] = max(lost[q], 0.0)
        for t in range(types):
            _complete(area, span, new_mix, completed, stock, t, family[t], lanes, y, newest)
            if group[t] >= 0:
                _offer(area, span, over, may, opened, pool, t, life_class[t], group[t], lanes)
        for k in range(2):
            whole = _open_area(pool, k, own)
            shortfall[y] += max(retrofit[k, y] - whole, 0.0)
            if whole <= 0.0 or retrofit[k, y] <= 0.0:
                continue
            _choose(pool, taken, k, min(retrofit[k, y] / whole, 1.0), own, chosen)
            for d in range(depths):
                _repeat(depth_share[d, y], depth[d])
            _retrofit(
                area, span, over, may, opened, taken, depth, after, stock, retrofitted, life_class, group, k, left,
                part, gone, lanes, y,
            )  # fmt: skip


@njit(nogil=True, cache=True)
def sum_completions(
    survival,
    new_survival,
    hazard_ratio,
    life_class,
    life_of,
    completed,
    plan_years,
    mark_share,
    later,
    marked,
):
    """What still stands of all that was completed after the first year, and of completions that carry marks, m2.

    Lives as in `turn_over`; completed [y, q]. Completions are added up by plans of `plan_years`. mark_share [a, y, q]:
    share of completions that carries mark a. -> later [y, q], marked [a, y, q] at year ends, zero on entry.
    """
    years, wide = completed.shape
    old = survival.shape[2]
    standing, keep = np.empty((years, wide)), np.empty((old + years, wide))
    plan = np.empty(wide)
    for y in range(1, years):
        _read_lives(survival, new_survival, hazard_ratio, life_class, life_of, keep, old, y)
        sum_ = later[y]
        for n in range(y):
            row = standing[n]
            _carry(row, keep[old + n], completed[y], n == y - 1)
            if n % plan_years == 0:
                plan[:] = 0.0
            for q in range(wide):
                plan[q] += row[q]
            if n % plan_years == plan_years - 1 or n == y - 1:
                for q in range(wide):
                    sum_[q] += plan[q]
            for a in range(mark_share.shape[0]):
                out, share = marked[a, y], mark_share[a, n + 1]
                for q in range(wide):
                    out[q] += row[q] * share[q]


@njit(nogil=True, cache=True)
def sum_vintages(
    opening,
    survival,
    new_survival,
    hazard_ratio,
    life_class,
    life_of,
    completed,
    period,
    by_period,
    floor_years,
):
    """Area by period of completion and area times age, at year ends.

    opening [old, q]: area of the base stock by vintage. Lives as in `turn_over`; completed [y, q]. period [t, v] -> k.
    -> by_period [y, k, q] (left out when it holds no k), floor_years [y, q], m2 yr; zero on entry.
    """
    years, wide = completed.shape
    old, types, lanes = opening.shape[0], life_class.size, life_of.size
    standing, keep = np.empty((old + years - 1, wide)), np.empty((old + years - 1, wide))
    standing[:old] = opening
    for y in range(years):
        newest = old + y - 1
        if y > 0:
            _read_lives(survival, new_survival, hazard_ratio, life_class, life_of, keep, 0, y)
        aged = floor_years[y]
        for v in range(newest + 1):
            row = standing[v]
            if y > 0:
                _carry(row, keep[v], completed[y], v == newest)
            for q in range(wide):
                aged[q] += row[q] * (newest - v)
            if by_period.shape[1] > 0:
                for t in range(types):
                    held, own = by_period[y, period[t, v]], t * lanes
                    for p in range(lanes):
                        held[own + p] += row[own + p]


@njit(nogil=True, cache=True)
def _carry(row, kept, new, starts):
    """A vintage at the end of the year: what is kept of it, or all that is new."""
    if starts:
        for q in range(row.size):
            row[q] = new[q]
    else:
        for q in range(row.size):
            row[q] *= kept[q]


@njit(nogil=True, cache=True)
def _open_stock(base_area, area, span, stock, lanes):
    """Area at the end of the base year."""
    for t in range(span.shape[0]):
        for e in range(area.shape[0]):
            sum_ = stock[e, 0, t * lanes : (t + 1) * lanes]
            for v in range(span[t, e, 0], span[t, e, 1]):
                row = area[e, v, t * lanes : (t + 1) * lanes]
                base = base_area[e, v, t * lanes : (t + 1) * lanes]
                for p in range(lanes):
                    row[p] = base[p]
                    sum_[p] += base[p]


@njit(nogil=True, cache=True)
def _read_lives(survival, new_survival, hazard_ratio, life_class, life_of, keep, first, y):
    """What is kept in year y of each vintage from `first` to that of the year before, at each type and place."""
    old, lanes = survival.shape[2], life_of.size
    of_life = np.empty((hazard_ratio.shape[0], survival.shape[0]))
    of_class = np.empty((survival.shape[0], lanes))
    for v in range(first, old + y - 1):
        for u in range(of_life.shape[0]):
            for c in range(of_life.shape[1]):
                stays = survival[c, y, v] if v < old else new_survival[u, c, y, v - old]
                of_life[u, c] = 1.0 - min((1.0 - stays) * hazard_ratio[u, y], 1.0)
        for c in range(of_life.shape[1]):
            for p in range(lanes):
                of_class[c, p] = of_life[life_of[p], c]
        for t in range(life_class.size):
            row, own = keep[v, t * lanes : (t + 1) * lanes], of_class[life_class[t]]
            for p in range(lanes):
                row[p] = own[p]


@njit(nogil=True, cache=True)
def _read_open(open_to_retrofit, life_class, life_of, may, opened, end, y):
    """Which vintages before `end` may be retrofitted in the year: opened [c, v] anywhere, may [v, q] where."""
    lanes, classes = life_of.size, opened.shape[0]
    of_class = np.empty((classes, lanes))
    for v in range(end):
        anywhere = 0
        for c in range(classes):
            opened[c, v] = 0
            for u in range(open_to_retrofit.shape[0]):
                opened[c, v] |= open_to_retrofit[u, c, y, v]
            anywhere |= opened[c, v]
        if anywhere == 0:
            continue
        for c in range(classes):
            for p in range(lanes):
                of_class[c, p] = open_to_retrofit[life_of[p], c, y, v]
        for t in range(life_class.size):
            row, own = may[v, t * lanes : (t + 1) * lanes], of_class[life_class[t]]
            for p in range(lanes):
                row[p] = own[p]


@njit(nogil=True, cache=True)
def _alike_until(span, life_class, t, e):
    """The type after the neighbours of type t that hold the same vintages of state e and live as long."""
    end = t + 1
    while (
        end < span.shape[0]
        and span[end, e, 0] == span[t, e, 0]
        and span[end, e, 1] == span[t, e, 1]
        and life_class[end] == life_class[t]
    ):
        end += 1
    return end


@njit(nogil=True, cache=True)
def _survive(area, span, keep, stock, life_class, lanes, y):
    """Carry the area of all types to the end of the year."""
    for e in range(area.shape[0]):
        t = 0
        while t < span.shape[0]:
            end = _alike_until(span, life_class, t, e)
            sum_ = stock[e, y, t * lanes : end * lanes]
            for v in range(span[t, e, 0], span[t, e, 1]):
                row, kept = area[e, v, t * lanes : end * lanes], keep[v, t * lanes : end * lanes]
                for q in range(sum_.size):
                    row[q] *= kept[q]
                    sum_[q] += row[q]
            t = end


@njit(nogil=True, cache=True)
def _complete(area, span, new_mix, completed, stock, t, f, lanes, y, newest):
    """Put a type's completions into the states of their standards."""
    for g in range(new_mix.shape[2]):
        most = 0.0
        for p in range(lanes):
            most = max(most, new_mix[f, y, g, p])
        if most > 0.0:
            _widen(area, span, t, g, newest, lanes)
            for p in range(lanes):
                q = t * lanes + p
                new = completed[y, q] * max(new_mix[f, y, g, p], 0.0)
                area[g, newest, q] = new
                stock[g, y, q] += new


@njit(nogil=True, cache=True)
def _widen(area, span, t, e, v, lanes):
    """Let vintage v of a type's state hold area: what comes between is cleared."""
    first, end = span[t, e, 0], span[t, e, 1]
    if end == 0:
        area[e, v, t * lanes : (t + 1) * lanes] = 0.0
        span[t, e, 0], span[t, e, 1] = v, v + 1
    elif v < first:
        area[e, v:first, t * lanes : (t + 1) * lanes] = 0.0
        span[t, e, 0] = v
    elif v >= end:
        area[e, end : v + 1, t * lanes : (t + 1) * lanes] = 0.0
        span[t, e, 1] = v + 1


@njit(nogil=True, cache=True)
def _offer(area, span, over, may, opened, pool, t, c, k, lanes):
    """Add a type's area that is open to retrofit to its cities' pools of group k."""
    for g in range(over.shape[0]):
        beyond, within = pool[k, g, _OVER], pool[k, g, _WITHIN]
        for v in range(span[t, g, 0], span[t, g, 1]):
            if opened[c, v] == 1:
                row, free = area[g, v, t * lanes : (t + 1) * lanes], may[v, t * lanes : (t + 1) * lanes]
                share = over[g, v, t * lanes : (t + 1) * lanes]
                for p in range(lanes):
                    offered = row[p] * free[p]
                    beyond[p] += offered * share[p]
                    within[p] += offered * (1.0 - share[p])


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
def _choose(pool, taken, k, quota, own, chosen):
    """Shares to take in each city, taken [g, over or within, q]: `quota` of its pool, the worst standard first."""
    lanes = own.size
    for p in range(lanes):
        own[p] *= quota
    for g in range(taken.shape[0]):
        for s in range(2):
            for p in range(lanes):
                chosen[p] = 0.0
                if pool[k, g, s, p] > 0.0:
                    # All is all: no crumbs by rounding.
                    chosen[p] = 1.0 if quota >= 1.0 else min(own[p] / pool[k, g, s, p], 1.0)
                    own[p] = max(own[p] - pool[k, g, s, p], 0.0)
            _repeat(chosen, taken[g, s])


@njit(nogil=True, cache=True)
def _repeat(values, out):
    """out [q]: values [p] for every type."""
    lanes = values.size
    for t in range(out.size // lanes):
        for p in range(lanes):
            out[t * lanes + p] = values[p]


@njit(nogil=True, cache=True)
def _retrofit(
    area, span, over, may, opened, taken, depth, after, stock, retrofitted, life_class, group, k, as_built,
    part, gone, lanes, y,
):  # fmt: skip
    """Move the chosen part of a group's types from their states as built to retrofitted ones."""
    for g in range(taken.shape[0]):
        if taken[g].max() <= 0.0:
            continue
        t = 0
        while t < span.shape[0]:
            alike, end = _alike_until(span, life_class, t, g), t + 1
            while end < alike and group[end] == group[t]:
                end += 1
            if group[t] == k:
                _retrofit_standard(
                    area, span, over, may, opened[life_class[t]], taken[g], depth, after[g], stock, retrofitted,
                    t, end, g, as_built, part, gone, lanes, y,
                )  # fmt: skip
            t = end


@njit(nogil=True, cache=True, error_model="numpy")
def _retrofit_standard(
    area, span, over, may, opened, taken, depth, after, stock, retrofitted, t, end, g, as_built, part, gone, lanes, y
):  # fmt: skip
    """The same of one standard g and the types from t to `end`, which hold the same vintages of it.

    One array is written in each inner loop, so that it runs over whole vectors.
    """
    q0, q1 = t * lanes, end * lanes
    wide = q1 - q0
    take_over, take_within = taken[_OVER, q0:q1], taken[_WITHIN, q0:q1]
    moved, stays = np.empty(wide), np.empty(wide)
    for q in range(wide):
        moved[q] = 1.0 if take_over[q] > 0.0 or take_within[q] > 0.0 else 0.0
    as_built[:wide] = 0.0
    part[:wide] = 0.0
    for v in (
        _first_open(opened, span[t, g, 0], span[t, g, 1]),
        _last_open(opened, span[t, g, 0], span[t, g, 1]),
    ):
        if v >= 0:
            for d in range(after.size):
                for own in range(t, end):
                    _widen(area, span, own, after[d], v, lanes)
    for v in range(span[t, g, 0], span[t, g, 1]):
        row = area[g, v, q0:q1]
        if opened[v] == 1:
            share, free = over[g, v, q0:q1], may[v, q0:q1]
            for q in range(wide):
                still_over = row[q] * share[q] * (1.0 - take_over[q])
                still_within = row[q] * (1.0 - share[q]) * (1.0 - take_within[q])
                stays[q] = still_over + still_within if free[q] * moved[q] > 0.0 else row[q]
            for q in range(wide):
                ratio = row[q] * share[q] * (1.0 - take_over[q]) / stays[q]
                share[q] = ratio if free[q] * moved[q] * stays[q] > 0.0 else share[q]
            for q in range(wide):
                gone[q] = max(row[q] - stays[q], 0.0)
            for q in range(wide):
                row[q] = stays[q]
            for q in range(wide):
                part[q] += gone[q]
            for d in range(after.size):
                goal, deep = area[after[d], v, q0:q1], depth[d, q0:q1]
                for q in range(wide):
                    goal[q] += gone[q] * deep[q]
        for q in range(wide):
            as_built[q] += row[q]
    now, done = stock[g, y, q0:q1], retrofitted[y, q0:q1]
    for q in range(wide):
        now[q] = as_built[q] if moved[q] > 0.0 else now[q]
    for q in range(wide):
        done[q] += part[q]
    for d in range(after.size):
        goal, deep = stock[after[d], y, q0:q1], depth[d, q0:q1]
        for q in range(wide):
            goal[q] += part[q] * deep[q]


@njit(nogil=True, cache=True)
def _first_open(opened, start, end):
    """The first vintage from start to end that is open, -1 when none is."""
    for v in range(start, end):
        if opened[v] == 1:
            return v
    return -1


@njit(nogil=True, cache=True)
def _last_open(opened, start, end):
    """The last one, -1 when none is."""
    for v in range(end - 1, start - 1, -1):
        if opened[v] == 1:
            return v
    return -1


@njit(nogil=True, cache=True)
def by_place(values, out):
    """values [a, y, q], q = t * lanes + p, to out [p, t, a, y] without the empty places."""
    kinds, years, wide = values.shape
    places, types = out.shape[:2]
    lanes = wide // types
    for a in range(kinds):
        for t in range(types):
            for p in range(places):
                row, q = out[p, t, a], t * lanes + p
                for y in range(years):
                    row[y] = values[a, y, q]


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
