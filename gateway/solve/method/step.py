"""The quadratic programme of one step: linearised rows with slacks, the trust region and the box.

Solved by PIQP (Schwan and others 2023, a proximal interior point method; BSD), dense and on one thread.
"""

from dataclasses import dataclass

import numpy as np
import piqp

from gateway.solve.method.words import Objective, Penalty
from services.common.arrays import FloatArray

_TOLERANCE = 1e-10
_CURVATURE_OF_SLACKS = 1e-10


@dataclass(frozen=True)
class Step:
    """A step p [n] with the multipliers of rows [k] and of the box [n] (positive at the upper bound)."""

    p: FloatArray
    multipliers: FloatArray
    bound_multipliers: FloatArray


@dataclass(frozen=True)
class Local:
    """The model around a point: change d [n] from the start, margins g [k], Jacobians of q [k + 1, n] and g [k, n]."""

    change: FloatArray
    g: FloatArray
    jacobian: FloatArray
    slope: FloatArray


def best_step(
    local: Local, objective: Objective, penalty: Penalty, low: FloatArray, high: FloatArray
) -> Step | None:
    """The step that is best on the linearised rows within low <= p <= high; None when the solver fails."""
    n, rows = local.change.size, penalty.rows
    m = len(rows)
    lines = n if objective.line.any() else 0
    worst = 1 if penalty.worst and penalty.worst_rows else 0
    size = n + m + lines + worst
    hessian = np.zeros((size, size), order="F")
    cost = np.zeros(size)
    hessian[range(n), range(n)] = objective.square
    cost[:n] = objective.square * local.change + _gradient(objective, local.jacobian)
    at = range(n, n + m)
    hessian[at, at] = 2 * penalty.square[rows] + _CURVATURE_OF_SLACKS
    cost[n : n + m] = penalty.linear[rows]
    cost[n + m : n + m + lines] = objective.line[:lines]
    cost[size - worst :] = penalty.worst
    parts = [_row_limits(local, penalty, rows, size)]
    if lines:
        parts += _line_limits(local, n, m, size)
    if worst:
        parts.append(_worst_limits(penalty, rows, n, size))
    matrix = np.asfortranarray(np.concatenate([a for a, _ in parts]))
    limit = np.concatenate([b for _, b in parts])
    lower, upper = np.zeros(size), np.full(size, np.inf)
    lower[:n], upper[:n] = low, high
    solver = piqp.DenseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = _TOLERANCE
    solver.settings.check_duality_gap = True
    solver.setup(hessian, cost, None, None, matrix, None, limit, lower, upper)
    status = solver.solve()
    found = np.array(solver.result.x[:n])
    if status not in (piqp.PIQP_SOLVED, piqp.PIQP_MAX_ITER_REACHED) or not np.isfinite(found).all():
        return None
    multipliers = np.zeros(local.g.size)
    multipliers[rows] = np.maximum(np.array(solver.result.z_u[:m]), 0.0)
    bounds = np.array(solver.result.z_bu[:n]) - np.array(solver.result.z_bl[:n])
    return Step(np.clip(found, low, high), multipliers, bounds)


def predicted(local: Local, objective: Objective, penalty: Penalty, p: FloatArray) -> float:
    """The merit that the linearised rows promise after a step p, without the constant part of `linear`."""
    change = local.change + p
    own = 0.5 * float(objective.square @ change**2) + float(objective.line @ np.abs(change))
    return own + float(_gradient(objective, local.jacobian) @ p) + penalty.value(local.g + local.slope @ p)


def _gradient(objective: Objective, jacobian: FloatArray) -> FloatArray:
    used = objective.linear != 0
    return np.asarray(objective.linear[used] @ jacobian[used])


_Limits = tuple[FloatArray, FloatArray]


def _row_limits(local: Local, penalty: Penalty, rows: list[int], size: int) -> _Limits:
    n, m = local.change.size, len(rows)
    matrix = np.zeros((m, size))
    matrix[:, :n] = -local.slope[rows]
    matrix[range(m), range(n, n + m)] = -1.0
    return matrix, (local.g + penalty.allowance)[rows]


def _line_limits(local: Local, n: int, m: int, size: int) -> list[_Limits]:
    parts = []
    for sign in (1.0, -1.0):
        matrix = np.zeros((n, size))
        matrix[range(n), range(n)] = sign
        matrix[range(n), range(n + m, n + m + n)] = -1.0
        parts.append((matrix, -sign * local.change))
    return parts


def _worst_limits(penalty: Penalty, rows: list[int], n: int, size: int) -> _Limits:
    matrix = np.zeros((len(penalty.worst_rows), size))
    for i, k in enumerate(penalty.worst_rows):
        matrix[i, n + rows.index(k)] = 1.0
        matrix[i, -1] = -1.0
    return matrix, np.zeros(len(penalty.worst_rows))
