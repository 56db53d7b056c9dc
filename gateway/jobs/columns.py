"""Columns of a batch: which numbers every member keeps, found on the scenario itself before the batch is accepted."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np

from gateway.jobs.doors import EVERY_CITY, BatchMetric, BatchSpec
from gateway.jobs.spec import TARGET, Spec
from gateway.jobs.words import MET, MISSED, NOT_ANSWERED, BatchColumn, ColumnKind
from gateway.results import Verdict
from gateway.runs import Run
from gateway.targets.answer import judgement_of
from gateway.targets.data import Target, read_targets
from gateway.targets.judging import GOOD
from gateway.targets.values import ValuesOf
from services.common.arrays import IntArray
from services.common.errors import Violation, invalid, near_names
from services.common.regions import Region
from services.common.words import Label, Metric

HEADLINE_TABLE: Final = "ensemble/batch_metrics"
ACCOUNT_TOTAL: Final = "account.territorial_tco2"
PEAK_LOAD: Final = "account.peak_load_mw"
_UNANSWERED: Final = (Verdict.CANNOT_COMPUTE, Verdict.TRACKED_ONLY)
PEAK_YEAR, PEAK_LEVEL = "carbon_peak.year", "carbon_peak.tco2"
_PEAK_COLUMNS: Final = (
    BatchColumn(
        PEAK_YEAR,
        ColumnKind.CARBON_PEAK,
        "",
        "",
        0,
        "year",
        Label("碳达峰年（仅看所保留的年份）", "Year of the carbon peak, of the kept years"),
    ),
    BatchColumn(
        PEAK_LEVEL,
        ColumnKind.CARBON_PEAK,
        "",
        "",
        0,
        "tCO2",
        Label("碳达峰峰值（仅看所保留的年份）", "Level of the carbon peak, of the kept years"),
    ),
)


def asked_metrics(region: Region, asked: Sequence[BatchMetric]) -> tuple[BatchMetric, ...]:
    """The metrics asked with every city named; the region's headline metrics when none is."""
    chosen = asked or [BatchMetric(metric_id=row["metric_id"]) for row in region.table(HEADLINE_TABLE).rows()]
    found: dict[tuple[str, str], BatchMetric] = {}
    for one in chosen:
        places = region.city_ids if one.place == EVERY_CITY else (one.place,)
        for place in places:
            found[one.metric_id, place] = BatchMetric(metric_id=one.metric_id, place=place)
    return tuple(found.values())


def metric_violations(
    region: Region, run: Run, asked: Sequence[BatchMetric], listed: Collection[str] = ()
) -> list[Violation]:
    """Metrics that a run does not have, and places without a value, as they were asked.

    `listed` are the ids that sectors publish: those of adequacy are there, but no member has them.
    """
    rows = metric_rows(run)
    found = []
    for i, one in enumerate(asked):
        at = f"spec.metrics[{i}]"
        if one.metric_id not in rows and one.metric_id in listed:
            text = "of adequacy: calculated for single projections only, GetMember gives it"
            found.append(Violation(f"{at}.metric_id", text, one.metric_id))
        elif one.metric_id not in rows:
            near = near_names(one.metric_id, rows)
            found.append(Violation(f"{at}.metric_id", f"no such metric{near}", one.metric_id))
        elif one.place not in ("", EVERY_CITY, *region.city_ids):
            near = near_names(one.place, region.city_ids)
            found.append(Violation(f"{at}.place", f"no such city{near}", one.place, "a city id, empty or *"))
        elif one.place and not run.values(
            one.metric_id, one.place if one.place != EVERY_CITY else region.city_ids[0]
        ):
            found.append(Violation(f"{at}.place", "the metric has no values by city", one.place, "empty"))
    return found


def metric_rows(run: Run) -> dict[str, Metric]:
    """Every metric of a run, by id."""
    return {m.metric.metric_id: m.metric for m in (*run.metrics.values(), *run.annual.values())}


