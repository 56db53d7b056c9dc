"""The equations of the whole instance as one linear programme: limits on ramps couple all units over time.

Balance, pieces, stores, reserve, commitment by period with continuous capacity online (Palmintier and Webster 2014),
ramps. Power is scaled so that the highest load is 1000; costs are per step hour.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.errors import Violation, invalid
from services.power.instance.commit import Clusters, clusters_of
from services.power.instance.programme import INF, Programme, Solution
from services.power.instance.reduce import Index, Reduced, Stores
from services.power.instance.words import DispatchInstance

SCALE: Final = 1000.0
# Share of a capacity, or of the highest load, by which rounding may pass a limit.
SLACK: Final = 1e-9


@dataclass(frozen=True)
class Blocks:
    """Columns and rows by meaning; p pieces, c committed, k periods, m stores, n steps."""

    output: Index  # [p, n]
    full: FloatArray  # [p, n] output of pieces that cannot but run, without a column
    above: Index  # [c, n] output above the minimum load
    online: Index  # [c, k]
    charge: Index  # [m, n]
    discharge: Index  # [m, n]
    content: Index  # [m, n]
    spill: Index  # [m, n]
    balance: Index  # rows [n]
    contents: Index  # rows [m, n]


@dataclass(frozen=True)
class Case:
    """What the programme is made from: the instance in numbers, its clusters, power in `mw`."""

    instance: DispatchInstance
    reduced: Reduced
    clusters: Clusters
    of: Index  # [n] the period of every step
    limited: tuple[int, ...]  # generators whose limit on ramps could bind
    mw: float
    reason: str


def case_of(instance: DispatchInstance, reduced: Reduced, reason: str) -> Case:
    """The numbers of a programme."""
    n = reduced.steps
    highest = float(reduced.load_mw.max())
    return Case(
        instance,
        reduced,
        clusters_of(instance, reduced),
        (np.arange(n) // min(instance.period_steps, n)).astype(np.int64),
        limited_units(instance, reduced),
        highest / SCALE if highest > 0 else 1.0,
        reason,
    )


def limited_units(instance: DispatchInstance, reduced: Reduced) -> tuple[int, ...]:
    """Generators that could change their output by more than their limit from one step to the next."""
    found = []
    for i, g in enumerate(instance.generators):
        if g.ramp_mw_per_h is None or reduced.steps < 2:
            continue
        floor = reduced.minimum_mw[i].min()
        if g.commitment is not None:
            floor = g.commitment.min_load_share * g.capacity_mw
        if reduced.available_mw[i].max() - floor > g.ramp_mw_per_h * reduced.hours:
            found.append(i)
    return tuple(found)


def solve_case(case: Case) -> tuple[Blocks, Solution]:
    """The programme and its optimum. Raises DomainError(INVALID_INPUT) when nothing keeps all limits."""
    lp = Programme(case.reason)
    blocks = _blocks(case, lp)
    _contents(case.reduced.stores, lp, blocks)
    _reserve(case, lp, blocks)
    _ramps(case, lp, blocks)
    found = lp.solve()
    if found is None:
        raise invalid(
            [
                Violation(
                    "instance",
                    "no schedule keeps all limits: ramps of units that must run, or contents of stores",
                    "",
                    "wider ramp limits, or other contents at start or end",
                )
            ]
        )
    return blocks, found


def _blocks(case: Case, lp: Programme) -> Blocks:
    """All columns, and the rows of balance and commitment."""
    r, s, c, mw = case.reduced, case.reduced.stores, case.clusters, case.mw
    n, count = r.steps, len(r.pieces)
    cap = np.array([np.broadcast_to(p.cap_mw, n) for p in r.pieces]).reshape(count, n)
    price = np.array([np.broadcast_to(p.cost, n) for p in r.pieces]).reshape(count, n)
    full, free = _certain(case, cap, price)
    output = lp.variables(price, 0.0, free / mw)
    room = np.maximum(c.share - c.min_load[:, None], 0.0)
    above = lp.variables(c.cost[:, None], 0.0, room * c.capacity[:, None] / mw)
    online = _online(case, lp)
    charge = lp.variables(s.scalars[:, 2:3], 0.0, s.charge / mw)
    discharge = lp.variables(s.scalars[:, 2:3], 0.0, s.discharge / mw)
    content = lp.variables(0.0, s.low / mw, s.high / mw)
    spill = lp.variables(0.0, 0.0, s.waste / mw)
    load = r.residual_mw - full.sum(axis=0)
    balance = lp.constraints(load / mw, load / mw)
    taken = np.maximum(load, 0.0) + s.charge.sum(axis=0)
    floor = (c.min_load * c.capacity).sum()
    sent = np.maximum(-load, 0.0) + s.discharge.sum(axis=0) + free.sum(axis=0) + floor
    sent = sent + (room * c.capacity[:, None]).sum(axis=0)
    lp.put(balance, lp.variables(r.voll, 0.0, taken / mw), 1.0)
    lp.put(balance, lp.variables(0.0, 0.0, sent / mw), -1.0)
    for columns, sign in ((output, 1.0), (above, 1.0), (charge, -1.0), (discharge, 1.0)):
        lp.put(balance, columns, sign)
    lp.put(balance, online[:, case.of], c.min_load[:, None])
    rows = lp.constraints(np.full(above.shape, -INF), 0.0)
    lp.put(rows, above, 1.0)
    lp.put(rows, online[:, case.of], -room)
    contents = lp.constraints(*([_inflow(s) / mw] * 2))
    return Blocks(output, full, above, online, charge, discharge, content, spill, balance, contents)


def _online(case: Case, lp: Programme) -> Index:
    """Capacity online by period [c, k] and what is started, periods in a circle."""
    c, mw = case.clusters, case.mw
    hours = np.bincount(case.of).astype(np.float64)
    most = np.broadcast_to(c.capacity[:, None], (c.capacity.size, hours.size)) / mw
    running = (c.no_load + c.min_load * c.cost)[:, None] * hours
    online = lp.variables(running, 0.0, most)
    started = lp.variables(c.start[:, None], 0.0, most)
    rows = lp.constraints(np.full(online.shape, -INF), 0.0)
    lp.put(rows, online, 1.0)
    lp.put(rows, np.roll(online, 1, axis=1), -1.0)
    lp.put(rows, started, -1.0)
    return online


def _certain(case: Case, cap: FloatArray, price: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Output that is certain [p, n], and what the programme still decides [p, n].

    Pieces without limits over time are a stack: whatever the rest does, those below the least load left to them run
    and those above the highest stand still. With a reserve the order of pieces is not that of their costs: all stay.
    """
    r, s, c = case.reduced, case.reduced.stores, case.clusters
    if r.reserve_mw.any() or not cap.size:
        return np.zeros_like(cap), cap
    ramped = np.array([p.owner in case.limited for p in r.pieces])
    high = r.residual_mw + s.charge.sum(axis=0)
    low = r.residual_mw - s.discharge.sum(axis=0) - cap[ramped].sum(axis=0)
    low = low - (c.share * c.capacity[:, None]).sum(axis=0)
    stack = np.where(ramped[:, None], 0.0, cap)
    order = np.argsort(price, axis=0, kind="stable")
    sorted_cap = np.take_along_axis(stack, order, axis=0)
    upto = np.empty_like(cap)
    np.put_along_axis(upto, order, np.cumsum(sorted_cap, axis=0), axis=0)
    slack = SLACK * max(float(r.load_mw.max()), 1.0)
    full = np.where(upto + slack <= low, stack, 0.0)
    idle = (upto - stack >= high + slack) & ~ramped[:, None]
    return full, np.where(idle | (full > 0.0), 0.0, cap)


