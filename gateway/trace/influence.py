"""One-at-a-time differences: what the number would be if one lever followed the baseline frozen.

To measure every lever takes too long, so groups of levers are frozen first, and then the levers of the groups that
move the number most, one by one.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from math import inf

import numpy as np

from gateway.runs import CHUNK, Run, Runs
from gateway.trace.expand import World
from gateway.trace.results import Influence
from services.common.axes import BASE_YEAR
from services.common.errors import DomainError
from services.common.levers import baseline_anchors
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import LeverKind

FROZEN = "frozen"
# Levers measured for each one that is told: the gap to the path is a weak sign of the effect.
_MEASURED_PER_TOLD = 3


def departing(world: World, lever_ids: Iterable[str]) -> dict[str, float]:
    """Levers that are not on their path of the baseline frozen at the year, and how far, in shares of their range."""
    found = {}
    for lever_id in sorted(lever_ids):
        lever = world.levers[lever_id]
        span = lever.high - lever.low
        gap = abs(_value(world, lever_id) - _frozen_value(world, lever_id)) / span if span > 0 else 0.0
        if gap > 0:
            found[lever_id] = gap
    return found


async def influences(
    runs: Runs,
    frame: Frame,
    world: World,
    lever_ids: Iterable[str],
    count: int,
    metric_id: str,
    place: str,
    mode: DispatchMode,
) -> AsyncIterator[tuple[int, int, tuple[Influence, ...]]]:
    """Runs done and runs in all, and at the end the `count` largest effects, largest first."""
    gaps = departing(world, lever_ids)
    groups: dict[str, list[str]] = {}
    for lever_id in gaps:
        lever = world.levers[lever_id]
        groups.setdefault(f"{lever.owner}.{lever.group}", []).append(lever_id)
    names = sorted(groups)
    measured = min(_MEASURED_PER_TOLD * count, len(gaps))
    total = 1 + len(names) + measured
    done: list[float | None] = []
    scenarios = [world.scenario, *(frozen_in(world, groups[n]) for n in names)]
    async for value in _values(runs, frame, scenarios, world.year, metric_id, place, mode):
        done.append(value)
        yield len(done), total, ()
    whole = done[0]
    assert whole is not None  # the scenario itself has passed the door
    effect = {n: inf if v is None else abs(whole - v) for n, v in zip(names, done[1:], strict=True)}
    chosen = _chosen(groups, effect, gaps, measured)
    single: list[float | None] = []
    scenarios = [frozen_in(world, [lever_id]) for lever_id in chosen]
    async for value in _values(runs, frame, scenarios, world.year, metric_id, place, mode):
        single.append(value)
        yield len(done) + len(single), total, ()
    found = [
        Influence(
            lever_id,
            world.levers[lever_id].label,
            world.levers[lever_id].grade,
            _value(world, lever_id),
            _frozen_value(world, lever_id),
            world.levers[lever_id].unit,
            whole - value,
        )
        for lever_id, value in zip(chosen, single, strict=True)
        if value is not None
    ]
    found.sort(key=lambda i: (-abs(i.effect), i.lever_id))
    yield total, total, tuple(found[:count])


async def _values(
    runs: Runs,
    frame: Frame,
    scenarios: Sequence[Scenario],
    year: int,
    metric_id: str,
    place: str,
    mode: DispatchMode,
) -> AsyncIterator[float | None]:
    """The number in each scenario; None where a lever alone on its frozen path breaks what levers keep together."""
    for start in range(0, len(scenarios), CHUNK):
        chunk = scenarios[start : start + CHUNK]
        try:
            found: list[Run | None] = [*await runs.all(frame, chunk, (year,), mode)]
        except DomainError as error:
            if error.reason != "INVALID_INPUT":
                raise
            found = [await _run(runs, frame, scenario, year, mode) for scenario in chunk]
        for run in found:
            yield None if run is None else run.values(metric_id, place)[year]


async def _run(runs: Runs, frame: Frame, scenario: Scenario, year: int, mode: DispatchMode) -> Run | None:
    try:
        return (await runs.all(frame, (scenario,), (year,), mode))[0]
    except DomainError as error:
        if error.reason != "INVALID_INPUT":
            raise
        return None


def _chosen(
    groups: Mapping[str, Sequence[str]], effect: Mapping[str, float], gaps: Mapping[str, float], count: int
) -> list[str]:
    """The levers to measure: of the strongest groups first, inside a group those that depart most; ties by id."""
    found: list[str] = []
    for name in sorted(groups, key=lambda n: (-effect[n], n)):
        found += sorted(groups[name], key=lambda i: (-gaps[i], i))
    return found[:count]


def frozen_in(world: World, lever_ids: Sequence[str]) -> Scenario:
    """The scenario with some levers on their paths of the baseline frozen, in all places."""
    others = tuple(s for s in world.scenario.settings if s.lever_id not in lever_ids)
    settings = (*others, *(_frozen(world, lever_id) for lever_id in lever_ids))
    return world.scenario.model_copy(update={"settings": settings})


def _frozen(world: World, lever_id: str) -> LeverSetting:
    lever = world.levers[lever_id]
    anchors = baseline_anchors(world.region.region_id, FROZEN)[lever_id]
    if lever.kind is LeverKind.CONSTANT:
        return LeverSetting(lever_id=lever_id, values=(next(iter(anchors.values())),))
    first = max(lever.last_observed_year, BASE_YEAR) + 1
    points = {y: v for y, v in anchors.items() if y >= first}
    if first not in points and lever.kind is LeverKind.PATH:
        points[first] = float(np.interp(first, list(anchors), list(anchors.values())))
    points = points or {first: list(anchors.values())[-1]}
    years = tuple(sorted(points))
    return LeverSetting(lever_id=lever_id, years=years, values=tuple(points[y] for y in years))


def _value(world: World, lever_id: str) -> float:
    return float(world.paths.path(lever_id)[world.year - BASE_YEAR])


def _frozen_value(world: World, lever_id: str) -> float:
    anchors = baseline_anchors(world.region.region_id, FROZEN)[lever_id]
    return float(np.interp(world.year, list(anchors), list(anchors.values())))
