"""The search for the least-cost schedule of stores against a stack: walks in turn, then all together if needed."""

from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.errors import Violation, invalid
from services.power.bound_kernels import stack_bound, store_bound, supported_prices
from services.power.instance.merge import Merged, merge_stores
from services.power.instance.merit import Stack
from services.power.instance.reduce import Stores
from services.power.instance.result import DispatchMethod
from services.power.joint_kernels import count_segments, fill_segments, joint_dispatch
from services.power.step_kernels import follow_contents, steps_cost, steps_price
from services.power.store_kernels import dispatch_stores

# A year-end search looks this many steps to either side.
WINDOW_STEPS = 720
SMOOTH_ROUNDS = {False: 1, True: 3}
JOINT_TURNS = 100
# What fast walks in turn are not trusted with: stores that last longer, or a looser certificate (few prices, load that
# cannot be served, stores as large as the load).
LONG_STORE_STEPS = 48.0
FAST_GAP_SHARE = 0.01
# Costs nearer than this are the same.
SAME_SHARE = 1e-9


@dataclass(frozen=True)
class Schedule:
    """Stores' schedule and its certificate. Costs in CNY per step hour."""

    net_mw: FloatArray  # [m, n] taken (> 0) or given (< 0)
    content: FloatArray  # [m, n] MW-steps at the end of a step
    first: FloatArray  # [m] content at the start
    spilled: FloatArray  # [m, n]
    x_mw: FloatArray  # [n] load on the stack after stores
    cost: float
    price: FloatArray  # [n] prices of the certificate
    worth: FloatArray  # [m, n] of stored energy, of the certificate
    bound: float
    method: DispatchMethod
    reason: str
    converged: bool = True

    def told_by_store(self, merged: Merged) -> "Schedule":
        """The schedule of merged stores told for each of them; all have the same worth of content."""
        return replace(
            self,
            net_mw=merged.parts(self.net_mw),
            content=merged.parts(self.content),
            first=merged.parts(self.first),
            spilled=merged.parts(self.spilled),
            worth=np.ascontiguousarray(self.worth[merged.group]),
        )


def schedule_stores(
    residual_mw: FloatArray, stack: Stack, stores: Stores, voll: float, accurate: bool, tolerance: float
) -> Schedule:
    """Least-cost schedule; `tolerance` is the certified gap above which the joint method takes over (accurate).

    Equal stores are scheduled as one. Raises DomainError(INVALID_INPUT) when no schedule keeps a store within its
    limits.
    """
    merged = merge_stores(stores)
    return _schedule(residual_mw, stack, merged.stores, voll, accurate, tolerance).told_by_store(merged)


def _schedule(
    residual_mw: FloatArray, stack: Stack, stores: Stores, voll: float, accurate: bool, tolerance: float
) -> Schedule:
    r = np.ascontiguousarray(residual_mw - stack.free_mw)
    if stores.count == 0:
        return _without(r, stack, stores, voll, DispatchMethod.MERIT_ORDER, "")
    simple = stack.common and bool(stores.plain.all())
    quick = _walks(r, stack, stores, voll, accurate) if simple else None
    if quick is not None:
        loose = quick.cost - quick.bound > tolerance * max(abs(quick.bound), 1e-9)
        if quick.method is DispatchMethod.EXACT_WALK:
            # The walk is exact; where its own certificate is loose, the joint method gives a better one.
            return (
                _certified(quick, joint_schedule(r, stack, stores, voll, tolerance, ""))
                if accurate and loose
                else quick
            )
        doubt = _doubt(quick, stores, accurate, tolerance)
        if not doubt:
            return quick
    else:
        doubt = "power, content or prices that differ by step: scheduled together from the start"
    joint = joint_schedule(r, stack, stores, voll, tolerance, doubt)
    return joint if quick is None else _certified(quick, joint)


def _certified(quick: Schedule, joint: Schedule) -> Schedule:
    """The cheaper schedule with the better certificate."""
    if joint.cost < quick.cost * (1 - SAME_SHARE):
        return joint
    if quick.bound >= joint.bound:
        return quick
    return replace(quick, price=joint.price, worth=joint.worth, bound=joint.bound)


