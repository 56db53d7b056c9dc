"""Proof that rows cannot all be met on a box, by the corners that are best for each row.

When the sign of every effect is known on the box, a row is at best at its own best corner. A box is dead when a row
fails there; else the widest knob on which two rows disagree is halved, and both halves must be dead.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gateway.solve.method.words import Task
from services.common.arrays import FloatArray


class Signs:
    """Signs of the effects on g [k, n], gathered from every Jacobian seen (or declared)."""

    def __init__(self, count: int, size: int) -> None:
        self.low = np.full((count, size), np.inf)
        self.high = np.full((count, size), -np.inf)

    def saw(self, slope: FloatArray) -> None:
        """Note the differences at one more point."""
        self.low, self.high = np.minimum(self.low, slope), np.maximum(self.high, slope)

    def of(self, k: int) -> FloatArray | None:
        """+1, -1 or 0 by knob; None while differences disagree or none was seen."""
        if (self.low[k] > self.high[k]).any() or ((self.low[k] < 0) & (self.high[k] > 0)).any():
            return None
        return np.asarray(np.sign(self.low[k] + self.high[k]))


@dataclass(frozen=True)
class Proof:
    """Whether every box is dead, and how many evaluations that took."""

    proved: bool
    evaluation_count: int


def best_corner(sign: FloatArray, low: FloatArray, high: FloatArray, rest: FloatArray) -> FloatArray:
    """The corner that is best for a row; knobs without effect stay where they are."""
    return np.where(sign > 0, high, np.where(sign < 0, low, np.clip(rest, low, high)))


async def prove_infeasible(task: Task, rows: Sequence[int], signs: Signs) -> Proof:
    """Try to prove that these rows cannot all be met on the whole box."""
    known = [signs.of(k) for k in rows]
    effects = [s for s in known if s is not None]
    if len(effects) < len(rows):
        return Proof(False, 0)
    pull = np.array(effects)
    disputed = (pull > 0).any(axis=0) & (pull < 0).any(axis=0)
    boxes = deque([(task.space.low, task.space.high)])
    used = 0
    while boxes:
        low, high = boxes.popleft()
        if used + len(rows) > task.tuning.proof_run_count:
            return Proof(False, used)
        corners = [best_corner(sign, low, high, task.space.start) for sign in effects]
        used += len(rows)
        margins = [task.margins(q) for q in await task.model.at(corners)]
        if any(g[k] < -task.tuning.aim_share for g, k in zip(margins, rows, strict=True)):
            continue
        widths = np.where(disputed, high - low, 0.0)
        j = int(np.argmax(widths))
        if widths[j] <= task.tuning.difference_step:
            return Proof(False, used)
        middle = 0.5 * (low[j] + high[j])
        for part in (0, 1):
            new_low, new_high = low.copy(), high.copy()
            if part:
                new_low[j] = middle
            else:
                new_high[j] = middle
            boxes.append((new_low, new_high))
    return Proof(True, used)
