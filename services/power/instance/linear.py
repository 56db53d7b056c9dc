"""The optimum of the whole instance by its linear programme, for what no stack can hold, told as a plan."""

from dataclasses import replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.errors import DomainError, Violation, invalid
from services.power.instance.commit import Clusters, started_mw
from services.power.instance.equations import (
    SLACK,
    Blocks,
    Case,
    budgets_in_reserve,
    case_of,
    limited_units,
    solve_case,
)
from services.power.instance.merge import merge_stores
from services.power.instance.plan import Plan, stores_at_rest
from services.power.instance.programme import Solution
from services.power.instance.reduce import Piece, Reduced, Stores
from services.power.instance.result import DispatchMethod
from services.power.instance.search import Schedule, follow_store
from services.power.instance.words import DispatchInstance


def column_count(reduced: Reduced) -> int:
    """About how many variables the programme has."""
    return reduced.steps * (len(reduced.pieces) + len(reduced.committed) + 4 * reduced.stores.count + 3)


def plan_by_programme(instance: DispatchInstance, reduced: Reduced, reason: str) -> Plan:
    """The optimum with every limit of the instance, units committed in part where that is cheaper.

    Raises DomainError(INVALID_INPUT) when the programme is too large or no schedule keeps all limits.
    """
    _check_stores(reduced.stores)
    still = stores_at_rest(instance, reduced)
    plan = _optimum(instance, reduced, reason)
    if still.stores.count == reduced.stores.count:
        return plan
    return replace(plan, cost_without_stores=max(_optimum(instance, still, reason).cost, plan.cost))


def _optimum(instance: DispatchInstance, reduced: Reduced, reason: str) -> Plan:
    """The optimum as a plan, equal stores as one; its cost stands for that without stores too."""
    merged = merge_stores(reduced.stores, {g.generator_id for g in instance.generators})
    reduced = replace(reduced, stores=merged.stores)
    case, n = case_of(instance, reduced, reason), reduced.steps
    blocks, found = solve_case(case)
    online = np.minimum(found.at(blocks.online) * case.mw, case.clusters.capacity[:, None])
    stores = reduced.stores
    net, content, spilled = (np.zeros((stores.count, n)) for _ in range(3))
    first = np.zeros(stores.count)
    wanted, wasted = found.at(blocks.content) * case.mw, found.at(blocks.spill) * case.mw
    for i in range(stores.count):
        first[i] = follow_store(i, wanted[i], wasted[i], stores, net[i], content[i], spilled[i])
    price = np.clip(found.prices[blocks.balance], 0.0, reduced.voll)
    plan = _plan(case, blocks, found, online[:, case.of], net)
    schedule = replace(
        plan.schedule,
        content=content,
        first=first,
        spilled=spilled,
        price=price,
        worth=np.ascontiguousarray(-found.prices[blocks.contents]),
    )
    return replace(plan, schedule=schedule.told_by_store(merged))


def _plan(case: Case, blocks: Blocks, found: Solution, online: FloatArray, net: FloatArray) -> Plan:
    """The optimum as a plan: outputs within what their units can give, the cost that follows from them.

    online [c, n], net [m, n] MW. Contents and prices are left to the caller.
    """
    r, s, c = case.reduced, case.reduced.stores, case.clusters
    n = r.steps
    room = np.maximum(c.share - c.min_load[:, None], 0.0) * online
    above = np.minimum(found.at(blocks.above) * case.mw, room)
    pieces = (*r.pieces, *_pieces(c, room))
    output = np.concatenate([blocks.full + found.at(blocks.output) * case.mw, above])
    floor = (c.min_load[:, None] * online).sum(axis=0)
    x = r.residual_mw - floor + net.sum(axis=0)
    short = _short(case, pieces, output, net)
    started = started_mw(online, min(case.instance.period_steps, n))
    fixed = float((online * (c.no_load + c.min_load * c.cost)[:, None]).sum())
    fixed += float((started * c.start).sum()) + r.reserve_cost * float(short.sum())
    cost = fixed + sum(float((p.cost * o).sum()) for p, o in zip(pieces, output, strict=True))
    cost += r.voll * float(np.maximum(x - output.sum(axis=0), 0.0).sum())
    cost += float((s.scalars[:, 2] * np.abs(net).sum(axis=1)).sum())
    certain = sum(float((p.cost * o).sum()) for p, o in zip(r.pieces, blocks.full, strict=True))
    bound = min(found.bound * case.mw + certain, cost)
    method = DispatchMethod.LINEAR_PROGRAMME
    empty = np.zeros((s.count, n))
    schedule = Schedule(
        net, empty, np.zeros(s.count), empty, x, cost - fixed, np.zeros(n), empty, bound, method, case.reason
    )
    return Plan(pieces, online, started, floor, fixed, schedule, cost, bound, cost, short, output)


def _pieces(c: Clusters, room_mw: FloatArray) -> tuple[Piece, ...]:
    """Output above the minimum load of what is online."""
    return tuple(
        Piece(owner, np.array([cost]), room, eligible)
        for owner, cost, room, eligible in zip(c.owner, c.cost, room_mw, c.eligible, strict=True)
    )


def _short(case: Case, pieces: tuple[Piece, ...], output: FloatArray, net: FloatArray) -> FloatArray:
    """Reserve that no free capacity of eligible units covers, MW [n]."""
    r = case.reduced
    free = np.zeros(r.steps)
    for piece, part in zip(pieces, output, strict=True):
        if piece.eligible:
            free = free + piece.cap_mw - part
    for i, at in budgets_in_reserve(case):
        free = free + r.available_mw[i] - r.minimum_mw[i] + net[at]
    short = np.maximum(r.reserve_mw - free, 0.0)
    return np.where(short > SLACK * max(float(r.load_mw.max()), 1.0), short, 0.0)


def _check_stores(s: Stores) -> None:
    """Raise DomainError(INVALID_INPUT) naming every store that no schedule brings to its end."""
    found: list[Violation] = []
    n = s.charge.shape[1]
    for i in range(s.count):
        try:
            follow_store(i, s.high[i], np.zeros(n), s, np.zeros(n), np.zeros(n), np.zeros(n))
        except DomainError as error:
            found += error.violations
    if found:
        raise invalid(found)


def broken_ramps(
    instance: DispatchInstance, reduced: Reduced, plan: Plan, output_mw: FloatArray
) -> tuple[str, ...]:
    """Generators whose output [g, n] of a plan changes by more than their limit."""
    online = dict(zip(reduced.committed, plan.online_mw, strict=True))
    found = []
    for i in limited_units(instance, reduced):
        g = instance.generators[i]
        assert g.ramp_mw_per_h is not None
        limit = g.ramp_mw_per_h * reduced.hours
        change, rise, fall = np.diff(output_mw[i]), np.array([limit]), np.array([limit])
        if g.commitment is not None:
            change = np.diff(output_mw[i] - g.commitment.min_load_share * online[i])
            rise, fall = (limit * online[i][part] / g.capacity_mw for part in (np.s_[1:], np.s_[:-1]))
        slack = SLACK * max(g.capacity_mw, limit)
        if (change > rise + slack).any() or (-change > fall + slack).any():
            found.append(g.generator_id)
    return tuple(found)
