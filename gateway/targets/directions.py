"""Rules without a number in the policy documents: a small closed vocabulary, each a pure function of a series."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gateway.account_settings import method
from gateway.results import DirectionResult, MetricSeries
from services.common.arrays import FloatArray
from services.common.regions import Region, RegionDataError
from services.common.words import Label

DIRECTIONS_TABLE = "directions"

BoolArray = NDArray[np.bool_]
# Takes the years' values, the values a year earlier, and the tolerance (share of the value); gives the broken years.
Rule = Callable[[FloatArray, FloatArray, float], BoolArray]


def _at_end(broken: bool, values: FloatArray) -> BoolArray:
    """The last year breaks the rule, or none does."""
    mask = np.zeros(values.size, dtype=np.bool_)
    mask[-1] = broken
    return mask


def _rises_without_a_fall(v: FloatArray, before: FloatArray, tolerance: float) -> BoolArray:
    return (v < before - tolerance * np.abs(before)) | _at_end(bool(v[-1] <= v[0]), v)


RULES: Final[dict[str, Rule]] = {
    "falls_every_year": lambda v, before, tolerance: v >= before,
    "rises_every_year": lambda v, before, tolerance: v <= before,
    "end_below_start": lambda v, before, tolerance: _at_end(bool(v[-1] >= v[0]), v),
    "end_above_start": lambda v, before, tolerance: _at_end(bool(v[-1] <= v[0]), v),
    "end_above_start_no_fall": _rises_without_a_fall,
    "not_above_base": lambda v, before, tolerance: v > v[0] + tolerance * abs(v[0]),
    "not_below_base": lambda v, before, tolerance: v < v[0] - tolerance * abs(v[0]),
    "none_added": lambda v, before, tolerance: v > before + tolerance * np.abs(before),
}
_YEARLY: Final = ("falls_every_year", "rises_every_year")
UNANSWERED: Final = ("tracked", "yes_no")


def answer_directions(
    region: Region, years: tuple[int, ...], metrics: Sequence[MetricSeries]
) -> tuple[DirectionResult, ...]:
    """Answer every rule of regions/<region>/directions.csv from metrics over `years`, in its order."""
    if not region.has(DIRECTIONS_TABLE):
        return ()
    table = region.table(DIRECTIONS_TABLE)
    known = {m.metric.metric_id: m for m in metrics}
    return tuple(
        _answer(region, years, known, row, provenance.source)
        for row, provenance in zip(table.rows(), table.provenance, strict=True)
    )


def broken_years(
    rule: str, years: tuple[int, ...], values: FloatArray, first: int, last: int, tolerance: float
) -> tuple[int, ...]:
    """Years from `first` to `last` that break the rule; the year before `first` is compared with where there is one.

    RegionDataError for a rule that does not exist.
    """
    if rule not in RULES:
        raise RegionDataError(f"{DIRECTIONS_TABLE}: {rule}: no such rule")
    start, end = years.index(first), years.index(last)
    window = values[start : end + 1]
    before = np.concatenate([values[max(start - 1, 0) : max(start, 1)], window[:-1]])
    mask = RULES[rule](window, before, tolerance)
    if start == 0 and rule in _YEARLY:
        mask[0] = False  # nothing is known before the first year
    return tuple(year for year, broken in zip(years[start : end + 1], mask, strict=True) if broken)


def _answer(
    region: Region,
    years: tuple[int, ...],
    known: Mapping[str, MetricSeries],
    row: Mapping[str, Any],
    document: str,
) -> DirectionResult:
    first, last = row["first_year"], row["last_year"]
    values, reason = _values(region, known.get(row["metric"]), row["place"])
    change: float | None = None
    holds: bool | None = None
    broken: tuple[int, ...] = ()
    if values is not None:
        inside = [v for y, v in zip(years, values, strict=True) if (not first or first <= y <= last)]
        change = float(inside[-1] / inside[0] - 1) if inside and inside[0] else None
    if row["rule"] in UNANSWERED:
        reason = "TRACKED_ONLY"
    elif values is not None and (first not in years or last not in years):
        reason = "OUT_OF_SPAN"
    elif values is not None:
        tolerance = method(region, "direction_tolerance_share")
        broken = broken_years(row["rule"], years, values, first, last, tolerance)
        holds = not broken
    return DirectionResult(
        direction_id=row["direction"],
        label=Label(row["zh"], row["en"]),
        document=document,
        section=row["section"],
        place=row["place"],
        rule=row["rule"],
        first_year=first,
        last_year=last,
        metric_id=row["metric"],
        holds=holds,
        first_broken_year=broken[0] if broken else 0,
        broken_count=len(broken),
        change_share=change,
        reason=reason,
    )


def _values(region: Region, series: MetricSeries | None, place: str) -> tuple[FloatArray | None, str]:
    if series is None:
        return None, "NO_METRIC"
    if place not in region.city_ids:
        return series.region_values, ""
    if not series.place_values.size:
        return None, "NO_CITY_DATA"
    return series.place_values[region.city_ids.index(place)], ""
