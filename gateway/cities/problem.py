"""A provincial target as a problem of its cities: amount, share or fall, each linear in the cities' numbers.

amount  sum of the cities
share   weighted mean of the cities (a rise from a base year is weighed by the base)
fall    fall per GDP, or per another denominator (see fall_combination)
each    the document's number holds for every city as it stands
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import fsum
from typing import Any

from gateway.cities.sharing import Combination, fall_combination
from gateway.cities.weights import shares
from gateway.cities.world import GDP, CityWorld
from gateway.targets.data import Form, Target
from gateway.targets.forms import FROM_BASE, NoBaseValueError, compared_quantity
from services.common.words import Label

_AMOUNTS = (Form.LEVEL, Form.COUNT, Form.SIZE_CLASS, Form.CUMULATIVE_FLOW)
_EACH = (Form.FULL_COVERAGE, Form.LEVEL_EACH_CITY, Form.NEAR_ZERO)
_PERCENT = 100.0


class CannotShareError(Exception):
    """The target cannot be broken down; carries the reason in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.reason = Label(zh, en)
        super().__init__(en)


@dataclass(frozen=True)
class Problem:
    """A target as its cities see it; numbers in the target's unit, cities in the order of the place axis.

    base, projected and potential are empty when cities have no such values; base_known is False when not even the
    province's start is known. `to_share` is what the combination of the
    cities' numbers must make. gdp_ratio is the growth of the denominator for a fall, else zeros.
    """

    target: Target
    kind: str
    base_year: int
    to_share: float
    combination: Combination
    low: float
    high: float
    base: tuple[float, ...] = ()
    projected: tuple[float, ...] = ()
    potential: tuple[float, ...] = ()
    province_projected: float | None = None
    start: tuple[float, ...] = ()
    gdp_ratio: tuple[float, ...] = ()
    notes: tuple[Label, ...] = ()
    scope: tuple[int, ...] = field(default=())
    base_known: bool = True

    @property
    def sign(self) -> int:
        """+1 for a floor, -1 for a ceiling."""
        return self.target.sign


def years_needed(target: Target, base_year: int, *, every: bool) -> set[int]:
    """Years of a run that a target's problem reads."""
    if every or target.form is Form.CUMULATIVE_FLOW:
        return set(range(base_year, target.year + 1))
    start = target.start_year or base_year
    return {base_year, target.year} | ({start} if start >= base_year else set())


def kind_of(world: CityWorld, target: Target) -> str:
    """amount, share, fall or each; CannotShareError with the reason for any other."""
    if target.place != world.region.region_id or target.value_place:
        raise CannotShareError("不是全省目标", "not a target of the whole province")
    if target.number is None:
        raise CannotShareError(
            f"数值待{target.deferred_to}下达", f"its number is left to {target.deferred_to}"
        )
    if target.form in _EACH:
        return "each"
    if target.form is Form.FALL_FROM_BASE and target.reading and _intensity_rows(world, target):
        return "fall"
    if target.form in (Form.FALL_FROM_BASE, Form.RISE_FROM_BASE) and target.reading and not target.compared:
        return "share"
    if target.form is Form.LEVEL and (target.unit.startswith("%") or _weight_metric(world, target) != GDP):
        return "share"
    if target.form in _AMOUNTS:
        return "amount"
    raise CannotShareError(
        "此类目标不能分解到城市", f"a target of the form {target.form.value} is not shared out"
    )


def problem_of(world: CityWorld, target: Target, number: float | None, base_year: int) -> Problem:
    """The problem of one target; CannotShareError when it cannot be shared out."""
    kind = kind_of(world, target)
    asked = target.number if number is None else number
    assert asked is not None
    if target.year > world.frame.last_year or target.year <= base_year:
        text = f"its year {target.year} is not in {base_year + 1} to {world.frame.last_year}"
        raise CannotShareError(f"目标年{target.year}不在期内", text)
    made = {"amount": _amount, "share": _share, "fall": _fall, "each": _each}[kind]
    return made(world, target, asked, base_year)


def _amount(world: CityWorld, target: Target, asked: float, base_year: int) -> Problem:
    ones = Combination(tuple(1.0 for _ in world.places))
    flow = target.form is Form.CUMULATIVE_FLOW
    base = () if flow else _levels(world, target, base_year)
    found = Problem(target, "amount", base_year, asked, ones, 0.0, float("inf"), base=base)
    return replace(_with_model(world, found), base_known=flow or bool(base))


