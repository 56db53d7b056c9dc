"""What the heat balance must give because it can be worked out by hand: one hour of the network, and steady states.

Each steady state is a pair: what the software gives, and the value by hand.
"""

from typing import NamedTuple

import numpy as np

from tests.services.buildings.network import Course, Network, hours, run_kernel
from tests.services.buildings.zone_cases import constant, plain, run

OFFICE = Network()  # 100 m2 of floor, H_w 30, H_op 80, H_ve 40 W/K, medium mass
GLASS_TO_SKY_K = 0.04 * 0.5 * 5 * 0.84 * 11  # R_se F_sky h_r emissivity dT_sky of an upright window


class HandHour(NamedTuple):
    """One hour of the office and what ISO 13790, annex C gives for it: degC and W, set-points 18 and 26 degC."""

    outdoor: float
    start: float  # mass
    internal: float
    solar: float
    limit: float  # of heating and cooling
    power: float
    mass: float
    surface: float
    air: float


HAND_HOURS = {
    "heated": HandHour(2.0, 16.0, 400.0, 300.0, np.inf, 2301.852830, 16.162893, 16.800739, 18.0),
    "cooled": HandHour(34.0, 27.0, 500.0, 1200.0, np.inf, -1924.323386, 27.190126, 26.872350, 26.0),
    "free": HandHour(15.0, 20.0, 400.0, 300.0, np.inf, 0.0, 19.984917, 20.021929, 20.021379),
    "heated-too-little": HandHour(2.0, 16.0, 400.0, 300.0, 1500.0, 1500.0, 16.000021, 16.388204, 17.094309),
    "without-heating": HandHour(2.0, 16.0, 400.0, 300.0, 0.0, 0.0, 15.695342, 15.616489, 15.400063),
    "without-cooling": HandHour(34.0, 27.0, 500.0, 1200.0, 0.0, 0.0, 27.580994, 27.862369, 28.173519),
}


def run_hour(hour: HandHour) -> Course:
    """The hour by the kernel."""
    drive = hours(
        np.array([hour.outdoor]), at_air=hour.internal / 2, radiant=hour.internal / 2 + hour.solar,
        heat_at=18.0, cool_at=26.0, limit=hour.limit,
    )  # fmt: skip
    return run_kernel(OFFICE, drive, hour.start)


def warmed_air() -> tuple[float, float]:
    """900 W at the air, 5 degC outside: leaves by air change and, in series, by surface, windows and mass; degC."""
    settled = run_kernel(OFFICE, hours(np.full(3000, 5.0), at_air=900.0)).air[-1]
    return float(settled), 5.0 + 900.0 / (40.0 + _behind_air())


def idle_zone() -> tuple[float, float]:
    """No gains, -7 degC outside: all nodes take it; degC, the node that is furthest off."""
    found = run_kernel(OFFICE, hours(np.full(3000, -7.0)))
    ends = np.array([found.air[-1], found.surface[-1], found.mass[-1]])
    return float(ends[np.argmax(np.abs(ends + 7.0))]), -7.0


def held_power() -> tuple[float, float]:
    """Set-point 20, outdoors 0: the loss is 20 K over the network's conductance; W."""
    found = run_kernel(OFFICE, hours(np.zeros(3000), heat_at=20.0))
    return float(found.power[-1]), 20.0 * (40.0 + _behind_air())


def without_air_change() -> tuple[tuple[float, float], tuple[float, float]]:
    """900 W at the air, 5 degC outside, no air change: surface, and air above surface; degC and K."""
    found = run_kernel(OFFICE, hours(np.full(4000, 5.0), ventilation=0.0, at_air=900.0))
    surface = (float(found.surface[-1]), 5.0 + 900.0 / (OFFICE.windows + _wall()))
    return surface, (float(found.air[-1] - found.surface[-1]), 900.0 / OFFICE.surface_air)


def cold_year_kwh() -> tuple[float, float]:
    """A zone at SimulateZone's door held at 20 degC in a year of -5 degC with 500 W at the air: heating in kWh."""
    gain = {"internal_gain_w": [500.0], "internal_convective_share": 1.0}
    found = run(plain(heating_setpoint_degc=[20.0], **gain), constant(-5.0))
    # 690 (20 - Ts) = 70 (Ts + 5) + 20 x 0.924 at the surface node; 125 m3/h of air at 0.336 Wh/(m3 K).
    surface = (690 * 20 + 70 * -5 - 20 * GLASS_TO_SKY_K) / (690 + 70)
    return found.heating_kwh, (690 * (20 - surface) + 125 * 0.336 * 25 - 500) * 8.76


def free_year_degc() -> tuple[float, float]:
    """The same zone without plant in a year of 10 degC with 800 W at the air: the hour that is furthest off; degC."""
    found = run(plain(internal_gain_w=[800.0], internal_convective_share=1.0), constant(10.0))
    # Air loses to air by 42 W/K and to the surface by 690; the surface loses by 70 and 20 x 0.924 to the sky.
    matrix = np.array([[42 + 690, -690], [-690, 690 + 70]])
    air = float(np.linalg.solve(matrix, [800 + 420, 700 - 20 * GLASS_TO_SKY_K])[0])
    assert found.hours is not None
    return float(found.hours.air_degc[np.argmax(np.abs(found.hours.air_degc - air))]), air


def _wall() -> float:
    return 1 / (1 / OFFICE.mass_surface + 1 / OFFICE.mass_outside)


def _behind_air() -> float:
    return 1 / (1 / OFFICE.surface_air + 1 / (OFFICE.windows + _wall()))
