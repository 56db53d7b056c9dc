"""Stage trade-off: efficient points between two objectives, each projected whole before it is given."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gateway.pipeline import Pipeline
from gateway.solve.answer import knob_results, solver_settings
from gateway.solve.bridge import COST, Search, evaluation, rows_of, scenario_of, searched, space_of
from gateway.solve.doors import AxisDoor, TradeOffDoor
from gateway.solve.goals import Goal, Row, metric_goal
from gateway.solve.method.front import Axis, FrontPoint, efficient, front
from gateway.solve.method.words import Task
from gateway.solve.problem import Problem, open_problem, setting, tuning_of
from gateway.solve.results import AxisSense, FrontAxis, FrontEntry, TradeOffResult
from gateway.solve.stage import CHECKING, Bench, base_values, read_years
from gateway.solve.told import Tell, told
from gateway.targets.values import ValuesOf
from services.common.arrays import FloatArray
from services.common.digest import digest_of
from services.common.errors import Violation, invalid
from services.common.revision import revision_of
from services.common.words import Label, Progress, ReleaseStatus

_SCALE_SHARE = 0.01
CHANGE = Label("抓手变化量（半平方和）", "Change of the knobs, half the sum of squares")


@dataclass(frozen=True)
class _Read:
    """An objective as it is read of a run and of a change of the knobs."""

    told: FrontAxis
    row: Row
    read: Callable[[ValuesOf, FloatArray], float]
    scale: float


async def trade_off(pipeline: Pipeline, raw: Mapping[str, Any]) -> AsyncIterator[Progress | TradeOffResult]:
    """Progress, then the front. DomainError(INVALID_INPUT) lists all violations of the request."""
    problem, door = await open_problem(pipeline.calls, await pipeline.runs.infos(), raw, TradeOffDoor)
    limit = door.time_limit_seconds or setting(problem.region, "time_limit_seconds")

    async def work(tell: Tell) -> TradeOffResult:
        bench = Bench(pipeline, problem, door.mode, time.monotonic() + limit, tell)
        return await _traded(bench, door)

    async for part in told(work):
        yield part


async def _traded(bench: Bench, door: TradeOffDoor) -> TradeOffResult:
    problem = bench.problem
    # The objectives' years are read as goals' are; they are not asked for.
    axes = [_axis_goal(problem, a) for a in (door.first, door.second)]
    bench.problem = replace(problem, goals=(*problem.goals, *(a for a in axes if a is not None)))
    before = await base_values(bench, whole=any(g.is_event for g in problem.goals))
    search = searched(problem, before)
    axis_years = [y for a in axes if a is not None for y in a.years]
    if not search.goals:
        # No goal names a year of the cost: no other year is dispatched for it.
        search = replace(search, cost_year=max(axis_years, default=search.cost_year))
    reads = [
        _read_of(problem, a, g, before, name)
        for name, a, g in zip(("first", "second"), (door.first, door.second), axes, strict=True)
    ]
    more = [r.row for r in reads for _ in (0, 1)]
    years = sorted({*read_years(problem, search), *axis_years})
    space = space_of(problem, search, more)
    model = bench.model(
        evaluation(
            bench.pipeline.runs,
            problem,
            search,
            years,
            bench.mode,
            [r.read for r in reads for _ in (0, 1)],
            with_adequacy=bench.with_adequacy,
        )
    )
    still = np.zeros(space.start.size)
    known = [row.read(before) for row in search.rows] + [r.read(before, still) for r in reads for _ in (0, 1)]
    cost = before(COST, "").get(search.cost_year, float("nan"))
    model.know(space.start, np.array([*known, cost], dtype=float))
    task = Task(
        model, space, rows_of(problem, search, more, [r.scale for r in reads for _ in (0, 1)]),
        tuning_of(problem.region),
    )  # fmt: skip
    count = len(search.rows)
    ends = [
        Axis(count + 2 * i, count + 2 * i + 1, 1.0 if r.told.sense == "maximise" else -1.0, r.scale)
        for i, r in enumerate(reads)
    ]
    inner = door.point_count or int(setting(problem.region, "front_point_count"))
    points = [p async for p in front(task, ends[0], ends[1], inner)]
    bench.stage = CHECKING
    kept = efficient(points)
    entries = [await _entry(bench, problem, search, task, p, reads, space.start) for p in kept]
    x = kept[0].point.x if kept else space.start
    result = TradeOffResult(
        frame=problem.frame,
        scenario=problem.scenario,
        first=reads[0].told,
        second=reads[1].told,
        complete=not model.out_of_time,
        knobs=knob_results(problem, x, kept[0].point if kept else None),
        points=tuple(entries),
        run_count=bench.run_count,
        years=tuple(years),
        solver_settings=solver_settings(problem),
        digest="",
        revision=revision_of(problem.region),
        release_status=ReleaseStatus.INTERNAL,
    )
    return replace(result, digest=digest_of(result))


async def _entry(
    bench: Bench,
    problem: Problem,
    search: Search,
    task: Task,
    found: FrontPoint,
    reads: list[_Read],
    start: FloatArray,
) -> FrontEntry:
    """A point with its whole projection."""
    x = found.point.x
    scenario = scenario_of(problem, x)
    bench.tell(bench.run_count, bench.stage)
    projection, values = await bench.whole(scenario)
    count = len(search.rows)
    told_values = [float(found.point.q[count + 2 * i]) for i in (0, 1)]
    same = all(r.read(values, x - start) == v for r, v in zip(reads, told_values, strict=True))
    same = same and all(row.read(values) == q for row, q in zip(search.rows, found.point.q, strict=False))
    return FrontEntry(
        settings=scenario.settings,
        first=told_values[0],
        second=told_values[1],
        exchange=found.exchange * reads[0].scale / reads[1].scale,
        met=task.meets(found.point.g, task.rows.of(task.rows.goals)),
        projection_digest=projection.digest,
        verified=same,
        knob_values=tuple(k.value(float(v)) for k, v in zip(problem.knobs, x, strict=True)),
    )


def _axis_goal(problem: Problem, door: AxisDoor) -> Goal | None:
    if door.change:
        return None
    metric = problem.metrics[door.metric_id]
    least = door.sense is AxisSense.MAXIMISE
    return metric_goal(
        metric.metric_id, metric.label, metric.unit, door.place, door.year, least, 0.0, 0.0, strive=False
    )


def _read_of(problem: Problem, door: AxisDoor, goal: Goal | None, before: ValuesOf, name: str) -> _Read:
    """How an objective is read. INVALID_INPUT when the metric has no value there."""
    if goal is None:
        weight = np.array([k.weight for k in problem.knobs])

        def change(_: ValuesOf, moved: FloatArray) -> float:
            return 0.5 * float((weight * moved) @ (weight * moved))

        row = Row(-1.0, 0.0, 0.0, 1.0, problem.frame.last_year, "account", lambda _: None, lambda _: None)
        return _Read(FrontAxis("change", CHANGE, "1", "minimise"), row, change, 1.0)
    row = goal.rows[0]
    first = row.read(before)
    if first is None:
        raise invalid([Violation(f"{name}.metric_id", "has no value for this place", door.metric_id)])

    def read(values: ValuesOf, _: FloatArray) -> float:
        value = row.read(values)
        assert value is not None
        return value

    sense = "maximise" if door.sense is AxisSense.MAXIMISE else "minimise"
    told_axis = FrontAxis(goal.goal_id, goal.label, goal.unit, sense)
    return _Read(told_axis, row, read, _SCALE_SHARE * abs(first) or 1.0)
