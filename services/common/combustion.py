"""Air pollutants from burning fuels, by a table of factors a GJ."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import load_region
from services.common.units import T_PER_G

POLLUTANTS: Final = ("so2", "nox", "pm25", "voc")


@kept(maxsize=32)
def factors_t_per_gj(region_id: str, table: str, carriers: tuple[str, ...]) -> FloatArray:
    """Emission by carrier in the order of POLLUTANTS, t/GJ [k, q]; a carrier without a row emits nothing."""
    rows = load_region(region_id).table(table).by("carrier")
    found = np.zeros((len(carriers), len(POLLUTANTS)))
    for k, carrier in enumerate(carriers):
        if carrier in rows:
            found[k] = [rows[carrier][f"{q}_g_per_gj"] * T_PER_G for q in POLLUTANTS]
    found.flags.writeable = False
    return found
