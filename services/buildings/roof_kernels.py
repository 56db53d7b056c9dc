"""Kernels of roofs: their area, the PV that they carry, what it gives and who uses it."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def roof_of_floor(area, per_floor, out):
    """out[p, t, y] = sum over states e of area[p, t, e, y] * per_floor[t, e]."""
    places, types, states, years = area.shape
    for p in range(places):
        for t in range(types):
            for y in range(years):
                out[p, t, y] = 0.0
            for e in range(states):
                share = per_floor[t, e]
                for y in range(years):
                    out[p, t, y] += area[p, t, e, y] * share


@njit(nogil=True, cache=True)
def share_used(ratio, ratios, met, out):
    """Share of output used behind the meter, out [p, t, y], at the ratios of output to load given.

    met [p, t, i]: load met over all load at ratios[i], which ascend from 0; linear between, flat beyond the last.
    """
    last = ratios.size - 1
    for p in range(ratio.shape[0]):
        for t in range(ratio.shape[1]):
            for y in range(ratio.shape[2]):
                x = ratio[p, t, y]
                if not x > 0.0:
                    out[p, t, y] = 1.0
                    continue
                i = np.searchsorted(ratios, x, side="right") - 1
                used = met[p, t, min(i, last)]
                if i < last and x != ratios[i]:
                    slope = (met[p, t, i + 1] - met[p, t, i]) / (ratios[i + 1] - ratios[i])
                    used += slope * (x - ratios[i])
                out[p, t, y] = used / x


@njit(nogil=True, cache=True)
def fit_new_roofs(built, renewed, total, life, fit, shrink):
    """How much of each year's new roofs the region's capacity allows, fit [y], and what of them stands, shrink [y]."""
    carried = 0.0
    fit[0] = shrink[0] = 1.0
    for y in range(1, total.size):
        fit[y] = shrink[y] = 1.0
        if y >= life:
            carried += fit[y - life] * renewed[y]
        if built[y] > 0:
            fit[y] = min(max(total[y] - carried, 0.0) / built[y], 1.0)
        carried += fit[y] * built[y]
        if carried > 0:
            shrink[y] = min(total[y] / carried, 1.0)


@njit(nogil=True, cache=True)
def age_fleet(by_year, worn, life, capacity, output):
    """Output of a fleet over that of new modules, output [y], from its capacity at year ends [y].

    by_year [b]: capacity standing by year of building, those before the first of `capacity` given; changed in place.
    worn [a]: output at age a over new.
    """
    before = by_year.size - capacity.size
    at_work = np.empty(by_year.size)
    for y in range(capacity.size):
        at, now = before + y, capacity[y]
        if at >= life:  # renewed in place
            by_year[at] += by_year[at - life]
            by_year[at - life] = 0.0
        standing = _total(by_year, at + 1)
        if now < standing:  # taken down alike from every age
            kept = now / standing
            for b in range(at + 1):
                by_year[b] *= kept
        else:
            by_year[at] += now - standing
        for b in range(at + 1):
            at_work[b] = by_year[b] * worn[at - b]
        output[y] = _total(at_work, at + 1) / now if now > 0 else 1.0


@njit(nogil=True, cache=True)
def _total(values, count):
    """Sum of the first values in eight strands, in the order in which numpy adds up to 128 of them."""
    if count < 8:
        total = 0.0
        for i in range(count):
            total += values[i]
        return total
    strands = values[:8].copy()
    whole = count - count % 8
    for i in range(8, whole, 8):
        for k in range(8):
            strands[k] += values[i + k]
    total = ((strands[0] + strands[1]) + (strands[2] + strands[3])) + (
        (strands[4] + strands[5]) + (strands[6] + strands[7])
    )
    for i in range(whole, count):
        total += values[i]
    return total
