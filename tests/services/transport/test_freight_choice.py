"""Balancing, generalised cost and the choice of mode: hand-worked cases, limits, invariants."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.transport.freight.balance import balanced
from services.transport.freight.choice import generalised_cost, pivot_split, rate_elasticities
from services.transport.freight.data import MODES, freight_data

SHARES = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6).filter(lambda s: sum(s) > 1e-3)
CHANGES = st.lists(st.floats(-200.0, 200.0), min_size=6, max_size=6)


def test_a_table_of_two_by_two_is_balanced_as_by_hand():
    # r s / (1 - r s) keeps the cross product of the seed: a d / (b c) = 1 x 4 / (2 x 2) = 1, so margins alone decide
    table = balanced(np.array([[1.0, 2.0], [2.0, 4.0]]), np.array([30.0, 70.0]), np.array([40.0, 60.0]))
    np.testing.assert_allclose(table, [[12.0, 18.0], [28.0, 42.0]], rtol=1e-12)


@given(
    st.lists(st.floats(0.01, 100.0), min_size=12, max_size=12),
    st.lists(st.floats(0.1, 10.0), min_size=4, max_size=4),
    st.lists(st.floats(0.1, 10.0), min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_a_balanced_table_meets_both_margins_and_keeps_the_seeds_odds(cells, rows, columns):
    seed = np.array(cells).reshape(4, 3)
    row, column = np.array(rows), np.array(columns)
    column *= row.sum() / column.sum()
    table = balanced(seed, row, column)
    np.testing.assert_allclose(table.sum(axis=1), row, rtol=1e-9)
    np.testing.assert_allclose(table.sum(axis=0), column, rtol=1e-9)
    odds = [t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]) for t in (seed, table)]
    assert odds[1] == pytest.approx(odds[0], rel=1e-9)


def test_what_is_empty_stays_empty_and_what_cannot_be_balanced_is_refused():
    seed = np.array([[0.0, 1.0], [1.0, 1.0]])
    assert balanced(seed, np.array([1.0, 3.0]), np.array([2.0, 2.0]))[0, 0] == 0
    with pytest.raises(ValueError, match="cannot be balanced"):
        balanced(np.eye(2), np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    with pytest.raises(ValueError, match="add up"):
        balanced(seed, np.array([1.0, 3.0]), np.array([2.0, 3.0]))
    with pytest.raises(ValueError, match="at least 0"):
        balanced(-seed, np.array([1.0, 3.0]), np.array([2.0, 2.0]))


def test_generalised_cost_by_hand():
    # rail, bulk over 500 km: 0.17 + 35/500 + 0.15 x (1/25 + 48/500) = 0.17 + 0.07 + 0.0204
    cost = generalised_cost(np.array(0.17), np.array(35.0), np.array(25.0), np.array(48.0), 500.0, 0.15)
    assert float(cost) == pytest.approx(0.2604, rel=1e-12)


def test_a_logit_of_two_modes_by_hand():
    # 60 to 40; road 0.1 CNY/tkm dearer, mu 3.3: weights 0.6 e^-0.33 = 0.431354 and 0.4, road 0.518857 of what can move
    moved = pivot_split(np.array([60.0, 40.0]), np.array([0.1, 0.0]), 3.3, 0.5)
    road = 0.6 * math.exp(-0.33)
    assert road / (road + 0.4) == pytest.approx(0.518857, abs=1e-6)
    np.testing.assert_allclose(moved, [0.5 * 60 + 0.5 * 51.88573, 0.5 * 40 + 0.5 * 48.11427], rtol=1e-6)


@given(SHARES, CHANGES, st.floats(0.0, 100.0), st.floats(0.0, 1.0))
@settings(max_examples=200, deadline=None)
def test_turnover_is_kept_and_never_negative_whatever_costs_do(shares, changes, sensitivity, contestable):
    turnover = np.array(shares) * 1e9
    moved = pivot_split(turnover, np.array(changes[: len(shares)]), sensitivity, contestable)
    assert np.isfinite(moved).all()
    assert (moved >= -1e-9 * turnover.sum()).all()
    assert moved.sum() == pytest.approx(turnover.sum(), rel=1e-9)
    assert (moved[turnover == 0] == 0).all()
    assert (moved >= (1.0 - contestable) * turnover - 1e-6).all()


@given(SHARES, st.floats(0.0, 100.0), st.floats(0.0, 1.0), st.floats(-50.0, 50.0))
@settings(max_examples=100, deadline=None)
def test_no_change_is_exact_and_a_common_change_moves_nothing(shares, sensitivity, contestable, common):
    turnover = np.array(shares)
    same = pivot_split(turnover, np.zeros(turnover.size), sensitivity, contestable)
    assert (same == turnover).all()
    shifted = pivot_split(turnover, np.full(turnover.size, common), sensitivity, contestable)
    assert (shifted == turnover).all()


@given(
    st.lists(st.floats(0.02, 1.0), min_size=3, max_size=3),
    st.lists(st.floats(0.01, 2.0), min_size=3, max_size=3),
    st.floats(0.1, 10.0),
    st.floats(0.05, 1.0),
)
@settings(max_examples=100, deadline=None)
def test_elasticities_are_the_slopes_of_the_choice(shares, rates, sensitivity, contestable):
    share = np.array(shares) / sum(shares)
    rate = np.array(rates)
    table = rate_elasticities(share, rate, sensitivity, contestable)
    step = 1e-4
    for j in range(3):
        up, down = np.zeros(3), np.zeros(3)
        up[j], down[j] = rate[j] * step, -rate[j] * step
        high, low = (pivot_split(share, d, sensitivity, contestable) for d in (up, down))
        np.testing.assert_allclose(table[j], (high - low) / (2 * step * share), rtol=1e-4, atol=1e-5)
    assert (np.diag(table) <= 0).all()
    np.testing.assert_allclose(table @ share, 0.0, atol=1e-12)  # what one loses the others gain


def test_an_unlimited_sensitivity_sends_all_that_can_move_to_the_cheaper_mode():
    moved = pivot_split(np.array([70.0, 30.0]), np.array([5.0, 0.0]), 100.0, 0.4)
    np.testing.assert_allclose(moved, [42.0, 58.0], rtol=1e-12)


def test_at_the_shares_of_the_province_the_road_elasticity_is_the_published_one():
    data = freight_data("jiangsu")
    share = np.array([3525.0, 335.0, 7035.0]) / 10895.0
    rate = data.rate[: share.size]
    own = rate_elasticities(share, rate, data.number("sensitivity_per_cny_per_tkm"), 1.0)
    assert -1.1 <= own[0, 0] <= -0.7  # review of Oum and others
    assert own[0, 0] == pytest.approx(-0.9, abs=0.02)
    assert 0.11 <= own[0, 1] <= 1.9  # rail to the road rate, Christidis and Leduc
    assert MODES[0] == "road"