def _doubt(quick: Schedule, stores: Stores, accurate: bool, tolerance: float) -> str:
    """Why the walks in turn may not be good enough; empty when they are."""
    gap = (quick.cost - quick.bound) / max(abs(quick.bound), 1e-9)
    if accurate:
        return f"certified gap of the walks {gap:.2%}" if gap > tolerance else ""
    power = np.minimum(stores.charge[:, 0], stores.discharge[:, 0])
    hours = np.divide(stores.high[:, 0], power, out=np.zeros(power.size), where=power > 0)
    if hours.max() > LONG_STORE_STEPS:
        return "a store that lasts longer than two days beside another"
    if gap > max(FAST_GAP_SHARE, tolerance):
        return f"certified gap of the walks {gap:.2%}"
    return ""


def _without(
    r: FloatArray, stack: Stack, stores: Stores, voll: float, method: DispatchMethod, reason: str
) -> Schedule:
    price = np.empty(r.size)
    steps_price(r, stack.per, stack.price, stack.cap, voll, price)
    cost = float(steps_cost(r, stack.per, stack.price, stack.cap, voll))
    empty = np.zeros((stores.count, r.size))
    return Schedule(empty, empty, np.zeros(stores.count), empty, r, cost, price, empty, cost, method, reason)


def _six(stores: Stores) -> FloatArray:
    return np.ascontiguousarray(
        np.column_stack(
            [
                stores.charge[:, 0],
                stores.discharge[:, 0],
                stores.high[:, 0] if stores.high.shape[1] == 1 else stores.high[:, :-1].max(axis=1),
                stores.scalars[:, 0],
                stores.scalars[:, 1],
                stores.scalars[:, 2],
            ]
        )
    )


def _walks(r: FloatArray, stack: Stack, stores: Stores, voll: float, accurate: bool) -> Schedule | None:
    """Exact walks in turn, best round trip first; None when a store has too short a year for them."""
    n, m = r.size, stores.count
    if n < 2:
        return None
    six = _six(stores)
    order = np.argsort(-six[:, 3] * six[:, 4], kind="stable")
    six = np.ascontiguousarray(six[order])
    cyclic = np.ascontiguousarray(stores.cyclic[order])
    edge = np.where(
        cyclic[:, None] == 1,
        0.5 * six[:, 2:3],
        np.column_stack([stores.start[order], stores.high[order, -1]]),
    )
    edge = np.ascontiguousarray(edge)
    net, soc, water, x = np.zeros((m, n)), np.zeros((m, n + 1)), np.zeros((m, n)), np.empty(n)
    price = np.ascontiguousarray(stack.price[0])
    rounds = SMOOTH_ROUNDS[accurate] if m > 1 else 0
    dispatch_stores(
        r,
        stack.per,
        price,
        stack.cap,
        voll,
        six,
        np.ones((m, n)),
        rounds,
        False,
        WINDOW_STEPS,
        cyclic,
        edge,
        net,
        soc,
        water,
        x,
    )
    for i in np.flatnonzero(six[:, :3].min(axis=1) <= 0):
        soc[i] = edge[i, 0]
    if not _arrived(soc, edge):
        return None
    pi = np.empty(n)
    supported_prices(x, stack.per, price, stack.cap, voll, six, net, water, pi)
    back = np.argsort(order)
    net, water = np.ascontiguousarray(net[back]), np.ascontiguousarray(water[back])
    content = np.ascontiguousarray(soc[back, 1:])
    cost = _cost(x, net, stack, stores, voll)
    exact = m == 1
    return Schedule(
        net,
        content,
        np.ascontiguousarray(soc[back, 0]),
        np.zeros((m, n)),
        x,
        cost,
        pi,
        water,
        _bound(pi, water, r, stack, stores, voll),
        DispatchMethod.EXACT_WALK if exact else DispatchMethod.WALKS_IN_TURN,
        "",
    )


def _arrived(soc: FloatArray, edge: FloatArray) -> bool:
    """True when every walk ends where it should (a first and a last content may be out of reach)."""
    scale = 1e-9 * max(float(edge.max(initial=0.0)), 1.0)
    return bool((np.abs(soc[:, -1] - edge[:, 1]) <= scale).all())


