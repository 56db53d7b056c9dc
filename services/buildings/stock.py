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
from services.buildings.stock_kernels import by_place, sum_some_states, turn_over
from services.buildings.stock_life import LIFE_CLASS, LIFE_CLASSES, base_year_losses, lives
from services.buildings.stock_retrofit import AFTER, asked_m2, depth_shares, groups, over_limit_share
from services.buildings.stock_standards import FAMILY, STANDARD_LEVERS, as_built, permitted
from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR
from services.common.economy import gdp_by_place, population_by_place
from services.common.levers import LeverPaths
from services.common.recording import kept

_PLAN_YEARS = 5  # completions after the base year are told by five-year plan
_MARKS: Final = ("prefabricated", "two_star")
_VECTOR: Final = 16  # places that the kernel carries side by side
# What the kernel and its marks tell of each place, type and year; names of Stock.
_FLOWS: Final = (
    "completed_m2",
    "demolished_m2",
    "retrofitted_m2",
    "floor_years_m2",
    "later_m2",
    "prefabricated_stock_m2",
    "two_star_stock_m2",
    "prefabricated_m2",
    "two_star_m2",
)
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
    later_m2: FloatArray  # [p, t, y] still standing of all completed after the base year

    @cached_property
    def type_m2(self) -> FloatArray:
        """By type, [p, t, y]."""
        return np.asarray(self.area_m2.sum(axis=2))

    def civil_m2(self, states: range) -> FloatArray:
        """Floor of dwellings and public buildings in some envelope states, [p, y]."""
        out = np.empty((len(self.area_m2), self.area_m2.shape[-1]))
        sum_some_states(self.area_m2, FACTORY, states.start, states.stop, out)
        return out

    @cached_property
    def used_share(self) -> FloatArray:
        """Share of each type's floor that is in demand, [p, t, y]; the rest is vacant."""
        total = self.type_m2
        return np.asarray(np.minimum(self.demand_m2 / np.maximum(total, 1.0), 1.0))

    @property
    def retrofitted_by_depth_m2(self) -> FloatArray:
        """Area retrofitted in the year by depth, [d, p, t, y]."""
        return np.asarray(self.retrofit_depth_shares[:, :, None, :] * self.retrofitted_m2)


@dataclass(frozen=True, eq=False)
class _Opening:
    """The base stock as the kernel reads it, places last and padded to whole vectors."""

    area_m2: FloatArray  # [t, e, v, p]
    span: IntArray  # [t, e, 2] first vintage with area at any place and the one after the last; 0, 0 without any
    over: FloatArray  # [t] share of floor over its energy limit
    completed_m2: FloatArray  # [t, p] in the base year
    demolished_m2: FloatArray  # [t, p]


@kept(maxsize=16)
def _opening(base: StockBase) -> _Opening:
    area = side_by_side(base.area_m2.transpose(0, 1, 3, 2))
    there: NDArray[np.bool_] = np.asarray(np.greater(area, 0).any(axis=-1))
    last = area.shape[2] - there[..., ::-1].argmax(axis=-1)
    span = np.stack([there.argmax(axis=-1), last], axis=-1)
    lost = base_year_losses(base.region, base.first_vintage)[:, :-1]
    return _Opening(
        area,
        np.where(there.any(axis=-1, keepdims=True), span, 0).astype(np.int32),
        over_limit_share(base),
        side_by_side(base.area_m2[:, :, -1].sum(axis=2)),
        side_by_side((base.area_m2[:, :, :-1].sum(axis=3) * lost).sum(axis=2)),
    )


