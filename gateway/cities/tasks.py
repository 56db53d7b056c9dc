"""Stage tasks 分年度目标任务: a breakdown spread over the years, by city and department, with sums that hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, isnan, nan

from gateway.cities import profiles
from gateway.cities.doors import MakeTaskTableDoor
from gateway.cities.offices import Offices
from gateway.cities.problem import Problem, projected_in, remaining_fall, terms
from gateway.cities.results import Breakdown, LeftOut, SettingTaken, TaskRow, TaskTable
from gateway.cities.task_rounding import decimal, nearest, rounded_tasks
from gateway.cities.world import CityWorld
from gateway.targets.data import Form, Target, read_targets
from gateway.targets.forms import FROM_BASE
from services.common.words import Label, Provenance

_PERCENT = 100.0
_EDGE = 1e-9
_SHOWN_DIGITS = 6
_NONE = Label("", "")
_REACHED = Label("已达到，保持", "reached already: hold it")
_BEYOND = Label("基期已超过分解数", "beyond its number already")
_NO_BASE = Label("无基期数据，仅列目标年", "no base is known: the target's year alone")
_BY_MODEL = Label("已完成量按模型计", "what is done is the model's")


@dataclass(frozen=True)
class _Path:
    """A place's tasks before rounding: its years' values, the profile taken, what remains and remarks."""

    values: tuple[float, ...]
    profile: str
    remaining: float
    comment: Label


class Tasks:
    """Collects rows; knows the world, the request, the offices."""

    def __init__(self, world: CityWorld, door: MakeTaskTableDoor) -> None:
        self.world, self.door = world, door
        self.power = world.number("profile_power")
        self.rows: list[tuple[tuple[int, ...], TaskRow]] = []
        self.settings: dict[tuple[str, str], SettingTaken] = {}
        self._offices = Offices(world)
        self.take(
            SettingTaken("profile", door.profile or "default", "request" if door.profile else "default")
        )
        self.take(SettingTaken("profile_power", f"{self.power:g}", world.source("profile_power")))

    def take(self, *told: SettingTaken) -> None:
        """Remember settings once."""
        self.settings |= {(s.setting, s.given): s for s in told}

    def office(self, target: Target) -> tuple[Label, Provenance]:
        """The office that owns a target's indicator, and where that is from."""
        return self._offices.of(target)

    def table(self, left_out: Sequence[LeftOut]) -> TaskTable:
        """All rows over the union of their years."""
        years = tuple(sorted({y for own, _ in self.rows for y in own}))
        return TaskTable(
            region=self.world.region.region_id,
            years=years,
            rows=tuple(_over(years, own, row) for own, row in self.rows),
            left_out=tuple(left_out),
            settings=tuple(self.settings.values()),
            revision=self.world.run.projection.revision,
        )


