"""Heat into the zone hour by hour: eight flows that add up to zero."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from services.buildings.zone.network import Mass
from services.buildings.zone.physics import MASS_TO_SURFACE
from services.buildings.zone.profiles import MONTH
from services.buildings.zone.result import ZoneFlows
from services.buildings.zone.run import Driven, Run
from services.common.arrays import FloatArray
from services.common.units import W_PER_KW

_SECONDS_PER_HOUR: Final = 3600.0
_IDLE_K: Final = 0.01  # a zone this near to its surroundings is idle: only rounding is left of its flows


def hourly_flows(driven: Driven, mass: Mass, run: Run) -> Mapping[str, FloatArray]:
    """Flows into the zone, W [h], by the names of ZoneFlows; losses negative, `storage` what the mass gives."""
    out = driven.outside
    before = np.concatenate([[run.start_mass], run.mass[:-1]])
    lost = out.windows_w_per_k / (MASS_TO_SURFACE * mass.inner_surface_area_m2) * driven.gain_radiant_w
    mean_mass = 0.5 * (before + run.mass) if run.sub_steps == 1 else _mean_mass(driven, mass, run)
    return {
        "windows": out.windows_w_per_k * (out.window_degc - run.surface) - lost,
        "opaque": driven.mass_outside_w_per_k * (out.opaque_degc - mean_mass),
        "ventilation": driven.ventilation_w_per_k * (driven.outdoor_degc - run.air),
        "solar": driven.solar_w,
        "internal": driven.internal_w,
        "heating": np.maximum(run.power, 0.0),
        "cooling": np.minimum(run.power, 0.0),
        "storage": mass.heat_capacity_j_per_k / _SECONDS_PER_HOUR * (before - run.mass),
    }


def _mean_mass(driven: Driven, mass: Mass, run: Run) -> FloatArray:
    """Mean temperature of the mass over an hour of several steps, from the balance of the surface node."""
    out = driven.outside
    windows = out.windows_w_per_k
    shared = 1 - (mass.mass_area_m2 + windows / MASS_TO_SURFACE) / mass.inner_surface_area_m2
    into = windows * (out.window_degc - run.surface) + mass.surface_air_w_per_k * (run.air - run.surface)
    return np.asarray(run.surface - (into + shared * driven.gain_radiant_w) / mass.to_surface_w_per_k)


def largest_residual_share(flows: Mapping[str, FloatArray], driven: Driven, mass: Mass) -> float:
    """Largest over the year of an hour's sum over that hour's largest flow.

    In an idle hour over what a difference of 0.01 K would move through the zone's surfaces.
    """
    stacked = np.array(list(flows.values()))
    out = driven.outside
    idle = _IDLE_K * (mass.surface_air_w_per_k + out.windows_w_per_k + out.opaque_w_per_k)
    scale = np.maximum(np.abs(stacked).max(axis=0), idle)
    return float((np.abs(stacked.sum(axis=0)) / scale).max())


def monthly(flows: Mapping[str, FloatArray]) -> ZoneFlows:
    """The flows by month, kWh."""
    return ZoneFlows(
        **{f"{name}_kwh": np.bincount(MONTH, values, 12) / W_PER_KW for name, values in flows.items()}
    )
