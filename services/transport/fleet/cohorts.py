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
    """What the kernel returns; pairs that never have a vehicle keep their zeros."""

    stock: FloatArray  # [c, k, y, p] vehicles at year end
    sales: FloatArray  # in year 0 those of age 0
    scrapped: FloatArray  # early or not
    retired: FloatArray  # of those scrapped, early
    old: FloatArray  # of the stock, slots before old_slot
    use: FloatArray  # [3 + q, c, k, y, p] km, GJ, MWh, g of each pollutant
    standard_stock: FloatArray  # [group, s, c, y, p] vehicles at year end


class Work(NamedTuple):
    """Rows and sums of one class; filled anew for each."""

    alive_rows: FloatArray  # [slot, k p]
    standard_rows: FloatArray  # [slot, group s p]
    driven_rows: FloatArray  # [slot, (2 + q) k p]
    worn_rows: FloatArray  # [slot, q k p]
    driving: FloatArray  # [a]
    wearing: FloatArray  # [a]
    alive: FloatArray  # [k p]
    by_standard: FloatArray  # [group s p]
    km: FloatArray  # [k p]
    driven: FloatArray  # [(2 + q) k p]
    worn: FloatArray  # [q k p]
    lost: FloatArray  # [k p]
    keep: FloatArray  # [k p]
    keep_driven: FloatArray  # [(2 + q) k p]
    keep_worn: FloatArray  # [q k p]
    active: Integers  # [k]
    column: Integers  # [(2 + q) k, 2]
    rise_column: Integers  # [q k, 2]
    standard_slots: Integers  # [group, s, 2]


def run_cohorts(given: Cohorts) -> Results:
    """Project a fleet; the arrays are as `Cohorts` says."""
    work, out = arrays_for(given)
    project_cohorts(sealed(given), work, out)
    return out


def sealed(given: Cohorts) -> Cohorts:
    """The same arrays, contiguous and read-only: one compiled kernel serves every caller."""
    views: list[Any] = []
    for values in given:
        view = np.ascontiguousarray(values).view()
        view.flags.writeable = False
        views.append(view)
    return Cohorts(*views)


def arrays_for(given: Cohorts) -> tuple[Work, Results]:
    """Empty work and zeroed results."""
    classes, powertrains, years, places = given.share.shape
    ages, (pollutants, _, _, slots) = given.survival.shape[1], given.exhaust.shape
    standards = given.standard_share.shape[3]
    pairs = powertrains * places
    groups = max(int(given.group_of.max()) + 1, _GROUPS)
    wide, causes = groups * standards * places, EXHAUST + pollutants
    work = Work(
        np.empty((slots, pairs)),
        np.empty((slots, wide)),
        np.empty((slots, causes * pairs)),
        np.empty((slots, pollutants * pairs)),
        np.empty(ages),
        np.empty(ages),
        np.empty(pairs),
        np.empty(wide),
        np.empty(pairs),
        np.empty(causes * pairs),
        np.empty(pollutants * pairs),
        np.empty(pairs),
        np.empty(pairs),
        np.empty(causes * pairs),
        np.empty(pollutants * pairs),
        np.empty(powertrains, dtype=np.int64),
        np.empty((causes * powertrains, 2), dtype=np.int64),
        np.empty((pollutants * powertrains, 2), dtype=np.int64),
        np.empty((groups, standards, 2), dtype=np.int64),
    )
    shape = (classes, powertrains, years, places)
    out = Results(
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros((1 + causes, *shape)),
        np.zeros((groups, standards, classes, years, places)),
    )
    return work, out


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
