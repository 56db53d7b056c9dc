"""Profiles of a zone: how many values a caller may send, months by hour, the ground's temperature."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import HOURS, MONTH_DAYS
from services.common.sent_series import hours_of

MONTH: Final = np.repeat(np.arange(12), np.array(MONTH_DAYS) * 24)  # [h], January 0
LENGTHS: Final = (1, 24, 168, HOURS)
GROUND_LENGTHS: Final = (1, 12, HOURS)


def ground_hours(values: Sequence[float], without: float) -> FloatArray:
    """Ground temperature by hour, [h]: 12 values are those of months."""
    if len(values) == 12:
        return np.array(values, dtype=np.float64)[MONTH]
    return hours_of(values, 0, without)
