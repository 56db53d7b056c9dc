"""Grids and one value at a time: members counted through their axes."""

from collections.abc import Sequence
from math import nan, prod

from gateway.ensemble.doors import MOST_MEMBERS, GridAxis
from gateway.ensemble.overlay import (
    Column,
    Overlay,
    bounds_of,
    column_violations,
    doubles,
    settings_violations,
)
from gateway.ensemble.words import World
from services.common.errors import Violation
from services.common.scenario import Scenario


def axis_violations(
    axes: Sequence[GridAxis], scenario: Scenario, world: World, where: str
) -> list[Violation]:
    """What is wrong with axes: levers, places, years, values, doubles."""
    found: list[Violation] = []
    columns = _columns(axes)
    places = [f"{where}[{k}]" for k in range(len(axes))]
    for axis, column, at in zip(axes, columns, places, strict=True):
        found += column_violations(column, world, at)
        if axis.lever_id in world.levers:
            low, high, bounds = bounds_of(column, world)
            found += [
                Violation(f"{at}.values[{i}]", f"{axis.lever_id} is out of range", f"{value:g}", bounds)
                for i, value in enumerate(axis.values)
                if not low <= value <= high
            ]
    return [*found, *doubles(columns, places), *settings_violations(Overlay(scenario, columns), where)]


class GridScenarios:
    """Every combination of the values, the last axis fastest."""

    def __init__(self, axes: Sequence[GridAxis], scenario: Scenario) -> None:
        self._values = [a.values for a in axes]
        self._overlay = Overlay(scenario, _columns(axes))
        self.count = grid_count(axes)

    def scenarios(self, first: int, count: int) -> list[Scenario]:
        """Members first to first + count - 1."""
        return [self._overlay.scenario(self._row(n)) for n in range(first, first + count)]

    def _row(self, number: int) -> list[float]:
        row = []
        for values in reversed(self._values):
            number, at = divmod(number, len(values))
            row.append(values[at])
        return row[::-1]


class OneAtATimeScenarios:
    """The scenario itself as member 0, then every value of every axis alone."""

    def __init__(self, axes: Sequence[GridAxis], scenario: Scenario) -> None:
        self._scenario = scenario
        self._overlay = Overlay(scenario, _columns(axes))
        self._steps = [(k, value) for k, axis in enumerate(axes) for value in axis.values]
        self._width = len(axes)
        self.count = 1 + len(self._steps)

    def scenarios(self, first: int, count: int) -> list[Scenario]:
        """Members first to first + count - 1."""
        return [self._one(n) for n in range(first, first + count)]

    def _one(self, number: int) -> Scenario:
        if not number:
            return self._scenario
        at, value = self._steps[number - 1]
        return self._overlay.scenario([value if k == at else nan for k in range(self._width)])


def grid_count(axes: Sequence[GridAxis]) -> int:
    """Members of a grid."""
    return prod(len(a.values) for a in axes)


def count_violations(count: int, where: str) -> list[Violation]:
    """More members than a batch may have."""
    if count <= MOST_MEMBERS:
        return []
    return [Violation(where, "too many members", f"{count:,}", f"at most {MOST_MEMBERS:,}")]


def _columns(axes: Sequence[GridAxis]) -> list[Column]:
    return [Column(a.lever_id, a.place, a.year) for a in axes]
