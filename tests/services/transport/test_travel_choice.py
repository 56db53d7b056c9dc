"""The choice of mode: pivot nested logit against plain Python, limits with known answers."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.transport.travel.choice import group_response, pivot_nested_logit
from services.transport.travel.service import adjusted

NESTS = ((0, 1), (2, 3, 4), (5,))
SHARE = np.array([0.25, 0.05, 0.3, 0.2, 0.15, 0.05])
utilities = st.lists(st.floats(-80, 80), min_size=6, max_size=6).map(np.array)
weights = st.lists(st.floats(0.01, 1), min_size=6, max_size=6).map(lambda w: np.array(w) / sum(w))
dissimilarities = st.floats(0.05, 1.0)


def by_hand(share: list[float], utility: list[float], dissimilarity: float) -> list[float]:
    """Formula by formula: within nests, inclusive value, nests, product."""
    within, nest_weight = [0.0] * len(share), []
    for nest in NESTS:
        nest_share = sum(share[m] for m in nest)
        total = sum(share[m] / nest_share * exp(utility[m] / dissimilarity) for m in nest)
        for m in nest:
            within[m] = share[m] / nest_share * exp(utility[m] / dissimilarity) / total
        nest_weight.append(nest_share * exp(dissimilarity * log(total)))
    found = [0.0] * len(share)
    for nest, weight in zip(NESTS, nest_weight, strict=True):
        for m in nest:
            found[m] = within[m] * weight / sum(nest_weight)
    return found


def test_the_worked_example_of_two_modes_and_a_third() -> None:
    # car and taxi in a nest, bus alone; a charge takes 0.5 of the utility of cars, dissimilarity 0.5: within the
    # nest car weighs 0.3 / e = 0.1103638 and taxi 0.1; the nest weighs 0.4 (0.2103638 / 0.4)^0.5 = 0.2900785, bus 0.6;
    # nest 0.2900785 / 0.8900785 = 0.3259022, of it car 0.5246331: 0.1709791; taxi 0.1549231; bus 0.6740978
    share = pivot_nested_logit(np.array([0.3, 0.1, 0.6]), ((0, 1), (2,)), np.array([-0.5, 0.0, 0.0]), 0.5)
    assert share == pytest.approx([0.1709791, 0.1549231, 0.6740978], abs=2e-7)


@given(weights, utilities, st.floats(0.2, 1.0))
def test_equal_to_the_formulas_written_out(share, utility, dissimilarity) -> None:
    expected = by_hand(share.tolist(), utility.tolist(), dissimilarity)
    got = pivot_nested_logit(share, NESTS, utility, dissimilarity)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-15)


@given(weights, utilities, dissimilarities)
def test_shares_sum_to_one_and_none_is_negative(share, utility, dissimilarity) -> None:
    got = pivot_nested_logit(share, NESTS, utility, dissimilarity)
    assert got.sum() == pytest.approx(1.0, abs=1e-12)
    assert got.min() >= 0


@given(weights, utilities)
def test_a_dissimilarity_of_one_is_the_multinomial_logit(share, utility) -> None:
    weight = share * np.exp(utility - utility.max())
    got = pivot_nested_logit(share, NESTS, utility, 1.0)
    np.testing.assert_allclose(got, weight / weight.sum(), rtol=1e-10, atol=1e-15)


@given(weights, dissimilarities)
def test_no_change_gives_the_base_bit_by_bit(share, dissimilarity) -> None:
    assert (pivot_nested_logit(share, NESTS, np.zeros(6), dissimilarity) == share).all()


@given(utilities, dissimilarities, st.floats(-20, 20))
def test_the_same_change_for_all_moves_nothing(utility, dissimilarity, common) -> None:
    one = pivot_nested_logit(SHARE, NESTS, utility, dissimilarity)
    other = pivot_nested_logit(SHARE, NESTS, utility + common, dissimilarity)
    np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-14)


@given(utilities, dissimilarities, st.integers(0, 5), st.floats(0.01, 5))
def test_what_gets_better_loses_no_trips_and_takes_from_the_others(utility, dissimilarity, m, gain) -> None:
    better = utility.copy()
    better[m] += gain
    before = pivot_nested_logit(SHARE, NESTS, utility, dissimilarity)
    after = pivot_nested_logit(SHARE, NESTS, better, dissimilarity)
    assert after[m] >= before[m] - 1e-12
    assert (np.delete(after - before, m) <= 1e-12).all()


def test_within_a_nest_substitution_is_stronger() -> None:
    moved = pivot_nested_logit(SHARE, NESTS, np.array([0, 0, 0.3, 0, 0, 0]), 0.5) / SHARE
    assert moved[3] == pytest.approx(moved[4])
    assert moved[0] == pytest.approx(moved[5])
    assert moved[3] < moved[0] < 1


@pytest.mark.parametrize("dissimilarity", [5e-324, 1e-12, 1.0])
def test_a_mode_without_trips_stays_without_whatever_it_gains(dissimilarity: float) -> None:
    share = np.array([0.5, 0.0, 0.0, 0.0, 0.0, 0.5])
    got = pivot_nested_logit(share, NESTS, np.array([0.0, 90.0, 90.0, 0.0, 0.0, 0.0]), dissimilarity)
    assert got.tolist() == share.tolist()


@pytest.mark.parametrize("group", [(0,), (2, 3), (2, 3, 4), (1, 5)])
def test_the_response_of_a_group_is_its_derivative(group: tuple[int, ...]) -> None:
    utility = np.zeros((6, 1))
    utility[list(group)] = step = 1e-6
    after = pivot_nested_logit(SHARE[:, None], NESTS, utility, 0.7)[list(group)].sum()
    slope = np.log(after / SHARE[list(group)].sum()) / step
    assert group_response(SHARE[:, None], NESTS, group, 0.7) == pytest.approx(slope, rel=1e-4)


def test_a_step_is_felt_by_one_less_exp_of_time() -> None:
    step = np.where(np.arange(20) >= 5, 1.0, 0.0)
    felt = adjusted(step[None, :], 3.0)[0]
    np.testing.assert_allclose(felt[5:], 1.0 - np.exp(-np.arange(15) / 3.0), rtol=1e-12)
    assert not felt[:5].any()
    assert (adjusted(np.ones((2, 20)), 3.0) == 1.0).all()
