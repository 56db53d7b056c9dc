"""SimulateZone's room rebuilt from its description alone: films, sun on walls, sky, air, network, exact in time.

Only what the reply prints is taken over: the sun that stays in the room, hour by hour, and the mass of its layers.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from pvlib.irradiance import get_extra_radiation, get_total_irradiance
from pvlib.location import Location

from services.buildings.zone.result import ZoneResult
from services.common.arrays import FloatArray
from tests.services.buildings.bestest import high_plain, run_case
from tests.services.buildings.network import Course, Hours, Network, hours, run_exact

OUTER, INNER = 1 / 29.3, 1 / 8.29
GLASS_OUTER = 0.04
SKY_K = 11.0
R_LIGHT = 0.009 / 0.14 + 0.066 / 0.04 + 0.012 / 0.16
R_HEAVY = 0.009 / 0.14 + 0.0615 / 0.04 + 0.1 / 0.51
R_ROOF = 0.019 / 0.14 + 0.1118 / 0.04 + 0.01 / 0.16
R_FLOOR = {"6": 25.075 + 0.025 / 0.14, "9": 25.175 + 0.08 / 1.13}
WALLS = {0.0: 21.6, 90.0: 16.2, 180.0: 9.6, 270.0: 16.2}


def on_plane(azimuth: float, tilt: float) -> FloatArray:
    """Sun on a plane by pvlib alone, W/m2 [h]."""
    given = high_plain().hourly
    assert given is not None
    place = Location(39.8, -104.9, "Etc/GMT+7", 1650.0)
    times = pd.date_range("2021-01-01 00:30", periods=8760, freq="h", tz="Etc/GMT+7")
    sun = place.get_solarposition(times)
    found = get_total_irradiance(
        tilt, azimuth, sun["apparent_zenith"], sun["azimuth"],
        np.array(given.direct_normal_w_per_m2), np.array(given.global_horizontal_w_per_m2),
        np.array(given.diffuse_horizontal_w_per_m2), dni_extra=get_extra_radiation(times),
        airmass=place.get_airmass(times)["airmass_relative"], albedo=0.2, model="perez",
    )  # fmt: skip
    return np.asarray(found["poa_global"].fillna(0.0), dtype=np.float64)


def seen(outdoor: FloatArray, light: FloatArray, view: float) -> FloatArray:
    """Sol-air temperature of a wall or roof of absorptance 0.6 and emissivity 0.9."""
    return outdoor + OUTER * (0.6 * light - view * 5 * 0.9 * SKY_K)


def rebuilt(case: str, reply: ZoneResult) -> tuple[Network, Hours]:
    given, series = high_plain().hourly, reply.hours
    assert given is not None
    assert series is not None
    outdoor = np.array(given.outdoor_degc)
    wall = 1 / (OUTER + INNER + (R_LIGHT if case[0] == "6" else R_HEAVY))
    roof, floor = 1 / (OUTER + INNER + R_ROOF), 1 / (INNER + R_FLOOR[case[0]])
    opaque = wall * sum(WALLS.values()) + (roof + floor) * 48
    warmth = floor * 48 * 10.0 + roof * 48 * seen(outdoor, on_plane(180.0, 0.0), 1.0)
    for turn, area in WALLS.items():
        warmth = warmth + wall * area * seen(outdoor, on_plane(turn, 90.0), 0.5)
    density = 1.2 * (1 - 2.25577e-5 * 1650) ** 5.25588
    mass = reply.parameters
    network = Network(
        windows=12 * 3.0,
        mass_outside=1 / (1 / opaque - 1 / (9.1 * mass.mass_area_m2)),
        mass_area=mass.mass_area_m2,
        surface_area=171.6,
        capacity=mass.heat_capacity_j_per_k,
    )
    drive = hours(
        outdoor - GLASS_OUTER * 0.5 * 5 * 0.84 * SKY_K,
        ventilation=0.5 * 129.6 * density * 1008 / 3600,
        at_air=80.0,
        radiant=120.0 + series.solar_w,
        heat_at=-np.inf if case.endswith("FF") else 20.0,
        cool_at=np.inf if case.endswith("FF") else 27.0,
        behind=warmth / opaque,
        supply=outdoor,
    )
    return network, drive


@lru_cache(maxsize=8)
def both(case: str) -> tuple[ZoneResult, Course]:
    reply = run_case(case, high_plain())
    network, drive = rebuilt(case, reply)
    return reply, run_exact(network, drive, 15.0, warm_up=2000)


@pytest.mark.parametrize("case", ["600", "900", "600FF", "900FF"])
def test_the_reply_is_that_of_the_room_rebuilt(case: str) -> None:
    reply, exact = both(case)
    assert reply.hours is not None
    assert np.abs(reply.hours.air_degc - exact.air).mean() < 0.05
    assert np.abs(reply.hours.operative_degc - (0.3 * exact.air + 0.7 * exact.surface)).mean() < 0.05
    assert reply.heating_kwh == pytest.approx(exact.heat_kwh(), rel=0.005)
    assert reply.sensible_cooling_kwh == pytest.approx(exact.cool_kwh(), rel=0.005)


@pytest.mark.parametrize("case", ["600", "900"])
def test_the_room_loses_what_the_standard_s_conductances_say(case: str) -> None:
    """Opaque parts 49.9 and windows 36 W/K: U of walls 0.51, roof 0.32, floor 0.04, glass 3.0 W/(m2 K)."""
    parameters = both(case)[0].parameters
    assert parameters.opaque_w_per_k == pytest.approx(49.9, abs=0.2)
    assert parameters.windows_w_per_k == pytest.approx(36.0)
