"""Equipment over time: shares of heating systems, efficiency of units, penetration of what is new."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, RURAL, URBAN, StockBase
from services.buildings.demand import retrofit_packages
from services.buildings.states import DEPTHS, STATES
from services.buildings.stock import Stock
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths

END_USES = "buildings/end_uses"
SEGMENTS: Final = ("urban", "rural", "public")
SYSTEMS: Final = ("split", "hydronic", "ground", "gas", "resistance", "network", "solid")
SPLIT, HYDRONIC, GROUND, GAS, RESISTANCE, NETWORK, SOLID = range(len(SYSTEMS))
_SEGMENT_TYPES = (slice(URBAN, URBAN + 1), slice(RURAL, RURAL + 1), PUBLIC)


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
    electric = paths.by_place("buildings.all_electric_share_new_public")
    own = _own_plant(base, paths, new, electric)
    network, solid = _networks(base, paths), np.zeros_like(new)
    solid[RURAL] = paths.by_place("buildings.rural_solid_fuel_share")
    rest = np.maximum(1 - network - solid, 0.0)
    share = np.concatenate([own * rest, network[None], solid[None]])
    flexible = mixed_in(new[2], paths.by_place("buildings.flexible_building_share_new"))
    return Systems(
        share,
        own[GROUND],
        _unit_efficiency(base, paths),
        mixed_in(new[2], electric),
        _saving(base, paths, stock, new),
        _lighting_saving(base, stock),
        flexible * stock.type_m2[:, PUBLIC].sum(axis=1),
    )


def _own_plant(base: StockBase, paths: LeverPaths, new: FloatArray, electric: FloatArray) -> FloatArray:
    """Shares of the five systems of one's own, [5, s, p, y], in heat from neither networks nor solid fuel; sum 1.

    Heat pumps take the place of gas boilers in new floor, and of boilers at the end of their life (then air to
    water, which can use the pipes). Part of the heat pumps of new floor is ground-source, part air to water.
    Electric resistance gives way to split units by a path that is the same in every scenario.
    """
    leaves = base.region.leaves(END_USES)
    pump_new = paths.by_place("buildings.heat_pump_share_new")
    ground_new = paths.by_place("buildings.ground_source_share_new")
    per_life = paths.by_place("buildings.heat_pump_share_replacement") / leaves["system_life_years"].number()
    falling = leaves["resistance_heating_index"].path(paths.years)
    own = np.zeros((RESISTANCE + 1, *new.shape))
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
        boilers = (1 - pump_new) * gas_of_rest * (1 - fuel_free)
        pumps = np.maximum(1 - boilers - own[RESISTANCE, s], 0.0)
        gains = {GAS: boilers, GROUND: pumps * ground_new, HYDRONIC: pumps * (1 - ground_new) * hydronic_new}
        for y in range(1, len(paths.years)):
            a = new[s, :, y]
            ended = own[GAS, s, :, y - 1] * per_life[:, y]
            for k, gain in gains.items():
                own[k, s, :, y] = (1 - a) * own[k, s, :, y - 1] + a * gain[:, y]
            own[GAS, s, :, y] -= (1 - a) * ended
            own[HYDRONIC, s, :, y] += (1 - a) * ended
    own[SPLIT] = np.maximum(1 - own[HYDRONIC:].sum(axis=0), 0.0)
    return own


def _networks(base: StockBase, paths: LeverPaths) -> FloatArray:
    """Share of heated floor on networks, [s, p, y]: of the base year, and more where networks exist."""
    more = paths.by_place("buildings.district_heat_share_urban")
    served = base.district_heated_share[:, None]
    network = np.zeros((len(SEGMENTS), *more.shape))
    network[0] = np.minimum(served + np.where(served > 0, more, 0.0), 1.0)
    network[2] = base.region.leaves(END_USES)["public_district_share"].number()
    return network


def new_shares(stock: Stock) -> FloatArray:
    """Floor area completed in the year over the segment's stock, [s, p, y]; 0 in the base year."""
    area = stock.type_m2
    shares = np.array([stock.completed_m2[:, t].sum(axis=1) / area[:, t].sum(axis=1) for t in _SEGMENT_TYPES])
    shares[..., 0] = 0.0
    return shares


def mixed_in(new_share: FloatArray, value: FloatArray) -> FloatArray:
    """Share of the stock that has what a share `value` of completions brings, starting from 0, [p, y]."""
    out = np.zeros_like(value)
    for y in range(1, value.shape[1]):
        out[:, y] = (1 - new_share[:, y]) * out[:, y - 1] + new_share[:, y] * value[:, y]
    return out


def _unit_efficiency(base: StockBase, paths: LeverPaths) -> FloatArray:
    """Stock efficiency of air conditioners and heat pumps, 2020 = 1, [p, y]: one cohort a year over their life."""
    leaves = base.region.leaves(END_USES)
    growth = paths.by_place("buildings.ac_efficiency_growth")
    turnover = 1 / leaves["cooling_unit_life_years"].number()
    new = np.full(len(growth), leaves["new_unit_efficiency_ratio"].number())
    out = np.ones_like(growth)
    for y in range(1, growth.shape[1]):
        new = new * (1 + growth[:, y])
        out[:, y] = 1 / ((1 - turnover) / out[:, y - 1] + turnover / new)
    return out


def _saving(base: StockBase, paths: LeverPaths, stock: Stock, new: FloatArray) -> FloatArray:
    """Part of operation saved in the segments by green and two-star completions, [s, p, y]."""
    green = paths.by_place("buildings.green_building_share_new")
    stars = paths.by_place("buildings.two_star_share_new_government_public")
    rows = base.region.table("buildings/public_types").by("building_type")
    government = np.array([rows[t]["government_share"] for t in PUBLIC_TYPES])
    area = stock.type_m2[:, PUBLIC]
    weight = (government[None, :, None] * area).sum(axis=1) / area.sum(axis=1)
    per = {k: base.region.number("buildings/stock", f"{k}_saving_share") for k in ("green", "two_star")}
    saving = np.zeros_like(new)
    saving[0] = per["green"] * mixed_in(new[0], green)
    two_star = weight * mixed_in(new[2], stars)
    saving[2] = per["green"] * mixed_in(new[2], green) * (1 - two_star) + per["two_star"] * two_star
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
