"""Exact walks of stores: hand-worked, against the linear programme, bounds, bits."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.power.bound_kernels import lower_bound
from services.power.kernels import block_energy, stack_cost
from services.power.store_kernels import (
    columns_of,
    dispatch_stores,
    fill_columns,
    follow_contents,
    stores_vom_cost,
    walk_store,
)
from tests.services.power.lp import least_cost

VOLL = 5000.0


def walk(
    r: FloatArray, price: FloatArray, cap: FloatArray, store: FloatArray, start: float, end: float
) -> tuple[FloatArray, FloatArray]:
    """Load on the stack and content of one store with given ends; one period."""
    n, levels = r.size, 2 * (price.size + 2)
    columns = columns_of(levels)
    value, cd, cc = np.empty(columns), np.empty((1, columns)), np.empty((1, columns))
    fill_columns(price, cap[None, :], VOLL, store[3], store[4], store[5], value, cd, cc)
    x, soc, lam = np.empty(n), np.empty(n + 1), np.empty(n, dtype=np.int64)
    walk_store(
        r,
        np.zeros(n, dtype=np.int64),
        levels,
        cd,
        cc,
        store,
        np.ones(n),
        start,
        end,
        x,
        soc,
        lam,
        np.empty((4, n + 1)),
        np.empty((2, n), dtype=np.int64),
        np.empty(columns),
    )
    return x, soc


def cost_of(x: FloatArray, price: FloatArray, cap: FloatArray) -> float:
    energy = np.empty(price.size + 2)
    block_energy(x, np.array([0, x.size]), cap[None, :], energy)
    return float(stack_cost(energy, price, VOLL))


def test_a_store_worked_by_hand_fills_the_valley_and_cuts_the_peak() -> None:
    # Two blocks of 100 MW at 200 and 400. A store of 50 MW, 40 MWh, lossless. Hours: 80, 150, 80 MW; empty at both
    # ends. In hour 0 the first block has 20 MW left: charge 20 at 200. In hour 1 they replace 20 of the 50 MW at 400.
    # In hour 0 more would come from the second block at 400: no gain. Hour 2 stays.
    price, cap = np.array([200.0, 400.0]), np.array([100.0, 100.0])
    x, soc = walk(
        np.array([80.0, 150.0, 80.0]), price, cap, np.array([50.0, 50.0, 40.0, 1.0, 1.0, 0.0]), 0.0, 0.0
    )
    assert x == pytest.approx([100.0, 130.0, 80.0])
    assert soc == pytest.approx([0.0, 20.0, 0.0, 0.0])


def test_losses_that_eat_the_spread_leave_the_store_idle() -> None:
    price, cap = np.array([200.0, 240.0]), np.array([100.0, 100.0])
    store = np.array([50.0, 50.0, 40.0, 0.85, 0.85, 0.0])
    x, _ = walk(np.array([80.0, 150.0]), price, cap, store, 0.0, 0.0)
    assert x == pytest.approx([80.0, 150.0])


@given(
    seed=st.integers(0, 10_000),
    hours=st.integers(2, 60),
    efficiency=st.sampled_from([0.45, 0.8, 0.95, 1.0]),
    vom=st.sampled_from([0.0, 5.0]),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
@settings(max_examples=60)
def test_one_store_meets_the_linear_programme(
    seed: int, hours: int, efficiency: float, vom: float, ends: tuple[float, float]
) -> None:
    random = np.random.default_rng(seed)
    price = np.sort(random.choice([150.0, 200.0, 250.0, 300.0, 420.0, 600.0], 3, replace=False))
    cap = random.uniform(20, 90, 3)
    r = random.uniform(-60, 260, hours)
    store = np.array([random.uniform(10, 60), random.uniform(10, 60), 0.0, efficiency, efficiency, vom])
    store[2] = random.uniform(20, 300)
    # The same content at both ends can always be reached.
    start = store[2] * ends[0]
    x, soc = walk(r, price, cap, store, start, start)
    net = x - r
    best = least_cost(r, price, np.tile(cap, (hours, 1)), VOLL, store[None, :], np.array([start]))
    cost = cost_of(x, price, cap) + vom * float(np.abs(net).sum())
    assert cost == pytest.approx(best, rel=1e-9, abs=1e-6)
    assert (soc >= -1e-9).all() and (soc <= store[2] + 1e-9).all()
    assert soc[-1] == pytest.approx(start, abs=1e-9)


def system(seed: int, days: int, stores: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """A made-up system: daily load with sun and slow wind, six blocks, stores by falling efficiency."""
    random = np.random.default_rng(seed)
    hours = np.arange(days * 24)
    load = 1000 + 150 * np.sin(2 * np.pi * (hours - 9) / 24) + 60 * random.standard_normal(hours.size)
    sun = (
        600
        * np.maximum(np.sin(2 * np.pi * (hours - 6) / 24), 0)
        * np.repeat(random.uniform(0.2, 1, days), 24)
    )
    wind = 250 * (1 + np.sin(2 * np.pi * hours / 90 + seed))
    price = np.array([120.0, 220.0, 260.0, 300.0, 450.0, 700.0])
    cap = np.array([250.0, 200.0, 200.0, 150.0, 150.0, 120.0])
    all_stores = np.array(
        [
            [150.0, 150.0, 300.0, 0.95, 0.95, 1.0],
            [100.0, 100.0, 600.0, 0.87, 0.87, 0.0],
            [60.0, 60.0, 1200.0, 0.8, 0.8, 0.0],
        ]
    )
    return load - sun - wind, price, cap, all_stores[:stores].copy()


def schedule(
    r: FloatArray, price: FloatArray, cap: FloatArray, stores: FloatArray, smooth: int = 1
) -> tuple[float, float, FloatArray, FloatArray]:
    """Cost, certified bound, net power and content of several stores over a cyclic span."""
    count, n = stores.shape[0], r.size
    net, soc = np.zeros((count, n)), np.zeros((count, n + 1))
    water, x = np.zeros((count, n)), np.empty(n)
    per = np.zeros(n, dtype=np.int64)
    edge = np.repeat(0.5 * stores[:, 2:3], 2, axis=1)
    cyclic = np.ones(len(stores), dtype=np.int64)
    dispatch_stores(
        r,
        per,
        price,
        cap[None, :],
        VOLL,
        stores,
        np.ones((len(stores), n)),
        smooth,
        False,
        n,
        cyclic,
        edge,
        net,
        soc,
        water,
        x,
    )
    cost = cost_of(x, price, cap)
    bound = lower_bound(x, per, price, cap[None, :], VOLL, cost, stores, np.ones(net.shape), net, water)
    return cost + float(stores_vom_cost(net, stores)), float(bound), net, soc


@pytest.mark.parametrize("seed", range(4))
def test_the_year_end_content_that_is_found_is_the_best_one(seed: int) -> None:
    r, price, cap, stores = system(seed, 14, 1)
    cost, bound, _, soc = schedule(r, price, cap, stores, smooth=0)
    best = least_cost(r, price, np.tile(cap, (r.size, 1)), VOLL, stores)
    assert soc[0, 0] == soc[0, -1]
    assert cost == pytest.approx(best, rel=1e-9)
    # With one store the certificate is tight, but for ties of the water value at the turn of the cycle.
    assert best * (1 - 5e-4) <= bound <= best * (1 + 1e-9)


@pytest.mark.parametrize(("count", "gap"), [(2, 0.002), (3, 0.01)])
@pytest.mark.parametrize("seed", range(3))
def test_stores_in_turn_stay_near_the_linear_programme_and_above_their_bound(
    seed: int, count: int, gap: float
) -> None:
    r, price, cap, stores = system(seed, 14, count)
    cost, bound, net, soc = schedule(r, price, cap, stores)
    best = least_cost(r, price, np.tile(cap, (r.size, 1)), VOLL, stores)
    assert best * (1 - 1e-9) <= cost <= best * (1 + gap)
    assert bound <= best * (1 + 1e-9)
    for i, store in enumerate(stores):
        moved = np.where(net[i] > 0, net[i] * store[3], net[i] / store[4])
        assert np.diff(soc[i]) == pytest.approx(moved, abs=1e-6)
        assert (soc[i] >= -1e-9).all() and (soc[i] <= store[2] + 1e-9).all()


def test_a_larger_store_never_costs_more() -> None:
    r, price, cap, stores = system(5, 14, 1)
    costs = []
    for factor in (0.0, 0.5, 1.0, 2.0, 4.0):
        sized = stores.copy()
        sized[:, :3] *= factor
        costs.append(schedule(r, price, cap, sized)[0])
    assert all(b <= a * (1 + 1e-9) for a, b in itertools.pairwise(costs))


def test_the_same_bits_alone_and_in_threads() -> None:
    args = system(7, 14, 3)
    alone = schedule(*args)
    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(lambda _: schedule(*args), range(8)))
    for other in many:
        assert other[0] == alone[0] and other[1] == alone[1]
        assert (other[2] == alone[2]).all() and (other[3] == alone[3]).all()


@pytest.mark.parametrize("hours", [1, 3, 4, 7, 24, 501])
def test_contents_by_quarters_are_those_of_one_walk_bit_by_bit(hours):
    rng = np.random.default_rng(hours)
    lo, hi = -rng.random(hours + 1), rng.random(hours + 1)
    low, high, soc = rng.random(hours + 1), 1.0 + rng.random(hours + 1), np.empty(hours + 1)
    follow_contents(1.0, lo, hi, low, high, soc)
    now, found = 1.0, [1.0]
    for h in range(hours):
        now = min(max(max(now, low[h + 1]), now + lo[h]), min(now + hi[h], high[h + 1]))
        found.append(now)
    assert soc.tolist() == found
