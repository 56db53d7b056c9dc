"""Equipment over time: shares of heating systems, efficiency of units, penetration of what is new."""

from dataclasses import dataclass

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, RURAL, URBAN, StockBase
from services.buildings.stock import Stock
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths

END_USES = "buildings/end_uses"
_SEGMENT_TYPES = (slice(URBAN, URBAN + 1), slice(RURAL, RURAL + 1), PUBLIC)


@dataclass(frozen=True)
class Systems:
    """Shares by segment, place and year, [s, p, y]; heat pump + gas + resistance = 1."""

    heat_pump: FloatArray
    gas: FloatArray
    resistance: FloatArray
    network: FloatArray  # share of the segment's heat from networks
    unit_efficiency: FloatArray  # [p, y] air conditioners of the stock, 2020 = 1
    all_electric_public: FloatArray  # [p, y] share of public floor without fuel beyond the base year's
    saving: FloatArray  # [s, p, y] part saved by green buildings completed after the base year


def systems(base: StockBase, paths: LeverPaths, stock: Stock) -> Systems:
    """Systems of a scenario.

    Heat pumps take the place of gas boilers in new floor and at the end of a boiler's life; electric resistance
    gives way to heat pumps by a path that is the same in every scenario.
    """
    leaves = base.region.leaves(END_USES)
    pump_new = paths.by_place("buildings.heat_pump_share_new")
    replaced = paths.by_place("buildings.heat_pump_share_replacement")
    electric = paths.by_place("buildings.all_electric_share_new_public")
    per_life = 1 / leaves["system_life_years"].number()
    new = new_shares(stock)
    names = ("urban", "rural", "public")
    gas = np.zeros((3, *pump_new.shape))
    resistance = np.zeros_like(gas)
    falling = leaves["resistance_heating_index"].path(paths.years)
    for s, name in enumerate(names):
        pump_start = leaves[f"{name}_heat_pump_share_2020"].number()
        gas[s, :, 0] = leaves[f"{name}_gas_heating_share_2020"].number()
        resistance[s] = (1 - pump_start - gas[s, 0, 0]) * falling
        gas_of_rest = gas[s, 0, 0] / (1 - pump_start)
        fuel_free = electric if name == "public" else np.zeros_like(electric)
        for y in range(1, len(paths.years)):
            a = new[s, :, y]
            fuelled = (1 - pump_new[:, y]) * gas_of_rest * (1 - fuel_free[:, y])
            kept = 1 - per_life * replaced[:, y]
            gas[s, :, y] = (1 - a) * gas[s, :, y - 1] * kept + a * fuelled
    network = np.zeros_like(gas)
    network[0] = base.district_heated_share[:, None]
    network[2] = leaves["public_district_share"].number()
    return Systems(
        1 - gas - resistance,
        gas,
        resistance,
        network,
        _unit_efficiency(base, paths),
        mixed_in(new[2], electric),
        _saving(base, paths, stock, new),
    )


def new_shares(stock: Stock) -> FloatArray:
    """Floor area completed in the year over the segment's stock, [s, p, y]; 0 in the base year."""
    shares = np.array(
        [stock.completed_m2[:, t].sum(axis=1) / stock.type_m2[:, t].sum(axis=1) for t in _SEGMENT_TYPES]
    )
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
