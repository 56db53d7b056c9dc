"""What is said of many members (known answers E2 to E4)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ensemble.statistics import (
    joint_table,
    percentile,
    rank_interval,
    weighted_percentile,
)
from gateway.targets.probability import wilson

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@given(VALUES, st.floats(0, 1))
def test_percentiles_are_those_of_numpy_and_do_not_depend_on_order(values, share):
    own = percentile(values, share)
    assert own == pytest.approx(float(np.percentile(values, 100 * share)), rel=1e-9, abs=1e-6)
    assert percentile(values[::-1], share) == own


def test_wilson_intervals_e3():
    for good, count, low, high in (
        (870, 1000, 0.84773, 0.88944),
        (8700, 10000, 0.86327, 0.87645),
        (0, 1000, 0.0, 0.00383),
        (3, 1000, 0.00102, 0.00878),
    ):
        assert wilson(good / count, count) == pytest.approx((low, high), abs=6e-6)


def test_rank_intervals_e4():
    assert rank_interval(1000, 0.9) == (881, 919)
    assert rank_interval(10000, 0.9) == (8941, 9059)


def test_equal_weights_change_no_median():
    values = [3.0, 1.0, 2.0, 5.0, 4.0]
    assert weighted_percentile(values, [1] * 5, 0.5) == percentile(values, 0.5) == 3.0


@given(VALUES)
def test_a_member_counted_twice_is_two_members(values):
    doubled = [*values, *values]
    for share in (0.1, 0.5, 0.9):
        both = weighted_percentile(values, [2.0] * len(values), share)
        assert both == pytest.approx(weighted_percentile(values, [1.0] * len(values), share))
        assert min(doubled) <= both <= max(doubled)


def test_joint_table_keeps_years_as_classes():
    table = joint_table([2025, 2030, 2025, 0], [1.0, 5.0, 3.0, 9.0])
    assert {y: t[0] for y, t in table.items()} == {0: 0.25, 2025: 0.5, 2030: 0.25}
    assert table[2025][2] == 2.0 and table[0][2] == 9.0
    assert sum(t[0] for t in table.values()) == 1.0


def test_nothing_to_count_is_an_error():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="weight"):
        weighted_percentile([1.0], [0.0], 0.5)
