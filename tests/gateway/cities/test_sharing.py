"""One factor for all cities: known answers, bounds, exactness, permutation."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cities.sharing import Combination, Line, fall_combination, solve

GROWTH = [g**5 for g in (1.05, 1.06, 1.07)]
GDP = (20.0, 12.0, 8.0)
CO2 = (30.0, 30.0, 20.0)
LATER = tuple(g * x for g, x in zip(GDP, GROWTH, strict=True))


def test_b3_an_equal_fall_of_all_cities_misses_the_province():
    combination = fall_combination(CO2, GDP, LATER)
    assert combination.value((0.18,) * 3) == pytest.approx(0.17319256, abs=5e-9)
    lines = [Line(0.0, effort, -1.0, 1.0) for effort in (1.0, 1.1, 0.9)]
    found = solve(combination, lines, 0.18)
    assert found.factor == pytest.approx(0.184653918, abs=5e-10)
    assert [100 * f for f in found.numbers] == pytest.approx([18.465392, 20.311931, 16.618853], abs=5e-7)
    co2 = sum(e / g0 * (1 - f) * g1 for e, g0, g1, f in zip(CO2, GDP, LATER, found.numbers, strict=True))
    assert co2 == pytest.approx(86.599793, abs=5e-7)
    assert found.reached == pytest.approx(0.18, abs=2e-16)


def test_the_factor_is_exact_to_the_last_bit():
    combination = fall_combination(CO2, GDP, LATER)
    lines = [Line(0.0, effort, -1.0, 1.0) for effort in (1.0, 1.1, 0.9)]
    found = solve(combination, lines, 0.18)
    missed = abs(found.reached - 0.18)
    for other in (math.nextafter(found.factor, 1), math.nextafter(found.factor, 0)):
        assert abs(combination.value([line.at(other) for line in lines]) - 0.18) >= missed


def test_an_infeasible_fall_comes_back_with_the_best_that_can_be_reached():
    combination = fall_combination(CO2, GDP, LATER)
    lines = [Line(0.0, 1.0, 0.0, 0.15) for _ in GDP]
    found = solve(combination, lines, 0.18)
    assert not found.feasible and found.numbers == (0.15,) * 3
    assert found.reached == combination.value((0.15,) * 3) < 0.18


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 50), st.floats(0, 50)), min_size=1, max_size=13),
    st.floats(0, 1500),
    st.randoms(),
)
def test_water_filling_keeps_bounds_and_the_sum_and_does_not_know_the_order(cities, wanted, random):
    lines = [Line(0.0, w, lo, lo + span) for w, lo, span in cities]
    one = Combination((1.0,) * len(lines))
    found = solve(one, lines, wanted)
    assert all(line.low <= x <= line.high for x, line in zip(found.numbers, lines, strict=True))
    assert found.reached == math.fsum(found.numbers)
    if found.feasible:
        assert found.reached == pytest.approx(wanted, rel=1e-12, abs=1e-9)
    else:
        ends = {math.fsum(line.end(sign) for line in lines) for sign in (1, -1)}
        assert found.reached in ends
    order = list(range(len(lines)))
    random.shuffle(order)
    moved = solve(one, [lines[i] for i in order], wanted)
    assert moved.numbers == tuple(found.numbers[i] for i in order)
    assert moved.factor == found.factor
