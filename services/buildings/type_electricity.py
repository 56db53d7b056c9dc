"""Electricity by type of building: uses of the public segment split as the model splits them."""

from collections.abc import Mapping

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, TYPES
from services.buildings.end_use_records import HEATING, PUBLIC_SEGMENT, RURAL, URBAN, EndUses, Key
from services.common.arrays import FloatArray

_LEAST_MWH = 1e-9


def electricity_by_type_mwh(raw: EndUses, energy: Mapping[Key, FloatArray]) -> FloatArray:
    """Calibrated electricity of types in the order of base.TYPES, MWh [p, t, y]; 0 for factories."""
    total = np.sum([e for (_, carrier), e in energy.items() if carrier == "electricity"], axis=0)
    out = np.zeros((total.shape[1], len(TYPES), total.shape[2]))
    out[:, URBAN], out[:, RURAL] = total[URBAN], total[RURAL]
    out[:, PUBLIC] = public_electricity_mwh(raw, energy).transpose(1, 0, 2)
    return out


def public_electricity_mwh(raw: EndUses, energy: Mapping[Key, FloatArray]) -> FloatArray:
    """Calibrated electricity by public type, MWh [t, p, y]; heat bought from networks follows space heating."""
    heat = raw.public_types[HEATING]
    total = np.zeros((len(PUBLIC_TYPES), *heat.shape[1:]))
    for (use, carrier), used in energy.items():
        if carrier == "electricity":
            weight = raw.public_types.get(use, heat)
            total += used[PUBLIC_SEGMENT] * weight / np.maximum(weight.sum(axis=0), _LEAST_MWH)
    return total
