"""Energy per km of every model year, by class and powertrain, under the efficiency levers."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.levers import LeverPaths
from services.common.regions import load_region
from services.common.units import GJ_PER_MWH
from services.transport.base import (
    AGES,
    COMBUSTION,
    FCEV,
    FIRST_YEAR,
    PHEV,
    POWERTRAINS,
    TransportBase,
)

_FUEL = 0
_ELECTRIC = 1
_KM_PER_100KM = 100.0
_MODEL_YEARS = tuple(range(BASE_YEAR, LAST_YEAR + 1))
_PRINTED_YEARS = (2020, 2025, 2030, 2035)  # columns e2020 ... of energy_per_100km


@dataclass(frozen=True)
class _Table:
    """Energy of new vehicles: fuel part in GJ per km, electric part in MWh per km, [part, c, k]."""

    start: FloatArray  # model year 2020
    floor: FloatArray  # what technology can reach
    fuel_cell: FloatArray  # [c, model year from 2020] GJ per km


@lru_cache(maxsize=8)
def _table(region_id: str, as_of_year: int) -> _Table:
    region = load_region(region_id, as_of_year)
    rows = region.table("transport/vehicle_classes").rows()
    heat = region.table("transport/fuels").by("fuel")
    energy = {
        (r["vehicle_class"], r["powertrain"]): r for r in region.table("transport/energy_per_100km").rows()
    }
    start = np.zeros((2, len(rows), len(POWERTRAINS)))
    floor = np.zeros_like(start)
    fuel_cell = np.zeros((len(rows), len(_MODEL_YEARS)))
    for c, row in enumerate(rows):
        for (vehicle_class, powertrain), figures in energy.items():
            if vehicle_class != row["vehicle_class"]:
                continue
            name = powertrain.removesuffix("_cs").removesuffix("_cd")
            part = _ELECTRIC if figures["energy_unit"] == "kWh" else _FUEL
            fuel = _fuel_of(name, row["hybrid_fuel"], part)
            unit = heat[fuel]["gj_per_unit"] / _KM_PER_100KM / (GJ_PER_MWH if part == _ELECTRIC else 1.0)
            k = POWERTRAINS.index(name)
            start[part, c, k] = figures["e2020"] * unit
            floor[part, c, k] = min(figures["low"], figures["e2035"]) * unit
            if k == FCEV:
                known = [figures[f"e{y}"] for y in _PRINTED_YEARS]
                fuel_cell[c] = np.interp(_MODEL_YEARS, _PRINTED_YEARS, known) * unit
    return _Table(start, floor, fuel_cell)


def _fuel_of(powertrain: str, hybrid_fuel: str, part: int) -> str:
    if part == _ELECTRIC:
        return "electricity"
    if powertrain in ("hev", "phev"):
        return hybrid_fuel
    return "hydrogen" if powertrain == "fcev" else powertrain


def energy_per_km(base: TransportBase, paths: LeverPaths) -> tuple[FloatArray, FloatArray]:
    """Fuel in GJ per km and electricity in MWh per km at the meter, [p, c, k, slot].

    A model year y > 2020 uses e(2020) x prod(1 - r), never less than the floor (plug-in hybrids' floors hold for each
    mode); fuel cells follow the table; before 2020 fuel use was higher.
    """
    table = _table(base.region.region_id, base.region.as_of_year)
    fuel = _by_model_year(base, table, _FUEL, paths.by_place("transport.ice_efficiency_improvement"))
    electric = _by_model_year(base, table, _ELECTRIC, paths.by_place("transport.ev_efficiency_improvement"))
    years = len(paths.years)
    fuel[:, :, FCEV, AGES - 1 :] = table.fuel_cell[:, :years]
    fuel[:, :, FCEV, : AGES - 1] = table.fuel_cell[:, :1]
    use = _electric_share(base, paths)
    fuel[:, :, PHEV] *= 1.0 - use
    electric[:, :, PHEV] *= use
    return fuel, electric


def _by_model_year(base: TransportBase, table: _Table, part: int, fall: FloatArray) -> FloatArray:
    """Energy per km by slot, [p, c, k, slot]."""
    steps = 1.0 - fall
    steps[:, 0] = 1.0
    later = np.cumprod(steps, axis=1)
    energy = np.empty((len(fall), *table.start[part].shape, AGES - 1 + fall.shape[1]))
    energy[..., AGES - 1 :] = np.maximum(
        table.start[part][None, :, :, None] * later[:, None, None, :], table.floor[part][None, :, :, None]
    )
    energy[..., : AGES - 1] = table.start[part][None, :, :, None]
    if part == _FUEL:
        growth = base.number("old_fuel_use_growth_per_year")
        first = base.number("old_fuel_use_first_year")
        model_year = np.arange(FIRST_YEAR, BASE_YEAR)
        older = 1.0 + growth * (BASE_YEAR - np.maximum(model_year, first))
        for k in COMBUSTION:
            energy[:, :, k, : AGES - 1] *= older
    return energy


def _electric_share(base: TransportBase, paths: LeverPaths) -> FloatArray:
    """Share of a plug-in hybrid's km driven on electricity, by its range when new, [p, c, slot].

    1 - exp(-a R^b), capped; less where hybrids have no home charger.
    """
    scale, exponent = base.number("uf_scale"), base.number("uf_exponent")
    electric_range = paths.by_place("transport.phev_electric_range")
    use = np.minimum(1.0 - np.exp(-scale * electric_range**exponent), base.number("uf_limit"))
    by_slot = np.concatenate([np.repeat(use[:, :1], AGES - 1, axis=1), use], axis=1)
    factor = np.array([row["phev_use_factor"] for row in base.rows])
    shares: FloatArray = by_slot[:, None, :] * factor[:, None]
    return shares