def columns_of(
    region: Region, run: Run, metrics: Iterable[BatchMetric], targets: Iterable[Target], years: Sequence[int]
) -> tuple[BatchColumn, ...]:
    """The carbon peak, every metric in every year that it has a value in, and the targets."""
    rows, cities = metric_rows(run), {p.place_id: p.label for p in region.cities}
    found = list(_PEAK_COLUMNS)
    for one in metrics:
        row = rows[one.metric_id]
        label = _in_place(row.label, cities.get(one.place))
        mark = f"{one.metric_id}:{one.place}" if one.place else one.metric_id
        found += [
            BatchColumn(f"{mark}@{y}", ColumnKind.METRIC, one.metric_id, one.place, y, row.unit, label)
            for y in _kept_years(run, one.metric_id, one.place, years)
        ]
    found += [
        BatchColumn(f"{TARGET}{t.id}", ColumnKind.TARGET, "", t.place, t.year or 0, "", t.label.label())
        for t in targets
    ]
    return tuple(found)


def valueless(
    region: Region, run: Run, asked: Sequence[BatchMetric], years: Sequence[int]
) -> list[Violation]:
    """Metrics as they were asked without a value in any kept year: a batch would keep nothing of them."""
    return [
        Violation(f"spec.metrics[{i}]", "no value in any of the kept years", one.metric_id)
        for i, one in enumerate(asked)
        if not any(
            _kept_years(run, one.metric_id, place, years)
            for place in (region.city_ids if one.place == EVERY_CITY else (one.place,))
        )
    ]


def _kept_years(run: Run, metric_id: str, place: str, years: Sequence[int]) -> list[int]:
    """The years in which the scenario itself has a value."""
    values = run.values(metric_id, place)
    return [y for y in years if y in values and np.isfinite(values[y])]


def target_violations(region: Region, spec: BatchSpec) -> list[Violation]:
    """Targets asked that the region does not have."""
    known = {t.id for t in read_targets(region.region_id).targets}
    return [
        Violation(f"spec.target_ids[{i}]", f"no such target{near_names(t, known)}", t)
        for i, t in enumerate(spec.target_ids)
        if t not in known
    ]


def chosen_targets(region: Region, run: Run, spec: BatchSpec) -> tuple[Target, ...]:
    """The targets asked (all known), or all that the scenario itself can answer at the kept years."""
    if spec.without_targets:
        return ()
    known = {t.id: t for t in read_targets(region.region_id).targets}
    if spec.target_ids:
        return tuple(known[t] for t in dict.fromkeys(spec.target_ids))
    return tuple(t for t in known.values() if answer_of(region, t, run.values) != NOT_ANSWERED)


def metrics_of(columns: Iterable[BatchColumn]) -> tuple[BatchMetric, ...]:
    """The metrics that columns were made from, in order."""
    named = {(c.metric_id, c.place): None for c in columns if c.kind is ColumnKind.METRIC}
    return tuple(BatchMetric(metric_id=metric_id, place=place) for metric_id, place in named)


def column_indices(spec: Spec, column_ids: Sequence[str]) -> IntArray:
    """Places of columns; all when none is named. DomainError(INVALID_INPUT) for unknown ones, with near names."""
    wrong = unknown_columns(spec, column_ids, "column_ids[{}]")
    if wrong:
        raise invalid(wrong)
    at = {c.column_id: i for i, c in enumerate(spec.columns)}
    return np.array([at[c] for c in column_ids] or range(len(at)), dtype=np.int32)


def unknown_columns(spec: Spec, column_ids: Sequence[str], where: str) -> list[Violation]:
    """Columns that a batch does not have, with near names; `where` is the field, {} its place in the list."""
    known = {c.column_id for c in spec.columns}
    return [
        Violation(where.format(i), f"no such column{near_names(c, known)}", c)
        for i, c in enumerate(column_ids)
        if c not in known
    ]


def answer_of(region: Region, target: Target, values: ValuesOf) -> float:
    """MET, MISSED or NOT_ANSWERED."""
    return told_answer(judgement_of(region, target, values).verdict)


def told_answer(verdict: Verdict) -> float:
    """A verdict as a column's value."""
    if verdict in _UNANSWERED:
        return NOT_ANSWERED
    return MET if verdict in GOOD else MISSED


def _in_place(label: Label, place: Label | None) -> Label:
    return label if place is None else Label(f"{place.zh} {label.zh}", f"{place.en}: {label.en}")
