"""Greenhouse gases from well to wheel: direct CO2, the chain of fuels, and electricity at a grid factor.

    WTW = direct CO2 + sum fuel GJ x WTT + electricity MWh x grid / (1 - loss)

Three boundaries: direct; direct and electricity; well to wheel. The power sector's own factor comes after transport,
so a region's figures use a reference path (regions/<region>/transport/grid.yaml, grade C). Electrolysis of a region's
green hydrogen is electricity of transport and is counted there, not in the chain of hydrogen. Fuel chains:
regions/national/transport/well_to_tank.csv.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.region_files import RegionDataError
from services.common.regions import Region
from services.common.units import GJ_PER_MWH, MWH_PER_KWH, T_PER_KG
from services.transport.activity import Activity
from services.transport.base import CNG, LNG, SUBJECT, TransportBase
from services.transport.energy import USES, Energy
from services.transport.fleet.sums import kinds, over_powertrains

CHAIN: Final = "transport/well_to_tank"
GRID: Final = "transport/grid"
DEFAULT_ROUTE: Final = "by_product"
_ROAD_USES: Final = frozenset(USES.values())
_GASES: Final = kinds((CNG,), (LNG,))


@dataclass(frozen=True)
class Chain:
    """The parts of well to wheel, t [p, y]; energy as calibrated to the region's statistics."""

    direct_tco2: FloatArray
    fuels_tco2e: FloatArray  # from the well to the tank, without electricity
    electricity_tco2: FloatArray  # at the station, losses in; charging, rail, ports, electrolysis


def well_to_tank_kgco2e_per_gj(
    region: Region,
    carrier: str,
    hydrogen_route: str = DEFAULT_ROUTE,
    grid_kgco2_per_kwh: float | None = None,
    loss_share: float | None = None,
) -> float:
    """Greenhouse gases of bringing a GJ (lower heating value) to the tank or charger, kgCO2e/GJ.

    Carriers: gasoline, diesel, kerosene, fuel_oil, lng, cng, natural_gas (as LNG), lpg, methanol, biomass, hydrogen,
    electricity. `grid_kgco2_per_kwh` is at the station; `loss_share` of it is lost on the lines (else the region's
    share). Without a grid factor electricity and electrolysis count nothing. RegionDataError for an unknown carrier or
    route.
    """
    if carrier == "electricity":
        return _delivered(region, grid_kgco2_per_kwh, loss_share) / (GJ_PER_MWH * MWH_PER_KWH)
    if carrier == "hydrogen" and hydrogen_route == "electrolysis":
        kwh_per_kg = region.number(SUBJECT, "electrolysis_kwh_per_kg")
        gj_per_kg = region.table("transport/fuels").by("fuel")["hydrogen"]["gj_per_unit"]
        return float(_delivered(region, grid_kgco2_per_kwh, loss_share) * kwh_per_kg / gj_per_kg)
    key = (carrier, hydrogen_route if carrier == "hydrogen" else "")
    known = _chains(region)
    if key not in known:
        raise RegionDataError(f"{CHAIN}: no chain of {' by '.join(filter(None, key))}")
    return known[key]


@kept(maxsize=8)
def _chains(region: Region) -> dict[tuple[str, str], float]:
    return {(r["carrier"], r["hydrogen_route"]): r["kgco2e_per_gj"] for r in region.table(CHAIN).rows()}


def _delivered(region: Region, grid_kgco2_per_kwh: float | None, loss_share: float | None) -> float:
    """CO2 per kWh at the meter, kg."""
    if grid_kgco2_per_kwh is None:
        return 0.0
    lost = region.number(GRID, "grid_loss_share") if loss_share is None else loss_share
    return grid_kgco2_per_kwh / (1.0 - lost)


def reference_grid_kgco2_per_kwh(region: Region, years: tuple[int, ...]) -> FloatArray:
    """Reference grid factor at the station by year, kgCO2/kWh [y]; grade C, not the power sector's result."""
    elapsed = np.asarray(years, dtype=np.float64) - BASE_YEAR
    start = region.number(GRID, "grid_kgco2_per_kwh_2020")
    path: FloatArray = start * (1.0 - region.number(GRID, "grid_decline_per_year")) ** elapsed
    return path


def chain_of(
    base: TransportBase,
    paths: LeverPaths,
    activity: Activity,
    energy: Energy,
    grid_kgco2_per_kwh: FloatArray | None = None,
) -> Chain:
    """Well to wheel of a scenario; `grid_kgco2_per_kwh` [y] at the station, else the reference path."""
    region = base.region
    grid = grid_kgco2_per_kwh
    if grid is None:
        grid = reference_grid_kgco2_per_kwh(region, paths.years)
    mwh = energy.charging_mwh.sum(axis=1)
    for own in energy.electricity_mwh.values():
        mwh = mwh + own
    direct = np.zeros_like(mwh)
    for tco2 in energy.fuel_tco2.values():
        direct += tco2
    return Chain(
        direct_tco2=direct,
        fuels_tco2e=_fuels(base, paths, activity, energy),
        electricity_tco2=mwh * (grid / (1.0 - region.number(GRID, "grid_loss_share"))),
    )


def _fuels(base: TransportBase, paths: LeverPaths, activity: Activity, energy: Energy) -> FloatArray:
    """Chain of all fuels, t [p, y]."""
    region = base.region
    kg = np.zeros_like(activity.population)
    lng_share = _road_lng_share(activity)
    cng, lng = (well_to_tank_kgco2e_per_gj(region, name) for name in ("cng", "lng"))
    bought = 1.0 - paths.by_place("transport.hydrogen_green_share")
    for (use, carrier), gj in energy.fuel_gj.items():
        if carrier == "natural_gas":
            kg += gj * (cng + (lng - cng) * lng_share if use in _ROAD_USES else lng)
        elif carrier == "hydrogen":
            kg += gj * bought * well_to_tank_kgco2e_per_gj(region, carrier)
        else:
            kg += gj * well_to_tank_kgco2e_per_gj(region, carrier)
    return kg * T_PER_KG


def _road_lng_share(activity: Activity) -> FloatArray:
    """Liquefied part of the gas of road vehicles, [p, y]."""
    cng, lng = over_powertrains(activity.fleet.fuel_gj, _GASES).sum(axis=1)
    gas = cng + lng
    share: FloatArray = np.divide(lng, gas, out=np.zeros_like(gas), where=gas > 0)
    return share
