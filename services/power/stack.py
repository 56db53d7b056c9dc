"""The dispatchable stack of every year: blocks with cost and capacity, heat-led minimum, stores. Years from 2020.

Blocks are net of own use; costs in CNY/MWh delivered (prices of 2025), the carbon price in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.common.axes import MONTH_DAYS
from services.common.factors import factors_tco2_per_gj
from services.common.levers import LeverPaths
from services.common.power_outcome import ChpHeat
from services.common.units import GJ_PER_MTCE, GJ_PER_MWH, GJ_PER_TCE, MJ_PER_GJ
from services.power.calibration import gas_led_shares
from services.power.capacity import STORES, Capacity
from services.power.fleet import Fleet, Tech
from services.power.supply import MONTH_START

MONTH_HOURS = np.array(MONTH_DAYS) * 24.0
# The contract block is the part of gas co-generation's output that gives way before wind and PV are curtailed.
CONTRACT = "gas_contract"
BLOCKS = (
    CONTRACT,
    "coal_usc_1000",
    "coal_usc_660",
    "coal_sc_600",
    "coal_sub_300",
    "coal_small_chp",
    "gas_chp",
    "gas_ccgt",
    "demand_response",
)
COAL = tuple(name for name in BLOCKS if name.startswith("coal"))
TECH_OF_BLOCK = {name: name for name in BLOCKS} | {CONTRACT: "gas_chp"}


@dataclass(frozen=True)
class Stack:
    """All years' blocks; k as BLOCKS, i as STORES ."""

    fuel_gj_per_mwh: FloatArray  # [year, k] calibrated, at full load
    rated_gj_per_mwh: FloatArray  # [year, k] before calibration
    fossil_share: FloatArray  # [year, k] of the fuel that is the technology's own carrier
    tco2_per_gj: FloatArray  # [year, k] after capture, per GJ of own carrier
    fuel_cost_cny_per_gj: FloatArray  # [year, k]
    other_cost_cny_per_mwh: FloatArray  # [year, k] operation
    price_cny_per_mwh: FloatArray  # [year, k] all of it with the carbon price
    capacity_mw: FloatArray  # [year, month, k] net and free
    minimum_mw: FloatArray  # [year, month, k] net, heat-led
    min_load_share: FloatArray  # [year, k]
    no_load_share: FloatArray  # [k]
    start_cost_cny_per_mw: FloatArray  # [k]
    committed: NDArray[np.int64]  # [k] 1 where committed by day
    own_use_per_mwh: FloatArray  # [k] own use per MWh delivered
    stores: FloatArray  # [year, i, 6] as the kernel reads them


def make_stack(
    fleet: Fleet,
    paths: LeverPaths,
    capacity: Capacity,
    heats: Sequence[ChpHeat],
    heat_shapes: Mapping[str, FloatArray],
    industrial_load_mw: FloatArray,
    calibration: Mapping[str, float],
) -> Stack:
    """Blocks and stores of the years of `paths`; heats and industrial load are given for the same years."""
    techs = [fleet.techs[TECH_OF_BLOCK[name]] for name in BLOCKS]
    fuel = _fuel(fleet, paths, techs)
    factor = np.array([_fuel_factor(t, calibration) for t in techs])
    own = np.array([t.own_use_share for t in techs]) * calibration["own_use"]
    fuel_gj = fuel["rated"] * factor
    carbon = paths.path("drivers.carbon_price")[:, None]
    price = fuel_gj * fuel["cost"] + fuel_gj * fuel["fossil"] * fuel["tco2"] * carbon + fuel["other"]
    net = 1 - own
    available = np.stack(
        [_mean_mw(capacity, t, paths, industrial_load_mw, fleet) * t.availability_share for t in techs],
        axis=1,
    )
    heat_mw = monthly_heat_mw(heats, heat_shapes, len(paths.years))
    minimum = _coal_minimum(fleet, capacity, heat_mw) * net
    gas_led = _gas_led_mw(fleet, capacity, heats, calibration["gas_must_run"])
    free = np.maximum(available[:, None, :] * net - minimum, 0.0)
    night, mean = gas_led_shares(fleet)
    chp, contract = BLOCKS.index("gas_chp"), BLOCKS.index(CONTRACT)
    minimum[:, :, chp] = (gas_led * night * net[chp])[:, None]
    free[:, :, chp] = np.maximum((available[:, chp] - gas_led * mean) * net[chp], 0.0)[:, None]
    free[:, :, contract] = (gas_led * (mean - night) * net[chp])[:, None]
    price[:, contract] = 0.0
    committed = {c.technology for c in fleet.coal_classes if c.committed}
    return Stack(
        fuel_gj_per_mwh=fuel_gj,
        rated_gj_per_mwh=fuel["rated"],
        fossil_share=fuel["fossil"],
        tco2_per_gj=fuel["tco2"],
        fuel_cost_cny_per_gj=fuel["cost"],
        other_cost_cny_per_mwh=fuel["other"],
        # Equal prices would leave CO2 by block open: a tiny fixed order closes it.
        price_cny_per_mwh=price + 1e-6 * np.arange(1, len(BLOCKS) + 1),
        capacity_mw=free,
        minimum_mw=minimum,
        min_load_share=_min_load(paths, capacity, techs),
        no_load_share=np.array([t.no_load_share for t in techs]),
        start_cost_cny_per_mw=np.array([t.start_cost_cny_per_mw for t in techs]),
        committed=np.array([t.technology in committed for t in techs], dtype=np.int64),
        own_use_per_mwh=own / net,
        stores=_stores(fleet, paths, capacity),
    )


