"""Kernels that weigh intensities by floor area and mix them by use modes and set-points.

Sums run in the order of states, points of warming and modes. States without area and points without weight add
nothing and are left out.
"""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def weigh_dwellings(usual, warmer, steps, mixes, is_heat, area, used, per_unit, hat, plant, out, network):
    """Useful energy of urban and rural dwellings s by column c.

    usual, warmer [s, p, m, w, c, e]: intensities of use mode m, at the set-points of use and at the second level;
    steps [2, p, y] towards that level, for columns that follow the heating set-point (is_heat [c] 1) and for others.
    mixes [s, 2, m, p, y]: shares of modes, the same way. area [p, s, e, y] m2, used [p, s, y] its share in use;
    per_unit: m2 in the unit of area. hat [p, w, y]: weight of each point of warming.
    -> out [c, s, p, y]; network [s, p, y]: column `plant` in the last mode.
    """
    kinds, places, modes, points, columns, states = usual.shape
    years = area.shape[3]
    shifted = np.any(steps != 0.0)
    own, held = np.empty((states, years)), np.empty(states, np.int64)
    there = np.empty(points, np.int64)
    row, found, level = np.empty(years), np.empty(years), np.empty(years)
    for s in range(kinds):
        for p in range(places):
            count = _in_use(area, used, per_unit, p, s, own, held)
            weighed = _with_weight(hat, p, there)
            for m in range(modes):
                for c in range(columns):
                    side = 0 if is_heat[c] == 1 else 1
                    weigh_by_area(usual[s], p, m, c, own, held[:count], hat, there[:weighed], row, found)
                    if shifted:
                        weigh_by_area(warmer[s], p, m, c, own, held[:count], hat, there[:weighed], row, level)
                        for y in range(years):
                            step = steps[side, p, y]
                            found[y] = (1 - step) * found[y] + step * level[y]
                    mixed, share = out[c, s, p], mixes[s, side, m, p]
                    for y in range(years):
                        mixed[y] += share[y] * found[y]
                    if c == plant and m == modes - 1:
                        network[s, p, :] = found


@njit(nogil=True, cache=True)
def weigh_public(table, levels, is_heat, area, used, per_unit, hat, first, out):
    """Useful energy of public types t by column c, from intensities at two set-points.

    table [t, p, 2, w, c, e]; levels [2, p, y]: weight of the second set-point for columns that follow heating
    (is_heat [c] 1) and for others. area [p, first + t, e, y]; the rest as in `weigh_dwellings`. -> out [t, c, p, y].
    """
    types, places, _, points, columns, states = table.shape
    years = area.shape[3]
    own, held = np.empty((states, years)), np.empty(states, np.int64)
    there = np.empty(points, np.int64)
    row, low, high = np.empty(years), np.empty(years), np.empty(years)
    for t in range(types):
        for p in range(places):
            count = _in_use(area, used, per_unit, p, first + t, own, held)
            weighed = _with_weight(hat, p, there)
            for c in range(columns):
                weigh_by_area(table[t], p, 0, c, own, held[:count], hat, there[:weighed], row, low)
                weigh_by_area(table[t], p, 1, c, own, held[:count], hat, there[:weighed], row, high)
                level, mixed = levels[0 if is_heat[c] == 1 else 1, p], out[t, c, p]
                for y in range(years):
                    mixed[y] = max((1 - level[y]) * low[y] + level[y] * high[y], 0.0)


@njit(nogil=True, cache=True)
def weigh_by_area(table, p, x, c, area, states, hat, points, row, out):
    """out[y] = sum over points w of hat[p, w, y] * sum over i of table[p, x, w, c, states[i]] * area[i, y].

    row [y] is scratch.
    """
    years = out.size
    for y in range(years):
        out[y] = 0.0
    for w in points:
        for y in range(years):
            row[y] = 0.0
        per_m2 = table[p, x, w, c]
        i = 0
        while i + 3 < states.size:
            a, b, d, e = (
                per_m2[states[i]],
                per_m2[states[i + 1]],
                per_m2[states[i + 2]],
                per_m2[states[i + 3]],
            )
            first, second, third, fourth = area[i], area[i + 1], area[i + 2], area[i + 3]
            for y in range(years):
                row[y] = (((row[y] + a * first[y]) + b * second[y]) + d * third[y]) + e * fourth[y]
            i += 4
        while i < states.size:
            a, first = per_m2[states[i]], area[i]
            for y in range(years):
                row[y] += a * first[y]
            i += 1
        weight = hat[p, w]
        for y in range(years):
            out[y] += weight[y] * row[y]


@njit(nogil=True, cache=True)
def _in_use(area, used, per_unit, p, t, own, held):
    """Area in use by state, own [i, y], of the states held [i] that have any; -> how many they are."""
    count = 0
    for e in range(area.shape[2]):
        most = 0.0
        for y in range(area.shape[3]):
            own[count, y] = area[p, t, e, y] * used[p, t, y] / per_unit
            most = max(most, own[count, y])
        if most > 0.0:
            held[count] = e
            count += 1
    return count


@njit(nogil=True, cache=True)
def _with_weight(hat, p, there):
    """The points of warming that have weight in any year, there [i]; -> how many they are."""
    count = 0
    for w in range(hat.shape[1]):
        most = 0.0
        for y in range(hat.shape[2]):
            most = max(most, abs(hat[p, w, y]))
        if most > 0.0:
            there[count] = w
            count += 1
    return count
