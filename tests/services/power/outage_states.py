"""Risk of a few units by going through every state of outages: what the table by convolution is held against."""

import math
from collections.abc import Sequence
from itertools import product

import numpy as np

from services.common.arrays import FloatArray


def every_state(
    classes: Sequence[tuple[float, float, int]], margins: Sequence[float]
) -> tuple[FloatArray, FloatArray, float]:
    """Probability of loss and expected unserved load at each margin, MW, and the mean outage, MW.

    classes: capacity of a unit, MW; its forced outage share; number of units. The states are 2 to the number of units.
    """
    units = [(c, q) for c, q, n in classes for _ in range(n)]
    loss, unserved, mean = np.zeros(len(margins)), np.zeros(len(margins)), 0.0
    for state in product((0, 1), repeat=len(units)):
        chance = math.prod(q if out else 1 - q for out, (_, q) in zip(state, units, strict=True))
        lost = sum(c for out, (c, _) in zip(state, units, strict=True) if out)
        mean += chance * lost
        for i, margin in enumerate(margins):
            loss[i] += chance * (lost > margin + 1e-9)
            unserved[i] += chance * max(lost - margin, 0.0)
    return loss, unserved, mean
