"""Stage breakdown 分解: a provincial target shared out to its cities by a named rule, and rounded so that it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, fsum, inf

from gateway.cities import weights as rules
from gateway.cities.doors import RuleChoice
from gateway.cities.problem import Problem
from gateway.cities.results import Breakdown, CityPart, SettingTaken
from gateway.cities.rounding import largest_remainder, round_rates
from gateway.cities.sharing import Line, Solution, solve
from gateway.cities.world import CityWorld
from services.common.errors import Violation
from services.common.words import Label

_EFFORT_RULES = ("equal", "ability_to_pay", "current", "potential")
_RESERVE_CODE = "~"  # after every administrative code
_EDGE = 1e-9
REQUEST = "request"


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
    found = _wrong_choice(world, problem, choice, where)
    taken = Settings(world, problem, choice)
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


class Settings:
    """The settings a breakdown takes: the request's, else those of the data, all told."""

    def __init__(self, world: CityWorld, problem: Problem, choice: RuleChoice) -> None:
        self.told: list[SettingTaken] = []
        amount = problem.kind == "amount"
        self.rule: str = choice.rule or ("gdp" if amount else "equal")
        if problem.kind == "each" or (choice.efforts and not amount):
            self.rule = "as_printed" if problem.kind == "each" else "own_efforts"
        self._tell("rule", self.rule, bool(choice.rule or choice.efforts), "default")
        self.power = self._number(world, "ability_power", choice.ability_power)
        self.reserve_share = self._number(world, "reserve_share", choice.reserve_share) if amount else 0.0
        self.equal_year = choice.equal_year or problem.target.year
        if self.rule == "equal_per_head":
            self._tell("equal_year", str(self.equal_year), bool(choice.equal_year), "the target's year")
        self.step = choice.rounding_unit or _step(world, problem)
        self._tell("rounding_unit", f"{self.step:g}", choice.rounding_unit is not None, "cities/steps (C)")
        potential = choice.potential_baseline or world.text("potential_baseline")
        self._tell(
            "potential_baseline",
            potential,
            bool(choice.potential_baseline),
            world.source("potential_baseline"),
        )
        if choice.incentive_share is not None:
            self._tell("incentive_share", f"{choice.incentive_share:g}", True, "")
        if choice.over_base:
            self._tell("over_base", "true", True, "")

    def _number(self, world: CityWorld, name: str, given: float | None) -> float:
        value = world.number(name) if given is None else given
        self._tell(name, f"{value:g}", given is not None, world.source(name))
        return value

    def _tell(self, name: str, given: str, asked: bool, source: str) -> None:
        self.told.append(SettingTaken(name, given, REQUEST if asked else source))


def _step(world: CityWorld, problem: Problem) -> float:
    if problem.kind in ("fall", "share"):
        return world.number("rate_step")
    rows = world.region.table("cities/steps").by("unit")
    row = rows.get(problem.target.unit)
    return float(row["step"]) if row else world.number("amount_step")


def _wrong_choice(world: CityWorld, problem: Problem, choice: RuleChoice, where: str) -> list[Violation]:
    found = []
    places = [b.place for b in choice.bounds]
    for name, listed in (("bounds", places), ("efforts", [e.place for e in choice.efforts])):
        for i, place in enumerate(listed):
            if place not in world.places:
                found.append(
                    Violation(f"{where}.{name}[{i}].place", "no such city", place, ", ".join(world.places))
                )
            elif place in listed[:i]:
                found.append(Violation(f"{where}.{name}[{i}].place", "stands twice", place))
    if choice.efforts and {e.place for e in choice.efforts} < set(world.places):
        missing = [c for c in world.places if c not in {e.place for e in choice.efforts}]
        found.append(Violation(f"{where}.efforts", f"every city once; missing: {', '.join(missing)}"))
    for i, b in enumerate(choice.bounds):
        low = problem.low if b.low is None else b.low
        high = problem.high if b.high is None else b.high
        if low > high:
            found.append(Violation(f"{where}.bounds[{i}]", "low is above high", f"{low:g} to {high:g}"))
    if choice.rule == "composite" and bool(choice.weights) == choice.entropy:
        found.append(
            Violation(f"{where}.weights", "a composite needs the office's weights, or entropy, not both")
        )
    if choice.rule == "composite" and choice.entropy and len(choice.entropy_rules) < 2:
        found.append(
            Violation(f"{where}.entropy_rules", "two rules or more", str(len(choice.entropy_rules)), "2 to 8")
        )
    if choice.weights and sum(w.weight for w in choice.weights) <= 0:
        found.append(Violation(f"{where}.weights", "one weight must be above 0"))
    if choice.over_base and problem.kind == "amount" and not problem.base:
        found.append(Violation(f"{where}.over_base", "cities have no base of this metric"))
    return found


