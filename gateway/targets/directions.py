"""Rules without a number in the policy documents: a small closed vocabulary, each a pure function of a series."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gateway.account_settings import method
from gateway.results import DirectionResult, MetricSeries
from gateway.targets.data import Reading
from gateway.targets.entered import ranked
from gateway.targets.values import projected_values, values_of_metrics
from gateway.targets.world import World, plain_world
from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.region_files import RegionDataError
from services.common.regions import Region
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
_ENDS: Final = ("end_below_start", "end_above_start")
TRACKED: Final = "tracked"
UNANSWERED: Final = (TRACKED, "yes_no")
# Rules that a single year can break, whatever comes later.
_EVERY_YEAR: Final = (*_YEARLY, "end_above_start_no_fall", "not_above_base", "not_below_base", "none_added")


@dataclass(frozen=True)
class RuleRow:
    """A rule without a number as the data hold it."""

    direction_id: str
    label: Label
    document_id: str
    source: str
    section: str
    place: str
    rule: str
    first_year: int
    last_year: int
    metric_id: str


@kept(maxsize=16)
def read_rules(region: Region) -> tuple[RuleRow, ...]:
    """The rules of regions/<region>/directions.csv, in its order; none when there is no such file."""
    if not region.has(DIRECTIONS_TABLE):
        return ()
    table = region.table(DIRECTIONS_TABLE)
    return tuple(
        RuleRow(
            row["direction"],
            Label(row["zh"], row["en"]),
            row["direction"].partition("-")[0],
            provenance.source,
            row["section"],
            row["place"],
            row["rule"],
            row["first_year"],
            row["last_year"],
            row["metric"],
        )
        for row, provenance in zip(table.rows(), table.provenance, strict=True)
    )


def answer_directions(
    region: Region, years: tuple[int, ...], metrics: Sequence[MetricSeries]
) -> tuple[DirectionResult, ...]:
    """Answer every rule of the region from metrics over `years` and what its file of entered values holds."""
    return rules_in(plain_world(region, values_of_metrics(region, years, metrics)))


def rules_in(world: World) -> tuple[DirectionResult, ...]:
    """Answer every rule of the region in a world, in the order of the documents."""
    tolerance = method(world.region, "direction_tolerance_share")
    return tuple(_answer(world, rule, tolerance) for rule in read_rules(world.region))


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


def _answer(world: World, row: RuleRow, tolerance: float) -> DirectionResult:
    held = world.entries.get(row.direction_id, ()) if world.observed else ()
    best = ranked(held)
    seen = {y: one.value for y, one in best.items()}
    found = _entered_yes_no(row, seen) if row.rule == "yes_no" else _judged(world, row, seen, tolerance)
    return DirectionResult(
        direction_id=row.direction_id,
        label=row.label,
        document=row.source,
        section=row.section,
        place=row.place,
        rule=row.rule,
        first_year=row.first_year,
        last_year=row.last_year,
        metric_id=row.metric_id,
        holds=found.holds,
        first_broken_year=found.broken[0] if found.broken else 0,
        broken_count=len(found.broken),
        change_share=found.change_share,
        reason=found.reason,
        document_id=row.document_id,
        basis=found.basis,
        tolerance_share=tolerance,
        seen_values=tuple(replace(v, counts=best[v.year] is v) for v in sorted(held, key=lambda v: v.year)),
    )


@dataclass(frozen=True)
class _Found:
    """What a series says of a rule."""

    holds: bool | None = None
    broken: tuple[int, ...] = ()
    change_share: float | None = None
    reason: str = ""
    basis: str = ""


def _entered_yes_no(row: RuleRow, seen: Mapping[int, float]) -> _Found:
    """Yes or no as entered for the last year the rule names, or before it; nothing entered is no answer."""
    due = [y for y in seen if y <= row.last_year]
    if not due:
        return _Found(reason="NOT_ENTERED")
    last = max(due)
    if seen[last]:
        return _Found(holds=True, basis="observed")
    if last < row.last_year:
        return _Found(reason="NOT_DUE", basis="observed")
    return _Found(holds=False, broken=(last,), basis="observed")


def _judged(world: World, row: RuleRow, seen: Mapping[int, float], tolerance: float) -> _Found:
    """The rule on what was entered, when that tells; else on the model. The two are never joined into one series."""
    own = _on_series(row, seen, tolerance, "observed") if seen else _Found(reason="NO_METRIC")
    if own.holds is not None:
        return own
    values, missing = projected_values(world.region, world.values, _reading(row), row.place)
    if not values:
        return own if seen else _Found(reason="TRACKED_ONLY" if row.rule == TRACKED else missing)
    return _on_series(row, values, tolerance, "projected")


def _reading(row: RuleRow) -> Reading | None:
    return Reading(metric_id=row.metric_id) if row.metric_id else None


def _on_series(row: RuleRow, values: Mapping[int, float], tolerance: float, basis: str) -> _Found:
    years = tuple(sorted(values))
    series = np.array([values[y] for y in years])
    first, last = row.first_year, row.last_year
    inside = [v for y, v in zip(years, series, strict=True) if not first or first <= y <= last]
    change = float(inside[-1] / inside[0] - 1) if inside and inside[0] else None
    if row.rule == TRACKED:
        return _Found(change_share=change, reason="TRACKED_ONLY", basis=basis)
    needed = (first, last) if row.rule in _ENDS else range(first, last + 1)
    if not all(y in values for y in needed):
        broken = _broken_so_far(row, values, tolerance) if basis == "observed" else ()
        reason = "NOT_DUE" if basis == "observed" else "OUT_OF_SPAN"
        holds = False if broken else None
        return _Found(holds, broken, change, "" if broken else reason, basis)
    broken = broken_years(row.rule, years, series, first, last, tolerance)
    return _Found(not broken, broken, change, basis=basis)


def _broken_so_far(row: RuleRow, values: Mapping[int, float], tolerance: float) -> tuple[int, ...]:
    """Years that already break a rule that is looked at every year, on an unbroken run of years from the first."""
    if row.rule not in _EVERY_YEAR:
        return ()
    start = row.first_year - 1 if row.first_year - 1 in values else row.first_year
    years = [start]
    while years[-1] + 1 in values and years[-1] < row.last_year:
        years.append(years[-1] + 1)
    if start not in values or len(years) < 2:
        return ()
    series = np.array([values[y] for y in years])
    found = broken_years(row.rule, tuple(years), series, max(row.first_year, start), years[-1], tolerance)
    # That the end is not above the start yet does not break a rule that is not due.
    late = row.rule == "end_above_start_no_fall" and values[years[-1]] >= values[years[-1] - 1] * (
        1 - tolerance
    )
    return tuple(y for y in found if not (late and y == years[-1]))
