"""Kernel of the vehicle cohorts: one row a model year, an age window that slides over the rows, nothing is shifted.

A row holds, side by side, the vehicles of every powertrain and city, and these vehicles times their fuel, electricity
and exhaust per km. Each year adds the rows of its window, weighted by survival and mileage: long loops without
branches. Rows are added oldest first, so that a year's survivors can never exceed the stock before by rounding.
"""

from collections import namedtuple

from numba import njit

# Rows of one class, without gaps, so that they stay near the processor; names in _at have an axis of places.
Rows = namedtuple("Rows", ["alive", "alive_at", "driven", "driven_at", "worn", "worn_at"])

# Called from one place or two with tuples of many arrays: handing those over would cost more than the work.
_inner = njit(nogil=True, cache=True, forceinline=True)
FUEL = 0  # column groups of what driving causes: fuel, electricity, then one a pollutant
ELECTRIC = 1
EXHAUST = 2


@_inner
def _add_rows(total, rows, first_slot, weight, first, last, width):
    """total[j] += sum over i, from first to last - 1 in that order, of rows[first_slot + i, j] weight[i]; j < width."""
    i = first
    while i + 8 <= last:
        x = first_slot + i
        w0, w1, w2, w3 = weight[i], weight[i + 1], weight[i + 2], weight[i + 3]
        w4, w5, w6, w7 = weight[i + 4], weight[i + 5], weight[i + 6], weight[i + 7]
        for j in range(width):
            older = (((total[j] + rows[x, j] * w0) + rows[x + 1, j] * w1) + rows[x + 2, j] * w2) + rows[
                x + 3, j
            ] * w3
            total[j] = (((older + rows[x + 4, j] * w4) + rows[x + 5, j] * w5) + rows[x + 6, j] * w6) + rows[
                x + 7, j
            ] * w7
        i += 8
    while i + 4 <= last:
        x = first_slot + i
        w0, w1, w2, w3 = weight[i], weight[i + 1], weight[i + 2], weight[i + 3]
        for j in range(width):
            total[j] = (((total[j] + rows[x, j] * w0) + rows[x + 1, j] * w1) + rows[x + 2, j] * w2) + rows[
                x + 3, j
            ] * w3
        i += 4
    while i < last:
        w0 = weight[i]
        r0 = rows[first_slot + i]
        for j in range(width):
            total[j] += r0[j] * w0
        i += 1


@njit(nogil=True, cache=True)
def _any(values):
    """Whether an array of two axes has a value above 0."""
    for i in range(values.shape[0]):
        for j in range(values.shape[1]):
            if values[i, j] > 0.0:
                return True
    return False


@_inner
def _find_columns(c, given, work):
    """List the powertrains a class ever has, and what they cause: columns (group, position); the three numbers.

    A powertrain takes fuel, or electricity, in every place or in none.
    """
    active, column, rise_column = work.active, work.column, work.rise_column
    exhaust, rise = given.exhaust, given.rise
    count = 0
    for k in range(given.share.shape[1]):
        if _any(given.opening[c, k]) or _any(given.share[c, k, 1:]):
            active[count] = k
            count += 1
    driven = 0
    for group in range(EXHAUST + exhaust.shape[0]):
        for n in range(count):
            k = active[n]
            if group == FUEL:
                found = _any(given.fuel[c, k, :, :1])
            elif group == ELECTRIC:
                found = _any(given.electric[c, k, :, :1])
            else:
                found = _any(exhaust[group - EXHAUST, c, k : k + 1])
            if found:
                column[driven, 0] = group
                column[driven, 1] = n
                driven += 1
    worn = 0
    for q in range(rise.shape[0]):
        for n in range(count):
            if _any(rise[q, c, active[n] : active[n] + 1]):
                rise_column[worn, 0] = q
                rise_column[worn, 1] = n
                worn += 1
    return count, driven, worn


