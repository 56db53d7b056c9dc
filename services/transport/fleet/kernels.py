"""Kernel of the vehicle cohorts: one row a model year, an age window that slides over the rows, nothing is shifted.

A row holds, side by side, the vehicles of every powertrain and city, and these vehicles times their fuel, electricity
and exhaust per km. Each year adds the rows of its window, weighted by survival and mileage: long loops without
branches. Rows are added oldest first, so that a year's survivors can never exceed the stock before by rounding.
"""

from numba import njit

FUEL = 0  # column groups of what driving causes: fuel, electricity, then one a pollutant
ELECTRIC = 1
EXHAUST = 2


@njit(nogil=True, cache=True)
def _add_rows(total, rows, first_slot, weight, first, last, start, end):
    """total[j] += sum over i, from first to last - 1 in that order, of rows[first_slot + i, j] weight[i]."""
    i = first
    while i + 4 <= last:
        x = first_slot + i
        w0 = weight[i]
        w1 = weight[i + 1]
        w2 = weight[i + 2]
        w3 = weight[i + 3]
        for j in range(start, end):
            total[j] = (((total[j] + rows[x, j] * w0) + rows[x + 1, j] * w1) + rows[x + 2, j] * w2) + rows[
                x + 3, j
            ] * w3
        i += 4
    while i < last:
        x = first_slot + i
        w0 = weight[i]
        for j in range(start, end):
            total[j] += rows[x, j] * w0
        i += 1


@njit(nogil=True, cache=True)
def _any(values):
    """Whether an array of two axes has a value above 0."""
    for i in range(values.shape[0]):
        for j in range(values.shape[1]):
            if values[i, j] > 0.0:
                return True
    return False


@njit(nogil=True, cache=True)
def _find_columns(c, given, work):
    """List the powertrains a class ever has, and what they cause: columns (group, position); the three numbers."""
    active, column, rise_column = work.active, work.column, work.rise_column
    fuel, electric, exhaust, rise = given.fuel, given.electric, given.exhaust, given.rise
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
                found = _any(fuel[c, k])
            elif group == ELECTRIC:
                found = _any(electric[c, k])
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


@njit(nogil=True, cache=True)
def _find_standards(c, count, slots, given, work):
    """First and last slot with vehicles of each group and standard; first > last: none."""
    for g in range(work.standard_slots.shape[0]):
        for s in range(work.standard_slots.shape[1]):
            work.standard_slots[g, s, 0] = slots
            work.standard_slots[g, s, 1] = -1
    for n in range(count):
        k = work.active[n]
        own = work.standard_slots[given.group_of[k]]
        for s in range(given.standard_share.shape[3]):
            own[s, 0] = min(own[s, 0], given.standard_slots[c, k, s, 0])
            own[s, 1] = max(own[s, 1], given.standard_slots[c, k, s, 1])


@njit(nogil=True, cache=True)
def _spread_standards(c, slot, count, places, given, work):
    """Fill a model year's row by group and emission standard from its vehicles."""
    standards = given.standard_share.shape[3]
    own = work.alive_rows[slot]
    row = work.standard_rows[slot]
    row[:] = 0.0
    for n in range(count):
        k = work.active[n]
        for s in range(standards):
            share = given.standard_share[c, k, slot, s]
            if share > 0.0:
                start = (given.group_of[k] * standards + s) * places
                for p in range(places):
                    row[start + p] += own[n * places + p] * share


@njit(nogil=True, cache=True)
def _spread(c, slot, count, driven, worn, places, given, work):
    """Fill a model year's row from its vehicles: by standard, times fuel, electricity and exhaust per km."""
    _spread_standards(c, slot, count, places, given, work)
    own = work.alive_rows[slot]
    row = work.driven_rows[slot]
    for x in range(driven):
        group = work.column[x, 0]
        n = work.column[x, 1]
        k = work.active[n]
        if group == FUEL:
            for p in range(places):
                row[x * places + p] = own[n * places + p] * given.fuel[c, k, slot, p]
        elif group == ELECTRIC:
            for p in range(places):
                row[x * places + p] = own[n * places + p] * given.electric[c, k, slot, p]
        else:
            grams = given.exhaust[group - EXHAUST, c, k, slot]
            for p in range(places):
                row[x * places + p] = own[n * places + p] * grams
            if given.plug_in[k]:
                for p in range(places):
                    row[x * places + p] *= given.fuel_km_share[c, slot, p]
    row = work.worn_rows[slot]
    for x in range(worn):
        n = work.rise_column[x, 1]
        k = work.active[n]
        grams = given.rise[work.rise_column[x, 0], c, k, slot]
        for p in range(places):
            row[x * places + p] = own[n * places + p] * grams
        if given.plug_in[k]:
            for p in range(places):
                row[x * places + p] *= given.fuel_km_share[c, slot, p]


