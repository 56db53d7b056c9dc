"""Columns of members: what a run says at the column's place and year, whatever was read before."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gateway.jobs.columns import PEAK_LEVEL, PEAK_YEAR, answer_of
from gateway.jobs.reader import ColumnReader
from gateway.jobs.spec import TARGET
from gateway.jobs.words import BatchColumn, ColumnKind
from gateway.results import MetricSeries
from gateway.runs import Run
from gateway.targets.data import read_targets
from services.common.arrays import FloatArray
from services.common.outcome import empty_place_values
from services.common.regions import load_region
from services.common.scenario import Scenario
from services.common.words import Label, Metric

REGION = load_region("jiangsu")
TARGETS = [t for t in read_targets("jiangsu").targets if t.reading]
TOTAL = "account.territorial_tco2"
NONE = Label("", "")


def series(metric_id: str, years: int, rng: Any, *, by_city: bool) -> MetricSeries:
    cities: FloatArray = rng.random((len(REGION.city_ids), years)) if by_city else empty_place_values()
    return MetricSeries(Metric(metric_id, NONE, "1"), rng.random(years), cities)


def run_of(seed: int, years: tuple[int, ...] = (2020, 2025, 2030)) -> Run:
    rng = np.random.default_rng(seed)
    read = {r.metric_id for t in TARGETS for r in (t.reading, *t.other_readings) if r}
    annual_years = tuple(range(2020, 2036))
    metrics = {TOTAL: series(TOTAL, len(years), rng, by_city=True)}
    annual: dict[str, MetricSeries] = {}
    for metric_id in sorted(read - {TOTAL}):
        whole = metric_id.startswith(("account.", "power."))
        into, count = (metrics, len(years)) if whole else (annual, len(annual_years))
        into[metric_id] = series(metric_id, count, rng, by_city=len(metric_id) % 2 == 0)
    return Run(Scenario(), REGION.city_ids, years, metrics, annual, annual_years, None)


def column(kind: ColumnKind, name: str, metric_id: str = "", place: str = "", year: int = 0) -> BatchColumn:
    return BatchColumn(name, kind, metric_id, place, year, "", NONE)


def columns_for(run: Run) -> list[BatchColumn]:
    ids = [*run.metrics, *run.annual]
    found = [column(ColumnKind.TARGET, f"{TARGET}{t.id}") for t in TARGETS[::2]]
    found += [column(ColumnKind.CARBON_PEAK, PEAK_LEVEL), column(ColumnKind.CARBON_PEAK, PEAK_YEAR)]
    for year in (2030, 2020, 2025, 2033):  # not in order, and one that power does not answer
        for place in ("", "nanjing", "yancheng"):
            found += [column(ColumnKind.METRIC, f"{m}:{place}@{year}", m, place, year) for m in ids]
    found += [column(ColumnKind.METRIC, "none@2020", "no.such_metric", "", 2020)]
    return [*found, *(column(ColumnKind.TARGET, f"{TARGET}{t.id}") for t in TARGETS[1::2])]


def read_plainly(run: Run, columns: list[BatchColumn]) -> list[float]:
    by_id = {f"{TARGET}{t.id}": t for t in TARGETS}
    total: Mapping[int, float] = run.values(TOTAL)
    year = max(total, key=lambda y: total[y])
    peaks = {PEAK_LEVEL: total[year], PEAK_YEAR: 0.0 if year == max(total) else float(year)}
    return [
        run.values(c.metric_id, c.place).get(c.year, np.nan)
        if c.kind is ColumnKind.METRIC
        else peaks[c.column_id]
        if c.kind is ColumnKind.CARBON_PEAK
        else answer_of(REGION, by_id[c.column_id], run.values)
        for c in columns
    ]


def test_columns_are_what_each_run_says_after_any_other() -> None:
    runs = [run_of(s) for s in (1, 2, 2, 1, 3)]
    runs += [run_of(3, (2020, 2030)), run_of(3), run_of(4, tuple(range(2020, 2031)))]
    columns = columns_for(runs[0])
    reader = ColumnReader(REGION, columns)
    for run in runs:
        np.testing.assert_array_equal(reader.values(run), read_plainly(run, columns))


def test_a_reader_asks_for_what_its_columns_and_targets_rest_on() -> None:
    target = TARGETS[0]
    assert target.reading
    reader = ColumnReader(
        REGION,
        [
            column(ColumnKind.TARGET, f"{TARGET}{target.id}"),
            column(ColumnKind.METRIC, "m@2030", "account.peak_load_mw", "nanjing", 2030),
        ],
    )
    asked = {TOTAL, "account.peak_load_mw", target.reading.metric_id}
    assert reader.metric_ids == asked
    assert reader.with_city_peaks
