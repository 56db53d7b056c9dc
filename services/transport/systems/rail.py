"""Railways: freight by electric and diesel traction, passengers electric, and urban rail."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MJ, GJ_PER_MWH, MWH_PER_KWH
from services.transport.base import TransportBase
from services.transport.freight.turnover import Freight
from services.transport.travel.intercity import Intercity


@dataclass(frozen=True)
class Rail:
    """Traction energy of railways, [p, y]."""

    diesel_gj: FloatArray
    electric_mwh: FloatArray


def rail_energy(base: TransportBase, paths: LeverPaths, freight: Freight, intercity: Intercity) -> Rail:
    """Energy of rail traction; the electrified share is one of freight work."""
    electric = paths.by_place("transport.rail_electrified_share")
    years = np.asarray(paths.years, dtype=np.float64) - BASE_YEAR
    improvement = (1.0 - base.number("rail_improvement_per_year")) ** years
    tkm = freight.rail_tkm * improvement
    diesel_gj = tkm * (1.0 - electric) * (base.number("rail_diesel_mj_per_tkm") * GJ_PER_MJ)
    mwh_per_tkm = base.number("rail_electric_mj_per_tkm") * GJ_PER_MJ / GJ_PER_MWH
    kwh = intercity.hsr_pkm * base.number("hsr_kwh_per_pkm")
    kwh = kwh + intercity.conventional_rail_pkm * base.number("conventional_rail_kwh_per_pkm")
    mwh = tkm * electric * mwh_per_tkm + kwh * improvement * MWH_PER_KWH
    return Rail(diesel_gj, mwh)


def metro_mwh(base: TransportBase, metro_pkm: FloatArray) -> FloatArray:
    """Electricity of urban rail with its stations, MWh [p, y]."""
    return metro_pkm * (base.number("metro_kwh_per_pkm") * MWH_PER_KWH)