def task_rows(made: Tasks, problem: Problem, breakdown: Breakdown) -> None:
    """Add the province's row and the cities' rows of one target."""
    world, door, target = made.world, made.door, problem.target
    done_year = max(door.done_year, problem.base_year)
    years = tuple(range(done_year + 1, target.year + 1))
    scope = problem.scope or tuple(range(len(world.places)))
    published = {world.places.index(c.place.place_id): c.number for c in breakdown.cities}
    done, by_model = _done(made, problem, done_year)
    step = _step(breakdown)
    flow = target.form is Form.CUMULATIVE_FLOW
    paths = [_path(made, problem, done[i], published[i], done_year, i, by_model[i]) for i in scope]
    table = rounded_tasks(
        problem,
        [p.values for p in paths],
        [published[i] for i in scope],
        [done[i] for i in scope],
        [world.codes[i] for i in scope],
        step,
    )
    additive = problem.kind == "amount"
    province = tuple(decimal(fsum(column)) for column in zip(*table, strict=True))
    whole = _province(made, problem, breakdown, done_year)
    if additive:
        whole = _Path(province, whole.profile, whole.remaining, whole.comment)
    rows: list[tuple[str, Label, _Path, float | None, float, int | None]] = [
        (
            world.region.region_id,
            world.region.place.label,
            whole,
            _total_base(problem),
            breakdown.to_share,
            None,
        )
    ]
    rows += [
        (
            world.places[i],
            world.region.cities[i].label,
            _Path(values, p.profile, p.remaining, p.comment),
            _base(problem, i),
            published[i],
            i,
        )
        for i, p, values in zip(scope, paths, table, strict=True)
    ]
    margins = {c.place.place_id: c.margin for c in breakdown.cities}
    office, provenance = made.office(target)
    made.take(*breakdown.settings)
    for place, label, path, base, number, i in rows:
        whole_row = i is None
        margin = _province_margin(problem, breakdown) if whole_row else margins[place]
        row = TaskRow(
            place=place,
            place_label=label,
            department=office,
            target_id=target.id,
            indicator=target.label.label(),
            unit=target.unit,
            base=base,
            base_year=problem.base_year,
            task_values=tuple(0.0 if isnan(v) else v for v in path.values),
            has_task=tuple(not isnan(v) for v in path.values),
            basis="yearly" if flow else "fall" if problem.kind == "fall" else "level",
            profile=path.profile,
            source=_source(world, target),
            status="proposed"
            if margin is None
            else "ahead"
            if margin >= -_EDGE * max(1.0, abs(number))
            else "short",
            comment=path.comment,
            sum_of_cities=whole_row and additive,
            number=number,
            step=step,
            department_provenance=provenance,
            remaining=path.remaining,
            reserve=breakdown.reserve if whole_row else 0.0,
        )
        made.rows.append((years, row))


def _done(made: Tasks, problem: Problem, done_year: int) -> tuple[list[float | None], list[bool]]:
    """What each city has done by the done year (None: not known), and whether that is the model's value."""
    world = made.world
    given = {d.place: d.number for d in made.door.done if d.target_id == problem.target.id}
    later = done_year > problem.base_year
    levels = problem.target.form not in FROM_BASE
    model: Sequence[float | None] = projected_in(world, problem, done_year) if later else ()
    if not model and not later:
        model = problem.base if levels and problem.base else problem.start if problem.base_known else ()
    done = [given.get(c, model[i] if model else None) for i, c in enumerate(world.places)]
    return done, [later and c not in given for c in world.places]


def _path(
    made: Tasks, problem: Problem, done: float | None, number: float, done_year: int, i: int, by_model: bool
) -> _Path:
    own = () if made.door.profile != "own" else _own_path(made.world, problem, done_year, i)
    found = _spread(made, problem, done, number, problem.target.year - done_year, own)
    if not by_model or done is None:
        return found
    return _Path(found.values, found.profile, found.remaining, _joined(found.comment, _BY_MODEL))


def _own_path(world: CityWorld, problem: Problem, done_year: int, i: int) -> tuple[float, ...]:
    path = []
    for year in range(done_year, problem.target.year + 1):
        found = projected_in(world, problem, year)
        if found:
            path.append(found[i])
        elif year == problem.base_year:
            path.append(0.0)
        else:
            return ()
    return tuple(path)


def _spread(
    made: Tasks, problem: Problem, done: float | None, number: float, years: int, own: Sequence[float]
) -> _Path:
    """Tasks of one place: falls since the base, levels, or yearly amounts of a flow."""
    flow, fall = problem.target.form is Form.CUMULATIVE_FLOW, problem.kind == "fall"
    profile = made.door.profile or ("equal_rate" if fall else "linear")
    if done is None:
        return _Path((nan,) * (years - 1) + (number,), "last_year", number, _NO_BASE)
    lacking = problem.sign * (number - done) if not fall else number - done
    level = problem.kind == "amount" and not flow
    if not level and lacking <= 0:
        return _Path((0.0 if flow else number,) * years, "hold", 0.0, _REACHED)
    comment, parts = (_BEYOND if level and lacking < 0 else _NONE), profiles.parts(profile, years, made.power)
    if profile == "own":
        parts = profiles.own_parts(own)
        if not parts:
            parts, profile, comment = profiles.parts("linear", years, made.power), "linear", profiles.NO_SHAPE
    if profile == "equal_rate" and not fall:
        rated = () if flow else profiles.equal_rate_level(done, number, years)
        if rated:
            parts = rated
        else:
            profile, comment = "linear", profiles.NO_RATE if not flow else _NONE
    remaining = number - done
    if fall:
        remaining = _PERCENT * remaining_fall(number / _PERCENT, done / _PERCENT)
        rate = _PERCENT * profiles.yearly_rate(remaining / _PERCENT, years)
        comment = _joined(
            comment,
            Label(f"余降{remaining:.2f}%，年均{rate:.2f}%", f"{remaining:.2f} % remain, {rate:.2f} % a year"),
        )
        if profile == "equal_rate":
            path = profiles.equal_rate_fall(done / _PERCENT, number / _PERCENT, years)
            return _Path(tuple(_PERCENT * f for f in path), profile, remaining, comment)
    if flow:
        steps = [b - a for a, b in zip((0.0, *parts[:-1]), parts, strict=True)]
        return _Path(tuple(remaining * s for s in steps), profile, remaining, comment)
    values = (*(done + remaining * s for s in parts[:-1]), number)
    return _Path(values, profile, remaining, comment)


