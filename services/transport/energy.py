"""Energy by use and carrier, calibrated to the base year; direct CO2 by the one factor library."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.factors import factors_tco2_per_gj
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.units import GJ_PER_MTCE, MWH_PER_TWH
from services.transport.activity import Activity
from services.transport.base import (
    CNG,
    DIESEL,
    FCEV,
    GASOLINE,
    HEV,
    LNG,
    PHEV,
    POWERTRAINS,
    SECTOR,
    TransportBase,
    transport_base,
)
from services.transport.charging.temperature import NORMAL, charging_ratio
from services.transport.fleet.sums import over_powertrains
from services.transport.systems.hydrogen import hydrogen_supply_mwh

USES: Final = {
    "private_car": "passenger_cars",
    "taxi": "passenger_cars",
    "ride_hailing": "passenger_cars",
    "urban_bus": "buses_coaches",
    "coach": "buses_coaches",
    "light_truck": "trucks",
    "medium_truck": "trucks",
    "heavy_truck": "trucks",
    "special_vehicle": "trucks",
    "motorcycle": "two_wheelers",
}
_ROAD_CARRIERS: Final = {
    GASOLINE: "gasoline",
    DIESEL: "diesel",
    CNG: "natural_gas",
    LNG: "natural_gas",
    FCEV: "hydrogen",
}
_BLENDED: Final = ("gasoline", "diesel")
_ROAD_FUELS: Final = (*_BLENDED, "natural_gas", "hydrogen")
_HYDROGEN: Final = _ROAD_FUELS.index("hydrogen")
ROAD_FACTORS: Final = {"gasoline": "road_gasoline", "diesel": "road_diesel", "natural_gas": "road_gas"}


@dataclass(frozen=True)
class Energy:
    """Calibrated energy; keys of fuels are (use, carrier), GJ; electricity by use, MWh, [p, y]."""

    fuel_gj: Mapping[tuple[str, str], FloatArray]
    fuel_tco2: Mapping[tuple[str, str], FloatArray]  # direct CO2, t
    class_gj: FloatArray  # [p, c, y] fuels and hydrogen of vehicle classes, biofuel with them
    class_tco2: FloatArray  # [p, c, y] direct CO2 of vehicle classes
    charging_mwh: FloatArray  # [p, c, y]
    electricity_mwh: Mapping[str, FloatArray]


def energy_of(
    base: TransportBase,
    paths: LeverPaths,
    activity: Activity,
    calibration: Mapping[str, float],
    weather: str = NORMAL,
) -> Energy:
    """Energy of a scenario; charging follows the weather year and the climate of the cities."""
    fuels: dict[tuple[str, str], FloatArray] = {}
    factor = factors_tco2_per_gj(base.region)
    blend = paths.by_place("transport.biofuel_blend_road")
    inside = np.array([statistic_factor(base, calibration, c) for c in range(len(base.classes))])
    burned = road_fuels(base, activity)
    for i, carrier in enumerate(_ROAD_FUELS):
        burned[i] *= calibration.get(ROAD_FACTORS.get(carrier, ""), 1.0)
    burned[_HYDROGEN] *= inside[:, None, None]
    class_gj = burned.sum(axis=0)
    used = np.asarray(burned.any(axis=(2, 3)))
    biofuel = burned[: len(_BLENDED)] * blend
    burned[: len(_BLENDED)] *= 1.0 - blend
    for c, name in enumerate(base.classes):
        for i in (int(at) for at in np.flatnonzero(used[:, c])):
            if i < len(_BLENDED):
                _add(fuels, (USES[name], "biomass"), biofuel[i, c])
            _add(fuels, (USES[name], _ROAD_FUELS[i]), burned[i, c])
    direct = np.array([factor[carrier] for carrier in _ROAD_FUELS])
    class_tco2 = (burned * direct[:, None, None, None]).sum(axis=0)
    _add(fuels, ("passenger_cars", "lpg"), _lpg(base, activity))
    _system_fuels(fuels, paths, activity, calibration)
    climate = inside * charging_ratio(base.region.region_id, base.region.as_of_year, weather)
    charging = activity.fleet.totals.electric_mwh * climate.T[:, :, None]
    return Energy(
        fuel_gj=fuels,
        fuel_tco2={key: gj * factor[key[1]] for key, gj in fuels.items()},
        class_gj=class_gj.transpose(1, 0, 2),
        class_tco2=class_tco2.transpose(1, 0, 2),
        charging_mwh=charging.transpose(1, 0, 2),
        electricity_mwh=_system_electricity(activity, calibration)
        | {"hydrogen_supply": hydrogen_supply_mwh(base, paths, burned[_HYDROGEN].sum(axis=0))},
    )


def _system_electricity(activity: Activity, calibration: Mapping[str, float]) -> dict[str, FloatArray]:
    """Electricity of systems by use, MWh [p, y].

    Shore power is not calibrated, so that it replaces the engines' electricity kWh for kWh; nor are battery ships,
    which the base year did not have.
    """
    s = activity.systems
    grid = calibration.get("rail_port_electricity", 1.0)
    return {
        "rail": s.rail.electric_mwh * grid,
        "metro": s.metro_mwh * grid,
        "ports": s.ports.electric_mwh * grid,
        "shore_power": s.berths.shore_mwh,
        "ships": s.ship_battery_mwh,
    }


def statistic_factor(base: TransportBase, calibration: Mapping[str, float], c: int) -> float:
    """Factor on electricity and hydrogen of a class: that of the fuel they replace, so that both have one boundary.

    The factor of a fuel says how much of the distance of registered vehicles the region's statistics see; a truck
    that fills up elsewhere also charges elsewhere. Buses stay at home.
    """
    return calibration.get(base.rows[c]["statistic_factor"], 1.0)


def road_fuels(base: TransportBase, activity: Activity) -> FloatArray:
    """Uncalibrated fuel of vehicle classes, GJ [carrier, c, p, y] in the order of _ROAD_FUELS."""
    weight = _fuel_weights(base.region.region_id, base.region.as_of_year)
    return over_powertrains(activity.fleet.fuel_gj, weight)


@kept(maxsize=8)
def _fuel_weights(region_id: str, as_of_year: int) -> FloatArray:
    """1 where a class and powertrain burns a fuel of _ROAD_FUELS, [carrier, c, k]."""
    base = transport_base(region_id, as_of_year)
    weight = np.zeros((len(_ROAD_FUELS), len(base.classes), len(POWERTRAINS)))
    for k, carrier in _ROAD_CARRIERS.items():
        weight[_ROAD_FUELS.index(carrier), :, k] = 1.0
    for c, row in enumerate(base.rows):
        weight[_ROAD_FUELS.index(row["hybrid_fuel"]), c, [HEV, PHEV]] = 1.0
    return weight


def _lpg(base: TransportBase, activity: Activity) -> FloatArray:
    """LPG follows the km of taxis with a combustion engine, GJ [p, y]."""
    taxi = activity.fleet.km[:, base.position("taxi")]
    km = taxi[:, GASOLINE] + taxi[:, CNG] + taxi[:, HEV]
    scaled: FloatArray = statistic_gj(base, "lpg") * km / km[:, 0].sum()
    return scaled


def _system_fuels(
    fuels: dict[tuple[str, str], FloatArray],
    paths: LeverPaths,
    activity: Activity,
    calibration: Mapping[str, float],
) -> None:
    """Fuels of ships, rail, ports and aviation into `fuels`."""
    s = activity.systems
    sea = calibration.get("ship_fuel_oil", 1.0)
    jet = s.air.jet_gj * calibration.get("aviation_kerosene", 1.0)
    saf = paths.by_place("transport.saf_share")
    for key, gj in {
        ("ships", "diesel"): s.inland_diesel_gj + s.berth_diesel_gj,
        ("ships", "fuel_oil"): s.sea_oil_gj * sea,
        ("ships", "natural_gas"): s.inland_gas_gj + s.sea_gas_gj * sea,
        ("ships", "methanol"): s.inland_methanol_gj + s.sea_methanol_gj * sea,
        ("rail", "diesel"): s.rail.diesel_gj,
        ("ports", "diesel"): s.ports.diesel_gj,
        ("ports", "natural_gas"): s.ports.gas_gj,
        ("aviation", "kerosene"): jet * (1.0 - saf),
        ("aviation", "biomass"): jet * saf,
    }.items():
        _add(fuels, key, gj)


def _add(fuels: dict[tuple[str, str], FloatArray], key: tuple[str, str], gj: FloatArray) -> None:
    fuels[key] = fuels[key] + gj if key in fuels else gj


def statistic_gj(base: TransportBase, carrier: str) -> float:
    """Energy of a carrier booked to transport in the balance of 2020, GJ."""
    rows = base.region.table("energy_balance_2020").rows()
    return sum(
        float(r["energy_mtce"]) * GJ_PER_MTCE
        for r in rows
        if r["owner"] == SECTOR and r["carrier"] == carrier
    )


def statistic_mwh(base: TransportBase) -> float:
    """Electricity booked to transport in the balance of 2020, MWh."""
    rows = base.region.table("energy_balance_2020").rows()
    return sum(
        float(r["electricity_twh"]) * MWH_PER_TWH
        for r in rows
        if r["owner"] == SECTOR and r["carrier"] == "electricity"
    )
