"""Merit order, valley filling, contracts, commitment: hand-worked, plain Python, invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.power.commitment_kernels import choose_commitment, commitment_cost
from services.power.kernels import block_energy
from services.power.load_kernels import add_contracts, fill_valleys, return_days, sum_loads, turn_days


def test_block_energy_worked_by_hand() -> None:
    # Blocks of 10 and 20 MW. 25 MW: 10 + 15. -5: 5 surplus. 40: 10 + 20 + 10 unserved.
    energy = np.empty(4)
    block_energy(np.array([25.0, -5.0, 40.0]), np.array([0, 3]), np.array([[10.0, 20.0]]), energy)
    assert energy == pytest.approx([5.0, 20.0, 35.0, 10.0])


@given(seed=st.integers(0, 10_000))
def test_block_energy_equals_a_plain_walk_up_the_stack(seed: int) -> None:
    random = np.random.default_rng(seed)
    x = random.uniform(-50, 200, 48)
    cap = random.uniform(0, 60, (2, 4))
    energy = np.empty(6)
    block_energy(x, np.array([0, 24, 48]), cap, energy)
    plain = np.zeros(6)
    for h, load in enumerate(x):
        rest = load
        plain[0] += max(-rest, 0.0)
        rest = max(rest, 0.0)
        for k in range(4):
            part = min(rest, cap[h // 24, k])
            plain[k + 1] += part
            rest -= part
        plain[5] += rest
    assert energy == pytest.approx(plain, abs=1e-9)


def fill(residual: FloatArray, energy_by_day: FloatArray, power_mw: float) -> FloatArray:
    """What is moved [h], days from midnight."""
    left, placed = np.empty((2, 24, energy_by_day.size))
    turn_days(residual, 0, left)
    fill_valleys(left, energy_by_day, power_mw, placed)
    out = np.empty(residual.size)
    return_days(placed, 0, out)
    return out


@given(seed=st.integers(0, 10_000), energy=st.floats(1.0, 900.0))
def test_moved_load_keeps_the_energy_of_each_day_and_its_power(seed: int, energy: float) -> None:
    random = np.random.default_rng(seed)
    residual = random.uniform(-100, 500, 72)
    days = np.array([energy, 0.0, 0.5 * energy])
    out = fill(residual, days, 50.0)
    assert out.reshape(3, 24).sum(axis=1) == pytest.approx(days, rel=1e-12)
    assert out.min() >= 0
    assert out.max() <= 50.0 * (1 + 1e-6)


def test_moved_load_levels_the_valley() -> None:
    # Residual 10, 20, 30 and then 100: 30 MWh lift the first three hours to 30 (20 + 10 + 0).
    residual = np.array([10.0, 20.0, 30.0] + [100.0] * 21)
    out = fill(residual, np.array([30.0]), 1000.0)
    assert out[:3] == pytest.approx([20.0, 10.0, 0.0], abs=1e-6)


def test_a_contract_above_the_lines_capacity_moves_to_other_hours() -> None:
    # 100 MWh in the shape 0.6, 0.4 on a line of 55 MW: 55 and 45.
    out = np.zeros(2)
    add_contracts(np.array([[0.6, 0.4]]), np.array([100.0]), np.array([55.0]), out)
    assert out == pytest.approx([55.0, 45.0])


def test_loads_add_up_by_part() -> None:
    out = np.empty(3)
    sum_loads(np.array([10.0, 0.0, 2.0]), np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]), out)
    assert out == pytest.approx([5.0, 6.0, 1.0])


def commit(load: float, start_cost: float = 0.0) -> float:
    """Online capacity of one committed class (100 MW, minimum 40 %) beside a dear quick block, for a flat day."""
    online = np.empty((2, 2))
    month = np.zeros(2, dtype=np.int64)
    choose_commitment(
        np.full(48, load),
        24,
        month,
        np.array([300.0, 600.0]),
        np.array([[100.0, 100.0]]),
        np.array([1, 0]),
        np.array([0.4, 0.0]),
        np.array([0.05, 0.0]),
        np.array([start_cost, 0.0]),
        5,
        10_000.0,
        online,
    )
    return float(online[0, 1])


def test_capacity_is_committed_as_far_as_the_load_needs_it() -> None:
    assert commit(100.0) == pytest.approx(100.0)
    assert commit(60.0) == pytest.approx(60.0)
    assert commit(0.0) == 0.0


def test_starts_and_running_cost_worked_by_hand() -> None:
    # One class at 300 CNY/MWh, no-load 5 %, minimum 40 %; online 100, 60 MW. Running: 24 h x 160 MW x 300 x
    # (0.05 + 0.4 x 0.95) = 495,360. Starts: 40 MW back at the turn of the cycle x 90 = 3,600.
    running, starts = commitment_cost(
        24,
        48,
        np.array([300.0]),
        np.array([1]),
        np.array([0.4]),
        np.array([0.05]),
        np.array([90.0]),
        np.array([[100.0, 60.0]]),
    )
    assert running == pytest.approx(24 * 160 * 300 * 0.43)
    assert starts == pytest.approx(3600.0)
