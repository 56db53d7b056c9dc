"""Projection of the stock: demand for floor area, survival, completions by standard, retrofit."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.buildings.base import (
    FACTORY,
    FAMILIES,
    PUBLIC,
    PUBLIC_TYPES,
    RURAL,
    START,
    TYPES,
    URBAN,
    StockBase,
)
from services.buildings.states import STATES
from services.buildings.stock_kernels import turn_over
from services.buildings.stock_life import LIFE_CLASS, LIFE_CLASSES, base_year_losses, lives
from services.buildings.stock_retrofit import AFTER, asked_m2, depth_shares, groups, over_limit_share
from services.buildings.stock_standards import FAMILY, as_built, permitted
from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR
from services.common.economy import gdp_by_place, population_by_place
from services.common.levers import LeverPaths

_PLAN_YEARS = 5  # completions after the base year are told by five-year plan
_MARKS: Final = ("prefabricated", "two_star")
_SHIFT_STEPS = 12  # the same for every horizon, so that results do not depend on it


@dataclass(frozen=True)
class Stock:
    """Floor area from the base year on, m2."""

    area_m2: FloatArray  # [p, t, e, y], year end
    demand_m2: FloatArray  # [p, t, y]
    completed_m2: FloatArray  # [p, t, y]
    demolished_m2: FloatArray
    retrofitted_m2: FloatArray
    retrofit_depth_shares: FloatArray  # [d, p, y] light, medium, deep
    retrofit_shortfall_m2: FloatArray  # [y] asked for in the region beyond what was eligible
    urban_population: FloatArray  # [p, y] persons
    rural_population: FloatArray
    permitted_share: FloatArray  # [p, f, y, g] standards of completions by law and levers, f of NEW_FAMILIES
    built_share: FloatArray  # [p, f, y, g] standards of completions as built
    period_m2: FloatArray  # [p, t, k, y] by period of completion
    floor_years_m2: FloatArray  # [p, t, y] area times its age, m2 yr
    periods: tuple[tuple[tuple[int, int], ...], ...]  # first and last year of each period, by type
    prefabricated_m2: FloatArray  # [p, t, y] completions
    two_star_m2: FloatArray  # [p, t, y] completions rated two stars or above
    prefabricated_stock_m2: FloatArray  # [p, t, y] still standing of those completed after the base year
    two_star_stock_m2: FloatArray  # [p, t, y]

    @cached_property
    def type_m2(self) -> FloatArray:
        """By type, [p, t, y]."""
        return np.asarray(self.area_m2.sum(axis=2))

    @cached_property
    def used_share(self) -> FloatArray:
        """Share of each type's floor that is in demand, [p, t, y]; the rest is vacant."""
        total = self.type_m2
        return np.asarray(np.minimum(self.demand_m2 / np.maximum(total, 1.0), 1.0))

    @property
    def retrofitted_by_depth_m2(self) -> FloatArray:
        """Area retrofitted in the year by depth, [d, p, t, y]."""
        return np.asarray(self.retrofit_depth_shares[:, :, None, :] * self.retrofitted_m2)


def turn_over_stock(base: StockBase, paths: LeverPaths) -> Stock:
    """Project the stock on the paths' years (from the base year)."""
    years = len(paths.years)
    urban, rural = populations(base, paths)
    demand = _demand(base, paths, urban, rural)
    places, types = demand.shape[:2]
    first_new = BASE_YEAR - base.first_vintage + 1
    vintages = first_new + years - 1
    area = np.zeros((places, types, len(STATES), vintages))
    area[..., :first_new] = base.area_m2.transpose(0, 1, 3, 2)
    ratio = paths.by_place("buildings.demolition_ratio")
    life = lives(base, paths, ratio)
    periods, period = _periods(base, paths.years[-1])
    marks = _marks(base, paths)
    over = np.empty((places, types, len(AFTER), vintages))
    over[:] = over_limit_share(base)[None, :, None, None]
    stock = np.zeros((places, types, len(STATES), years))
    stock[..., 0] = base.state_area_m2
    by_period = np.zeros((places, types, int(period.max()) + 1, years))
    floor_years = np.zeros((places, types, years))
    marked = np.zeros((len(_MARKS), places, types, years))
    completed, demolished, retrofitted = (np.zeros((places, types, years)) for _ in range(3))
    completed[..., 0] = base.area_m2[:, :, -1].sum(axis=2)
    lost = base_year_losses(base.region, base.first_vintage)[:, :-1]
    demolished[..., 0] = (base.area_m2[:, :, :-1].sum(axis=3) * lost).sum(axis=2)
    shortfall = np.zeros(years)
    wanted = permitted(base, paths)
    built = as_built(base, paths, wanted)
    depths = depth_shares(paths)
    turn_over(
        area,
        _spans(area[..., :first_new]),
        LIFE_CLASS,
        life.survival,
        life.new_survival,
        ratio,
        demand,
        FAMILY,
        built,
        base.region.number(START, "least_new_share"),
        groups(),
        life.open_to_retrofit,
        asked_m2(paths),
        depths,
        AFTER,
        over,
        period,
        np.ascontiguousarray(marks[..., 1:]),
        np.ones((len(LIFE_CLASSES), vintages)),
        np.zeros((places, types, vintages)),
        np.zeros((places, 2, len(AFTER), 2)),
        np.zeros((len(AFTER), 2)),
        stock,
        by_period,
        floor_years,
        marked,
        completed,
        demolished,
        retrofitted,
        shortfall,
    )
    return Stock(
        stock,
        demand,
        completed,
        demolished,
        retrofitted,
        depths,
        shortfall,
        urban,
        rural,
        wanted,
        built,
        by_period,
        floor_years,
        periods,
        marks[0] * completed,
        marks[1] * completed,
        *marked,
    )


