"""The accurate modes of a projection: where walks in turn leave a certified gap, all stores of a year together."""

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS
from services.power.commitment_kernels import commitment_cost, committed_stack
from services.power.instance.merit import Stack
from services.power.instance.reduce import Stores
from services.power.instance.search import joint_schedule
from services.power.kernels import block_energy, committed_bound, marginal_price, stack_cost
from services.power.store_kernels import stores_vom_cost
from services.power.supply import DAY_MONTH, DAY_START, HOUR_MONTH, MONTH_START

Index = NDArray[np.int64]
# Certified gap above which the joint method is asked, and to which it works.
TOLERANCE_SHARE = 1e-3
HOUR_DAY = np.repeat(np.arange(DAYS), 24).astype(np.int64)


def refine_year(
    residual: FloatArray,
    price: FloatArray,
    cap: FloatArray,
    commitment: tuple[Index, FloatArray, FloatArray, FloatArray],
    voll: float,
    rows: FloatArray,
    reach: FloatArray,
    energy: FloatArray,
    online: FloatArray,
    net: FloatArray,
    soc: FloatArray,
    x: FloatArray,
    price_out: FloatArray,
    result: FloatArray,
) -> None:
    """Replace a year's schedule in place by the joint one where that is cheaper; the bound by the better one.

    residual [h]; price [k], cap [month, k] in rising full-load cost; commitment = (committed, min_load, no_load,
    start_cost) [k], all zero committed without; rows [a, 6], reach [a, h] of stores that have
    power, and the rest as `dispatch_year` left them.
    """
    if result[0] - result[1] <= TOLERANCE_SHARE * abs(result[1]):
        return
    committed, min_load, no_load, start_cost = commitment
    k_count = price.size
    order = np.arange(k_count)
    floor, inc_price, inc_cap = np.zeros(DAYS), price, cap
    per, starts = HOUR_MONTH, MONTH_START
    fixed = 0.0
    if committed.any():
        order = np.argsort(np.where(committed == 1, price * (1 - no_load), price), kind="stable")
        inc_price, inc_cap = np.empty(k_count), np.empty((DAYS, k_count))
        committed_stack(
            DAY_MONTH,
            price,
            cap,
            committed,
            min_load,
            no_load,
            order,
            online,
            floor,
            inc_price,
            inc_cap,
        )
        fixed = sum(commitment_cost(24, HOURS, price, committed, min_load, no_load, start_cost, online))
        per, starts = HOUR_DAY, DAY_START
    stack = Stack(
        np.ascontiguousarray(np.broadcast_to(inc_price, inc_cap.shape)), inc_cap, per, True, np.zeros(HOURS)
    )
    if not len(rows):
        return
    joint = joint_schedule(residual - floor[HOUR_DAY], stack, _stores(rows, reach), voll, TOLERANCE_SHARE, "")
    worth = np.ascontiguousarray(joint.worth)
    lam = joint.price.copy()
    bound = joint.bound
    if committed.any():
        bound = committed_bound(
            lam,
            worth,
            residual,
            DAY_MONTH,
            price,
            cap,
            committed,
            min_load,
            no_load,
            start_cost,
            rows,
            reach,
            voll,
        )
    result[1] = max(result[1], bound)
    joint_net = np.ascontiguousarray(joint.net_mw)
    segments = np.empty(k_count + 2)
    block_energy(joint.x_mw, starts, inc_cap, segments)
    cost = stack_cost(segments, inc_price, voll) + stores_vom_cost(joint_net, rows) + fixed
    if cost >= result[0]:
        return
    result[0] = cost
    net[:], x[:] = joint_net, joint.x_mw + floor[HOUR_DAY]
    soc[:, 0], soc[:, 1:] = joint.first, joint.content
    energy[0], energy[-1] = segments[0], segments[-1]
    energy[1:-1][order] = segments[1:-1]
    energy[1:-1] += np.where(committed == 1, 24.0 * min_load * online.sum(axis=1), 0.0)
    marginal_price(joint.x_mw, per, inc_price, inc_cap, voll, price_out)


def _stores(rows: FloatArray, reach: FloatArray) -> Stores:
    """Stores of a year, cyclic, as the joint method reads them."""
    m = len(rows)
    zero = np.zeros((m, HOURS))
    return Stores(
        ids=tuple(str(i) for i in range(m)),
        scalars=np.column_stack([rows[:, 3:6], np.ones(m)]),
        charge=rows[:, :1] * reach,
        discharge=rows[:, 1:2] * reach,
        low=zero,
        high=np.ascontiguousarray(np.broadcast_to(rows[:, 2:3], (m, HOURS))),
        inflow=zero,
        waste=zero,
        cyclic=np.ones(m, dtype=np.int64),
        start=np.zeros(m),
        plain=np.zeros(m, dtype=np.bool_),
    )
