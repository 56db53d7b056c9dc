"""Kernels of the hours before dispatch: loads, valley filling, import contracts, load left for the stack.

Words and units as in `store_kernels`. One region, one year, hours h of the year; arrays in, arrays out.
"""

import numpy as np
from numba import njit

DAY_HOURS = 24
NEWTON_STEPS = 60
BLOCK_HOURS = 1024


@njit(nogil=True, cache=True)
def sum_loads(energy, shares, out):
    """out[h] = sum over parts of energy[c] * shares[c, h]; parts in order."""
    # Some hours at a time, so that their sums stay at hand while the parts go by.
    for first in range(0, out.size, BLOCK_HOURS):
        some = out[first : first + BLOCK_HOURS]
        some[:] = 0.0
        for c in range(energy.size):
            e = energy[c]
            if e == 0.0:
                continue
            s = shares[c, first : first + BLOCK_HOURS]
            for h in range(some.size):
                some[h] += e * s[h]


@njit(nogil=True, cache=True)
def take_out(shape, energy, first_hour, meter, by_day):
    """Take a part that may be moved out of the load: meter [h] less shape [h] * energy; by_day [d] is what was taken.

    Days run from first_hour to first_hour, the last one through the turn of the year.
    """
    n = meter.size
    for h in range(n):
        meter[h] -= shape[h] * energy
    # Eight sums a day, then those: the order in which NumPy sums the hours of a day.
    part = np.empty(8)
    for d in range(by_day.size):
        part[:] = 0.0
        for i in range(DAY_HOURS):
            h = d * DAY_HOURS + first_hour + i
            part[i % 8] += shape[h if h < n else h - n] * energy
        by_day[d] = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]))


@njit(nogil=True, cache=True)
def turn_days(hours, first_hour, by_hour):
    """by_hour [24, d] = hours [h] of days that run from first_hour on, so that days lie side by side."""
    n = hours.size
    days = by_hour.shape[1]
    flat = by_hour.reshape(by_hour.size)
    for d in range(days):
        for i in range(DAY_HOURS):
            h = d * DAY_HOURS + first_hour + i
            flat[i * days + d] = hours[h if h < n else h - n]


@njit(nogil=True, cache=True)
def _within(lift, top):
    """What an hour takes that lies `lift` below the level."""
    return min(max(lift, 0.0), top)


@njit(nogil=True, cache=True)
def _partly(lift, top):
    """1 where an hour is neither empty nor full."""
    return 1.0 if (lift > 0.0) & (lift < top) else 0.0


@njit(nogil=True, cache=True)
def _fill_to(residual, level, top, count, total, partial):
    """What the first `count` days take when filled to their levels, total [d]; hours partly filled, partial [d]."""
    total[:count] = 0.0
    partial[:count] = 0.0
    # Four hours at a time: sums are fetched and put back less often, their order stays.
    for i in range(0, DAY_HOURS, 4):
        row_a, row_b, row_c, row_d = residual[i], residual[i + 1], residual[i + 2], residual[i + 3]
        for d in range(count):
            at, most = level[d], top[d]
            a, b, c, e = at - row_a[d], at - row_b[d], at - row_c[d], at - row_d[d]
            taken = total[d] + _within(a, most)
            taken += _within(b, most)
            taken += _within(c, most)
            total[d] = taken + _within(e, most)
            partial[d] += _partly(a, most) + _partly(b, most) + _partly(c, most) + _partly(e, most)


@njit(nogil=True, cache=True, error_model="numpy")
def fill_valleys(residual, energy_by_day, power_mw, out):
    """Place each day's energy in the lowest hours of the residual load, at most power_mw an hour.

    residual, out [24, d]: days side by side. out = clamp(level - residual, 0, power) with the level of the day found by
    Newton steps kept in bounds; the small rest is scaled away. A day whose energy exceeds 24 power is spread evenly
    (power is then exceeded).
    """
    days = energy_by_day.size
    low, high, level = np.empty(days), np.empty(days), np.empty(days)
    top, need, total, partial = np.empty(days), energy_by_day.copy(), np.empty(days), np.empty(days)
    low[:] = residual[0]
    high[:] = residual[0]
    for i in range(DAY_HOURS):
        row = residual[i]
        for d in range(days):
            low[d] = min(low[d], row[d])
            high[d] = max(high[d], row[d])
    for d in range(days):
        top[d] = max(power_mw, need[d] / DAY_HOURS)
        high[d] += top[d]
        level[d] = low[d] + need[d] / DAY_HOURS
    found, most = level.copy(), top.copy()
    # Days still open stand in front: first count of them, day[d] which they are.
    left = residual.copy()
    day = np.arange(days)
    still = np.empty(days, dtype=np.bool_)
    count = days
    for _ in range(NEWTON_STEPS):
        _fill_to(left, level, top, count, total, partial)
        open_days = 0
        for d in range(count):
            # A step of Newton's method while it stays between the bounds, else halve; no branch, so that days go
            # through side by side.
            missing = need[d] - total[d]
            is_open = abs(total[d] - need[d]) > 1e-12 * need[d]
            lower = level[d] if is_open & (total[d] < need[d]) else low[d]
            upper = level[d] if is_open & (total[d] >= need[d]) else high[d]
            moving = partial[d] > 0.0
            next_level = level[d] + missing / (partial[d] if moving else 1.0)
            inside = moving & (next_level > lower) & (next_level < upper)
            next_level = next_level if inside else 0.5 * (lower + upper)
            low[d], high[d] = lower, upper
            level[d] = next_level if is_open else level[d]
            still[d] = is_open
            open_days += is_open
        for d in range(count):
            found[day[d]] = level[d]
        if open_days == 0:
            break
        # A day that has its level would keep it; copying pays where half of them have.
        if 2 * open_days <= count:
            at = 0
            for d in range(count):
                if still[d]:
                    low[at], high[at], level[at] = low[d], high[d], level[d]
                    top[at], need[at], day[at] = top[d], need[d], day[d]
                    for i in range(DAY_HOURS):
                        left[i, at] = left[i, d]
                    at += 1
            count = at
    total[:] = 0.0
    for i in range(DAY_HOURS):
        row = residual[i]
        placed = out[i]
        for d in range(days):
            placed[d] = min(max(found[d] - row[d], 0.0), most[d])
            total[d] += placed[d]
    for d in range(days):
        total[d] = energy_by_day[d] / total[d] if total[d] > 0.0 else 0.0
    for i in range(DAY_HOURS):
        placed = out[i]
        for d in range(days):
            placed[d] *= total[d]


