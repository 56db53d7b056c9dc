"""Kernel of investment: what the capacity standing cost when it was built. Arrays in, arrays out."""

from numba import njit


@njit(nogil=True, cache=True)
def value_standing(capacity, capex, lifetime, built, out):
    """Investment cost of the capacity standing, by vintage: capacity [year], capex [year] -> out [year].

    What stands in the first year keeps that year's capex as long as it stands (its ages are not known). Later
    additions are valued at the capex of their year and, once `lifetime` years old, are rebuilt at the capex of the
    year of rebuilding. Closures take the oldest first. built [year] is scratch: capacity by vintage.
    """
    built[:] = 0.0
    built[0] = capacity[0]
    for y in range(capacity.size):
        if y > 0:
            ended = y - lifetime
            if ended > 0:
                built[y] += built[ended]
                built[ended] = 0.0
            change = capacity[y] - capacity[y - 1]
            built[y] += max(change, 0.0)
            left = max(-change, 0.0)
            for v in range(y + 1):
                part = min(built[v], left)
                built[v] -= part
                left -= part
        total = 0.0
        for v in range(y + 1):
            total += built[v] * capex[v]
        out[y] = total
