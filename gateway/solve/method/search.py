"""Sequential quadratic programming on finite differences with an l1 merit and a trust region (Fletcher's Sl1QP).

R. Fletcher, Practical Methods of Optimization, 2nd ed. 1987, chapter 14; rank-one updates by C. G. Broyden 1965, kept
to the entries that can differ from zero (L. K. Schubert 1970); second-order correction as Fletcher 1982.
"""

from dataclasses import dataclass

import numpy as np

from gateway.solve.method.step import Local, best_step, predicted
from gateway.solve.method.words import Objective, OutOfTimeError, Penalty, Point, Task
from services.common.arrays import FloatArray

_CORRECT_BELOW = 0.1
_ACCEPT_ABOVE = 0.1
_WIDEN_ABOVE = 0.75
_NARROW_BELOW = 0.25
_ROUGH_ENOUGH = 2
# ... as long as what they promised was less than this part of the merit.
_ROUGH_SHARE = 0.01
_LEAST_MERIT = 1e-3
# A linear objective is scaled so that one is a per cent of where it began.
_LEAST_MERIT_LINEAR = 0.1


@dataclass
class _State:
    x: FloatArray
    q: FloatArray
    merit: float
    jacobian: FloatArray
    radius: float
    fresh: bool
    # Steps refused in a row although the Jacobian was fresh: the function is not smooth at this scale.
    rough_count: int = 0


async def search(
    task: Task,
    objective: Objective,
    penalty: Penalty,
    start: FloatArray,
    jacobian: FloatArray | None = None,
    *,
    stop_share: float | None = None,
    enough: tuple[int, ...] | None = None,
) -> Point:
    """The point that minimises objective plus penalty, from `start`.

    `jacobian` [k + 1, n] of q near the start saves the first differences. With `enough`, the search ends as soon as
    these rows are met. Out of time, the best point so far is returned.
    """
    share = task.tuning.stop_share if stop_share is None else stop_share
    q = await task.model.one(start)
    state = _State(start, q, _merit(task, objective, penalty, start, q), np.zeros(0), 0.0, jacobian is None)
    state.radius = task.tuning.first_radius
    state.jacobian = np.zeros((q.size, start.size)) if jacobian is None else jacobian.copy()
    if state.merit <= 0 and not objective.linear.any():
        nothing = np.zeros(state.x.size)
        return Point(start, q, task.margins(q), state.jacobian, 0.0, np.zeros(q.size - 1), nothing)
    try:
        if jacobian is None:
            await _difference(task, state)
        for _ in range(task.tuning.iteration_count):
            if enough is not None and task.meets(task.margins(state.q), enough):
                break
            if not await _advance(task, objective, penalty, state, share):
                break
            if state.rough_count >= _ROUGH_ENOUGH and task.meets(task.margins(state.q), penalty.rows):
                break
    except OutOfTimeError:
        pass
    return _point(task, objective, penalty, state)


async def _advance(task: Task, objective: Objective, penalty: Penalty, state: _State, share: float) -> bool:
    """One step; False when there is nothing left to gain."""
    local = local_of(task, state.x, state.q, state.jacobian)
    low = np.maximum(task.space.low - state.x, -state.radius)
    high = np.minimum(task.space.high - state.x, state.radius)
    step = best_step(local, objective, penalty, low, high)
    constant = _constant(objective, state.q)
    gain = 0.0 if step is None else state.merit - constant - predicted(local, objective, penalty, step.p)
    least = _LEAST_MERIT_LINEAR if objective.linear.any() else _LEAST_MERIT
    if step is None or gain <= share * max(abs(state.merit - constant), least):
        if state.fresh:
            return False
        await _difference(task, state)
        return True
    x, q, merit = await _tried(task, objective, penalty, state.x + step.p)
    length = float(np.abs(x - state.x).max())
    got = state.merit - merit
    if got < _CORRECT_BELOW * gain:
        margins = task.margins(q) - local.slope @ step.p
        second = best_step(
            Local(local.change, margins, local.jacobian, local.slope), objective, penalty, low, high
        )
        if second is not None:
            again = await _tried(task, objective, penalty, state.x + second.p)
            if again[2] < merit:
                x, q, merit = again
                got = state.merit - merit
    ratio = got / gain
    accepted = ratio > _ACCEPT_ABOVE
    was_fresh = state.fresh
    at_edge = bool((np.abs(x - state.x) >= 0.999 * state.radius).any())
    if accepted or not state.fresh:
        state.jacobian = _updated(task, state, x, q)
    little = gain <= _ROUGH_SHARE * max(abs(state.merit - constant), least)
    state.rough_count = 0 if accepted else state.rough_count + (state.fresh and little)
    if accepted:
        state.x, state.q, state.merit, state.fresh = x, q, merit, False
    elif not state.fresh:
        await _difference(task, state)
    if ratio > _WIDEN_ABOVE and at_edge:
        state.radius = min(2 * state.radius, 1.0)
    elif ratio < _NARROW_BELOW:
        state.radius = min(state.radius, length if was_fresh else state.radius) / 2
    return state.radius >= task.tuning.least_radius


