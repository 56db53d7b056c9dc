"""Least change, few levers, least cost: objectives and the search that meets all goals."""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from gateway.solve.method.search import search
from gateway.solve.method.words import Objective, OutOfTimeError, Penalty, Point, Rows, Space, Task, Tuning
from services.common.arrays import FloatArray

# A shortfall below this is taken for roughness of the model, not for a conflict.
_ALMOST_SHARE = 1e-3
_AIM_FACTORS = (2.0, 8.0)


class Aim(StrEnum):
    """What is made as small as possible."""

    LEAST_CHANGE = "least_change"
    FEW_LEVERS = "few_levers"
    LEAST_COST = "least_cost"


def objective_of(
    aim: Aim, space: Space, row_count: int, tuning: Tuning, cost_scale: float = 1.0
) -> Objective:
    """The objective; `cost_scale` is the cost that counts as one."""
    square, zero, linear = space.weight**2, np.zeros(space.start.size), np.zeros(row_count + 1)
    if aim is Aim.FEW_LEVERS:
        return Objective(2 * tuning.few_levers_square * square, space.weight, linear)
    if aim is Aim.LEAST_COST:
        linear[-1] = 1 / cost_scale
        return Objective(2 * tuning.least_cost_square * square, zero, linear)
    return Objective(square, zero, linear)


def hard(rows: Rows, weight: float) -> Penalty:
    """Every row asked for, with one weight."""
    asked = np.array([g >= 0 for g in rows.goal], dtype=float)
    zero = np.zeros(asked.size)
    return Penalty(weight * asked, zero, zero, 0.0, ())


async def meet(
    task: Task, objective: Objective, start: FloatArray, jacobian: FloatArray | None = None
) -> Point:
    """From one start: meet every row at the least of the objective; the penalty grows when it does not suffice."""
    rows = task.rows.of(task.rows.goals)
    point = await search(task, objective, hard(task.rows, task.tuning.first_penalty), start, jacobian)
    if task.meets(point.g, rows):
        return point
    last = hard(task.rows, task.tuning.last_penalty)
    point = await search(task, objective, last, point.x, point.jacobian)
    for factor in _AIM_FACTORS:
        short = point.short(rows)
        if task.meets(point.g, rows) or short > _ALMOST_SHARE:
            break
        # Kinks of the model hide the last bit of the way: aim a little farther.
        bolder = replace(task, tuning=replace(task.tuning, aim_share=factor * short))
        again = await search(bolder, objective, last, point.x, point.jacobian)
        point = replace(again, g=task.margins(again.q))
    return point


async def least(task: Task, aim: Aim, cost_scale: float = 1.0) -> Point:
    """The best answer; few levers have local optima, so that three starts are tried and the best (first) wins."""
    count = len(task.rows.goal)
    objective = objective_of(aim, task.space, count, task.tuning, cost_scale)
    first = await meet(task, objective, task.space.start)
    rows = task.rows.of(task.rows.goals)
    if aim is not Aim.FEW_LEVERS or not (first.x != task.space.start).any():
        return first
    spread = objective_of(Aim.LEAST_CHANGE, task.space, count, task.tuning)
    even = await meet(task, spread, task.space.start)
    middle = np.clip(0.5 * (task.space.low + task.space.high), task.space.low, task.space.high)
    tried = [first]
    for start, jacobian in ((even.x, even.jacobian), (middle, None)):
        try:
            tried.append(await meet(task, objective, start, jacobian))
        except OutOfTimeError:
            break

    def rank(point: Point) -> tuple[bool, float]:
        return not task.meets(point.g, rows), objective.value(point.x - task.space.start, point.q)

    return min(tried, key=rank)
