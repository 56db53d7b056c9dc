"""End uses by carrier, before calibration: from useful heat to electricity, fuels and heat bought."""

from dataclasses import dataclass, field

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, StockBase
from services.buildings.demand import KWH_PER_MWH, SpaceDemand
from services.buildings.stock import Stock
from services.buildings.systems import END_USES, Systems
from services.buildings.use import schedule
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH

URBAN, RURAL, PUBLIC_SEGMENT = range(3)
Key = tuple[str, str]  # end use, carrier


@dataclass
class EndUses:
    """Arrays by (use, carrier), each [s, p, y]: electricity MWh, others GJ; and useful energy beside them."""

    energy: dict[Key, FloatArray] = field(default_factory=dict)
    heat_by_pump_mwh: FloatArray = field(default_factory=lambda: np.empty(0))
    pump_electricity_mwh: FloatArray = field(default_factory=lambda: np.empty(0))
    heat_mwh: FloatArray = field(default_factory=lambda: np.empty(0))
    solar_hot_water_mwh: FloatArray = field(default_factory=lambda: np.empty(0))
    biomass_gj: FloatArray = field(default_factory=lambda: np.empty(0))


class _Reader:
    """Paths of leaves at the scenario's years."""

    def __init__(self, base: StockBase, paths: LeverPaths) -> None:
        self._leaves = base.region.leaves(END_USES)
        self._years = paths.years

    def __call__(self, name: str) -> FloatArray:
        return self._leaves[name].path(self._years)

    def one(self, name: str) -> float:
        return self._leaves[name].number()

    def service(self, name: str) -> FloatArray:
        """Index of a service, base year = 1: observed as far as known, then along its expected growth."""
        known, growth = self._leaves[f"{name}_observed_index"], self._leaves[f"{name}_expected_index"]
        last = max(known.values)
        observed, expected = known.path(self._years), growth.path(self._years)
        after = known.path((last,)) * expected / growth.path((last,))
        return np.where(np.array(self._years) > last, after, observed)


def end_uses(
    base: StockBase, paths: LeverPaths, stock: Stock, demand: SpaceDemand, equipment: Systems
) -> EndUses:
    """All end uses of a scenario, uncalibrated."""
    read = _Reader(base, paths)
    out = EndUses()
    solid = paths.by_place("buildings.rural_solid_fuel_share")
    _space(out, read, paths, demand, equipment, solid)
    _hot_water(out, read, paths, base, stock, equipment)
    _cooking(out, read, paths, base, stock, equipment, solid)
    _appliances(out, read, paths, base, stock, equipment)
    return out


def _space(
    out: EndUses,
    read: _Reader,
    paths: LeverPaths,
    demand: SpaceDemand,
    equipment: Systems,
    solid: FloatArray,
) -> None:
    keep = (1 - equipment.network) * (1 - equipment.saving)
    keep[RURAL] = keep[RURAL] * (1 - solid)
    aux = np.array([read.one(f"{s}_auxiliary_share") for s in ("urban", "rural", "public")])[:, None, None]
    pumped = demand.electricity("heating_split") * keep * equipment.heat_pump
    resisted = demand.heat * keep * equipment.resistance
    energy = out.energy
    out.pump_electricity_mwh = (1 + aux) * pumped / equipment.unit_efficiency
    energy["space_heating", "electricity"] = out.pump_electricity_mwh + resisted
    gas = demand.heat * keep * equipment.gas * GJ_PER_MWH / read.one("gas_boiler_efficiency")
    energy["space_heating", "natural_gas"] = gas
    network = demand.network_heat * equipment.network * (1 - equipment.saving)
    network = network * read.one("network_use_factor") * GJ_PER_MWH
    by_pump = paths.by_place("buildings.district_heat_heat_pump_share")
    energy["district_heating", "heat"] = network * (1 - by_pump)
    energy["district_heating", "electricity"] = (
        network * by_pump / GJ_PER_MWH / read.one("network_heat_pump_cop")
    )
    burnt = demand.heat[RURAL] * solid * GJ_PER_MWH / read.one("solid_stove_efficiency")
    coal = np.zeros_like(gas)
    coal[RURAL] = burnt * read.one("coal_share_of_rural_solid")
    energy["space_heating", "coal"] = coal
    out.biomass_gj = burnt - coal[RURAL]
    cooled = demand.electricity("cooling_air") * (1 - equipment.saving)
    energy["cooling", "electricity"] = (1 + aux) * cooled / equipment.unit_efficiency
    out.heat_mwh = demand.heat * (1 - equipment.network) + network / GJ_PER_MWH
    out.heat_by_pump_mwh = demand.heat * keep * equipment.heat_pump + network * by_pump / GJ_PER_MWH


def _persons(stock: Stock) -> FloatArray:
    return np.array([stock.urban_population, stock.rural_population])


def public_kwh(base: StockBase, stock: Stock, column: str) -> FloatArray:
    """Useful energy of public types from kWh/m2 of the table of types, MWh [p, y]."""
    rows = base.region.table("buildings/public_types").by("building_type")
    per_m2 = np.array([rows[t][column] for t in PUBLIC_TYPES])[None, :, None]
    used = stock.type_m2[:, PUBLIC] * stock.used_share[:, PUBLIC]
    return np.asarray((per_m2 * used).sum(axis=1) / KWH_PER_MWH)