def _inflow(s: Stores) -> FloatArray:
    """What flows into every store, with what is kept of a given start in the first step, [m, n]."""
    inflow = s.inflow.copy()
    inflow[:, 0] += np.where(s.cyclic == 1, 0.0, s.scalars[:, 3] * s.start)
    return inflow


def _contents(s: Stores, lp: Programme, blocks: Blocks) -> None:
    """Content at the end = kept share of the one before + charged - discharged - spilled + inflow."""
    keep = s.scalars[:, 3:4]
    lp.put(blocks.contents, blocks.content, 1.0)
    lp.put(blocks.contents[:, 1:], blocks.content[:, :-1], -keep)
    lp.put(blocks.contents[:, :1], blocks.content[:, -1:], -keep * s.cyclic[:, None])
    lp.put(blocks.contents, blocks.charge, -s.scalars[:, 0:1])
    lp.put(blocks.contents, blocks.discharge, 1.0 / s.scalars[:, 1:2])
    lp.put(blocks.contents, blocks.spill, 1.0)


def _reserve(case: Case, lp: Programme, blocks: Blocks) -> None:
    """Free capacity of eligible units and what is short cover the reserve."""
    r, c = case.reduced, case.clusters
    if not r.reserve_mw.any():
        return
    pieces = np.array([p.eligible for p in r.pieces], dtype=np.bool_)
    fixed = sum((p.cap_mw for p in r.pieces if p.eligible), np.zeros(r.steps))
    kept = budgets_in_reserve(case)
    for i, _ in kept:
        fixed = fixed + r.available_mw[i] - r.minimum_mw[i]
    need = np.ascontiguousarray(r.reserve_mw - fixed) / case.mw
    rows = lp.constraints(need, INF)
    lp.put(rows, lp.variables(r.reserve_cost, 0.0, r.reserve_mw / case.mw), 1.0)
    lp.put(rows, blocks.output[pieces], -1.0)
    units = np.array(c.eligible, dtype=np.bool_)
    room = np.maximum(c.share - c.min_load[:, None], 0.0)
    lp.put(rows, blocks.online[units][:, case.of], room[units])
    lp.put(rows, blocks.above[units], -1.0)
    for _, at in kept:
        lp.put(rows, blocks.discharge[at], -1.0)


