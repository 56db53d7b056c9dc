"""From a request to a problem: knobs with their paths, goals with their rows; every violation at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from gateway.calls import SectorCalls
from gateway.metrics import METRICS
from gateway.resolve import resolve
from gateway.results import SectorInfo
from gateway.solve.doors import (
    MOST_GOALS,
    MOST_KNOBS,
    AxisDoor,
    GoalDoor,
    KnobDoor,
    SolveDoor,
    TradeOffDoor,
)
from gateway.solve.goals import Goal, metric_goal, target_goal
from gateway.solve.knobs import Knob, PathOfLever, path_of
from gateway.solve.method.words import Tuning
from gateway.solve.results import AxisSense, GoalPriority, GoalSense, SolveObjective
from gateway.targets.data import read_targets
from services.common.axes import BASE_YEAR
from services.common.door import open_door
from services.common.errors import DomainError, Violation, invalid, near_names
from services.common.levers import DRIVERS
from services.common.regions import Region, load_region, region_ids
from services.common.scenario import Frame, Scenario
from services.common.words import Lever, LeverKind, Metric

SUBJECT = "solve/settings"
D = TypeVar("D", SolveDoor, TradeOffDoor)
R = TypeVar("R", KnobDoor, GoalDoor)


@dataclass(frozen=True)
class Problem:
    """What is searched: the scenario as it is, the knobs, and the goals."""

    region: Region
    frame: Frame
    scenario: Scenario
    knobs: tuple[Knob, ...]
    paths: tuple[PathOfLever, ...]
    goals: tuple[Goal, ...]
    infos: Mapping[str, SectorInfo]
    metrics: Mapping[str, Metric]

    def with_event_years(self, years: Sequence[int]) -> "Problem":
        """The same problem with a carbon peak checked in these later years."""
        goals = tuple(
            target_goal(self.region, g.target, g.safety_margin, g.strive, years)
            if g.is_event and g.target is not None
            else g
            for g in self.goals
        )
        return replace(self, goals=goals)


def setting(region: Region, name: str) -> float:
    """One setting of the method."""
    return region.number(SUBJECT, name)


def tuning_of(region: Region) -> Tuning:
    """The settings of the method, from regions/national/solve/settings.yaml."""
    names = {f: setting(region, f) for f in Tuning.__dataclass_fields__}
    for count in ("iteration_count", "proof_run_count", "conflict_set_count"):
        names[count] = int(names[count])
    return Tuning(**names)  # type: ignore[arg-type]  # counts are whole numbers


def first_event_years(region: Region, goals: Sequence[Goal], last_year: int) -> list[int]:
    """Later years at which carbon peaks are checked at first."""
    found: set[int] = set()
    for goal in goals:
        if goal.is_event and goal.target is not None:
            at = int(goal.target.number or 0)
            for name in ("peak_first_later_years", "peak_second_later_years"):
                found.add(min(at + int(setting(region, name)), last_year))
    return sorted(found)


async def open_problem(
    calls: SectorCalls, infos: Mapping[str, SectorInfo], raw: Mapping[str, Any], door: type[D]
) -> tuple[Problem, D]:
    """The problem of a request and its own fields. DomainError(INVALID_INPUT) lists all violations."""
    found: list[Violation] = []
    opened: D | None = None
    read: tuple[Frame, tuple[Scenario, ...]] | None = None
    try:
        opened = open_door(door, {k: v for k, v in raw.items() if k not in ("frame", "scenario")})
    except DomainError as error:
        found += error.violations
    try:
        read = await resolve(calls, raw.get("frame") or {}, {"scenario": raw.get("scenario") or {}})
    except DomainError as refused:
        found = list(refused.violations) + found
    region_id = (raw.get("frame") or {}).get("region")
    if isinstance(region_id, str) and region_id in region_ids():
        levers = await calls.levers(region_id)
        frame = read[0] if read else Frame(region=region_id)
        metrics = {m.metric_id: m for info in infos.values() for m in info.metrics}
        metrics |= {m.metric_id: m for m in METRICS}
        region = load_region(region_id, frame.as_of_year)
        found += _knob_violations(_readable(KnobDoor, raw.get("knobs"), MOST_KNOBS), levers, region, frame)
        found += _goal_violations(_readable(GoalDoor, raw.get("goals"), MOST_GOALS), metrics, region, frame)
        if isinstance(opened, SolveDoor) and opened.objective is SolveObjective.LEAST_COST:
            found += _cost_violations(opened.knobs, levers)
        if isinstance(opened, TradeOffDoor):
            found += _axis_violations(opened, metrics, region, frame)
        if opened is not None and read is not None and not found:
            knobs, paths, wrong = _knobs(opened.knobs, levers, frame, read[1][0])
            found += wrong
    if found or opened is None or read is None:
        raise invalid(found)
    frame, (scenario,) = read
    goals = tuple(_goal(g, metrics, region) for g in opened.goals)
    problem = Problem(region, frame, scenario, knobs, paths, goals, infos, metrics)
    return problem.with_event_years(first_event_years(region, goals, frame.last_year)), opened


def _readable(door: type[R], given: Sequence[Any] | None, most: int) -> list[R | None]:
    """What can be read of a list, so that names are checked even where another field is wrong; None elsewhere."""
    found: list[R | None] = []
    for one in (given or ())[:most]:
        try:
            found.append(open_door(door, one))
        except DomainError:
            found.append(None)
    return found


def _cost_violations(knobs: Sequence[KnobDoor], levers: Mapping[str, Lever]) -> list[Violation]:
    """Prices and other drivers move what people give up, which no cost of the system tells."""
    text = "a driver is not chosen at least cost: what is given up for it is no cost of the system; use least change"
    return [
        Violation(f"knobs[{i}].lever_id", text, knob.lever_id)
        for i, knob in enumerate(knobs)
        if knob.lever_id in levers and levers[knob.lever_id].owner == DRIVERS and not knob.locked
    ]


def _knob_violations(
    knobs: Sequence[KnobDoor | None], levers: Mapping[str, Lever], region: Region, frame: Frame
) -> list[Violation]:
    found = []
    seen: set[tuple[str, str, int]] = set()
    for i, knob in enumerate(knobs):
        if knob is None:
            continue
        at = f"knobs[{i}]"
        lever = levers.get(knob.lever_id)
        if lever is None:
            near = near_names(knob.lever_id, levers)
            found.append(Violation(f"{at}.lever_id", f"no such lever{near}", knob.lever_id))
            continue
        if (knob.lever_id, knob.place, knob.year) in seen:
            found.append(Violation(at, "the same lever, place and year stand twice: leave one out"))
        seen.add((knob.lever_id, knob.place, knob.year))
        if knob.place and any(k is not None and k.lever_id == knob.lever_id and not k.place for k in knobs):
            # The city's own path would start where the region's knob puts it.
            found.append(Violation(at, "the lever is a knob of the whole region too: keep one of the two"))
        found += _place_violations(f"{at}.place", knob.place, region)
        if knob.place in region.city_ids and not lever.by_city:
            found.append(Violation(f"{at}.place", "the lever holds for the whole region: leave place empty"))
        found += _year_violations(at, knob, lever, frame) + _bound_violations(at, knob, lever)
    return found


def _place_violations(where: str, place: str, region: Region) -> list[Violation]:
    if not place or place in region.city_ids:
        return []
    near = near_names(place, region.city_ids)
    text = f"no such city in {region.region_id}{near}; leave it empty for the region"
    return [Violation(where, text, place, ", ".join(region.city_ids))]


def _year_violations(at: str, knob: KnobDoor, lever: Lever, frame: Frame) -> list[Violation]:
    if lever.kind is LeverKind.CONSTANT:
        if knob.year:
            return [Violation(f"{at}.year", "a constant has no year: leave it out", str(knob.year), "0")]
        return []
    first = max(lever.last_observed_year, BASE_YEAR) + 1
    if first <= knob.year <= frame.last_year:
        return []
    text = f"{lever.lever_id} is observed up to {first - 1}; choose a later year"
    return [Violation(f"{at}.year", text, str(knob.year), f"{first} to {frame.last_year}")]


def _bound_violations(at: str, knob: KnobDoor, lever: Lever) -> list[Violation]:
    allowed = f"{lever.low:g} to {lever.high:g} {lever.unit}"
    found = [
        Violation(f"{at}.{name}", "outside the lever's bounds", f"{value:g}", allowed)
        for name, value in (("low", knob.low), ("high", knob.high))
        if value is not None and not lever.low <= value <= lever.high
    ]
    low = lever.low if knob.low is None else knob.low
    high = lever.high if knob.high is None else knob.high
    if low >= high:
        found.append(
            Violation(f"{at}.high", "must be above low; to hold a knob say locked", f"{high:g}", f"> {low:g}")
        )
    return found


def _knobs(
    doors: Sequence[KnobDoor], levers: Mapping[str, Lever], frame: Frame, scenario: Scenario
) -> tuple[tuple[Knob, ...], tuple[PathOfLever, ...], list[Violation]]:
    knobs, paths, found = [], [], []
    for i, door in enumerate(doors):
        lever = levers[door.lever_id]
        path = path_of(frame, scenario, lever, door.place)
        low = lever.low if door.low is None else door.low
        high = lever.high if door.high is None else door.high
        before = path.at(door.year)
        if not low <= before <= high:
            text = (
                f"{lever.lever_id} stands at {before:g} in the scenario, outside the knob's range: widen it"
            )
            found.append(Violation(f"knobs[{i}]", text, f"{low:g} to {high:g}", f"{before:g} inside"))
        knobs.append(Knob(lever, door.place, door.year, door.weight, low, high, door.locked, before))
        paths.append(path)
    return tuple(knobs), tuple(paths), found


def _goal_violations(
    goals: Sequence[GoalDoor | None], metrics: Mapping[str, Metric], region: Region, frame: Frame
) -> list[Violation]:
    found = []
    targets = {t.id for t in read_targets(region.region_id).targets}
    seen: set[str] = set()
    for i, goal in enumerate(goals):
        if goal is None:
            continue
        at = f"goals[{i}]"
        if bool(goal.target_id) == bool(goal.metric_id):
            found.append(Violation(at, "name a target, or a metric with year, sense and number"))
        elif goal.target_id:
            if goal.target_id not in targets:
                near = near_names(goal.target_id, targets)
                text = f"{region.region_id} has no such target{near}"
                found.append(Violation(f"{at}.target_id", text, goal.target_id))
            if goal.target_id in seen:
                found.append(Violation(f"{at}.target_id", "stands twice: leave one out", goal.target_id))
            seen.add(goal.target_id)
            given = (
                goal.place or goal.year or goal.sense is not GoalSense.UNSPECIFIED or goal.number is not None
            )
            if given:
                text = "a target has its own place, year, sense and number: leave these out"
                found.append(Violation(at, text))
        else:
            found += _metric_violations(at, goal, metrics, region, frame)
            if goal.sense is GoalSense.UNSPECIFIED:
                found.append(Violation(f"{at}.sense", "say which side is good", "", "at_least or at_most"))
            if goal.number is None:
                found.append(Violation(f"{at}.number", "a goal needs a number"))
    return found


def _metric_violations(
    at: str, asked: GoalDoor | AxisDoor, metrics: Mapping[str, Metric], region: Region, frame: Frame
) -> list[Violation]:
    found = _place_violations(f"{at}.place", asked.place, region)
    if asked.metric_id not in metrics:
        near = near_names(asked.metric_id, metrics)
        found.append(Violation(f"{at}.metric_id", f"no such metric{near}", asked.metric_id))
    if not BASE_YEAR <= asked.year <= frame.last_year:
        allowed = f"{BASE_YEAR} to {frame.last_year}"
        found.append(Violation(f"{at}.year", "outside the frame", str(asked.year), allowed))
    return found


def _axis_violations(
    door: TradeOffDoor, metrics: Mapping[str, Metric], region: Region, frame: Frame
) -> list[Violation]:
    found = []
    for name, axis in (("first", door.first), ("second", door.second)):
        if axis.change:
            if axis.metric_id or axis.place or axis.year or axis.sense is AxisSense.MAXIMISE:
                found.append(Violation(name, "change is made small and has no metric: leave the rest out"))
        else:
            found += _metric_violations(name, axis, metrics, region, frame)
    if door.first == door.second:
        found.append(Violation("second", "the two objectives are the same"))
    return found


def _goal(door: GoalDoor, metrics: Mapping[str, Metric], region: Region) -> Goal:
    if door.target_id:
        target = next(t for t in read_targets(region.region_id).targets if t.id == door.target_id)
        strive = (
            target.strive
            if door.priority is GoalPriority.UNSPECIFIED
            else door.priority is GoalPriority.STRIVE
        )
        return target_goal(region, target, door.safety_margin, strive, ())
    metric = metrics[door.metric_id]
    assert door.number is not None
    return metric_goal(
        metric.metric_id,
        metric.label,
        metric.unit,
        door.place,
        door.year,
        door.sense is GoalSense.AT_LEAST,
        door.number,
        door.safety_margin,
        door.priority is GoalPriority.STRIVE,
    )