def _fuel(fleet: Fleet, paths: LeverPaths, techs: Sequence[Tech]) -> dict[str, FloatArray]:
    """Rated fuel, its cost, CO2 and other costs of the blocks, [year, k]."""
    shape = (len(paths.years), len(techs))
    rated, cost, tco2, other = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    fossil = np.ones(shape)
    factors = factors_tco2_per_gj(fleet.region)
    change = np.cumsum(np.concatenate([[0.0], paths.path("power.coal_heat_rate_change")[1:]]))
    ccs, hydrogen = paths.path("power.coal_ccs_share"), paths.path("power.gas_hydrogen_share")
    coal_cny = _coal_cny_per_gj(fleet, paths)
    gas_cny = paths.path("drivers.gas_price") / fleet.parameter("gas_mj_per_nm3") * MJ_PER_GJ
    hydrogen_cny = fleet.region.leaf("power/parameters", "hydrogen_price_cny_per_gj").path(paths.years)
    for k, tech in enumerate(techs):
        other[:, k] = tech.vom_cny_per_mwh
        if tech.carrier == "coal":
            kgce = np.maximum(tech.net_rate + change, fleet.parameter("net_coal_rate_floor_kgce_per_mwh"))
            rated[:, k] = kgce / 1e3 * GJ_PER_TCE * (1 + fleet.parameter("ccs_fuel_penalty_share") * ccs)
            cost[:, k] = coal_cny
            tco2[:, k] = factors["coal"] * (1 - fleet.parameter("ccs_capture_share") * ccs)
            other[:, k] += fleet.parameter("ccs_vom_cny_per_mwh") * ccs
        elif tech.carrier == "natural_gas":
            rated[:, k] = tech.fuel_gj_per_mwh
            fossil[:, k] = 1 - hydrogen
            cost[:, k] = (1 - hydrogen) * gas_cny + hydrogen * hydrogen_cny
            tco2[:, k] = factors["natural_gas"]
        else:
            other[:, k] = fleet.parameter("interruptible_cost_cny_per_mwh")
    return {"rated": rated, "cost": cost, "tco2": tco2, "other": other, "fossil": fossil}


def _coal_cny_per_gj(fleet: Fleet, paths: LeverPaths) -> FloatArray:
    """Delivered coal, CNY/GJ [year], from the price of a tonne of the priced quality."""
    quality = fleet.parameter("standard_coal_kcal_per_kg") / fleet.parameter("coal_kcal_per_kg")
    return paths.path("drivers.coal_price") * quality / GJ_PER_TCE


def _fuel_factor(tech: Tech, calibration: Mapping[str, float]) -> float:
    return {"coal": calibration["coal_fuel"], "natural_gas": calibration["gas_fuel"]}.get(tech.carrier, 1.0)


