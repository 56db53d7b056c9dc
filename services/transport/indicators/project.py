"""What metrics are read from: one scenario's activity and calibrated energy, years from the base year."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

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
Made = TypeVar("Made")


@dataclass(frozen=True)
class Projection:
    """A scenario run; arrays [p, y] from 2020 on."""

    base: TransportBase
    paths: LeverPaths
    activity: Activity
    energy: Energy
    weather_year: str
    baseline: LeverPaths  # levers of the scenario's baseline without settings
    _made: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, make: Callable[["Projection"], Made]) -> Made:
        """What several metrics share: `make` of this projection, made when it is first asked for."""
        if make not in self._made:
            self._made[make] = make(self)
        found: Made = self._made[make]
        return found

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


class Sums(dict[str, FloatArray]):
    """Metrics that add up over the cities, [p, y], each made when it is first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[Projection], FloatArray]], p: Projection) -> None:
        super().__init__()
        self._makers, self._p = makers, p

    def __missing__(self, name: str) -> FloatArray:
        value = self[name] = self._makers[name](self._p)
        return value


# How metrics are made, by name: sums by place; (part, whole) of shares, from these; values of the region alone, [y].
SumMakers = Mapping[str, Callable[[Projection], FloatArray]]
ShareMakers = Mapping[str, Callable[[Projection, Sums], Part]]
RegionMakers = Mapping[str, Callable[[Projection], FloatArray]]


def quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part / whole; a share of nothing is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
