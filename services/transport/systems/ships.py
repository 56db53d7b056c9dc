"""Cargo ships under way: energy by waters and fuel from tonne-km."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MJ, GJ_PER_MWH, MWH_PER_KWH
from services.transport.base import TransportBase
from services.transport.freight.turnover import Freight

WATERS: Final = ("inland", "coastal", "ocean")
SHIP_FUELS: Final = ("oil", "gas", "methanol", "electricity")  # oil: diesel inland, fuel oil at sea
INLAND, COASTAL, OCEAN = range(len(WATERS))
OIL, GAS, METHANOL, ELECTRICITY = range(len(SHIP_FUELS))


def tonne_km_shares(base: TransportBase, paths: LeverPaths) -> FloatArray:
    """Share of tonne-km by waters and fuel, [w, f, p, y]; fuels of each water sum to 1.

    LNG and methanol by one lever and a fixed split; batteries on inland waters alone, where trips are short.
    """
    battery = paths.by_place("transport.ship_battery_share")
    other = paths.by_place("transport.ship_lng_methanol_share")
    gas = base.number("ship_lng_share")
    shares = np.zeros((len(WATERS), len(SHIP_FUELS), *battery.shape))
    shares[:, GAS] = gas * other
    shares[:, METHANOL] = (1.0 - gas) * other
    shares[INLAND, ELECTRICITY] = battery
    shares[:, OIL] = 1.0 - other
    shares[INLAND, OIL] -= battery
    return shares


def ship_energy_gj(base: TransportBase, paths: LeverPaths, freight: Freight) -> FloatArray:
    """Energy by waters and fuel, GJ [w, f, p, y]; LNG and methanol engines need the energy of diesel engines.

    Energy per tonne-km falls every year after the base year by the lever, on all waters alike.
    """
    fall = paths.by_place("transport.ship_efficiency_improvement")
    fall[:, 0] = 0.0
    left = np.cumprod(1.0 - fall, axis=1)
    energy = tonne_km_shares(base, paths)
    battery_gj_per_tkm = base.number("battery_ship_kwh_per_tkm") * MWH_PER_KWH * GJ_PER_MWH
    inland_tkm = freight.inland_tkm * left
    energy[INLAND, :ELECTRICITY] *= inland_tkm * (base.number("inland_water_mj_per_tkm") * GJ_PER_MJ)
    energy[INLAND, ELECTRICITY] *= inland_tkm * battery_gj_per_tkm
    energy[COASTAL] *= freight.coastal_tkm * left * (base.number("coastal_mj_per_tkm") * GJ_PER_MJ)
    energy[OCEAN] *= freight.ocean_tkm * left * (base.number("ocean_mj_per_tkm") * GJ_PER_MJ)
    return energy
