"""Heat pumps and coolers by hour: efficiency and capacity follow the outdoor temperature."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray

# Systems whose electricity is weighed hour by hour; order of the result columns of `intensity`.
HEATING_SYSTEMS: Final = ("split", "hydronic", "ground")
COOLING_SYSTEMS: Final = ("air", "ground")


@dataclass(frozen=True)
class Equipment:
    """Heating systems in a climate, [k, h] in the order of HEATING_SYSTEMS."""

    inverse_cop: FloatArray
    capacity_w_per_m2: FloatArray  # heat above it comes from electric resistance


def heating_equipment(per: Mapping[str, float], outdoor_degc: FloatArray) -> Equipment:
    """Split units to room air, air source to floors and fan coils, ground source."""
    split = heat_pump_cop(per, outdoor_degc)
    inverse = np.stack([1 / split, 1 / split, 1 / split])
    return Equipment(inverse, np.full_like(inverse, np.inf))


def cooling_equipment(per: Mapping[str, float], outdoor_degc: FloatArray, carnot_share: float) -> FloatArray:
    """1/EER of air-cooled and ground-cooled plant, [j, h]."""
    air = cooling_eer(per, outdoor_degc, carnot_share)
    return np.stack([1 / air, 1 / air])


def heat_pump_cop(per: Mapping[str, float], outdoor_degc: FloatArray) -> FloatArray:
    """Air-source heat pump in the field (Ruhnau, Hirth and Praktiknjo 2019), with frost."""
    difference = np.maximum(per["cop_least_difference_k"], per["cop_sink_degc"] - outdoor_degc)
    cop = per["cop_c0"] + per["cop_c1_per_k"] * difference + per["cop_c2_per_k2"] * difference**2
    frosty = (outdoor_degc > per["frost_low_degc"]) & (outdoor_degc < per["frost_high_degc"])
    return np.asarray(per["cop_field_correction"] * cop * np.where(frosty, per["frost_factor"], 1.0))


def cooling_eer(per: Mapping[str, float], outdoor_degc: FloatArray, carnot_share: float) -> FloatArray:
    """Efficiency of cooling: a share of Carnot between evaporator and condenser."""
    cold = per["eer_evaporator_degc"]
    lift = np.maximum(outdoor_degc + per["eer_condenser_difference_k"] - cold, 1.0)
    return np.asarray(np.minimum(carnot_share * (cold + 273.15) / lift, per["eer_highest"]))
