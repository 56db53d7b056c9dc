"""What the stock tells by the time of its completion: made when somebody asks, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.buildings.base import FACTORY, FAMILIES, PUBLIC, PUBLIC_TYPES, TYPES, StockBase
from services.buildings.stock_kernels import by_place, sum_completions, sum_vintages
from services.buildings.stock_life import LIFE_CLASS, Lives
from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.recording import kept

VECTOR = 16  # places that the kernels carry side by side
_PLAN_YEARS = 5  # completions after the base year are told by five-year plan
Periods = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, eq=False)
class Vintages:
    """Floor of a scenario by vintage, m2, from its lives and what it completes."""

    base: StockBase
    paths: LeverPaths
    life: Lives
    life_of: IntArray  # [p] -> u, places padded
    completed: FloatArray  # [y, q] as the kernels hold it

    @cached_property
    def later_m2(self) -> FloatArray:
        """Still standing of all completed after the base year, [p, t, y]."""
        return np.asarray(self._still_standing(())[0])

    @cached_property
    def prefabricated_m2(self) -> FloatArray:
        """Completions that are prefabricated, [p, t, y]."""
        return np.asarray(self._prefabricated * self._completed_m2)

    @cached_property
    def two_star_m2(self) -> FloatArray:
        """Completions rated two stars or above, [p, t, y]."""
        return np.asarray(self._two_star * self._completed_m2)

    @property
    def prefabricated_stock_m2(self) -> FloatArray:
        """Still standing of the prefabricated completions after the base year, [p, t, y]."""
        return np.asarray(self._marked[1])

    @property
    def two_star_stock_m2(self) -> FloatArray:
        """Still standing of the completions after the base year that have two stars or more, [p, t, y]."""
        return np.asarray(self._marked[2])

    @cached_property
    def floor_years_m2(self) -> FloatArray:
        """Area times its age, m2 yr [p, t, y]."""
        return self._by_age(0)[1]

    @cached_property
    def period_m2(self) -> FloatArray:
        """By period of completion, [p, t, k, y]."""
        return self._by_age(1 + int(_periods(self.base, self.paths.years[-1])[1].max()))[0]

    @property
    def periods(self) -> Periods:
        """First and last year of each period, by type."""
        return _periods(self.base, self.paths.years[-1])[0]

    @cached_property
    def _completed_m2(self) -> FloatArray:
        return of_places(self.completed[None], len(self.base.population))[:, :, 0]

    @cached_property
    def _prefabricated(self) -> FloatArray:
        """Share of completions, [p, t, y].

        Prefabrication is decided at the start of building, so completions follow the share of starts by the time of
        construction.
        """
        starts = self.paths.by_place("buildings.prefabricated_share_new_starts")
        places, years = starts.shape
        lag = int(self.base.region.number("buildings/stock", "start_to_completion_years"))
        shares = np.zeros((places, len(TYPES), years))
        shares[:, :FACTORY] = starts[:, None, np.maximum(np.arange(years) - lag, 0)]
        return shares

    @cached_property
    def _two_star(self) -> FloatArray:
        """Share of completions, [p, t, y]: asked of government-invested public buildings."""
        stars = self.paths.by_place("buildings.two_star_share_new_government_public")
        shares = np.zeros((len(stars), len(TYPES), stars.shape[1]))
        shares[:, PUBLIC] = government_share(self.base)[:, None] * stars[:, None]
        return shares

    @cached_property
    def _marked(self) -> FloatArray:
        return self._still_standing((self._prefabricated, self._two_star))

    def _still_standing(self, shares: Sequence[FloatArray]) -> FloatArray:
        """Of all completed after the base year, and of those that carry marks, [1 + a, p, t, y]."""
        marks = np.zeros((len(shares), *self.completed.shape))
        for a, share in enumerate(shares):
            marks[a] = types_and_places(share.transpose(0, 2, 1))
        out = np.zeros((1 + len(shares), *self.completed.shape))
        life = self.life
        sum_completions(
            life.survival,
            life.new_survival,
            life.hazard_ratio,
            LIFE_CLASS,
            self.life_of,
            self.completed,
            _PLAN_YEARS,
            marks,
            out[0],
            out[1:],
        )
        return np.ascontiguousarray(np.moveaxis(of_places(out, len(self.base.population)), 2, 0))

    def _by_age(self, periods: int) -> tuple[FloatArray, FloatArray]:
        """Area by period of completion, [p, t, k, y], as many as asked, and area times age, [p, t, y]."""
        life, places = self.life, len(self.base.population)
        years, wide = self.completed.shape
        by_period, floor_years = np.zeros((years, periods, wide)), np.zeros((years, wide))
        sum_vintages(
            _opening_vintages(self.base),
            life.survival,
            life.new_survival,
            life.hazard_ratio,
            LIFE_CLASS,
            self.life_of,
            self.completed,
            _periods(self.base, self.paths.years[-1])[1],
            by_period,
            floor_years,
        )
        told = of_places(np.ascontiguousarray(by_period.transpose(1, 0, 2)), places)
        return told, of_places(floor_years[None], places)[:, :, 0]


def side_by_side(values: FloatArray) -> FloatArray:
    """Values [p, ...] with the places last, and empty ones after them up to whole vectors, [..., p]."""
    places = len(values)
    out = np.zeros((*values.shape[1:], -(-places // VECTOR) * VECTOR))
    out[..., :places] = np.moveaxis(values, 0, -1)
    return out


def types_and_places(values: FloatArray) -> FloatArray:
    """Values [p, ..., t] with types and padded places as one last axis, [..., q]."""
    wide = side_by_side(values)
    return wide.reshape(*wide.shape[:-2], -1)


def of_places(values: FloatArray, places: int) -> FloatArray:
    """Values [a, y, q] of the kernels as [p, t, a, y]."""
    out = np.empty((places, len(TYPES), *values.shape[:2]))
    by_place(values, out)
    return out


@kept(maxsize=16)
def government_share(base: StockBase) -> FloatArray:
    """Government-invested share of public floor by public type."""
    rows = base.region.table("buildings/public_types").by("building_type")
    return np.array([rows[t]["government_share"] for t in PUBLIC_TYPES])


@kept(maxsize=16)
def _opening_vintages(base: StockBase) -> FloatArray:
    """The base stock by vintage, [v, q]."""
    return np.asarray(types_and_places(base.area_m2.transpose(0, 3, 2, 1)).sum(axis=0))


@kept(maxsize=32)
def _periods(base: StockBase, last_year: int) -> tuple[Periods, IntArray]:
    """Periods of completion by type, and the period of each vintage, [t, v]: those of the base stock, then plans."""
    rows = base.region.table("buildings/stock_vintages").rows()
    plans = [
        (first, min(first + _PLAN_YEARS - 1, last_year))
        for first in range(BASE_YEAR + 1, last_year + 1, _PLAN_YEARS)
    ]
    per_type = tuple(
        (*sorted((r["year_from"], r["year_to"]) for r in rows if r["family"] == family), *plans)
        for family in FAMILIES
    )
    index = np.zeros((len(TYPES), last_year - base.first_vintage + 1), dtype=np.int32)
    for t, periods in enumerate(per_type):
        for k, (first, last) in enumerate(periods):
            index[t, max(first - base.first_vintage, 0) : last - base.first_vintage + 1] = k
    index.flags.writeable = False
    return per_type, index
