"""Profiles: 1, 24, 168 or 8,760 values become the hours of a year."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS, MONTH_DAYS

MONTH: Final = np.repeat(np.arange(12), np.array(MONTH_DAYS) * 24)  # [h], January 0
LENGTHS: Final = (1, 24, 168, HOURS)
GROUND_LENGTHS: Final = (1, 12, HOURS)


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


def ground_hours(values: Sequence[float], without: float) -> FloatArray:
    """Ground temperature by hour, [h]: 12 values are those of months."""
    if len(values) == 12:
        return np.array(values, dtype=np.float64)[MONTH]
    return hours_of(values, 0, without)
