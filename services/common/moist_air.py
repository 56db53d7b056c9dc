"""Moist air: saturation (Magnus form, Alduchov and Eskridge 1996), pressure over height (ICAO standard atmosphere)."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray

STANDARD_PRESSURE_PA: Final = 101_325.0
_VAPOUR_TO_AIR_MASS: Final = 0.622


def saturation_pa(temperature_degc: FloatArray) -> FloatArray:
    """Saturation vapour pressure over water, Pa."""
    return np.asarray(610.94 * np.exp(17.625 * temperature_degc / (temperature_degc + 243.04)))


def humidity_ratio_kg_per_kg(vapour_pa: FloatArray, pressure_pa: float = STANDARD_PRESSURE_PA) -> FloatArray:
    """Water over dry air at a vapour pressure."""
    return np.asarray(_VAPOUR_TO_AIR_MASS * vapour_pa / (pressure_pa - vapour_pa))


def relative_humidity_share(temperature_degc: FloatArray, humidity_kg_per_kg: FloatArray) -> FloatArray:
    """Share of saturation at standard pressure."""
    vapour = humidity_kg_per_kg * STANDARD_PRESSURE_PA / (_VAPOUR_TO_AIR_MASS + humidity_kg_per_kg)
    return np.asarray(vapour / saturation_pa(temperature_degc))


def pressure_share(elevation_m: float) -> float:
    """Air pressure at a height over that at the sea."""
    return float((1 - 2.25577e-5 * elevation_m) ** 5.25588)
