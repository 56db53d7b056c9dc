"""Statistics over the members of a batch that are done: percentiles, chances, joint peaks.

Everything is calculated from sorted values or from counts, so that the order in which members arrive changes no bit.
Percentiles are exact (type 7 of Hyndman and Fan). Their intervals lie between order statistics and those of shares
are Wilson's: both hold for independent draws, and are wider than needed for Sobol sequences and Latin hypercubes.
For what was drawn by nobody (grids, lists) they say nothing of the world outside the list.
"""

from collections.abc import Sequence
from math import fsum
from typing import Final

import numpy as np

from gateway.ensemble.statistics import percentile, rank_interval
from gateway.jobs.results import (
    ColumnPercentiles,
    CornerMember,
    CountedShare,
    Exceedance,
    JointPeaks,
    PeakYearClass,
    TargetChance,
    Threshold,
)
from gateway.jobs.words import MET, NOT_ANSWERED, BatchColumn, ColumnKind
from gateway.targets.probability import wilson
from services.common.arrays import FloatArray, IntArray

# Year of a carbon peak that does not lie in the span.
NO_PEAK: Final = 0.0
_YEAR: Final = "year"
# Bins of the joint table along each side.
JOINT_BINS: Final = 20
# Percentiles of carbon peak and peak load near which real members are named; the medians last.
CORNERS: Final = ((0.1, 0.1), (0.1, 0.9), (0.9, 0.1), (0.9, 0.9), (0.5, 0.5))


def is_measured(column: BatchColumn) -> bool:
    """Whether percentiles of a column mean anything: not of the year of the peak (a class), nor of answers."""
    return column.kind is ColumnKind.METRIC or (
        column.kind is ColumnKind.CARBON_PEAK and column.unit != _YEAR
    )


def measured(column: BatchColumn, values: FloatArray) -> FloatArray:
    """A column's values as numbers: NaN where it says "none" (no peak in the span, a target not answered)."""
    if column.kind is ColumnKind.TARGET:
        return np.where(values == NOT_ANSWERED, np.nan, values)
    if column.kind is ColumnKind.CARBON_PEAK and column.unit == _YEAR:
        return np.where(values == NO_PEAK, np.nan, values)
    return values


def compared(column: BatchColumn, values: FloatArray, threshold: float, last_year: int) -> FloatArray:
    """A column's values as they compare with a threshold; NaN where nothing can be said.

    Without a carbon peak in the span its year comes after every year before the span's last.
    """
    if column.kind is ColumnKind.CARBON_PEAK and column.unit == _YEAR and threshold < last_year:
        return np.where(values == NO_PEAK, np.inf, values)
    return measured(column, values)


def percentiles_of(column_id: str, values: FloatArray) -> ColumnPercentiles | None:
    """Percentiles of the members that have a value (NaN: none); None when there is no such member."""
    ordered = np.sort(values[np.isfinite(values)]).tolist()
    if not ordered:
        return None
    count = len(ordered)
    ends = {share: rank_interval(count, share) for share in (0.1, 0.5, 0.9)}
    low, high = ({s: ordered[pair[k] - 1] for s, pair in ends.items()} for k in (0, 1))
    p05, p10, p50, p90, p95 = (percentile(ordered, s) for s in (0.05, 0.1, 0.5, 0.9, 0.95))
    return ColumnPercentiles(
        column_id=column_id,
        member_count=count,
        p05=p05,
        p10=p10,
        p50=p50,
        p90=p90,
        p95=p95,
        p10_low=low[0.1],
        p10_high=high[0.1],
        p50_low=low[0.5],
        p50_high=high[0.5],
        p90_low=low[0.9],
        p90_high=high[0.9],
        mean=fsum(ordered) / count,
        lowest=ordered[0],
        highest=ordered[-1],
    )


def counted(good: int, count: int, not_counted: int) -> CountedShare:
    """A share with Wilson's 95 % interval; the interval is 0 to 1 when nobody can be counted."""
    if not count:
        return CountedShare(0.0, 0.0, 1.0, 0, not_counted)
    return CountedShare(good / count, *wilson(good / count, count), count, not_counted)


def exceedance(threshold: Threshold, values: FloatArray, failed_count: int = 0) -> Exceedance:
    """The chance of lying above a threshold; members without a value (NaN) are not counted."""
    known = values[~np.isnan(values)]
    missing = values.size - known.size + failed_count
    return Exceedance(threshold, counted(int((known > threshold.value).sum()), known.size, missing))


