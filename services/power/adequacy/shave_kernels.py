"""Levels of load against capacity: a store that cuts peaks through the whole year, maintenance laid into valleys."""

import numba as nb

# Contents closer than this share of the store's size are the same content.
SAME = 1e-9
# What tolerance leaves in a store that counts as empty is given up, up to this share of its size.
GIVEN_UP = 1e-3


@nb.njit(nogil=True, cache=True)
def level(values, limit, amount):
    """The level L with sum of min(limit, max(values - L, 0)) = amount; `values` in falling order.

    Exact: a sweep over the points where a value enters or reaches its limit. An amount above values.size * limit
    gives the level at which all are at their limit.
    """
    n = values.size
    entered = 1
    left = 0
    at = values[0]
    done = 0.0
    while left < n:
        below = values[left] - limit
        if entered < n and values[entered] > below:
            below = values[entered]
        active = entered - left
        part = active * (at - below)
        if active > 0 and done + part >= amount:
            return at - (amount - done) / active
        done += part
        at = below
        if entered < n and values[entered] == below:
            entered += 1
        else:
            left += 1
    return at


@nb.njit(nogil=True, cache=True)
def walk_levels(
    residual, charge, discharge, size, charge_share, discharge_share, gap, tolerance, content, net
):
    """Schedule of one store over a cyclic year, MW at its terminals into net [t]; charging is positive.

    A level holds as long as the store neither fills nor empties: it charges below the level and discharges above
    level + gap, within its powers. Of all levels the one is kept that puts off the first stop the longest (below it
    the store empties first, above it it fills first); after a full store the level can only rise, after an empty one
    only fall. That is the optimality condition of a convex problem, found by bisection to `tolerance` (MW) and walked
    forward (taut string). The walk starts full and goes on past the turn of the year until it meets its own path.
    `size` is in MW steps; `content` [t] is scratch.
    """
    count = residual.size
    net[:] = 0.0
    lowest = residual.min() - gap
    highest = residual.max()
    low, high = lowest, highest
    held = size
    t = 0
    while t < 3 * count:
        i = t % count
        if t >= count and abs(held - content[i]) <= SAME * size:
            return
        idle, low, high = _waits(
            residual, i, held, low, high, charge, discharge, size, charge_share, discharge_share, gap
        )
        if idle:
            content[i] = held
            net[i] = 0.0
            t += 1
            continue
        fills, kept, until = _best_level(
            residual, t % count, held, low, high, charge, discharge, size, charge_share, discharge_share, gap,
            tolerance,
        )  # fmt: skip
        for _ in range(until + 1):
            i = t % count
            if t >= count and abs(held - content[i]) <= SAME * size:
                return
            content[i] = held
            r = residual[i] - kept
            if r < 0.0:
                power = min(-r, charge, (size - held) / charge_share)
                held = min(held + charge_share * power, size)
            else:
                power = -min(max(r - gap, 0.0), discharge, held * discharge_share)
                held = max(held + power / discharge_share, 0.0)
            net[i] = power
            t += 1
        if fills:
            low, high = kept, highest
        else:
            low, high = lowest, kept
            if held <= GIVEN_UP * size:
                held = 0.0


@nb.njit(nogil=True, cache=True)
def _waits(residual, i, held, low, high, charge, discharge, size, charge_share, discharge_share, gap):
    """Whether a full or an empty store stands still in step i, and the bounds of the level that follow.

    Full: at a level above the residual it would overflow; it waits when it would run empty first if it discharged.
    Empty: the same the other way round. This spares a search for a level that does nothing.
    """
    r = residual[i]
    if held >= size - SAME * size:
        if low >= r:
            return True, low, high
        at = max(r - gap, low)
        fills, _ = _first_stop(
            residual, i, held, at, charge, discharge, size, charge_share, discharge_share, gap
        )
        return not fills, at if not fills else low, high if not fills else at
    if held <= SAME * size:
        if high <= r - gap:
            return True, low, high
        at = min(r, high)
        fills, _ = _first_stop(
            residual, i, held, at, charge, discharge, size, charge_share, discharge_share, gap
        )
        return fills, at if not fills else low, at if fills else high
    return False, low, high


@nb.njit(nogil=True, cache=True)
def _best_level(
    residual, first, held, low, high, charge, discharge, size, charge_share, discharge_share, gap, tolerance
):
    """(True when it fills in the end, the level, steps until that)."""
    low_fills, low_until = _first_stop(
        residual, first, held, low, charge, discharge, size, charge_share, discharge_share, gap
    )
    if low_fills:
        return True, low, low_until
    high_fills, high_until = _first_stop(
        residual, first, held, high, charge, discharge, size, charge_share, discharge_share, gap
    )
    if not high_fills:
        return False, high, high_until
    while high - low > tolerance:
        middle = 0.5 * (low + high)
        if middle <= low or middle >= high:
            # Numbers lie no closer than this.
            break
        fills, until = _first_stop(
            residual, first, held, middle, charge, discharge, size, charge_share, discharge_share, gap
        )
        if fills:
            high, high_until = middle, until
        else:
            low, low_until = middle, until
    # The upper end is taken for both: at the lower one the store would run empty just before the end of a peak.
    if high_until <= low_until:
        return True, high, high_until
    return False, high, low_until


@nb.njit(nogil=True, cache=True)
def _first_stop(residual, first, held, kept, charge, discharge, size, charge_share, discharge_share, gap):
    """Whether the store fills or empties first at a level, and in which step from now.

    Without a stop in a whole year, the drift over it tells which would come.
    """
    full = size + SAME * size
    empty = -SAME * size
    drawn = 1.0 / discharge_share
    start = held
    step = 0
    i = first
    while step < residual.size:
        end = min(residual.size, i + residual.size - step)
        for k in range(i, end):
            r = residual[k] - kept
            held += charge_share * min(max(-r, 0.0), charge) - drawn * min(max(r - gap, 0.0), discharge)
            if held > full:
                return True, step + k - i
            if held < empty:
                return False, step + k - i
        step += end - i
        i = 0
    return held >= start, residual.size - 1
