"""Rounding keeps sums: known answers and a thousand random tables."""

import random

import pytest

from gateway.cities.rounding import apportion, controlled_rounding, largest_remainder, round_rates, shown
from gateway.cities.sharing import Combination, fall_combination
from gateway.cities.weights import composite, entropies, entropy_weights, min_max
from tests.gateway.cities.test_sharing import CO2, GDP, LATER

CODES = ("320100", "320200", "320300")
MOVING = (True, True, True)


def test_b1_largest_remainder():
    assert apportion(10, (3.33, 3.33, 3.34), CODES) == (3, 3, 4)
    assert apportion(10, (6, 6, 2), CODES) == (4, 4, 2)
    assert apportion(25, (1, 3, 6), CODES) == (3, 7, 15)
    assert apportion(25, (1, 3, 6), ("2", "1", "3")) == (2, 8, 15), "the tie goes to the lower code"


def test_b2_a_larger_total_may_take_a_unit_away():
    assert apportion(11, (6, 6, 2), CODES) == (5, 5, 1)


def test_b4_a_rounded_breakdown_is_raised_until_the_province_holds():
    parts = fall_combination(CO2, GDP, LATER)
    combination = Combination(tuple(a / 100 for a in parts.coefficients), parts.constant)
    values = (18.465392, 20.311931, 16.618853)

    def co2(falls):
        return sum(e / g * (1 - f / 100) * g1 for e, g, g1, f in zip(CO2, GDP, LATER, falls, strict=True))

    assert co2((18, 20, 17)) == pytest.approx(86.796, abs=5e-4)
    found = round_rates(values, 1.0, CODES, combination, 0.18, 1, (0,) * 3, (100,) * 3, MOVING)
    assert found == (19, 20, 17)
    assert co2(found) == pytest.approx(86.413, abs=5e-4)
    capped = round_rates(values, 1.0, CODES, combination, 0.18, 1, (0,) * 3, (18.5, 100, 100), MOVING)
    assert capped[0] == 18 and combination.value(capped) >= 0.18


def test_cities_without_effort_stay_where_they_are_however_fine_the_step():
    third = Combination((1 / 3, 1 / 3, 1 / 3))
    moving = (True, False, False)
    found = round_rates((100.0, 0.0, 0.0), 1e-6, CODES, third, 60.0, 1, (0,) * 3, (100,) * 3, moving)
    assert [n * 1e-6 for n in found] == pytest.approx([100.0, 0.0, 0.0])


def test_b5_entropy_weights():
    rows = ((10, 0.5, 8), (6, 0.8, 5), (3, 0.9, 2), (1, 0.4, 9))
    columns = tuple(zip(*rows, strict=True))
    assert entropies(columns) == pytest.approx((0.683157, 0.680482, 0.752620), abs=5e-7)
    weights = entropy_weights(columns)
    assert weights == pytest.approx((0.358525, 0.361552, 0.279923), abs=5e-7)
    scores = composite([min_max(c) for c in columns], weights)
    assert scores == pytest.approx((0.670769, 0.608389, 0.441224, 0.279923), abs=5e-7)


def test_b6_two_way_rounding():
    table = ((3.4, 2.3, 4.3), (1.8, 5.1, 0.1), (2.8, 1.6, 2.6))
    assert controlled_rounding(table, CODES, (10, 7, 7), (8, 9, 7)) == ((3, 2, 5), (2, 5, 0), (3, 2, 2))
    assert controlled_rounding(table, CODES) == ((3, 2, 5), (2, 5, 0), (3, 2, 2))


def test_sums_are_exact_in_a_thousand_random_tables():
    draw = random.Random(5)
    for case in range(1000):
        n = draw.randint(1, 13)
        weights = [draw.choice((0.0, draw.random(), draw.expovariate(0.1))) for _ in range(n)]
        weights[draw.randrange(n)] += 1
        total = draw.randint(-50, 10 ** draw.randint(0, 9))
        codes = [f"{i:02d}" for i in range(n)]
        draw.shuffle(codes)
        parts = apportion(total, weights, codes)
        assert sum(parts) == total, case
        assert all(abs(p - total * w / sum(weights)) < 1 + 1e-6 for p, w in zip(parts, weights, strict=True))
        order = list(range(n))
        draw.shuffle(order)
        again = apportion(total, [weights[i] for i in order], [codes[i] for i in order])
        assert again == tuple(parts[i] for i in order), "the order of the cities decides nothing"
        assert sum(shown(parts, 10_000, codes)) == (2 * total + 10_000) // 20_000


def test_two_way_tables_keep_rows_columns_and_cells():
    draw = random.Random(6)
    for _ in range(150):
        n, m = draw.randint(1, 6), draw.randint(1, 5)
        table = [[round(draw.uniform(0, 9), draw.randint(0, 3)) for _ in range(m)] for _ in range(n)]
        codes = [f"{i:02d}" for i in range(n)]
        found = controlled_rounding(table, codes)
        for exact, whole in zip((x for r in table for x in r), (x for r in found for x in r), strict=True):
            assert abs(exact - whole) < 1
        for exact, whole in zip(
            [*table, *zip(*table, strict=True)], [*found, *zip(*found, strict=True)], strict=True
        ):
            assert abs(sum(exact) - sum(whole)) < 1
        assert abs(sum(map(sum, table)) - sum(map(sum, found))) <= 0.5 + 1e-9


def test_totals_without_a_table_are_refused():
    with pytest.raises(ValueError, match="totals"):
        controlled_rounding(((0.5, 0.0), (0.0, 0.5)), ("a", "b"), (1, 0), (0, 1))
    with pytest.raises(ValueError, match="sum"):
        largest_remainder((1.2, 1.3), 9, ("a", "b"))
