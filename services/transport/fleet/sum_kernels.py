"""Kernels of what follows the cohorts: mileage on distance, energy and exhaust, and sums over powertrains.

Results of the cohorts lie as [c, y, k, p], places last; sums are written as [c, p, y], years last, as every metric has
them. Powertrains are added in their order, so that a sum has the bits of adding one after the other.
"""

from numba import njit


@njit(nogil=True, cache=True)
def sum_powertrains(values, weight, row, out):
    """Weighted sums over powertrains: out[n, c, p, y] = sum over k of weight[n, c, k, y] values[c, y, k, p].

    The last axis of weight has one value or as many as years; row [p] is work space.
    """
    classes, years, kinds, places = values.shape
    by_year = weight.shape[3] > 1
    for n in range(weight.shape[0]):
        for c in range(classes):
            for y in range(years):
                at = y if by_year else 0
                row[:] = 0.0
                for k in range(kinds):
                    w = weight[n, c, k, at]
                    if w != 0.0:
                        for p in range(places):
                            row[p] += w * values[c, y, k, p]
                for p in range(places):
                    out[n, c, p, y] = row[p]


@njit(nogil=True, cache=True)
def apply_mileage(use, ratio, mileage, battery, first_exhaust, exhaust_unit, row, out):
    """Bring what ages alone give to the mileage of the year, in place, and sum it over powertrains.

    use [u, c, y, k, p] distance, energy, then exhaust from group `first_exhaust` on, which is also brought to
    `exhaust_unit`; ratio [c, k] of the powertrains; mileage [c, 2, y, p] of vehicles with an engine and of those with
    a battery alone (`battery` [k] is 1); out [u, c, p, y]. A powertrain without distance in a year has no other use.
    """
    groups, classes, years, kinds, places = use.shape
    for u in range(groups):
        for c in range(classes):
            for y in range(years):
                row[:] = 0.0
                for k in range(kinds):
                    own = ratio[c, k]
                    part = battery[k]
                    if u < first_exhaust:
                        for p in range(places):
                            use[u, c, y, k, p] *= own * mileage[c, part, y, p]
                            row[p] += use[u, c, y, k, p]
                    elif part == 0:
                        for p in range(places):
                            use[u, c, y, k, p] *= own * mileage[c, part, y, p] * exhaust_unit
                            row[p] += use[u, c, y, k, p]
                for p in range(places):
                    out[u, c, p, y] = row[p]


@njit(nogil=True, cache=True)
def greenhouse_by_standard(stock, km, fuel_share, factor, group_of, plug_in, least, fleet, out):
    """Greenhouse gases that go with the standards of the vehicles: out[p, y] in the unit of factor times km.

    stock [c, y, g, s, p] vehicles by group of powertrains and standard; km [c, y, k, p], of a plug-in hybrid
    (`plug_in`) fuel_share [c, y, p] counts; factor [c, k, s] a km over the standards with an exhaust; group_of [k], -1
    for those without. A class' km are spread over standards as its stock of the group; fleet [g, p] is work space,
    `least` vehicles guard against a group without any.
    """
    classes, years, groups, _, places = stock.shape
    kinds, standards = factor.shape[1], factor.shape[2]
    out[:] = 0.0
    for c in range(classes):
        for y in range(years):
            for g in range(groups):
                for p in range(places):
                    whole = 0.0
                    for s in range(standards):
                        whole += stock[c, y, g, s, p]
                    fleet[g, p] = max(whole, least)
            for k in range(kinds):
                g = group_of[k]
                if g < 0:
                    continue
                for p in range(places):
                    driven = km[c, y, k, p]
                    if driven == 0.0:
                        continue
                    if k == plug_in:
                        driven *= fuel_share[c, y, p]
                    of_standards = 0.0
                    for s in range(standards):
                        of_standards += factor[c, k, s] * stock[c, y, g, s, p]
                    out[p, y] += driven * (of_standards / fleet[g, p])
