"""Renewable energy that takes the place of conventional energy in urban buildings (可再生能源替代率).

No law gives one formula; parts follow GB/T 50801: what each renewable replaces, in standard coal, less the
electricity that it needs itself. The whole is the operation energy of urban dwellings and public buildings.
Beside it the renewable utilisation of GB/T 51350 (REP), which counts heat, cold and light only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.buildings.end_use_records import (
    COOLING,
    HEATING,
    LIGHTING_APPLIANCES,
    PUBLIC_SEGMENT,
    URBAN,
)
from services.buildings.project import Projection
from services.buildings.systems import figures
from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH, GJ_PER_TCE


@dataclass(frozen=True)
class Substitution:
    """Parts and whole in t of standard coal, [p, y]."""

    solar_tce: FloatArray
    pv_tce: FloatArray
    ground_heat_tce: FloatArray
    ground_cool_tce: FloatArray
    air_tce: FloatArray  # the rate counts it only when the region's data say so
    used_tce: FloatArray


def substitution(p: Projection) -> Substitution:
    """Parts of the substitution rate of a projection."""
    read = {name: leaf.number() for name, leaf in figures(p.base.region).items() if not leaf.values}
    coal = read["renewable_kgce_per_kwh"]  # tce per MWh as kgce per kWh
    raw = p.raw
    solar = _solar_tce_per_mwh(read) * _urban(raw.solar_hot_water_mwh)
    heat_tce = GJ_PER_MWH / GJ_PER_TCE / read["coal_reference_efficiency"]
    heating, cooling = calibration(p, HEATING), calibration(p, COOLING)
    ground_heat = heat_tce * raw.ground_heat_mwh - coal * raw.ground_heat_electricity_mwh
    air = heat_tce * raw.air_heat_mwh - coal * raw.air_heat_electricity_mwh
    eer = np.array([read["reference_eer_dwelling"]] * 2 + [read["reference_eer_public"]])[:, None, None]
    ground_cool = coal * (raw.ground_cool_mwh / eer - raw.ground_cool_electricity_mwh)
    used = np.zeros_like(solar)
    for (_, carrier), energy in p.energy.items():
        used = used + _urban(energy) * (coal if carrier == "electricity" else 1 / GJ_PER_TCE)
    return Substitution(
        solar,
        p.roofs.energy_mwh * p.roofs.urban_share * coal,
        np.maximum(_urban(ground_heat * heating), 0.0),
        np.maximum(_urban(ground_cool * cooling), 0.0),
        np.maximum(_urban(air * heating), 0.0),
        used,
    )


def utilisation(p: Projection) -> tuple[FloatArray, FloatArray]:
    """Renewable and whole of GB/T 51350 (REP), MWh [p, y]: heat, cold, hot water, and light as primary energy.

    Renewable heat of a heat pump is what it gives less the electricity that it takes.
    """
    raw, leaves = p.raw, figures(p.base.region)
    primary = leaves["primary_energy_of_electricity"].number()
    heating, cooling = calibration(p, HEATING), calibration(p, COOLING)
    heat = raw.ground_heat_mwh - raw.ground_heat_electricity_mwh
    heat = np.maximum(heat + raw.air_heat_mwh - raw.air_heat_electricity_mwh, 0.0) * heating
    cold = np.maximum(raw.ground_cool_mwh - raw.ground_cool_electricity_mwh, 0.0) * cooling
    water = raw.solar_hot_water_mwh + raw.hot_water_pump_mwh - raw.hot_water_pump_electricity_mwh
    pv = p.roofs.energy_mwh * p.roofs.urban_share
    lamps = np.array(
        [
            leaves[f"lighting_share_of_{name}"].number()
            for name in ("household_appliances", "household_appliances", "public_equipment")
        ]
    )[:, None, None]
    light = p.energy[LIGHTING_APPLIANCES, "electricity"] * lamps
    whole = raw.heat_mwh * heating + raw.cool_mwh * cooling + raw.hot_water_mwh
    return _urban(heat + cold + water) + primary * pv, _urban(whole + primary * light)


def calibration(p: Projection, use: str) -> FloatArray:
    """Calibrated over uncalibrated electricity of a use, [s, p, y]."""
    raw = p.raw.energy[use, "electricity"]
    return np.divide(p.energy[use, "electricity"], raw, out=np.ones_like(raw), where=raw > 0)


def _solar_tce_per_mwh(read: Mapping[str, float]) -> float:
    """Standard coal that a MWh of solar hot water replaces."""
    electric = read["solar_replacing_electricity_share"]
    per_share = electric / read["electric_reference_efficiency"]
    per_share += (1 - electric) / read["gas_reference_efficiency"]
    return per_share * GJ_PER_MWH / GJ_PER_TCE


def _urban(energy: FloatArray) -> FloatArray:
    return np.asarray(energy[URBAN] + energy[PUBLIC_SEGMENT])
