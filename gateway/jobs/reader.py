"""From the run of a member to its columns, ten thousand times a batch: by index, and answers that stand are kept."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gateway.carbon_peak import peak_index
from gateway.jobs.columns import ACCOUNT_TOTAL, PEAK_LEVEL, PEAK_LOAD, PEAK_YEAR, told_answer
from gateway.jobs.spec import TARGET
from gateway.jobs.words import BatchColumn, ColumnKind
from gateway.runs import Run
from gateway.targets.data import Target, read_targets
from gateway.targets.judging import deciding_readings, last_year_of, verdict_of
from gateway.targets.world import plain_world
from services.common.arrays import FloatArray
from services.common.regions import Region

Key = tuple[str, str]
_EMPTY: Final[FloatArray] = np.empty(0)
# Columns and years as indices; slices where they follow each other.
_Places = slice | list[int]


@dataclass(frozen=True)
class _Series:
    """The columns of one metric at one place, with their years."""

    metric_id: str
    place: str
    columns: tuple[int, ...]
    years: tuple[int, ...]

    def among(self, years: Sequence[int]) -> tuple[_Places, _Places]:
        """Places in the row of columns, and in values over `years`; columns of other years are left out."""
        at = {y: i for i, y in enumerate(years)}
        both = [(c, at[y]) for c, y in zip(self.columns, self.years, strict=True) if y in at]
        return _places([c for c, _ in both]), _places([i for _, i in both])


class ColumnReader:
    """The columns of members, read one run after another.

    An answer to a target depends only on the values that it reads: while these are the last member's, so is the
    answer. Most policy targets rest on choices that no draw moves.
    """

    def __init__(self, region: Region, columns: Sequence[BatchColumn]) -> None:
        self._count = len(columns)
        self._series = _series_of(columns)
        self._peaks = [(i, c.column_id) for i, c in enumerate(columns) if c.kind is ColumnKind.CARBON_PEAK]
        known = {t.id: t for t in read_targets(region.region_id).targets}
        asked = [(i, c.column_id.removeprefix(TARGET)) for i, c in _of_kind(columns, ColumnKind.TARGET)]
        self._targets = [(i, known[name]) for i, name in asked if name in known]
        readings = (r for _, t in self._targets for r in deciding_readings(t))
        # Metrics that a run has to hold.
        self.metric_ids = frozenset(
            {ACCOUNT_TOTAL, *(c.metric_id for c in columns if c.metric_id), *(r.metric_id for r in readings)}
        )
        self.with_city_peaks = any(c.metric_id == PEAK_LOAD and c.place for c in columns)
        self._world = plain_world(region, self._hear)
        # Of the years of the runs read so far: the places of every series among them.
        self._years: tuple[tuple[int, ...], tuple[int, ...]] = (), ()
        self._plan: list[tuple[_Series, tuple[_Places, _Places], tuple[_Places, _Places]]] = []
        self._last: dict[str, tuple[tuple[tuple[Key, bytes], ...], float]] = {}
        self._run: Run | None = None
        # Rows of the run by metric and place, and what the target of the moment reads of them.
        self._rows: dict[Key, _Row] = {}
        self._until: int | None = None
        self._heard: dict[Key, bytes] = {}

    def values(self, run: Run) -> FloatArray:
        """The columns of one member, [column]; NaN where it has no value."""
        self._begin(run)
        found = np.full(self._count, np.nan)
        for series, annual, chosen in self._plan:
            row = run.row(series.metric_id, series.place)
            if row is not None:
                columns, at = annual if series.metric_id in run.annual else chosen
                found[columns] = row[at]
        if self._peaks:
            fixed = _carbon_peak(run)
            for i, name in self._peaks:
                found[i] = fixed[name]
        for i, target in self._targets:
            found[i] = self._answer(target)
        return found

    def _begin(self, run: Run) -> None:
        """Turn to another run; what is kept of earlier ones holds for runs of the same years."""
        self._run, self._rows = run, {}
        if self._years != (run.annual_years, run.years):
            self._years = run.annual_years, run.years
            self._plan = [(s, s.among(run.annual_years), s.among(run.years)) for s in self._series]
            self._last = {}

    def _answer(self, target: Target) -> float:
        known = self._last.get(target.id)
        self._until = last_year_of(target)
        if known is not None and all(self._row(key).bits(self._until) == then for key, then in known[0]):
            return known[1]
        self._heard = {}
        found = told_answer(verdict_of(self._world, target))
        self._last[target.id] = tuple(self._heard.items()), found
        return found

    def _hear(self, metric_id: str, place: str) -> Mapping[int, float]:
        """The run's values for a target, noted as read by it."""
        key = metric_id, place
        row = self._row(key)
        self._heard[key] = row.bits(self._until)
        return row.by_year(self._until)

    def _row(self, key: Key) -> "_Row":
        found = self._rows.get(key)
        if found is None:
            assert self._run is not None
            row = self._run.row(*key)
            years = self._run.annual_years if key[0] in self._run.annual else self._run.years
            found = self._rows[key] = _Row((), _EMPTY) if row is None else _Row(years, row)
        return found


class _Row:
    """A metric's values over its years, all of them or up to a year.

    One that is not finite everywhere is read whole: such a metric answers nothing.
    """

    def __init__(self, years: tuple[int, ...], values: FloatArray) -> None:
        self._years, self._values = years, values
        self._whole = not np.isfinite(values).all()

    def _count(self, until: int | None) -> int:
        return len(self._years) if until is None or self._whole else bisect_right(self._years, until)

    def bits(self, until: int | None) -> bytes:
        """The values' bits: equal for equal values over the same years."""
        return self._values[: self._count(until)].tobytes()

    def by_year(self, until: int | None) -> Mapping[int, float]:
        """The values by year."""
        count = self._count(until)
        return dict(zip(self._years[:count], self._values[:count].tolist(), strict=True))


def _series_of(columns: Sequence[BatchColumn]) -> list[_Series]:
    """The columns of metrics by metric and place, in order of appearance."""
    found: dict[Key, tuple[list[int], list[int]]] = {}
    for i, column in _of_kind(columns, ColumnKind.METRIC):
        places, years = found.setdefault((column.metric_id, column.place), ([], []))
        places.append(i)
        years.append(column.year)
    return [_Series(*key, tuple(places), tuple(years)) for key, (places, years) in found.items()]


def _of_kind(columns: Sequence[BatchColumn], kind: ColumnKind) -> list[tuple[int, BatchColumn]]:
    return [(i, c) for i, c in enumerate(columns) if c.kind is kind]


def _places(indices: list[int]) -> _Places:
    step = indices[1] - indices[0] if len(indices) > 1 else 1
    if indices and step > 0 and indices == list(range(indices[0], indices[-1] + 1, step)):
        return slice(indices[0], indices[-1] + 1, step)
    return indices


def _carbon_peak(run: Run) -> dict[str, float]:
    """Year (0: none in the span) and level of the territorial carbon peak among the kept years."""
    total = run.row(ACCOUNT_TOTAL)
    assert total is not None
    at = peak_index(total)
    return {
        PEAK_YEAR: float(run.years[at]) if at < total.size - 1 else 0.0,
        PEAK_LEVEL: float(total[at]),
    }