def _mean_mw(
    capacity: Capacity, tech: Tech, paths: LeverPaths, industrial_load_mw: FloatArray, fleet: Fleet
) -> FloatArray:
    if tech.technology == "demand_response":
        used = paths.path("power.industrial_interruptible_response")
        return used * fleet.parameter("interruptible_share_of_industrial_load") * industrial_load_mw
    return capacity.mean_mw[tech.technology]


def monthly_heat_mw(
    heats: Sequence[ChpHeat], shapes: Mapping[str, FloatArray], year_count: int
) -> FloatArray:
    """Mean heat of co-generation by month, MW of heat [year, month]."""
    total = np.zeros((year_count, len(MONTH_DAYS)))
    for heat in heats:
        share = np.add.reduceat(shapes[heat.shape_digest], MONTH_START[:-1])
        total += heat.heat_gj[:, None] / GJ_PER_MWH * share / MONTH_HOURS
    return total


def _coal_minimum(fleet: Fleet, capacity: Capacity, heat_mw: FloatArray) -> FloatArray:
    """Heat-led minimum of coal co-generation, gross MW [year, month, k]: small units first, then extraction."""
    need = heat_mw * fleet.number("chp_minimum_power_to_heat")
    found = np.zeros((*heat_mw.shape, len(BLOCKS)))
    for name, share in (
        ("coal_small_chp", "chp_small_max_min_share"),
        ("coal_sub_300", "chp_extraction_max_min_share"),
    ):
        limit = capacity.mean_mw[name] * fleet.techs[name].availability_share * fleet.parameter(share)
        held = np.minimum(need, limit[:, None])
        found[:, :, BLOCKS.index(name)] = held
        need = need - held
    return found


def _gas_led_mw(fleet: Fleet, capacity: Capacity, heats: Sequence[ChpHeat], factor: float) -> FloatArray:
    """Gross gas co-generation that the shares of `gas_led_shares` multiply; falls with its heat, MW [year]."""
    mean = capacity.mean_mw["gas_chp"]
    heat = sum((h.heat_gj for h in heats), np.zeros(mean.size))
    index = np.minimum(heat / (fleet.number("chp_heat_2020_mtce") * GJ_PER_MTCE), 1.0)
    return np.asarray(mean * factor * index)


def _min_load(paths: LeverPaths, capacity: Capacity, techs: Sequence[Tech]) -> FloatArray:
    """Minimum load of each class [year, k]: between its values before and after retrofit, so that the capacity-
    weighted mean of all but small co-generation is the lever's value.
    """
    before = np.array([t.min_load_before_share for t in techs])
    after = np.array([t.min_load_after_share for t in techs])
    weight = np.stack([capacity.mean_mw.get(t.technology, np.zeros(len(paths.years))) for t in techs], axis=1)
    weight = weight * np.array(
        [float(t.technology in COAL and t.technology != "coal_small_chp") for t in techs]
    )
    total = weight.sum(axis=1)
    old, new = (weight * before).sum(axis=1) / total, (weight * after).sum(axis=1) / total
    done = ((old - paths.path("power.coal_min_load")) / (old - new))[:, None]
    return np.asarray(np.clip(before + done * (after - before), 0.0, 1.0))


def _stores(fleet: Fleet, paths: LeverPaths, capacity: Capacity) -> FloatArray:
    """Stores as the kernel reads them: charge MW, discharge MW, MWh, charge and discharge efficiency, CNY/MWh."""
    available = fleet.parameter("storage_availability_share")
    hours = (
        paths.path("power.battery_duration"),
        np.full(len(paths.years), fleet.number("pumped_hours")),
        paths.path("power.long_storage_duration"),
    )
    round_trip = (
        np.full(len(paths.years), fleet.parameter("battery_efficiency_share")),
        np.full(len(paths.years), fleet.parameter("pumped_efficiency_share")),
        fleet.region.leaf("power/parameters", "long_storage_efficiency_share").path(paths.years),
    )
    vom = ("battery_vom_cny_per_mwh", "pumped_vom_cny_per_mwh", "long_storage_vom_cny_per_mwh")
    found = np.empty((len(paths.years), len(STORES), 6))
    for i, name in enumerate(STORES):
        power = capacity.mean_mw[name] * available
        one_way = np.sqrt(round_trip[i])
        found[:, i] = np.stack(
            [power, power, power * hours[i], one_way, one_way, np.full(power.size, fleet.parameter(vom[i]))],
            axis=1,
        )
    return found
