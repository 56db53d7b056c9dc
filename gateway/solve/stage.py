"""Stage solve 反推: the least change of knobs that meets the goals; else the nearest point and what stands in conflict.

The answer is projected whole before it is given. A carbon peak is searched at few years; years in which the whole
projection fails are added and the search goes on from where it stands.
"""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gateway.pipeline import Pipeline
from gateway.results import Projection
from gateway.solve.answer import SolvedPoint, make_result, objective_asked, shortfall_asked
from gateway.solve.bridge import COST, Search, evaluation, rows_of, scenario_of, searched, space_of
from gateway.solve.doors import SolveDoor
from gateway.solve.goals import last_allowed_year
from gateway.solve.method.conflict import ConflictSet, conflict_sets
from gateway.solve.method.corner import Signs
from gateway.solve.method.least import Aim, least, meet, objective_of
from gateway.solve.method.nearest import Shortfall, nearest
from gateway.solve.method.search import local_of
from gateway.solve.method.words import Evaluate, Model, OutOfTimeError, Point, Task
from gateway.solve.problem import Problem, open_problem, setting, tuning_of
from gateway.solve.results import SolveObjective, SolveResult
from gateway.solve.told import Tell, told
from gateway.targets.data import Target
from gateway.targets.values import ValuesOf, values_of_metrics
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid
from services.common.power_outcome import DispatchMode
from services.common.scenario import Scenario
from services.common.words import Label, Progress

_COST_SCALE_SHARE = 0.01
SEARCHING = Label("搜索", "searching")
NEAREST = Label("最近可行点", "nearest point")
CONFLICTS = Label("冲突集", "conflicts")
CHECKING = Label("复核", "checking")


@dataclass
class Bench:
    """What a search works with: the pipeline, the problem, the time limit, and who hears of progress."""

    pipeline: Pipeline
    problem: Problem
    mode: DispatchMode
    ends_at: float
    tell: Tell
    run_count: int = 0
    whole_run_count: int = 0
    stage: Label = SEARCHING
    complete: bool = True
    with_adequacy: bool = False

    def model(self, evaluate: Evaluate) -> Model:
        """A model whose runs are counted with those before it."""
        before = self.run_count

        def heard(run_count: int) -> None:
            self.run_count = before + run_count
            self.tell(self.run_count, self.stage)

        return Model(evaluate, lambda: time.monotonic() < self.ends_at, heard)

    async def whole(self, scenario: Scenario) -> tuple[Projection, ValuesOf]:
        """The projection of every year, and its values."""
        frame = self.problem.frame.model_copy(update={"first_year": BASE_YEAR})
        (projection,) = await self.pipeline.project_chunk(frame, [scenario], self.mode)
        self.whole_run_count += 1
        values = values_of_metrics(self.problem.region, projection.years, projection.metrics)
        return projection, values


async def solve(pipeline: Pipeline, raw: Mapping[str, Any]) -> AsyncIterator[Progress | SolveResult]:
    """Progress, then the answer. DomainError(INVALID_INPUT) lists all violations of the request."""
    problem, door = await open_problem(pipeline.calls, await pipeline.runs.infos(), raw, SolveDoor)
    if door.objective is SolveObjective.LEAST_COST and COST not in problem.metrics:
        raise invalid([Violation("objective", "no system cost is published", door.objective)])
    limit = door.time_limit_seconds or setting(problem.region, "time_limit_seconds")

    async def work(tell: Tell) -> SolveResult:
        bench = Bench(pipeline, problem, door.mode, time.monotonic() + limit, tell)
        return await _solved(bench, door)

    async for part in told(work):
        yield part


async def _solved(bench: Bench, door: SolveDoor) -> SolveResult:
    """Rounds of searching and checking until every event holds in the whole projection."""
    problem = bench.problem
    has_event = any(g.is_event for g in problem.goals)
    before_values = await base_values(bench, whole=has_event)
    event_years = _event_years(problem, before_values) if has_event else []
    if has_event:
        bench.problem = problem.with_event_years(event_years)
    rounds = int(setting(problem.region, "verify_round_count"))
    found = await _round(bench, door, before_values, None)
    while bench.complete and rounds > 1 and not found.solved.is_nearest:
        failed = set(_failed_years(found.problem, found.search, found.values))
        if failed.issubset(event_years):
            break
        event_years, rounds = sorted(failed.union(event_years)), rounds - 1
        bench.problem = problem.with_event_years(event_years)
        try:
            found = await _round(bench, door, before_values, found.solved.x)
        except OutOfTimeError:
            # Not even the start of this round was run: the last round's answer is the best there is.
            bench.complete = False
    return make_result(
        found.problem, door, found.search, found.solved, before_values, found.projection, found.values,
        bench.run_count, bench.whole_run_count, bench.complete, read_years(found.problem, found.search),
    )  # fmt: skip


@dataclass(frozen=True)
class _Round:
    """A search with its check on every year."""

    problem: Problem
    search: Search
    solved: SolvedPoint
    projection: Projection
    values: ValuesOf


async def _round(bench: Bench, door: SolveDoor, before: ValuesOf, start: FloatArray | None) -> _Round:
    """Search at chosen years, then project the answer whole. OutOfTimeError when `start` could not be run."""
    problem = bench.problem
    search = searched(problem, before)
    solved = await _search(bench, search, door, before, start)
    bench.stage = CHECKING
    bench.tell(bench.run_count, bench.stage)
    projection, values = await bench.whole(scenario_of(problem, solved.x))
    return _Round(problem, search, solved, projection, values)


