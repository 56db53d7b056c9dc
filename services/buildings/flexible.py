"""What flexible buildings (PV, storage, direct current, flexible use) let power move.

Two records, always there: the storage of the buildings, which can feed in, and equipment load that waits within a
window. Cooling is left out: its response is power's own lever, and no load may be promised twice.
"""

from typing import Final

import numpy as np

from services.buildings import shapes
from services.buildings.base import PUBLIC
from services.buildings.end_use_records import LIGHTING_APPLIANCES, PUBLIC_SEGMENT
from services.buildings.project import Projection
from services.buildings.systems import figures
from services.common.arrays import FloatArray
from services.common.outcome import FlexibleLoad
from services.common.units import W_PER_MW

STORAGE: Final = "buildings.flexible_buildings"
DEMAND: Final = "buildings.flexible_building_demand"


def flexible_loads(p: Projection, cut: slice) -> tuple[FlexibleLoad, ...]:
    """Storage and movable load of flexible buildings in the years of `cut`; zeros where there are none."""
    read = figures(p.base.region)

    def number(name: str) -> float:
        return read[f"flexible_building_{name}"].number()

    stored_mw = storage_mw(p).sum(axis=0)[cut]
    moved_mw = p.equipment.flexible_m2.sum(axis=0)[cut] * number("shiftable_w_per_m2") / W_PER_MW
    none = np.zeros_like(stored_mw)
    window, shape = number("window_hours"), shapes.APPLIANCES_PUBLIC
    moved_mwh = movable_mwh(p).sum(axis=0)[cut]
    return (
        FlexibleLoad(STORAGE, shape, window, number("round_trip_share"), none, none, stored_mw),
        FlexibleLoad(DEMAND, shape, window, 1.0, moved_mwh, moved_mw, none),
    )


def storage_mw(p: Projection) -> FloatArray:
    """Storage power of flexible buildings, MW [p, y]; the window is twice the hours of storage."""
    per_m2 = figures(p.base.region)["flexible_building_storage_w_per_m2"].number()
    return p.equipment.flexible_m2 * per_m2 / W_PER_MW


def movable_mwh(p: Projection) -> FloatArray:
    """Equipment electricity of flexible buildings that can be moved, MWh [p, y]."""
    share = figures(p.base.region)["flexible_building_shiftable_share"].number()
    public = p.energy[LIGHTING_APPLIANCES, "electricity"][PUBLIC_SEGMENT]
    floor = p.stock.type_m2[:, PUBLIC].sum(axis=1)
    return np.asarray(share * public * p.equipment.flexible_m2 / floor)
