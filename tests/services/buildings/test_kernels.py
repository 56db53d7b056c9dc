"""Heat balance of a zone against hand-worked values and physics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.zone_kernels import simulate_zone, weigh_loads
from tests.services.buildings.network import Course, Network, hours, largest_open_share, run_kernel
from tests.services.buildings.steady_states import (
    HAND_HOURS,
    OFFICE,
    held_power,
    idle_zone,
    run_hour,
    warmed_air,
    without_air_change,
)


@pytest.mark.parametrize("name", HAND_HOURS)
def test_one_hour_gives_the_hand_worked_values_of_the_standard(name: str) -> None:
    expected, hour = HAND_HOURS[name], run_hour(HAND_HOURS[name])
    assert hour.power[0] == pytest.approx(expected.power, abs=1e-5)
    for node in ("mass", "surface", "air"):
        assert getattr(hour, node)[0] == pytest.approx(getattr(expected, node), abs=1e-6)


def test_air_that_settles_is_warmed_through_the_resistances_in_series() -> None:
    settled, by_hand = warmed_air()
    assert settled == pytest.approx(by_hand, abs=1e-9)


def test_a_zone_without_gains_takes_the_temperature_outside() -> None:
    settled, outside = idle_zone()
    assert settled == pytest.approx(outside, abs=1e-9)


def test_held_air_loses_by_hand_what_the_plant_delivers() -> None:
    delivered, by_hand = held_power()
    assert delivered == pytest.approx(by_hand, rel=1e-9)


def test_a_zone_without_air_change_has_its_own_steady_state() -> None:
    (surface, by_hand), (above, above_by_hand) = without_air_change()
    assert surface == pytest.approx(by_hand, abs=1e-8)
    assert above == pytest.approx(above_by_hand, abs=1e-9)


def test_in_the_steady_state_a_watt_of_gains_saves_up_to_a_watt_of_heat() -> None:
    def heat(radiant: float) -> Course:
        return run_kernel(OFFICE, hours(np.zeros(2000), radiant=radiant, heat_at=18.0))

    cold, warm = heat(700.0), heat(800.0)
    assert cold.power[-1] == pytest.approx(cold.power[-2], rel=1e-6)
    assert 0.0 < cold.power[-1] - warm.power[-1] <= 100.0


def test_compiled_and_plain_python_agree() -> None:
    rng = np.random.default_rng(1)
    outdoor = 15 + 12 * np.sin(np.arange(96) / 15) + rng.normal(size=96)
    drive = hours(outdoor, at_air=200.0, radiant=500.0, heat_at=18.0, cool_at=26.0, limit=2000.0)
    values = [getattr(drive, name) for name in drive.__dataclass_fields__]
    results = []
    for kernel in (simulate_zone, simulate_zone.py_func):
        out = [np.zeros(96) for _ in range(4)]
        kernel(*values, 30.0, 83.0, 250.0, 450.0, 16.5e6, 16.0, 24, 3, *out)
        results.append(out)
    for fast, plain in zip(*results, strict=True):
        np.testing.assert_allclose(fast, plain, rtol=1e-10, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(st.floats(5.0, 100.0), st.floats(20.0, 200.0), st.floats(0.0, 120.0), st.floats(16.0, 22.0))
def test_demand_rises_with_conductance_and_set_point(
    windows: float, opaque: float, ventilation: float, heat_at: float
) -> None:
    outdoor = 5 + 6 * np.sin(np.arange(240) * np.pi / 12)

    def heat(windows: float, opaque: float, ventilation: float, heat_at: float) -> float:
        zone = Network(windows=windows, mass_outside=opaque)
        return run_kernel(
            zone, hours(outdoor, ventilation=ventilation, radiant=300.0, heat_at=heat_at)
        ).heat_kwh()

    usual = heat(windows, opaque, ventilation, heat_at)
    assert usual >= 0.0
    assert heat(1.2 * windows, opaque, ventilation, heat_at) >= usual
    assert heat(windows, 1.2 * opaque, ventilation, heat_at) >= usual
    assert heat(windows, opaque, 1.2 * ventilation + 1.0, heat_at) >= usual
    assert heat(windows, opaque, ventilation, heat_at + 1) >= usual


def open_share_of(
    seed: int, windows: float, mass_outside: float, mass_area: float, capacity: float, limit: float
) -> float:
    """Largest open share of 200 hours drawn at random in a zone."""
    rng = np.random.default_rng(seed)
    size = 200
    drive = hours(
        rng.uniform(-20, 40, size), ventilation=rng.uniform(0, 300, size), at_air=rng.uniform(-50, 2000, size),
        radiant=rng.uniform(0, 6000, size), heat_at=rng.uniform(15, 22, size), cool_at=rng.uniform(24, 28, size),
        limit=limit, behind=rng.uniform(-20, 60, size), supply=rng.uniform(-20, 40, size),
    )  # fmt: skip
    zone = Network(windows, mass_outside, mass_area, mass_area / 0.4 + windows, capacity)
    return largest_open_share(zone, drive, run_kernel(zone, drive, 18.0), 18.0)


# seed, H_w, H_em W/K, mass area m2, capacity J/K, limit of the plant W
ANY_ZONE = (
    st.integers(0, 2**32 - 1), st.floats(1.0, 300.0), st.floats(5.0, 1500.0), st.floats(50.0, 500.0),
    st.floats(1e6, 1e8), st.floats(0.0, 4000.0),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(*ANY_ZONE)
def test_every_hour_of_any_zone_closes_at_every_node(
    seed: int, windows: float, mass_outside: float, mass_area: float, capacity: float, limit: float
) -> None:
    assert open_share_of(seed, windows, mass_outside, mass_area, capacity, limit) < 1e-9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 1000.0))
def test_a_zone_of_any_size_has_the_temperatures_of_its_square_metre(seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    outdoor, sun = rng.uniform(-10, 35, 300), rng.uniform(0, 3000, 300)

    def course(times: float) -> Course:
        zone = Network(30 * times, 83 * times, 250 * times, 450 * times, 16.5e6 * times)
        drive = hours(
            outdoor, ventilation=40 * times, radiant=sun * times, heat_at=18.0, cool_at=26.0,
            limit=2500 * times,
        )  # fmt: skip
        return run_kernel(zone, drive)

    one, many = course(1.0), course(size)
    np.testing.assert_allclose(many.air, one.air, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(many.power, size * one.power, rtol=1e-8, atol=1e-7 * size)


def test_loads_are_weighed_hour_by_hour_by_what_each_system_takes() -> None:
    power = np.array([50.0, 0.0, -36.0, 20.0])
    latent = np.array([9.0, 9.0, 6.0, 9.0])
    inverse_heat = np.array([[0.5, 0.5, 0.5, 0.25], [0.2, 0.2, 0.2, 0.2]])
    capacity = np.array([[30.0, 30.0, 30.0, 30.0], [99.0, 99.0, 99.0, 99.0]])
    inverse_cool = np.array([[0.3, 0.3, 0.4, 0.3]])
    heat, cool, sums = np.empty(4), np.empty(4), np.empty(5)
    weigh_loads(power, latent, 0.72, inverse_heat, capacity, inverse_cool, heat, cool, sums)
    np.testing.assert_allclose(heat, [50, 0, 0, 20])
    np.testing.assert_allclose(cool, [0, 0, 56, 0])  # 36 / 0.72 + 6
    # 30 by the pump at COP 2 and 20 by resistance, then 20 at COP 4; the second system pumps it all at COP 5
    np.testing.assert_allclose(sums, [0.07, 0.056, 0.015 + 0.02 + 0.005, 0.014, 0.0224])
