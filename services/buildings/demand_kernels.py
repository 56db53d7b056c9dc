"""Kernel that weighs intensities by floor area."""

from numba import njit


@njit(nogil=True, cache=True)
def weigh_by_area(table, area, hat, row, out):
    """out[p, x, c, y] = sum over points w of hat[p, w, y] * sum over states e of table[p, x, w, c, e] * area[p, e, y].

    Sums run in the order of w and e, so that bits never change. row [y] is scratch.
    """
    places, points, warmings, columns, states = table.shape
    years = area.shape[2]
    for p in range(places):
        for x in range(points):
            for c in range(columns):
                for y in range(years):
                    out[p, x, c, y] = 0.0
                for w in range(warmings):
                    for y in range(years):
                        row[y] = 0.0
                    for e in range(states):
                        per_m2 = table[p, x, w, c, e]
                        for y in range(years):
                            row[y] += per_m2 * area[p, e, y]
                    for y in range(years):
                        out[p, x, c, y] += hat[p, w, y] * row[y]
