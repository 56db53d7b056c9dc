"""The abatement-cost curve: worked interaction, order, spans, recovery factor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.abatement.curve import Effect, greedy_masks, greedy_step, outside_of, ranked
from gateway.abatement.results import OutsideCurve
from gateway.abatement.span import one_year, span_of
from gateway.compare.shapley import exact, plain
from services.common.annuity import capital_recovery_factor

# M2: heat pumps H (1) and clean power P (2): CO2 and cost of none, H, P, both.
M2 = {0: (100, 500), 1: (98, 506), 2: (80, 510), 3: (70, 515)}


def test_the_capital_recovery_factor():
    """Known answer M1."""
    found = [capital_recovery_factor(r, n) for r, n in ((0.08, 20), (0.05, 20), (0.08, 10))]
    assert found == pytest.approx([0.101852208823, 0.080242587191, 0.149029488697], abs=1e-12)


def test_two_measures_that_help_each_other():
    """Known answer M2: the order decides the height; Shapley does not depend on it and sums to 30 t and 15."""

    def height(before, after):
        (c0, m0), (c1, m1) = M2[before], M2[after]
        return Effect(c0 - c1, m1 - m0).height(0)

    assert (height(0, 1), height(0, 2)) == pytest.approx((3.0, 0.5))
    assert height(2, 3) == pytest.approx(0.5)
    assert (height(0, 1), height(1, 3)) == pytest.approx((3.0, 0.321428571))
    found = exact(plain(2), {m: np.array(v, float) for m, v in M2.items()})
    h, p = (Effect(-row[0], row[1]) for row in found)
    assert (h.abatement_tco2, h.cost_cny, p.abatement_tco2, p.cost_cny) == pytest.approx((6, 5.5, 24, 9.5))
    assert (h.height(0), p.height(0)) == pytest.approx((0.916666667, 0.395833333))


def test_the_incremental_order_takes_the_cheapest_given_those_taken():
    def effect(a, b):
        return Effect(M2[a][0] - M2[b][0], M2[b][1] - M2[a][1])

    assert greedy_masks(0, 2) == [1, 2]
    first, one = greedy_step(0, 2, effect, 0, "HP")
    second, two = greedy_step(1 << first, 2, effect, 0, "HP")
    assert (first, second) == (1, 0)
    assert (one.abatement_tco2 + two.abatement_tco2, one.cost_cny + two.cost_cny) == (30, 15)


def test_measures_that_save_money_come_first_by_what_they_save_not_by_the_ratio():
    """X saves 100 for 10 t (-10 CNY/t), Y saves 100 and Z 90 for 1 t (-100, -90 CNY/t): a ratio would put X last."""
    effects = [Effect(10, 20), Effect(1, -90), Effect(10, -100), Effect(5, 5)]
    assert ranked(effects, [True] * 4, "abcd") == [2, 1, 3, 0]
    assert ranked(effects, [True, False, True, True], "abcd") == [2, 3, 0]
    chosen, _ = greedy_step(0, 4, lambda _, m: effects[m.bit_length() - 1], 0, "abcd")
    assert chosen == 2


def test_measures_without_effect_or_against_the_package_stand_outside():
    assert outside_of(Effect(1e-7, 5), 1.0, 1e-6) is OutsideCurve.NO_EFFECT
    assert outside_of(Effect(-0.2, 5), 1.0, 1e-6) is OutsideCurve.OPPOSITE_SIGN
    assert outside_of(Effect(0.2, -5), 1.0, 1e-6) is OutsideCurve.UNSPECIFIED
    assert outside_of(Effect(-0.2, 5), -1.0, 1e-6) is OutsideCurve.UNSPECIFIED


def test_a_measure_that_moves_no_co2_enters_last():
    effects = {0: Effect(0, -50), 1: Effect(1, 900)}
    assert greedy_step(0, 2, lambda _, m: effects[m.bit_length() - 1], 0, "ab")[0] == 1


@given(st.integers(2020, 2050), st.integers(1, 10), st.integers(1, 7), st.floats(0, 0.2), st.floats(-10, 10))
def test_a_span_sums_straight_lines_exactly_and_discounts_money_alone(first, length, step, rate, slope):
    last = first + length
    span = span_of(first, last, step, rate, first, discount_tonnes=False)
    assert span.years[0] == first and span.years[-1] == last
    line = np.array([100 + slope * (y - first) for y in span.years])
    every = [100 + slope * t for t in range(length + 1)]
    assert span.co2_weights @ line == pytest.approx(sum(every))
    present = sum(v / (1 + rate) ** t for t, v in enumerate(every))
    assert span.cost_weights @ line == pytest.approx(present)
    both = span_of(first, last, step, rate, first, discount_tonnes=True)
    np.testing.assert_array_equal(both.co2_weights, both.cost_weights)


def test_one_year_counts_as_it_is():
    span = one_year(2030)
    assert (span.years, span.co2_weights.tolist(), span.cost_weights.tolist()) == ((2030,), [1.0], [1.0])
