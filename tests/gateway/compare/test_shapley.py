"""Shapley values: worked games, axioms on random games, groups, samples."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.compare.shapley import (
    Structure,
    edge_masks,
    exact,
    exact_masks,
    last_in,
    marginals,
    order_masks,
    order_of,
    plain,
    sampled,
    standalone,
)

# A1: E electric cars, P clean power, H heat pumps.
E, P, H = 1, 2, 4
A1 = {0: 0.0, E: -6, P: -20, H: 2, E | P: -34, E | H: -4, P | H: -27, E | P | H: -44}


def game(table):
    return {mask: np.array([float(v)]) for mask, v in table.items()}


def by_all_orders(count, values):
    """The plain definition: the mean over every order."""
    orders = list(permutations(range(count)))
    return sum(marginals(o, values) for o in orders) / len(orders)


@st.composite
def games(draw, least=2, most=5):
    count = draw(st.integers(least, most))
    numbers = st.floats(-1e9, 1e9, allow_nan=False)
    return count, {mask: np.array([draw(numbers), draw(st.floats(-1, 1))]) for mask in range(2**count)}


def test_three_levers_that_interact_as_worked_by_hand():
    """Known answer A1: heat pumps on dirty power look harmful alone and help together."""
    values, s = game(A1), plain(3)
    assert exact_masks(s) == list(range(8)) and s.exact_count == 8
    assert exact(s, values).ravel().tolist() == pytest.approx([-11, -29.5, -3.5], abs=1e-12)
    assert standalone(s, values).ravel().tolist() == [-6, -20, 2]
    assert last_in(s, values).ravel().tolist() == [-17, -40, -10]


def test_shapley_on_a_product_agrees_with_sun():
    """Known answer A3: A 1000 to 1200, I 0.5 to 0.45, F 0.8 to 0.6."""
    ends = ((1000, 1200), (0.5, 0.45), (0.8, 0.6))
    values = game({m: math.prod(e[m >> k & 1] for k, e in enumerate(ends)) for m in range(8)})
    assert exact(plain(3), values).ravel().tolist() == pytest.approx(
        [66.666666667, -38.333333333, -104.333333333], abs=1e-8
    )


@given(games())
def test_values_sum_to_the_total_and_are_the_mean_over_all_orders(case):
    count, values = case
    found = exact(plain(count), values)
    total = values[2**count - 1] - values[0]
    scale = max(np.abs(v).max() for v in values.values()) + 1
    np.testing.assert_allclose(found, by_all_orders(count, values), rtol=0, atol=1e-12 * scale)
    for c in range(2):
        assert math.fsum(found[:, c]) == pytest.approx(total[c], rel=1e-12, abs=1e-12 * scale)


@given(games())
def test_an_idle_player_gets_exactly_zero_and_equal_players_get_the_same(case):
    count, values = case
    idle = {m: values[m & ~1] for m in values}
    assert exact(plain(count), idle)[0].tolist() == [0.0, 0.0]

    def swap(m):
        return m & ~3 | (m & 1) << 1 | m >> 1 & 1

    equal = {m: (values[m] + values[swap(m)]) / 2 for m in values}
    found = exact(plain(count), equal)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-9, atol=1e-5)


@given(games(3, 4), st.randoms(use_true_random=False))
def test_relabelling_permutes_and_swapping_the_ends_flips_the_signs(case, random):
    count, values = case
    new = list(range(count))
    random.shuffle(new)

    def relabelled(mask):
        return sum(1 << new[i] for i in range(count) if mask >> i & 1)

    found = exact(plain(count), values)
    other = exact(plain(count), {relabelled(m): v for m, v in values.items()})
    np.testing.assert_allclose(other[new], found, rtol=1e-9, atol=1e-5)
    whole = 2**count - 1
    back = exact(plain(count), {whole & ~m: v for m, v in values.items()})
    np.testing.assert_allclose(back, -found, rtol=1e-9, atol=1e-5)


@given(games(4, 4))
def test_owen_values_share_out_each_groups_own_value(case):
    """Groups (0, 1), (2), (3): a group's parts sum to the value that it has as one player."""
    _, values = case
    structure = Structure(((0, 1), (2,), (3,)))
    assert len(exact_masks(structure)) == structure.exact_count == 16
    found = exact(structure, values)

    def of_groups(mask):
        return (mask & 1) * 3 | (mask >> 1 & 3) << 2

    groups = exact(plain(3), {m: values[of_groups(m)] for m in range(8)})
    np.testing.assert_allclose(found[0] + found[1], groups[0], rtol=1e-9, atol=1e-4)
    np.testing.assert_allclose(found[2:], groups[1:], rtol=1e-9, atol=1e-4)


@given(games(3, 5), st.integers(0, 5))
def test_samples_of_any_size_sum_to_the_total_and_pairs_agree_with_the_exact_value_of_two_way_games(
    case, seed
):
    count, values = case
    s, ids = plain(count), [f"lever{i}" for i in range(count)]
    orders = [o for k in range(3) for o in (order_of(s, ids, seed, k), order_of(s, ids, seed, k)[::-1])]
    found, _ = sampled(orders, values)
    total = values[s.whole] - values[0]
    scale = max(np.abs(v).max() for v in values.values()) + 1
    np.testing.assert_allclose(found.sum(axis=0), total, rtol=0, atol=1e-11 * scale)
    # With interactions of two levers only, one pair is already exact.
    two = {
        m: np.array(
            [sum((i + 1) * (j + 2) for i in range(count) for j in range(i + 1) if m >> i & m >> j & 1)]
        )
        for m in range(2**count)
    }
    exactly, error = sampled(orders, two)
    np.testing.assert_allclose(exactly, exact(s, two), rtol=1e-12)
    np.testing.assert_allclose(error, 0, atol=1e-12)


def test_an_order_depends_on_seed_index_and_names_alone_and_keeps_groups_together():
    structure = Structure(((0, 3), (1,), (2, 4)))
    ids = ["a", "b", "c", "d", "e"]
    found = {order_of(structure, ids, 1, k) for k in range(40)}
    assert len(found) > 5
    for order in found:
        assert abs(order.index(0) - order.index(3)) == 1 == abs(order.index(2) - order.index(4))
    renamed = order_of(plain(3), ["c", "a", "b"], 7, 2)
    plainly = order_of(plain(3), ["a", "b", "c"], 7, 2)
    assert [("c", "a", "b")[i] for i in renamed] == [("a", "b", "c")[i] for i in plainly]


def test_coalitions_on_the_way_and_at_the_edges():
    assert order_masks((2, 0, 1)) == [0, 4, 5, 7]
    assert edge_masks(plain(3)) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert edge_masks(plain(4)) == [0, 1, 2, 4, 7, 8, 11, 13, 14, 15]
