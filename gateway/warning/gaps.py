"""How far a target is behind what is required by now, and what is left of it. Pure arithmetic.

gap ratio = (required - seen) / |required| in the direction of the target: 0.1 is a tenth short. Where nothing, or
less than nothing, is required by now a ratio says nothing and the absolute gap in the document's unit stands alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.targets.data import Form
from gateway.targets.forms import FROM_BASE, Ask, required

_PERCENT = 100.0


@dataclass(frozen=True)
class Gap:
    """Where a target stands in a year; ratios are None where nothing is required yet."""

    year: int
    seen: float
    required: float
    ratio: float | None
    absolute: float | None


@dataclass(frozen=True)
class Remaining:
    """What is left from the last observed year to the target's: in all, a year, and in which unit."""

    total: float
    per_year: float
    unit: str


def gap(required_value: float, seen: float, sign: int) -> tuple[float | None, float | None]:
    """(ratio, absolute): the ratio when something is required, else the absolute gap; positive is behind."""
    short = sign * (required_value - seen)
    if required_value > 0:
        return short / required_value, None
    return None, short


def gap_in(ask: Ask, observed: Mapping[int, float], year: int) -> Gap | None:
    """The gap in a year; None when there is no path (no start, or the start was not observed)."""
    start = _start(ask, observed)
    if start is None or year not in observed or year > ask.year or year <= start[0]:
        return None
    needed = required(ask, year, start[1])
    ratio, absolute = gap(needed, observed[year], ask.sign)
    return Gap(year, observed[year], needed, ratio, absolute)


def year_gap_in(ask: Ask, observed: Mapping[int, float], year: int) -> float | None:
    """The gap ratio of this year's task alone: what the path asks of this year beside what this year did."""
    start = _start(ask, observed)
    before = _before(ask, observed, year)
    if start is None or before is None or year not in observed or not start[0] < year <= ask.year:
        return None
    own = start[1] if year - 1 == start[0] else required(ask, year - 1, start[1])
    task = _step(ask, own, required(ask, year, start[1]))
    done = _step(ask, before, observed[year])
    # Step and task are in the target's direction: a ceiling that may still rise has no task.
    ratio, _ = gap(ask.sign * task, ask.sign * done, 1)
    return ratio


def worsening_count(ratios: Mapping[int, float], year: int) -> int:
    """In how many years running, up to `year`, the gap grew."""
    count = 0
    while year in ratios and year - 1 in ratios and ratios[year] > ratios[year - 1] + 1e-9:
        count += 1
        year -= 1
    return count


def remaining(ask: Ask, seen: float, years_left: int, unit: str) -> Remaining | None:
    """What is left: for a fall or a rise by compounding, else as a difference. None when no year is left."""
    if years_left <= 0:
        return None
    if ask.form is Form.FALL_FROM_BASE:
        left = (1 - ask.number / _PERCENT) / (1 - seen / _PERCENT)
        return Remaining(_PERCENT * (1 - left), _PERCENT * (1 - left ** (1 / years_left)), "%")
    if ask.form is Form.RISE_FROM_BASE:
        left = (1 + ask.number / _PERCENT) / (1 + seen / _PERCENT)
        return Remaining(_PERCENT * (left - 1), _PERCENT * (left ** (1 / years_left) - 1), "%")
    if ask.form is Form.GROWTH_PER_YEAR:
        return None
    total = ask.number - seen
    return Remaining(total, total / years_left, unit)


def _start(ask: Ask, observed: Mapping[int, float]) -> tuple[int, float] | None:
    """The year and value at which the path starts; a fall, rise or growth starts from 0."""
    if ask.start_year is None or ask.path == "none":
        return None
    if ask.form is Form.CUMULATIVE_FLOW:
        return ask.start_year - 1, 0.0
    if ask.form in FROM_BASE:
        return ask.start_year, 0.0
    return (ask.start_year, observed[ask.start_year]) if ask.start_year in observed else None


def _before(ask: Ask, observed: Mapping[int, float], year: int) -> float | None:
    start = _start(ask, observed)
    if start is not None and year - 1 == start[0]:
        return start[1]
    return observed.get(year - 1)


def _step(ask: Ask, before: float, now: float) -> float:
    """What one year did: the yearly rate of a fall or rise, else the difference."""
    if ask.form is Form.FALL_FROM_BASE:
        return _PERCENT * (1 - (_PERCENT - now) / (_PERCENT - before))
    if ask.form is Form.RISE_FROM_BASE:
        return _PERCENT * ((_PERCENT + now) / (_PERCENT + before) - 1)
    if ask.form is Form.GROWTH_PER_YEAR:
        return now
    return now - before
