"""Heat balance of a zone against hand-worked values and physics; turnover of a small stock."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services.buildings.kernels import simulate_zone, turn_over

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


def small_stock(
    demand: tuple[float, ...], survival: float, retrofit: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    years = len(demand)
    area = np.zeros((1, 1, 2 + years - 1, 5))
    area[0, 0, 0, 0], area[0, 0, 1, 2] = 100.0, 50.0
    stock = np.zeros((1, 1, 5, years))
    stock[..., 0] = area[:, :, :2].sum(axis=2)
    flows = [np.zeros((1, 1, years)) for _ in range(3)]
    mix = np.zeros((1, 1, years, 5))
    mix[..., 3] = 1.0
    turn_over(
        area, np.full((1, 2, years), survival), np.full((1, 1, years - 1, years), survival),
        np.array([[demand]]), mix, np.zeros(1), np.full((2, years), retrofit), np.full((1, years), 0.5),
        np.full((1, years), 0.25), 3, 1, 0.0, 2, 1, np.zeros((1, 1)), stock, *flows,
    )  # fmt: skip
    return stock[0, 0], flows[0][0, 0], flows[1][0, 0], flows[2][0, 0]


def test_a_year_of_a_small_stock_by_hand() -> None:
    stock, completed, demolished, retrofitted = small_stock((150.0, 160.0), 0.9, 10.0)
    assert demolished[1] == pytest.approx(15.0)
    assert completed[1] == pytest.approx(25.0)
    assert retrofitted[1] == pytest.approx(10.0)
    # 90 of the oldest left; of 10 retrofitted, 5 go one up, 2.5 to the 75 % level, 2.5 stay
    np.testing.assert_allclose(stock[:, 1], [82.5, 5.0, 45.0, 27.5, 0.0])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(1.0, 400.0), min_size=3, max_size=8),
    st.floats(0.3, 1.0),
    st.floats(0.0, 500.0),
)
def test_floor_area_is_conserved_and_never_negative(
    demand: list[float], survival: float, retrofit: float
) -> None:
    stock, completed, demolished, _ = small_stock((150.0, *demand), survival, retrofit)
    total = stock.sum(axis=0)
    np.testing.assert_allclose(np.diff(total), completed[1:] - demolished[1:], rtol=1e-9, atol=1e-9)
    assert (stock >= 0).all()
    assert (total[1:] >= np.array(demand) * (1 - 1e-12)).all()
