"""From a point of knobs to the answer: settings, goals before and after, multipliers, and whether the whole agrees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gateway.results import Projection
from gateway.solve.bridge import COST, Search, scenario_of
from gateway.solve.doors import SolveDoor
from gateway.solve.goals import Goal, is_met
from gateway.solve.method.conflict import ConflictSet
from gateway.solve.method.words import Point
from gateway.solve.problem import SUBJECT, Problem, tuning_of
from gateway.solve.results import (
    Conflict,
    GoalPriority,
    GoalResult,
    GoalSense,
    KnobResult,
    SolveObjective,
    SolveResult,
    SolveSetting,
    SolveShortfall,
    SolveStatus,
    Witness,
)
from gateway.targets.values import ValuesOf
from services.common.arrays import FloatArray
from services.common.digest import digest_of
from services.common.revision import revision_of
from services.common.words import ReleaseStatus

_PERCENT = 100.0


@dataclass(frozen=True)
class SolvedPoint:
    """The end of a search; `point` is None when nothing was searched."""

    x: FloatArray
    point: Point | None
    is_nearest: bool
    conflicts: tuple[ConflictSet, ...]


def make_result(
    problem: Problem,
    door: SolveDoor,
    search: Search,
    solved: SolvedPoint,
    before: ValuesOf,
    after: Projection,
    after_values: ValuesOf,
    run_count: int,
    whole_run_count: int,
    complete: bool,
    years: tuple[int, ...],
) -> SolveResult:
    """The answer, sealed."""
    objective, shortfall = objective_asked(door), shortfall_asked(door)
    goals = tuple(
        _goal_result(i, goal, search, solved, before, after_values) for i, goal in enumerate(problem.goals)
    )
    costs = [v(COST, "").get(search.cost_year) for v in (before, after_values)]
    known = costs[0] is not None and costs[1] is not None
    change = costs[1] - costs[0] if known else None  # type: ignore[operator]  # both are known
    result = SolveResult(
        frame=problem.frame,
        scenario=problem.scenario,
        status=_status(problem, solved, goals),
        complete=complete,
        objective=objective,
        shortfall=shortfall,
        objective_value=_objective_value(problem, objective, solved.x, change, costs[0]),
        cost_change_cny=change,
        cost_year=search.cost_year,
        settings=scenario_of(problem, solved.x).settings,
        knobs=knob_results(problem, solved.x, solved.point),
        goals=goals,
        conflicts=tuple(_conflict(problem, c) for c in solved.conflicts),
        run_count=run_count,
        whole_run_count=whole_run_count,
        years=years,
        verified=_verified(search, solved, goals, after_values),
        projection_digest=after.digest,
        solver_settings=solver_settings(problem),
        digest="",
        revision=revision_of(problem.region),
        release_status=ReleaseStatus.INTERNAL,
    )
    return replace(result, digest=digest_of(result))


def objective_asked(door: SolveDoor) -> SolveObjective:
    """The objective; least change when none is named."""
    asked = door.objective
    return SolveObjective.LEAST_CHANGE if asked is SolveObjective.UNSPECIFIED else asked


def shortfall_asked(door: SolveDoor) -> SolveShortfall:
    """How shortfalls are weighed; squares when nothing is named."""
    asked = door.shortfall
    return SolveShortfall.SQUARES if asked is SolveShortfall.UNSPECIFIED else asked


def solver_settings(problem: Problem) -> tuple[SolveSetting, ...]:
    """Every setting of the method."""
    leaves = problem.region.leaves(SUBJECT)
    return tuple(SolveSetting(name, leaf.number(), leaf.unit) for name, leaf in leaves.items())


def knob_results(problem: Problem, x: FloatArray, point: Point | None) -> tuple[KnobResult, ...]:
    """The knobs before and after."""
    found = []
    little = tuning_of(problem.region).least_radius
    for j, knob in enumerate(problem.knobs):
        at_bound = min(float(x[j]), 1.0 - float(x[j])) < little
        price = 0.0 if point is None or not at_bound else abs(float(point.bound_multipliers[j]))
        differenced = point is not None and point.jacobian[:-1].any()
        idle = differenced and point is not None and not point.jacobian[:-1, j].any()
        found.append(
            KnobResult(
                lever_id=knob.lever.lever_id,
                label=knob.lever.label,
                place=knob.place,
                year=knob.year,
                unit=knob.lever.unit,
                low=knob.low,
                high=knob.high,
                weight=knob.weight,
                locked=knob.locked,
                before=knob.before,
                after=knob.value(float(x[j])),
                multiplier=price / (knob.high - knob.low),
                reason="LOCKED" if knob.locked else "TOUCHES_NO_GOAL" if idle else "",
            )
        )
    return tuple(found)


def _objective_value(
    problem: Problem, objective: SolveObjective, x: FloatArray, change: float | None, cost: float | None
) -> float:
    moved = np.array([k.weight for k in problem.knobs]) * (x - np.array([k.start for k in problem.knobs]))
    if objective is SolveObjective.LEAST_COST and change is not None and cost:
        return _PERCENT * change / abs(cost)
    if objective is SolveObjective.FEW_LEVERS:
        return float(np.abs(moved).sum())
    return 0.5 * float(moved @ moved)


def _status(problem: Problem, solved: SolvedPoint, goals: Sequence[GoalResult]) -> SolveStatus:
    """How the search ended, by the whole projection: a goal that it does not hold is not met."""
    sought = [g for g in goals if g.searched]
    if not sought:
        return SolveStatus.NOTHING_SEARCHED
    if solved.is_nearest or not all(g.met_after for g in sought):
        return SolveStatus.NEAREST
    moved = any(float(v) != k.start for v, k in zip(solved.x, problem.knobs, strict=True))
    return SolveStatus.MET if moved else SolveStatus.ALREADY_MET


def _goal_result(
    i: int, goal: Goal, search: Search, solved: SolvedPoint, before: ValuesOf, after: ValuesOf
) -> GoalResult:
    first, last = goal.value(before)[0], goal.value(after)[0]
    price = 0.0
    if solved.point is not None:
        for k, owner in enumerate(search.row_goals):
            if owner == i:
                price += float(solved.point.multipliers[k]) / float(search.scales[k])
    return GoalResult(
        goal_id=goal.goal_id,
        label=goal.label,
        metric_id=goal.metric_id,
        place=goal.place,
        year=goal.year,
        sense=GoalSense(goal.sense),
        number=goal.number,
        unit=goal.unit,
        tolerance=goal.tolerance,
        safety_margin=goal.safety_margin,
        priority=GoalPriority.STRIVE if goal.strive else GoalPriority.BINDING,
        searched=i in search.goals,
        reason=search.reasons.get(i, ""),
        before=first,
        after=last,
        margin_before=_margin(goal, first),
        margin_after=_margin(goal, last),
        met_before=_met(goal, first),
        met_after=_met(goal, last),
        multiplier=price,
    )


def _margin(goal: Goal, value: float | None) -> float | None:
    return None if value is None else (1 if goal.sense == "at_least" else -1) * (value - goal.number)


def _met(goal: Goal, value: float | None) -> bool:
    margin = _margin(goal, value)
    if margin is None:
        return False
    compare = goal.target.compare if goal.target else "at_least"
    return is_met(compare, goal.number, goal.tolerance, margin - goal.safety_margin)


def _verified(search: Search, solved: SolvedPoint, goals: Sequence[GoalResult], values: ValuesOf) -> bool:
    """True when the whole projection gives every row to the last bit and, if all was met, meets every goal."""
    if solved.point is None:
        return True
    same = all(row.read(values) == q for row, q in zip(search.rows, solved.point.q, strict=False))
    return same and (solved.is_nearest or all(g.met_after for g in goals if g.searched))


def _conflict(problem: Problem, found: ConflictSet) -> Conflict:
    return Conflict(
        tuple(problem.goals[g].goal_id for g in found.goals),
        found.proved,
        found.evaluation_count,
        tuple(
            Witness(problem.goals[g].goal_id, scenario_of(problem, x).settings)
            for g, x in zip(found.goals, found.witnesses, strict=True)
        ),
    )