async def base_values(bench: Bench, *, whole: bool) -> ValuesOf:
    """The scenario as it is: at the years that goals read, or in every year.

    Metrics of adequacy cost half a run: they are asked for only when a goal lacks its metric without them.
    """
    problem = bench.problem
    years = sorted({y for g in problem.goals for y in g.years if y <= problem.frame.last_year})
    while True:
        (run,) = await bench.pipeline.runs.all(
            problem.frame, [problem.scenario], years, bench.mode, with_adequacy=bench.with_adequacy
        )
        bench.run_count += 1
        lacks = any(g.metric_id in problem.metrics and not run.values(g.metric_id, "") for g in problem.goals)
        if bench.with_adequacy or not lacks:
            break
        bench.with_adequacy = True
    return (await bench.whole(problem.scenario))[1] if whole else run.values


def read_years(problem: Problem, search: Search) -> tuple[int, ...]:
    """The years to dispatch: those that goals on power or on the accounts read; sectors answer every year."""
    annual = {i for i in problem.infos if i != "power"}
    years = {y for i in search.goals for y in problem.goals[i].years if _owner_of(problem, i) not in annual}
    return tuple(sorted({BASE_YEAR, search.cost_year, *years}))


def _owner_of(problem: Problem, goal: int) -> str:
    rows = problem.goals[goal].rows
    return rows[0].owner if rows else ""


async def _search(
    bench: Bench, search: Search, door: SolveDoor, before: ValuesOf, start: FloatArray | None
) -> SolvedPoint:
    """The answer at chosen years: met, or the nearest point with conflicts."""
    problem, bench.stage = bench.problem, SEARCHING
    space = space_of(problem, search)
    if not search.rows:
        return SolvedPoint(space.start, None, is_nearest=False, conflicts=())
    years = read_years(problem, search)
    model = bench.model(
        evaluation(bench.pipeline.runs, problem, search, years, bench.mode, with_adequacy=bench.with_adequacy)
    )
    first = np.array([row.read(before) for row in search.rows], dtype=float)
    cost = before(COST, "").get(search.cost_year, float("nan"))
    model.know(space.start, np.append(first, cost))
    task = Task(model, space, rows_of(problem, search), tuning_of(problem.region))
    aim = Aim(objective_asked(door))
    how = Shortfall(shortfall_asked(door))
    scale = _COST_SCALE_SHARE * abs(cost) if aim is Aim.LEAST_COST else 1.0
    asked = task.rows.of(task.rows.goals)
    if start is None:
        point = await least(task, aim, scale)
    else:
        point = await meet(task, objective_of(aim, space, len(search.rows), task.tuning, scale), start)
    conflicts: Sequence[ConflictSet] = ()
    is_nearest = not task.meets(point.g, asked)
    if is_nearest:
        bench.stage = NEAREST
        signs = Signs(len(search.rows), space.start.size)
        signs.saw(local_of(task, point.x, point.q, point.jacobian).slope)
        close = await nearest(task, how, point.x, point.jacobian)
        if task.meets(close.g, asked):
            objective = objective_of(aim, space, len(search.rows), task.tuning, scale)
            point = await meet(task, objective, close.x, close.jacobian)
            is_nearest = not task.meets(point.g, asked)
        if is_nearest:
            point = close
            if not door.without_conflicts:
                bench.stage = CONFLICTS
                conflicts = await conflict_sets(task, point, signs)
    point = await _snapped(task, point, is_nearest=is_nearest)
    bench.complete = bench.complete and not model.out_of_time
    return SolvedPoint(point.x, point, is_nearest=is_nearest, conflicts=tuple(conflicts))


async def _snapped(task: Task, point: Point, *, is_nearest: bool) -> Point:
    """Knobs within a hair of their start or of a bound are put there, when the goals hold all the same."""
    space, little = task.space, task.tuning.least_radius
    x = np.where(point.x - space.low < little, space.low, point.x)
    x = np.where(space.high - point.x < little, space.high, x)
    x = np.where(np.abs(point.x - space.start) < little, space.start, x)
    if is_nearest or (x == point.x).all():
        return point
    try:
        q = await task.model.one(x)
    except OutOfTimeError:
        return point
    g = task.margins(q)
    return replace(point, x=x, q=q, g=g) if task.meets(g, task.rows.of(task.rows.goals)) else point


def _event_years(problem: Problem, values: ValuesOf) -> list[int]:
    """Years in which carbon peaks are checked: some after the limit, and the highest later year as it is."""
    found: set[int] = set()
    for goal in problem.goals:
        found |= {y for y in goal.years if goal.is_event}
        found |= set(_top_years(problem, goal.target, values)) if goal.target and goal.is_event else set()
    return sorted(y for y in found if y <= problem.frame.last_year)


def _top_years(problem: Problem, target: Target, values: ValuesOf) -> list[int]:
    """The highest year after the last allowed one."""
    if target.reading is None or target.number is None:
        return []
    place = target.value_place or target.place
    series = values(target.reading.metric_id, place if place in problem.region.city_ids else "")
    later = [y for y in series if y > last_allowed_year(target)]
    return [max(later, key=lambda y: (series[y], -y))] if later else []


def _failed_years(problem: Problem, search: Search, values: ValuesOf) -> list[int]:
    """Years that must be checked too, because an event that was searched does not happen in time."""
    found: set[int] = set()
    for i in search.goals:
        goal = problem.goals[i]
        if not goal.is_event or goal.target is None:
            continue
        value, _ = goal.value(values)
        if value is None or value > last_allowed_year(goal.target):
            found |= set(_top_years(problem, goal.target, values))
    return sorted(found)