def _hot_water(
    out: EndUses, read: _Reader, paths: LeverPaths, base: StockBase, stock: Stock, equipment: Systems
) -> None:
    per_person = np.array([read.one(f"{s}_hot_water_kwh_per_person") for s in ("urban", "rural")])
    useful = np.concatenate(
        [
            per_person[:, None, None] * _persons(stock) / KWH_PER_MWH,
            public_kwh(base, stock, "hot_water_kwh_per_m2")[None],
        ]
    )
    lever = paths.by_place("buildings.electric_hot_water_share")
    solar_urban = paths.by_place("buildings.solar_thermal_hot_water_share")
    solar = np.array([solar_urban, read("rural_solar_hot_water_share") + 0 * lever, solar_urban])
    electric = np.array(
        [
            lever,
            lever + read("rural_electric_hot_water_extra_share"),
            1 - (1 - lever) * (1 - equipment.all_electric_public),
        ]
    )
    electric[2] += read("public_hot_water_electric_extra_share")
    electric = np.minimum(electric, 1 - solar)
    pumped = read("hot_water_heat_pump_share")
    per_useful = pumped / read.one("hot_water_heat_pump_cop") + (1 - pumped) / read.one(
        "electric_storage_efficiency"
    )
    fuel = (
        useful * np.maximum(1 - solar - electric, 0.0) * GJ_PER_MWH / read.one("hot_water_boiler_efficiency")
    )
    out.energy["hot_water", "electricity"] = useful * electric * per_useful
    out.solar_hot_water_mwh = useful * solar
    _split_gas(out, read, "hot_water", fuel)


def _cooking(
    out: EndUses,
    read: _Reader,
    paths: LeverPaths,
    base: StockBase,
    stock: Stock,
    equipment: Systems,
    solid: FloatArray,
) -> None:
    households = _persons(stock) / read("household_persons_path")
    lever = paths.by_place("buildings.electric_cooking_share")
    useful = np.concatenate(
        [
            read.one("household_cooking_kwh") * households / KWH_PER_MWH,
            public_kwh(base, stock, "cooking_kwh_per_m2")[None],
        ]
    )
    coal_share = np.zeros_like(useful)
    coal_share[URBAN] = read("urban_coal_cooking_share")
    coal_share[RURAL] = solid * read.one("coal_share_of_rural_solid")
    solid_share = coal_share.copy()
    solid_share[RURAL] = solid
    electric = np.array(
        [
            lever,
            lever + read("rural_electric_cooking_extra_share"),
            1 - (1 - lever) * (1 - equipment.all_electric_public),
        ]
    )
    electric = np.minimum(electric, 1 - solid_share)
    stove = read.one("solid_stove_efficiency")
    out.energy["cooking", "electricity"] = useful * electric / read.one("electric_hob_efficiency")
    out.energy["cooking", "coal"] = useful * coal_share * GJ_PER_MWH / stove
    out.biomass_gj = out.biomass_gj + (useful * (solid_share - coal_share))[RURAL] * GJ_PER_MWH / stove
    hobs = ("gas_hob_efficiency", "gas_hob_efficiency", "public_kitchen_efficiency")
    efficiency = np.array([read.one(name) for name in hobs])[:, None, None]
    burnt = np.maximum(1 - electric - solid_share, 0.0)
    _split_gas(out, read, "cooking", useful * burnt * GJ_PER_MWH / efficiency)


def _split_gas(out: EndUses, read: _Reader, use: str, fuel_gj: FloatArray) -> None:
    """Gaseous fuel [s, p, y] to pipeline gas and LPG."""
    lpg = np.array(
        [read("urban_lpg_share_of_gas"), 1 - read("rural_gas_share_of_fuel"), read("public_lpg_share_of_gas")]
    )[:, None, :]
    out.energy[use, "natural_gas"] = fuel_gj * (1 - lpg)
    out.energy[use, "lpg"] = fuel_gj * lpg


def _appliances(
    out: EndUses, read: _Reader, paths: LeverPaths, base: StockBase, stock: Stock, equipment: Systems
) -> None:
    growth = 1 + paths.by_place("buildings.appliance_efficiency_growth")
    growth[:, 0] = 1.0
    better = np.cumprod(growth, axis=1)
    households = _persons(stock) / read("household_persons_path")
    homes = read.one("household_appliance_kwh") * households / KWH_PER_MWH
    homes = homes * read.service("residential_appliance")
    per_m2 = _public_equipment_kwh_per_m2(base)[None, :, None]
    used = stock.type_m2[:, PUBLIC] * stock.used_share[:, PUBLIC]
    offices = (per_m2 * used).sum(axis=1) / KWH_PER_MWH * read.service("public_equipment")
    offices = offices * (1 - equipment.saving[PUBLIC_SEGMENT])
    out.energy["lighting_appliances", "electricity"] = np.concatenate([homes, offices[None]]) / better


def _public_equipment_kwh_per_m2(base: StockBase) -> FloatArray:
    """Lighting and equipment of public types by density and schedule, kWh/m2 [t]."""
    region = base.region
    archetypes = region.table("buildings/archetypes").by("archetype")
    types = region.table("buildings/public_types").by("building_type")
    found = []
    for name in PUBLIC_TYPES:
        row, use = archetypes[name], types[name]["schedule"]
        light = row["lighting_w_per_m2"] * schedule(region.region_id, use, "light").sum()
        equipment = row["equipment_w_per_m2"] * schedule(region.region_id, use, "equip").sum()
        found.append(row["conditioned_share"] * (light + equipment) / KWH_PER_MWH)
    return np.array(found)