def _spans(area: FloatArray) -> IntArray:
    """First vintage with area and the one after the last, [p, t, e, 2]; 0, 0 without any."""
    there: NDArray[np.bool_] = np.greater(area, 0)
    last = area.shape[-1] - there[..., ::-1].argmax(axis=-1)
    found = np.stack([there.argmax(axis=-1), last], axis=-1)
    return np.ascontiguousarray(np.where(there.any(axis=-1, keepdims=True), found, 0), dtype=np.int32)


def populations(base: StockBase, paths: LeverPaths) -> tuple[FloatArray, FloatArray]:
    """Urban and rural residents, persons [p, y]: cities move along one logistic shift that meets the region's share."""
    people = population_by_place(base.region, paths)
    target = paths.path("drivers.urbanization_share")
    start = np.log(base.urban_share / (1 - base.urban_share))[:, None]
    shift = np.zeros(len(target))
    total = people.sum(axis=0)
    for _ in range(_SHIFT_STEPS):
        share = 1 / (1 + np.exp(-(start + shift)))
        miss = (people * share).sum(axis=0) / total - target
        shift = shift - miss / ((people * share * (1 - share)).sum(axis=0) / total)
    share = 1 / (1 + np.exp(-(start + shift)))
    own = paths.by_place("drivers.urbanization_share")
    share = np.where(own != target, own, share)
    return people * share, people * (1 - share)


def _demand(base: StockBase, paths: LeverPaths, urban: FloatArray, rural: FloatArray) -> FloatArray:
    """Floor area wanted, m2 [p, t, y]: the base stock times the growth of its drivers."""
    start = base.type_area_m2[:, :, None]
    growth = np.ones((start.shape[0], len(TYPES), len(paths.years)))
    for t, people, lever in ((URBAN, urban, "urban"), (RURAL, rural, "rural")):
        wanted = people * paths.by_place(f"buildings.{lever}_residential_floor_per_person")
        growth[:, t] = wanted / wanted[:, :1]
    gdp = gdp_by_place(base.region, paths)
    secondary = paths.path("drivers.secondary_share")
    tertiary = 1 - secondary - paths.path("drivers.primary_share")

    def powered(value_added: FloatArray, name: str) -> FloatArray:
        return np.asarray((value_added / value_added[:, :1]) ** base.region.number(START, name))

    growth[:, PUBLIC] = powered(gdp * tertiary, "public_floor_elasticity")[:, None]
    growth[:, FACTORY] = powered(gdp * secondary, "factory_floor_elasticity")
    return np.ascontiguousarray(start * growth)


def _marks(base: StockBase, paths: LeverPaths) -> FloatArray:
    """Share of completions that is prefabricated, and rated two stars or above, [a, p, t, y].

    Prefabrication is decided at the start of building, so completions follow the share of starts by the time of
    construction. Two stars are asked of government-invested public buildings.
    """
    starts = paths.by_place("buildings.prefabricated_share_new_starts")
    lag = int(base.region.number(START, "start_to_completion_years"))
    year = np.maximum(np.arange(starts.shape[1]) - lag, 0)
    marks = np.zeros((len(_MARKS), len(starts), len(TYPES), starts.shape[1]))
    marks[0, :, :FACTORY] = starts[:, None, year]
    stars = paths.by_place("buildings.two_star_share_new_government_public")
    marks[1, :, PUBLIC] = government_share(base)[None, :, None] * stars[:, None]
    return marks


def government_share(base: StockBase) -> FloatArray:
    """Government-invested share of public floor by public type."""
    rows = base.region.table("buildings/public_types").by("building_type")
    return np.array([rows[t]["government_share"] for t in PUBLIC_TYPES])


def _periods(base: StockBase, last_year: int) -> tuple[tuple[tuple[tuple[int, int], ...], ...], IntArray]:
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
    return per_type, index
