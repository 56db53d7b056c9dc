"""SO2, NOx, PM2.5 and VOC of fuels burned in buildings, t [p, y]; straw and wood of villages are counted."""

from typing import Final

import numpy as np

from services.buildings.project import Projection
from services.common.arrays import FloatArray
from services.common.combustion import POLLUTANTS, factors_t_per_gj

TABLE: Final = "buildings/air_pollutants"
BIOMASS: Final = "biomass"


def pollutants_t(p: Projection) -> dict[str, FloatArray]:
    """Emission by pollutant."""
    burned: dict[str, FloatArray] = {BIOMASS: p.raw.biomass_gj}
    for (_, carrier), own in p.used.items():
        if carrier not in ("electricity", "heat"):
            burned[carrier] = burned[carrier] + own if carrier in burned else own
    factors = factors_t_per_gj(p.base.region.region_id, TABLE, tuple(burned))
    amounts = tuple(burned.values())
    return {
        name: np.asarray(sum(gj * factors[k, q] for k, gj in enumerate(amounts)))
        for q, name in enumerate(POLLUTANTS)
    }
