"""A whole schedule of an instance before it is told unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.merit import outputs
from services.power.instance.reduce import Piece, Reduced
from services.power.instance.search import Schedule
from services.power.instance.words import DispatchInstance


@dataclass(frozen=True)
class Plan:
    """A whole schedule: what is online, the pieces that follow from it, the stores. Costs in CNY per step hour."""

    pieces: tuple[Piece, ...]
    online_mw: FloatArray  # [c, n] by committed generator
    started_mw: FloatArray  # [c]
    floor_mw: FloatArray  # [n] minimum output of what is online
    fixed_cost: float  # of minimum output, no-load, starts and reserve that no capacity can give
    schedule: Schedule
    cost: float
    bound: float
    cost_without_stores: float
    reserve_missing_mw: FloatArray  # [n] what no eligible capacity can give
    # Output of the pieces [p, n] where it is no merit order; the price is then that of the schedule.
    output_mw: FloatArray | None = None


def idle_cost(pieces: Sequence[Piece], residual_mw: FloatArray, voll: float) -> float:
    """Cost of a load served by pieces alone, without stores, CNY per step hour."""
    out, left = outputs(pieces, residual_mw)
    cost = sum(float((p.cost * o).sum()) for p, o in zip(pieces, out, strict=True))
    return cost + voll * float(np.maximum(left, 0.0).sum())


def stores_at_rest(instance: DispatchInstance, reduced: Reduced) -> Reduced:
    """The instance when stores and flexible loads rest; energy budgets and bands of lines are used as before."""
    rest = {s.storage_id for s in instance.storages} | {f.flexible_id for f in instance.flexible_loads}
    kept = [i for i, name in enumerate(reduced.stores.ids) if name not in rest]
    return replace(reduced, stores=reduced.stores.only(kept))