@_inner
def _rows_of(count, driven, worn, places, slots, work):
    """The rows of a class in the work space."""
    alive = work.alive_space[: slots * count * places]
    caused = work.driven_space[: slots * driven * places]
    risen = work.worn_space[: slots * worn * places]
    return Rows(
        alive.reshape(slots, count * places),
        alive.reshape(slots, count, places),
        caused.reshape(slots, driven * places),
        caused.reshape(slots, driven, places),
        risen.reshape(slots, worn * places),
        risen.reshape(slots, worn, places),
    )


@_inner
def _spread(c, slot, driven, worn, places, given, rows, work):
    """Fill a model year's row from its vehicles: times fuel, electricity and exhaust per km."""
    for x in range(driven):
        group = work.column[x, 0]
        n = work.column[x, 1]
        k = work.active[n]
        if group == FUEL:
            for p in range(places):
                rows.driven_at[slot, x, p] = rows.alive_at[slot, n, p] * given.fuel[c, k, slot, p]
        elif group == ELECTRIC:
            for p in range(places):
                rows.driven_at[slot, x, p] = rows.alive_at[slot, n, p] * given.electric[c, k, slot, p]
        else:
            grams = given.exhaust[group - EXHAUST, c, k, slot]
            for p in range(places):
                rows.driven_at[slot, x, p] = rows.alive_at[slot, n, p] * grams
            if given.plug_in[k]:
                for p in range(places):
                    rows.driven_at[slot, x, p] *= given.fuel_km_share[c, slot, p]
    for x in range(worn):
        n = work.rise_column[x, 1]
        k = work.active[n]
        grams = given.rise[work.rise_column[x, 0], c, k, slot]
        for p in range(places):
            rows.worn_at[slot, x, p] = rows.alive_at[slot, n, p] * grams
        if given.plug_in[k]:
            for p in range(places):
                rows.worn_at[slot, x, p] *= given.fuel_km_share[c, slot, p]


@_inner
def _scale(row, keep, size):
    for j in range(size):
        row[j] *= keep[j]


@_inner
def _keep_of(g, c, y, count, driven, worn, places, given, work):
    """What a programme leaves, for the columns of all rows; whether it holds for a powertrain of the class."""
    found = False
    for n in range(count):
        held = given.holds[g, c, work.active[n]]
        found = found or held
        for p in range(places):
            work.keep_at[n, p] = 1.0 - given.rate[g, y, p] if held else 1.0
    for x in range(driven):
        n = work.column[x, 1]
        for p in range(places):
            work.keep_driven_at[x, p] = work.keep_at[n, p]
    for x in range(worn):
        n = work.rise_column[x, 1]
        for p in range(places):
            work.keep_worn_at[x, p] = work.keep_at[n, p]
    return found


@_inner
def _retire(c, y, first, count, driven, worn, places, given, rows, work, retired):
    """Take what the programmes retire in year y out of the rows."""
    survival = given.survival[c]
    ages = survival.shape[0]
    own = count * places
    lost, keep = work.lost, work.keep
    lost[:own] = 0.0
    for g in range(given.rate.shape[0]):
        until = min(given.last_slot[g, c] + 1, y + ages - max(given.youngest_age[g], 1))
        if until <= y + first or not _any(given.rate[g, y : y + 1]):
            continue
        if not _keep_of(g, c, y, count, driven, worn, places, given, work):
            continue
        for slot in range(y + first, until):
            row = rows.alive[slot]
            alive = survival[slot - y]
            for j in range(own):
                kept = row[j] * keep[j]
                lost[j] += (row[j] - kept) * alive
                row[j] = kept
            _scale(rows.driven[slot], work.keep_driven, driven * places)
            _scale(rows.worn[slot], work.keep_worn, worn * places)
    for n in range(count):
        k = work.active[n]
        for p in range(places):
            retired[c, y, k, p] = work.lost_at[n, p]


