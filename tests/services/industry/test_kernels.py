"""The kernel of the branches."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.industry.kernels import project_branches

COAL, GAS = 0, 1


def run(
    base_gj: FloatArray, base_mwh: FloatArray, *, reduction: float, moved: float, to_gas: float, seed: int = 0
) -> tuple[FloatArray, FloatArray, tuple[FloatArray, FloatArray]]:
    branches, fuels = base_gj.shape
    places, years = 2, 3
    random = np.random.default_rng(seed)
    scale = (
        random.random((branches, fuels, places, years)) if seed else np.ones((branches, fuels, places, years))
    )
    scale_el = random.random((branches, places, years)) if seed else np.ones((branches, places, years))
    out_gj = np.empty_like(scale)
    out_mwh = np.empty_like(scale_el)
    full = np.ones((places, years))
    project_branches(
        base_gj,
        base_mwh,
        scale.reshape(-1, places, years),
        np.arange(branches * fuels, dtype=np.int32).reshape(branches, fuels),
        scale_el,
        full * reduction,
        np.ones((branches, fuels)),
        full * moved,
        np.ones((branches, fuels)),
        full * 0.4,
        full * to_gas,
        np.ones(branches),
        0.95,
        3.6,
        COAL,
        GAS,
        out_gj,
        out_mwh,
    )
    return out_gj, out_mwh, (scale, scale_el)


def test_one_branch_worked_by_hand() -> None:
    # 1,000 GJ coal; efficiency 10 % -> 900; electrification 20 %: 180 moved, 720 left, electricity
    # 100 + 180 x 0.4 / 3.6 = 120 MWh; half of the coal to gas: 360 coal, 360 x 0.95 = 342 gas.
    fuel, electricity, _ = run(
        np.array([[1000.0, 0.0]]), np.array([100.0]), reduction=0.1, moved=0.2, to_gas=0.5
    )
    assert fuel[0, COAL] == pytest.approx(np.full((2, 3), 360.0))
    assert fuel[0, GAS] == pytest.approx(np.full((2, 3), 342.0))
    assert electricity[0] == pytest.approx(np.full((2, 3), 120.0))


def beside_plain(
    seed: int, reduction: float, moved: float, to_gas: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Fuel and electricity of three random branches: (ours, plain, ours, plain), [b, f, p, y] and [b, p, y]."""
    random = np.random.default_rng(seed)
    base_gj, base_mwh = random.random((3, 4)) * 1e6, random.random(3) * 1e5
    fuel, electricity, (scale, scale_el) = run(
        base_gj, base_mwh, reduction=reduction, moved=moved, to_gas=to_gas, seed=seed
    )
    plain_fuel, plain_electricity = np.empty_like(fuel), np.empty_like(electricity)
    for b in range(3):
        for p in range(2):
            for y in range(3):
                kept = [base_gj[b, f] * scale[b, f, p, y] * (1 - reduction) for f in range(4)]
                power = base_mwh[b] * scale_el[b, p, y] + sum(k * moved * 0.4 / 3.6 for k in kept)
                left = [k * (1 - moved) for k in kept]
                left[GAS] += left[COAL] * to_gas * 0.95
                left[COAL] *= 1 - to_gas
                plain_fuel[b, :, p, y] = left
                plain_electricity[b, p, y] = power
    return fuel, plain_fuel, electricity, plain_electricity


RANDOM = {
    "seed": st.integers(1, 10_000),
    "reduction": st.floats(-0.3, 0.85),
    "moved": st.floats(0, 0.8),
    "to_gas": st.floats(0, 1),
}


@settings(max_examples=25, deadline=None)
@given(**RANDOM)
def test_kernel_agrees_with_plain_python(seed: int, reduction: float, moved: float, to_gas: float) -> None:
    fuel, plain_fuel, electricity, plain_electricity = beside_plain(seed, reduction, moved, to_gas)
    assert fuel == pytest.approx(plain_fuel, rel=1e-12, abs=1e-6)
    assert electricity == pytest.approx(plain_electricity, rel=1e-12)
    assert (fuel >= -1e-6).all()


def test_same_bits_alone_and_in_threads() -> None:
    random = np.random.default_rng(3)
    base_gj, base_mwh = random.random((5, 4)), random.random(5)

    def bits(seed: int) -> bytes:
        fuel, electricity, _ = run(base_gj, base_mwh, reduction=0.2, moved=0.3, to_gas=0.4, seed=seed)
        return fuel.tobytes() + electricity.tobytes()

    alone = [bits(seed) for seed in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(bits, range(1, 9))) == alone
