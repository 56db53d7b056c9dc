"""Series that callers send: a few values become the hours of a year; what is wrong with them is told once a series."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS
from services.common.errors import Violation

_LOAD_LENGTHS: Final = (0, 24, 168, HOURS)
# Of many wrong values so many are told.
_SHOWN: Final = 5


def hours_of(values: Sequence[float], first_weekday: int, without: float) -> FloatArray:
    """A profile by hour, [h]; an empty one is `without` all year.

    24 values are each day's, 168 each week's from Monday; `first_weekday` is that of 1 January, Monday 0.
    """
    given = np.array(values, dtype=np.float64)
    if given.size == 0:
        return np.full(HOURS, without)
    if given.size == HOURS:
        return given
    if given.size == 1:
        return np.full(HOURS, given[0])
    if given.size == 24:
        return np.tile(given, DAYS)
    return given[(np.arange(HOURS) + 24 * first_weekday) % 168]


def load_violations(
    field: str, values: Sequence[float], low: float, high: float, unit: str
) -> list[Violation]:
    """What is wrong with a load: its length, its values."""
    found = []
    if len(values) not in _LOAD_LENGTHS:
        found.append(
            Violation(
                field,
                "give the hours of a day, of a week from Monday, or of a year",
                f"{len(values)} values",
                f"24, 168 or {HOURS} values, or none",
            )
        )
    return found + out_of_range(field, values, low, high, unit)


def out_of_range(field: str, values: Sequence[float], low: float, high: float, unit: str) -> list[Violation]:
    """One violation for all values that are not from low to high, NaN among them; the first are told."""
    given = np.array(values, dtype=np.float64)
    wrong = np.flatnonzero(~((given >= low) & (given <= high)))
    if not wrong.size:
        return []
    told = ", ".join(f"{given[i]:g} at {i}" for i in wrong[:_SHOWN])
    more = f" and {wrong.size - _SHOWN} more" if wrong.size > _SHOWN else ""
    text = "values beyond their range: check the unit"
    return [Violation(field, text, told + more, f"{low:g} to {high:g} {unit}")]
