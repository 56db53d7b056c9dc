"""Kernels of the hours before dispatch: loads, valley filling, import contracts, load left for the stack.

Words and units as in `store_kernels`. One region, one year, hours h of the year; arrays in, arrays out.
"""

import numpy as np
from numba import njit

DAY_HOURS = 24
NEWTON_STEPS = 60


@njit(nogil=True, cache=True)
def sum_loads(energy, shares, out):
    """out[h] = sum over parts of energy[c] * shares[c, h]; parts in order."""
    out[:] = 0.0
    for c in range(energy.size):
        e = energy[c]
        if e == 0.0:
            continue
        s = shares[c]
        for h in range(out.size):
            out[h] += e * s[h]


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
        total[:count] = 0.0
        partial[:count] = 0.0
        for i in range(DAY_HOURS):
            row = left[i]
            for d in range(count):
                lift = level[d] - row[d]
                total[d] += min(max(lift, 0.0), top[d])
                partial[d] += (lift > 0.0) & (lift < top[d])
        open_days = 0
        for d in range(count):
            still[d] = abs(total[d] - need[d]) > 1e-12 * need[d]
            if not still[d]:
                continue
            open_days += 1
            if total[d] < need[d]:
                low[d] = level[d]
            else:
                high[d] = level[d]
            # A step of Newton's method while it stays between the bounds, else halve.
            if partial[d] > 0.0:
                level[d] += (need[d] - total[d]) / partial[d]
            if partial[d] == 0.0 or level[d] <= low[d] or level[d] >= high[d]:
                level[d] = 0.5 * (low[d] + high[d])
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
    for i in range(energy.size):
        s = shapes[i]
        scale = energy[i]
        if scale <= 0.0 or capacity[i] <= 0.0:
            continue
        for _ in range(50):
            free = 0.0
            cut = 0.0
            for h in range(out.size):
                v = s[h] * scale
                free += v if v < capacity[i] else 0.0
                cut += 0.0 if v < capacity[i] else capacity[i]
            if free <= 0.0 or free + cut >= energy[i] * (1.0 - 1e-13):
                break
            scale *= (energy[i] - cut) / free
        for h in range(out.size):
            out[h] += min(s[h] * scale, capacity[i])


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
