"""Cut a projection to the years asked for: projections always run from the base year."""

from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.common.power_outcome import GridFactorCheck, MarginalFactors, PeakDay, PlausibilityWarning

T = TypeVar("T")
# Types of fields, as they are written, that hold no years.
_PLAIN = (str, float, int, bool)
OF_ONE_YEAR = (PeakDay, GridFactorCheck, MarginalFactors)


def from_year(value: T, first_year: int, years: tuple[int, ...]) -> T:
    """The tree of dataclasses with every year axis starting at `first_year`."""
    start = years.index(first_year)
    return value if start == 0 else _cut(value, np.arange(start, len(years)), first_year)


def at_years(value: T, chosen: tuple[int, ...]) -> T:
    """The tree of dataclasses (with a field `years`) at the years chosen, which are among them."""
    years: tuple[int, ...] = value.years  # type: ignore[attr-defined]
    return value if chosen == years else _cut(value, np.array([years.index(y) for y in chosen]), chosen[0])


def _cut(value: Any, kept: NDArray[np.int64], first_year: int) -> Any:
    """A copy of a dataclass; what does not depend on years is the same object in both."""
    kind: Any = type(value)
    axes, others = _year_axes(kind), _others(kind)
    if not axes and not others:
        return value
    whole = value.__dict__
    own = dict(whole)
    for name, axis in axes:
        item = whole[name]
        if item.size:
            own[name] = item.take(kept, axis=axis)
    for name in others:
        item = whole[name]
        if name == "years":
            own[name] = tuple(item[i] for i in kept)
        elif isinstance(item, tuple):
            if item and is_dataclass(item[0]):
                own[name] = tuple([_cut(i, kept, first_year) for i in item if not _is_over(i, first_year)])
        elif is_dataclass(item) and not isinstance(item, type):
            own[name] = _cut(item, kept, first_year)
    # As `replace` does for a dataclass without a __post_init__, a hundred thousand times a batch.
    copy = object.__new__(kind)
    copy.__dict__.update(own)
    return copy


@lru_cache(maxsize=1024)
def _year_axes(kind: Any) -> tuple[tuple[str, int], ...]:
    """Arrays of a dataclass that have an axis of years, and which it is."""
    axes = ((f.name, f.metadata.get("axes", ())) for f in fields(kind))
    return tuple((name, of.index("year")) for name, of in axes if "year" in of)


@lru_cache(maxsize=1024)
def _others(kind: Any) -> tuple[str, ...]:
    """Fields that are no array: years, and what may hold dataclasses."""
    return tuple(f.name for f in fields(kind) if not f.metadata.get("axes") and f.type not in _PLAIN)


def _is_over(item: Any, first_year: int) -> bool:
    """True for what belongs to years before the first only."""
    if isinstance(item, PlausibilityWarning):
        return item.last_year < first_year
    return isinstance(item, OF_ONE_YEAR) and item.year < first_year