@_inner
def _open(c, first, count, places, given, rows, work):
    """Rows of the opening stock: what must have been sold for it to be alive now."""
    for n in range(count):
        k = work.active[n]
        for i in range(first, given.survival.shape[1]):
            for p in range(places):
                rows.alive_at[i, n, p] = given.opening[c, k, i, p] / given.survival[c, i]


@_inner
def _sell(c, y, count, places, given, rows, work, sales):
    """The row of the vehicles sold in year y: what the stock lacks, or what is given, by powertrain."""
    slot = y + given.survival.shape[1] - 1
    for p in range(places):
        work.missing[p] = given.wanted[c, y, p]
    if not given.sales_given[c]:
        work.survivors[:] = 0.0
        for n in range(count):
            for p in range(places):
                work.survivors[p] += work.alive_at[n, p]
        for p in range(places):
            work.missing[p] = max(work.missing[p] - work.survivors[p], 0.0)
    for n in range(count):
        k = work.active[n]
        for p in range(places):
            new = work.missing[p] * given.share[c, k, y, p]
            rows.alive_at[slot, n, p] = new
            sales[c, y, k, p] = new


@_inner
def _write(c, y, count, driven, worn, places, work, out):
    """Copy the sums of year y into the results."""
    for n in range(count):
        k = work.active[n]
        for p in range(places):
            out.stock[c, y, k, p] = work.alive_at[n, p]
        for p in range(places):
            out.use[0, c, y, k, p] = work.km_at[n, p]
    for x in range(driven):
        group = 1 + work.column[x, 0]
        k = work.active[work.column[x, 1]]
        for p in range(places):
            out.use[group, c, y, k, p] = work.driven_sum_at[x, p]
    for x in range(worn):
        group = 1 + EXHAUST + work.rise_column[x, 0]
        k = work.active[work.rise_column[x, 1]]
        for p in range(places):
            out.use[group, c, y, k, p] += work.worn_sum_at[x, p]


@_inner
def _add_standards(c, y, first, count, places, given, rows, work, out):
    """Stock of year y by group and standard: only the slots in which a standard was sold."""
    ages = given.survival.shape[1]
    for n in range(count):
        k = work.active[n]
        g = given.group_of[k]
        for s in range(given.standard_share.shape[3]):
            low = max(given.standard_slots[c, k, s, 0] - y, first)
            high = min(given.standard_slots[c, k, s, 1] + 1 - y, ages)
            whole = low == first and high == ages
            for i in range(low, high):
                whole = whole and given.standard_share[c, k, y + i, s] == 1.0
            if whole:  # all that are alive were sold under it
                for p in range(places):
                    out.standard_stock[c, y, g, s, p] += work.alive_at[n, p]
                continue
            i = low
            while i + 2 <= high:
                x = y + i
                w0 = given.survival[c, i] * given.standard_share[c, k, x, s]
                w1 = given.survival[c, i + 1] * given.standard_share[c, k, x + 1, s]
                for p in range(places):
                    out.standard_stock[c, y, g, s, p] = (
                        out.standard_stock[c, y, g, s, p] + rows.alive_at[x, n, p] * w0
                    ) + rows.alive_at[x + 1, n, p] * w1
                i += 2
            if i < high:
                w0 = given.survival[c, i] * given.standard_share[c, k, y + i, s]
                for p in range(places):
                    out.standard_stock[c, y, g, s, p] += rows.alive_at[y + i, n, p] * w0


@_inner
def _first_year(c, first, count, places, given, rows, work, out):
    """Sales and scrappage of year 0: vehicles of age 0, and what those alive lost since the year before."""
    ages = given.survival.shape[1]
    for i in range(first, ages - 1):
        work.wearing[i] = given.survival[c, i + 1] - given.survival[c, i]
    work.lost[: count * places] = 0.0
    _add_rows(work.lost, rows.alive, 0, work.wearing, first, ages - 1, count * places)
    for n in range(count):
        k = work.active[n]
        for p in range(places):
            out.sales[c, 0, k, p] = given.opening[c, k, ages - 1, p]
            out.scrapped[c, 0, k, p] = work.lost_at[n, p]


