"""Points set on a scenario: the columns of a grid, of one-at-a-time values and of a caller's table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from gateway.ensemble.drawing import setting_of
from gateway.ensemble.words import World
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import Violation
from services.common.levers import last_known_year, setting_violations
from services.common.scenario import LeverSetting, Scenario
from services.common.words import LeverKind

# As the door of a scenario has it.
MOST_SETTINGS: Final = 1000


@dataclass(frozen=True)
class Column:
    """A point of a lever: year 0 for a constant, place "" for the region."""

    lever_id: str
    place: str
    year: int

    @property
    def heading(self) -> str:
        """As a table heads it."""
        place = f":{self.place}" if self.place else ""
        return f"{self.lever_id}{place}@{self.year}" if self.year else f"{self.lever_id}{place}"


def column_violations(column: Column, world: World, where: str) -> list[Violation]:
    """What is wrong with a point, whatever its value."""
    lever = world.levers.get(column.lever_id)
    is_constant = lever is not None and lever.kind is LeverKind.CONSTANT
    first = BASE_YEAR + 1 if lever is None else last_known_year(lever, world.as_of_year) + 1
    own: list[Violation] = []
    if lever is not None and is_constant and column.year:
        own.append(Violation(f"{where}.year", "a constant takes no year", str(column.year), "0"))
    elif lever is not None and not is_constant and not first <= column.year <= LAST_YEAR:
        text = f"{column.lever_id} is observed up to {first - 1}; choose a later year"
        own.append(Violation(f"{where}.year", text, str(column.year), f"{first} to {LAST_YEAR}"))
    years = () if is_constant else (min(first, LAST_YEAR),)
    sound = setting_of(column.lever_id, column.place, years, (lever.low if lever else 0.0,))
    return [*setting_violations(world.levers, world.region, where, sound, set()), *own]


def doubles(columns: Sequence[Column], where: Sequence[str]) -> list[Violation]:
    """Points that stand twice."""
    seen: set[Column] = set()
    found = []
    for column, at in zip(columns, where, strict=True):
        if column in seen:
            found.append(Violation(at, f"{column.heading} stands twice"))
        seen.add(column)
    return found


def bounds_of(column: Column, world: World) -> tuple[float, float, str]:
    """Lowest and highest value of a point, and how they are told."""
    lever = world.levers[column.lever_id]
    return lever.low, lever.high, f"{lever.low:g} to {lever.high:g} {lever.unit}"


class Overlay:
    """A scenario and the points that members set on it. A point of a path joins those that the scenario has."""

    def __init__(self, scenario: Scenario, columns: Sequence[Column]) -> None:
        self._scenario = scenario
        self._places: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for k, column in enumerate(columns):
            self._places.setdefault((column.lever_id, column.place), []).append((k, column.year))
        self._own = {(s.lever_id, s.place): s for s in scenario.settings}

    @property
    def setting_count(self) -> int:
        """Settings of a member that sets every point."""
        return len(self._own.keys() | self._places.keys())

    def scenario(self, values: Sequence[float]) -> Scenario:
        """The scenario with one value a column; NaN leaves the point as it is."""
        changed = dict(self._own)
        for key, points in self._places.items():
            given = {year: values[k] for k, year in points if not isnan(values[k])}
            if given:
                changed[key] = self._changed(key, given)
        return self._scenario.model_copy(update={"settings": tuple(changed.values())})

    def _changed(self, key: tuple[str, str], given: dict[int, float]) -> LeverSetting:
        if 0 in given:
            return setting_of(*key, (), (given[0],))
        own = self._own.get(key)
        held = dict(zip(own.years, own.values, strict=True)) if own else {}
        years, values = zip(*sorted((held | given).items()), strict=True)
        return setting_of(*key, years, values)


def settings_violations(overlay: Overlay, where: str) -> Iterable[Violation]:
    """Too many settings for one scenario."""
    if overlay.setting_count > MOST_SETTINGS:
        yield Violation(where, "too many settings", str(overlay.setting_count), f"at most {MOST_SETTINGS}")
