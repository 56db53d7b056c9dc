"""Kernel of the vehicle cohorts: sales by vintage, an age window that slides, nothing is shifted."""

from numba import njit


@njit(nogil=True, cache=True)
def _use(y, ages, own, survival, distance_km, fuel_gj_per_km, electric_mwh_per_km, old_slot, use):
    """Distance, energy and old stock of one class, powertrain and year into use [4, y]."""
    km = 0.0
    fuel = 0.0
    electric = 0.0
    for i in range(ages):
        driven = own[y + i] * distance_km[i]
        km += driven
        fuel += driven * fuel_gj_per_km[y + i]
        electric += driven * electric_mwh_per_km[y + i]
    use[0, y] = km
    use[1, y] = fuel
    use[2, y] = electric
    old = 0.0
    for slot in range(y, min(old_slot, y + ages)):
        old += own[slot] * survival[slot - y]
    use[3, y] = old


@njit(nogil=True, cache=True)
def project_cohorts(
    survival,
    distance_km,
    target,
    share,
    retire,
    fuel_gj_per_km,
    electric_mwh_per_km,
    old_slots,
    vintages,
    trade_in_age,
    stock,
    sales,
    scrapped,
    use,
):
    """Stock, sales, scrappage, distance and energy of every place, class, powertrain and year.

    survival, distance_km [c, a]: share of a vintage alive, and km a year, by age, oldest first (age a_max - 1 - i).
    target [p, c, y]: stock wanted at year end. share [p, c, k, y]: powertrains of sales, summing to 1 over k.
    retire [p, c, k, y, 2]: share of survivors retired early in year y: vintages before slot old_slots[c], and
    vintages sold trade_in_age years ago and more. fuel_gj_per_km, electric_mwh_per_km [p, c, k, slot].
    vintages [p, c, k, slot]: vehicles sold by slot, slot = model year - first year + a_max - 1; the slots of the
    opening stock are filled by the caller as stock over survival, the others are written here.
    -> stock, sales, scrapped [p, c, k, y]; use [p, c, k, 4, y]: distance km, fuel GJ, electricity MWh, old stock.

        stock[y] = sum_i vintages[y + i] survival[i];   sales[y] = max(target[y] - survivors, 0)
        scrapped[y] = stock[y-1] + sales[y] - stock[y]
    """
    places, classes, powertrains, years = stock.shape
    ages = survival.shape[1]
    for p in range(places):
        for c in range(classes):
            for k in range(powertrains):
                own = vintages[p, c, k]
                before = 0.0
                now = 0.0
                for i in range(ages - 1):
                    before += own[i] * survival[c, i + 1]
                    now += own[i] * survival[c, i]
                new = own[ages - 1] * survival[c, ages - 1]
                stock[p, c, k, 0] = now + new
                sales[p, c, k, 0] = new
                scrapped[p, c, k, 0] = before - now
                _use(
                    0,
                    ages,
                    own,
                    survival[c],
                    distance_km[c],
                    fuel_gj_per_km[p, c, k],
                    electric_mwh_per_km[p, c, k],
                    old_slots[c],
                    use[p, c, k],
                )
            for y in range(1, years):
                survivors = 0.0
                for k in range(powertrains):
                    own = vintages[p, c, k]
                    keep = 1.0 - retire[p, c, k, y, 0]
                    if keep < 1.0:
                        for slot in range(y, min(old_slots[c], y + ages - 1)):
                            own[slot] *= keep
                    keep = 1.0 - retire[p, c, k, y, 1]
                    if keep < 1.0:
                        for slot in range(y, y + ages - max(trade_in_age, 1)):
                            own[slot] *= keep
                    alive = 0.0
                    for i in range(ages - 1):
                        alive += own[y + i] * survival[c, i]
                    stock[p, c, k, y] = alive
                    survivors += alive
                wanted = max(target[p, c, y] - survivors, 0.0) / survival[c, ages - 1]
                for k in range(powertrains):
                    vintages[p, c, k, y + ages - 1] = wanted * share[p, c, k, y]
                    new = wanted * share[p, c, k, y] * survival[c, ages - 1]
                    sales[p, c, k, y] = new
                    stock[p, c, k, y] += new
                    scrapped[p, c, k, y] = stock[p, c, k, y - 1] + new - stock[p, c, k, y]
                    # what is alive now was not yet retired early by later years: use it before they begin
                    _use(
                        y,
                        ages,
                        vintages[p, c, k],
                        survival[c],
                        distance_km[c],
                        fuel_gj_per_km[p, c, k],
                        electric_mwh_per_km[p, c, k],
                        old_slots[c],
                        use[p, c, k],
                    )
