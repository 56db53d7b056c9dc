"""Equipment over time: shares of heating systems, efficiency of units, penetration of what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, RURAL, URBAN, StockBase
from services.buildings.demand import retrofit_packages
from services.buildings.states import DEPTHS, STATES
from services.buildings.stock import Stock
from services.buildings.use import END_USES
from services.common.arrays import FloatArray
from services.common.errors import Violation
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Leaf, Region
from services.common.scenario import Scenario

SEGMENTS: Final = ("urban", "rural", "public")
SYSTEMS: Final = ("split", "hydronic", "ground", "gas", "resistance", "network", "solid")
SPLIT, HYDRONIC, GROUND, GAS, RESISTANCE, NETWORK, SOLID = range(len(SYSTEMS))
_JOINED: Final = "buildings.district_heat_share_urban"
_SEGMENT_TYPES = (slice(URBAN, URBAN + 1), slice(RURAL, RURAL + 1), PUBLIC)


@kept(maxsize=8)
def figures(region: Region) -> Mapping[str, Leaf]:
    """Figures of end uses and their equipment by name."""
    return region.leaves(END_USES)


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
    leaves = figures(base.region)
    pump_new = paths.by_place("buildings.heat_pump_share_new")
    ground_new = paths.by_place("buildings.ground_source_share_new")
    per_life = paths.by_place("buildings.heat_pump_share_replacement") / leaves["system_life_years"].number()
    falling = leaves["resistance_heating_index"].path(paths.years)
    own = np.zeros((RESISTANCE + 1, *new.shape))
    gains = np.zeros_like(own)
    for s, name in enumerate(SEGMENTS):
        start = {
            k: leaves[f"{name}_{k}_share_2020"].number()
            for k in ("heat_pump", "gas_heating", "ground_source", "hydronic")
        }
        hydronic_new = leaves[f"{name}_hydronic_share_new"].number()
        own[GAS, s, :, 0], own[GROUND, s, :, 0] = start["gas_heating"], start["ground_source"]
        own[HYDRONIC, s, :, 0] = start["hydronic"]
        own[RESISTANCE, s] = (1 - start["heat_pump"] - start["gas_heating"]) * falling
        gas_of_rest = start["gas_heating"] / (1 - start["heat_pump"])
        fuel_free = electric if name == "public" else np.zeros_like(electric)
        gains[GAS, s] = (1 - pump_new) * gas_of_rest * (1 - fuel_free)
        pumps = np.maximum(1 - gains[GAS, s] - own[RESISTANCE, s], 0.0)
        gains[GROUND, s] = pumps * ground_new
        gains[HYDRONIC, s] = pumps * (1 - ground_new) * hydronic_new
    gained, kept = gains[HYDRONIC : GAS + 1] * new, 1 - new
    boilers, water = GAS - HYDRONIC, 0
    state = own[HYDRONIC : GAS + 1, ..., 0]
    for y in range(1, len(paths.years)):
        ended = state[boilers] * per_life[:, y]
        state = state * kept[..., y] + gained[..., y]
        state[boilers] -= kept[..., y] * ended
        state[water] += kept[..., y] * ended
        own[HYDRONIC : GAS + 1, ..., y] = state
    own[SPLIT] = np.maximum(1 - own[HYDRONIC:].sum(axis=0), 0.0)
    return own


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
    out = np.zeros_like(value)
    kept, gained = 1 - new_share, new_share * value
    for y in range(1, value.shape[-1]):
        out[..., y] = kept[..., y] * out[..., y - 1] + gained[..., y]
    return out


def _unit_efficiency(base: StockBase, paths: LeverPaths) -> FloatArray:
    """Stock efficiency of air conditioners and heat pumps, 2020 = 1, [p, y]: one cohort a year over their life."""
    leaves = figures(base.region)
    growth = paths.by_place("buildings.ac_efficiency_growth")
    turnover = 1 / leaves["cooling_unit_life_years"].number()
    new = np.full(len(growth), leaves["new_unit_efficiency_ratio"].number())
    out = np.ones_like(growth)
    for y in range(1, growth.shape[1]):
        new = new * (1 + growth[:, y])
        out[:, y] = 1 / ((1 - turnover) / out[:, y - 1] + turnover / new)
    return out


def _saving(
    base: StockBase, stock: Stock, green_urban: FloatArray, green_public: FloatArray, stars: FloatArray
) -> FloatArray:
    """Part of operation saved in the segments by green and two-star completions, from their shares, [s, p, y]."""
    rows = base.region.table("buildings/public_types").by("building_type")
    government = np.array([rows[t]["government_share"] for t in PUBLIC_TYPES])
    area = stock.type_m2[:, PUBLIC]
    two_star = stars * (government[None, :, None] * area).sum(axis=1) / area.sum(axis=1)
    per = {k: base.region.number("buildings/stock", f"{k}_saving_share") for k in ("green", "two_star")}
    saving = np.zeros((len(SEGMENTS), *stars.shape))
    saving[0] = per["green"] * green_urban
    saving[2] = per["green"] * green_public * (1 - two_star) + per["two_star"] * two_star
    return saving


def _lighting_saving(base: StockBase, stock: Stock) -> FloatArray:
    """Part of the segments' lighting saved by the lamps of retrofitted floor, by area of the state, [s, p, y]."""
    packages = retrofit_packages(base.region)
    saved = np.array(
        [0.0 if s.depth == DEPTHS[0] else packages[s.depth]["lighting_saving_share"] for s in STATES]
    )
    found = []
    for types in _SEGMENT_TYPES:
        area = stock.area_m2[:, types].sum(axis=1)  # [p, e, y]
        found.append((saved[:, None] * area).sum(axis=1) / area.sum(axis=1))
    return np.array(found)
