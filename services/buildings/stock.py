"""Projection of the stock: demand for floor area, survival, completions by standard, retrofit."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services.buildings.base import (
    FACTORY,
    FAMILIES,
    PUBLIC,
    RURAL,
    START,
    TYPES,
    URBAN,
    StockBase,
)
from services.buildings.states import SAVING_50, SAVING_65, SAVING_75, STATES, ULTRA_LOW
from services.buildings.stock_kernels import turn_over
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.economy import gdp_by_place, population_by_place
from services.common.levers import LeverPaths
from services.common.regions import Region, load_region
from services.common.units import M2_PER_MM2

_RESIDENTIAL_GROUP, _PUBLIC_GROUP = 0, 1


@dataclass(frozen=True)
class Stock:
    """Floor area from the base year on, m2."""

    area_m2: FloatArray  # [p, t, e, y], year end
    demand_m2: FloatArray  # [p, t, y]
    completed_m2: FloatArray  # [p, t, y]
    demolished_m2: FloatArray
    retrofitted_m2: FloatArray
    urban_population: FloatArray  # [p, y] persons
    rural_population: FloatArray

    @property
    def type_m2(self) -> FloatArray:
        """By type, [p, t, y]."""
        return np.asarray(self.area_m2.sum(axis=2))

    @property
    def used_share(self) -> FloatArray:
        """Share of each type's floor that is in demand, [p, t, y]; the rest is vacant."""
        total = self.type_m2
        return np.asarray(np.minimum(self.demand_m2 / np.maximum(total, 1.0), 1.0))


def turn_over_stock(base: StockBase, paths: LeverPaths) -> Stock:
    """Project the stock on the paths' years (from the base year)."""
    region, years = base.region, len(paths.years)
    urban, rural = populations(base, paths)
    demand = _demand(base, paths, urban, rural)
    places, types = demand.shape[:2]
    first_new = BASE_YEAR - base.first_vintage + 1
    area = np.zeros((places, types, first_new + years - 1, len(STATES)))
    area[:, :, :first_new] = base.area_m2
    survival, backward = _old_survival(region.region_id, base.first_vintage)
    stock = np.zeros((places, types, len(STATES), years))
    stock[..., 0] = base.state_area_m2
    completed, demolished, retrofitted = (np.zeros((places, types, years)) for _ in range(3))
    completed[..., 0] = base.area_m2[:, :, -1].sum(axis=2)
    demolished[..., 0] = (base.area_m2[:, :, :-1].sum(axis=3) * backward[:, :-1]).sum(axis=2)
    deep, medium = (paths.by_place(f"buildings.retrofit_{k}_share") for k in ("deep", "medium"))
    step = region.number(START, "retrofit_light_step_share")
    turn_over(
        area,
        np.ascontiguousarray(survival[:, :, :years]),
        _new_survival(region, paths),
        demand,
        _new_mix(region, paths, base),
        _groups(),
        _retrofit_m2(paths),
        np.ascontiguousarray(medium + step * (1 - medium - deep)),
        np.ascontiguousarray(deep),
        SAVING_75,
        int(region.number(START, "retrofit_least_age_years")),
        region.number(START, "least_new_share"),
        first_new,
        first_new - 1,
        np.zeros((places, types)),
        stock,
        completed,
        demolished,
        retrofitted,
    )
    return Stock(stock, demand, completed, demolished, retrofitted, urban, rural)


def populations(base: StockBase, paths: LeverPaths) -> tuple[FloatArray, FloatArray]:
    """Urban and rural residents, persons [p, y]: cities move along one logistic shift that meets the region's share."""
    people = population_by_place(base.region, paths)
    target = paths.path("drivers.urbanization_share")
    start = np.log(base.urban_share / (1 - base.urban_share))[:, None]
    shift = np.zeros(len(target))
    for _ in range(30):
        share = 1 / (1 + np.exp(-(start + shift)))
        miss = (people * share).sum(axis=0) / people.sum(axis=0) - target
        shift = shift - miss / ((people * share * (1 - share)).sum(axis=0) / people.sum(axis=0))
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


def _groups() -> FloatArray:
    group = np.full(len(TYPES), -1.0)
    group[URBAN] = _RESIDENTIAL_GROUP
    group[PUBLIC] = _PUBLIC_GROUP
    return group


def _retrofit_m2(paths: LeverPaths) -> FloatArray:
    names = ("residential", "public")
    return np.array([paths.path(f"buildings.retrofit_area_{n}") * M2_PER_MM2 for n in names])


