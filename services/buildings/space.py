"""Space heat and cooling by carrier: useful demand through the systems that meet it."""

import numpy as np

from services.buildings.demand import SpaceDemand
from services.buildings.end_use_records import (
    COOLING,
    DISTRICT,
    HEATING,
    PUBLIC_SEGMENT,
    RURAL,
    EndUses,
    Reader,
)
from services.buildings.intensity import COOL, ELECTRICITY, HEAT
from services.buildings.systems import GAS, GROUND, HYDRONIC, NETWORK, RESISTANCE, SOLID, SPLIT, Systems
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH

_PUMPS = ((SPLIT, "heating_split"), (HYDRONIC, "heating_hydronic"), (GROUND, "heating_ground"))


def space(out: EndUses, read: Reader, paths: LeverPaths, demand: SpaceDemand, equipment: Systems) -> None:
    """Heating and cooling of all segments, uncalibrated."""
    _heating(out, read, demand, equipment)
    _networks(out, read, paths, demand, equipment)
    _cooling(out, read, demand, equipment)
    out.by_one_system = {name: demand.electricity(name) for name in ELECTRICITY}
    out.by_one_system |= {"heating": demand.heat, "cooling": demand.cool}


def _heating(out: EndUses, read: Reader, demand: SpaceDemand, equipment: Systems) -> None:
    share, kept = equipment.share, 1 - equipment.saving
    per_pump = (1 + read.by_segment("auxiliary_share")) * kept / equipment.unit_efficiency
    by_pump = {k: demand.electricity(name) * share[k] * per_pump for k, name in _PUMPS}
    resisted = demand.plant_heat * share[RESISTANCE] * kept
    out.pump_electricity_mwh = by_pump[SPLIT] + by_pump[HYDRONIC] + by_pump[GROUND]
    out.energy[HEATING, "electricity"] = out.pump_electricity_mwh + resisted
    gas = demand.plant_heat * share[GAS] * kept
    out.energy[HEATING, "natural_gas"] = gas * GJ_PER_MWH / read.one("gas_boiler_efficiency")
    burnt = demand.plant_heat * share[SOLID] * GJ_PER_MWH / read.one("solid_stove_efficiency")
    coal = burnt * read.one("coal_share_of_rural_solid")
    out.energy[HEATING, "coal"] = coal
    out.biomass_gj = (burnt - coal)[RURAL]
    useful = out.own_heat_mwh = demand.heat * kept
    out.ground_heat_mwh, out.ground_heat_electricity_mwh = useful * share[GROUND], by_pump[GROUND]
    out.air_heat_mwh = useful * (share[SPLIT] + share[HYDRONIC])
    out.air_heat_electricity_mwh = by_pump[SPLIT] + by_pump[HYDRONIC]
    out.public_types[HEATING] = _public_heating(demand, equipment, per_pump)


def _public_heating(demand: SpaceDemand, equipment: Systems, per_pump: FloatArray) -> FloatArray:
    """Electricity of heating by public type, [t, p, y]; systems are spread alike over the types."""
    share, by_type = equipment.share[:, PUBLIC_SEGMENT], demand.public_columns
    pumped = sum(by_type[:, ELECTRICITY[name]] * share[k] for k, name in _PUMPS)
    resisted = by_type[:, HEAT] * share[RESISTANCE] * (1 - equipment.saving[PUBLIC_SEGMENT])
    return np.asarray(pumped * per_pump[PUBLIC_SEGMENT] + resisted)


def _networks(out: EndUses, read: Reader, paths: LeverPaths, demand: SpaceDemand, equipment: Systems) -> None:
    """Heat of networks: run continuously, less what metered control saves."""
    network = demand.network_heat * equipment.share[NETWORK] * (1 - equipment.saving)
    network = network * read.one("network_use_factor")
    by_pump = paths.by_place("buildings.district_heat_heat_pump_share")
    out.network_heat_mwh = network
    out.energy[DISTRICT, "heat"] = network * (1 - by_pump) * GJ_PER_MWH
    out.energy[DISTRICT, "electricity"] = network * by_pump / read.one("network_heat_pump_cop")
    out.heat_mwh = demand.heat * (1 - equipment.share[NETWORK]) + network
    out.heat_by_pump_mwh = out.ground_heat_mwh + out.air_heat_mwh + network * by_pump


def _cooling(out: EndUses, read: Reader, demand: SpaceDemand, equipment: Systems) -> None:
    kept, ground = 1 - equipment.saving, equipment.ground_cooled
    per_plant = (1 + read.by_segment("auxiliary_share")) * kept / equipment.unit_efficiency
    out.ground_cool_electricity_mwh = demand.electricity("cooling_ground") * ground * per_plant
    by_air = demand.electricity("cooling_air") * (1 - ground) * per_plant
    out.energy[COOLING, "electricity"] = by_air + out.ground_cool_electricity_mwh
    out.cool_mwh = demand.columns[COOL] * kept
    out.ground_cool_mwh = out.cool_mwh * ground
    by_type = demand.public_columns
    mixed = by_type[:, ELECTRICITY["cooling_air"]] * (1 - ground[PUBLIC_SEGMENT])
    mixed = mixed + by_type[:, ELECTRICITY["cooling_ground"]] * ground[PUBLIC_SEGMENT]
    out.public_types[COOLING] = mixed * per_plant[PUBLIC_SEGMENT]
