"""Equipment over time: shares of heating systems, efficiency of units, penetration of what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.buildings.base import PUBLIC, RURAL, URBAN, StockBase
from services.buildings.demand import retrofit_packages
from services.buildings.states import DEPTHS, STATES
from services.buildings.stock import Stock
from services.buildings.stock_vintages import government_share
from services.buildings.system_kernels import mix_in, renew_units, turn_over_plant, weigh_states
from services.buildings.use import END_USES
from services.common.arrays import FloatArray
from services.common.errors import Violation
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.region_files import Leaf
from services.common.regions import Region
from services.common.scenario import Scenario

SEGMENTS: Final = ("urban", "rural", "public")
SYSTEMS: Final = ("split", "hydronic", "ground", "gas", "resistance", "network", "solid")
SPLIT, HYDRONIC, GROUND, GAS, RESISTANCE, NETWORK, SOLID = range(len(SYSTEMS))
_JOINED: Final = "buildings.district_heat_share_urban"
_SEGMENT_TYPES = (slice(URBAN, URBAN + 1), slice(RURAL, RURAL + 1), PUBLIC)
_SEGMENT_SPANS = tuple(
    np.array([getattr(t, end) for t in _SEGMENT_TYPES], dtype=np.int32) for end in ("start", "stop")
)


@kept(maxsize=8)
def figures(region: Region) -> Mapping[str, Leaf]:
    """Figures of end uses and their equipment by name."""
    return region.leaves(END_USES)


@kept(maxsize=256)
def figure_path(region: Region, name: str, years: tuple[int, ...]) -> FloatArray:
    """A figure of end uses in each year, [y]."""
    found = figures(region)[name].path(years)
    found.flags.writeable = False
    return found


@dataclass(frozen=True)
class Systems:
    """Shares by segment, place and year."""

    share: FloatArray  # [k, s, p, y] of heated floor by system of SYSTEMS; sums to 1 over k
    ground_cooled: FloatArray  # [s, p, y] of cooling from ground-source units
    unit_efficiency: FloatArray  # [p, y] air conditioners of the stock, 2020 = 1
    all_electric_public: FloatArray  # [p, y] share of public floor without fuel beyond the base year's
    saving: FloatArray  # [s, p, y] part saved by green buildings completed after the base year
    lighting_saving: FloatArray  # [s, p, y] part of lighting saved by lamps of retrofitted floor
    flexible_m2: FloatArray  # [p, y] public floor with PV, storage, direct current and flexible loads


def systems(base: StockBase, paths: LeverPaths, stock: Stock) -> Systems:
    """Systems of a scenario."""
    new = new_shares(stock)
    lever = paths.by_place
    electric, green = (
        lever("buildings.all_electric_share_new_public"),
        lever("buildings.green_building_share_new"),
    )
    stars = lever("buildings.two_star_share_new_government_public")
    flexible = lever("buildings.flexible_building_share_new")
    values = np.array([electric, flexible, green, stars, green])
    held = mixed_in(np.array([new[2], new[2], new[2], new[2], new[0]]), values)
    own = _own_plant(base, paths, new, electric)
    network, solid = _networks(base, paths), np.zeros_like(new)
    solid[RURAL] = lever("buildings.rural_solid_fuel_share")
    rest = np.maximum(1 - network - solid, 0.0)
    return Systems(
        np.concatenate([own * rest, network[None], solid[None]]),
        own[GROUND],
        _unit_efficiency(base, paths),
        held[0],
        _saving(base, stock, held[4], held[2], held[3]),
        _lighting_saving(base, stock),
        held[1] * stock.type_m2[:, PUBLIC].sum(axis=1),
    )


def _own_plant(base: StockBase, paths: LeverPaths, new: FloatArray, electric: FloatArray) -> FloatArray:
    """Shares of the five systems of one's own, [5, s, p, y], in heat from neither networks nor solid fuel; sum 1.

    Heat pumps take the place of gas boilers in new floor, and of boilers at the end of their life (then air to
    water, which can use the pipes). Part of the heat pumps of new floor is ground-source, part air to water.
    Electric resistance gives way to split units by a path that is the same in every scenario.
    """
    plant = _plant(base.region, paths.years)
    fuel_free = np.zeros_like(new)
    fuel_free[SEGMENTS.index("public")] = electric
    own = np.empty((RESISTANCE + 1, *new.shape))
    turn_over_plant(
        plant.start,
        plant.hydronic_new,
        plant.gas_of_rest,
        plant.resistance,
        fuel_free,
        paths.by_place("buildings.heat_pump_share_new"),
        paths.by_place("buildings.ground_source_share_new"),
        paths.by_place("buildings.heat_pump_share_replacement") / plant.life_years,
        new,
        own,
    )
    return own


@dataclass(frozen=True)
class _Plant:
    """Figures of heating plant by segment."""

    start: FloatArray  # [s, 3] hydronic, ground, gas in the base year
    hydronic_new: FloatArray  # [s] of the air-source pumps of new floor
    gas_of_rest: FloatArray  # [s] gas of what is no heat pump
    resistance: FloatArray  # [s, y]
    life_years: float


@kept(maxsize=16)
def _plant(region: Region, years: tuple[int, ...]) -> _Plant:
    leaves = figures(region)

    def read(name: str) -> FloatArray:
        return np.array([leaves[f"{s}_{name}"].number() for s in SEGMENTS])

    gas, pumps = read("gas_heating_share_2020"), read("heat_pump_share_2020")
    start = [read(f"{k}_share_2020") for k in ("hydronic", "ground_source")]
    return _Plant(
        np.stack([*start, gas], axis=1),
        read("hydronic_share_new"),
        gas / (1 - pumps),
        (1 - pumps - gas)[:, None] * leaves["resistance_heating_index"].path(years),
        leaves["system_life_years"].number(),
    )


def _networks(base: StockBase, paths: LeverPaths) -> FloatArray:
    """Share of heated floor on networks, [s, p, y]: of the base year, and more where networks exist."""
    more = paths.by_place(_JOINED)
    served = base.district_heated_share[:, None]
    network = np.zeros((len(SEGMENTS), *more.shape))
    network[0] = np.minimum(served + np.where(served > 0, more, 0.0), 1.0)
    network[2] = figures(base.region)["public_district_share"].number()
    return network


def refused_networks(base: StockBase, scenario: Scenario) -> list[Violation]:
    """Settings of a city that asks for more network heat where there is no network."""
    served = dict(zip(base.region.city_ids, base.district_heated_share, strict=True))
    return [
        Violation(
            f"scenario.settings[{i}].place",
            f"{setting.place} has no heat network that {_JOINED} could extend; choose a city that has one",
            setting.place,
            ", ".join(city for city, share in served.items() if share > 0),
        )
        for i, setting in enumerate(scenario.settings)
        if setting.lever_id == _JOINED and served.get(setting.place, 1.0) <= 0 and max(setting.values) > 0
    ]


def new_shares(stock: Stock) -> FloatArray:
    """Floor area completed in the year over the segment's stock, [s, p, y]; 0 in the base year."""
    area = stock.type_m2
    shares = np.array([stock.completed_m2[:, t].sum(axis=1) / area[:, t].sum(axis=1) for t in _SEGMENT_TYPES])
    shares[..., 0] = 0.0
    return shares