def side_by_side(values: FloatArray) -> FloatArray:
    """Values [p, ...] with the places last, and empty ones after them up to whole vectors, [..., p]."""
    places = len(values)
    out = np.zeros((*values.shape[1:], -(-places // _VECTOR) * _VECTOR))
    out[..., :places] = np.moveaxis(values, 0, -1)
    return out


def turn_over_stock(base: StockBase, paths: LeverPaths) -> Stock:
    """Project the stock on the paths' years (from the base year)."""
    years = len(paths.years)
    urban, rural = populations(base, paths)
    demand = _demand(base, paths, urban, rural)
    opening = _opening(base)
    places, types = demand.shape[:2]
    states, first_new, lanes = opening.area_m2.shape[1:]
    vintages = first_new + years - 1
    life = lives(base, paths, paths.by_place("buildings.demolition_ratio"))
    life_of = np.zeros(lanes, dtype=np.int32)
    life_of[:places] = life.of_place
    periods, period = _periods(base, paths.years[-1])
    marks = _marks(base, paths, lanes)
    over = np.empty((types, len(AFTER), vintages, lanes))
    over[:] = opening.over[:, None, None, None]
    stock = np.zeros((types, states, years, lanes))
    by_period = np.zeros((types, int(period.max()) + 1, years, lanes))
    flows = np.zeros((len(_FLOWS), types, years, lanes))
    completed, demolished, retrofitted, floor_years, later, new = *flows[:5], flows[5:]
    marked, carrying = new[: len(_MARKS)], new[len(_MARKS) :]
    completed[:, 0], demolished[:, 0] = opening.completed_m2, opening.demolished_m2
    shortfall = np.zeros(years)
    wanted, built, mix = _standards(
        base, paths.years, *(paths.by_place(n).tobytes() for n in STANDARD_LEVERS)
    )
    depths = depth_shares(paths)
    turn_over(
        opening.area_m2,
        opening.span.copy(),
        LIFE_CLASS,
        life.survival,
        life.new_survival,
        life.hazard_ratio,
        life_of,
        side_by_side(demand),
        FAMILY,
        mix,
        base.region.number(START, "least_new_share"),
        groups(),
        life.open_to_retrofit,
        asked_m2(paths),
        side_by_side(depths.transpose(1, 0, 2)),
        AFTER,
        over,
        period,
        marks,
        np.empty((types, states, vintages, lanes)),
        np.empty((len(LIFE_CLASSES), vintages, lanes)),
        np.empty((len(LIFE_CLASSES), vintages, lanes)),
        np.empty((len(LIFE_CLASSES), vintages), dtype=np.int32),
        np.zeros((types, vintages, lanes)),
        np.empty((2, len(AFTER), 2, lanes)),
        np.empty((len(AFTER), 2, lanes)),
        np.empty((3, lanes)),
        stock,
        by_period,
        floor_years,
        marked,
        completed,
        demolished,
        retrofitted,
        shortfall,
    )
    for t, own in enumerate(periods):
        new_periods = [k for k, (first, _) in enumerate(own) if first > BASE_YEAR]
        if new_periods:
            later[t] = by_period[t, new_periods[0] : new_periods[-1] + 1].sum(axis=0)
    np.multiply(marks, completed, out=carrying)
    area_m2 = np.empty((1, places, types * states, years))
    by_place(stock.reshape(1, -1, years, lanes), area_m2)
    found = np.empty((len(flows), places, types, years))
    by_place(flows, found)
    told = dict(zip(_FLOWS, found, strict=True))
    return Stock(
        area_m2=area_m2.reshape(places, types, states, years),
        demand_m2=demand,
        retrofit_depth_shares=depths,
        retrofit_shortfall_m2=shortfall,
        urban_population=urban,
        rural_population=rural,
        permitted_share=wanted,
        built_share=built,
        period_m2=np.moveaxis(by_period[..., :places], -1, 0),
        periods=periods,
        **told,
    )


@kept(maxsize=32)
def _standards(
    base: StockBase, years: tuple[int, ...], *lever_bytes: bytes
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Standards of completions permitted and as built, [p, f, y, g], and the latter as the kernel reads them.

    From the bytes of the values [p, y] of STANDARD_LEVERS.
    """
    values = [np.frombuffer(b).reshape(-1, len(years)) for b in lever_bytes]
    wanted = permitted(base, years, *values[:3])
    built = as_built(base, values[3], wanted)
    found = wanted, built, side_by_side(built)
    for shares in found:
        shares.flags.writeable = False
    return found


def populations(base: StockBase, paths: LeverPaths) -> tuple[FloatArray, FloatArray]:
    """Urban and rural residents, persons [p, y]: cities move along one logistic shift that meets the region's share."""
    people = population_by_place(base.region, paths)
    target = paths.path("drivers.urbanization_share")
    start = np.log(base.urban_share / (1 - base.urban_share))[:, None]
    shift = np.zeros(len(target))
    total = people.sum(axis=0)
    for _ in range(_SHIFT_STEPS):
        share = 1 / (1 + np.exp(-(start + shift)))
        urban = people * share
        miss = urban.sum(axis=0) / total - target
        shift = shift - miss / ((urban * (1 - share)).sum(axis=0) / total)
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


def _marks(base: StockBase, paths: LeverPaths, lanes: int) -> FloatArray:
    """Share of completions that is prefabricated, and rated two stars or above, [a, t, y, p].

    Prefabrication is decided at the start of building, so completions follow the share of starts by the time of
    construction. Two stars are asked of government-invested public buildings.
    """
    starts = paths.by_place("buildings.prefabricated_share_new_starts")
    places, years = starts.shape
    lag = int(base.region.number(START, "start_to_completion_years"))
    year = np.maximum(np.arange(years) - lag, 0)
    marks = np.zeros((len(_MARKS), len(TYPES), years, lanes))
    marks[0, :FACTORY, :, :places] = starts.T[year]
    stars = paths.by_place("buildings.two_star_share_new_government_public")
    marks[1, PUBLIC, :, :places] = government_share(base)[:, None, None] * stars.T
    return marks


@kept(maxsize=16)
def government_share(base: StockBase) -> FloatArray:
    """Government-invested share of public floor by public type."""
    rows = base.region.table("buildings/public_types").by("building_type")
    return np.array([rows[t]["government_share"] for t in PUBLIC_TYPES])


@kept(maxsize=32)
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
    index.flags.writeable = False
    return per_type, index