async def _tried(
    task: Task, objective: Objective, penalty: Penalty, x: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    x = np.clip(x, task.space.low, task.space.high)
    q = await task.model.one(x)
    return x, q, _merit(task, objective, penalty, x, q)


def _merit(task: Task, objective: Objective, penalty: Penalty, x: FloatArray, q: FloatArray) -> float:
    return objective.value(x - task.space.start, q) + penalty.value(task.margins(q))


def _constant(objective: Objective, q: FloatArray) -> float:
    used = objective.linear != 0
    return float(objective.linear[used] @ q[used])


async def _difference(task: Task, state: _State) -> None:
    state.jacobian = await differences(task, state.x)
    state.fresh = True


async def differences(task: Task, x: FloatArray) -> FloatArray:
    """Jacobian of q [k + 1, n] by one-sided differences, inward at a bound, as one batch."""
    space, step = task.space, task.tuning.difference_step
    free = space.free
    moves = []
    for j in free:
        ahead = x.copy()
        h = min(step, space.high[j] - space.low[j])
        ahead[j] = x[j] + h if x[j] + h <= space.high[j] else x[j] - h
        moves.append(ahead)
    base, *others = await task.model.at([x, *moves])
    found = np.zeros((base.size, x.size))
    for j, ahead, q in zip(free, moves, others, strict=True):
        found[:, j] = (q - base) / (ahead[j] - x[j])
    found[~space.touches.astype(bool)] = 0.0
    return found


def _updated(task: Task, state: _State, x: FloatArray, q: FloatArray) -> FloatArray:
    """Broyden's update, row by row on the entries that a knob can touch."""
    dx = x - state.x
    miss = q - state.q - state.jacobian @ dx
    allowed = task.space.touches.astype(bool) * dx
    size = (allowed**2).sum(axis=1)
    usable = (size > 0) & np.isfinite(miss)
    factor = np.divide(miss, size, out=np.zeros_like(miss), where=usable)
    return np.asarray(state.jacobian + factor[:, None] * allowed)


def local_of(task: Task, x: FloatArray, q: FloatArray, jacobian: FloatArray) -> Local:
    """The linear model at a point."""
    slope = jacobian[:-1] * (task.rows.sign / task.rows.scale)[:, None]
    return Local(x - task.space.start, task.margins(q), jacobian, slope)


def _point(task: Task, objective: Objective, penalty: Penalty, state: _State) -> Point:
    """The end of a search, with the multipliers of the last linearisation."""
    local = local_of(task, state.x, state.q, state.jacobian)
    low, high = task.space.low - state.x, task.space.high - state.x
    step = best_step(local, objective, penalty, low, high) if penalty.rows else None
    zero = np.zeros(state.x.size)
    return Point(
        state.x,
        state.q,
        local.g,
        state.jacobian,
        state.merit,
        np.zeros(local.g.size) if step is None else step.multipliers,
        zero if step is None else step.bound_multipliers,
    )
