"""Railways: freight by electric and diesel traction, passengers electric, and urban rail."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH
from services.transport.base import TransportBase
from services.transport.freight.turnover import Freight
from services.transport.systems.growth import chained_growth

_GJ_PER_MJ = 1e-3
_MWH_PER_KWH = 1e-3


@dataclass(frozen=True)
class Rail:
    """Traction energy and passenger-km of railways, [p, y]."""

    diesel_gj: FloatArray
    electric_mwh: FloatArray
    fast_pkm: FloatArray
    slow_pkm: FloatArray


def rail_energy(
    base: TransportBase, paths: LeverPaths, freight: Freight, fast_pkm: FloatArray, slow_pkm: FloatArray
) -> Rail:
    """Energy of rail traction; the electrified share is one of freight work."""
    electric = paths.by_place("transport.rail_electrified_share")
    years = np.asarray(paths.years, dtype=np.float64) - BASE_YEAR
    improvement = (1.0 - base.number("rail_improvement_per_year")) ** years
    tkm = freight.rail_tkm * improvement
    diesel_gj = tkm * (1.0 - electric) * (base.number("rail_diesel_mj_per_tkm") * _GJ_PER_MJ)
    mwh_per_tkm = base.number("rail_electric_mj_per_tkm") * _GJ_PER_MJ / GJ_PER_MWH
    kwh = fast_pkm * base.number("hsr_kwh_per_pkm") + slow_pkm * base.number("conventional_rail_kwh_per_pkm")
    mwh = tkm * electric * mwh_per_tkm + kwh * improvement * _MWH_PER_KWH
    return Rail(diesel_gj, mwh, fast_pkm, slow_pkm)


def rail_passengers(
    base: TransportBase, paths: LeverPaths, gdp_cny: FloatArray, from_air_pkm: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Passenger-km of high-speed and of conventional rail, [p, y]; trips that leave the air go by high-speed rail."""
    growth = chained_growth(gdp_cny, base.path("rail_passenger_gdp_elasticity", paths.years))
    growth = growth * base.path("passenger_recovery", paths.years) * base.rail_weight[:, None]
    return base.local("hsr_pkm") * growth + from_air_pkm, base.local("conventional_rail_pkm") * growth


def metro_mwh(base: TransportBase, metro_pkm: FloatArray) -> FloatArray:
    """Electricity of urban rail with its stations, MWh [p, y]."""
    return metro_pkm * (base.number("metro_kwh_per_pkm") * _MWH_PER_KWH)
