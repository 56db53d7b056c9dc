"""Mann-Kendall against counted probabilities and scipy; a fall that pauses once."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gateway.report.trend import falls_without_rise, kendall_s, p_value


@pytest.mark.parametrize(
    ("count", "s", "expected"),
    [
        (4, -6, 0.042),
        (5, -8, 0.042),
        (5, -10, 0.008),
        (6, -11, 0.028),
        (7, -13, 0.035),
        (8, -16, 0.031),
        (10, -21, 0.036),
    ],
)
def test_exact_probabilities_are_those_of_the_tables(count, s, expected):
    assert p_value(s, count) == pytest.approx(expected, abs=6e-4)


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=9, unique=True))
def test_short_series_without_ties_agree_with_scipy(values):
    found = stats.kendalltau(range(len(values)), values, method="exact")
    s = kendall_s(values)
    assert math.isclose(found.statistic, s / (len(values) * (len(values) - 1) / 2), abs_tol=1e-12)
    if s:
        assert min(2 * p_value(s, len(values)), 1.0) == pytest.approx(found.pvalue)


def test_a_long_falling_series_has_no_chance_of_being_without_trend():
    assert p_value(kendall_s(list(range(40, 0, -1))), 40) < 1e-6


def test_a_fall_may_pause_once_but_not_rise_above_its_start():
    assert falls_without_rise([100, 98, 98.2, 95, 93], 0, 4, 0.005, 0.05)
    assert not falls_without_rise([100, 98, 99.5, 95, 93], 0, 4, 0.005, 0.05)
    assert not falls_without_rise([100, 100.4, 98, 95, 93], 0, 4, 0.005, 0.05)
    assert not falls_without_rise([100, 98, 98.1, 96, 96.1], 0, 4, 0.005, 0.05)
    assert not falls_without_rise([100, 98], 0, 4, 0.005, 0.05)
