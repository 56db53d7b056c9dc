"""What metrics are read from: one scenario's activity and calibrated energy, years from the base year."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.outcome import FlexibleLoad
from services.transport.activity import Activity
from services.transport.base import TransportBase
from services.transport.charging.loads import charging_by_shape, flexible_loads
from services.transport.energy import Energy
from services.transport.indicators.commercial import Commercial, commercial

Part = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Projection:
    """A scenario run; arrays [p, y] from 2020 on."""

    base: TransportBase
    paths: LeverPaths
    activity: Activity
    energy: Energy
    weather_year: str
    baseline: LeverPaths  # levers of the scenario's baseline without settings

    @cached_property
    def charging(self) -> dict[tuple[str, str], FloatArray]:
        """Charging by class and shape, MWh [p, y]."""
        return charging_by_shape(self.base, self.paths, self.energy)

    @cached_property
    def flexible_loads(self) -> tuple[FlexibleLoad, ...]:
        """Charging that power may move, [y]."""
        return flexible_loads(self.base, self.paths, self.activity, self.charging)

    @cached_property
    def commercial(self) -> Commercial:
        """Groups of commercial transport."""
        return commercial(self.base, self.activity, self.energy)

    def total(self, values: Iterable[FloatArray]) -> FloatArray:
        """Sum of [p, y] arrays; zeros of nothing."""
        total = np.zeros_like(self.activity.population)
        for value in values:
            total += value
        return total


def quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part / whole; a share of nothing is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