def _province(made: Tasks, problem: Problem, breakdown: Breakdown, done_year: int) -> _Path:
    """The province's own path; rates are rounded, amounts are replaced by the sum of the cities."""
    world, target = made.world, problem.target
    done: float | None = 0.0
    values = terms(world, target, "")
    if problem.kind == "fall":
        before = values.get(problem.base_year, 0.0) / _PERCENT
        now = values.get(done_year, 0.0) / _PERCENT
        done = _PERCENT * remaining_fall(now, before) if done_year > problem.base_year else 0.0
    elif target.form not in FROM_BASE or done_year > problem.base_year:
        done = values.get(done_year)
    own = [values[y] for y in range(done_year, target.year + 1) if y in values]
    found = _spread(made, problem, done, breakdown.to_share, target.year - done_year, own)
    step = _step(breakdown)
    rounded = tuple(nearest(v, step) for v in found.values)
    comment = found.comment
    if problem.kind != "amount":
        comment = _joined(comment, Label("非城市之和", "not the sum of the cities"))
    elif breakdown.reserve:
        zh = f"另有省级预留{breakdown.reserve:g}{target.unit}"
        comment = _joined(_NONE, Label(zh, f"besides a reserve of {breakdown.reserve:g} {target.unit}"))
    return _Path(
        (*rounded[:-1], round(breakdown.to_share, _SHOWN_DIGITS) if found.profile != "hold" else rounded[-1]),
        found.profile,
        found.remaining,
        comment,
    )


def _step(breakdown: Breakdown) -> float:
    return float(next(s.given for s in breakdown.settings if s.setting == "rounding_unit"))


def _base(problem: Problem, i: int) -> float | None:
    if problem.kind == "fall":
        return 0.0
    return round(problem.base[i], _SHOWN_DIGITS) if problem.base else None


def _total_base(problem: Problem) -> float | None:
    if problem.kind == "fall":
        return 0.0
    known = problem.base and problem.kind != "each"
    return round(problem.combination.value(problem.base), _SHOWN_DIGITS) if known else None


def _province_margin(problem: Problem, breakdown: Breakdown) -> float | None:
    if breakdown.projected is None:
        return None
    return problem.sign * (breakdown.projected - breakdown.to_share)


def _source(world: CityWorld, target: Target) -> str:
    document = read_targets(world.region.region_id).documents[target.document]
    return f"{document.label.zh} {target.section}"


def _joined(first: Label, second: Label) -> Label:
    if not first.zh:
        return second
    return Label(f"{first.zh}；{second.zh}", f"{first.en}; {second.en}")


def _over(years: Sequence[int], own: Sequence[int], row: TaskRow) -> TaskRow:
    """The row over the table's years: 0 and no task outside its own."""
    at = dict(zip(own, row.task_values, strict=True))
    fields = {**row.__dict__, "task_values": tuple(at.get(y, 0.0) for y in years)}
    due = {y for y, has in zip(own, row.has_task, strict=True) if has}
    return TaskRow(**{**fields, "has_task": tuple(y in due for y in years)})
