"""The bridge between problem and method: goals and knobs as rows and a space, runs as evaluations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.runs import Run, Runs
from gateway.solve.goals import Goal, Row, reaches
from gateway.solve.knobs import first_moved_year, scenario_at
from gateway.solve.method.words import Evaluate, Rows, Space
from gateway.solve.problem import Problem
from gateway.targets.values import ValuesOf, observed_values
from services.common.arrays import FloatArray
from services.common.power_outcome import DispatchMode
from services.common.scenario import Scenario

COST = "account.system_cost_cny"
_WHOLE_MISS = 1.0


@dataclass(frozen=True)
class Search:
    """The goals that are searched, with their rows in order, and why others are not."""

    goals: tuple[int, ...]
    rows: tuple[Row, ...]
    row_goals: tuple[int, ...]
    reasons: dict[int, str]
    scales: FloatArray
    cost_year: int


def searched(problem: Problem, base: ValuesOf) -> Search:
    """Sort the goals: those with a value, not observed yet, and within reach of a knob are searched."""
    touch = reaches(problem.infos)
    goals, rows, owners, reasons = [], [], [], {}
    scales = []
    for i, goal in enumerate(problem.goals):
        reason = _reason(problem, goal, base)
        if not reason and not _within_reach(problem, goal, touch):
            reason = "NO_LEVER_TOUCHES_IT"
        if reason:
            reasons[i] = reason
            continue
        goals.append(i)
        for row in goal.rows:
            rows.append(row)
            owners.append(i)
            scales.append(row.scale or abs(row.level(base) or 0.0) or 1.0)
    last = max((y for i in goals for y in problem.goals[i].years), default=problem.frame.last_year)
    return Search(tuple(goals), tuple(rows), tuple(owners), reasons, np.array(scales), last)


def _reason(problem: Problem, goal: Goal, base: ValuesOf) -> str:
    """Why a goal is not searched, as a code; empty when it can be."""
    if goal.target is not None:
        target = goal.target
        if target.number is None:
            return f"DEFERRED:{target.deferred_to}"
        place = target.value_place or target.place
        if not goal.is_event and target.year in observed_values(problem.region, target.observed, place):
            return "OBSERVED"
        if target.unavailable:
            return target.unavailable
    if any(y > problem.frame.last_year for y in goal.years):
        return "OUT_OF_SPAN"
    if goal.is_event:
        missing = not goal.rows or any(row.read(base) is None for row in goal.rows)
        return "NO_METRIC" if missing else ""
    value, reason = goal.value(base)
    return reason or ("NO_METRIC" if value is None else "")


def _within_reach(problem: Problem, goal: Goal, touch: Callable[[str, str], bool]) -> bool:
    return any(
        not knob.locked
        and touch(knob.lever.owner, row.owner)
        and row.last_year >= first_moved_year(knob, path)
        for knob, path in zip(problem.knobs, problem.paths, strict=True)
        for row in goal.rows
    )


def space_of(problem: Problem, search: Search, more: Sequence[Row] = ()) -> Space:
    """The scaled knobs; `more` rows stand behind the goals' own, before the cost."""
    touch = reaches(problem.infos)
    start = np.array([k.start for k in problem.knobs])
    locked = np.array([k.locked for k in problem.knobs])
    rows = (*search.rows, *more)
    touches = np.zeros((len(rows) + 1, start.size))
    for j, (knob, path) in enumerate(zip(problem.knobs, problem.paths, strict=True)):
        first = first_moved_year(knob, path)
        for k, row in enumerate(rows):
            touches[k, j] = touch(knob.lever.owner, row.owner) and row.last_year >= first
        touches[-1, j] = search.cost_year >= first
    return Space(
        start,
        np.where(locked, start, 0.0),
        np.where(locked, start, 1.0),
        np.array([k.weight for k in problem.knobs]),
        touches,
    )


def rows_of(problem: Problem, search: Search, more: Sequence[Row] = (), scales: Sequence[float] = ()) -> Rows:
    """What is asked of the rows; `more` rows are not asked for (yet)."""
    every = (*search.rows, *more)
    return Rows(
        np.array([r.sign for r in every]),
        np.array([r.number for r in every]),
        np.array([r.safety for r in every]),
        np.array([*search.scales, *scales]),
        (*search.row_goals, *(-1 for _ in more)),
        (*(int(problem.goals[i].strive) for i in search.row_goals), *(0 for _ in more)),
    )


def evaluation(
    runs: Runs,
    problem: Problem,
    search: Search,
    years: Sequence[int],
    mode: DispatchMode,
    more: Sequence[Callable[[ValuesOf, FloatArray], float]] = (),
    *,
    with_adequacy: bool,
) -> Evaluate:
    """Runs scenarios for points of knobs; each run is read at once and let go."""
    start = np.array([k.start for k in problem.knobs])

    async def evaluate(points: Sequence[FloatArray]) -> list[tuple[FloatArray, float]]:
        scenarios = [scenario_of(problem, x) for x in points]
        found = []
        at = 0
        async for run in runs.each(problem.frame, scenarios, years, mode, with_adequacy=with_adequacy):
            found.append(_read(run, search, points[at] - start, more))
            at += 1
        return found

    return evaluate


def scenario_of(problem: Problem, x: FloatArray) -> Scenario:
    """The scenario at a point of the knobs."""
    return scenario_at(problem.scenario, problem.knobs, problem.paths, x)


def _read(
    run: Run,
    search: Search,
    change: FloatArray,
    more: Sequence[Callable[[ValuesOf, FloatArray], float]],
) -> tuple[FloatArray, float]:
    values = cached(run.values)
    numbers = []
    for row, scale in zip(search.rows, search.scales, strict=True):
        value = row.read(values)
        # A value that is lost on the way (two readings that differ, say) counts as a miss by the whole number.
        numbers.append(row.number - row.sign * _WHOLE_MISS * scale if value is None else value)
    numbers += [read(values, change) for read in more]
    cost = values(COST, "").get(search.cost_year, float("nan"))
    return np.array(numbers), cost


def cached(values: ValuesOf) -> ValuesOf:
    """The same values, each metric and place looked up once."""
    known: dict[tuple[str, str], object] = {}

    def look(metric_id: str, place: str) -> object:
        if (metric_id, place) not in known:
            known[metric_id, place] = values(metric_id, place)
        return known[metric_id, place]

    return look  # type: ignore[return-value]
