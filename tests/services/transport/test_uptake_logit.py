"""The nested logit: known limits, independent arithmetic, and the pivot that must agree with the whole model."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from services.common.arrays import FloatArray
from services.transport.base import BEV, GASOLINE, HEV, NEW_ENERGY, PHEV, POWERTRAINS
from services.transport.uptake.constants import contraction
from services.transport.uptake.logit import nested_shares, own_utility_response, pivoted_shares

KINDS = len(POWERTRAINS)
NESTS = (0.6, 0.45)
utilities = hnp.arrays(np.float64, (KINDS, 3), elements=st.floats(-30, 30))


def plain_nested(v: list[float], engines: float, charged: float) -> list[float]:
    """The textbook formula in plain Python, one alternative after the other."""
    nests = [(range(5), engines), (range(5, 8), charged)]
    inclusive = [math.log(sum(math.exp(v[k] / width) for k in nest)) for nest, width in nests]
    whole = sum(math.exp(width * i) for (_, width), i in zip(nests, inclusive, strict=True))
    shares = [0.0] * len(v)
    for (nest, width), i in zip(nests, inclusive, strict=True):
        for k in nest:
            shares[k] = math.exp(width * i) / whole * math.exp(v[k] / width) / math.exp(i)
    return shares


@given(utilities)
def test_shares_are_those_of_the_textbook_and_sum_to_one(v: FloatArray) -> None:
    shares = nested_shares(v, NESTS)
    np.testing.assert_allclose(shares.sum(axis=0), 1.0, rtol=1e-12)
    for y in range(v.shape[1]):
        np.testing.assert_allclose(shares[:, y], plain_nested(list(v[:, y]), *NESTS), rtol=1e-9, atol=1e-300)


@given(utilities)
def test_without_correlation_in_the_nests_it_is_the_multinomial_logit(v: FloatArray) -> None:
    expected = np.exp(v - v.max(axis=0)) / np.exp(v - v.max(axis=0)).sum(axis=0)
    np.testing.assert_allclose(nested_shares(v, (1.0, 1.0)), expected, rtol=1e-12, atol=1e-300)


@given(utilities, st.floats(-1e3, 1e3))
def test_the_same_utility_for_all_changes_nothing(v: FloatArray, shift: float) -> None:
    np.testing.assert_allclose(
        nested_shares(v + shift, NESTS), nested_shares(v, NESTS), rtol=1e-9, atol=1e-12
    )
    base = nested_shares(v, NESTS)
    np.testing.assert_allclose(
        pivoted_shares(base, np.full_like(v, shift), NESTS), base, rtol=1e-9, atol=1e-12
    )


@given(utilities, utilities)
def test_the_pivot_is_the_whole_model_with_the_change_added(v: FloatArray, change: FloatArray) -> None:
    change = change / 10
    moved = pivoted_shares(nested_shares(v / 3, NESTS), change, NESTS)
    np.testing.assert_allclose(moved, nested_shares(v / 3 + change, NESTS), rtol=1e-9)
    np.testing.assert_allclose(moved.sum(axis=0), 1.0, rtol=1e-12)


def test_no_change_keeps_the_base_to_the_bit_and_what_is_not_sold_stays_unsold() -> None:
    base = np.zeros((KINDS, 2))
    base[[GASOLINE, HEV, PHEV, BEV], 0] = 0.5, 0.1, 0.1, 0.3
    base[BEV, 1] = 1.0
    assert (pivoted_shares(base, np.zeros_like(base), NESTS) == base).all()
    change = np.zeros_like(base)
    change[BEV] = -5.0
    moved = pivoted_shares(base, change, NESTS)
    assert moved[BEV, 0] < 0.3
    assert (moved[:, 1] == base[:, 1]).all()
    assert (moved[base == 0] == 0).all()


def test_an_alternative_that_is_not_on_offer_has_no_share() -> None:
    v = np.zeros((KINDS, 1))
    v[list(NEW_ENERGY)] = -np.inf
    shares = nested_shares(v, NESTS)
    np.testing.assert_allclose(shares[:5, 0], 0.2, rtol=1e-12)
    assert (shares[5:] == 0).all()


@given(hnp.arrays(np.float64, (4, KINDS, 3), elements=st.floats(0.001, 1.0)))
def test_the_contraction_finds_the_constants_of_the_closed_form(raw: FloatArray) -> None:
    target = raw / raw.sum(axis=1, keepdims=True)
    utility = np.sin(np.arange(target.size)).reshape(target.shape)
    constants = contraction(utility, target, NESTS)
    np.testing.assert_allclose(nested_shares(utility + constants, NESTS), target, rtol=1e-10)
    # inverse of the nested logit: V = lambda ln s(j|n) + ln s(n), up to one number
    closed = np.empty_like(target)
    for nest, width in ((slice(0, 5), NESTS[0]), (slice(5, 8), NESTS[1])):
        whole = target[:, nest].sum(axis=1, keepdims=True)
        closed[:, nest] = width * np.log(target[:, nest] / whole) + np.log(whole)
    gap = utility + constants - closed
    np.testing.assert_allclose(gap - gap[:, :1], 0.0, atol=1e-9)


def test_the_response_to_own_utility_is_the_slope_of_the_share() -> None:
    v = np.linspace(-1.0, 1.0, KINDS)[:, None]
    step = np.zeros_like(v)
    for k in (BEV, GASOLINE):
        step[:] = 0.0
        step[k] = 1e-6
        slope = np.log(nested_shares(v + step, NESTS)[k] / nested_shares(v - step, NESTS)[k]) / 2e-6
        assert own_utility_response(nested_shares(v, NESTS), k, NESTS) == pytest.approx(slope, rel=1e-6)
