"""Kernel that weighs intensities by floor area."""

from numba import njit


@njit(nogil=True, cache=True)
def weigh_by_area(table, area, out):
    """out[p, x, y] = sum over states e of table[p, x, e] * area[p, e, y], e in order, so that bits never change."""
    places, points, states = table.shape
    years = area.shape[2]
    for p in range(places):
        for x in range(points):
            for y in range(years):
                out[p, x, y] = 0.0
            for e in range(states):
                per_m2 = table[p, x, e]
                if per_m2 != 0.0:
                    for y in range(years):
                        out[p, x, y] += per_m2 * area[p, e, y]
