"""Capacity by technology and line over the years, from the levers. GW in, MW out; years from 2020.

A lever gives the end of the year; dispatch uses the mean of the year, half of what stood at its start and half of what
stands at its end (wind and nuclear of 2020: the part of the year that the additions ran).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.levers import LeverPaths
from services.common.units import MW_PER_GW
from services.power.calibration import observed_mwh
from services.power.fleet import CoalClass, Fleet

LEVER_TECHS = ("nuclear", "onshore_wind", "offshore_wind", "utility_pv")
# In the order of dispatch: best round trip first.
STORES = ("battery", "pumped_storage", "long_storage")


@dataclass(frozen=True)
class Capacity:
    """MW by technology or line [year from 2020]: at the end of the year, and the mean that is dispatched."""

    end_mw: Mapping[str, FloatArray]
    mean_mw: Mapping[str, FloatArray]


def capacities(fleet: Fleet, paths: LeverPaths) -> Capacity:
    """Capacity of every technology, store and line."""
    end: dict[str, FloatArray] = {}
    mean: dict[str, FloatArray] = {}
    for name in (*LEVER_TECHS, "gas", "biomass"):
        path = paths.path(f"power.{name}_capacity") * MW_PER_GW
        before = fleet.number(f"{name}_capacity_end_2019_gw") * MW_PER_GW
        end[name], mean[name] = path, _mean(path, before, _first_share(fleet, name))
    for of in (end, mean):
        gas = of.pop("gas")
        of["gas_chp"] = _gas_chp_mw(fleet, gas, end_2020=paths.path("power.gas_capacity")[0] * MW_PER_GW)
        of["gas_ccgt"] = gas - of["gas_chp"]
        of["biomass_waste"] = of.pop("biomass")
    for name in (*STORES, "hydro"):
        path = paths.path(f"power.{name}_capacity") * MW_PER_GW
        end[name], mean[name] = path, _mean(path, path[0])
    coal = coal_by_class(fleet, paths.path("power.coal_capacity") * MW_PER_GW)
    for name, path in coal.items():
        end[name], mean[name] = path, _mean(path, path[0])
    offgas = offgas_mwh(fleet, paths.years) / fleet.number("offgas_full_load_hours")
    end["offgas"], mean["offgas"] = offgas, offgas
    lines = line_capacity(fleet, paths.path("power.import_capacity") * MW_PER_GW)
    end |= lines
    mean |= lines
    return Capacity(end, mean)


def _gas_chp_mw(fleet: Fleet, gas_mw: FloatArray, end_2020: float) -> FloatArray:
    """Co-generation part of gas capacity: a share of what stood in 2020, another of what is added, [year]."""
    old = np.minimum(gas_mw, end_2020)
    return fleet.number("gas_chp_share") * old + fleet.number("gas_chp_share_of_additions") * (gas_mw - old)


def _first_share(fleet: Fleet, name: str) -> float:
    if name.endswith("wind"):
        return fleet.number("wind_commissioning_share_2020")
    return fleet.number("nuclear_commissioning_share_2020") if name == "nuclear" else 0.5


def _mean(end: FloatArray, before: float, first_share: float = 0.5) -> FloatArray:
    """Mean of the year [year]; in the first year additions count with their own share."""
    mean = end.copy()
    mean[1:] = 0.5 * (end[1:] + end[:-1])
    mean[0] = before + first_share * (end[0] - before)
    return mean


def coal_by_class(fleet: Fleet, total_mw: FloatArray) -> dict[str, FloatArray]:
    """Coal capacity by class: additions are new large units, closures take the least efficient first, [year]."""
    change = np.diff(total_mw, prepend=total_mw[0])
    built = np.minimum(np.cumsum(np.maximum(change, 0.0)), total_mw)
    left = total_mw - built
    found: dict[str, FloatArray] = {}
    new = next(c for c in fleet.coal_classes if c.built_new)
    # What is left of the first fleet fills the classes from the one that closes last.
    for row in sorted(fleet.coal_classes, key=_closes_last):
        held = np.minimum(left, row.share_2020 * total_mw[0])
        left = left - held
        found[row.technology] = held + (built if row is new else 0.0)
    return {c.technology: found[c.technology] for c in fleet.coal_classes}


def _closes_last(row: CoalClass) -> int:
    return -row.retire_order


def line_capacity(fleet: Fleet, total_mw: FloatArray) -> dict[str, FloatArray]:
    """Lines filled in the order in which they were commissioned, up to the lever's capacity, [year]."""
    found = {}
    left = total_mw
    for line in fleet.lines:
        held = np.minimum(left, line.capacity_mw)
        left = left - held
        found[line.technology] = held
    return found


def offgas_mwh(fleet: Fleet, years: tuple[int, ...]) -> FloatArray:
    """Gross output of plants on steel gases and waste heat, MWh [year]."""
    index = fleet.region.leaf("power/fleet", "offgas_generation_index").path(years)
    return observed_mwh(fleet, "offgas") * index


@dataclass(frozen=True)
class Imports:
    """Energy by line [year from 2020], its CO2 per MWh at the origin, and the mix of newly added channels."""

    energy_mwh: Mapping[str, FloatArray]
    tco2_per_mwh: Mapping[str, FloatArray]
    new_channel_renewable_share: FloatArray


def imports(fleet: Fleet, paths: LeverPaths, capacity: Capacity, factor: float) -> Imports:
    """Lines share the energy of capacity x utilisation by their usual hours; factor is the base-year calibration."""
    total = paths.path("power.import_capacity") * paths.path("power.import_utilisation")
    total = total * MW_PER_GW * HOURS * factor
    weight = {n.technology: capacity.end_mw[n.technology] * n.hours_per_year for n in fleet.lines}
    whole = sum(weight.values())
    energy = {name: total * w / whole for name, w in weight.items()}
    until = int(fleet.number("import_existing_until_year"))
    after = int(fleet.number("import_new_channel_after_year"))
    old = [n for n in fleet.lines if n.commissioned_year <= until]
    raw = sum(energy[n.technology] * n.tco2_per_mwh for n in old)
    held = sum(energy[n.technology] for n in old)
    scale = paths.path("power.existing_import_emission_factor") * held / raw
    renewable = paths.path("power.new_channel_renewable_share")
    thermal = fleet.number("import_new_thermal_tco2_per_mwh")
    factors = {
        n.technology: scale * n.tco2_per_mwh if n in old else (1 - renewable) * thermal for n in fleet.lines
    }
    added = [n for n in fleet.lines if n.commissioned_year > after]
    new_energy = sum(energy[n.technology] for n in added)
    green = sum(
        energy[n.technology] * (renewable if n.commissioned_year > until else float(n.non_fossil))
        for n in added
    )
    share = np.divide(green, new_energy, out=np.ones_like(total), where=np.asarray(new_energy) > 0)
    return Imports(energy, factors, share)