def city_weights(
    world: CityWorld,
    problem: Problem,
    choice: RuleChoice,
    taken: Settings,
    where: str,
    found: list[Violation],
) -> tuple[float, ...]:
    """Weights [place] by the chosen rule: shares of an amount (sum 1), efforts in a share or fall (mean 1)."""
    if problem.kind == "each":
        return tuple(1.0 for _ in world.places)
    if choice.efforts and problem.kind != "amount":
        own = {e.place: e.number for e in choice.efforts}
        return tuple(own[c] for c in world.places)
    base = _city_base(world, problem)
    amount = problem.kind == "amount"
    converged = _converged(problem, taken)

    def of(rule: str, at: str) -> tuple[float, ...]:
        if not amount and rule not in _EFFORT_RULES:
            text = f"not a rule of a {problem.kind}"
            found.append(Violation(at, text, rule, ", ".join((*_EFFORT_RULES, "composite"))))
            return ()
        made = (
            rules.amount_weights(rule, base, taken.power, converged)
            if amount
            else rules.effort_weights(rule, base, taken.power)
        )
        if not made:
            text = f"cities have no figures for the rule {rule}, or they sum to 0"
            found.append(Violation(at, text, rule, "another rule, gdp for example" if amount else "equal"))
        return made

    if taken.rule != "composite":
        return of(taken.rule, f"{where}.rule")
    names = choice.entropy_rules if choice.entropy else tuple(w.rule for w in choice.weights)
    listed = "entropy_rules" if choice.entropy else "weights"
    columns = [of(rule, f"{where}.{listed}[{i}]") for i, rule in enumerate(names)]
    if not all(columns):
        return ()
    weight = rules.entropy_weights(columns) if choice.entropy else tuple(w.weight for w in choice.weights)
    whole = fsum(weight)
    for rule, w in zip(names, weight, strict=True):
        source = "entropy of the cities' shares" if choice.entropy else REQUEST
        taken.told.append(SettingTaken(f"weight:{rule}", f"{w / whole:.6f}", source))
    return rules.composite(columns, weight)


def _converged(problem: Problem, taken: Settings) -> float:
    span = taken.equal_year - problem.base_year
    return 1.0 if span <= 0 else min(1.0, (problem.target.year - problem.base_year) / span)


def _city_base(world: CityWorld, problem: Problem) -> rules.CityBase:
    potential: tuple[float, ...] = ()
    if problem.potential and problem.projected:
        if problem.kind == "fall":
            potential = tuple(max(0.0, p) for p in problem.potential)
        else:
            pairs = zip(problem.potential, problem.projected, strict=True)
            potential = tuple(max(0.0, problem.sign * (p - v)) for p, v in pairs)
    current = problem.base or _current_flow(world, problem)
    return rules.CityBase(
        gdp_cny=world.gdp(problem.base_year),
        population_count=world.population(problem.base_year),
        later_population_count=world.population(problem.target.year),
        current=tuple(max(0.0, c) for c in current),
        history=world.history(),
        potential=potential,
    )


def _current_flow(world: CityWorld, problem: Problem) -> tuple[float, ...]:
    """What cities do in the base year of a flow or an intensity: its metric then."""
    reading = problem.target.reading
    return world.city_values(reading.metric_id, problem.base_year) if reading else ()


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
    units = round_rates(
        solution.numbers, step, world.codes, problem.combination, wanted, problem.sign, *bounds
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
