"""Plain functions as models for the tests of the method."""

import asyncio
from dataclasses import replace

import numpy as np

from gateway.solve.method.words import Model, Rows, Space, Task, Tuning

# As the data have them, but tight: worked answers have six digits.
TIGHT = Tuning(1e-6, 0.3, 1e-9, 50.0, 1e4, 1e-12, 1e-12, 1e-9, 5e-4, 1e-3, 1e-6, 1e-3, 200, 200, 3)
USUAL = replace(
    TIGHT, difference_step=1e-3, least_radius=1e-5, stop_share=1e-4, nearest_stop_share=1e-6, aim_share=1e-6
)


def task(
    function, start, numbers, *, weight=None, sign=None, low=None, high=None, tuning=TIGHT, cost=None,
    priority=None, goal=None, batches=None,
):  # fmt: skip
    """The task of meeting sign x (function(x) - numbers) >= 0 on the unit box."""
    start, numbers = np.array(start, dtype=float), np.array(numbers, dtype=float)
    n, k = start.size, numbers.size

    async def evaluate(points):
        if batches is not None:
            batches.append(len(points))
        return [
            (np.array(function(x), dtype=float), float("nan") if cost is None else float(cost(x)))
            for x in points
        ]

    space = Space(
        start,
        np.zeros(n) if low is None else np.array(low, dtype=float),
        np.ones(n) if high is None else np.array(high, dtype=float),
        np.ones(n) if weight is None else np.array(weight, dtype=float),
        np.ones((k + 1, n)),
    )
    rows = Rows(
        np.ones(k) if sign is None else np.array(sign, dtype=float),
        numbers,
        np.zeros(k),
        np.where(numbers == 0, 1.0, np.abs(numbers)),
        tuple(range(k)) if goal is None else goal,
        (0,) * k if priority is None else priority,
    )
    return Task(Model(evaluate), space, rows, tuning)


def do(coroutine):
    """The result of a coroutine."""
    return asyncio.run(coroutine)
