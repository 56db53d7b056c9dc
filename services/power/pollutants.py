"""Air pollutants of plants in the region: SO2, NOx and particulate matter by technology and year, t.

Factor per gross MWh: the decline observed for thermal power up to the last published year, then the region's own
default, linear between and flat after. Coal, off-gas and biomass plants carry the thermal factor; combined cycles their
own. NOx of coal units committed by day rises at part load (`margins`); classes led by heat are taken to run above half
load.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.power_outcome import Technology
from services.common.regions import Region
from services.common.units import KG_PER_T
from services.power.stack import BLOCKS, TECH_OF_BLOCK
from services.power.sums import YearSums

TABLE = "power/air_pollutants"
LOCAL = "power/air_pollutants_local"
POLLUTANTS = ("so2", "nox", "pm")
THERMAL = ("coal", "byproduct_gas", "biomass_waste")


def thermal_kg_per_mwh(region: Region, pollutant: str, years: tuple[int, ...]) -> FloatArray:
    """Emission of coal plants per gross MWh at full load, kg/MWh [year]."""
    name = f"thermal_{pollutant}_kg_per_mwh"
    points = dict(region.leaf(TABLE, name).values)
    if region.has(LOCAL, ".yaml"):
        points |= region.leaf(LOCAL, name).values
    known = sorted(points)
    return np.interp(years, known, [points[y] for y in known])


def with_pollutants(
    region: Region, years: Sequence[YearSums], techs: Sequence[Technology]
) -> tuple[Technology, ...]:
    """The technologies with their air pollutants; imports and plants without fuel have none."""
    calendar = tuple(BASE_YEAR + y.index for y in years)
    thermal = {p: thermal_kg_per_mwh(region, p, calendar) for p in POLLUTANTS}
    gas = {p: region.number(TABLE, f"gas_{p}_kg_per_mwh") for p in POLLUTANTS}
    found = []
    for tech in techs:
        tonnes = {p: np.zeros(len(years)) for p in POLLUTANTS}
        if tech.imported:
            pass
        elif tech.carrier in THERMAL:
            tonnes = {p: tech.energy_mwh * thermal[p] / KG_PER_T for p in POLLUTANTS}
            tonnes["nox"] = tonnes["nox"] * _nox_ratio(years, tech.technology)
        elif tech.carrier == "natural_gas":
            tonnes = {p: tech.energy_mwh * gas[p] / KG_PER_T for p in POLLUTANTS}
        found.append(replace(tech, so2_t=tonnes["so2"], nox_t=tonnes["nox"], pm_t=tonnes["pm"]))
    return tuple(found)


def _nox_ratio(years: Sequence[YearSums], technology: str) -> FloatArray:
    """NOx over that at full load; a technology outside the stack has none known, 1."""
    blocks = [k for k, name in enumerate(BLOCKS) if TECH_OF_BLOCK[name] == technology]
    return np.array([y.margin.nox_ratio[blocks[0]] if blocks else 1.0 for y in years])