def target_chance(target_id: str, answers: FloatArray, failed_count: int = 0) -> TargetChance:
    """The chance of meeting a target, from answers (1 met, 0 missed, -1 not answered)."""
    known = answers[answers != NOT_ANSWERED]
    missing = answers.size - known.size + failed_count
    return TargetChance(target_id, counted(int((known == MET).sum()), known.size, missing))


def all_met(answers: Sequence[FloatArray], failed_count: int = 0) -> CountedShare | None:
    """The chance of meeting all targets together, counted on members: it is not the product of their chances.

    Of each member the targets count that it answers; a member that answers none is not counted. None without targets.
    """
    if not answers:
        return None
    held = np.column_stack(answers)
    answered = held != NOT_ANSWERED
    some = answered.any(axis=1)
    good = ((held == MET) | ~answered).all(axis=1) & some
    return counted(int(good.sum()), int(some.sum()), int((~some).sum()) + failed_count)


def joint_peaks(
    numbers: IntArray,
    peak_years: FloatArray,
    peak_tco2: FloatArray,
    load_mw: FloatArray,
    load_year: int,
    both: tuple[float, float] | None = None,
    failed_count: int = 0,
) -> JointPeaks | None:
    """Carbon peak and peak load together, by member; None without members.

    `both` are thresholds of carbon peak (t) and peak load (MW). A member without a peak in the span has the class 0
    and the highest emission of the span as its level. Peak years are classes: they are counted, never averaged.
    """
    if not numbers.size:
        return None
    order = np.argsort(numbers, kind="stable")
    numbers, peak_years, peak_tco2, load_mw = (
        numbers[order],
        peak_years[order],
        peak_tco2[order],
        load_mw[order],
    )
    tco2_bounds, tco2_bins = _bins(peak_tco2)
    load_bounds, load_bins = _bins(load_mw)
    width = load_bounds.size - 1
    cells = np.bincount(tco2_bins * width + load_bins, minlength=(tco2_bounds.size - 1) * width)
    above = None
    if both is not None:
        good = int(((peak_tco2 > both[0]) & (load_mw > both[1])).sum())
        above = counted(good, numbers.size, failed_count)
    return JointPeaks(
        years=tuple(_classes(peak_years, peak_tco2)),
        peak_load_year=load_year,
        kendall_tau=_kendall_tau(peak_tco2, load_mw),
        both_above=above,
        corners=tuple(_corners(numbers, peak_tco2, load_mw)),
        carbon_peak_bounds_tco2=tco2_bounds,
        peak_load_bounds_mw=load_bounds,
        cell_counts=cells.astype(np.int32),
    )


def _classes(years: FloatArray, levels: FloatArray) -> list[PeakYearClass]:
    found = []
    for year in np.unique(years).tolist():
        own = levels[years == year].tolist()
        p10, p50, p90 = (percentile(own, s) for s in (0.1, 0.5, 0.9))
        found.append(PeakYearClass(int(year), len(own) / years.size, p10, p50, p90))
    return found


def _bins(values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Bounds of equal bins from the lowest to the highest value, and the bin of each; one bin of a single value."""
    low, high = float(values.min()), float(values.max())
    bounds = np.linspace(low, high, JOINT_BINS + 1) if low < high else np.array([low, high])
    at = np.searchsorted(bounds, values, side="right") - 1
    return bounds, np.clip(at, 0, bounds.size - 2).astype(np.int32)


def _kendall_tau(a: FloatArray, b: FloatArray) -> float | None:
    """Kendall's tau-b; None when one of them does not vary."""
    if a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    from scipy.stats import kendalltau

    found = float(kendalltau(a, b, variant="b", method="asymptotic").statistic)
    return found if np.isfinite(found) else None


def _corners(numbers: IntArray, peak_tco2: FloatArray, load_mw: FloatArray) -> list[CornerMember]:
    """The member nearest to each corner, both scaled by the range from their 10th to their 90th percentile."""
    axes = [(values, np.sort(values).tolist()) for values in (peak_tco2, load_mw)]
    found = []
    for shares in CORNERS:
        distance = np.zeros(numbers.size)
        for (values, ordered), share in zip(axes, shares, strict=True):
            width = percentile(ordered, 0.9) - percentile(ordered, 0.1)
            if width > 0:
                distance += ((values - percentile(ordered, share)) / width) ** 2
        at = int(np.argmin(distance))
        found.append(CornerMember(*shares, int(numbers[at]), float(peak_tco2[at]), float(load_mw[at])))
    return found
