"""The stages behind BreakDown, BalancePlans and MakeTaskTable: run what is needed, then share out."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.cities.balance import balance_target
from gateway.cities.breakdown import share_out
from gateway.cities.doors import BalancePlansDoor, BreakDownDoor, MakeTaskTableDoor, RuleChoice
from gateway.cities.problem import CannotShareError, Problem, problem_of, years_needed
from gateway.cities.results import Breakdown, LeftOut, PlanBalance, SettingTaken, TaskTable
from gateway.cities.tasks import Tasks, task_rows
from gateway.cities.world import CityWorld, city_world
from gateway.runs import Runs
from gateway.targets.data import Target, read_targets
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid, near_names
from services.common.regions import load_region, region_ids
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Progress

_PROJECTING = Label("计算情景", "projecting")
_SHARING = Label("分解", "sharing out")
SETTINGS = "cities/settings"


@dataclass(frozen=True)
class Asked:
    """A target with the choice it is shared out by, and the field that choice stands in."""

    target: Target
    choice: RuleChoice
    where: str

    @property
    def base_year(self) -> int:
        """Year of the base."""
        return self.choice.base_year or BASE_YEAR


async def break_down(
    runs: Runs, frame: Frame, scenario: Scenario, door: BreakDownDoor
) -> AsyncIterator[Progress | Breakdown]:
    """One target broken down. DomainError(INVALID_INPUT) lists what is wrong with target, number and rule."""
    target = _targets(frame, [(door.target_id, "target_id")])[0]
    asked = Asked(target, door.rule, "rule")
    _check_years(frame, [asked])
    yield Progress(0, 2, _PROJECTING)
    world = await _world(runs, frame, scenario, [asked], every=False)
    yield Progress(1, 2, _SHARING)
    problem = _problem(world, asked, door.number, "target_id")
    found, wrong = await asyncio.to_thread(share_out, world, problem, door.rule, "rule")
    if found is None or wrong:
        raise invalid(wrong)
    yield found


async def balance_plans(
    runs: Runs, frame: Frame, scenario: Scenario, door: BalancePlansDoor
) -> AsyncIterator[Progress | PlanBalance]:
    """Plans against the province, target by target. DomainError(INVALID_INPUT) lists what is wrong."""
    _check_plans(door)
    first = {p.target_id: f"plans[{i}].target_id" for i, p in reversed(list(enumerate(door.plans)))}
    targets = _targets(frame, sorted(first.items()))
    asked = [Asked(t, door.rule, "rule") for t in targets]
    _check_years(frame, asked)
    yield Progress(0, 1 + len(asked), _PROJECTING)
    world = await _world(runs, frame, scenario, asked, every=False)
    balances, wrong = [], []
    for i, one in enumerate(asked):
        yield Progress(1 + i, 1 + len(asked), one.target.label.label())
        problem = _problem(world, one, None, first[one.target.id])
        found, more = await asyncio.to_thread(share_out, world, problem, one.choice, one.where)
        wrong += more
        if found is not None:
            balances.append(balance_target(world, problem, found, door))
    if wrong:
        raise invalid(list(dict.fromkeys(wrong)))
    settings = (
        SettingTaken("closing", door.closing or "proportional", "request" if door.closing else "default"),
    )
    yield PlanBalance(tuple(balances), settings, world.run.projection.revision)


async def make_tasks(
    runs: Runs, frame: Frame, scenario: Scenario, door: MakeTaskTableDoor
) -> AsyncIterator[Progress | TaskTable]:
    """Yearly tasks of chosen targets, or of all that can be shared out. DomainError(INVALID_INPUT) for the rest."""
    _check_twice(door)
    own = {r.target_id: (r.rule, f"target_rules[{i}].rule") for i, r in enumerate(door.target_rules)}
    listed = [(t, f"target_ids[{i}]") for i, t in enumerate(door.target_ids)]
    _targets(frame, [(r.target_id, f"target_rules[{i}].target_id") for i, r in enumerate(door.target_rules)])
    known = read_targets(frame.region).targets
    targets = _targets(frame, listed) if listed else [t for t in known if t.year <= frame.last_year]
    asked = [Asked(t, *own.get(t.id, (door.rule, "rule"))) for t in targets]
    late = [a for a in asked if a.target.year > max(a.base_year, door.done_year)]
    _check_years(frame, late)
    _check_done(door, late)
    yield Progress(0, 1 + len(late), _PROJECTING)
    world = await _world(runs, frame, scenario, late, every=True)
    made = Tasks(world, door)
    left = (
        []
        if listed
        else [LeftOut(t.id, Label("目标年在期外", "its year is outside")) for t in known if t not in targets]
    )
    wrong: list[Violation] = []
    for i, one in enumerate(asked):
        yield Progress(1 + i, 1 + len(asked), one.target.label.label())
        try:
            # The runs hold no year of a target that is past.
            if one not in late:
                raise CannotShareError("目标年已过", "its year is not after the years done")
            problem = problem_of(world, one.target, None, one.base_year)
        except CannotShareError as error:
            left.append(LeftOut(one.target.id, error.reason))
            continue
        found, more = await asyncio.to_thread(share_out, world, problem, one.choice, one.where)
        if found is None and not listed and one.where == "rule":
            left.append(LeftOut(one.target.id, Label("所选规则不适用", more[0].description)))
        elif found is None:
            wrong += more
        else:
            await asyncio.to_thread(task_rows, made, problem, found)
    if wrong:
        raise invalid(list(dict.fromkeys(wrong)))
    yield made.table(left)


def id_faults(plain: Mapping[str, Any]) -> list[Violation]:
    """Unknown targets and cities in a request of plain values, wherever they stand; none when the region is unknown."""
    region_id = (plain.get("frame") or {}).get("region")
    if region_id not in region_ids():
        return []
    known = {t.id for t in read_targets(region_id).targets}
    cities = load_region(region_id).city_ids
    targets = [("target_id", plain.get("target_id")), *_ids("target_ids", plain.get("target_ids"))]
    places: list[tuple[str, Any]] = []
    for listed in ("plans", "target_rules", "done"):
        for i, item in enumerate(plain.get(listed) or ()):
            targets.append((f"{listed}[{i}].target_id", item.get("target_id")))
            places.append((f"{listed}[{i}].place", item.get("place")))
    found = [
        Violation(where, f"no such target of {region_id}{near_names(i, known)}", i)
        for where, i in targets
        if i and i not in known
    ]
    found += [
        Violation(where, f"no such city of {region_id}{near_names(i, cities)}", i, ", ".join(cities))
        for where, i in places
        if i and i not in cities
    ]
    return found


def _ids(where: str, listed: Sequence[str] | None) -> list[tuple[str, Any]]:
    return [(f"{where}[{i}]", t) for i, t in enumerate(listed or ())]


def _targets(frame: Frame, listed: Iterable[tuple[str, str]]) -> list[Target]:
    """The targets of ids that stand in fields."""
    known = {t.id: t for t in read_targets(frame.region).targets}
    items = list(listed)
    wrong = [
        Violation(where, f"no such target of {frame.region}{near_names(i, known)}", i)
        for i, where in items
        if i not in known
    ]
    if wrong:
        raise invalid(wrong)
    return [known[i] for i, _ in items]


def _check_years(frame: Frame, asked: Sequence[Asked]) -> None:
    wrong = []
    for one in asked:
        if one.choice.base_year and not BASE_YEAR <= one.choice.base_year < one.target.year:
            allowed = f"{BASE_YEAR} to {one.target.year - 1}"
            wrong.append(
                Violation(
                    f"{one.where}.base_year", f"not before {one.target.id}", str(one.base_year), allowed
                )
            )
        if one.target.year > frame.last_year:
            text = f"before {one.target.id} is due"
            wrong.append(Violation("frame.last_year", text, str(frame.last_year), f">= {one.target.year}"))
    if wrong:
        raise invalid(list(dict.fromkeys(wrong)))


def _check_plans(door: BalancePlansDoor) -> None:
    wrong, seen = [], set()
    for i, p in enumerate(door.plans):
        if (p.place, p.target_id) in seen:
            text = "a second plan of the city for the target"
            wrong.append(Violation(f"plans[{i}]", text, f"{p.place} {p.target_id}"))
        seen.add((p.place, p.target_id))
    if wrong:
        raise invalid(wrong)


def _check_twice(door: MakeTaskTableDoor) -> None:
    listed = [(f"target_ids[{i}]", t) for i, t in enumerate(door.target_ids)]
    ruled = [(f"target_rules[{i}].target_id", r.target_id) for i, r in enumerate(door.target_rules)]
    done = [(f"done[{i}]", f"{d.target_id} {d.place}") for i, d in enumerate(door.done)]
    wrong = []
    for group in (listed, ruled, done):
        seen: set[str] = set()
        for where, name in group:
            if name in seen:
                wrong.append(Violation(where, "stands twice: leave one out", name))
            seen.add(name)
    if wrong:
        raise invalid(wrong)


def _check_done(door: MakeTaskTableDoor, asked: Sequence[Asked]) -> None:
    ids = {a.target.id for a in asked}
    wrong = [
        Violation(f"done[{i}].target_id", "not a target asked for, or due by then", d.target_id)
        for i, d in enumerate(door.done)
        if d.target_id not in ids
    ]
    for one in asked if door.done_year else ():
        if door.done_year < one.base_year:
            wrong.append(
                Violation("done_year", "before the base year", str(door.done_year), f">= {one.base_year}")
            )
    if door.done and not door.done_year:
        wrong.append(Violation("done_year", "must be given with what is done", "0"))
    if wrong:
        raise invalid(list(dict.fromkeys(wrong)))


async def _world(
    runs: Runs, frame: Frame, scenario: Scenario, asked: Sequence[Asked], *, every: bool
) -> CityWorld:
    """The runs of the scenario and of the baseline that potentials are read from, at the years needed."""
    years: set[int] = {BASE_YEAR}
    for one in asked:
        years |= {y for y in years_needed(one.target, one.base_year, every=every) if y <= frame.last_year}
    region = load_region(frame.region, frame.as_of_year)
    usual = str(region.leaf(SETTINGS, "potential_baseline").value)
    chosen = {one.choice.potential_baseline or usual: f"{one.where}.potential_baseline" for one in asked}
    if len(chosen) > 1:
        text = "one potential baseline for all targets of a call"
        raise invalid([Violation(where, text, name) for name, where in sorted(chosen.items())])
    baseline = next(iter(chosen), usual)
    other = Scenario.model_validate({"name": "potential", "baseline": baseline})
    run, potential = await runs.all(frame, (scenario, other), years)
    return city_world(frame, scenario, run, potential)


def _problem(world: CityWorld, one: Asked, number: float | None, where: str) -> Problem:
    try:
        return problem_of(world, one.target, number, one.base_year)
    except CannotShareError as error:
        text = f"cannot be shared out: {error.reason.en} {error.reason.zh}"
        raise invalid([Violation(where, text, one.target.id)]) from None
