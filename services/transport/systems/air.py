"""Aviation by fuel taken up at the region's airports; international flights are in it."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.transport.base import TransportBase
from services.transport.systems.data import SystemData
from services.transport.travel.intercity import Intercity, activity_index


@dataclass(frozen=True)
class Air:
    """Aviation, [p, y]."""

    jet_gj: FloatArray
    freight_tkm: FloatArray


def air_energy(
    base: TransportBase, data: SystemData, paths: LeverPaths, intercity: Intercity, gdp_cny: FloatArray
) -> Air:
    """Jet fuel of freight and of passengers, less that of the short trips that move to high-speed rail.

    A short trip saves the fuel of its own distance, not the mean of all flights.
    """
    years = np.asarray(paths.years, dtype=np.float64) - BASE_YEAR
    per_tkm = data.numbers["jet_kg_per_tkm"]
    freight_tkm = activity_index(gdp_cny, base.path("air_gdp_elasticity", paths.years)) * (
        base.air_weight[:, None] * base.local("air_freight_tkm")
    )
    passengers = intercity.air_passengers + intercity.shifted_passengers
    jet_kg: FloatArray = passengers * base.number("jet_kg_per_passenger")
    jet_kg -= intercity.shifted_pkm * (data.numbers["air_passenger_t"] * per_tkm)
    jet_kg += freight_tkm * per_tkm
    improvement = (1.0 - base.number("air_improvement_per_year")) ** years
    return Air(jet_kg * (improvement * base.number("jet_gj_per_kg")), freight_tkm)
