"""CH4 and N2O of road vehicles as CO2 equivalent; beside direct CO2, which every target is about.

Factors by vehicle group, fuel and standard: regions/national/transport/vehicle_ch4_n2o.csv. The standards of a class'
km are those of its stock, diesel and other vehicles apart.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region
from services.transport.activity import Activity
from services.transport.base import BEV, DIESEL, FCEV, PHEV, POWERTRAINS, TransportBase
from services.transport.emissions.factors import CLASSES, PARAMETERS
from services.transport.emissions.other_sources import fuels_burned
from services.transport.emissions.standards import STANDARDS
from services.transport.fleet.intensity import electric_share_of
from services.transport.fleet.sum_kernels import greenhouse_by_standard

FACTORS: Final = "transport/vehicle_ch4_n2o"
_T_PER_MG: Final = 1e-9
_A_VEHICLE: Final = 1e-30  # guards a class without vehicles, which drives nothing
_BURNING: Final = tuple(k for k in range(len(POWERTRAINS)) if k not in (BEV, FCEV))
_WITH_EXHAUST: Final = len(STANDARDS) - 1
# Group of the stock by standard that goes with a powertrain's km: diesel, or all others; -1 without an exhaust.
_GROUP_OF: Final = np.array([int(k == DIESEL) if k in _BURNING else -1 for k in range(len(POWERTRAINS))])


def vehicle_ch4_n2o_tco2e(base: TransportBase, paths: LeverPaths, activity: Activity) -> FloatArray:
    """CH4 and N2O of road vehicles, t CO2 equivalent [p, y], km of registered vehicles."""
    stock = np.ascontiguousarray(activity.fleet.group_standard_stock)
    km = np.ascontiguousarray(activity.fleet.km.transpose(1, 3, 2, 0))
    total = np.empty((km.shape[3], km.shape[1]))
    greenhouse_by_standard(
        stock,
        km,
        _fuel_share(base, paths),
        ch4_n2o_factors(base.region, base.classes),
        _GROUP_OF,
        PHEV,
        _A_VEHICLE,
        np.empty((stock.shape[2], km.shape[3])),
        total,
    )
    return total * _T_PER_MG


@kept(maxsize=8)
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
    """Part of a plug-in hybrid's km on fuel, [c, y, p]: that of the hybrids sold in the year."""
    electric = electric_share_of(base.region, paths.by_place("transport.phev_electric_range").T)
    use = np.array([row["phev_use_factor"] for row in base.rows])
    share: FloatArray = 1.0 - use[:, None, None] * electric
    return share
