"""Annual cost of purchases: known capital recovery factors, vintages paid off, stocks renewed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.annuity import capital_recovery_factor, payments, renewed


@pytest.mark.parametrize(
    ("rate", "lifetime", "factor"),
    [(0.08, 20, 0.101852208823), (0.05, 20, 0.080242587191), (0.08, 10, 0.149029488697)],
)
def test_known_capital_recovery_factors(rate, lifetime, factor):
    assert capital_recovery_factor(rate, lifetime) == pytest.approx(factor, abs=5e-13)


@given(st.floats(0.0, 0.12), st.integers(1, 60))
def test_payments_of_a_purchase_are_worth_what_it_cost(rate, lifetime):
    paid = capital_recovery_factor(rate, lifetime)
    assert sum(paid * (1 + rate) ** -k for k in range(1, lifetime + 1)) == pytest.approx(1.0)


def test_a_vintage_is_paid_for_its_lifetime_and_the_first_year_is_left_out():
    bought = np.array([[500.0, 100.0, 0.0, 40.0, 0.0, 0.0]])
    # at rate 0 over 2 years: 50 in years 1 and 2, 20 in years 3 and 4
    np.testing.assert_allclose(payments(bought, 0.0, 2), [[0.0, 50.0, 50.0, 20.0, 20.0, 0.0]])
    assert bought[0, 0] == 500.0


@pytest.mark.parametrize("lifetime", [5, 6, 50])
def test_a_life_longer_than_the_span_is_paid_to_its_end(lifetime):
    paid = payments(np.array([0.0, 10.0, 0.0, 0.0, 0.0]), 0.06, lifetime)
    np.testing.assert_allclose(paid[1:], 10.0 * capital_recovery_factor(0.06, lifetime))


def test_a_renewed_stock_counts_above_that_of_the_first_year_and_below_it():
    np.testing.assert_allclose(renewed(np.array([10.0, 14.0, 4.0]), 0.0, 2), [0.0, 2.0, -3.0])
