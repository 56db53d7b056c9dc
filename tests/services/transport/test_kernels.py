"""The cohort kernel against a hand-worked fleet and against plain Python that ages vehicles one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.transport.fleet.kernels import project_cohorts

Run = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def run(
    survival: FloatArray,
    opening: FloatArray,
    target: FloatArray,
    share: FloatArray,
    retire: FloatArray,
    *,
    km: float = 1.0,
    fuel: FloatArray | None = None,
    old_slot: int = 0,
    trade_in_age: int = 2,
) -> Run:
    """One place and one class; opening [k, a] oldest first, target [y], share [k, y], retire [k, y, 2]."""
    k, y = share.shape
    ages = survival.size
    slots = ages - 1 + y
    vintages = np.zeros((1, 1, k, slots))
    vintages[0, 0, :, :ages] = opening / survival
    per_km = np.ones((1, 1, k, slots)) if fuel is None else np.ascontiguousarray(fuel[None, None])
    shape = (1, 1, k, y)
    stock, sales, scrapped = np.empty(shape), np.empty(shape), np.empty(shape)
    use = np.empty((1, 1, k, 4, y))
    project_cohorts(
        survival[None],
        km * survival[None],
        target[None, None],
        np.ascontiguousarray(share[None, None]),
        np.ascontiguousarray(retire[None, None]),
        per_km,
        np.zeros((1, 1, k, slots)),
        np.array([old_slot]),
        vintages,
        trade_in_age,
        stock,
        sales,
        scrapped,
        use,
    )
    return stock[0, 0], sales[0, 0], scrapped[0, 0], use[0, 0]


def aged_one_by_one(
    survival: FloatArray, opening: FloatArray, target: FloatArray, share: FloatArray, retire: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Stock and sales by vehicles that grow older each year; early retirement of those two years old and more."""
    k, y = share.shape
    ages = survival.size
    alive = survival[::-1]
    fleet = [{age: float(opening[p, ages - 1 - age]) for age in range(ages)} for p in range(k)]
    stock, sales = np.zeros((k, y)), np.zeros((k, y))
    stock[:, 0] = [sum(f.values()) for f in fleet]
    for t in range(1, y):
        for p in range(k):
            fleet[p] = {
                age + 1: n * alive[age + 1] / alive[age] * (1 - retire[p, t, 1] * (age + 1 >= 2))
                for age, n in fleet[p].items()
                if age + 1 < ages
            }
        wanted = max(target[t] - sum(sum(f.values()) for f in fleet), 0.0)
        for p in range(k):
            fleet[p][0] = wanted * share[p, t]
            stock[p, t] = sum(fleet[p].values())
            sales[p, t] = fleet[p][0]
    return stock, sales


def test_a_fleet_of_two_ages_worked_by_hand() -> None:
    survival = np.array([0.5, 1.0])  # half survive their first year, none the second
    opening = np.array([[10.0, 40.0], [0.0, 0.0]])
    target = np.array([50.0, 60.0, 20.0])
    share = np.array([[1.0, 0.25, 0.0], [0.0, 0.75, 1.0]])
    stock, sales, scrapped, use = run(survival, opening, target, share, np.zeros((2, 3, 2)), km=100.0)
    # year 1: of 40 sold in year 0, 20 are left, 40 are sold: 10 and 30; year 2: 5 and 15 are left, none is sold
    np.testing.assert_allclose(stock, [[50.0, 30.0, 5.0], [0.0, 30.0, 15.0]])
    np.testing.assert_allclose(sales[:, 1:], [[10.0, 0.0], [30.0, 0.0]])
    np.testing.assert_allclose(scrapped[:, 1:], [[30.0, 25.0], [0.0, 15.0]])
    np.testing.assert_allclose(use[:, 0], 100.0 * stock)


def test_energy_uses_each_model_years_own_intensity_and_what_was_alive_then() -> None:
    survival = np.array([0.5, 1.0])
    opening = np.array([[10.0, 40.0]])
    fuel = np.array([[3.0, 2.0, 1.0, 1.0]])  # model years -1, 0, 1, 2
    retire = np.zeros((1, 3, 2))
    retire[0, 2, 0] = 1.0
    _, _, _, use = run(
        survival, opening, np.array([50.0, 60.0, 60.0]), np.ones((1, 3)), retire, fuel=fuel, old_slot=3
    )
    # year 0: 10 x 3 + 40 x 2; year 1: 20 x 2 + 40 x 1; year 2: all of years before are retired, 60 new
    np.testing.assert_allclose(use[0, 1], [110.0, 80.0, 60.0])
    np.testing.assert_allclose(use[0, 3], [50.0, 60.0, 0.0])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_sliding_window_equals_ageing_one_by_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    ages, k, y = int(draw.integers(3, 9)), int(draw.integers(1, 4)), int(draw.integers(2, 12))
    survival = np.sort(draw.uniform(0.05, 1.0, ages))
    survival[-1] = 1.0
    opening = draw.uniform(0.0, 100.0, (k, ages))
    target = draw.uniform(0.0, 200.0 * ages, y)
    share = draw.uniform(0.1, 1.0, (k, y))
    share /= share.sum(axis=0)
    retire = np.zeros((k, y, 2))
    retire[:, :, 1] = draw.uniform(0.0, 0.5, (k, y))
    stock, sales, scrapped, _ = run(survival, opening, target, share, retire)
    plain_stock, plain_sales = aged_one_by_one(survival, opening, target, share, retire)
    np.testing.assert_allclose(stock, plain_stock, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(sales[:, 1:], plain_sales[:, 1:], rtol=1e-9, atol=1e-8)
    np.testing.assert_allclose(stock[:, 1:], stock[:, :-1] + sales[:, 1:] - scrapped[:, 1:], rtol=1e-12)
    assert scrapped.min() >= -1e-9 * stock.max()
    assert (stock.sum(axis=0)[1:] >= target[1:] * (1 - 1e-12)).all()


def test_without_deaths_sales_are_the_growth_of_the_stock() -> None:
    survival = np.ones(6)
    opening = np.zeros((1, 6))
    opening[0, -1] = 100.0
    target = np.array([100.0, 110.0, 130.0, 160.0])
    _, sales, scrapped, _ = run(survival, opening, target, np.ones((1, 4)), np.zeros((1, 4, 2)))
    assert sales[0, 1:] == pytest.approx([10.0, 20.0, 30.0])
    assert scrapped[0] == pytest.approx(np.zeros(4))
