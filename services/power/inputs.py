"""The door of power's annual inputs: lengths, finiteness and signs, all violations at once."""

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np

from services.common.axes import DAYS
from services.common.errors import Violation, invalid
from services.common.power_outcome import HoursChoice
from services.common.scenario import Frame


def dispatched_years(frame: Frame, asked: tuple[int, ...]) -> tuple[int, ...]:
    """The years to dispatch: those asked, or all of the frame when none is named.

    Raises DomainError(INVALID_INPUT) when they do not ascend or one is outside the frame.
    """
    found = [
        Violation(
            f"years[{i}]",
            "the year is outside the frame",
            str(year),
            f"{frame.first_year} to {frame.last_year}",
        )
        for i, year in enumerate(asked)
        if year not in frame.years
    ]
    if any(b <= a for a, b in pairwise(asked)):
        found.append(Violation("years", "years must ascend without repeats", ", ".join(map(str, asked))))
    if found:
        raise invalid(found)
    return asked or frame.years


def check_hours(hours: HoursChoice | None, years: tuple[int, ...]) -> None:
    """Check the hours asked for: the year is one of those dispatched, the days ascend from 0 to 364.

    Raises DomainError(INVALID_INPUT) with every violation.
    """
    if hours is None:
        return
    found = []
    if hours.year not in years:
        allowed = f"one of {', '.join(map(str, years))}"
        found.append(Violation("hours.year", "the year is not dispatched", str(hours.year), allowed))
    found += [
        Violation(f"hours.days[{i}]", "the day is outside the year", str(day), f"0 to {DAYS - 1}")
        for i, day in enumerate(hours.days)
        if not 0 <= day < DAYS
    ]
    if any(b <= a for a, b in pairwise(hours.days)):
        given = ", ".join(map(str, hours.days))
        found.append(Violation("hours.days", "days must ascend without repeats", given))
    if found:
        raise invalid(found)


def check_inputs(inputs: Sequence[Sequence[Sequence[Any]]], year_count: int) -> None:
    """Check the load, on-site supply, heat and flexible demand of every scenario.

    Raises DomainError(INVALID_INPUT) when an annual array is not `year_count` long, not finite or negative.
    """
    names = ("loads", "on_site_supplies", "chp_heats", "flexible_demands")
    found: list[Violation] = []
    for i, parts in enumerate(inputs):
        for name, items in zip(names, parts, strict=True):
            for k, item in enumerate(items):
                found += _violations(item, f"scenarios[{i}].{name}[{k}]", year_count)
    if found:
        raise invalid(found)


def _violations(item: Any, where: str, year_count: int) -> list[Violation]:
    found = []
    for f in fields(item):
        values = getattr(item, f.name)
        if not isinstance(values, np.ndarray):
            continue
        at = f"{where}.{f.name}"
        if values.size != year_count:
            found.append(Violation(at, "one value a year", f"{values.size} values", f"{year_count} values"))
        elif not np.isfinite(values).all():
            found.append(Violation(at, "every value must be a finite number"))
        elif (values < 0).any():
            found.append(Violation(at, "values must not be negative", f"{values.min():g}", ">= 0"))
    return found