@njit(nogil=True, cache=True)
def _scale(row, keep, size):
    for j in range(size):
        row[j] *= keep[j]


@njit(nogil=True, cache=True)
def _keep_of(g, c, y, count, driven, worn, places, given, work):
    """What a programme leaves, for the columns of all rows; whether it holds for a powertrain of the class."""
    found = False
    for n in range(count):
        held = given.holds[g, c, work.active[n]]
        found = found or held
        for p in range(places):
            work.keep[n * places + p] = 1.0 - given.rate[g, y, p] if held else 1.0
    for x in range(driven):
        n = work.column[x, 1]
        for p in range(places):
            work.keep_driven[x * places + p] = work.keep[n * places + p]
    for x in range(worn):
        n = work.rise_column[x, 1]
        for p in range(places):
            work.keep_worn[x * places + p] = work.keep[n * places + p]
    return found


@njit(nogil=True, cache=True)
def _retire(c, y, first, count, driven, worn, places, given, work, retired):
    """Take what the programmes retire in year y out of the rows."""
    survival = given.survival[c]
    ages = survival.shape[0]
    own = count * places
    work.lost[:own] = 0.0
    for g in range(given.rate.shape[0]):
        until = min(given.last_slot[g, c] + 1, y + ages - max(given.youngest_age[g], 1))
        if until <= y + first or not _any(given.rate[g, y : y + 1]):
            continue
        if not _keep_of(g, c, y, count, driven, worn, places, given, work):
            continue
        for slot in range(y + first, until):
            row = work.alive_rows[slot]
            alive = survival[slot - y]
            for j in range(own):
                kept = row[j] * work.keep[j]
                work.lost[j] += (row[j] - kept) * alive
                row[j] = kept
            _scale(work.driven_rows[slot], work.keep_driven, driven * places)
            _scale(work.worn_rows[slot], work.keep_worn, worn * places)
            _spread_standards(c, slot, count, places, given, work)
    for n in range(count):
        for p in range(places):
            retired[c, work.active[n], y, p] = work.lost[n * places + p]


@njit(nogil=True, cache=True)
def _open(c, first, count, places, given, work):
    """Rows of the opening stock: what must have been sold for it to be alive now."""
    for n in range(count):
        k = work.active[n]
        for i in range(first, given.survival.shape[1]):
            for p in range(places):
                work.alive_rows[i, n * places + p] = given.opening[c, k, i, p] / given.survival[c, i]


@njit(nogil=True, cache=True)
def _sell(c, y, count, places, given, work, sales):
    """The row of the vehicles sold in year y: what the stock lacks, or what is given, by powertrain."""
    slot = y + given.survival.shape[1] - 1
    for p in range(places):
        missing = given.wanted[c, y, p]
        if not given.sales_given[c]:
            alive = 0.0
            for n in range(count):
                alive += work.alive[n * places + p]
            missing = max(missing - alive, 0.0)
        for n in range(count):
            k = work.active[n]
            new = missing * given.share[c, k, y, p]
            work.alive_rows[slot, n * places + p] = new
            sales[c, k, y, p] = new


@njit(nogil=True, cache=True)
def _write(c, y, count, driven, worn, places, work, out):
    """Copy the sums of year y into the results."""
    for n in range(count):
        k = work.active[n]
        for p in range(places):
            out.stock[c, k, y, p] = work.alive[n * places + p]
            out.use[0, c, k, y, p] = work.km[n * places + p]
    for x in range(driven):
        group = 1 + work.column[x, 0]
        k = work.active[work.column[x, 1]]
        for p in range(places):
            out.use[group, c, k, y, p] = work.driven[x * places + p]
    for x in range(worn):
        group = 1 + EXHAUST + work.rise_column[x, 0]
        k = work.active[work.rise_column[x, 1]]
        for p in range(places):
            out.use[group, c, k, y, p] += work.worn[x * places + p]
    for g in range(out.standard_stock.shape[0]):
        for s in range(out.standard_stock.shape[1]):
            if work.standard_slots[g, s, 1] >= 0:
                start = (g * out.standard_stock.shape[1] + s) * places
                for p in range(places):
                    out.standard_stock[g, s, c, y, p] = work.by_standard[start + p]


