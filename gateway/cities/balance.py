"""Stage balance 综合平衡: city plans against the province's number; gaps are closed by lines beside the plans."""

from collections.abc import Sequence
from math import inf

from gateway.cities.doors import BalancePlansDoor, CityPlan
from gateway.cities.problem import Problem
from gateway.cities.results import Breakdown, PlanLine, TargetBalance
from gateway.cities.sharing import Line, solve
from gateway.cities.world import CityWorld
from services.common.words import Label

_NOISE = 1e-9


def balance_target(
    world: CityWorld, problem: Problem, breakdown: Breakdown, door: BalancePlansDoor
) -> TargetBalance:
    """The plans for one target, the gap, and the adjustments that close it by the chosen rule.

    A city without a plan counts with its projection (0 where there is none) and gets an adjustment too.
    """
    plans = {p.place: p for p in door.plans if p.target_id == problem.target.id}
    counted = _counted(world, problem, plans)
    closing = door.closing or "proportional"
    planned = problem.combination.value(counted)
    gap = problem.sign * (problem.to_share - planned)
    short = gap > _NOISE * max(1.0, abs(problem.to_share))
    use_reserve = short and problem.kind == "amount" and (closing == "reserve_first")
    from_reserve = min(gap, breakdown.reserve) if use_reserve else 0.0
    adjusted = counted
    if short:
        wanted = problem.to_share - problem.sign * from_reserve
        adjusted = _close(world, problem, breakdown, counted, closing, wanted)
    reached = problem.combination.value(adjusted)
    left = gap - from_reserve - problem.sign * (reached - planned)
    left = 0.0 if abs(left) <= _NOISE * max(1.0, abs(problem.to_share)) else left
    by_rule = {c.place.place_id: c.number for c in breakdown.cities}
    lines = tuple(
        _line(problem, door, plans.get(c), by_rule.get(c, 0.0), counted[i], adjusted[i], i, c)
        for i, c in enumerate(world.places)
    )
    return TargetBalance(
        breakdown, planned, gap, from_reserve, left, closing, lines, _notes(problem, plans, world, gap, left)
    )


def _counted(world: CityWorld, problem: Problem, plans: dict[str, CityPlan]) -> tuple[float, ...]:
    return tuple(
        plans[c].number if c in plans else (problem.projected[i] if problem.projected else 0.0)
        for i, c in enumerate(world.places)
    )


def _close(
    world: CityWorld,
    problem: Problem,
    breakdown: Breakdown,
    counted: Sequence[float],
    closing: str,
    wanted: float,
) -> tuple[float, ...]:
    """Numbers that make the province, as far as the rule can: one factor on the rule's weights."""
    sign = problem.sign
    unused = [_potential(problem, number, i) or 0.0 for i, number in enumerate(counted)]
    by_rule = {c.place.place_id: c.number for c in breakdown.cities}
    below = [max(0.0, sign * (by_rule.get(c, counted[i]) - counted[i])) for i, c in enumerate(world.places)]
    if closing == "unused_potential":
        weights, most = unused, unused
    elif closing == "below_rule_share":
        weights, most = below, [inf if b else 0.0 for b in below]
    else:
        weights, most = [abs(x) for x in counted], [inf] * len(counted)
        if not any(weights):
            weights = [1.0] * len(counted)
    lines = []
    for x, w, m in zip(counted, weights, most, strict=True):
        ends = sorted((x, x + sign * m))
        low = max(ends[0], min(problem.low, x))
        high = min(ends[1], max(problem.high, x))
        lines.append(Line(x, w, low, high))
    if not any(weights):
        return tuple(counted)
    return solve(problem.combination, lines, wanted).numbers


def _potential(problem: Problem, counted: float, i: int) -> float | None:
    """What the potential baseline does beyond a city's number, not below 0; None without city values."""
    if not problem.potential:
        return None
    return max(0.0, problem.sign * (problem.potential[i] - counted))


def _line(
    problem: Problem,
    door: BalancePlansDoor,
    plan: CityPlan | None,
    by_rule: float,
    counted: float,
    adjusted: float,
    i: int,
    city: str,
) -> PlanLine:
    return PlanLine(
        place=city,
        plan=plan.number if plan else None,
        by_rule=by_rule,
        against_rule=problem.sign * (plan.number - by_rule) if plan else None,
        potential=_potential(problem, counted, i),
        adjustment=adjusted - counted,
        adjusted=adjusted,
        author=door.author,
        date=door.date,
        submitted=" ".join(t for t in (plan.author, plan.date) if t) if plan else "",
    )


def _notes(
    problem: Problem, plans: dict[str, CityPlan], world: CityWorld, gap: float, left: float
) -> tuple[Label, ...]:
    notes = []
    missing = [c for c in world.places if c not in plans]
    if missing:
        how = "its projection" if problem.projected else "0"
        names = ", ".join(missing)
        notes.append(Label(f"未报计划按预测计：{names}", f"no plan, counted with {how}: {names}"))
    if gap <= 0:
        notes.append(Label("各市计划合计已达省目标", "the plans together make the province's number"))
    if left > 0:
        zh = f"按此规则仍差{left:.6g}{problem.target.unit}"
        notes.append(Label(zh, f"{left:.6g} {problem.target.unit} stay open under this rule"))
    return tuple(notes)