def _new_mix(region: Region, paths: LeverPaths, base: StockBase) -> FloatArray:
    """Standard of completions as built, [p, t, y, g]; what misses its standard counts one generation lower."""
    years = paths.years
    ultra = paths.by_place("buildings.ultra_low_energy_share_new")
    kept = paths.by_place("buildings.as_built_compliance")
    upper = np.zeros((len(TYPES), *ultra.shape))
    upper[URBAN] = paths.by_place("buildings.new_urban_residential_75_share")
    upper[PUBLIC] = region.leaf(START, "new_public_72_share").path(years)
    rural_65 = region.leaf(START, "new_rural_65_share").path(years)
    mix = np.zeros((ultra.shape[0], len(TYPES), len(years), len(STATES)))
    for t in range(len(TYPES) - 1):
        by_law = 1 - (0 if t == RURAL else ultra)
        best = rural_65 * np.ones_like(ultra) if t == RURAL else upper[t]
        top = SAVING_65 if t == RURAL else SAVING_75
        mix[:, t, :, top] = by_law * best * kept
        mix[:, t, :, top - 1] = by_law * (best * (1 - kept) + (1 - best) * kept)
        mix[:, t, :, SAVING_50 if top == SAVING_75 else 0] += by_law * (1 - best) * (1 - kept)
        mix[:, t, :, ULTRA_LOW] += 1 - by_law
    mix[:, FACTORY, :, 0] = 1.0
    return mix


@lru_cache(maxsize=8)
def _old_survival(region_id: str, first_vintage: int) -> tuple[FloatArray, FloatArray]:
    """Yearly survival of the base stock, [t, v, y], and area lost in the base year per area left, [t, v]."""
    region = load_region(region_id)
    vintages = np.arange(first_vintage, BASE_YEAR + 1, dtype=np.float64)
    ages = np.arange(BASE_YEAR - 1, LAST_YEAR + 1)[None, :] - vintages[:, None]
    survival = np.ones((len(TYPES), len(vintages), LAST_YEAR - BASE_YEAR + 1))
    backward = np.zeros((len(TYPES), len(vintages)))
    for t, family in enumerate(FAMILIES):
        mean, shape = _old_life(region, family, vintages)
        scale = mean / np.array([math.gamma(1 + 1 / k) for k in shape])
        left = np.exp(-((np.maximum(ages, 0) / scale[:, None]) ** shape[:, None]))
        ratio = left[:, 1:] / left[:, :-1]
        survival[t, :, 1:] = ratio[:, 1:]
        backward[t] = 1 / ratio[:, 0] - 1
    return survival, backward


def _old_life(region: Region, family: str, vintages: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean life, yr, and Weibull shape of the base stock, [v]."""
    per = region.leaves(START)
    if family in ("rural", "factory"):
        life, shape = per[f"{family}_lifetime_years"], per["rural_weibull_shape"]
        return np.full(len(vintages), life.number()), np.full(len(vintages), shape.number())
    recent = vintages >= per["urban_recent_first_year"].number()
    return (
        np.where(
            recent, per["urban_recent_lifetime_years"].number(), per["urban_old_lifetime_years"].number()
        ),
        np.where(recent, per["urban_recent_weibull_shape"].number(), per["urban_old_weibull_shape"].number()),
    )


def _new_survival(region: Region, paths: LeverPaths) -> FloatArray:
    """Yearly survival of completions after the base year, [p, t, n, y]; life is that of the completion year."""
    years = np.array(paths.years)
    age = np.maximum(years[None, :] - years[1:, None], 0)  # [n, y]
    life = paths.by_place("buildings.mean_lifetime_new_urban")[:, 1:]
    shape = region.number(START, "urban_recent_weibull_shape")
    survival = np.ones((len(life), len(TYPES), len(years) - 1, len(years)))
    unique, index = np.unique(life, axis=0, return_inverse=True)
    urban = np.array([_yearly(age, row, shape) for row in unique])[index.ravel()]
    survival[:, URBAN] = urban
    survival[:, PUBLIC] = urban[:, None]
    shape = region.number(START, "rural_weibull_shape")
    for t, family in ((RURAL, "rural"), (FACTORY, "factory")):
        mean = np.full(len(years) - 1, region.number(START, f"{family}_lifetime_years"))
        survival[:, t] = _yearly(age, mean, shape)
    return survival


def _yearly(age: FloatArray, mean: FloatArray, shape: float) -> FloatArray:
    """S(age) / S(age - 1), [n, y]."""
    scale = (mean / math.gamma(1 + 1 / shape))[:, None]
    before = np.maximum(age - 1, 0)
    return np.asarray(np.exp((before / scale) ** shape - (age / scale) ** shape))
