"""Energy per km of a caller's vehicles by model year, and what the weather adds to batteries."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, MONTH_DAYS
from services.common.regions import Region
from services.common.units import GJ_PER_MWH
from services.transport.base import AGES, BEV, COMBUSTION, PHEV, POWERTRAINS, SUBJECT
from services.transport.charging.temperature import (
    NORMAL,
    consumption_factor,
    region_day_factors,
    use_by_day,
)
from services.transport.fleet.doors import FleetClass, FleetPowertrain
from services.transport.fleet.intensity import (
    ELECTRIC,
    FUEL,
    KM_PER_100KM,
    PRINTED_YEARS,
    electric_share_of,
    energy_table,
    fuel_of,
)

PARAMETERS = "transport/own_fleet"
_ALMOST = 1.0 - 1e-9


@dataclass(frozen=True)
class PerKm:
    """Energy of a powertrain, [slot] from model year first_year - 39 on."""

    fuel_gj: FloatArray
    electric_mwh: FloatArray
    electric_share: float  # of a plug-in hybrid's distance
    below_known: bool  # falls below what the table holds reachable


def energy_by_model_year(
    own: FleetClass, one: FleetPowertrain, region: Region, years: tuple[int, ...], battery_factor: float
) -> PerKm:
    """Energy per km. A figure of the caller's holds for model year first_year.

    With `improvement_per_year` later model years fall by it and earlier ones stay; else all move as the table of the
    class does: straight between its years, flat after, more fuel before 2020. Batteries are multiplied by the factor of
    the weather.
    """
    k = POWERTRAINS.index(one.powertrain)
    table = energy_table(region, (own.like_class,))
    given = _given(own, one, region)
    paths = []
    below = False
    for part in (FUEL, ELECTRIC):
        path = _table_path(region, table.printed[part, 0, k], k if part == FUEL else BEV, years)
        start = path[AGES - 1]
        asked = given[part]
        if asked is not None:
            path = path * (asked / start) if start > 0 else np.full_like(path, asked)
        if one.improvement_per_year is not None:
            later = np.maximum(np.arange(len(path)) - (AGES - 1), 0)
            path = path[AGES - 1] * (1.0 - one.improvement_per_year) ** later
        below = below or bool(path[-1] < min(table.floor[part, 0, k], path[AGES - 1]) * _ALMOST)
        paths.append(path)
    share = _electric_share(own, one, region) if k == PHEV else float(k == BEV)
    fuel, electric = paths
    if k == PHEV:
        fuel, electric = fuel * (1.0 - share), electric * share
    return PerKm(fuel, electric * battery_factor, share, below)


def battery_factor_of(region: Region, month_degc: tuple[float, ...]) -> float:
    """Use of batteries in the caller's months over the mean of the table, which holds the region's normal year."""
    if not month_degc:
        return 1.0
    days = np.repeat(np.array(month_degc), MONTH_DAYS)
    own = (use_by_day(region) * consumption_factor(region, days)).mean()
    return float(own / region_day_factors(region.region_id, NORMAL).mean())


def _given(own: FleetClass, one: FleetPowertrain, region: Region) -> tuple[float | None, float | None]:
    """The caller's own fuel in GJ per km and electricity in MWh per km."""
    fuel = electric = None
    heat = region.table("transport/fuels").by("fuel")
    if one.fuel_per_100km is not None and one.powertrain != "bev":
        row = region.table("transport/vehicle_classes").by("vehicle_class")[own.like_class]
        gj = heat[fuel_of(one.powertrain, row["hybrid_fuel"])]["gj_per_unit"]
        fuel = one.fuel_per_100km * gj / KM_PER_100KM
    if one.electricity_kwh_per_100km is not None:
        electric = (
            one.electricity_kwh_per_100km * heat["electricity"]["gj_per_unit"] / GJ_PER_MWH / KM_PER_100KM
        )
    return fuel, electric


def _table_path(region: Region, printed: FloatArray, k: int, years: tuple[int, ...]) -> FloatArray:
    """The table's energy per km by model year, from years[0] - 39 on."""
    model_year = np.arange(years[0] - AGES + 1, years[-1] + 1)
    path: FloatArray = np.interp(model_year, PRINTED_YEARS, printed)
    if k in COMBUSTION:
        growth = region.number(SUBJECT, "old_fuel_use_growth_per_year")
        first = region.number(SUBJECT, "old_fuel_use_first_year")
        path *= 1.0 + growth * np.maximum(BASE_YEAR - np.maximum(model_year, first), 0.0)
    return path


def _electric_share(own: FleetClass, one: FleetPowertrain, region: Region) -> float:
    """Share of distance that a plug-in hybrid drives on electricity."""
    if one.electric_distance_share is not None:
        return one.electric_distance_share
    row = region.table("transport/vehicle_classes").by("vehicle_class")[own.like_class]
    by_range = electric_share_of(region, np.array(region.number(PARAMETERS, "phev_range_km")))
    return float(by_range * row["phev_use_factor"])