def budgets_in_reserve(case: Case) -> list[tuple[int, int]]:
    """Eligible generators with an energy budget: their index and that of their store."""
    position = {name: k for k, name in enumerate(case.reduced.stores.ids)}
    return [
        (i, position[g.generator_id])
        for i, g in enumerate(case.instance.generators)
        if g.budget_mwh is not None and g.reserve_eligible and g.generator_id in position
    ]


def _ramps(case: Case, lp: Programme, blocks: Blocks) -> None:
    """Change of output from step to step; of a cluster: of the output above minimum load, by what is online.

    A rise is measured by what is online after it and a fall by what was before, so that units start and stop at their
    minimum load.
    """
    r, c = case.reduced, case.clusters
    position = {name: k for k, name in enumerate(r.stores.ids)}
    for i in case.limited:
        g = case.instance.generators[i]
        assert g.ramp_mw_per_h is not None
        limit = g.ramp_mw_per_h * r.hours
        if g.commitment is not None:
            k = c.owner.index(i)
            share = limit / g.capacity_mw
            above, online = blocks.above[k], blocks.online[k, case.of]
            rise = lp.constraints(np.full(r.steps - 1, -INF), 0.0)
            fall = lp.constraints(np.full(r.steps - 1, -INF), 0.0)
            for rows, sign, by in ((rise, 1.0, online[1:]), (fall, -1.0, online[:-1])):
                lp.put(rows, above[1:], sign)
                lp.put(rows, above[:-1], -sign)
                lp.put(rows, by, -share)
            continue
        change = np.diff(r.minimum_mw[i])
        rows = lp.constraints((-limit - change) / case.mw, (limit - change) / case.mw)
        own = [k for k, p in enumerate(r.pieces) if p.owner == i]
        parts = [*blocks.output[own]]
        if g.generator_id in position:
            parts.append(blocks.discharge[position[g.generator_id]])
        for part in parts:
            lp.put(rows, part[1:], 1.0)
            lp.put(rows, part[:-1], -1.0)