@njit(nogil=True, cache=True)
def return_days(by_hour, first_hour, hours):
    """The way back of `turn_days`."""
    n = hours.size
    days = by_hour.shape[1]
    flat = by_hour.reshape(by_hour.size)
    for d in range(days):
        for i in range(DAY_HOURS):
            h = d * DAY_HOURS + first_hour + i
            hours[h if h < n else h - n] = flat[i * days + d]


@njit(nogil=True, cache=True)
def place_part(placed, first_hour, factor, residual, out, raised):
    """A moved part in its place: out [h] from placed [24, d]; residual [24, d], raised [h] grow by factor times it."""
    days = placed.shape[1]
    for i in range(DAY_HOURS):
        row = placed[i]
        left = residual[i]
        for d in range(days):
            left[d] += row[d] * factor
    return_days(placed, first_hour, out)
    for h in range(out.size):
        raised[h] += out[h] * factor


@njit(nogil=True, cache=True)
def add_contracts(shapes, energy, capacity, out):
    """out[h] += each line's contract, shapes[l, h] * energy[l], cut at the line's capacity.

    What is cut off moves to the other hours as far as the line has room.
    """
    lines, n = energy.size, out.size
    scale = energy.copy()
    free, cut = np.empty(lines), np.empty(lines)
    # Lines still open, by number.
    left = np.empty(lines, dtype=np.int64)
    count = 0
    for i in range(lines):
        if scale[i] > 0.0 and capacity[i] > 0.0:
            left[count] = i
            count += 1
    for _ in range(50):
        # Two lines at a time: a sum waits for its own hour before, not for that of the other line.
        for first in range(0, count, 2):
            i, j = left[first], left[min(first + 1, count - 1)]
            s, t = shapes[i], shapes[j]
            free_i, cut_i, free_j, cut_j = 0.0, 0.0, 0.0, 0.0
            for h in range(n):
                v, w = s[h] * scale[i], t[h] * scale[j]
                free_i += v if v < capacity[i] else 0.0
                cut_i += 0.0 if v < capacity[i] else capacity[i]
                free_j += w if w < capacity[j] else 0.0
                cut_j += 0.0 if w < capacity[j] else capacity[j]
            free[i], cut[i] = free_i, cut_i
            free[j], cut[j] = free_j, cut_j
        still = 0
        for first in range(count):
            i = left[first]
            if free[i] > 0.0 and free[i] + cut[i] < energy[i] * (1.0 - 1e-13):
                scale[i] *= (energy[i] - cut[i]) / free[i]
                left[still] = i
                still += 1
        count = still
    for i in range(lines):
        if energy[i] > 0.0 and capacity[i] > 0.0:
            s = shapes[i]
            for h in range(n):
                out[h] += min(s[h] * scale[i], capacity[i])


@njit(nogil=True, cache=True)
def residual_load(meter, loss_share, vre, imports, must_run, minimum, hour_month, load, fixed, residual):
    """Load with losses [h], supply without freedom [h], and what they, wind, PV and imports leave for the stack [h].

    vre [v, h]; must_run [j] MW; minimum [month] MW of heat-led plants.
    """
    n = meter.size
    residual[:] = vre[0]
    for v in range(1, vre.shape[0]):
        row = vre[v]
        for h in range(n):
            residual[h] += row[h]
    always = 0.0
    for j in range(must_run.size):
        always += must_run[j]
    for h in range(n):
        fixed[h] = always + minimum[hour_month[h]]
        load[h] = meter[h] * (1.0 + loss_share)
        residual[h] = load[h] - residual[h] - imports[h] - fixed[h]
