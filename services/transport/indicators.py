"""Values of the metrics from a scenario's activity and energy; years from 2020, sliced later.

A share is a part and a whole by city: the city's value is their quotient, the region's the quotient of the sums.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH
from services.transport.activity import Activity
from services.transport.base import CNG, DIESEL, LNG, NEW_ENERGY, TransportBase
from services.transport.calibration import calibration_factors
from services.transport.energy import Energy
from services.transport.fleet import new_energy

OIL = ("gasoline", "diesel", "kerosene", "fuel_oil", "lpg")
_G_PER_T = 1e6
_PKM_PER_TKM_ROAD = "road_pkm_per_tkm"
Part = tuple[FloatArray, FloatArray]


def sums_by_place(base: TransportBase, activity: Activity, energy: Energy) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    fleet, freight, systems = activity.fleet, activity.freight, activity.systems
    cars = list(base.automobile)
    by_class = fleet.stock.sum(axis=2)
    fuels = _total(energy.fuel_gj.values(), activity)
    electricity = energy.charging_mwh.sum(axis=1) + _total(energy.electricity_mwh.values(), activity)
    private = base.position("private_car")
    found = {
        "vehicle_stock_count": by_class[:, cars].sum(axis=1),
        "private_vehicle_stock_count": by_class[:, private] / base.private_ratio,
        "nev_stock_count": new_energy(fleet.stock)[:, cars].sum(axis=1),
        "vehicle_sales_count": fleet.sales[:, cars].sum(axis=(1, 2)),
        "nev_sales_count": new_energy(fleet.sales)[:, cars].sum(axis=1),
        "vehicle_scrapped_count": fleet.scrapped[:, cars].sum(axis=(1, 2)),
        "stock_above_target_count": np.maximum(by_class - fleet.target, 0.0)[:, cars].sum(axis=1),
        "charging_energy_mwh": energy.charging_mwh.sum(axis=1),
        "electricity_mwh": electricity,
        "shore_power_mwh": energy.electricity_mwh["shore_power"],
        "hydrogen_gj": _total((v for (_, n), v in energy.fuel_gj.items() if n == "hydrogen"), activity),
        "oil_gj": _total((v for (_, n), v in energy.fuel_gj.items() if n in OIL), activity),
        "final_energy_gj": fuels + electricity * GJ_PER_MWH,
        "energy_tco2": _total(energy.tco2(base).values(), activity),
        "freight_road_tkm": freight.road_tkm,
        "freight_rail_tkm": freight.rail_tkm,
        "freight_water_tkm": freight.water_tkm,
        "freight_total_tkm": freight.road_tkm + freight.rail_tkm + freight.water_tkm,
        "converted_turnover_tkm": _converted(base, activity),
        "inland_container_teu": freight.inland_container_teu,
        "multimodal_container_teu": freight.multimodal_container_teu,
        "port_throughput_t": freight.throughput_t,
        "urban_trip_count": activity.passengers.trips,
        "car_km": fleet.km[:, private].sum(axis=1),
        "rail_pkm": systems.rail_pkm,
        "metro_pkm": activity.passengers.metro_pkm,
    }
    return found | {f"{name}_stock_count": by_class[:, c] for c, name in enumerate(base.classes)}


def parts(
    base: TransportBase,
    paths: LeverPaths,
    activity: Activity,
    energy: Energy,
    sums: Mapping[str, FloatArray],
) -> dict[str, Part]:
    """Part and whole of every share and intensity, [p, y] each."""
    fleet, passengers = activity.fleet, activity.passengers
    nev = new_energy(fleet.stock)
    trucks = list(base.commercial_truck)
    truck_co2, ship_co2, coach_co2 = _commercial_tco2(base, energy)
    commercial = (truck_co2 + ship_co2 + coach_co2) * _G_PER_T
    s = activity.systems
    port_clean = s.port_gas_gj + s.port_electric_mwh * GJ_PER_MWH
    trips = passengers.trips
    sea = base.region.city_numbers("transport", "sea_port")[:, None] * base.port_weight[:, None]
    found = {
        "nev_sales_share": (sums["nev_sales_count"], sums["vehicle_sales_count"]),
        "nev_stock_share": (sums["nev_stock_count"], sums["vehicle_stock_count"]),
        "new_bus_clean_share": _clean_buses(base, activity),
        "china3_diesel_truck_share": (
            fleet.old_stock[:, trucks, DIESEL].sum(axis=1),
            fleet.stock[:, trucks].sum(axis=(1, 2)),
        ),
        "electricity_share": (sums["electricity_mwh"] * GJ_PER_MWH, sums["final_energy_gj"]),
        "co2_per_converted_turnover_gco2_per_tkm": (commercial, sums["converted_turnover_tkm"]),
        "truck_co2_intensity_gco2_per_tkm": (truck_co2 * _G_PER_T, sums["freight_road_tkm"]),
        "ship_co2_intensity_gco2_per_tkm": (ship_co2 * _G_PER_T, sums["freight_water_tkm"]),
        "port_bulk_rail_water_share": (activity.freight.port_bulk_share * sea, sea + 0.0 * trips),
        "port_clean_energy_share": (port_clean, port_clean + s.port_diesel_gj),
        "green_travel_share": (passengers.green_share * trips, trips),
        "green_travel_without_ebike_share": (passengers.green_share_without_ebike * trips, trips),
        "public_motorised_share": (passengers.public_motorised_share * trips, trips),
    }
    for c, name in enumerate(base.classes):
        found[f"{name}_nev_stock_share"] = (nev[:, c], sums[f"{name}_stock_count"])
    return found


def quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part / whole; a share of nothing is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def region_constants(base: TransportBase, years: int) -> dict[str, FloatArray]:
    """Calibration factors, [y]."""
    factors = calibration_factors(base.region.region_id, base.region.as_of_year)
    return {f"calibration_{name}_ratio": np.full(years, value) for name, value in factors.items()}


def _converted(base: TransportBase, activity: Activity) -> FloatArray:
    """Turnover of commercial road and water transport, tkm: goods, and passengers of coaches at 10 pkm a tkm."""
    coach_km = activity.fleet.km[:, base.position("coach")].sum(axis=1)
    passengers = coach_km * base.number("coach_occupancy") / base.number(_PKM_PER_TKM_ROAD)
    total: FloatArray = activity.freight.road_tkm + activity.freight.water_tkm + passengers
    return total


def _commercial_tco2(base: TransportBase, energy: Energy) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Direct CO2 of commercial trucks, cargo ships and coaches, t [p, y]."""
    light = base.number("light_truck_commercial_share")
    trucks = sum(
        energy.class_tco2[:, c] * (light if base.classes[c] == "light_truck" else 1.0)
        for c in base.commercial_truck
    )
    ships = sum(tco2 for (use, _), tco2 in energy.tco2(base).items() if use == "ships")
    return np.asarray(trucks), np.asarray(ships), energy.class_tco2[:, base.position("coach")]


def _clean_buses(base: TransportBase, activity: Activity) -> Part:
    """Clean buses sold and all sold; in a year without sales, what would be bought at the stock's weights."""
    bus = base.position("urban_bus")
    clean = activity.fleet.share[:, bus][:, [CNG, LNG, *NEW_ENERGY]].sum(axis=1)
    sold = activity.fleet.sales[:, bus].sum(axis=1)
    weight = np.where(sold > 0, sold, 1.0)
    return clean * weight, weight


def _total(values: Iterable[FloatArray], activity: Activity) -> FloatArray:
    total = np.zeros_like(activity.population)
    for value in values:
        total += value
    return total
