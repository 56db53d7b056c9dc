"""Inverse distributions: against the standard library, scipy and plain counting."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gateway.ensemble.distributions import Distribution, normal_cdf, normal_quantile, pick

U = st.floats(0, 1, exclude_max=True)


def test_quantiles_agree_with_scipy():
    cases = [
        (Distribution("uniform", 2, 2, 5), stats.uniform(2, 3)),
        (Distribution("triangular", 1, 2, 5), stats.triang(0.25, 1, 4)),
        (Distribution("truncated_normal", 0, 1, 3, 0.8), stats.truncnorm(-1.25, 2.5, 1, 0.8)),
    ]
    for own, theirs in cases:
        for u in np.linspace(0.001, 0.999, 41):
            assert own.quantile(u) == pytest.approx(theirs.ppf(u), rel=1e-9, abs=1e-9)


def test_the_logarithm_of_a_lognormal_is_a_truncated_normal():
    own = Distribution("lognormal", 0.5, 1.0, 2.0, 0.3)
    normal = Distribution("truncated_normal", math.log(0.5), 0.0, math.log(2.0), 0.3)
    for u in (0.0, 0.1, 0.5, 0.9):
        assert math.log(own.quantile(u)) == pytest.approx(normal.quantile(u), abs=1e-12)


@given(U, st.sampled_from(["uniform", "triangular", "truncated_normal", "lognormal"]))
def test_no_draw_leaves_the_bounds(u, kind):
    one = Distribution(kind, 0.5, 0.9, 2.0, 0.4)
    assert one.low <= one.quantile(u) <= one.high


@given(U, U)
def test_a_larger_share_never_gives_a_smaller_draw(a, b):
    one = Distribution("truncated_normal", -1, 0, 2, 0.7)
    low, high = sorted((a, b))
    assert one.quantile(low) <= one.quantile(high) + 1e-12


def test_discrete_values_come_as_often_as_they_weigh():
    counts = [pick((i + 0.5) / 80, (1.0, 2.0, 3.0), (5, 2, 1)) for i in range(80)]
    assert [counts.count(v) for v in (1.0, 2.0, 3.0)] == [50, 20, 10]


def test_normal_and_its_inverse_agree():
    for u in (1e-12, 0.025, 0.5, 0.975):
        assert normal_cdf(normal_quantile(u)) == pytest.approx(u, rel=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        Distribution("gamma", 0, 1, 2),
        Distribution("triangular", 2, 1, 3),
        Distribution("truncated_normal", 0, 1, 2, 0),
        Distribution("lognormal", 0, 1, 2, 0.1),
        Distribution("discrete", 0, 0, 0, 0, (1.0,), ()),
        Distribution("discrete", 0, 0, 0, 0, (1.0,), (-1.0,)),
        Distribution("uniform", 0, 0, float("nan")),
    ],
)
def test_wrong_parameters_are_told(wrong):
    assert wrong.faults()
