"""Metrics of freight, ports and commercial intensity: rows, and their values from a projection."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH
from services.common.words import Metric
from services.transport.indicators.project import Part, Projection
from services.transport.indicators.rows import row

_G_PER_T: Final = 1e6
_PKM_PER_TKM_ROAD: Final = "road_pkm_per_tkm"

METRICS: Final[tuple[Metric, ...]] = (
    row("freight_road_tkm", "公路货物周转量", "road freight turnover", "tkm"),
    row("freight_rail_tkm", "铁路货物周转量", "rail freight turnover", "tkm", "JSS-09"),
    row("freight_water_tkm", "水路货物周转量", "waterway freight turnover", "tkm", "JSS-10"),
    row("freight_total_tkm", "货物周转量", "freight turnover", "tkm"),
    row("converted_turnover_tkm", "公路水路换算周转量", "converted turnover of road and water", "tkm"),
    row(
        "co2_per_converted_turnover_gco2_per_tkm",
        "营运交通工具单位换算周转量碳排放",
        "direct CO2 per converted turnover of commercial road and water transport",
        "g/tkm",
        "JSP-33",
        "NTP-13",
    ),
    row(
        "truck_co2_intensity_gco2_per_tkm",
        "营运货车单位周转量碳排放",
        "direct CO2 per tonne-km, commercial trucks",
        "g/tkm",
        "JSS-11",
    ),
    row(
        "ship_co2_intensity_gco2_per_tkm",
        "营运船舶单位周转量碳排放",
        "direct CO2 per tonne-km, cargo ships",
        "g/tkm",
        "JSS-12",
    ),
    row("inland_container_teu", "内河集装箱运量", "inland-waterway containers", "TEU", "JSP-31", "NTP-12"),
    row("multimodal_container_teu", "集装箱多式联运量", "multimodal containers", "TEU", "JSP-30", "NTP-11"),
    row(
        "port_bulk_rail_water_share",
        "沿海主要港口大宗货物铁水集疏运占比",
        "rail and water share of bulk at main coastal ports",
        "share",
        "JSP-29",
        "NTP-10",
    ),
    row(
        "port_clean_energy_share",
        "港口生产新能源和清洁能源占比",
        "new and clean share of energy in port production",
        "share",
        "JSS-16",
    ),
    row("port_throughput_t", "港口吞吐量", "port throughput", "t"),
)


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    freight = p.activity.freight
    return {
        "freight_road_tkm": freight.road_tkm,
        "freight_rail_tkm": freight.rail_tkm,
        "freight_water_tkm": freight.water_tkm,
        "freight_total_tkm": freight.road_tkm + freight.rail_tkm + freight.water_tkm,
        "converted_turnover_tkm": _converted(p),
        "inland_container_teu": freight.inland_container_teu,
        "multimodal_container_teu": freight.multimodal_container_teu,
        "port_throughput_t": freight.throughput_t,
    }


def shares(p: Projection, sums: dict[str, FloatArray]) -> dict[str, Part]:
    """Shares and intensities as (part, whole), [p, y] each."""
    truck_co2, ship_co2, coach_co2 = _commercial_tco2(p)
    s = p.activity.systems
    port_clean = s.port_gas_gj + s.port_electric_mwh * GJ_PER_MWH
    sea = p.base.region.city_numbers("transport", "sea_port")[:, None] * p.base.port_weight[:, None]
    commercial = (truck_co2 + ship_co2 + coach_co2) * _G_PER_T
    return {
        "co2_per_converted_turnover_gco2_per_tkm": (commercial, sums["converted_turnover_tkm"]),
        "truck_co2_intensity_gco2_per_tkm": (truck_co2 * _G_PER_T, sums["freight_road_tkm"]),
        "ship_co2_intensity_gco2_per_tkm": (ship_co2 * _G_PER_T, sums["freight_water_tkm"]),
        "port_bulk_rail_water_share": (p.activity.freight.port_bulk_share * sea, sea + 0.0 * port_clean),
        "port_clean_energy_share": (port_clean, port_clean + s.port_diesel_gj),
    }


def in_cities(p: Projection) -> dict[str, FloatArray]:
    """Shares that a city answers otherwise than by its quotient: one without a sea port answers with the lever."""
    return {"port_bulk_rail_water_share": p.activity.freight.port_bulk_share}


def _converted(p: Projection) -> FloatArray:
    """Turnover of commercial road and water transport, tkm: goods, and passengers of coaches at 10 pkm a tkm."""
    base, activity = p.base, p.activity
    coach_km = activity.fleet.km[:, base.position("coach")].sum(axis=1)
    passengers = coach_km * base.number("coach_occupancy") / base.number(_PKM_PER_TKM_ROAD)
    total: FloatArray = activity.freight.road_tkm + activity.freight.water_tkm + passengers
    return total


def _commercial_tco2(p: Projection) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Direct CO2 of commercial trucks, cargo ships and coaches, t [p, y]."""
    base, energy = p.base, p.energy
    light = base.number("light_truck_commercial_share")
    trucks = sum(
        energy.class_tco2[:, c] * (light if base.classes[c] == "light_truck" else 1.0)
        for c in base.commercial_truck
    )
    ships = sum(tco2 for (use, _), tco2 in energy.tco2(base).items() if use == "ships")
    return np.asarray(trucks), np.asarray(ships), energy.class_tco2[:, base.position("coach")]
