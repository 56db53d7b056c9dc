"""Commitment of an instance's generators by period, alternated with the schedule of its stores."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.power.bound_kernels import best_periods, period_cost, stack_bound
from services.power.commitment_kernels import choose_commitment
from services.power.instance.merit import make_stack, split_reserve
from services.power.instance.plan import Plan, idle_cost
from services.power.instance.reduce import Index, Piece, Reduced
from services.power.instance.search import Schedule, schedule_stores, stores_bound
from services.power.instance.words import DispatchInstance, Generator, UnitCommitment

# Slices in which a cluster is switched at first; then steps towards what prices ask for, each tried at most four times.
SLICES = 5
STEPS = {False: 6, True: 14}
TRIES = 4
# Schedules on the way are those of the walks, however loose their certificate.
ROUGH = np.inf
# Weight of the prices before against new ones.
SMOOTHING = 0.3


@dataclass(frozen=True)
class Clusters:
    """The committed generators as arrays, c."""

    owner: tuple[int, ...]
    cost: FloatArray
    min_load: FloatArray
    no_load: FloatArray
    start: FloatArray  # CNY/MW over the hours of a step
    share: FloatArray  # [c, n] available
    capacity: FloatArray
    eligible: tuple[bool, ...]


def plan_without_commitment(reduced: Reduced, accurate: bool, tolerance: float) -> Plan:
    """Schedule of stores on all pieces, the reserve set apart."""
    pieces, missing = split_reserve(reduced.pieces, reduced.reserve_mw, reduced.reserve_cost)
    stack = make_stack(pieces, reduced.steps)
    schedule = schedule_stores(reduced.residual_mw, stack, reduced.stores, reduced.voll, accurate, tolerance)
    empty = np.zeros((0, reduced.steps))
    short = reduced.reserve_cost * float(missing.sum())
    return Plan(
        pieces,
        empty,
        np.zeros(0),
        np.zeros(reduced.steps),
        0.0,
        schedule,
        schedule.cost + short,
        schedule.bound + short,
        idle_cost(pieces, reduced.residual_mw, reduced.voll) + short,
        missing,
    )


def plan_with_commitment(
    instance: DispatchInstance, reduced: Reduced, accurate: bool, tolerance: float
) -> Plan:
    """The cheapest of some passes: units for the load as it stands, then stores on what the units leave."""
    clusters = clusters_of(instance, reduced)
    free = [_whole(clusters, i) for i in range(len(clusters.owner))]
    stack = make_stack([*reduced.pieces, *free], reduced.steps)
    first = schedule_stores(reduced.residual_mw, stack, reduced.stores, reduced.voll, False, ROUGH)
    online = _choose(instance, reduced, clusters, first.x_mw + stack.free_mw)
    best = _settle(instance, reduced, clusters, online, False, ROUGH)
    best = _improved(instance, reduced, clusters, best, STEPS[accurate])
    again = _settle(instance, reduced, clusters, best.online_mw, accurate, tolerance)
    return again if again.cost <= best.cost else best


def _improved(
    instance: DispatchInstance,
    reduced: Reduced,
    clusters: Clusters,
    plan: Plan,
    steps: int,
) -> Plan:
    """Steps from the plan towards what its prices ask for; cost is convex in the capacity online.

    The method of Frank and Wolfe (1956) with backtracking; when all clusters together find nothing better they are
    moved one by one.
    """
    period = min(instance.period_steps, reduced.steps)
    price = plan.schedule.price.copy()
    best, step, stalls = plan, 1.0, 0
    count = clusters.cost.size
    for _ in range(steps):
        direction = _asked_for(clusters, price, reduced.steps, period) - best.online_mw
        if stalls >= 2:
            direction = direction * (np.arange(count) == (stalls - 2) % count)[:, None]
        found, taken, size = None, step, min(1.0, 2.0 * step)
        for _ in range(TRIES):
            trial = _settle(instance, reduced, clusters, best.online_mw + size * direction, False, ROUGH)
            if found is not None and trial.cost >= found.cost:
                break
            found, taken, size = trial, size, 0.5 * size
        assert found is not None
        price = SMOOTHING * price + (1 - SMOOTHING) * found.schedule.price
        if found.cost < best.cost:
            best, step, stalls = found, taken, 0
        else:
            stalls += 1
    return best


def _asked_for(clusters: Clusters, price: FloatArray, steps: int, period: int) -> FloatArray:
    """What every cluster would have online at these prices, all or nothing by period, [c, n] MW."""
    of = _periods(steps, period)
    cost, path = np.empty(int(of[-1]) + 1), np.empty(int(of[-1]) + 1)
    found = np.empty((clusters.cost.size, steps))
    for i in range(clusters.cost.size):
        period_cost(
            price,
            clusters.cost[i],
            clusters.share[i],
            clusters.min_load[i],
            clusters.no_load[i],
            period,
            cost,
        )
        best_periods(cost, clusters.start[i], path)
        found[i] = clusters.capacity[i] * path[of]
    return found


def clusters_of(instance: DispatchInstance, reduced: Reduced) -> Clusters:
    """The committed generators in numbers."""
    rows: list[tuple[Generator, UnitCommitment]] = []
    for i in reduced.committed:
        g = instance.generators[i]
        assert g.commitment is not None
        rows.append((g, g.commitment))
    capacity = np.array([g.capacity_mw for g, _ in rows])
    available = np.array([reduced.available_mw[i] for i in reduced.committed])
    available = available.reshape(len(rows), reduced.steps)
    share = np.divide(available, capacity[:, None], out=np.zeros_like(available), where=capacity[:, None] > 0)
    return Clusters(
        reduced.committed,
        np.array([g.cost_cny_per_mwh for g, _ in rows]),
        np.array([c.min_load_share for _, c in rows]),
        np.array([c.no_load_cost_cny_per_mw_h for _, c in rows]),
        np.array([c.start_cost_cny_per_mw / reduced.hours for _, c in rows]),
        share,
        capacity,
        tuple(g.reserve_eligible for g, _ in rows),
    )


def _whole(clusters: Clusters, i: int) -> Piece:
    """A cluster as if it ran freely at its full-load cost."""
    cost = np.array([clusters.cost[i] + clusters.no_load[i]])
    return Piece(clusters.owner[i], cost, clusters.capacity[i] * clusters.share[i], clusters.eligible[i])


def _choose(
    instance: DispatchInstance, reduced: Reduced, clusters: Clusters, full_mw: FloatArray
) -> FloatArray:
    """Online capacity [c, n] for the load on the whole stack; quick pieces count with their mean of the period."""
    period = min(instance.period_steps, reduced.steps)
    of = _periods(reduced.steps, period)
    count = int(of[-1]) + 1
    quick = list(reduced.pieces)
    cost = np.array([float(p.cost.mean()) for p in quick] + list(clusters.cost + clusters.no_load))
    order = np.argsort(cost, kind="stable")
    caps = [p.cap_mw for p in quick] + [
        clusters.capacity[i] * clusters.share[i] for i in range(clusters.cost.size)
    ]
    mean = np.array([_mean(np.broadcast_to(c, reduced.steps), of, count) for c in caps])
    flags = np.array([0] * len(quick) + [1] * clusters.cost.size, dtype=np.int64)
    zero = np.zeros(len(quick))
    full_cost = np.maximum(clusters.cost + clusters.no_load, 1e-12)
    online = np.zeros((cost.size, count))
    choose_commitment(
        np.ascontiguousarray(full_mw),
        period,
        np.arange(count, dtype=np.int64),
        np.ascontiguousarray(cost[order]),
        np.ascontiguousarray(mean[order].T),
        np.ascontiguousarray(flags[order]),
        np.ascontiguousarray(np.concatenate([zero, clusters.min_load])[order]),
        np.ascontiguousarray(np.concatenate([zero, clusters.no_load / full_cost])[order]),
        np.ascontiguousarray(np.concatenate([zero, clusters.start])[order]),
        SLICES,
        reduced.voll,
        online,
    )
    back = np.empty_like(order)
    back[order] = np.arange(order.size)
    # From available to installed capacity.
    share = np.array([_mean(row, of, count) for row in clusters.share])
    rows = online[back[len(quick) :]]
    rows = np.divide(rows, share, out=np.zeros_like(rows), where=share > 0)
    return np.ascontiguousarray(np.minimum(rows, clusters.capacity[:, None])[:, of])


def _periods(steps: int, period: int) -> Index:
    """The period of every step."""
    return (np.arange(steps) // period).astype(np.int64)


def _mean(values: FloatArray, of: Index, count: int) -> FloatArray:
    return np.asarray(np.bincount(of, values, count) / np.bincount(of, minlength=count))


def _settle(
    instance: DispatchInstance,
    reduced: Reduced,
    clusters: Clusters,
    online: FloatArray,
    accurate: bool,
    tolerance: float,
) -> Plan:
    """Stores on the stack that the online capacity leaves, and what everything costs."""
    floor = (clusters.min_load[:, None] * online).sum(axis=0)
    above = [
        Piece(
            clusters.owner[i],
            np.array([clusters.cost[i]]),
            np.maximum(clusters.share[i] - clusters.min_load[i], 0.0) * online[i],
            clusters.eligible[i],
        )
        for i in range(clusters.cost.size)
    ]
    pieces, missing = split_reserve([*reduced.pieces, *above], reduced.reserve_mw, reduced.reserve_cost)
    residual = reduced.residual_mw - floor
    schedule = schedule_stores(
        residual, make_stack(pieces, reduced.steps), reduced.stores, reduced.voll, accurate, tolerance
    )
    period = min(instance.period_steps, reduced.steps)
    started = started_mw(online, period)
    running = (online * (clusters.no_load + clusters.min_load * clusters.cost)[:, None]).sum()
    fixed = float(running) + float((started * clusters.start).sum())
    fixed += reduced.reserve_cost * float(missing.sum())
    return Plan(
        pieces,
        online,
        started,
        floor,
        fixed,
        schedule,
        schedule.cost + fixed,
        _bound(reduced, clusters, schedule, period),
        idle_cost(pieces, residual, reduced.voll) + fixed,
        missing,
    )


def started_mw(online_mw: FloatArray, period: int) -> FloatArray:
    """Capacity started over all periods [c], the periods in a circle; online_mw [c, n]."""
    at_start = online_mw[:, ::period]
    return np.asarray(np.maximum(at_start - np.roll(at_start, 1, axis=1), 0.0).sum(axis=1))


def _bound(reduced: Reduced, clusters: Clusters, schedule: Schedule, period: int) -> float:
    """Certified least cost with the commitment relaxed to a continuous one.

    Of the reserve it holds only what is short with everything online.
    """
    stack = make_stack(reduced.pieces, reduced.steps)
    pi = schedule.price.copy()
    worth = schedule.worth.copy()
    total = float(
        stack_bound(pi, reduced.residual_mw - stack.free_mw, stack.per, stack.price, stack.cap, reduced.voll)
    )
    cost = np.empty((reduced.steps + period - 1) // period)
    path = np.empty(cost.size)
    for i in range(clusters.cost.size):
        period_cost(
            pi, clusters.cost[i], clusters.share[i], clusters.min_load[i], clusters.no_load[i], period, cost
        )
        total += clusters.capacity[i] * best_periods(cost, clusters.start[i], path)
    most = sum((p.cap_mw for p in reduced.pieces if p.eligible), np.zeros(reduced.steps))
    for i in range(clusters.cost.size):
        if clusters.eligible[i]:
            most = most + clusters.capacity[i] * clusters.share[i]
    total += reduced.reserve_cost * float(np.maximum(reduced.reserve_mw - most, 0.0).sum())
    return total + stores_bound(pi, worth, reduced.stores)
