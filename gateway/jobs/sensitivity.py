"""Which inputs move a column: Morris and Sobol through SALib, and what an ordinary ensemble can say without a run more.

Given data: the first-order share of an input is the variance of the means in bins of equal numbers of members,
less what bins of pure noise would show (Kelley's epsilon squared), over the whole variance. Inputs that are drawn
together share their variance: each is told with those that it is tied to. Only whole rows of a Morris or Sobol
sample can be read, so one member that failed or is missing leaves its row out.
"""

import warnings
from collections.abc import Mapping
from typing import Final

import numpy as np

from gateway.ensemble.sensing import problem_of
from gateway.ensemble.words import WEATHER, Design, DesignInput, Sensing, SensitivityMethod
from gateway.jobs.results import ColumnSensitivity, InputPair, InputSensitivity
from services.common.arrays import FloatArray, IntArray

# Bins of given-data shares; fewer members than three in each of the fewest say nothing.
FEWEST_BINS, MOST_BINS = 20, 50
FEWEST_MEMBERS: Final = 3 * FEWEST_BINS
FEWEST_ROWS: Final = 4
RESAMPLES: Final = 100
# Values that differ by rounding only do not vary.
_SAME: Final = 1e-12
_NO_DRAWS = "the design draws nothing: sensitivities need a random, Morris or Sobol design"
_CONSTANT = "the column is the same for every member"


def sensitivities(
    numbers: IntArray, columns: Mapping[str, FloatArray], design: Design
) -> tuple[ColumnSensitivity, ...]:
    """Sensitivities of columns, [member] each, from members by number; NaN counts as no value.

    Where a method cannot be used the reason is told, and no number. The order of members changes no bit.
    """
    sensing = design.sensing
    if sensing.method is SensitivityMethod.NONE or not sensing.inputs:
        return tuple(_without(c, sensing, _NO_DRAWS) for c in columns)
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    last = int(numbers[-1]) + 1 if numbers.size else 0
    whole = sensing.method is not SensitivityMethod.GIVEN_DATA
    shares = design.shares(0, design.member_count if whole else last)[numbers]
    found = []
    for column_id, held in columns.items():
        values = held[order]
        known = np.isfinite(values)
        tell = _sampled if whole else _given_data
        found.append(tell(column_id, numbers[known], values[known], shares[known], design))
    return tuple(found)


def _without(column_id: str, sensing: Sensing, reason: str, count: int = 0) -> ColumnSensitivity:
    return ColumnSensitivity(column_id, sensing.method.value, (), reason, count)


def _is_constant(values: FloatArray) -> bool:
    return bool(np.ptp(values) <= _SAME * np.abs(values).max())


def _given_data(
    column_id: str, numbers: IntArray, values: FloatArray, shares: FloatArray, design: Design
) -> ColumnSensitivity:
    sensing, count = design.sensing, values.size
    if count < FEWEST_MEMBERS:
        return _without(
            column_id, sensing, f"{count} members have a value; {FEWEST_MEMBERS} are needed", count
        )
    if _is_constant(values):
        return _without(column_id, sensing, _CONSTANT, count)
    centred = (values - values.mean()) / values.std()
    ranks = _ranks(values)
    tied: dict[str, list[str]] = {}
    for a, b in sensing.correlated:
        tied.setdefault(a, []).append(b)
        tied.setdefault(b, []).append(a)
    found = [
        InputSensitivity(
            one.input_id,
            one.label,
            first_order_share=_first_order(shares[:, one.columns[0]], centred),
            # Weather years have no order, so that ranks of them say nothing.
            rank_correlation=None
            if one.input_id == WEATHER
            else _correlation(shares[:, one.columns[0]], ranks),
            correlated_with=tuple(tied.get(one.input_id, ())),
        )
        for one in sensing.inputs
    ]
    found.sort(key=lambda i: -(i.first_order_share or 0.0))
    return ColumnSensitivity(column_id, sensing.method.value, tuple(found), "", count)


def _first_order(shares: FloatArray, values: FloatArray) -> float:
    """The share of the variance between bins of an input, corrected for their number; at least 0."""
    count = values.size
    bins = min(MOST_BINS, max(FEWEST_BINS, int(np.sqrt(count))))
    distinct, places = np.unique(shares, return_inverse=True)
    if distinct.size > bins:
        places = np.argsort(np.argsort(shares, kind="stable"), kind="stable") * bins // count
    sizes = np.bincount(places)
    used = sizes > 0
    means = np.bincount(places, weights=values)[used] / sizes[used]
    between = float((sizes[used] * (means - values.mean()) ** 2).sum())
    whole = float(((values - values.mean()) ** 2).sum())
    groups = int(used.sum())
    if groups < 2 or count <= groups:
        return 0.0
    noise = (whole - between) / (count - groups)
    return max(0.0, (between - (groups - 1) * noise) / whole)