@_inner
def _copy_alive(to, c, y, count, places, work):
    """The vehicles summed so far into a result [c, y, k, p]."""
    for n in range(count):
        k = work.active[n]
        for p in range(places):
            to[c, y, k, p] = work.alive_at[n, p]


@_inner
def _clear(c, y, out):
    """Nothing of a class and year yet: powertrains that it never has keep their zeros."""
    out.stock[c, y] = 0.0
    out.sales[c, y] = 0.0
    out.scrapped[c, y] = 0.0
    out.retired[c, y] = 0.0
    out.old[c, y] = 0.0
    out.standard_stock[c, y] = 0.0
    for group in range(out.use.shape[0]):
        out.use[group, c, y] = 0.0


@njit(nogil=True, cache=True)
def project_cohorts(given, work, out):
    """Stock, sales, scrappage, distance, energy and exhaust of every class, powertrain, year and place.

    given, work and out are `Cohorts`, `Work` and `Sums` of `cohorts.py`, which name shapes and units. Ages run
    oldest first: position i is age a_max - 1 - i. Slots are model years: slot y + i holds the vehicles that stand at
    position i in year y. The window of a class begins at its oldest age with survival above 0; pairs of class and
    powertrain that never have a vehicle are left out, and their results are 0.

        stock[y] = sum_i vehicles[y + i] survival[i];   sales[y] = max(wanted[y] - survivors, 0)
        scrapped[y] = stock[y-1] + sales[y] - stock[y];   distance is driven by the vehicles alive at year end
    """
    classes, years, _, places = out.stock.shape
    ages = given.survival.shape[1]
    for c in range(classes):
        count, driven, worn = _find_columns(c, given, work)
        survival = given.survival[c]
        first = 0
        while survival[first] <= 0.0:
            first += 1
        own = count * places
        rows = _rows_of(count, driven, worn, places, given.exhaust.shape[3], work)
        _open(c, first, count, places, given, rows, work)
        _clear(c, 0, out)
        _first_year(c, first, count, places, given, rows, work, out)
        for i in range(ages):
            work.driving[i] = survival[i] * given.distance_km[c, i]
            work.wearing[i] = work.driving[i] * given.wear_years[i]
        for slot in range(first, ages):
            _spread(c, slot, driven, worn, places, given, rows, work)
        for y in range(years):
            if y > 0:
                _clear(c, y, out)
                _retire(c, y, first, count, driven, worn, places, given, rows, work, out.retired)
            work.alive[:own] = 0.0
            work.km[:own] = 0.0
            work.driven[: driven * places] = 0.0
            work.worn[: worn * places] = 0.0
            split = min(max(given.old_slot[c] - y, first), ages - 1)
            _add_rows(work.alive, rows.alive, y, survival, first, split, own)
            _copy_alive(out.old, c, y, count, places, work)
            _add_rows(work.alive, rows.alive, y, survival, split, ages - 1, own)
            if y > 0:
                for n in range(count):
                    k = work.active[n]
                    for p in range(places):
                        out.scrapped[c, y, k, p] = out.stock[c, y - 1, k, p] - work.alive_at[n, p]
                _sell(c, y, count, places, given, rows, work, out.sales)
                _spread(c, y + ages - 1, driven, worn, places, given, rows, work)
            _add_rows(work.alive, rows.alive, y, survival, ages - 1, ages, own)
            if given.old_slot[c] > y + ages - 1:  # the youngest are old too
                _copy_alive(out.old, c, y, count, places, work)
            _add_standards(c, y, first, count, places, given, rows, work, out)
            _add_rows(work.km, rows.alive, y, work.driving, first, ages, own)
            _add_rows(work.driven, rows.driven, y, work.driving, first, ages, driven * places)
            _add_rows(work.worn, rows.worn, y, work.wearing, first, ages, worn * places)
            _write(c, y, count, driven, worn, places, work, out)
