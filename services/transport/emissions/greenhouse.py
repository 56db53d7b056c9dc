"""CH4 and N2O of road vehicles as CO2 equivalent; beside direct CO2, which every target is about.

Factors by vehicle group, fuel and standard: regions/national/transport/vehicle_ch4_n2o.csv. The standards of a class'
km are those of its stock, diesel and other vehicles apart.
"""

from functools import lru_cache
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.regions import Region
from services.transport.activity import Activity
from services.transport.base import BEV, DIESEL, FCEV, PHEV, POWERTRAINS, TransportBase
from services.transport.emissions.factors import CLASSES, PARAMETERS
from services.transport.emissions.other_sources import fuels_burned
from services.transport.emissions.standards import STANDARDS
from services.transport.fleet.intensity import electric_share_of

FACTORS: Final = "transport/vehicle_ch4_n2o"
_T_PER_MG: Final = 1e-9
_BURNING: Final = tuple(k for k in range(len(POWERTRAINS)) if k not in (BEV, FCEV))
_WITH_EXHAUST: Final = len(STANDARDS) - 1


def vehicle_ch4_n2o_tco2e(base: TransportBase, paths: LeverPaths, activity: Activity) -> FloatArray:
    """CH4 and N2O of road vehicles, t CO2 equivalent [p, y], km of registered vehicles."""
    fleet = activity.fleet
    diesel = fleet.diesel_standard_stock[:_WITH_EXHAUST]
    other = fleet.standard_stock[:_WITH_EXHAUST] - diesel
    factor = ch4_n2o_factors(base.region, base.classes)
    km = fleet.km[:, :, list(_BURNING)]
    km[:, :, _BURNING.index(PHEV)] *= _fuel_share(base, paths)
    total = np.zeros_like(activity.population)
    for position, k in enumerate(_BURNING):
        stock = diesel if k == DIESEL else other
        grams = np.einsum("spcy,cs->pcy", stock, factor[:, k])
        whole = stock.sum(axis=0)
        mean = np.divide(grams, whole, out=np.zeros_like(whole), where=whole > 0)
        total += np.einsum("pcy,pcy->py", km[:, :, position], mean)
    return total * _T_PER_MG


@lru_cache(maxsize=8)
def ch4_n2o_factors(region: Region, classes: tuple[str, ...]) -> FloatArray:
    """CH4 and N2O as CO2 equivalent, mg per km on fuel, [c, k, s] over the standards with an exhaust."""
    group = region.table(CLASSES).by("vehicle_class")
    rows = {(r["ghg_group"], r["fuel"], r["standard"]): r for r in region.table(FACTORS).rows()}
    ch4, n2o = region.number(PARAMETERS, "gwp_ch4"), region.number(PARAMETERS, "gwp_n2o")
    factor = np.zeros((len(classes), len(POWERTRAINS), _WITH_EXHAUST))
    burned = fuels_burned(region, classes)
    for c, name in enumerate(classes):
        for k in _BURNING:
            for s, standard in enumerate(STANDARDS[:_WITH_EXHAUST]):
                own = rows[group[name]["ghg_group"], burned[c][k], standard]
                factor[c, k, s] = own["ch4_mg_per_km"] * ch4 + own["n2o_mg_per_km"] * n2o
    return factor


def _fuel_share(base: TransportBase, paths: LeverPaths) -> FloatArray:
    """Part of a plug-in hybrid's km on fuel, [p, c, y]: that of the hybrids sold in the year."""
    electric = electric_share_of(base.region, paths.by_place("transport.phev_electric_range"))
    use = np.array([row["phev_use_factor"] for row in base.rows])
    share: FloatArray = 1.0 - electric[:, None] * use[:, None]
    return share