def _share(world: CityWorld, target: Target, asked: float, base_year: int) -> Problem:
    if target.form is Form.LEVEL:
        metric = _weight_metric(world, target)
        weights = world.city_values(metric, target.year)
        label = Label(f"以{metric}加权平均", f"weighed by {metric} in {target.year}")
        if not shares(weights):
            weights = world.gdp(target.year)
            label = Label("城市无该权重数据，以GDP加权", f"cities have no {metric}: weighed by GDP")
        base = _levels(world, target, base_year)
        low, high = (0.0, _PERCENT) if target.unit.startswith("%") else (0.0, float("inf"))
    else:
        assert target.reading is not None
        weights = world.city_values(target.reading.metric_id, target.start_year or base_year)
        label = Label(f"以{target.start_year}年水平加权", f"weighed by the level of {target.start_year}")
        base, low, high = (
            (),
            -_PERCENT,
            world.number("best_fall") if target.form is Form.FALL_FROM_BASE else 1e6,
        )
    if not shares(weights):
        raise CannotShareError("城市无权重数据", "cities have no figures that weigh it")
    combination = Combination(shares(weights))
    found = Problem(target, "share", base_year, asked, combination, low, high, base=base, notes=(label,))
    found = _with_model(world, found)
    level = target.form is Form.LEVEL
    known = not level or bool(base) or base_year in _terms(world, target, "")
    return replace(found, start=_starts(world, found), base_known=known)


def _starts(world: CityWorld, problem: Problem) -> tuple[float, ...]:
    """Where a share's numbers start: the city's level in the base year, else the province's, else 0."""
    if problem.target.form is not Form.LEVEL:
        return tuple(0.0 for _ in world.places)
    if problem.base:
        return problem.base
    province = _terms(world, problem.target, "").get(problem.base_year, 0.0)
    return tuple(province for _ in world.places)


def _fall(world: CityWorld, target: Target, asked: float, base_year: int) -> Problem:
    rows = _intensity_rows(world, target)
    denominator = str(rows[0]["denominator"])
    before, after = (world.city_values(denominator, y) for y in (base_year, target.year))
    amounts = {y: _amounts(world, target, rows, y) for y in (base_year, target.year)}
    if not (before and after and shares(amounts[base_year])):
        raise CannotShareError("城市无强度数据", "cities have no figures of the intensity")
    if min(before) <= 0:
        raise CannotShareError("城市强度基数为零", "a city's intensity has no base")
    whole = fall_combination(amounts[base_year], before, after)
    combination = Combination(whole.coefficients, _PERCENT * whole.constant)
    done = _fall_done(world, target, base_year)
    remaining = _PERCENT * remaining_fall(asked / _PERCENT, done)
    notes = []
    if done:
        zh = f"较{target.start_year}年降{asked:g}%，{base_year}年已降{_PERCENT * done:.2f}%，余{remaining:.2f}%"
        had = f"{_PERCENT * done:.2f} % done by {base_year}"
        en = f"{asked:g} % since {target.start_year}, {had}: {remaining:.2f} % remain"
        notes.append(Label(zh, en))
    notes.append(
        Label("城市分子按本省总量分摊", "cities' numerators are their parts of the province's total")
    )
    best = world.number("best_fall")
    found = Problem(target, "fall", base_year, remaining, combination, -_PERCENT, best, notes=tuple(notes))
    falls: dict[bool, tuple[float, ...]] = {False: (), True: ()}
    e0 = [a / g for a, g in zip(amounts[base_year], before, strict=True)]
    for potential in falls:
        later = _amounts(world, target, rows, target.year, potential=potential)
        if later:
            e1 = [a / g for a, g in zip(later, after, strict=True)]
            falls[potential] = tuple(
                _PERCENT * (1 - b / a) if a else 0.0 for a, b in zip(e0, e1, strict=True)
            )
    end = _terms(world, target, "").get(target.year)
    province = None if end is None else _PERCENT * remaining_fall(end / _PERCENT, done)
    return replace(
        found,
        projected=falls[False],
        potential=falls[True] if world.potential else (),
        province_projected=province,
        start=tuple(0.0 for _ in world.places),
        gdp_ratio=tuple(b / a for a, b in zip(before, after, strict=True)),
    )


def _each(world: CityWorld, target: Target, asked: float, base_year: int) -> Problem:
    scope = tuple(i for i, c in enumerate(world.places) if not target.cities or c in target.cities)
    ones = Combination(tuple(1.0 / len(scope) if i in scope else 0.0 for i in range(len(world.places))))
    note = Label(
        "逐市适用，不作分解",
        "holds for every city listed as it stands; the mean is of the cities, unweighted",
    )
    base = _levels(world, target, base_year)
    found = Problem(
        target, "each", base_year, asked, ones, asked, asked, base=base, notes=(note,), scope=scope
    )
    return replace(_with_model(world, found), base_known=bool(base))


