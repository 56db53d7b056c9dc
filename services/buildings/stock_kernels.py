"""Kernel of the turnover of floor area."""

from numba import njit


@njit(nogil=True, cache=True)
def turn_over(
    area,
    survival,
    new_survival,
    demand,
    new_mix,
    group,
    retrofit,
    shift_one,
    shift_far,
    far,
    oldest_age,
    least_new_share,
    first_new,
    start_vintage,
    eligible,
    stock,
    completed,
    demolished,
    retrofitted,
):
    """Yearly turnover of floor area by place, type, vintage and standard generation.

    area [p, t, v, g]: m2 at the end of the base year, changed in place. survival [t, v, y]: share of a vintage
    standing at the end of y-1 that stands at the end of y; new_survival [p, t, n, y] the same for vintages from
    `first_new` on. demand [p, t, y] m2. new_mix [p, t, y, g]: standards of completions. group [t]: 0 dwellings,
    1 public, -1 not retrofitted. retrofit [2, y] m2 a year for the region. shift_one, shift_far [p, y]: shares of
    retrofitted area that reach the next generation, and generation `far`. oldest_age: least age for a retrofit.
    -> stock [p, t, g, y], completed, demolished, retrofitted [p, t, y], all m2; eligible [p, t] is scratch.
    """
    places, types, _, generations = area.shape
    years = demand.shape[2]
    for y in range(1, years):
        newest = first_new + y - 1
        for p in range(places):
            for t in range(types):
                total = 0.0
                lost = 0.0
                for v in range(newest):
                    keep = survival[t, v, y] if v < first_new else new_survival[p, t, v - first_new, y]
                    for g in range(generations):
                        gone = area[p, t, v, g] * (1.0 - keep)
                        area[p, t, v, g] -= gone
                        lost += gone
                        total += area[p, t, v, g]
                new = demand[p, t, y] - total
                least = least_new_share * total
                if new < least:
                    new = least
                for g in range(generations):
                    area[p, t, newest, g] = new * new_mix[p, t, y, g]
                completed[p, t, y] = new
                demolished[p, t, y] = lost
        old_enough = start_vintage + y - oldest_age
        for k in range(2):
            whole = 0.0
            for p in range(places):
                for t in range(types):
                    if group[t] == k:
                        eligible[p, t] = 0.0
                        for v in range(min(max(old_enough, 0), newest)):
                            eligible[p, t] += area[p, t, v, 0] + area[p, t, v, 1]
                        whole += eligible[p, t]
            if whole <= 0.0:
                continue
            share = min(retrofit[k, y] / whole, 1.0)
            for p in range(places):
                for t in range(types):
                    if group[t] != k:
                        continue
                    left = share * eligible[p, t]
                    retrofitted[p, t, y] = left
                    for g in range(2):
                        pool = 0.0
                        for v in range(min(max(old_enough, 0), newest)):
                            pool += area[p, t, v, g]
                        if pool <= 0.0:
                            continue
                        take = min(left, pool) / pool
                        left -= min(left, pool)
                        for v in range(min(max(old_enough, 0), newest)):
                            one = area[p, t, v, g] * take * shift_one[p, y]
                            kept = area[p, t, v, g] - one
                            deep = min(area[p, t, v, g] * take * shift_far[p, y], kept)
                            area[p, t, v, g] = max(kept - deep, 0.0)
                            area[p, t, v, g + 1] += one
                            area[p, t, v, far] += deep
        for p in range(places):
            for t in range(types):
                for g in range(generations):
                    total = 0.0
                    for v in range(newest + 1):
                        total += area[p, t, v, g]
                    stock[p, t, g, y] = total
