"""Designs as functions of a member's number: drawn, stepped or listed, each weather for all or in every one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gateway.ensemble.design import picked_weather
from gateway.ensemble.drawing import Drawing
from gateway.ensemble.points import Points
from gateway.ensemble.words import (
    WEATHER,
    WEATHER_LABEL,
    Design,
    DesignInput,
    Drawn,
    Sensing,
    SensitivityMethod,
)
from services.common.arrays import FloatArray
from services.common.scenario import Scenario


class Scenarios(Protocol):
    """Scenarios by number."""

    count: int

    def scenarios(self, first: int, count: int) -> list[Scenario]:
        """Members first to first + count - 1."""


class ListedMembers:
    """Scenarios of grids, of one-at-a-time values and of lists, each in the frame's weather or in its own."""

    inputs: tuple[DesignInput, ...] = ()
    sensing = Sensing(SensitivityMethod.NONE)

    def __init__(self, scenarios: Scenarios, weather: str, own: Sequence[str] | None = None) -> None:
        self._scenarios, self._weather, self._own = scenarios, weather, own

    @property
    def member_count(self) -> int:
        """Members in all."""
        return self._scenarios.count

    def block(self, first: int, count: int) -> list[Drawn]:
        """Members first to first + count - 1."""
        check_block(self.member_count, first, count)
        own = self._own[first : first + count] if self._own is not None else [""] * count
        made = self._scenarios.scenarios(first, count)
        return [
            Drawn(first + k, scenario, name or self._weather)
            for k, (scenario, name) in enumerate(zip(made, own, strict=True))
        ]

    def shares(self, first: int, count: int) -> FloatArray:
        """No column: nothing is drawn."""
        check_block(self.member_count, first, count)
        return np.empty((count, 0))


@dataclass(frozen=True)
class WeatherDraw:
    """Weather years with their weights."""

    names: tuple[str, ...]
    weights: tuple[float, ...]

    def years(self, shares: FloatArray) -> tuple[str, ...]:
        """The weather year of each share."""
        return picked_weather(self.names, self.weights, shares)

    def middles(self, shares: FloatArray) -> FloatArray:
        """The middle of the part that the weather year of each share takes: one number for each weather year."""
        ends = np.cumsum(self.weights) / sum(self.weights)
        middles = dict(zip(self.names, ends - np.array(self.weights) / sum(self.weights) / 2, strict=True))
        return np.array([middles[name] for name in self.years(shares)], dtype=np.float64)


@dataclass(frozen=True)
class DrawnMembers:
    """Draws of inputs. `points` give the columns that `shares` tells; `to_shares` makes them shares that are drawn.

    With `weather` (the weather year of each share) the first column is the weather's; without it the frame's holds.
    """

    member_count: int
    sensing: Sensing
    drawing: Drawing
    points: Points
    to_shares: Callable[[FloatArray], FloatArray]
    frame_weather: str
    weather: WeatherDraw | None

    @property
    def inputs(self) -> tuple[DesignInput, ...]:
        """What is drawn, the weather first."""
        return self.sensing.inputs

    def block(self, first: int, count: int) -> list[Drawn]:
        """Members first to first + count - 1."""
        check_block(self.member_count, first, count)
        if not count:
            return []
        drawn = self.to_shares(self.points.block(first, count))
        if self.weather is None:
            names: Sequence[str] = [self.frame_weather] * count
        else:
            names, drawn = self.weather.years(drawn[:, 0]), drawn[:, 1:]
        made = self.drawing.scenarios(drawn)
        return [
            Drawn(first + k, scenario, name)
            for k, (scenario, name) in enumerate(zip(made, names, strict=True))
        ]

    def shares(self, first: int, count: int) -> FloatArray:
        """[member, column]: of random designs as drawn, of Morris and Sobol as SALib sampled them.

        Of a weather year drawn at random the middle of its part stands, so that it can be told as a class.
        """
        check_block(self.member_count, first, count)
        cube = self.points.block(first, count)
        if self.sensing.method is not SensitivityMethod.GIVEN_DATA:
            return cube
        drawn = self.to_shares(cube)
        if self.weather is not None:
            drawn[:, 0] = self.weather.middles(drawn[:, 0])
        return drawn


class CrossedMembers:
    """Every member of a design in every weather year, the weather year fastest."""

    def __init__(self, design: Design, weather_years: Sequence[str]) -> None:
        self._design, self._weather_years = design, tuple(weather_years)
        self.member_count = design.member_count * len(self._weather_years)
        self.sensing = design.sensing
        if self.sensing.method is SensitivityMethod.GIVEN_DATA:
            self.sensing = _with_weather(design.sensing)

    @property
    def inputs(self) -> tuple[DesignInput, ...]:
        """The weather, and what the design draws."""
        return self.sensing.inputs

    def block(self, first: int, count: int) -> list[Drawn]:
        """Members first to first + count - 1."""
        check_block(self.member_count, first, count)
        width = len(self._weather_years)
        start, end = first // width, -(-(first + count) // width)
        held = self._design.block(start, end - start)
        return [
            Drawn(n, held[n // width - start].scenario, self._weather_years[n % width])
            for n in range(first, first + count)
        ]

    def shares(self, first: int, count: int) -> FloatArray:
        """[member, column]: the middle of the weather year's part, then what the design draws."""
        check_block(self.member_count, first, count)
        if not self.sensing.inputs:
            return np.empty((count, 0))
        width = len(self._weather_years)
        start, end = first // width, -(-(first + count) // width)
        numbers = np.arange(first, first + count)
        held = self._design.shares(start, end - start)[numbers // width - start]
        return np.column_stack([(numbers % width + 0.5) / width, held])


def _with_weather(sensing: Sensing) -> Sensing:
    moved = tuple(DesignInput(i.input_id, i.label, tuple(c + 1 for c in i.columns)) for i in sensing.inputs)
    return Sensing(
        sensing.method,
        (DesignInput(WEATHER, WEATHER_LABEL, (0,)), *moved),
        sensing.seed,
        correlated=sensing.correlated,
    )


def check_block(member_count: int, first: int, count: int) -> None:
    """IndexError unless the block lies inside the design."""
    if first < 0 or count < 0 or first + count > member_count:
        raise IndexError(f"members {first} to {first + count - 1} of {member_count}")
