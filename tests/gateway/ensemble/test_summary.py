"""What a batch says of its members: numpy's and scipy's own figures, in any order of arrival."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gateway.jobs.results import Threshold
from gateway.jobs.summary import (
    all_met,
    compared,
    counted,
    exceedance,
    is_measured,
    joint_peaks,
    measured,
    percentiles_of,
    target_chance,
)
from gateway.jobs.words import BatchColumn, ColumnKind
from services.common.words import Label

VALUES = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=80)


def column(kind, unit=""):
    return BatchColumn("c", kind, "", "", 0, unit, Label("", ""))


@given(VALUES, st.randoms())
def test_percentiles_are_exact_and_the_same_in_any_order(values, random):
    found = percentiles_of("c", np.array(values))
    shuffled = list(values)
    random.shuffle(shuffled)
    assert percentiles_of("c", np.array(shuffled)) == found
    for name, share in (("p05", 5), ("p10", 10), ("p50", 50), ("p90", 90), ("p95", 95)):
        assert getattr(found, name) == pytest.approx(np.percentile(values, share), rel=1e-9, abs=1e-6)
    assert (found.lowest, found.highest) == (min(values), max(values))
    assert found.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-6)
    assert found.p50_low <= found.p50 <= found.p50_high


def test_the_interval_of_p90_lies_between_order_statistics_e4():
    for count, low, high in ((1000, 881, 919), (10_000, 8941, 9059)):
        found = percentiles_of("c", np.arange(1.0, count + 1))
        assert (found.p90_low, found.p90_high) == (low, high)


def test_the_interval_of_p90_holds_the_true_value_nineteen_times_in_twenty():
    rng = np.random.default_rng(3)
    truth = stats.norm.ppf(0.9)
    held = [percentiles_of("c", rng.standard_normal(400)) for _ in range(400)]
    assert 0.92 <= np.mean([h.p90_low <= truth <= h.p90_high for h in held]) <= 0.99


def test_members_without_a_value_are_left_out_and_none_gives_none():
    found = percentiles_of("c", np.array([np.nan, 1.0, 3.0]))
    assert (found.member_count, found.p50) == (2, 2.0)
    assert percentiles_of("c", np.array([np.nan])) is None
    assert percentiles_of("c", np.empty(0)) is None


def test_chances_have_wilsons_interval_e3():
    for good, count, low, high in (
        (870, 1000, 0.84773, 0.88944), (8700, 10000, 0.86327, 0.87645),
        (0, 1000, 0.0, 0.00383), (3, 1000, 0.00102, 0.00878),
    ):  # fmt: skip
        found = counted(good, count, 7)
        theirs = stats.binomtest(good, count).proportion_ci(method="wilson")
        assert (found.low_share, found.high_share) == pytest.approx((low, high), abs=6e-6)
        assert (found.low_share, found.high_share) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
        assert (found.share, found.member_count, found.not_counted_count) == (good / count, count, 7)
    nobody = counted(0, 0, 3)
    assert (nobody.low_share, nobody.high_share, nobody.member_count) == (0.0, 1.0, 0)


def test_exceedance_counts_members_above_and_tells_who_is_missing():
    found = exceedance(Threshold("c", 2.0), np.array([1.0, 2.0, 3.0, 4.0, np.nan]), failed_count=2).above
    assert (found.share, found.member_count, found.not_counted_count) == (0.5, 4, 3)


def test_targets_that_are_not_answered_are_not_missed():
    answers = np.array([1.0, 0.0, -1.0, 1.0])
    found = target_chance("T", answers, failed_count=1).met
    assert (found.share, found.member_count, found.not_counted_count) == (2 / 3, 3, 2)


def test_all_targets_together_are_counted_on_members_and_are_no_product():
    """Two targets, each met by half of the members: together by half, or by none."""
    first = np.array([1.0, 1.0, 0.0, 0.0])
    assert all_met([first, first]).share == 0.5
    assert all_met([first, 1 - first]).share == 0.0
    some = all_met([np.array([1.0, -1.0, -1.0]), np.array([-1.0, 0.0, -1.0])], failed_count=1)
    assert (some.share, some.member_count, some.not_counted_count) == (0.5, 2, 2)
    assert all_met([]) is None


def peaks(count=400, seed=1):
    rng = np.random.default_rng(seed)
    level = rng.normal(700e6, 20e6, count)
    load = 1.5e5 + (level - 700e6) / 2e3 + rng.normal(0, 8e3, count)
    years = rng.choice([0.0, 2028.0, 2030.0], count)
    return np.arange(count), years, level, load


def test_joint_peaks_are_those_of_scipy_and_of_plain_counting():
    numbers, years, level, load = peaks()
    found = joint_peaks(numbers, years, level, load, 2030, (710e6, 1.55e5), failed_count=4)
    assert found.kendall_tau == pytest.approx(stats.kendalltau(level, load).statistic, rel=1e-12)
    both = np.mean((level > 710e6) & (load > 1.55e5))
    assert found.both_above.share == both and found.both_above.not_counted_count == 4
    cells = found.cell_counts.reshape(20, 20)
    theirs, *_ = np.histogram2d(level, load, bins=[found.carbon_peak_bounds_tco2, found.peak_load_bounds_mw])
    assert np.array_equal(cells, theirs.astype(int)) and cells.sum() == 400
    assert [c.year for c in found.years] == [0, 2028, 2030]
    assert sum(c.share for c in found.years) == pytest.approx(1)
    for one in found.years:
        own = level[years == one.year]
        assert (one.p10_tco2, one.p90_tco2) == pytest.approx(np.percentile(own, [10, 90]))


def test_corner_members_are_real_and_the_nearest():
    numbers, years, level, load = peaks()
    found = joint_peaks(numbers + 1000, years, level, load, 2030)
    assert len(found.corners) == 5
    widths = [np.subtract(*np.percentile(v, [90, 10])) for v in (level, load)]
    for one in found.corners:
        at = one.member - 1000
        assert (one.carbon_peak_tco2, one.peak_load_mw) == (level[at], load[at])
        goal = (
            np.percentile(level, 100 * one.carbon_peak_share),
            np.percentile(load, 100 * one.peak_load_share),
        )
        distance = ((level - goal[0]) / widths[0]) ** 2 + ((load - goal[1]) / widths[1]) ** 2
        assert distance[at] == pytest.approx(distance.min())
    assert found.both_above is None


def test_joint_peaks_are_the_same_in_any_order_of_arrival():
    held = peaks(97)
    order = np.random.default_rng(2).permutation(97)
    found = [joint_peaks(*held, 2030), joint_peaks(*(h[order] for h in held), 2030)]
    assert all(a.corners == b.corners and a.kendall_tau == b.kendall_tau for a, b in [found])
    assert np.array_equal(found[0].cell_counts, found[1].cell_counts) and found[0].years == found[1].years


def test_joint_peaks_of_equal_few_or_no_members():
    one = joint_peaks(np.array([5]), np.array([2028.0]), np.array([7e8]), np.array([1e5]), 2030)
    assert one.kendall_tau is None and one.cell_counts.tolist() == [1]
    assert {c.member for c in one.corners} == {5}
    same = joint_peaks(np.arange(3), np.full(3, 2028.0), np.full(3, 7e8), np.array([1.0, 2.0, 3.0]), 2030)
    assert same.kendall_tau is None and same.cell_counts.sum() == 3
    empty = np.empty(0)
    assert joint_peaks(empty.astype(np.int32), empty, empty, empty, 2030) is None


def test_classes_and_answers_are_no_measures():
    year, level = column(ColumnKind.CARBON_PEAK, "year"), column(ColumnKind.CARBON_PEAK, "tCO2")
    target, metric = column(ColumnKind.TARGET), column(ColumnKind.METRIC, "year")
    assert [is_measured(c) for c in (year, level, target, metric)] == [False, True, False, True]
    assert np.isnan(measured(year, np.array([0.0, 2030.0]))).tolist() == [True, False]
    assert np.isnan(measured(target, np.array([-1.0, 0.0, 1.0]))).tolist() == [True, False, False]
    assert measured(metric, np.array([0.0, -1.0])).tolist() == [0.0, -1.0]


def test_a_member_still_rising_at_the_end_peaks_after_every_earlier_year():
    years, one = np.array([2025.0, 2030.0, 0.0, 0.0]), column(ColumnKind.CARBON_PEAK, "year")
    above = exceedance(Threshold("c", 2029), compared(one, years, 2029, 2035)).above
    assert (above.share, above.member_count, above.not_counted_count) == (0.75, 4, 0)
    # Whether it is later than the end of the span is not known.
    above = exceedance(Threshold("c", 2035), compared(one, years, 2035, 2035)).above
    assert (above.share, above.member_count, above.not_counted_count) == (0.0, 2, 2)
