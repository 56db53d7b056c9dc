"""Electricity by type of public building: uses of the segment split as the model splits them."""

from collections.abc import Mapping

import numpy as np

from services.buildings.base import PUBLIC_TYPES
from services.buildings.end_use_records import (
    HEATING,
    LIGHTING_APPLIANCES,
    PUBLIC_SEGMENT,
    EndUses,
    Key,
)
from services.common.arrays import FloatArray

_LEAST_MWH = 1e-9
_EQUIPMENT = tuple(f"equipment_{t}" for t in PUBLIC_TYPES)


def equipment_factors(factors: Mapping[str, float]) -> FloatArray:
    """Calibration factors of lighting and equipment of the public types, [t]."""
    return np.array([factors[name] for name in _EQUIPMENT])


def public_electricity_mwh(
    raw: EndUses, energy: Mapping[Key, FloatArray], factors: Mapping[str, float]
) -> FloatArray:
    """Calibrated electricity by public type, MWh [t, p, y]; heat bought from networks follows space heating."""
    heat = raw.public_types[HEATING]
    total = np.zeros((len(PUBLIC_TYPES), *heat.shape[1:]))
    for (use, carrier), used in energy.items():
        if carrier == "electricity":
            weight = raw.public_types.get(use, heat)
            if use == LIGHTING_APPLIANCES:
                weight = equipment_factors(factors)[:, None, None] * weight
            total += used[PUBLIC_SEGMENT] * weight / np.maximum(weight.sum(axis=0), _LEAST_MWH)
    return total
