"""Heat pumps and coolers by hour: efficiency and capacity follow the temperatures between which they work.

COP after the regressions of Ruhnau, Hirth and Praktiknjo (2019) on the temperature lift, with their field
correction; frost on outdoor coils; an upper bound as a share of Carnot. Capacity of air-source units falls with the
outdoor temperature; heat above it comes from electric resistance (`zone_kernels.weigh_loads`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.moist_air import relative_humidity_share

# Systems whose electricity is weighed hour by hour; order of the result columns of `intensity`.
HEATING_SYSTEMS: Final = ("split", "hydronic", "ground")
COOLING_SYSTEMS: Final = ("air", "ground")
KELVIN: Final = 273.15


@dataclass(frozen=True)
class Equipment:
    """Heating systems in a climate, [k, h] in the order of HEATING_SYSTEMS."""

    inverse_cop: FloatArray
    capacity_share: FloatArray  # of the rated capacity that `rated_w_per_m2` gives
    design_degc: float  # dry bulb below which 0.4 % of the hours of a normal year lie
    oversizing: float

    def rated_w_per_m2(self, room_unit_w_per_m2: float, design_load_w_per_m2: float) -> FloatArray:
        """Rated heat, W/m2 [k]: room units by their size, the others by the design load of the zone."""
        sized = self.oversizing * design_load_w_per_m2
        return np.array([room_unit_w_per_m2, sized, sized])


def heating_equipment(
    per: Mapping[str, float],
    outdoor_degc: FloatArray,
    humidity_kg_per_kg: FloatArray,
    design_degc: float,
) -> Equipment:
    """Split units to room air, air source to floors and fan coils, ground source; rated for `design_degc`."""
    humidity = relative_humidity_share(outdoor_degc, humidity_kg_per_kg)
    floor = per["floor_sink_at_zero_degc"] + per["floor_sink_per_k"] * outdoor_degc
    coil = np.full_like(outdoor_degc, per["fan_coil_sink_degc"])
    split = heat_pump_cop(per, outdoor_degc, per["split_sink_degc"], humidity)
    floors = per["hydronic_floor_share"]
    hydronic = floors / heat_pump_cop(per, outdoor_degc, floor, humidity)
    hydronic = hydronic + (1 - floors) / heat_pump_cop(per, outdoor_degc, coil, humidity)
    brine = float(outdoor_degc.mean()) - per["ground_below_mean_air_k"]
    ground = np.full_like(outdoor_degc, ground_source_cop(per, brine, per["ground_sink_degc"]))
    by_air = air_capacity_share(per, outdoor_degc)
    at_design = air_capacity_share(per, np.array(design_degc))
    return Equipment(
        np.stack([1 / split, hydronic, 1 / ground]),
        np.stack([by_air, by_air / at_design, np.ones_like(by_air)]),
        design_degc,
        per["design_oversizing"],
    )


def heat_pump_cop(
    per: Mapping[str, float],
    outdoor_degc: FloatArray,
    sink_degc: FloatArray | float,
    humidity_share: FloatArray,
) -> FloatArray:
    """COP of air-source heat pumps in the field, with frost in humid cold."""
    cop = _by_lift(per, "cop", sink_degc - outdoor_degc)
    frosty = (outdoor_degc > per["frost_low_degc"]) & (outdoor_degc < per["frost_high_degc"])
    frosty &= humidity_share > per["frost_least_humidity_share"]
    cop = cop * np.where(frosty, per["frost_factor"], 1.0)
    return np.minimum(cop, _carnot_bound(per, outdoor_degc, sink_degc))


def ground_source_cop(per: Mapping[str, float], brine_degc: float, sink_degc: float) -> float:
    """COP of brine-to-water heat pumps in the field."""
    cop = _by_lift(per, "ground_cop", np.array(sink_degc - brine_degc))
    return float(np.minimum(cop, _carnot_bound(per, np.array(brine_degc), sink_degc)))


def air_capacity_share(per: Mapping[str, float], outdoor_degc: FloatArray) -> FloatArray:
    """Heating capacity of an air-source unit over that at its rating temperature."""
    return np.maximum(1 + per["capacity_per_k"] * (outdoor_degc - per["capacity_rating_degc"]), 0.0)


def cooling_equipment(per: Mapping[str, float], outdoor_degc: FloatArray, carnot_share: float) -> FloatArray:
    """1/EER of air-cooled and ground-cooled plant, [j, h]."""
    ground = np.full_like(outdoor_degc, float(outdoor_degc.mean()) + per["ground_summer_over_mean_air_k"])
    return np.stack(
        [1 / cooling_eer(per, outdoor_degc, carnot_share), 1 / cooling_eer(per, ground, carnot_share)]
    )


def cooling_eer(per: Mapping[str, float], source_degc: FloatArray, carnot_share: float) -> FloatArray:
    """Efficiency of cooling: a share of Carnot between evaporator and condenser; the source takes the heat."""
    cold = per["eer_evaporator_degc"]
    lift = np.maximum(source_degc + per["eer_condenser_difference_k"] - cold, 1.0)
    return np.asarray(np.minimum(carnot_share * (cold + KELVIN) / lift, per["eer_highest"]))


def _by_lift(per: Mapping[str, float], name: str, lift_k: FloatArray) -> FloatArray:
    lift = np.maximum(lift_k, per["cop_least_difference_k"])
    curve = per[f"{name}_c0"] + per[f"{name}_c1_per_k"] * lift + per[f"{name}_c2_per_k2"] * lift**2
    return np.asarray(per["cop_field_correction"] * curve)


def _carnot_bound(
    per: Mapping[str, float], source_degc: FloatArray, sink_degc: FloatArray | float
) -> FloatArray:
    lift = np.maximum(sink_degc - source_degc, per["cop_least_difference_k"])
    return np.asarray(per["carnot_limit_share"] * (sink_degc + KELVIN) / lift)
