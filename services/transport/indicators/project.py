"""What metrics are read from: one scenario's activity and calibrated energy, years from the base year."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.transport.activity import Activity
from services.transport.base import TransportBase
from services.transport.energy import Energy

Part = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Projection:
    """A scenario run; arrays [p, y] from 2020 on."""

    base: TransportBase
    paths: LeverPaths
    activity: Activity
    energy: Energy

    def total(self, values: Iterable[FloatArray]) -> FloatArray:
        """Sum of [p, y] arrays; zeros of nothing."""
        total = np.zeros_like(self.activity.population)
        for value in values:
            total += value
        return total


def quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part / whole; a share of nothing is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
