"""Whether numbers can be what they say: finite, shares within 0 to 1, of the size that other regions have."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

SHARE: Final = "share"
# A figure that is a hundred times larger or smaller than in every other region has most likely another unit.
_TIMES: Final = 100.0
_ROUNDING: Final = 1e-9


def impossible(numbers: Iterable[float], unit: str) -> Iterator[str]:
    """What cannot be; an empty cell (NaN) can."""
    for number in numbers:
        if math.isinf(number):
            yield f"{number}: not a finite number"
        elif unit == SHARE and number == number and not -_ROUNDING <= number <= 1.0 + _ROUNDING:
            yield f"{number:g}: a share lies within 0 and 1"


def far_off(numbers: Iterable[float], elsewhere: Sequence[float]) -> Iterator[str]:
    """What no other region comes near to."""
    sizes = [abs(x) for x in elsewhere if x and math.isfinite(x)]
    if not sizes:
        return
    low, high = min(sizes) / _TIMES, max(sizes) * _TIMES
    for number in numbers:
        if number and math.isfinite(number) and not low <= abs(number) <= high:
            yield f"{number:g}: other regions have {min(elsewhere):g} to {max(elsewhere):g}; is the unit right?"
        elif number < 0 <= min(elsewhere):
            yield f"{number:g}: negative; other regions have {min(elsewhere):g} to {max(elsewhere):g}"