def mixed_in(new_share: FloatArray, value: FloatArray) -> FloatArray:
    """Share of the stock that has what a share `value` of completions brings, starting from 0, [..., y]."""
    out = np.empty_like(value)
    years = value.shape[-1]
    mix_in(new_share.reshape(-1, years), value.reshape(-1, years), out.reshape(-1, years))
    return out


def _unit_efficiency(base: StockBase, paths: LeverPaths) -> FloatArray:
    """Stock efficiency of air conditioners and heat pumps, 2020 = 1, [p, y]: one cohort a year over their life."""
    leaves = figures(base.region)
    growth = paths.by_place("buildings.ac_efficiency_growth")
    out = np.empty_like(growth)
    turnover = 1 / leaves["cooling_unit_life_years"].number()
    renew_units(growth, turnover, leaves["new_unit_efficiency_ratio"].number(), out)
    return out


def _saving(
    base: StockBase, stock: Stock, green_urban: FloatArray, green_public: FloatArray, stars: FloatArray
) -> FloatArray:
    """Part of operation saved in the segments by green and two-star completions, from their shares, [s, p, y]."""
    government = government_share(base)
    area = stock.type_m2[:, PUBLIC]
    two_star = stars * (government[None, :, None] * area).sum(axis=1) / area.sum(axis=1)
    per = {k: base.region.number("buildings/stock", f"{k}_saving_share") for k in ("green", "two_star")}
    saving = np.zeros((len(SEGMENTS), *stars.shape))
    saving[0] = per["green"] * green_urban
    saving[2] = per["green"] * green_public * (1 - two_star) + per["two_star"] * two_star
    return saving


def _lighting_saving(base: StockBase, stock: Stock) -> FloatArray:
    """Part of the segments' lighting saved by the lamps of retrofitted floor, by area of the state, [s, p, y]."""
    places, _, _, years = stock.area_m2.shape
    out = np.empty((len(SEGMENTS), places, years))
    weigh_states(_lamps(base.region), stock.area_m2, _SEGMENT_SPANS[0], _SEGMENT_SPANS[1], out)
    return out


@kept(maxsize=8)
def _lamps(region: Region) -> FloatArray:
    """Part of lighting saved by state, [e]."""
    packages = retrofit_packages(region)
    return np.array(
        [0.0 if s.depth == DEPTHS[0] else packages[s.depth]["lighting_saving_share"] for s in STATES]
    )
