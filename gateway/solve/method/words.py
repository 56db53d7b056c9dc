"""What the method works on: scaled knobs, rows that are asked for, objectives, penalties, and the model that is run."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray

# Runs a batch of points x [n]; gives for each the quantities q [k] and the cost (NaN when there is none).
Evaluate = Callable[[Sequence[FloatArray]], Awaitable[Sequence[tuple[FloatArray, float]]]]


class OutOfTimeError(Exception):
    """The time limit has passed; the best point so far is what there is."""


@dataclass(frozen=True)
class Tuning:
    """Settings of the method; every one of them is told with the answer."""

    difference_step: float
    first_radius: float
    least_radius: float
    first_penalty: float
    last_penalty: float
    stop_share: float
    nearest_stop_share: float
    aim_share: float
    few_levers_square: float
    least_cost_square: float
    nearest_square: float
    front_slack_share: float
    iteration_count: int
    proof_run_count: int
    conflict_set_count: int


@dataclass(frozen=True)
class Space:
    """Scaled knobs x [n]: where they start, how far they may go, what moving them weighs.

    A locked knob has low = high = start. `touches` [k + 1, n] is False where a knob cannot reach a row (the last row
    is the cost); those entries are never differenced.
    """

    start: FloatArray
    low: FloatArray
    high: FloatArray
    weight: FloatArray
    touches: FloatArray

    @property
    def free(self) -> list[int]:
        """Knobs that can move and reach something."""
        return [j for j in range(self.start.size) if self.high[j] > self.low[j] and self.touches[:, j].any()]


@dataclass(frozen=True)
class Rows:
    """What is asked of the quantities q [k]: sign x (q - number) - safety >= 0, in parts of `scale`.

    `goal` [k] numbers the goal that a row belongs to; a row of goal -1 is not asked for. Lower priorities come first.
    """

    sign: FloatArray
    number: FloatArray
    safety: FloatArray
    scale: FloatArray
    goal: tuple[int, ...]
    priority: tuple[int, ...]

    def margins(self, q: FloatArray, aim_share: float) -> FloatArray:
        """Relative margins g [k], short of the aim: a point with g >= -aim_share meets the goal itself."""
        return (self.sign * (q - self.number) - self.safety) / self.scale - aim_share

    def of(self, goals: Sequence[int]) -> list[int]:
        """Rows of these goals."""
        wanted = set(goals)
        return [k for k, goal in enumerate(self.goal) if goal in wanted]

    @property
    def goals(self) -> list[int]:
        """Goals asked for, ascending."""
        return sorted({g for g in self.goal if g >= 0})


@dataclass(frozen=True)
class Objective:
    """f(x) = sum(square/2 d^2) + sum(line |d|) + q . linear, with d = x - start and the cost as q's last entry."""

    square: FloatArray
    line: FloatArray
    linear: FloatArray

    def value(self, change: FloatArray, q: FloatArray) -> float:
        """f at a change of the knobs and its quantities [k + 1]."""
        own = 0.5 * float(self.square @ change**2) + float(self.line @ np.abs(change))
        used = self.linear != 0
        return own + float(self.linear[used] @ q[used])


@dataclass(frozen=True)
class Penalty:
    """What falling short costs: linear and square by row, `worst` x the largest of the rows in `worst_rows`.

    Rows without any of the three are left aside. `allowance` [k] is what a row may fall short freely.
    """

    linear: FloatArray
    square: FloatArray
    allowance: FloatArray
    worst: float
    worst_rows: tuple[int, ...]

    @property
    def rows(self) -> list[int]:
        """Rows that count."""
        worst = set(self.worst_rows)
        counted = (self.linear > 0) | (self.square > 0)
        return [k for k in range(self.linear.size) if counted[k] or k in worst]

    def value(self, g: FloatArray) -> float:
        """The penalty at margins g."""
        short = np.maximum(-(g + self.allowance), 0.0)
        worst = max((float(short[k]) for k in self.worst_rows), default=0.0)
        return float(self.linear @ short) + float(self.square @ short**2) + self.worst * worst


@dataclass(frozen=True)
class Point:
    """Where a search ended. q [k + 1] has the cost last; g [k] are margins; multipliers are per row and per knob."""

    x: FloatArray
    q: FloatArray
    g: FloatArray
    jacobian: FloatArray
    merit: float
    multipliers: FloatArray
    bound_multipliers: FloatArray

    def short(self, rows: Sequence[int]) -> float:
        """The largest relative shortfall of some rows."""
        return max((max(-float(self.g[k]), 0.0) for k in rows), default=0.0)


class Model:
    """The function that is searched, run in batches: nothing is run twice, runs are counted, time is kept."""

    def __init__(
        self,
        evaluate: Evaluate,
        in_time: Callable[[], bool] = lambda: True,
        heard: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._evaluate = evaluate
        self._in_time = in_time
        self._heard = heard
        self._known: dict[bytes, FloatArray] = {}
        self.run_count = 0
        self.out_of_time = False

    def know(self, point: FloatArray, quantities: FloatArray) -> None:
        """Take over a run made elsewhere."""
        self._known[point.tobytes()] = quantities

    async def at(self, points: Sequence[FloatArray]) -> list[FloatArray]:
        """Quantities with the cost as last entry, [k + 1] for each point. Raises OutOfTimeError."""
        keys = [p.tobytes() for p in points]
        new = {key: p for key, p in zip(keys, points, strict=True) if key not in self._known}
        if new:
            if not self._in_time():
                self.out_of_time = True
                raise OutOfTimeError
            replies = await self._evaluate(list(new.values()))
            for key, (q, cost) in zip(new, replies, strict=True):
                self._known[key] = np.append(q, cost)
            self.run_count += len(new)
            self._heard(self.run_count)
        return [self._known[key] for key in keys]

    async def one(self, point: FloatArray) -> FloatArray:
        """The quantities at one point."""
        return (await self.at([point]))[0]


@dataclass(frozen=True)
class Task:
    """A model with its knobs, what is asked of it, and the settings of the search."""

    model: Model
    space: Space
    rows: Rows
    tuning: Tuning

    def margins(self, q: FloatArray) -> FloatArray:
        """Relative margins [k] of quantities [k + 1]."""
        return self.rows.margins(q[:-1], self.tuning.aim_share)

    def meets(self, g: FloatArray, rows: Sequence[int]) -> bool:
        """True when all these rows are met."""
        return all(g[k] >= -self.tuning.aim_share for k in rows)
