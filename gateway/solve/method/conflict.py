"""Irreducible sets of goals that cannot all be met: infeasible, while every smaller part can be met.

Deletion filter (Chinneck and Dravnieks 1991) on the linearisation by linear programmes, then verified on the model
itself; the proof is by corners (`corner.py`), since a local search alone can prove nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog

from gateway.solve.method.corner import Signs, best_corner, prove_infeasible
from gateway.solve.method.nearest import Shortfall, nearest
from gateway.solve.method.search import differences, local_of, search
from gateway.solve.method.words import Objective, OutOfTimeError, Penalty, Point, Task
from services.common.arrays import FloatArray

_LINEAR_TOLERANCE = 1e-7
_REACH_PENALTY = 1e3


@dataclass(frozen=True)
class ConflictSet:
    """Goals in conflict; `witnesses` are points that meet all of them but one, in the goals' order."""

    goals: tuple[int, ...]
    proved: bool
    complete: bool
    witnesses: tuple[FloatArray, ...]
    evaluation_count: int


async def conflict_sets(task: Task, point: Point, signs: Signs) -> list[ConflictSet]:
    """Disjoint conflict sets, at most as many as the settings say; `point` is the nearest point of all goals.

    When time runs out, the sets found so far are given.
    """
    found: list[ConflictSet] = []
    left = task.rows.goals
    try:
        await _sample_signs(task, point, signs)
        while left and len(found) < task.tuning.conflict_set_count:
            asked = _only(task, left)
            if found:
                point = await nearest(asked, Shortfall.SQUARES, point.x, point.jacobian)
                signs.saw(local_of(task, point.x, point.q, point.jacobian).slope)
            if asked.meets(point.g, asked.rows.of(left)):
                break
            one = await _one_set(asked, point, signs)
            if one is None:
                break
            found.append(one)
            left = [g for g in left if g not in one.goals]
    except OutOfTimeError:
        pass
    return found


async def _sample_signs(task: Task, point: Point, signs: Signs) -> None:
    """Differences at the point and at both ends of the box."""
    for x in (point.x, task.space.low, task.space.high):
        jacobian = await differences(task, x)
        signs.saw(local_of(task, x, await task.model.one(x), jacobian).slope)


def _only(task: Task, goals: Sequence[int]) -> Task:
    """The task with some goals only, all of one priority."""
    kept = tuple(g if g in goals else -1 for g in task.rows.goal)
    return replace(task, rows=replace(task.rows, goal=kept, priority=(0,) * len(kept)))


async def _one_set(task: Task, point: Point, signs: Signs) -> ConflictSet | None:
    goals = task.rows.goals
    weight = {g: max((float(point.multipliers[k]) for k in task.rows.of([g])), default=0.0) for g in goals}
    short = [g for g in goals if not task.meets(point.g, task.rows.of([g]))]
    single = await _impossible_alone(task, short, signs)
    if single is not None:
        return single
    candidates = [g for g in goals if g in short or weight[g] > _LINEAR_TOLERANCE]
    order = sorted(candidates, key=lambda g: (weight[g], g))
    chosen = _linear_filter(task, point, order) or order
    return await _verified(task, point, sorted(chosen), order, signs)


async def _impossible_alone(task: Task, goals: Sequence[int], signs: Signs) -> ConflictSet | None:
    """A goal that fails at its own best corner."""
    space = task.space
    for goal in goals:
        for k in task.rows.of([goal]):
            sign = signs.of(k)
            if sign is None:
                continue
            corner = best_corner(sign, space.low, space.high, space.start)
            if not task.meets(task.margins(await task.model.one(corner)), [k]):
                return ConflictSet((goal,), True, True, (space.start,), 1)
    return None


def _linear_filter(task: Task, point: Point, order: Sequence[int]) -> list[int]:
    """An irreducible set on the linearisation over the whole box; empty when that can be met."""
    local = local_of(task, point.x, point.q, point.jacobian)
    left = list(order)
    if _linear_feasible(task, point, local.g, local.slope, left):
        return []
    for goal in order:
        without = [g for g in left if g != goal]
        if without and not _linear_feasible(task, point, local.g, local.slope, without):
            left = without
    return left


def _linear_feasible(
    task: Task, point: Point, g: FloatArray, slope: FloatArray, goals: Sequence[int]
) -> bool:
    rows = task.rows.of(goals)
    n = point.x.size
    matrix = np.concatenate([-slope[rows], -np.ones((len(rows), 1))], axis=1)
    bounds = [*zip(task.space.low - point.x, task.space.high - point.x, strict=True), (0.0, None)]
    cost = np.zeros(n + 1)
    cost[-1] = 1.0
    solved = linprog(cost, matrix, g[rows], bounds=bounds, method="highs-ds")
    return bool(solved.status == 0 and solved.fun <= _LINEAR_TOLERANCE)


async def _verified(
    task: Task, point: Point, chosen: list[int], order: Sequence[int], signs: Signs
) -> ConflictSet | None:
    """The set held against the model: it cannot be met, and without any one of its goals it can."""
    proved, used = False, 0
    proof = await prove_infeasible(_only(task, chosen), task.rows.of(chosen), signs)
    proved, used = proof.proved, proof.evaluation_count
    if not proved and await _reached(task, point, chosen) is not None:
        # The linearisation was wrong: filter on the model itself.
        chosen = sorted(order)
        if await _reached(task, point, chosen) is not None:
            return None
    witnesses: list[FloatArray] = []
    at = 0
    while at < len(chosen):
        without = [g for g in chosen if g != chosen[at]]
        witness = task.space.start if not without else await _reached(task, point, without)
        if witness is None:
            chosen, proved = without, False
            witnesses, at = [], 0
            continue
        witnesses.append(witness)
        at += 1
    if not proved:
        proof = await prove_infeasible(_only(task, chosen), task.rows.of(chosen), signs)
        proved, used = proof.proved, used + proof.evaluation_count
    return ConflictSet(tuple(chosen), proved, True, tuple(witnesses), used)


async def _reached(task: Task, point: Point, goals: Sequence[int]) -> FloatArray | None:
    """A point that meets these goals, searched from the nearest point and from both ends of the box."""
    part = _only(task, goals)
    rows = part.rows.of(goals)
    count = len(part.rows.goal)
    weights = np.zeros(count)
    weights[rows] = _REACH_PENALTY
    penalty = Penalty(weights, np.zeros(count), np.zeros(count), 0.0, ())
    objective = Objective(task.space.weight**2, np.zeros(point.x.size), np.zeros(count + 1))
    for start, jacobian in ((point.x, point.jacobian), (task.space.low, None), (task.space.high, None)):
        end = await search(part, objective, penalty, start, jacobian, enough=tuple(rows))
        if part.meets(end.g, rows):
            return end.x
    return None
