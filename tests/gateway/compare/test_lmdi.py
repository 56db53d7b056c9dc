"""LMDI-I: worked answers, zeros at their limits, sums."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.compare.lmdi import chained, effects, log_mean

FACTOR = st.floats(1e-3, 1e3) | st.just(0.0)


def column(*values):
    return np.array([[float(v)] for v in values])


def test_three_factors_as_worked_by_hand():
    """Known answer A2."""
    assert log_mean(1200 * 0.45 * 0.6, 1000 * 0.5 * 0.8) == pytest.approx(360.666420079, abs=1e-8)
    found = effects(column(1000, 0.5, 0.8), column(1200, 0.45, 0.6)).ravel()
    assert found.tolist() == pytest.approx([65.757263192, -38.0, -103.757263192], abs=1e-8)
    assert math.fsum(found) == pytest.approx(-76, abs=1e-12)


def test_a_term_that_begins_at_zero_gives_its_change_to_the_factor_that_was_zero():
    """Known answer A4: a small number in place of zero would give the carbon factor 28.193 of 28.8."""
    found = effects(column(1000, 0.3, 0.2, 0.0), column(1200, 0.4, 0.2, 0.3)).ravel()
    assert found.tolist() == pytest.approx([0, 0, 0, 28.8], abs=1e-12)
    small = effects(column(1000, 0.3, 0.2, 1e-10), column(1200, 0.4, 0.2, 0.3)).ravel()
    assert small[[0, 1, 3]].tolist() == pytest.approx([0.236, 0.372, 28.193], abs=1e-3)


def test_zeros_at_both_ends_do_nothing_and_several_zeros_share():
    assert effects(column(1, 0, 3), column(2, 0, 5)).ravel().tolist() == [0, 0, 0]
    assert effects(column(2, 0, 0), column(2, 3, 4)).ravel().tolist() == [0, 12, 12]
    assert effects(column(2, 3, 4), column(0, 3, 0)).ravel().tolist() == [-12, 0, -12]
    assert log_mean(5, 0) == 0 and log_mean(5, 5) == 5
    with pytest.raises(ValueError):
        log_mean(-1, 2)


@given(st.floats(1e-6, 1e6), st.floats(-1e-3, 1e-3))
def test_the_mean_of_near_numbers_is_smooth(a, change):
    b = a * (1 + change)
    low, high = min(a, b), max(a, b)
    assert low * (1 - 1e-12) <= log_mean(a, b) <= high * (1 + 1e-12)
    assert log_mean(a, b) == pytest.approx((a + b) / 2, rel=1e-6)


@given(st.lists(st.tuples(*[st.tuples(FACTOR, FACTOR, FACTOR)] * 4), min_size=1, max_size=4))
def test_effects_sum_to_the_change_of_every_term_and_back_again_flips_them(terms):
    before, middle, after = (np.array([[t[k][p] for t in terms] for k in range(4)]) for p in range(3))
    change = np.prod(after, axis=0) - np.prod(before, axis=0)
    scale = np.prod(after, axis=0) + np.prod(before, axis=0) + np.prod(middle, axis=0)
    found = effects(before, after)
    np.testing.assert_allclose(found.sum(axis=0), change, rtol=0, atol=1e-12 * scale.max())
    np.testing.assert_allclose(effects(after, before), -found, rtol=1e-9, atol=1e-9 * scale.max())
    whole = chained([before, middle, after])
    np.testing.assert_allclose(whole.sum(axis=0), change, rtol=0, atol=1e-12 * scale.max())