def _ranks(values: FloatArray) -> FloatArray:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def _correlation(shares: FloatArray, ranks: FloatArray) -> float | None:
    """Spearman's: Pearson's of ranks, ties at their mean."""
    own = _ranks(shares)
    if np.ptp(own) == 0:
        return None
    a, b = own - own.mean(), ranks - ranks.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))


def _sampled(
    column_id: str, numbers: IntArray, values: FloatArray, shares: FloatArray, design: Design
) -> ColumnSensitivity:
    sensing, width = design.sensing, row_width(design.sensing)
    rows = numbers // width
    whole = np.flatnonzero(np.bincount(rows, minlength=design.member_count // width) == width)
    if whole.size < FEWEST_ROWS:
        text = (
            f"{whole.size} of {design.member_count // width} rows of {width} members are whole; "
            f"{FEWEST_ROWS} are needed (a member that failed or is missing leaves its row out)"
        )
        return _without(column_id, sensing, text)
    kept = np.isin(rows, whole)
    values = values[kept]
    if _is_constant(values):
        return _without(column_id, sensing, _CONSTANT, values.size)
    with warnings.catch_warnings():
        # A resample may be constant where the whole is not.
        warnings.simplefilter("ignore")
        if sensing.method is SensitivityMethod.MORRIS:
            found, pairs = _morris(sensing, shares[kept], values), list[InputPair]()
        else:
            found, pairs = _sobol(sensing, values)
    return ColumnSensitivity(column_id, sensing.method.value, tuple(found), "", values.size, tuple(pairs))


def row_width(sensing: Sensing) -> int:
    """Members of one row of a Morris or Sobol sample."""
    count = len(sensing.inputs)
    if sensing.method is SensitivityMethod.MORRIS:
        return count + 1
    return 2 * count + 2 if sensing.second_order else count + 2


def _morris(sensing: Sensing, cube: FloatArray, values: FloatArray) -> list[InputSensitivity]:
    from SALib.analyze import morris

    told = morris.analyze(
        problem_of(sensing.inputs),
        cube,
        values,
        num_resamples=RESAMPLES,
        num_levels=sensing.level_count,
        seed=_seed(sensing),
    )
    found = [
        InputSensitivity(
            one.input_id,
            one.label,
            mean_effect=float(told["mu_star"][k]),
            effect_spread=_finite(float(told["sigma"][k])),
        )
        for k, one in enumerate(sensing.inputs)
    ]
    return sorted(found, key=lambda i: -(i.mean_effect or 0.0))


def _sobol(sensing: Sensing, values: FloatArray) -> tuple[list[InputSensitivity], list[InputPair]]:
    from SALib.analyze import sobol

    told = sobol.analyze(
        problem_of(sensing.inputs),
        values,
        calc_second_order=sensing.second_order,
        num_resamples=RESAMPLES,
        seed=_seed(sensing),
    )
    found = [
        InputSensitivity(
            one.input_id,
            one.label,
            first_order_share=float(told["S1"][k]),
            first_order_half_width_share=_finite(float(told["S1_conf"][k])),
            total_share=float(told["ST"][k]),
            total_half_width_share=_finite(float(told["ST_conf"][k])),
        )
        for k, one in enumerate(sensing.inputs)
    ]
    pairs = []
    if sensing.second_order:
        pairs = [
            _pair(a, b, float(told["S2"][j, k]), float(told["S2_conf"][j, k]))
            for j, a in enumerate(sensing.inputs)
            for k, b in enumerate(sensing.inputs)
            if j < k
        ]
    found.sort(key=lambda i: -(i.total_share or 0.0))
    pairs.sort(key=lambda p: -p.share)
    return found, pairs


def _pair(a: DesignInput, b: DesignInput, share: float, half_width: float) -> InputPair:
    return InputPair(a.input_id, b.input_id, share, half_width)


def _seed(sensing: Sensing) -> int:
    """Seed of the resamples: never 0, which the library takes for none."""
    return sensing.seed + 1


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