def joint_schedule(
    r: FloatArray, stack: Stack, stores: Stores, voll: float, tolerance: float, reason: str
) -> Schedule:
    """All stores together by the interior-point method, its schedule made feasible to the last bit."""
    n, m = r.size, stores.count
    below, above = r - stores.discharge.sum(axis=0), r + stores.charge.sum(axis=0)
    offset = count_segments(below, above, stack.per, stack.cap)
    price, width = np.empty(offset[-1]), np.empty(offset[-1])
    fill_segments(below, above, stack.per, stack.price, stack.cap, voll, offset, price, width)
    mw = max(float((stores.charge + stores.discharge).sum(axis=0).max()) / 50.0, 1e-9)
    money = max(float(stack.price.mean()) if stack.price.size else voll, 1e-6) / 3.0
    scalars = stores.scalars.copy()
    scalars[:, 2] /= money
    contents, wasted, pi, mu, converged = joint_dispatch(
        offset,
        price / money,
        width / mw,
        scalars,
        stores.charge / mw,
        stores.discharge / mw,
        stores.low / mw,
        stores.high / mw,
        stores.inflow / mw,
        stores.waste / mw,
        stores.cyclic,
        stores.start / mw,
        min(0.01 * tolerance, 1e-5),
        JOINT_TURNS,
    )
    contents, wasted = np.nan_to_num(contents), np.nan_to_num(wasted)
    pi, worth = np.nan_to_num(pi) * money, np.ascontiguousarray(-np.nan_to_num(mu).T) * money
    net, content, spilled = np.zeros((m, n)), np.zeros((m, n)), np.zeros((m, n))
    first = np.zeros(m)
    for i in range(m):
        first[i] = follow_store(i, contents[i] * mw, wasted[i] * mw, stores, net[i], content[i], spilled[i])
    x = r + net.sum(axis=0)
    return Schedule(
        net,
        content,
        first,
        spilled,
        x,
        _cost(x, net, stack, stores, voll),
        pi,
        worth,
        _bound(pi, worth, r, stack, stores, voll),
        DispatchMethod.INTERIOR_POINT,
        reason,
        bool(converged),
    )


def follow_store(
    i: int,
    wanted: FloatArray,
    wasted: FloatArray,
    stores: Stores,
    net: FloatArray,
    content: FloatArray,
    spilled: FloatArray,
) -> float:
    """Fill the schedule of store i nearest to the wanted contents; returns its first content.

    Raises DomainError(INVALID_INPUT) when no schedule keeps the store within its limits.
    """
    if not stores.cyclic[i]:
        firsts = [float(stores.start[i])]
    else:
        # The turn of the circle as wanted; where losses make that too much, as little as may be.
        lowest, highest = float(stores.low[i, -1]), float(stores.high[i, -1])
        firsts = [float(np.clip(wanted[-1], lowest, highest)), lowest]
    for start in firsts:
        if _followed(i, wanted, wasted, stores, start, net, content, spilled):
            return start
    raise invalid(
        [
            Violation(
                "instance",
                f"{stores.ids[i]!r} cannot keep its content within limits from start to end",
                "",
                "more power, other contents at start or end, or less loss",
            )
        ]
    )


def _followed(
    i: int,
    wanted: FloatArray,
    wasted: FloatArray,
    stores: Stores,
    start: float,
    net: FloatArray,
    content: FloatArray,
    spilled: FloatArray,
) -> bool:
    low, high = stores.low[i].copy(), stores.high[i].copy()
    if stores.cyclic[i]:
        low[-1] = high[-1] = start
    return bool(
        follow_contents(
            wanted,
            wasted,
            stores.scalars[i],
            stores.charge[i],
            stores.discharge[i],
            low,
            high,
            stores.inflow[i],
            stores.waste[i],
            start,
            net,
            content,
            spilled,
        )
    )


def _cost(x: FloatArray, net: FloatArray, stack: Stack, stores: Stores, voll: float) -> float:
    moved = float((stores.scalars[:, 2] * np.abs(net).sum(axis=1)).sum())
    return float(steps_cost(x, stack.per, stack.price, stack.cap, voll)) + moved


def _bound(
    pi: FloatArray, worth: FloatArray, r: FloatArray, stack: Stack, stores: Stores, voll: float
) -> float:
    total = float(stack_bound(pi, r, stack.per, stack.price, stack.cap, voll))
    return total + stores_bound(pi, worth, stores)


def stores_bound(pi: FloatArray, worth: FloatArray, stores: Stores) -> float:
    """Least that all stores can pay at prices pi, CNY per step hour."""
    total = 0.0
    for i in range(stores.count):
        total += store_bound(
            pi,
            worth[i],
            stores.scalars[i],
            stores.charge[i],
            stores.discharge[i],
            stores.low[i],
            stores.high[i],
            stores.inflow[i],
            stores.waste[i],
            stores.cyclic[i],
            stores.start[i],
        )
    return total
