"""A summary of a batch: which stored columns each statistic reads, and the statistics of them."""

from collections.abc import Callable, Iterator, Sequence
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
    compared,
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
# Values read together: 256 MB.
_MOST_VALUES: Final = 32_000_000


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

    def compared(self, threshold: Threshold, last_year: int) -> FloatArray:
        """A column as it compares with a threshold."""
        column_id = threshold.column_id
        return compared(self._spec[column_id], self.raw(column_id), threshold.value, last_year)


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
    load = _checked(spec, asked)
    held = _Columns(
        store,
        batch.batch_id,
        spec,
        (
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
        percentiles=tuple(_in_turns(store, batch, spec, shown)),
        exceedances=tuple(exceedance(t, held.compared(t, max(spec.years)), failed) for t in thresholds),
        targets=tuple(target_chance(t.removeprefix(TARGET), held.raw(t), failed) for t in targets),
        all_targets_met=all_met([held.raw(t) for t in targets], failed),
        joint=_joint(held, asked, load, failed) if load else None,
        sensitivities=sensitivities(
            held.numbers, {c: held.measured(c) for c in asked.sensitivity_column_ids}, design()
        )
        if asked.sensitivity_column_ids
        else (),
    )


def _in_turns(
    store: BatchStore, batch: Batch, spec: Spec, column_ids: Sequence[str]
) -> Iterator[ColumnPercentiles]:
    """Percentiles of columns, of some at a time, so that memory does not grow with their number."""
    width = max(1, _MOST_VALUES // max(1, batch.member_count))
    for start in range(0, len(column_ids), width):
        some = column_ids[start : start + width]
        yield from percentiles(_Columns(store, batch.batch_id, spec, some).measured, some)


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


def _checked(spec: Spec, asked: SummariseBatchRequest) -> str:
    """The column of the region's peak load; "" when none is kept. DomainError(INVALID_INPUT) with all violations."""
    found = [
        *unknown_columns(spec, asked.column_ids, "column_ids[{}]"),
        *unknown_columns(spec, asked.sensitivity_column_ids, "sensitivity_column_ids[{}]"),
        *unknown_columns(spec, [t.column_id for t in asked.thresholds], "thresholds[{}].column_id"),
    ]
    if bool(asked.joint_carbon_peak_tco2) != bool(asked.joint_peak_load_mw):
        found.append(Violation("joint_peak_load_mw", "give both joint thresholds or none"))
    kept = {c.year: c.column_id for c in spec.columns if c.metric_id == PEAK_LOAD and not c.place}
    year = asked.joint_year
    if not kept and (year or asked.joint_peak_load_mw):
        text = f"no peak load is kept: create the batch with the metric {PEAK_LOAD}"
        found.append(Violation("joint_year" if year else "joint_peak_load_mw", text))
    elif year and year not in kept:
        years = ", ".join(str(y) for y in kept)
        found.append(Violation("joint_year", "no peak load is kept for this year", str(year), years))
    if found:
        raise invalid(found)
    # The year asked, else 2030 when kept, else the last kept.
    return kept.get(year or JOINT_YEAR, kept[max(kept)]) if kept else ""
