"""Stage breakdown 分解: a provincial target shared out to its cities by a named rule, and rounded so that it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, fsum, inf

from gateway.cities.choice import Settings, city_weights, wrong_choice
from gateway.cities.doors import RuleChoice
from gateway.cities.problem import Problem
from gateway.cities.results import Breakdown, CityPart
from gateway.cities.rounding import largest_remainder, round_rates
from gateway.cities.sharing import Line, Solution, solve
from gateway.cities.world import CityWorld
from services.common.errors import Violation
from services.common.words import Label

_RESERVE_CODE = "~"  # after every administrative code
_EDGE = 1e-9


@dataclass(frozen=True)
class Tier:
    """One tier of a breakdown: the solution, its published numbers and what they make."""

    solution: Solution
    published: tuple[float, ...]
    reserve: float
    reached: float


def share_out(
    world: CityWorld, problem: Problem, choice: RuleChoice, where: str
) -> tuple[Breakdown | None, list[Violation]]:
    """The breakdown of a problem, or what is wrong with the choice."""
    taken = Settings(world, problem, choice)
    found = wrong_choice(world, problem, choice, where, taken.step)
    weight = () if found else city_weights(world, problem, choice, taken, where, found)
    if found or not weight:
        return None, found
    lines = _lines(world, problem, choice, weight, taken.step)
    basic = _tier(world, problem, lines, taken, problem.to_share)
    second = choice.incentive_share
    incentive = None
    if second is not None and problem.kind != "each":
        wanted = problem.to_share + problem.sign * second * abs(problem.to_share)
        incentive = _tier(
            world, problem, lines, taken, min(wanted, problem.high) if problem.kind != "amount" else wanted
        )
    return _answer(world, problem, choice, taken, weight, basic, incentive), []


def _lines(
    world: CityWorld, problem: Problem, choice: RuleChoice, weight: Sequence[float], step: float
) -> list[Line]:
    """Every city's number as a function of the factor; bounds of amounts are moved inwards to whole steps."""
    bounds = {b.place: b for b in choice.bounds}
    start = problem.base if choice.over_base and problem.base else problem.start
    lines = []
    for i, place in enumerate(world.places):
        own = bounds.get(place)
        low = problem.low if own is None or own.low is None else own.low
        high = problem.high if own is None or own.high is None else own.high
        if problem.kind == "amount":
            low = ceil(low / step - _EDGE) * step
            high = inf if high == inf else floor(high / step + _EDGE) * step
        lines.append(Line(start[i], weight[i], low, high))
    return lines


def _tier(world: CityWorld, problem: Problem, lines: Sequence[Line], taken: Settings, wanted: float) -> Tier:
    step = taken.step
    reserve = wanted * taken.reserve_share
    solution = solve(problem.combination, lines, wanted - reserve)
    if problem.kind == "each":
        return Tier(solution, solution.numbers, 0.0, solution.reached)
    if problem.kind == "amount":
        return _rounded_amount(world, problem, lines, solution, wanted, reserve, step)
    bounds = ([x.low for x in lines], [x.high for x in lines])
    moving = [x.direction > 0 for x in lines]
    units = round_rates(
        solution.numbers, step, world.codes, problem.combination, wanted, problem.sign, *bounds, moving
    )
    published = tuple(_whole(n, step) for n in units)
    return Tier(solution, published, 0.0, problem.combination.value(published))


def _rounded_amount(
    world: CityWorld,
    problem: Problem,
    lines: Sequence[Line],
    solution: Solution,
    wanted: float,
    reserve: float,
    step: float,
) -> Tier:
    """Largest remainder over the cities and the reserve; a total between two steps is taken to the safe side."""
    exact = solution
    if solution.feasible:
        total = ceil(wanted / step - _EDGE) if problem.sign > 0 else floor(wanted / step + _EDGE)
        exact = solve(problem.combination, lines, total * step - reserve)
    if exact.feasible:
        quotas = [*(x / step for x in exact.numbers), reserve / step]
        units = largest_remainder(quotas, total, (*world.codes, _RESERVE_CODE))
        kept = _whole(units[-1], step)
    else:
        units = (*(floor(x / step + _EDGE) for x in solution.numbers), 0)
        kept = reserve
    published = tuple(_whole(n, step) for n in units[:-1])
    return Tier(solution, published, kept, fsum(published))


