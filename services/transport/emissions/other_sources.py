"""Pollutants that do not follow the exhaust factors of the road: evaporation, wear, sulphur, engines off the road.

Figures: regions/national/transport/{emissions.yaml, non_exhaust_pm.csv, offroad_exhaust.csv}.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import Region
from services.transport.base import BEV, CNG, FCEV, LNG, POWERTRAINS, SUBJECT
from services.transport.emissions.factors import PARAMETERS, POLLUTANTS
from services.transport.emissions.standards import group_of

WEAR: Final = "transport/non_exhaust_pm"
OFFROAD: Final = "transport/offroad_exhaust"
_FUELS: Final = "transport/fuels"
_G_PER_MG: Final = 1e-3
_DAYS: Final = 365.0
_SO2_PER_SULPHUR: Final = 2.0  # a mole of SO2 weighs twice a mole of sulphur
_GAS: Final = "natural_gas"


@kept(maxsize=32)
def evaporation_factors(region: Region, classes: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """VOC that evaporates from vehicles with a gasoline tank: g per km and g per vehicle and year, [c, k].

    Running hours are distance over one speed; a plug-in hybrid's tank counts on all its km. Evaporation limits of later
    standards are not in the guideline's figures, so years after 2020 are upper bounds.
    """
    per_km = region.number(PARAMETERS, "evaporation_running_g_per_h") / region.number(
        PARAMETERS, "evaporation_speed_kmh"
    )
    per_year = region.number(PARAMETERS, "evaporation_parked_g_per_day") * _DAYS
    tank = np.array(
        [[fuel == "gasoline" for fuel in own] for own in fuels_burned(region, classes)], dtype=float
    )
    return _sealed(tank * per_km), _sealed(tank * per_year)


@kept(maxsize=32)
def wear_factors(region: Region, classes: tuple[str, ...]) -> FloatArray:
    """PM2.5 of tyres, brakes and road surface, g/km [c, k]; electric drive saves part of the brakes'."""
    rows = region.table(WEAR).by("vehicle_class")
    saved = region.number(PARAMETERS, "brake_pm_share") * region.number(
        PARAMETERS, "electric_brake_saving_share"
    )
    factor = np.ones((len(classes), len(POWERTRAINS)))
    factor[:, [BEV, FCEV]] = 1.0 - saved
    own = np.array([rows[name]["pm25_mg_per_km"] for name in classes])
    return _sealed(factor * own[:, None] * _G_PER_MG)


@kept(maxsize=32)
def so2_factors(region: Region, classes: tuple[str, ...]) -> FloatArray:
    """SO2 of road vehicles, g per GJ of fuel [c, k]."""
    own = so2_g_per_gj(region)
    return _sealed(np.array([[own.get(fuel, 0.0) for fuel in row] for row in fuels_burned(region, classes)]))


def fuels_burned(region: Region, classes: tuple[str, ...]) -> list[list[str]]:
    """Fuel by class and powertrain: gasoline, diesel, natural_gas, or "" without an exhaust; hybrids as their fuel."""
    group = group_of(region)
    return [
        [
            _GAS if k in (CNG, LNG) else group[name, powertrain]["factor_fuel"] if k < BEV else ""
            for k, powertrain in enumerate(POWERTRAINS)
        ]
        for name in classes
    ]


@kept(maxsize=8)
def so2_g_per_gj(region: Region) -> Mapping[str, float]:
    """SO2 by carrier, g/GJ: twice the sulphur in the fuel; gas, methanol and hydrogen hold next to none."""
    gj = gj_per_kg(region)
    road = region.number(PARAMETERS, "road_fuel_sulphur_mg_per_kg")
    sea = region.number(PARAMETERS, "sea_fuel_sulphur_mg_per_kg")
    sulphur = {"gasoline": road, "diesel": road, "fuel_oil": sea}
    return {carrier: _SO2_PER_SULPHUR * mg * _G_PER_MG / gj[carrier] for carrier, mg in sulphur.items()}


@kept(maxsize=8)
def offroad_g_per_gj(region: Region) -> Mapping[tuple[str, str], FloatArray]:
    """Exhaust of ships, rail and ports by (use, carrier), g/GJ [q]."""
    gj = gj_per_kg(region)
    return {
        (r["use"], r["carrier"]): np.array([r[q] for q in POLLUTANTS]) / gj[r["carrier"]]
        for r in region.table(OFFROAD).rows()
    }


@kept(maxsize=8)
def gj_per_kg(region: Region) -> Mapping[str, float]:
    """Heating values by mass, GJ/kg; natural gas as LNG."""
    fuels = region.table(_FUELS).by("fuel")
    return {
        "gasoline": fuels["gasoline"]["gj_per_unit"] / region.number(PARAMETERS, "gasoline_kg_per_l"),
        "diesel": fuels["diesel"]["gj_per_unit"] / region.number(SUBJECT, "diesel_kg_per_l"),
        "natural_gas": fuels["lng"]["gj_per_unit"],
        "fuel_oil": region.number(PARAMETERS, "fuel_oil_gj_per_kg"),
        "methanol": region.number(PARAMETERS, "methanol_gj_per_kg"),
    }


def _sealed(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array