def remaining_fall(whole: float, done: float) -> float:
    """Fall still to come, of what is left: 1 - (1 - F) / (1 - F_done), shares of 1."""
    return 1 - (1 - whole) / (1 - done)


def _fall_done(world: CityWorld, target: Target, base_year: int) -> float:
    """Fall of the province by the base year, share of 1."""
    return _terms(world, target, "").get(base_year, 0.0) / _PERCENT


def _with_model(world: CityWorld, problem: Problem) -> Problem:
    """The problem with what the model projects for the province and its cities."""
    target = problem.target
    found: dict[bool, tuple[float, ...]] = {}
    for potential in (False, True):
        rows = [_terms(world, target, c, potential=potential).get(target.year) for c in world.places]
        found[potential] = tuple(v for v in rows if v is not None) if None not in rows else ()
    return replace(
        problem,
        projected=found[False],
        potential=found[True] if world.potential else (),
        province_projected=_terms(world, target, "").get(target.year),
        start=tuple(0.0 for _ in world.places),
        gdp_ratio=tuple(0.0 for _ in world.places),
    )


def terms(world: CityWorld, target: Target, place: str) -> Mapping[int, float]:
    """The compared quantity of the region ("") or a city in the target's unit by year; empty when there is none."""
    return _terms(world, target, place)


def _terms(world: CityWorld, target: Target, place: str, *, potential: bool = False) -> Mapping[int, float]:
    if target.reading is None:
        return {}
    scale = target.reading.scale
    values = world.values(target.reading.metric_id, place, potential=potential)
    values = {y: v * scale for y, v in values.items()}
    form = Form.LEVEL if target.compared else target.form
    start = target.start_year if form in FROM_BASE else None
    try:
        return compared_quantity(form, start, values, values.get(start) if start else None)
    except NoBaseValueError:
        return {}


def _levels(world: CityWorld, target: Target, year: int) -> tuple[float, ...]:
    """The metric of every city in a year, in the target's unit; empty when there is none."""
    if target.reading is None:
        return ()
    return tuple(v * target.reading.scale for v in world.city_values(target.reading.metric_id, year))


def _amounts(
    world: CityWorld,
    target: Target,
    rows: list[Mapping[str, Any]],
    year: int,
    *,
    potential: bool = False,
) -> tuple[float, ...]:
    """Numerator of the cities' intensity: their parts of the province's totals, or metric times denominator."""
    assert target.reading is not None
    if not rows[0]["total"]:
        metric = world.city_values(target.reading.metric_id, year, potential=potential)
        below = world.city_values(rows[0]["denominator"], year, potential=potential)
        return tuple(a * b for a, b in zip(metric, below, strict=True)) if metric and below else ()
    parts = []
    for row in rows:
        key = shares(world.city_values(row["key"], year, potential=potential))
        total = world.values(row["total"], potential=potential).get(year)
        less = world.values(row["less"], potential=potential).get(year) if row["less"] else 0.0
        if not key or total is None or less is None:
            return ()
        parts.append([(total - less) * k for k in key])
    return tuple(fsum(p) for p in zip(*parts, strict=True))


def _intensity_rows(world: CityWorld, target: Target) -> list[Mapping[str, Any]]:
    assert target.reading is not None
    rows = world.region.table("cities/intensity").rows()
    return [r for r in rows if r["metric"] == target.reading.metric_id]


def _weight_metric(world: CityWorld, target: Target) -> str:
    if target.reading is None:
        return GDP
    rows = world.region.table("cities/averages").by("metric")
    row = rows.get(target.reading.metric_id)
    return str(row["weight"]) if row else GDP


def projected_in(world: CityWorld, problem: Problem, year: int) -> tuple[float, ...]:
    """What the model projects for every city in a year, in the terms of the problem's numbers; empty when it cannot."""
    if problem.kind != "fall":
        rows = [_terms(world, problem.target, c).get(year) for c in world.places]
        return tuple(v for v in rows if v is not None) if None not in rows else ()
    rows_ = _intensity_rows(world, problem.target)
    denominator = str(rows_[0]["denominator"])
    made = []
    for y in (problem.base_year, year):
        above, below = _amounts(world, problem.target, rows_, y), world.city_values(denominator, y)
        if not above or not below or min(below) <= 0:
            return ()
        made.append([a / b for a, b in zip(above, below, strict=True)])
    return tuple(_PERCENT * (1 - b / a) if a else 0.0 for a, b in zip(*made, strict=True))
