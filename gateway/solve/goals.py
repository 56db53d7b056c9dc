"""Goals as rows of numbers: what is read of a run, in which years, and which knobs can reach it.

A target of a document is one row: its compared quantity at its year, in the document's unit (a "before" is strict, an
"about" has its tolerance). A number asked of a metric is one row. Targets that ask for the year of an event are
several rows in a smooth form: CO2 in later years must not exceed the highest up to the last allowed year; for a
steady fall the first yearly falls must be falls; for neutrality the net must be at or below zero. The whole
projection decides afterwards whether the event happens in time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from gateway.account_settings import peak_rules
from gateway.results import SectorInfo
from gateway.targets.answer import compared_of
from gateway.targets.data import STRICT, TOLERANT, Compare, Form, Target
from gateway.targets.events import EVENTS
from gateway.targets.forms import FROM_BASE
from gateway.targets.values import ValuesOf
from services.common.axes import BASE_YEAR
from services.common.levers import DRIVERS
from services.common.regions import Region
from services.common.words import Label

_STRICT_SHARE: Final = 2e-9
_SERVES_ALL: Final = ("power", "account")


@dataclass(frozen=True)
class Row:
    """One number read of a run: sign x (value - number) - safety >= 0, in parts of `scale`.

    Without a scale of its own (0), `level` reads it of the scenario as it is.
    """

    sign: float
    number: float
    safety: float
    scale: float
    last_year: int
    owner: str
    read: Callable[[ValuesOf], float | None]
    level: Callable[[ValuesOf], float | None]


@dataclass(frozen=True)
class Goal:
    """A goal with its rows. `value` reads what is told to the user; None when it cannot be told at chosen years."""

    goal_id: str
    label: Label
    unit: str
    place: str
    year: int
    sense: str
    number: float
    safety_margin: float
    strive: bool
    rows: tuple[Row, ...]
    years: tuple[int, ...]
    value: Callable[[ValuesOf], tuple[float | None, str]]
    target: Target | None = None
    metric_id: str = ""
    tolerance: float = 0.0

    @property
    def is_event(self) -> bool:
        """True when only the whole projection can answer."""
        return self.target is not None and self.target.form in EVENTS


def metric_goal(
    metric_id: str,
    label: Label,
    unit: str,
    place: str,
    year: int,
    at_least: bool,
    number: float,
    safety_margin: float,
    strive: bool,
) -> Goal:
    """A number asked of a metric in a year."""

    def read(values: ValuesOf) -> float | None:
        return values(metric_id, place).get(year)

    def value(values: ValuesOf) -> tuple[float | None, str]:
        found = read(values)
        return found, "" if found is not None else "NO_CITY_DATA" if place else "NO_METRIC"

    sign = 1.0 if at_least else -1.0
    row = Row(sign, number, safety_margin, abs(number), year, _owner(metric_id), read, read)
    return Goal(
        goal_id=f"{metric_id}{f':{place}' if place else ''}@{year}",
        label=label,
        unit=unit,
        place=place,
        year=year,
        sense="at_least" if at_least else "at_most",
        number=number,
        safety_margin=safety_margin,
        strive=strive,
        rows=(row,),
        years=(year,),
        value=value,
        metric_id=metric_id,
    )


def target_goal(
    region: Region, target: Target, safety_margin: float, strive: bool, event_years: Sequence[int]
) -> Goal:
    """A target of the region; `event_years` are the later years at which a carbon peak is checked."""

    def value(values: ValuesOf) -> tuple[float | None, str]:
        found = compared_of(region, target, values, observed=False)
        return found.value, found.reason

    number = target.number or 0.0
    rows, years = _rows_of(region, target, number, safety_margin, event_years, value)
    return Goal(
        goal_id=target.id,
        label=target.label.label(),
        unit=target.unit,
        place=target.place,
        year=target.year,
        sense="at_least" if target.sign > 0 else "at_most",
        number=number,
        safety_margin=safety_margin,
        strive=strive,
        rows=rows,
        years=years,
        value=value,
        target=target,
        metric_id=target.reading.metric_id if target.reading else "",
        tolerance=target.tolerance if target.compare in TOLERANT else 0.0,
    )


def last_allowed_year(target: Target) -> int:
    """The last year in which an event is in time: "before 2030" is read as 2029."""
    return int(target.number or 0) - (target.compare == "before")


def is_met(compare: Compare, number: float, tolerance: float, margin: float) -> bool:
    """The same comparison as that of targets, on a margin that safety was taken off."""
    noise = 1e-9 * max(1.0, abs(number))
    if compare in STRICT:
        return margin > noise
    return margin >= -(tolerance if compare in TOLERANT else 0.0) - noise


def reaches(infos: Mapping[str, SectorInfo]) -> Callable[[str, str], bool]:
    """(owner of a lever, owner of a metric) -> whether one can touch the other: by what sectors say they need."""
    direct = {o: {n.partition(".")[0] for n in info.needs} for o, info in infos.items()}

    def closure(owner: str) -> set[str]:
        seen, todo = set(), [owner]
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo += direct.get(one, ())
        return seen

    above = {owner: closure(owner) for owner in infos}

    def touches(lever_owner: str, metric_owner: str) -> bool:
        if lever_owner == DRIVERS or metric_owner in _SERVES_ALL or metric_owner not in above:
            return True
        return lever_owner in above[metric_owner]

    return touches


def _owner(metric_id: str) -> str:
    return metric_id.partition(".")[0]


_Rows = tuple[tuple[Row, ...], tuple[int, ...]]


def _rows_of(
    region: Region,
    target: Target,
    number: float,
    safety_margin: float,
    event_years: Sequence[int],
    value: Callable[[ValuesOf], tuple[float | None, str]],
) -> _Rows:
    owner = _owner(target.reading.metric_id) if target.reading else ""
    if target.form in EVENTS:
        return _event_rows(region, target, owner, event_years)
    tolerance = target.tolerance if target.compare in TOLERANT else 0.0
    strict = _STRICT_SHARE * max(1.0, abs(number)) if target.compare in STRICT else 0.0
    aimed = number - target.sign * tolerance
    row = Row(
        float(target.sign),
        aimed,
        safety_margin + strict,
        abs(aimed),
        target.year,
        owner,
        lambda values: value(values)[0],
        lambda values: value(values)[0],
    )
    start = target.start_year or target.year
    years = {target.year}
    if target.form is Form.CUMULATIVE_FLOW:
        years |= set(range(start, target.year + 1))
    elif target.form in FROM_BASE:
        years.add(start)
    return (row,), tuple(sorted(y for y in years if y >= BASE_YEAR))


def _event_rows(region: Region, target: Target, owner: str, later: Sequence[int]) -> _Rows:
    reading, last = target.reading, last_allowed_year(target)
    if reading is None:
        return (), ()
    place = target.value_place or target.place
    city = place if place in region.city_ids else ""

    def series(values: ValuesOf) -> Mapping[int, float]:
        return values(reading.metric_id, city)

    def row(year: int, read: Callable[[Mapping[int, float]], float | None]) -> Row:
        return Row(
            1.0, 0.0, 0.0, 0.0, year, owner, lambda v: read(series(v)), lambda v: series(v).get(BASE_YEAR)
        )

    if target.form is Form.NEUTRAL_YEAR:
        years = sorted({last, *(y for y in later if y > last)})
        return tuple(row(y, partial(_negated, y)) for y in years), tuple(years)
    run = peak_rules(region).run_count if target.form is Form.PEAK_THEN_FALL else 0
    peak = last - 1 if run else last
    falls = [row(peak + i, partial(_fall, peak + i)) for i in range(1, run + 1)]
    after = sorted(y for y in later if y > peak + (1 if run else 0))
    tops = [row(y, partial(_below_top, peak, y)) for y in after]
    early = {BASE_YEAR, min(BASE_YEAR + 5, peak), peak}
    return (*falls, *tops), tuple(sorted(early | {r.last_year for r in (*falls, *tops)}))


def _negated(year: int, series: Mapping[int, float]) -> float | None:
    return -series[year] if year in series else None


def _fall(year: int, series: Mapping[int, float]) -> float | None:
    return series[year - 1] - series[year] if year in series and year - 1 in series else None


def _below_top(peak: int, year: int, series: Mapping[int, float]) -> float | None:
    """How far a year stands below the highest year up to the last allowed one."""
    early = [v for y, v in series.items() if y <= peak]
    return max(early) - series[year] if early and year in series else None
