"""A summary of a batch: which stored columns each statistic reads, and the statistics of them."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from gateway.ensemble.words import Design
from gateway.jobs.answers import Summary
from gateway.jobs.columns import PEAK_LEVEL, PEAK_LOAD, PEAK_YEAR, column_indices, unknown_columns
from gateway.jobs.doors import SummariseBatchRequest
from gateway.jobs.ports import BatchStore
from gateway.jobs.results import ColumnPercentiles, JointPeaks, Threshold
from gateway.jobs.sensitivity import sensitivities
from gateway.jobs.spec import TARGET, Spec
from gateway.jobs.summary import (
    all_met,
    exceedance,
    is_measured,
    joint_peaks,
    measured,
    percentiles_of,
    target_chance,
)
from gateway.jobs.words import Batch, ColumnKind
from services.common.arrays import FloatArray, IntArray
from services.common.errors import Violation, invalid

JOINT_YEAR: Final = 2030


class _Columns:
    """Columns of the members that are done, read together, once."""

    def __init__(self, store: BatchStore, batch_id: str, spec: Spec, column_ids: Sequence[str]) -> None:
        named = tuple(dict.fromkeys(column_ids))
        self._at = {c: i for i, c in enumerate(named)}
        self._spec = {c.column_id: c for c in spec.columns}
        self.numbers, self._values = store.columns(batch_id, column_indices(spec, named).tolist())

    def raw(self, column_id: str) -> FloatArray:
        """A column as it is stored, [member]."""
        return np.ascontiguousarray(self._values[:, self._at[column_id]])

    def measured(self, column_id: str) -> FloatArray:
        """A column with NaN for "none"."""
        return measured(self._spec[column_id], self.raw(column_id))


def summarise(
    store: BatchStore, batch: Batch, spec: Spec, design: Callable[[], Design], asked: SummariseBatchRequest
) -> Summary:
    """Everything asked of the members that are done. DomainError(INVALID_INPUT) for unknown columns."""
    shown = asked.column_ids or tuple(
        c.column_id
        for c in spec.columns
        if is_measured(c) and not c.place and c.kind is not ColumnKind.TARGET
    )
    thresholds = tuple(Threshold(t.column_id, t.value) for t in asked.thresholds)
    targets = [f"{TARGET}{t}" for t in spec.target_ids]
    _check(spec, asked)
    load = _load_column(spec, asked.joint_year)
    held = _Columns(
        store,
        batch.batch_id,
        spec,
        (
            *shown,
            *(t.column_id for t in thresholds),
            *asked.sensitivity_column_ids,
            *targets,
            PEAK_YEAR,
            PEAK_LEVEL,
            *([load] if load else []),
        ),
    )
    failed = batch.failed_count
    return Summary(
        batch=batch,
        percentiles=percentiles(held.measured, shown),
        exceedances=tuple(exceedance(t, held.measured(t.column_id), failed) for t in thresholds),
        targets=tuple(target_chance(t.removeprefix(TARGET), held.raw(t), failed) for t in targets),
        all_targets_met=all_met([held.raw(t) for t in targets], failed),
        joint=_joint(held, asked, load, failed) if load else None,
        sensitivities=sensitivities(
            held.numbers, {c: held.measured(c) for c in asked.sensitivity_column_ids}, design()
        )
        if asked.sensitivity_column_ids
        else (),
    )


def percentiles_so_far(
    store: BatchStore, batch_id: str, spec: Spec, column_ids: Sequence[str]
) -> tuple[ColumnPercentiles, ...]:
    """Percentiles of chosen columns over the members that are done; the headline's when none is chosen."""
    chosen = tuple(column_ids) or (
        PEAK_LEVEL,
        *(c.column_id for c in spec.columns if c.metric_id == PEAK_LOAD and not c.place),
    )
    return percentiles(_Columns(store, batch_id, spec, chosen).measured, chosen)


def percentiles(
    values_of: Callable[[str], FloatArray], column_ids: Sequence[str]
) -> tuple[ColumnPercentiles, ...]:
    """Percentiles of columns; those without any value are left out."""
    found = (percentiles_of(c, values_of(c)) for c in column_ids)
    return tuple(p for p in found if p is not None)


def _joint(held: _Columns, asked: SummariseBatchRequest, load: str, failed: int) -> JointPeaks | None:
    both = None
    if asked.joint_carbon_peak_tco2 and asked.joint_peak_load_mw:
        both = asked.joint_carbon_peak_tco2, asked.joint_peak_load_mw
    numbers: IntArray = held.numbers
    return joint_peaks(
        numbers,
        held.raw(PEAK_YEAR),
        held.raw(PEAK_LEVEL),
        held.raw(load),
        int(load.rpartition("@")[2]),
        both,
        failed,
    )


def _load_column(spec: Spec, year: int) -> str:
    """The column of the region's peak load in a year: the year asked, else 2030 when kept, else the last kept."""
    kept = {c.year: c.column_id for c in spec.columns if c.metric_id == PEAK_LOAD and not c.place}
    if year and year not in kept:
        years = ", ".join(str(y) for y in kept) or f"none: keep the metric {PEAK_LOAD}"
        raise invalid([Violation("joint_year", "no peak load is kept for this year", str(year), years)])
    if not kept:
        return ""
    return kept.get(year or JOINT_YEAR, kept[max(kept)])


def _check(spec: Spec, asked: SummariseBatchRequest) -> None:
    found = [
        *unknown_columns(spec, asked.column_ids, "column_ids[{}]"),
        *unknown_columns(spec, asked.sensitivity_column_ids, "sensitivity_column_ids[{}]"),
        *unknown_columns(spec, [t.column_id for t in asked.thresholds], "thresholds[{}].column_id"),
    ]
    if bool(asked.joint_carbon_peak_tco2) != bool(asked.joint_peak_load_mw):
        found.append(Violation("joint_peak_load_mw", "give both joint thresholds or none"))
    if found:
        raise invalid(found)
