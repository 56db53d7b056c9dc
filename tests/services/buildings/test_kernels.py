"""Heat balance of a zone against hand-worked values and physics."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.zone_kernels import simulate_zone, weigh_loads
from tests.services.buildings.network import Course, Network, hours, largest_open_share, run_kernel

OFFICE = Network()  # 100 m2 of floor, H_w 30, H_op 80, H_ve 40 W/K, medium mass


@pytest.mark.parametrize(
    ("outdoor", "start", "internal", "solar", "limit", "power", "mass", "surface", "air"),
    [
        (2.0, 16.0, 400.0, 300.0, math.inf, 2301.852830, 16.162893, 16.800739, 18.0),
        (34.0, 27.0, 500.0, 1200.0, math.inf, -1924.323386, 27.190126, 26.872350, 26.0),
        (15.0, 20.0, 400.0, 300.0, math.inf, 0.0, 19.984917, 20.021929, 20.021379),
        (2.0, 16.0, 400.0, 300.0, 1500.0, 1500.0, 16.000021, 16.388204, 17.094309),
        (2.0, 16.0, 400.0, 300.0, 0.0, 0.0, 15.695342, 15.616489, 15.400063),
        (34.0, 27.0, 500.0, 1200.0, 0.0, 0.0, 27.580994, 27.862369, 28.173519),
    ],
)
def test_one_hour_gives_the_hand_worked_values_of_the_standard(
    outdoor: float,
    start: float,
    internal: float,
    solar: float,
    limit: float,
    power: float,
    mass: float,
    surface: float,
    air: float,
) -> None:
    drive = hours(
        np.array([outdoor]), at_air=internal / 2, radiant=internal / 2 + solar, heat_at=18.0, cool_at=26.0,
        limit=limit,
    )  # fmt: skip
    hour = run_kernel(OFFICE, drive, start)
    assert hour.power[0] == pytest.approx(power, abs=1e-5)
    assert hour.mass[0] == pytest.approx(mass, abs=1e-6)
    assert hour.surface[0] == pytest.approx(surface, abs=1e-6)
    assert hour.air[0] == pytest.approx(air, abs=1e-6)


def test_air_that_settles_is_warmed_through_the_resistances_in_series() -> None:
    """Heat at the air node leaves by air change and, in series, by surface, windows and mass."""
    drive = hours(np.full(3000, 5.0), at_air=900.0)
    wall = 1 / (1 / OFFICE.mass_surface + 1 / OFFICE.mass_outside)
    behind_air = 1 / (1 / OFFICE.surface_air + 1 / (OFFICE.windows + wall))
    settled = run_kernel(OFFICE, drive).air[-1]
    assert settled == pytest.approx(5.0 + 900.0 / (40.0 + behind_air), abs=1e-9)


def test_a_zone_without_gains_takes_the_temperature_outside() -> None:
    found = run_kernel(OFFICE, hours(np.full(3000, -7.0)))
    for values in (found.air, found.surface, found.mass):
        assert values[-1] == pytest.approx(-7.0, abs=1e-9)


def test_held_air_loses_by_hand_what_the_plant_delivers() -> None:
    """Set-point 20, outdoors 0: the loss is 20 K over the network's conductance."""
    wall = 1 / (1 / OFFICE.mass_surface + 1 / OFFICE.mass_outside)
    conductance = 40.0 + 1 / (1 / OFFICE.surface_air + 1 / (OFFICE.windows + wall))
    found = run_kernel(OFFICE, hours(np.zeros(3000), heat_at=20.0))
    assert found.power[-1] == pytest.approx(20.0 * conductance, rel=1e-9)


def test_a_zone_without_air_change_has_its_own_steady_state() -> None:
    found = run_kernel(OFFICE, hours(np.full(4000, 5.0), ventilation=0.0, at_air=900.0))
    wall = 1 / (1 / OFFICE.mass_surface + 1 / OFFICE.mass_outside)
    assert found.surface[-1] == pytest.approx(5.0 + 900.0 / (OFFICE.windows + wall), abs=1e-8)
    assert found.air[-1] - found.surface[-1] == pytest.approx(900.0 / OFFICE.surface_air, abs=1e-9)


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


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.floats(1.0, 300.0), st.floats(5.0, 1500.0), st.floats(50.0, 500.0),
    st.floats(1e6, 1e8), st.floats(0.0, 4000.0),
)  # fmt: skip
def test_every_hour_of_any_zone_closes_at_every_node(
    seed: int, windows: float, mass_outside: float, mass_area: float, capacity: float, limit: float
) -> None:
    rng = np.random.default_rng(seed)
    size = 200
    drive = hours(
        rng.uniform(-20, 40, size), ventilation=rng.uniform(0, 300, size), at_air=rng.uniform(-50, 2000, size),
        radiant=rng.uniform(0, 6000, size), heat_at=rng.uniform(15, 22, size), cool_at=rng.uniform(24, 28, size),
        limit=limit, behind=rng.uniform(-20, 60, size), supply=rng.uniform(-20, 40, size),
    )  # fmt: skip
    zone = Network(windows, mass_outside, mass_area, mass_area / 0.4 + windows, capacity)
    assert largest_open_share(zone, drive, run_kernel(zone, drive, 18.0), 18.0) < 1e-9


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
