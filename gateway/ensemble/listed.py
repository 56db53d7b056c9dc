"""Members that the caller lists: scenarios, or the rows of a table."""

from collections.abc import Iterator, Sequence

import numpy as np

from gateway.ensemble.doors import ListDesign
from gateway.ensemble.overlay import Overlay, bounds_of, column_violations, doubles, settings_violations
from gateway.ensemble.table import Table, cell, read_table, told
from gateway.ensemble.words import World
from services.common.errors import Violation
from services.common.levers import setting_violations
from services.common.scenario import Scenario

_TABLE = "list.table"


class ListedScenarios:
    """Scenarios as they came."""

    weather_years: tuple[str, ...] | None = None

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self._scenarios = scenarios
        self.count = len(scenarios)

    def scenarios(self, first: int, count: int) -> list[Scenario]:
        """Members first to first + count - 1."""
        return list(self._scenarios[first : first + count])


class TableScenarios:
    """Rows of a table, set on a scenario."""

    def __init__(self, table: Table, scenario: Scenario) -> None:
        self._overlay = Overlay(scenario, table.columns)
        self._values = table.values
        self.weather_years = table.weather_years
        self.count = len(table.values)

    def scenarios(self, first: int, count: int) -> list[Scenario]:
        """Members first to first + count - 1."""
        rows = self._values[first : first + count].tolist()
        return [self._overlay.scenario(row) for row in rows]


def read_list(
    design: ListDesign, scenario: Scenario, world: World
) -> tuple[ListedScenarios | TableScenarios | None, list[Violation]]:
    """The members of a list, or None with every violation."""
    if design.scenarios:
        found = _scenario_violations(design.scenarios, world)
        return (None, found) if found else (ListedScenarios(design.scenarios), [])
    table, found = read_table(design.table, design.table_format, _TABLE)
    if table is None:
        return None, found
    found = _table_violations(table, scenario, world)
    return (None, found) if found else (TableScenarios(table, scenario), [])


def _scenario_violations(scenarios: Sequence[Scenario], world: World) -> list[Violation]:
    found: list[Violation] = []
    for k, one in enumerate(scenarios):
        seen: set[tuple[str, str]] = set()
        for i, setting in enumerate(one.settings):
            at = f"list.scenarios[{k}].settings[{i}]"
            found += setting_violations(world.levers, world.region, at, setting, seen)
    return found


def _table_violations(table: Table, scenario: Scenario, world: World) -> list[Violation]:
    places = [f"{_TABLE}.{heading}" for heading in table.headings]
    found: list[Violation] = []
    for column, at in zip(table.columns, places, strict=True):
        found += column_violations(column, world, at)
    found += doubles(table.columns, [_TABLE] * len(places))
    found += settings_violations(Overlay(scenario, table.columns), _TABLE)
    return [*found, *told(_outside(table, world), _TABLE)]


def _outside(table: Table, world: World) -> Iterator[Violation]:
    for k, column in enumerate(table.columns):
        if column.lever_id not in world.levers:
            continue
        low, high, bounds = bounds_of(column, world)
        values = table.values[:, k]
        for row in np.flatnonzero((values < low) | (values > high)).tolist():
            text = f"{column.lever_id} is out of range"
            yield cell(_TABLE, row, table.headings[k], text, f"{values[row]:g}", bounds)
