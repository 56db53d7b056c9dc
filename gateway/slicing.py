"""Cut a projection to the years asked for: projections always run from the base year."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np

from services.common.power_outcome import GridFactorCheck, MarginalFactors, PeakDay, PlausibilityWarning

T = TypeVar("T")
OF_ONE_YEAR = (PeakDay, GridFactorCheck, MarginalFactors)


def from_year(value: T, first_year: int, years: tuple[int, ...]) -> T:
    """The tree of dataclasses with every year axis starting at `first_year`."""
    start = years.index(first_year)
    return value if start == 0 else _cut(value, list(range(start, len(years))), first_year)


def at_years(value: T, chosen: tuple[int, ...]) -> T:
    """The tree of dataclasses (with a field `years`) at the years chosen, which are among them."""
    years: tuple[int, ...] = value.years  # type: ignore[attr-defined]
    return value if chosen == years else _cut(value, [years.index(y) for y in chosen], chosen[0])


def _cut(value: Any, kept: list[int], first_year: int) -> Any:
    changes: dict[str, Any] = {}
    for f in fields(value):
        item = getattr(value, f.name)
        axes = f.metadata.get("axes", ())
        if isinstance(item, np.ndarray) and "year" in axes and item.size:
            changes[f.name] = np.ascontiguousarray(item.take(kept, axis=axes.index("year")))
        elif f.name == "years":
            changes[f.name] = tuple(item[i] for i in kept)
        elif isinstance(item, tuple) and item and is_dataclass(item[0]):
            left = (i for i in item if not _is_over(i, first_year))
            changes[f.name] = tuple(_cut(i, kept, first_year) for i in left)
        elif is_dataclass(item) and not isinstance(item, type):
            changes[f.name] = _cut(item, kept, first_year)
    return replace(value, **changes)


def _is_over(item: Any, first_year: int) -> bool:
    """True for what belongs to years before the first only."""
    if isinstance(item, PlausibilityWarning):
        return item.last_year < first_year
    return isinstance(item, OF_ONE_YEAR) and item.year < first_year
