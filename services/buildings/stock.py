"""Projection of the stock: demand for floor area, survival, completions by standard, retrofit."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.buildings.base import (
    FACTORY,
    PUBLIC,
    RURAL,
    START,
    TYPES,
    URBAN,
    StockBase,
)
from services.buildings.stock_kernels import sum_some_states, turn_over
from services.buildings.stock_life import LIFE_CLASS, base_year_losses, lives
from services.buildings.stock_retrofit import AFTER, asked_m2, depth_shares, groups, over_limit_share
from services.buildings.stock_standards import FAMILY, STANDARD_LEVERS, as_built, permitted
from services.buildings.stock_vintages import (
    Vintages,
    of_places,
    side_by_side,
    types_and_places,
)
from services.common.arrays import FloatArray, IntArray
from services.common.economy import gdp_by_place, population_by_place
from services.common.levers import LeverPaths
from services.common.recording import kept

# What the kernel tells of each place, type and year; names of Stock.
_FLOWS: Final = ("completed_m2", "demolished_m2", "retrofitted_m2")
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
    vintages: Vintages  # the same by time of completion

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

    @cached_property
    def public_used_m2(self) -> FloatArray:
        """Floor of public buildings that is in demand, [t of PUBLIC_TYPES, p, y]."""
        return np.asarray((self.type_m2[:, PUBLIC] * self.used_share[:, PUBLIC]).transpose(1, 0, 2))

    @property
    def retrofitted_by_depth_m2(self) -> FloatArray:
        """Area retrofitted in the year by depth, [d, p, t, y]."""
        return np.asarray(self.retrofit_depth_shares[:, :, None, :] * self.retrofitted_m2)


@dataclass(frozen=True, eq=False)
class _Opening:
    """The base stock as the kernel reads it."""

    area_m2: FloatArray  # [e, v, q]
    span: IntArray  # [t, e, 2] first vintage with area at any place and the one after the last; 0, 0 without any
    over: FloatArray  # [t] share of floor over its energy limit
    completed_m2: FloatArray  # [q] in the base year
    demolished_m2: FloatArray  # [q]


@kept(maxsize=16)
def _opening(base: StockBase) -> _Opening:
    held: NDArray[np.bool_] = np.asarray(np.greater(base.area_m2, 0).any(axis=0))
    there = held.transpose(0, 2, 1)
    last = there.shape[-1] - there[..., ::-1].argmax(axis=-1)
    span = np.stack([there.argmax(axis=-1), last], axis=-1)
    lost = base_year_losses(base.region, base.first_vintage)[:, :-1]
    return _Opening(
        types_and_places(base.area_m2.transpose(0, 3, 2, 1)),
        np.where(there.any(axis=-1, keepdims=True), span, 0).astype(np.int32),
        over_limit_share(base),
        types_and_places(base.area_m2[:, :, -1].sum(axis=2)),
        types_and_places((base.area_m2[:, :, :-1].sum(axis=3) * lost).sum(axis=2)),
    )


def turn_over_stock(base: StockBase, paths: LeverPaths) -> Stock:
    """Project the stock on the paths' years (from the base year)."""
    years = len(paths.years)
    urban, rural = populations(base, paths)
    demand = _demand(base, paths, urban, rural)
    opening = _opening(base)
    places, types = demand.shape[:2]
    states, first_new, wide = opening.area_m2.shape
    lanes = wide // types
    vintages = first_new + years - 1
    life = lives(base, paths, paths.by_place("buildings.demolition_ratio"))
    life_of = np.zeros(lanes, dtype=np.int32)
    life_of[:places] = life.of_place
    over = np.empty((len(AFTER), vintages, types, lanes))
    over[:] = opening.over[:, None]
    stock = np.zeros((states, years, wide))
    flows = np.zeros((len(_FLOWS), years, wide))
    completed, demolished, retrofitted = flows
    completed[0], demolished[0] = opening.completed_m2, opening.demolished_m2
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
        types_and_places(demand.transpose(0, 2, 1)),
        FAMILY,
        mix,
        base.region.number(START, "least_new_share"),
        groups(),
        life.open_to_retrofit,
        asked_m2(paths),
        side_by_side(depths.transpose(1, 0, 2)),
        AFTER,
        over.reshape(len(AFTER), vintages, wide),
        np.empty((states, vintages, wide)),
        stock,
        completed,
        demolished,
        retrofitted,
        shortfall,
    )
    told = {name: of_places(flow[None], places)[:, :, 0] for name, flow in zip(_FLOWS, flows, strict=True)}
    return Stock(
        area_m2=of_places(stock, places),
        demand_m2=demand,
        retrofit_depth_shares=depths,
        retrofit_shortfall_m2=shortfall,
        urban_population=urban,
        rural_population=rural,
        permitted_share=wanted,
        built_share=built,
        vintages=Vintages(base, paths, life, life_of, completed),
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
