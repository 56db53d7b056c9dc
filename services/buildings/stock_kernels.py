"""Kernel of the turnover of floor area: survival, completions, retrofit."""

from numba import njit

_OVER, _WITHIN = 0, 1  # public buildings over their energy limit are retrofitted before the rest


@njit(nogil=True, cache=True)
def turn_over(
    area,
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
    tag_share,
    mask,
    count,
    held,
    pool,
    taken,
    sums,
    stock,
    by_period,
    tagged,
    completed,
    demolished,
    retrofitted,
    shortfall,
):
    """Yearly turnover of floor area by place p, type t, vintage v and envelope state e, m2.

    Each year: survivors; completions that meet demand, at least `least_new_share` of the stock; retrofit.

    area [p, t, v, e]: at the end of the base year in vintages 0 ... first_new - 1, else 0; changed in place.
    life_class [t] -> c. survival [c, v, y]: share of a vintage standing at the end of y - 1 that stands at the end
    of y; new_survival [p, c, n, y] the same for vintage first_new + n, completed in year 1 + n. hazard_ratio [p, y]
    multiplies the share that falls, up to all of it. demand [p, t, y]. family [t] -> f; new_mix [p, f, y, g]:
    standards g of completions as built, the first states.
    group [t]: 0 dwellings, 1 public, -1 not retrofitted. open_to_retrofit [p, c, v, y]: 1 where age and remaining
    life allow it. retrofit [2, y]: asked for in the region. depth_share [d, p, y]. after [g, d]: the state that
    standard g reaches by a retrofit of depth d; as many g as may be retrofitted, worst first.
    over [p, t, v, g]: share of the area over its energy limit; changed in place. period [t, v] -> k.
    tag_share [a, p, t, n]: share of completions that carries mark a.
    Scratch: mask, count [p, t, v] and held [p, t, v, e]: the states that hold area, as bits and as a list, zero on
    entry; pool [p, 2, g, 2], taken [g, 2], sums [e].
    -> stock [p, t, e, y], by_period [p, t, k, y], tagged [a, p, t, y] at year ends; completed, demolished,
    retrofitted [p, t, y]; shortfall [y]: retrofit asked for beyond what is open. Year 0 is left to the caller but
    for by_period.
    """
    places, types, vintages, states = area.shape
    years = demand.shape[2]
    first_new = survival.shape[1]
    standards = new_mix.shape[3]
    worst = after.shape[0]
    for p in range(places):
        for t in range(types):
            for v in range(first_new):
                for e in range(states):
                    if area[p, t, v, e] > 0.0:
                        _hold(mask, count, held, p, t, v, e)
                        by_period[p, t, period[t, v], 0] += area[p, t, v, e]
    for y in range(1, years):
        newest = first_new + y - 1
        pool[:] = 0.0
        for p in range(places):
            for t in range(types):
                c = life_class[t]
                k = group[t]
                total = 0.0
                lost = 0.0
                for v in range(newest):
                    falls = 1.0 - (
                        survival[c, v, y] if v < first_new else new_survival[p, c, v - first_new, y]
                    )
                    falls = min(falls * hazard_ratio[p, y], 1.0)
                    is_open = k >= 0 and open_to_retrofit[p, c, v, y] == 1
                    for i in range(count[p, t, v]):
                        e = held[p, t, v, i]
                        gone = area[p, t, v, e] * falls
                        left = area[p, t, v, e] - gone
                        area[p, t, v, e] = left
                        lost += gone
                        total += left
                        if is_open and e < worst:
                            pool[p, k, e, _OVER] += left * over[p, t, v, e]
                            pool[p, k, e, _WITHIN] += left * (1.0 - over[p, t, v, e])
                new = max(demand[p, t, y] - total, least_new_share * total)
                for g in range(standards):
                    share = new_mix[p, family[t], y, g]
                    if share > 0.0:
                        area[p, t, newest, g] = new * share
                        _hold(mask, count, held, p, t, newest, g)
                completed[p, t, y] = new
                demolished[p, t, y] = lost
        for k in range(2):
            whole = 0.0
            for p in range(places):
                for g in range(worst):
                    whole += pool[p, k, g, _OVER] + pool[p, k, g, _WITHIN]
            shortfall[y] += max(retrofit[k, y] - whole, 0.0)
            if whole <= 0.0 or retrofit[k, y] <= 0.0:
                continue
            quota = min(retrofit[k, y] / whole, 1.0)
            for p in range(places):
                _choose(pool, taken, p, k, quota)
                for t in range(types):
                    if group[t] == k:
                        for v in range(newest):
                            if open_to_retrofit[p, life_class[t], v, y] == 1:
                                retrofitted[p, t, y] += _retrofit(
                                    area, over, mask, count, held, taken, depth_share, after, p, t, v, y
                                )
        for p in range(places):
            for t in range(types):
                sums[:] = 0.0
                for v in range(newest + 1):
                    total = 0.0
                    for i in range(count[p, t, v]):
                        e = held[p, t, v, i]
                        sums[e] += area[p, t, v, e]
                        total += area[p, t, v, e]
                    by_period[p, t, period[t, v], y] += total
                    if v >= first_new:
                        for a in range(tag_share.shape[0]):
                            tagged[a, p, t, y] += total * tag_share[a, p, t, v - first_new]
                for e in range(states):
                    stock[p, t, e, y] = sums[e]


@njit(nogil=True, cache=True)
def _hold(mask, count, held, p, t, v, e):
    """Note that state e of a vintage holds area."""
    if (mask[p, t, v] >> e) & 1 == 0:
        mask[p, t, v] |= 1 << e
        held[p, t, v, count[p, t, v]] = e
        count[p, t, v] += 1


@njit(nogil=True, cache=True)
def _choose(pool, taken, p, k, quota):
    """Shares to take in a city, [g, over or within]: `quota` of its pool, the worst standard first."""
    left = 0.0
    for g in range(taken.shape[0]):
        left += quota * (pool[p, k, g, _OVER] + pool[p, k, g, _WITHIN])
    for g in range(taken.shape[0]):
        for s in range(2):
            taken[g, s] = 0.0
            if pool[p, k, g, s] > 0.0:
                # All is all: no crumbs by rounding.
                taken[g, s] = 1.0 if quota >= 1.0 else min(left / pool[p, k, g, s], 1.0)
                left = max(left - pool[p, k, g, s], 0.0)


@njit(nogil=True, cache=True)
def _retrofit(area, over, mask, count, held, taken, depth_share, after, p, t, v, y):
    """Move the chosen part of a vintage from its states as built to retrofitted ones; -> m2 moved."""
    moved = 0.0
    for g in range(taken.shape[0]):
        before = area[p, t, v, g]
        if before <= 0.0 or (taken[g, _OVER] <= 0.0 and taken[g, _WITHIN] <= 0.0):
            continue
        still_over = before * over[p, t, v, g] * (1.0 - taken[g, _OVER])
        still_within = before * (1.0 - over[p, t, v, g]) * (1.0 - taken[g, _WITHIN])
        area[p, t, v, g] = still_over + still_within
        if area[p, t, v, g] > 0.0:
            over[p, t, v, g] = still_over / area[p, t, v, g]
        part = before - area[p, t, v, g]
        if part <= 0.0:
            continue
        moved += part
        for d in range(after.shape[1]):
            if depth_share[d, p, y] > 0.0:
                area[p, t, v, after[g, d]] += part * depth_share[d, p, y]
                _hold(mask, count, held, p, t, v, after[g, d])
    return moved
