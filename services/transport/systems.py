"""Transport without road vehicles: ships, rail, urban rail, aviation, ports. Uncalibrated energy, [p, y]."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH, GJ_PER_TCE
from services.transport.base import TransportBase
from services.transport.freight.turnover import Freight
from services.transport.travel.urban import Passengers

_GJ_PER_MJ = 1e-3
_MWH_PER_KWH = 1e-3
_KG_PER_G = 1e-3
_KWH_PER_MWH = 1e3
_T_PER_10KT = 1e4


@dataclass(frozen=True)
class Systems:
    """Energy by use: fuels in GJ, electricity in MWh at the meter, [p, y]."""

    inland_diesel_gj: FloatArray
    inland_gas_gj: FloatArray
    inland_methanol_gj: FloatArray
    sea_oil_gj: FloatArray
    sea_gas_gj: FloatArray
    sea_methanol_gj: FloatArray
    ship_battery_mwh: FloatArray
    berth_diesel_gj: FloatArray
    shore_power_mwh: FloatArray
    rail_diesel_gj: FloatArray
    rail_electric_mwh: FloatArray
    metro_mwh: FloatArray
    jet_gj: FloatArray
    port_diesel_gj: FloatArray
    port_gas_gj: FloatArray
    port_electric_mwh: FloatArray
    rail_pkm: FloatArray


def system_energy(
    base: TransportBase, paths: LeverPaths, freight: Freight, passengers: Passengers, gdp_cny: FloatArray
) -> Systems:
    """Energy of the systems from 2020 on."""
    air, shifted_pkm = _air(base, paths, gdp_cny)
    rail_diesel, rail_electric, rail_pkm = _rail(base, paths, freight, gdp_cny, shifted_pkm)
    ports = _ports(base, paths, freight)
    berth_mwh = base.local("berth_electricity_mwh") * (
        freight.throughput_t / freight.throughput_t[:, :1].sum()
    )
    connected = paths.by_place("transport.shore_power_share")
    diesel = base.region.table("transport/fuels").by("fuel")["diesel"]["gj_per_unit"]
    diesel_gj_per_kg = diesel / base.number("diesel_kg_per_l")
    berth_gj_per_mwh = base.number("berth_fuel_g_per_kwh") * _KG_PER_G * _KWH_PER_MWH * diesel_gj_per_kg
    return Systems(
        **_ships(base, paths, freight),
        berth_diesel_gj=berth_mwh * (1.0 - connected) * berth_gj_per_mwh,
        shore_power_mwh=berth_mwh * connected,
        rail_diesel_gj=rail_diesel,
        rail_electric_mwh=rail_electric,
        metro_mwh=passengers.metro_pkm * base.number("metro_kwh_per_pkm") * _MWH_PER_KWH,
        jet_gj=air,
        **ports,
        rail_pkm=rail_pkm,
    )


def _years(paths: LeverPaths) -> FloatArray:
    return np.asarray(paths.years, dtype=np.float64) - BASE_YEAR


def _ships(base: TransportBase, paths: LeverPaths, freight: Freight) -> dict[str, FloatArray]:
    """Inland ships burn diesel, seagoing ships fuel oil; batteries inland, LNG and methanol everywhere, by lever."""
    t = _years(paths)
    inland = (1.0 - base.number("inland_improvement_per_year")) ** t
    sea = (1.0 - base.number("coastal_improvement_per_year")) ** t
    inland_gj = freight.inland_tkm * base.number("inland_water_mj_per_tkm") * _GJ_PER_MJ * inland
    sea_gj = (
        freight.coastal_tkm * base.number("coastal_mj_per_tkm")
        + freight.ocean_tkm * base.number("ocean_mj_per_tkm")
    ) * (_GJ_PER_MJ * sea)
    battery = paths.by_place("transport.ship_battery_share")
    other = paths.by_place("transport.ship_lng_methanol_share")
    gas = base.number("ship_lng_share")
    battery_kwh = freight.inland_tkm * battery * base.number("battery_ship_kwh_per_tkm")
    return {
        "inland_diesel_gj": inland_gj * (1.0 - battery - other),
        "inland_gas_gj": inland_gj * other * gas,
        "inland_methanol_gj": inland_gj * other * (1.0 - gas),
        "sea_oil_gj": sea_gj * (1.0 - other),
        "sea_gas_gj": sea_gj * other * gas,
        "sea_methanol_gj": sea_gj * other * (1.0 - gas),
        "ship_battery_mwh": battery_kwh * _MWH_PER_KWH * inland,
    }


def _growth(base: TransportBase, gdp_cny: FloatArray, elasticity: FloatArray) -> FloatArray:
    """Chained growth with an elasticity to GDP by year, [p, y]."""
    steps = (gdp_cny[:, 1:] / gdp_cny[:, :-1]) ** elasticity[1:]
    return np.concatenate([np.ones((len(gdp_cny), 1)), np.cumprod(steps, axis=1)], axis=1)


def _air(base: TransportBase, paths: LeverPaths, gdp_cny: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Jet fuel uplifted at the region's airports, GJ, and passenger-km that move to high-speed rail, [p, y]."""
    growth = _growth(base, gdp_cny, base.path("air_gdp_elasticity", paths.years))
    recovery = base.path("passenger_recovery", paths.years)
    persons = base.region.city_numbers("transport", "air_passengers_count")[:, None] * growth * recovery
    shift = paths.by_place("transport.hsr_shift")
    moved = persons * base.number("short_haul_air_share") * (shift - shift[:, :1])
    gj_per_person = base.number("jet_kg_per_passenger") * base.number("jet_gj_per_kg")
    improvement = (1.0 - base.number("air_improvement_per_year")) ** _years(paths)
    return (persons - moved) * gj_per_person * improvement, moved * base.number("short_haul_km")


