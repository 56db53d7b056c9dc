"""Energy per km of every model year, by class and powertrain, under the efficiency levers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import GJ_PER_MWH
from services.transport.base import (
    AGES,
    BEV,
    FCEV,
    FIRST_YEAR,
    PHEV,
    POWERTRAINS,
    SUBJECT,
    TransportBase,
)
from services.transport.fleet.energy_kernels import spread_energy

FUEL: Final = 0
ELECTRIC: Final = 1
KM_PER_100KM: Final = 100.0
_MODEL_YEARS = tuple(range(BASE_YEAR, LAST_YEAR + 1))
PRINTED_YEARS: Final = (2020, 2025, 2030, 2035)  # columns e2020 ... of energy_per_100km


@dataclass(frozen=True)
class EnergyTable:
    """Energy of new vehicles: fuel part in GJ per km, electric part in MWh per km, [part, c, k]."""

    start: FloatArray  # model year 2020
    floor: FloatArray  # what technology can reach
    printed: FloatArray  # [part, c, k, printed year]
    fuel_cell: (
        FloatArray  # [c, y] of model years from 2020 on, straight between the printed years and flat after
    )


@kept(maxsize=16)
def energy_table(region: Region, classes: tuple[str, ...]) -> EnergyTable:
    """The table of energy per 100 km in the kernel's units; plug-in hybrids hold each mode on its own."""
    hybrid_fuel = {
        r["vehicle_class"]: r["hybrid_fuel"] for r in region.table("transport/vehicle_classes").rows()
    }
    heat = region.table("transport/fuels").by("fuel")
    shape = (2, len(classes), len(POWERTRAINS))
    floor, printed = np.zeros(shape), np.zeros((*shape, len(PRINTED_YEARS)))
    for row in region.table("transport/energy_per_100km").rows():
        if row["vehicle_class"] not in classes:
            continue
        c = classes.index(row["vehicle_class"])
        name = row["powertrain"].removesuffix("_cs").removesuffix("_cd")
        part = ELECTRIC if row["energy_unit"] == "kWh" else FUEL
        fuel = "electricity" if part == ELECTRIC else fuel_of(name, hybrid_fuel[row["vehicle_class"]])
        unit = heat[fuel]["gj_per_unit"] / KM_PER_100KM / (GJ_PER_MWH if part == ELECTRIC else 1.0)
        k = POWERTRAINS.index(name)
        printed[part, c, k] = [row[f"e{y}"] * unit for y in PRINTED_YEARS]
        floor[part, c, k] = min(row["low"], row["e2035"]) * unit
    cell = [np.interp(_MODEL_YEARS, PRINTED_YEARS, row) for row in printed[FUEL, :, FCEV]]
    return EnergyTable(printed[..., 0].copy(), floor, printed, np.stack(cell))


def fuel_of(powertrain: str, hybrid_fuel: str) -> str:
    """Fuel of a powertrain, a row of the table of heating values."""
    if powertrain in ("hev", "phev"):
        return hybrid_fuel
    return "hydrogen" if powertrain == "fcev" else powertrain


def energy_per_km(base: TransportBase, paths: LeverPaths) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fuel in GJ per km and electricity in MWh per km at the meter, [f, k, slot, p]; fuel's share of km of plug-in
    hybrids, [f, slot, p].

    A model year y > 2020 uses e(2020) x prod(1 - r), never less than the floor (plug-in hybrids' floors hold for each
    mode); fuel cells follow the table, straight between its years and flat after; before 2020 fuel use was higher.
    """
    table = energy_table(base.region, base.fleet_classes)
    on_fuel = 1.0 - _electric_share(base, paths)
    fuel = np.empty((len(base.fleet_classes), len(POWERTRAINS), *on_fuel.shape[1:]))
    electric = np.empty_like(fuel)
    better = np.stack(
        [
            _improvement(paths, f"transport.{kind}_efficiency_improvement")
            for kind in ("ice", "ev")  # in the order of the parts
        ]
    )
    spread_energy(
        table.start,
        table.floor,
        fuel_use_before(base.region),
        better,
        table.fuel_cell,
        on_fuel,
        (PHEV, BEV, FCEV),
        fuel,
        electric,
    )
    return fuel, electric, on_fuel


def fuel_use_before(region: Region) -> FloatArray:
    """Fuel use of model years FIRST_YEAR to 2019 over that of 2020."""
    growth = region.number(SUBJECT, "old_fuel_use_growth_per_year")
    first = region.number(SUBJECT, "old_fuel_use_first_year")
    older: FloatArray = 1.0 + growth * (BASE_YEAR - np.maximum(np.arange(FIRST_YEAR, BASE_YEAR), first))
    return older


def _improvement(paths: LeverPaths, lever_id: str) -> FloatArray:
    """Energy of new vehicles over that of 2020 without a floor, [y, p]."""
    steps = 1.0 - paths.by_place(lever_id)
    steps[:, 0] = 1.0
    return np.ascontiguousarray(np.cumprod(steps, axis=1).T)


def electric_share_of(region: Region, range_km: FloatArray) -> FloatArray:
    """Share of a plug-in hybrid's km driven on electricity by its range when new: 1 - exp(-a R^b), capped."""
    scale, exponent = region.number(SUBJECT, "uf_scale"), region.number(SUBJECT, "uf_exponent")
    share: FloatArray = np.minimum(
        1.0 - np.exp(-scale * range_km**exponent), region.number(SUBJECT, "uf_limit")
    )
    return share


def _electric_share(base: TransportBase, paths: LeverPaths) -> FloatArray:
    """Share of a plug-in hybrid's km driven on electricity, [f, slot, p]; less where there is no home charger."""
    use = electric_share_of(base.region, paths.by_place("transport.phev_electric_range").T)
    by_slot = np.concatenate([np.repeat(use[:1], AGES - 1, axis=0), use])
    factor = np.array([row["phev_use_factor"] for row in base.fleet_rows])
    shares: FloatArray = factor[:, None, None] * by_slot
    return shares
