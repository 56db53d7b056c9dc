"""The point that falls least short when goals cannot all be met; higher priorities first."""

from enum import StrEnum

import numpy as np

from gateway.solve.method.least import Aim, objective_of
from gateway.solve.method.search import search
from gateway.solve.method.words import Objective, Penalty, Point, Task
from services.common.arrays import FloatArray


class Shortfall(StrEnum):
    """How shortfalls of several goals are weighed against each other."""

    SQUARES = "squares"
    SUM = "sum"
    WORST = "worst"


_TINY = 1e-9


async def nearest(task: Task, how: Shortfall, start: FloatArray, jacobian: FloatArray | None = None) -> Point:
    """Least shortfall, priority by priority: what an earlier one falls short, a later one must not enlarge."""
    change = objective_of(Aim.LEAST_CHANGE, task.space, len(task.rows.goal), task.tuning)
    objective = Objective(task.tuning.nearest_square * change.square, change.line, change.linear)
    allowance = np.zeros(len(task.rows.goal))
    done: list[int] = []
    point: Point | None = None
    for level in sorted({task.rows.priority[k] for k, g in enumerate(task.rows.goal) if g >= 0}):
        now = [k for k, g in enumerate(task.rows.goal) if g >= 0 and task.rows.priority[k] == level]
        penalty = _penalty(task, how, now, done, allowance)
        point = await search(
            task, objective, penalty, start, jacobian, stop_share=task.tuning.nearest_stop_share
        )
        start, jacobian = point.x, point.jacobian
        for k in now:
            allowance[k] = max(-float(point.g[k]), 0.0) + _TINY
        done += now
    assert point is not None
    return point


def _penalty(task: Task, how: Shortfall, now: list[int], done: list[int], allowance: FloatArray) -> Penalty:
    count = allowance.size
    linear, square = np.zeros(count), np.zeros(count)
    linear[done] = task.tuning.last_penalty
    if how is Shortfall.SQUARES:
        square[now] = 1.0
    elif how is Shortfall.SUM:
        linear[now] = 1.0
    allowed = np.zeros(count)
    allowed[done] = allowance[done]
    worst = how is Shortfall.WORST
    return Penalty(linear, square, allowed, 1.0 if worst else 0.0, tuple(now) if worst else ())
