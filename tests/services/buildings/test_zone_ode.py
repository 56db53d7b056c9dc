"""The heat balance against the same network solved in continuous time by SciPy."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from services.buildings.climate.source import read_weather
from services.buildings.zone.doors import Zone
from services.buildings.zone.network import Mass, mass_of
from services.buildings.zone.run import Driven, Run, drive, run_year
from tests.services.buildings.zone_cases import BOARD, CONCRETE, FOAM, box, made_year

FIRST, LAST = 24 * 108, 24 * 122  # two weeks of spring: heating and cooling
YEAR = read_weather(made_year())


class Network:
    """Five conductances and a mass in one hour: air and surface follow the mass at once."""

    def __init__(self, driven: Driven, mass: Mass, hour: int) -> None:
        out = driven.outside
        self.mass, self.em = mass, driven.mass_outside_w_per_k
        h_is, h_ms, h_w = mass.surface_air_w_per_k, mass.to_surface_w_per_k, out.windows_w_per_k
        h_ve = driven.ventilation_w_per_k[hour]
        self.matrix = np.array([[h_ve + h_is, -h_is], [-h_is, h_is + h_ms + h_w]])
        radiant = driven.gain_radiant_w[hour]
        area = mass.inner_surface_area_m2
        to_mass = mass.mass_area_m2 / area
        at_surface = (1 - to_mass - h_w / (9.1 * area)) * radiant
        self.into_air = h_ve * driven.outdoor_degc[hour] + driven.gain_air_w[hour]
        self.into_surface = at_surface + h_w * out.window_degc[hour]
        self.into_mass = to_mass * radiant + self.em * out.opaque_degc[hour]
        self.heat, self.cool = driven.heat_setpoint_degc[hour], driven.cool_setpoint_degc[hour]

    def nodes(self, t_mass: float) -> tuple[float, float, float]:
        """Air, surface, power with an ideal controller at every instant."""
        right = np.array([self.into_air, self.into_surface + self.mass.to_surface_w_per_k * t_mass])
        air, surface = np.linalg.solve(self.matrix, right)
        target = self.heat if air < self.heat else self.cool if air > self.cool else None
        if target is None:
            return float(air), float(surface), 0.0
        surface = (right[1] - self.matrix[1, 0] * target) / self.matrix[1, 1]
        return target, float(surface), float(self.matrix[0] @ [target, surface] - right[0])

    def warming(self, _: float, state: np.ndarray) -> list[float]:
        """d/dt of mass temperature, air and power integrals."""
        air, surface, power = self.nodes(state[0])
        flow = self.mass.to_surface_w_per_k * (surface - state[0]) - self.em * state[0] + self.into_mass
        return [flow / self.mass.heat_capacity_j_per_k, air / 3600, power / 3600]


def solved(driven: Driven, mass: Mass, run: Run) -> Iterator[tuple[float, float, float]]:
    """Hourly (mass at the end, mean air, mean power) in continuous time, from the kernel's mass at the start."""
    state = float(run.mass[FIRST - 1])
    for hour in range(FIRST, LAST):
        network = Network(driven, mass, hour)
        found = solve_ivp(network.warming, (0, 3600), [state, 0, 0], rtol=1e-7, atol=1e-7, max_step=1800)
        state = float(found.y[0, -1])
        yield state, float(found.y[1, -1]), float(found.y[2, -1])


# Layers, and the largest root mean square difference of air and mass, K
ROOMS = {"heavy": ([FOAM, CONCRETE], 0.005), "light": ([FOAM, BOARD], 0.1)}
ENERGY_SHARE = 0.005  # of the larger of heat and cooling


class Apart(NamedTuple):
    """Two weeks by kernel and solver: root mean square of the differences, K; (heat, cooling) kWh of each."""

    air_k: float
    mass_k: float
    kernel_kwh: tuple[float, float]
    solver_kwh: tuple[float, float]


def compared(kind: str, held: bool) -> Apart:
    """The two weeks of a room, held between 20 and 22 degC or free."""
    sets = {"heating_setpoint_degc": [20.0], "cooling_setpoint_degc": [22.0]} if held else {}
    zone = Zone.model_validate(box(ROOMS[kind][0], **sets))
    mass = mass_of(zone)
    driven = drive(zone, YEAR, mass)
    run = run_year(zone, driven, mass)
    t_mass, air, power = np.array(list(solved(driven, mass, run))).T
    window = slice(FIRST, LAST)

    def kwh(watt: np.ndarray) -> tuple[float, float]:
        return float(np.maximum(watt, 0).sum() / 1e3), float(np.maximum(-watt, 0).sum() / 1e3)

    return Apart(
        float(np.sqrt(np.mean((run.air[window] - air) ** 2))),
        float(np.sqrt(np.mean((run.mass[window] - t_mass) ** 2))),
        kwh(run.power[window]),
        kwh(power),
    )


@pytest.mark.parametrize("kind", ROOMS)
@pytest.mark.parametrize("held", [False, True])
def test_the_kernel_agrees_with_the_continuous_network(kind: str, held: bool) -> None:
    """An hour is a hundredth of the heavy zone's time constant and a tenth of the light one's."""
    found = compared(kind, held)
    assert max(found.air_k, found.mass_k) < ROOMS[kind][1]
    if held:
        assert min(*found.kernel_kwh, *found.solver_kwh) > 0
        apart = np.subtract(found.kernel_kwh, found.solver_kwh)
        assert np.abs(apart).max() < ENERGY_SHARE * max(*found.kernel_kwh, *found.solver_kwh)