def _whole(units: int, step: float) -> float:
    """units * step, as the decimal number it is."""
    return round(units * step, 12)


def _answer(
    world: CityWorld,
    problem: Problem,
    choice: RuleChoice,
    taken: Settings,
    weight: Sequence[float],
    basic: Tier,
    incentive: Tier | None,
) -> Breakdown:
    target, run = problem.target, world.run.projection
    scope = problem.scope or range(len(world.places))
    notes = [*problem.notes]
    if not basic.solution.feasible:
        zh = f"上下限内不可达，最多可达{basic.solution.reached:.6g}{target.unit}"
        notes.append(
            Label(
                zh, f"the bounds do not allow it: {basic.solution.reached:.6g} {target.unit} is the nearest"
            )
        )
    elif problem.sign * (problem.to_share - basic.reserve - basic.reached) > _EDGE * max(
        1.0, abs(problem.to_share)
    ):
        zh = f"按公布步长{taken.step:g}取整后达不到"
        notes.append(Label(zh, f"in steps of {taken.step:g} the published numbers do not make it"))
    if not problem.projected:
        notes.append(Label("模型无该指标的城市值", "the model has no city values of this metric"))
    elif problem.kind == "amount" and problem.province_projected is not None:
        missing = problem.province_projected - fsum(problem.projected)
        if abs(missing) > _EDGE * max(1.0, abs(problem.province_projected)):
            zh = f"全省预测中{missing:.4g}{target.unit}未分到城市"
            notes.append(
                Label(zh, f"{missing:.4g} {target.unit} of the province's projection belong to no city")
            )
    return Breakdown(
        target_id=target.id,
        label=target.label.label(),
        metric_id=target.reading.metric_id if target.reading else "",
        kind=problem.kind,
        unit=target.unit,
        year=target.year,
        base_year=problem.base_year,
        sense=target.sense,
        asked=float(target.number or 0.0),
        to_share=problem.to_share,
        reserve=basic.reserve,
        rule=taken.rule,
        factor=basic.solution.factor,
        feasible=basic.solution.feasible,
        reached=basic.solution.reached,
        reached_published=basic.reached,
        reached_incentive=incentive.reached if incentive else None,
        projected=problem.province_projected,
        cities=tuple(_part(world, problem, choice, weight, basic, incentive, i) for i in scope),
        settings=tuple(taken.told),
        notes=tuple(notes),
        digest=run.digest,
        revision=run.revision,
    )


def _part(
    world: CityWorld,
    problem: Problem,
    choice: RuleChoice,
    weight: Sequence[float],
    basic: Tier,
    incentive: Tier | None,
    i: int,
) -> CityPart:
    number = basic.published[i]
    own = {b.place: b for b in choice.bounds}.get(world.places[i])
    at = ""
    if own is not None:
        edges = (("low", own.low), ("high", own.high))
        exact = basic.solution.numbers[i]
        at = next(
            (name for name, b in edges if b is not None and abs(exact - b) <= _EDGE * max(1.0, abs(b))), ""
        )
    projected = problem.projected[i] if problem.projected else None
    return CityPart(
        place=world.region.cities[i],
        weight=weight[i],
        unrounded=basic.solution.numbers[i],
        number=number,
        incentive_number=incentive.published[i] if incentive else None,
        bound=at,
        base=problem.base[i] if problem.base else None,
        projected=projected,
        margin=None if projected is None else problem.sign * (projected - number),
        gdp_ratio=problem.gdp_ratio[i],
    )
