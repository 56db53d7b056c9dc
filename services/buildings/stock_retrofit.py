"""Retrofit of the stock: how much, how deep, and which buildings come first."""

import math
from typing import Final

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, START, TYPES, URBAN, StockBase
from services.buildings.states import DEPTHS, RETROFITTABLE, state_index
from services.common.arrays import FloatArray, IntArray
from services.common.levers import LeverPaths
from services.common.units import M2_PER_MM2

_LIMITS: Final = "buildings/energy_limits"
PACKAGES: Final = DEPTHS[1:]
# State that each retrofittable standard, worst first, reaches by each depth, [g, d].
AFTER: Final[IntArray] = np.array(
    [[state_index(s, d) for d in PACKAGES] for s in RETROFITTABLE], dtype=np.int32
)
_DWELLINGS, _PUBLIC_GROUP = 0, 1


def groups() -> IntArray:
    """The lever that retrofits a type, [t]: 0 urban dwellings, 1 public; -1 villages and factories."""
    group = np.full(len(TYPES), -1, dtype=np.int32)
    group[URBAN] = _DWELLINGS
    group[PUBLIC] = _PUBLIC_GROUP
    return group


def asked_m2(paths: LeverPaths) -> FloatArray:
    """Retrofit asked for in the region, m2 [2, y]."""
    names = ("residential", "public")
    return np.array([paths.path(f"buildings.retrofit_area_{n}") * M2_PER_MM2 for n in names])


def depth_shares(paths: LeverPaths) -> FloatArray:
    """Shares of retrofitted area by depth, [d, p, y]; light is what medium and deep leave."""
    medium, deep = (paths.by_place(f"buildings.retrofit_{d}_share") for d in PACKAGES[1:])
    return np.ascontiguousarray([np.maximum(1 - medium - deep, 0.0), medium, deep])


def over_limit_share(base: StockBase) -> FloatArray:
    """Share of each type's floor above its energy limit, [t]; 0 without a limit, 1 for dwellings (one queue)."""
    rows = base.region.table(_LIMITS).by("building_type")
    spread = base.region.number(START, "energy_use_log_sigma")
    share = np.zeros(len(TYPES))
    share[URBAN] = 1.0
    for t, name in enumerate(PUBLIC_TYPES, start=PUBLIC.start):
        if name in rows:
            share[t] = lognormal_excess_share(
                rows[name]["mean_kwh_per_m2"], rows[name]["limit_kwh_per_m2"], spread
            )
    return share


def lognormal_excess_share(mean: float, limit: float, log_sigma: float) -> float:
    """Share of a lognormal quantity with the mean given above a limit: 1 - Phi((ln limit - mu) / sigma)."""
    mu = math.log(mean) - log_sigma**2 / 2
    return 0.5 * math.erfc((math.log(limit) - mu) / (log_sigma * math.sqrt(2)))
