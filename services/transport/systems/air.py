"""Aviation by fuel taken up at the region's airports; flights of foreign lines and international ones are in it."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.transport.base import TransportBase
from services.transport.systems.data import SystemData
from services.transport.systems.growth import chained_growth

_DEPARTING = 0.5  # an airport counts arrivals and departures; fuel is taken up for departures


@dataclass(frozen=True)
class Air:
    """Aviation, [p, y]."""

    jet_gj: FloatArray
    pkm: FloatArray  # of departing passengers, after the shift to rail
    freight_tkm: FloatArray
    pkm_to_rail: FloatArray  # passenger-km of departing trips that moved to high-speed rail


def air_energy(base: TransportBase, data: SystemData, paths: LeverPaths, gdp_cny: FloatArray) -> Air:
    """Jet fuel of passengers and freight, less that of short trips that move to high-speed rail."""
    years = np.asarray(paths.years, dtype=np.float64) - BASE_YEAR
    growth = chained_growth(gdp_cny, base.path("air_gdp_elasticity", paths.years))
    persons = data.air_passengers_count[:, None] * growth * base.path("passenger_recovery", paths.years)
    shift = paths.by_place("transport.hsr_shift")
    short = persons * (base.number("short_haul_air_share") * _DEPARTING * base.number("short_haul_km"))
    moved_pkm = short * (shift - shift[:, :1])
    per_tkm = data.numbers["jet_kg_per_tkm"]
    freight_tkm = growth * (base.air_weight[:, None] * base.local("air_freight_tkm"))
    jet_kg = freight_tkm * per_tkm + persons * base.number("jet_kg_per_passenger")
    jet_kg -= moved_pkm * (data.numbers["air_passenger_t"] * per_tkm)
    improvement = (1.0 - base.number("air_improvement_per_year")) ** years
    flown_pkm = persons * (_DEPARTING * data.numbers["air_stage_km"]) - moved_pkm
    jet_gj = jet_kg * improvement * base.number("jet_gj_per_kg")
    return Air(jet_gj, flown_pkm, freight_tkm, moved_pkm)
