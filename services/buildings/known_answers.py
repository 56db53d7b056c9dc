"""Known answers of the buildings sector: a zone that has come to rest."""

from collections.abc import Sequence

import numpy as np

from services.buildings.zone_kernels import simulate_zone
from services.common.self_test import KnownAnswer

# A zone of 100 m2 whose year holds 66 of its time constants: nothing of the start is left at its end.
_HOURS = 2_000
_OUTDOOR_C, _HEAT_C, _COOL_C = 2.0, 18.0, 26.0
_WINDOWS_W_PER_K, _OPAQUE_W_PER_K, _AIR_W_PER_K = 30.0, 80.0, 40.0
_MASS_M2, _SURFACE_M2, _CAPACITY_J_PER_K = 250.0, 450.0, 16.5e6


def known_answers() -> Sequence[KnownAnswer]:
    """Heating and free course of a zone at rest: what flows in flows out through conductances in series."""
    # Five conductances of ISO 13790 seen from the air: air change beside (air to surfaces, then windows and walls).
    whole = _AIR_W_PER_K + 1 / (1 / (3.45 * _SURFACE_M2) + 1 / (_WINDOWS_W_PER_K + _OPAQUE_W_PER_K))
    _, heating = _at_rest(_HEAT_C, 0.0)
    air, idle = _at_rest(-50.0, 400.0)
    return (
        KnownAnswer("heating of a zone at rest, W", heating, whole * (_HEAT_C - _OUTDOOR_C), "heat balance"),
        KnownAnswer("air of a zone at rest, degC", air, _OUTDOOR_C + 400.0 / whole, "heat balance"),
        KnownAnswer("plant of a zone between its set-points, W", idle, 0.0, "no need"),
    )


def _at_rest(heat_setpoint: float, gain_w: float) -> tuple[float, float]:
    """Air, degC, and plant, W, in the last hour; the gain goes to the air."""
    one = np.ones(_HOURS)
    air, surface, mass, power = (np.zeros(_HOURS) for _ in range(4))
    mass_outside = 1 / (1 / _OPAQUE_W_PER_K - 1 / (9.1 * _MASS_M2))
    simulate_zone(
        _OUTDOOR_C * one, _OUTDOOR_C * one, _OUTDOOR_C * one, _AIR_W_PER_K * one, gain_w * one, 0.0 * one,
        heat_setpoint * one, _COOL_C * one, 1e9 * one, 1e9 * one,
        _WINDOWS_W_PER_K, mass_outside, _MASS_M2, _SURFACE_M2, _CAPACITY_J_PER_K, 16.0, 0, 1,
        air, surface, mass, power,
    )  # fmt: skip
    return float(air[-1]), float(power[-1])
