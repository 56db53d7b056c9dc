"""Arrays of the cohort kernel: what it is given, where it works, what it returns; places run last."""

from typing import Any, NamedTuple

import numpy as np

from services.common.arrays import FloatArray
from services.transport.fleet.kernels import EXHAUST, project_cohorts

Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Integers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
_GROUPS = 2  # at least
_UNSEEN = 2.0**-53


class Cohorts(NamedTuple):
    """What a fleet is projected from. Ages oldest first; slots are model years; see `kernels.project_cohorts`."""

    survival: FloatArray  # [c, a] share of a model year alive, 1 at age 0, never rising with age
    distance_km: FloatArray  # [c, a] km a year of a vehicle
    wear_years: FloatArray  # [a] years in which exhaust rose
    opening: FloatArray  # [c, k, a, p] vehicles at the end of year 0; none where survival is 0
    wanted: FloatArray  # [c, y, p] vehicles wanted at year end; sold in the year where sales_given
    sales_given: Bools  # [c]
    share: FloatArray  # [c, k, y, p] powertrains of sales, summing to 1 over k
    rate: FloatArray  # [n, y, p] share of survivors that programme n retires
    holds: Bools  # [n, c, k] whom it holds for
    last_slot: Integers  # [n, c] last model year it holds for
    youngest_age: Integers  # [n] years; at least 1
    fuel: FloatArray  # [c, k, slot, p] GJ per km
    electric: FloatArray  # [c, k, slot, p] MWh per km
    exhaust: FloatArray  # [q, c, k, slot] g per km when new
    rise: FloatArray  # [q, c, k, slot] g per km and year of wear
    plug_in: Bools  # [k] whose exhaust holds for a share of the distance only
    fuel_km_share: FloatArray  # [c, slot, p] that share
    standard_share: FloatArray  # [c, k, slot, s] emission standards of a model year, summing to 1 over s
    standard_slots: Integers  # [c, k, s, 2] first and last slot of a standard (`standard_range`)
    group_of: Integers  # [k] group of the stock by standard, from 0 on
    old_slot: Integers  # [c] slots before it are counted as old


class Results(NamedTuple):
    """What the kernel returns; pairs that never have a vehicle have zeros."""

    stock: FloatArray  # [c, k, y, p] vehicles at year end
    sales: FloatArray  # in year 0 those of age 0
    scrapped: FloatArray  # early or not
    retired: FloatArray  # of those scrapped, early
    old: FloatArray  # of the stock, slots before old_slot
    use: FloatArray  # [3 + q, c, k, y, p] km, GJ, MWh, g of each pollutant
    standard_stock: FloatArray  # [group, s, c, y, p] vehicles at year end


class Sums(NamedTuple):
    """What the kernel writes, in its own order: all of a class and year lie together."""

    stock: FloatArray  # [c, y, k, p]
    sales: FloatArray
    scrapped: FloatArray
    retired: FloatArray
    old: FloatArray
    use: FloatArray  # [3 + q, c, y, k, p]
    standard_stock: FloatArray  # [c, y, group, s, p]


class Work(NamedTuple):
    """Rows and sums of one class, filled anew for each; names that end in _at are views with an axis of places."""

    alive_space: FloatArray  # slot k p values; rows without gaps
    driven_space: FloatArray  # slot (2 + q) k p
    worn_space: FloatArray  # slot q k p
    driving: FloatArray  # [a]
    wearing: FloatArray  # [a]
    alive: FloatArray  # [k p]
    alive_at: FloatArray  # [k, p]
    km: FloatArray  # [k p]
    km_at: FloatArray
    driven: FloatArray  # [(2 + q) k p]
    driven_sum_at: FloatArray
    worn: FloatArray  # [q k p]
    worn_sum_at: FloatArray
    lost: FloatArray  # [k p]
    lost_at: FloatArray
    keep: FloatArray  # [k p]
    keep_at: FloatArray
    keep_driven: FloatArray  # [(2 + q) k p]
    keep_driven_at: FloatArray
    keep_worn: FloatArray  # [q k p]
    keep_worn_at: FloatArray
    missing: FloatArray  # [p]
    survivors: FloatArray  # [p]
    active: Integers  # [k]
    column: Integers  # [(2 + q) k, 2]
    rise_column: Integers  # [q k, 2]


def run_cohorts(given: Cohorts) -> Results:
    """Project a fleet; the arrays are as `Cohorts` says."""
    work, sums = arrays_for(given)
    project_cohorts(sealed(given), work, sums)
    by_class = [values.transpose(0, 2, 1, 3) for values in sums[:5]]
    use, standards = sums.use.transpose(0, 1, 3, 2, 4), sums.standard_stock.transpose(2, 3, 0, 1, 4)
    stock, sales, scrapped, retired, old = by_class
    return Results(stock, sales, scrapped, retired, old, use, standards)


def sealed(given: Cohorts) -> Cohorts:
    """The same arrays, contiguous and read-only: one compiled kernel serves every caller."""
    views: list[Any] = []
    for values in given:
        view = np.ascontiguousarray(values).view()
        view.flags.writeable = False
        views.append(view)
    return Cohorts(*views)


def arrays_for(given: Cohorts) -> tuple[Work, Sums]:
    """Work and sums for the kernel to fill."""
    classes, kinds, years, places = given.share.shape
    ages, (pollutants, _, _, slots) = given.survival.shape[1], given.exhaust.shape
    standards = given.standard_share.shape[3]
    groups = max(int(given.group_of.max()) + 1, _GROUPS)
    driven, worn = (EXHAUST + pollutants) * kinds, pollutants * kinds

    def with_view(*shape: int) -> tuple[FloatArray, FloatArray]:
        values = np.empty((*shape, places))
        return values.reshape(*shape[:-1], shape[-1] * places), values

    work = Work(
        np.empty(slots * kinds * places),
        np.empty(slots * driven * places),
        np.empty(slots * worn * places),
        np.empty(ages),
        np.empty(ages),
        *with_view(kinds),
        *with_view(kinds),
        *with_view(driven),
        *with_view(worn),
        *with_view(kinds),
        *with_view(kinds),
        *with_view(driven),
        *with_view(worn),
        np.empty(places),
        np.empty(places),
        np.empty(kinds, dtype=np.int64),
        np.empty((driven, 2), dtype=np.int64),
        np.empty((worn, 2), dtype=np.int64),
    )
    shape = (classes, years, kinds, places)
    sums = Sums(
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty((1 + EXHAUST + pollutants, *shape)),
        np.empty((classes, years, groups, standards, places)),
    )
    return work, sums


def standard_range(standard_share: FloatArray) -> Integers:
    """First and last slot in which a standard was sold, [c, k, s, 2]; first > last where it never was."""
    sold = standard_share > 0.0
    slots = sold.shape[2]
    first = np.where(sold.any(axis=2), sold.argmax(axis=2), slots)
    last = np.where(sold.any(axis=2), slots - 1 - sold[:, :, ::-1].argmax(axis=2), -1)
    return np.stack([first, last], axis=-1).astype(np.int64)


def seen(survival: FloatArray) -> FloatArray:
    """Survival with 0 where it is below 2^-53: such vehicles change no digit of a stock, and the window ends there."""
    cut: FloatArray = np.where(survival < _UNSEEN, 0.0, survival)
    return cut
