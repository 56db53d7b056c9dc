"""Kernel of the turnover of floor area: survival, completions, retrofit. Vintages are the inner, contiguous axis."""

from numba import njit

_OVER, _WITHIN = 0, 1  # public buildings over their energy limit are retrofitted before the rest


@njit(nogil=True, cache=True)
def turn_over(
    area,
    span,
    life_class,
    survival,
    new_survival,
    hazard_ratio,
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
    keep,
    standing,
    pool,
    taken,
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

    area [p, t, e, v]: at the end of the base year in vintages 0 ... old - 1, else 0; changed in place.
    span [p, t, e, 2]: first vintage that holds area and the one after the last (0, 0: none); changed in place.
    life_class [t] -> c. survival [c, y, old]: share of a vintage standing at the end of y - 1 that stands at the end
    of y; new_survival [p, c, y, n] the same for vintage old + n, completed in year 1 + n. hazard_ratio [p, y]
    multiplies the share that falls, up to all of it. demand [p, t, y]. family [t] -> f; new_mix [p, f, y, g]:
    standards g of completions as built, the first states.
    group [t]: 0 dwellings, 1 public, -1 not retrofitted. open_to_retrofit [p, c, y, v]: 1 where age and remaining
    life allow it, else 0. retrofit [2, y]: asked for in the region. depth_share [d, p, y]. after [g, d]: the state
    that standard g reaches by a retrofit of depth d; as many g as may be retrofitted, worst first.
    over [p, t, g, v]: share of the area over its energy limit; changed in place. period [t, v] -> k.
    mark_share [a, p, t, n]: share of completions that carries mark a.
    Scratch: keep [c, v], standing [p, t, v] (zero on entry), pool [p, 2, g, 2], taken [g, 2].
    -> stock [p, t, e, y] (year 0 given), by_period [p, t, k, y], floor_years [p, t, y] (area times age),
    marked [a, p, t, y] at year ends; completed, demolished, retrofitted [p, t, y] from year 1; shortfall [y]:
    retrofit asked for beyond what is open.
    """
    places, types, states, _ = area.shape
    years = demand.shape[2]
    old = survival.shape[2]
    for p in range(places):
        for t in range(types):
            for e in range(states):
                for v in range(span[p, t, e, 0], span[p, t, e, 1]):
                    standing[p, t, v] += area[p, t, e, v]
            for v in range(old):
                by_period[p, t, period[t, v], 0] += standing[p, t, v]
                floor_years[p, t, 0] += standing[p, t, v] * (old - 1 - v)
    for y in range(1, years):
        newest = old + y - 1
        pool[:] = 0.0
        for p in range(places):
            for c in range(keep.shape[0]):
                for v in range(old):
                    keep[c, v] = 1.0 - min((1.0 - survival[c, y, v]) * hazard_ratio[p, y], 1.0)
                for n in range(y - 1):
                    keep[c, old + n] = 1.0 - min((1.0 - new_survival[p, c, y, n]) * hazard_ratio[p, y], 1.0)
            for t in range(types):
                c = life_class[t]
                total = _survive(area, span, keep, stock, p, t, c, y)
                lost = -total
                for e in range(states):
                    lost += stock[p, t, e, y - 1]
                new = max(demand[p, t, y] - total, least_new_share * total)
                completed[p, t, y] = new
                demolished[p, t, y] = max(lost, 0.0)
                for g in range(new_mix.shape[3]):
                    share = new_mix[p, family[t], y, g]
                    if share > 0.0:
                        area[p, t, g, newest] = new * share
                        stock[p, t, g, y] += new * share
                        _widen(span, p, t, g, newest)
                for v in range(newest):
                    standing[p, t, v] *= keep[c, v]
                standing[p, t, newest] = new
                for v in range(newest + 1):
                    by_period[p, t, period[t, v], y] += standing[p, t, v]
                    floor_years[p, t, y] += standing[p, t, v] * (newest - v)
                for a in range(mark_share.shape[0]):
                    carrying = 0.0
                    for n in range(y):
                        carrying += standing[p, t, old + n] * mark_share[a, p, t, n]
                    marked[a, p, t, y] = carrying
                if group[t] >= 0:
                    _offer(area, span, over, open_to_retrofit, pool, p, t, c, group[t], y)
        for k in range(2):
            whole = 0.0
            for p in range(places):
                whole += _open_area(pool, p, k)
            shortfall[y] += max(retrofit[k, y] - whole, 0.0)
            if whole <= 0.0 or retrofit[k, y] <= 0.0:
                continue
            quota = min(retrofit[k, y] / whole, 1.0)
            for p in range(places):
                _choose(pool, taken, p, k, quota)
                for t in range(types):
                    if group[t] == k:
                        retrofitted[p, t, y] = _retrofit(
                            area, span, over, open_to_retrofit, taken, depth_share, after, stock, p, t,
                            life_class[t], y,
                        )  # fmt: skip


@njit(nogil=True, cache=True)
def _survive(area, span, keep, stock, p, t, c, y):
    """Carry a type's area to the end of the year; -> what stands, m2."""
    total = 0.0
    for e in range(area.shape[2]):
        left = 0.0
        for v in range(span[p, t, e, 0], span[p, t, e, 1]):
            area[p, t, e, v] *= keep[c, v]
            left += area[p, t, e, v]
        stock[p, t, e, y] = left
        total += left
    return total


@njit(nogil=True, cache=True)
def _widen(span, p, t, e, v):
    """Note that vintage v of a state holds area."""
    if span[p, t, e, 1] == 0:
        span[p, t, e, 0] = v
    span[p, t, e, 0] = min(span[p, t, e, 0], v)
    span[p, t, e, 1] = max(span[p, t, e, 1], v + 1)


@njit(nogil=True, cache=True)
def _offer(area, span, over, open_to_retrofit, pool, p, t, c, k, y):
    """Add a type's area that is open to retrofit to its city's pool of group k."""
    for g in range(over.shape[2]):
        for v in range(span[p, t, g, 0], span[p, t, g, 1]):
            offered = area[p, t, g, v] * open_to_retrofit[p, c, y, v]
            pool[p, k, g, _OVER] += offered * over[p, t, g, v]
            pool[p, k, g, _WITHIN] += offered * (1.0 - over[p, t, g, v])


@njit(nogil=True, cache=True)
def _open_area(pool, p, k):
    """A city's area open to retrofit, m2."""
    total = 0.0
    for g in range(pool.shape[2]):
        total += pool[p, k, g, _OVER] + pool[p, k, g, _WITHIN]
    return total


@njit(nogil=True, cache=True)
def _choose(pool, taken, p, k, quota):
    """Shares to take in a city, [g, over or within]: `quota` of its pool, the worst standard first."""
    left = quota * _open_area(pool, p, k)
    for g in range(taken.shape[0]):
        for s in range(2):
            taken[g, s] = 0.0
            if pool[p, k, g, s] > 0.0:
                # All is all: no crumbs by rounding.
                taken[g, s] = 1.0 if quota >= 1.0 else min(left / pool[p, k, g, s], 1.0)
                left = max(left - pool[p, k, g, s], 0.0)


@njit(nogil=True, cache=True)
def _retrofit(area, span, over, open_to_retrofit, taken, depth_share, after, stock, p, t, c, y):
    """Move the chosen part of a type from its states as built to retrofitted ones; -> m2 moved."""
    moved = 0.0
    for g in range(taken.shape[0]):
        if taken[g, _OVER] <= 0.0 and taken[g, _WITHIN] <= 0.0:
            continue
        part = 0.0
        as_built = 0.0
        for v in range(span[p, t, g, 0], span[p, t, g, 1]):
            before = area[p, t, g, v]
            if before > 0.0 and open_to_retrofit[p, c, y, v] == 1:
                still_over = before * over[p, t, g, v] * (1.0 - taken[g, _OVER])
                still_within = before * (1.0 - over[p, t, g, v]) * (1.0 - taken[g, _WITHIN])
                left = still_over + still_within
                area[p, t, g, v] = left
                if left > 0.0:
                    over[p, t, g, v] = still_over / left
                gone = max(before - left, 0.0)
                part += gone
                for d in range(after.shape[1]):
                    if gone > 0.0 and depth_share[d, p, y] > 0.0:
                        area[p, t, after[g, d], v] += gone * depth_share[d, p, y]
                        _widen(span, p, t, after[g, d], v)
            as_built += area[p, t, g, v]
        stock[p, t, g, y] = as_built
        for d in range(after.shape[1]):
            stock[p, t, after[g, d], y] += part * depth_share[d, p, y]
        moved += part
    return moved
