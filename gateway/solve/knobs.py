"""Knobs: one lever at one year as a number between 0 and 1, and the settings that a point of knobs stands for.

A knob at year Y takes the value v. Before Y the lever keeps the scenario's own points, so that it runs straight from
the last one before Y to v. After Y it runs parallel to the scenario's path: every later point is moved by the same
amount (between two knobs of one lever by an amount that changes in a straight line) and stays inside the lever's
bounds. An unmoved knob leaves the scenario bit for bit as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.levers import baseline_anchors, resolve
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import Lever, LeverKind

YEARS = tuple(range(BASE_YEAR, LAST_YEAR + 1))


@dataclass(frozen=True)
class Knob:
    """One lever (in one place) at one year; `year` is 0 for a constant. `before` is the scenario's own value."""

    lever: Lever
    place: str
    year: int
    weight: float
    low: float
    high: float
    locked: bool
    before: float

    @property
    def start(self) -> float:
        """The scenario's own value, scaled."""
        return self.scaled(self.before)

    def scaled(self, value: float) -> float:
        """A value as a part of the knob's range."""
        return (value - self.low) / (self.high - self.low)

    def value(self, x: float) -> float:
        """The lever's value at a scaled knob; exact at the scenario's own value and at both ends."""
        if x == self.start:
            return self.before
        return min(max(self.low + x * (self.high - self.low), self.low), self.high)


@dataclass(frozen=True)
class PathOfLever:
    """The scenario's own path of a lever in one place: points that may be moved, and its value in every year."""

    points: Mapping[int, float]
    yearly: FloatArray

    def at(self, year: int) -> float:
        """The value in a year (the only value of a constant)."""
        return float(self.yearly[max(year, BASE_YEAR) - BASE_YEAR])


def path_of(frame: Frame, scenario: Scenario, lever: Lever, place: str) -> PathOfLever:
    """The path of a lever in a scenario: the setting of the place, else that of the region, else the baseline."""
    paths = resolve([lever], frame.region, _of_lever(scenario, lever), YEARS, frame.as_of_year)
    by_place = paths.by_place(lever.lever_id)
    yearly = by_place[paths.cities.index(place)] if place else paths.path(lever.lever_id)
    own = {s.place: s for s in scenario.settings if s.lever_id == lever.lever_id}
    setting = own.get(place) or own.get("")
    anchors = baseline_anchors(frame.region, scenario.baseline)[lever.lever_id]
    free = max(lever.last_observed_year, BASE_YEAR)
    if setting is not None:
        years = sorted({y for y in anchors if y < min(setting.years, default=0)} | set(setting.years))
    else:
        years = sorted(anchors)
    last = [LAST_YEAR] if years and years[-1] > LAST_YEAR else []
    kept = [y for y in (*years, *last) if free < y <= LAST_YEAR]
    return PathOfLever({y: float(yearly[y - BASE_YEAR]) for y in kept}, yearly)


def first_moved_year(knob: Knob, path: PathOfLever) -> int:
    """The first year whose value the knob moves."""
    if knob.lever.kind is LeverKind.CONSTANT:
        return BASE_YEAR
    earlier = [y for y in path.points if y < knob.year]
    return max([*earlier, knob.lever.last_observed_year, BASE_YEAR]) + 1


def scenario_at(
    scenario: Scenario, knobs: Sequence[Knob], paths: Sequence[PathOfLever], x: FloatArray
) -> Scenario:
    """The scenario with the knobs at x [n]; levers whose knobs all stand at their start keep what they had."""
    groups: dict[tuple[str, str], list[int]] = {}
    for j, knob in enumerate(knobs):
        groups.setdefault((knob.lever.lever_id, knob.place), []).append(j)
    made = [
        _setting([knobs[j] for j in group], paths[group[0]], [float(x[j]) for j in group])
        for group in groups.values()
        if any(float(x[j]) != knobs[j].start for j in group)
    ]
    moved = {(s.lever_id, s.place) for s in made}
    kept = [s for s in scenario.settings if (s.lever_id, s.place) not in moved]
    return scenario.model_copy(update={"settings": (*kept, *made)})


def _setting(knobs: Sequence[Knob], path: PathOfLever, x: Sequence[float]) -> LeverSetting:
    """The setting of one lever in one place."""
    lever, place = knobs[0].lever, knobs[0].place
    values = {knob.year: knob.value(part) for knob, part in zip(knobs, x, strict=True)}
    if lever.kind is LeverKind.CONSTANT:
        return LeverSetting(lever_id=lever.lever_id, place=place, values=(values[0],))
    years = sorted(values)
    shifts = [values[y] - path.at(y) for y in years]
    points = {y: v for y, v in path.points.items() if y < years[0]}
    for year, own in path.points.items():
        if year > years[0]:
            moved = own + float(np.interp(year, years, shifts))
            points[year] = min(max(moved, lever.low), lever.high)
    points |= values
    ordered = sorted(points)
    return LeverSetting(
        lever_id=lever.lever_id, place=place, years=tuple(ordered), values=tuple(points[y] for y in ordered)
    )


def _of_lever(scenario: Scenario, lever: Lever) -> Scenario:
    return scenario.model_copy(
        update={"settings": tuple(s for s in scenario.settings if s.lever_id == lever.lever_id)}
    )
