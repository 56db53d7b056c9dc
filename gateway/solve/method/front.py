"""A front of two objectives by limits on the second one (epsilon-constraint, Haimes 1971; augmented as AUGMECON, 2009).

The ends are lexicographic: the best of one objective, then the best of the other at that. Between them the limits are
equally spaced, and every search starts from its neighbour with its Jacobian. Dominated points are dropped.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import numpy as np

from gateway.solve.method.least import Aim, meet, objective_of
from gateway.solve.method.words import Objective, OutOfTimeError, Point, Task
from services.common.arrays import FloatArray

# An end is held a little looser than it was found, so that the second search can move.
_LOOSE_AIMS = 10


@dataclass(frozen=True)
class Axis:
    """One objective: a row of q that is made small (sign -1) or large (+1); `scale` of it counts as one.

    `limit_row` is a second row with the same quantity, not asked for: it bears the limits.
    """

    row: int
    limit_row: int
    sign: float
    scale: float

    def value(self, q: FloatArray) -> float:
        """The scaled objective: smaller is better."""
        return -self.sign * float(q[self.row]) / self.scale


@dataclass(frozen=True)
class FrontPoint:
    """An efficient point; `exchange` is the gain of the first objective for one unit of the second, both scaled."""

    point: Point
    first: float
    second: float
    exchange: float


async def front(task: Task, first: Axis, second: Axis, count: int) -> AsyncIterator[FrontPoint]:
    """Points of the front as they are found (dominated ones too; see `efficient`). Nothing more when time runs out.

    The row of each axis must stand in the task's rows (goal -1 when nothing else is asked of it).
    """
    try:
        best_first = await _ended(task, first, second, task.space.start, None)
        yield _found(best_first, first, second)
        best_second = await _ended(task, second, first, best_first.x, best_first.jacobian)
        yield _found(best_second, first, second)
        from_, to = second.value(best_first.q), second.value(best_second.q)
        point = best_first
        for i in range(1, count + 1):
            limit = from_ + (to - from_) * i / (count + 1)
            limited = _limited(task, second, limit)
            objective = _objective(task, first, second, abs(from_ - to))
            point = await meet(limited, objective, point.x, point.jacobian)
            exchange = float(point.multipliers[second.limit_row])
            yield replace(_found(point, first, second), exchange=exchange)
    except OutOfTimeError:
        return


def efficient(points: list[FrontPoint]) -> list[FrontPoint]:
    """Points that no other one beats, by rising first objective."""
    kept = []
    for i, p in enumerate(points):
        beaten = any(
            (q.first <= p.first and q.second <= p.second)
            and (q.first < p.first or q.second < p.second or k < i)
            for k, q in enumerate(points)
            if k != i
        )
        if not beaten:
            kept.append(p)
    return sorted(kept, key=lambda p: (p.first, p.second))


async def _ended(
    task: Task, main: Axis, other: Axis, start: FloatArray, jacobian: FloatArray | None
) -> Point:
    """The best of `main`, then of `other` without giving up on `main`."""
    point = await meet(task, _objective(task, main, None, 1.0), start, jacobian)
    held = _limited(task, main, main.value(point.q) + _LOOSE_AIMS * task.tuning.aim_share)
    return await meet(held, _objective(task, other, None, 1.0), point.x, point.jacobian)


def _objective(task: Task, main: Axis, other: Axis | None, span: float) -> Objective:
    """The axis itself, with a little of the other one so that only efficient points are found."""
    count = len(task.rows.goal)
    base = objective_of(Aim.LEAST_CHANGE, task.space, count, task.tuning)
    linear = np.zeros(count + 1)
    linear[main.row] = -main.sign / main.scale
    if other is not None and span > 0:
        linear[other.row] += -other.sign / other.scale * task.tuning.front_slack_share / span
    return Objective(2 * task.tuning.nearest_square * base.square, base.line, linear)


def _limited(task: Task, axis: Axis, limit: float) -> Task:
    """The task with one more goal: the axis must not be worse than the limit."""
    rows, at = task.rows, axis.limit_row
    goal, sign, number, scale = list(rows.goal), rows.sign.copy(), rows.number.copy(), rows.scale.copy()
    goal[at] = max(rows.goal) + 1
    sign[at], number[at], scale[at] = axis.sign, -axis.sign * limit * axis.scale, axis.scale
    return replace(task, rows=replace(rows, goal=tuple(goal), sign=sign, number=number, scale=scale))


def _found(point: Point, first: Axis, second: Axis) -> FrontPoint:
    return FrontPoint(point, first.value(point.q), second.value(point.q), 0.0)
