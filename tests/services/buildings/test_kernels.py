"""Heat balance of a zone against hand-worked values and physics."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services.buildings.kernels import simulate_zone

from services.common.arrays import FloatArray


def zone(
    outdoor: FloatArray,
    internal: float = 4.0,
    solar: float = 3.0,
    ventilation: float = 0.4,
    windows: float = 0.3,
    opaque: float = 0.8,
    heat_at: float = 18.0,
    cool_at: float = 26.0,
    limit: float = 1e9,
    start: float = 16.0,
    warm_up: int = 0,
    kernel: Any = simulate_zone,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    ones = np.ones_like(outdoor)
    air, heat, cool = (np.zeros_like(outdoor) for _ in range(3))
    sums = np.zeros(4)
    kernel(
        outdoor, 0.0, outdoor, solar * ones, internal * ones, ventilation * ones, 0 * ones,
        heat_at * ones, cool_at * ones, ones / 2.5, ones / 3.0, windows, opaque, 2.5, 4.5, 165e3,
        limit, limit, 1.0, start, warm_up, air, heat, cool, sums,
    )  # fmt: skip
    return air, heat, cool, sums


@pytest.mark.parametrize(
    ("outdoor", "start", "internal", "solar", "limit", "heat", "cool", "air"),
    [
        (2.0, 16.0, 4.0, 3.0, 1e9, 23.01852830, 0.0, 18.0),
        (34.0, 27.0, 5.0, 12.0, 1e9, 0.0, 19.24323386, 26.0),
        (15.0, 20.0, 4.0, 3.0, 1e9, 0.0, 0.0, 20.021379),
        (2.0, 16.0, 4.0, 3.0, 15.0, 15.0, 0.0, 17.094309),
    ],
)
def test_one_hour_gives_the_hand_worked_values_of_the_standard(
    outdoor: float,
    start: float,
    internal: float,
    solar: float,
    limit: float,
    heat: float,
    cool: float,
    air: float,
) -> None:
    hour = zone(np.array([outdoor]), internal, solar, limit=limit, start=start)
    assert hour[0][0] == pytest.approx(air, abs=1e-6)
    assert hour[1][0] == pytest.approx(heat, abs=1e-6)
    assert hour[2][0] == pytest.approx(cool, abs=1e-6)


def test_in_the_steady_state_a_watt_of_gains_saves_up_to_a_watt_of_heat() -> None:
    _, heat, _, _ = zone(np.full(800, 0.0))
    warm = zone(np.full(800, 0.0), internal=5.0)[1]
    assert heat[-1] == pytest.approx(heat[-2], rel=1e-6)
    assert 0.0 < heat[-1] - warm[-1] <= 1.0


def test_compiled_and_plain_python_agree() -> None:
    rng = np.random.default_rng(1)
    outdoor = 15 + 12 * np.sin(np.arange(96) / 15) + rng.normal(size=96)
    fast = zone(outdoor, warm_up=24)
    plain = zone(outdoor, warm_up=24, kernel=simulate_zone.py_func)
    for a, b in zip(fast, plain, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.1, 1.0),
    st.floats(0.2, 2.0),
    st.floats(0.1, 1.0),
    st.floats(16.0, 22.0),
)
def test_demand_rises_with_conductance_and_set_point(
    windows: float, opaque: float, ventilation: float, heat_at: float
) -> None:
    outdoor = 5 + 6 * np.sin(np.arange(240) * np.pi / 12)
    given_ = zone(outdoor, windows=windows, opaque=opaque, ventilation=ventilation, heat_at=heat_at)[3][0]
    leaky = zone(outdoor, windows=windows, opaque=opaque, ventilation=1.2 * ventilation, heat_at=heat_at)[3][
        0
    ]
    warmer = zone(outdoor, windows=windows, opaque=opaque, ventilation=ventilation, heat_at=heat_at + 1)[3][0]
    assert leaky >= given_ >= 0.0
    assert warmer >= given_
