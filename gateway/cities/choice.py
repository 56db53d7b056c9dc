"""How a target is shared out: the settings taken, what is wrong with a choice, and the cities' weights by rule."""

from math import ceil, floor, fsum, inf

from gateway.cities import weights as rules
from gateway.cities.doors import RuleChoice
from gateway.cities.problem import Problem
from gateway.cities.results import SettingTaken
from gateway.cities.world import CityWorld
from services.common.errors import Violation

_EFFORT_RULES = ("equal", "ability_to_pay", "current", "potential")
REQUEST = "request"
# Finer steps than this would be noise of floating point.
_MOST_STEPS = 1e9
_EDGE = 1e-9


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
        self._tell("rounding_unit", f"{self.step:.12g}", choice.rounding_unit is not None, "cities/steps (C)")
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


def wrong_choice(
    world: CityWorld, problem: Problem, choice: RuleChoice, where: str, step: float
) -> list[Violation]:
    """What is wrong with a choice, besides its rule's figures. `step`: the unit of what is published."""
    found = _wrong_bounds(problem, choice, where, step)
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
    unit, size = choice.rounding_unit, abs(problem.to_share)
    if unit is not None and size and not 1 <= size / unit <= _MOST_STEPS:
        allowed = f"{size / _MOST_STEPS:g} to {size:g}"
        found.append(
            Violation(f"{where}.rounding_unit", "too coarse or too fine for the number", f"{unit:g}", allowed)
        )
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


def _wrong_bounds(problem: Problem, choice: RuleChoice, where: str, step: float) -> list[Violation]:
    found = []
    for i, b in enumerate(choice.bounds):
        low = problem.low if b.low is None else b.low
        high = problem.high if b.high is None else b.high
        at, given = f"{where}.bounds[{i}]", f"{low:g} to {high:g}"
        if low > high:
            found.append(Violation(at, "low is above high", given))
        elif low < problem.low or high > problem.high:
            found.append(
                Violation(at, "wider than the numbers can be", given, f"{problem.low:g} to {problem.high:g}")
            )
        elif high < inf and ceil(low / step - _EDGE) > floor(high / step + _EDGE):
            text = "no step lies between: widen the bounds, or give a smaller rounding_unit"
            found.append(Violation(at, text, given, f"multiples of {step:g}"))
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