def _rail(
    base: TransportBase, paths: LeverPaths, freight: Freight, gdp_cny: FloatArray, shifted_pkm: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Diesel GJ, electricity MWh and passenger-km of railways, [p, y]; freight by traction, passengers electric."""
    electric = paths.by_place("transport.rail_electrified_share")
    improvement = (1.0 - base.number("rail_improvement_per_year")) ** _years(paths)
    diesel = freight.rail_tkm * (1.0 - electric) * base.number("rail_diesel_mj_per_tkm") * _GJ_PER_MJ
    traction = freight.rail_tkm * electric * base.number("rail_electric_mj_per_tkm") * _GJ_PER_MJ
    growth = _growth(base, gdp_cny, base.path("rail_passenger_gdp_elasticity", paths.years))
    growth = growth * base.path("passenger_recovery", paths.years) * base.rail_weight[:, None]
    fast = base.local("hsr_pkm") * growth + shifted_pkm
    slow = base.local("conventional_rail_pkm") * growth
    kwh = fast * base.number("hsr_kwh_per_pkm") + slow * base.number("conventional_rail_kwh_per_pkm")
    mwh = traction / GJ_PER_MWH + kwh * _MWH_PER_KWH
    return diesel * improvement, mwh * improvement, fast + slow


def _ports(base: TransportBase, paths: LeverPaths, freight: Freight) -> dict[str, FloatArray]:
    """Energy of port machines; the same work needs less energy as electricity replaces diesel.

    clean share s = (electricity + gas) / total, calorific;  total = work / ((1 - s) eta_d + s eta_c)
    """
    sea = base.region.city_numbers("transport", "sea_port")
    per_10kt = np.where(
        sea > 0,
        base.local("sea_port_tce_per_10kt"),
        base.local("river_port_tce_per_10kt"),
    )
    clean = paths.by_place("transport.port_clean_energy_share")
    gas_part = 1.0 - base.number("port_clean_electric_share")
    diesel_work = base.number("port_diesel_efficiency_share")
    clean_work = gas_part * diesel_work + (1.0 - gas_part) * base.number("port_electric_efficiency_share")
    work = (1.0 - clean) * diesel_work + clean * clean_work
    total = freight.throughput_t / _T_PER_10KT * per_10kt[:, None] * GJ_PER_TCE * work[:, :1] / work
    return {
        "port_diesel_gj": total * (1.0 - clean),
        "port_gas_gj": total * clean * gas_part,
        "port_electric_mwh": total * clean * (1.0 - gas_part) / GJ_PER_MWH,
    }