@njit(nogil=True, cache=True)
def _add_standards(y, first, places, given, survival, work):
    """Stock of year y by group and standard: only the slots that have the standard."""
    groups, standards = work.standard_slots.shape[:2]
    ages = survival.shape[0]
    work.by_standard[:] = 0.0
    for g in range(groups):
        for s in range(standards):
            low = max(work.standard_slots[g, s, 0] - y, first)
            high = min(work.standard_slots[g, s, 1] + 1 - y, ages)
            if low < high:
                start = (g * standards + s) * places
                _add_rows(work.by_standard, work.standard_rows, y, survival, low, high, start, start + places)


@njit(nogil=True, cache=True)
def _first_year(c, first, count, places, given, work, out):
    """Sales and scrappage of year 0: vehicles of age 0, and what those alive lost since the year before."""
    ages = given.survival.shape[1]
    for i in range(first, ages - 1):
        work.wearing[i] = given.survival[c, i + 1] - given.survival[c, i]
    work.lost[: count * places] = 0.0
    _add_rows(work.lost, work.alive_rows, 0, work.wearing, first, ages - 1, 0, count * places)
    for n in range(count):
        k = work.active[n]
        for p in range(places):
            out.sales[c, k, 0, p] = given.opening[c, k, ages - 1, p]
            out.scrapped[c, k, 0, p] = work.lost[n * places + p]


@njit(nogil=True, cache=True)
def project_cohorts(given, work, out):
    """Stock, sales, scrappage, distance, energy and exhaust of every class, powertrain, year and place.

    given, work and out are `Cohorts`, `Work` and `Results` of `cohorts.py`, which name shapes and units. Ages run
    oldest first: position i is age a_max - 1 - i. Slots are model years: slot y + i holds the vehicles that stand at
    position i in year y. The window of a class begins at its oldest age with survival above 0; pairs of class and
    powertrain that never have a vehicle are left out, and their results stay as the caller made them.

        stock[y] = sum_i vehicles[y + i] survival[i];   sales[y] = max(wanted[y] - survivors, 0)
        scrapped[y] = stock[y-1] + sales[y] - stock[y];   distance is driven by the vehicles alive at year end
    """
    classes, _, years, places = out.stock.shape
    ages = given.survival.shape[1]
    for c in range(classes):
        count, driven, worn = _find_columns(c, given, work)
        _find_standards(c, count, years + ages - 1, given, work)
        survival = given.survival[c]
        first = 0
        while survival[first] <= 0.0:
            first += 1
        own = count * places
        _open(c, first, count, places, given, work)
        _first_year(c, first, count, places, given, work, out)
        for i in range(ages):
            work.driving[i] = survival[i] * given.distance_km[c, i]
            work.wearing[i] = work.driving[i] * given.wear_years[i]
        for slot in range(first, ages):
            _spread(c, slot, count, driven, worn, places, given, work)
        for y in range(years):
            if y > 0:
                _retire(c, y, first, count, driven, worn, places, given, work, out.retired)
            work.alive[:own] = 0.0
            work.km[:own] = 0.0
            work.driven[: driven * places] = 0.0
            work.worn[: worn * places] = 0.0
            split = min(max(given.old_slot[c] - y, first), ages - 1)
            _add_rows(work.alive, work.alive_rows, y, survival, first, split, 0, own)
            for n in range(count):
                for p in range(places):
                    out.old[c, work.active[n], y, p] = work.alive[n * places + p]
            _add_rows(work.alive, work.alive_rows, y, survival, split, ages - 1, 0, own)
            if y > 0:
                for n in range(count):
                    k = work.active[n]
                    for p in range(places):
                        out.scrapped[c, k, y, p] = out.stock[c, k, y - 1, p] - work.alive[n * places + p]
                _sell(c, y, count, places, given, work, out.sales)
                _spread(c, y + ages - 1, count, driven, worn, places, given, work)
            _add_rows(work.alive, work.alive_rows, y, survival, ages - 1, ages, 0, own)
            if given.old_slot[c] > y + ages - 1:  # the youngest are old too
                for n in range(count):
                    for p in range(places):
                        out.old[c, work.active[n], y, p] = work.alive[n * places + p]
            _add_standards(y, first, places, given, survival, work)
            _add_rows(work.km, work.alive_rows, y, work.driving, first, ages, 0, own)
            _add_rows(work.driven, work.driven_rows, y, work.driving, first, ages, 0, driven * places)
            _add_rows(work.worn, work.worn_rows, y, work.wearing, first, ages, 0, worn * places)
            _write(c, y, count, driven, worn, places, work, out)
