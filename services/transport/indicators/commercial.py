"""Commercial transport by group: turnover, energy and direct CO2, as the intensity metrics count them.

Turnover is that of carriers: goods in tonne-km, and passengers by the official conversion. Half of the light trucks
carry the goods of their owners and are left out. Electricity and hydrogen are energy but no direct CO2.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.factors import factors_tco2_per_gj
from services.common.recording import kept
from services.common.regions import load_region
from services.common.units import GJ_PER_MWH
from services.transport.activity import Activity
from services.transport.base import TransportBase
from services.transport.energy import Energy

GROUPS: Final = ("truck", "coach", "ship", "rail", "air")
TRUCK, COACH, SHIP, RAIL, AIR = range(len(GROUPS))
URBAN_PASSENGER: Final = ("urban_bus", "taxi", "ride_hailing")
_SCOPE = "transport/commercial_scope"


@dataclass(frozen=True)
class Commercial:
    """Groups in the order of GROUPS, [g, p, y]."""

    converted_tkm: FloatArray
    energy_gj: FloatArray  # electricity by its calorific value
    direct_tco2: FloatArray
    in_scope: FloatArray  # [g] 1 where the intensity counts the group


@kept(maxsize=8)
def scope(region_id: str, as_of_year: int) -> tuple[FloatArray, FloatArray]:
    """Flag of scope and passenger-km per converted tonne-km by group, [g]; NaN where a group has no passengers."""
    rows = load_region(region_id, as_of_year).table(_SCOPE).by("group")
    flag = np.array([rows[g]["in_scope"] for g in GROUPS], dtype=np.float64)
    return flag, np.array([rows[g]["pkm_per_tkm"] for g in GROUPS], dtype=np.float64)


def commercial(base: TransportBase, activity: Activity, energy: Energy) -> Commercial:
    """Turnover, energy and direct CO2 of the groups."""
    flag, pkm_per_tkm = scope(base.region.region_id, base.region.as_of_year)
    shape = (len(GROUPS), *activity.population.shape)
    tkm, gj, tco2 = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    own = np.ones(len(base.classes))
    own[base.position("light_truck")] = base.number("light_truck_commercial_share")
    trucks, coach = list(base.commercial_truck), base.position("coach")
    weight = own[trucks, None]
    for group, values in (
        (gj, energy.class_gj + energy.charging_mwh * GJ_PER_MWH),
        (tco2, energy.class_tco2),
    ):
        group[TRUCK] = (values[:, trucks] * weight).sum(axis=1)
        group[COACH] = values[:, coach]
    factor = factors_tco2_per_gj(base.region)
    uses = {"ships": SHIP, "rail": RAIL, "aviation": AIR}
    for (use, carrier), fuel in energy.fuel_gj.items():
        if use in uses:
            gj[uses[use]] += fuel
            tco2[uses[use]] += fuel * factor[carrier]
    electricity = energy.electricity_mwh
    gj[SHIP] += (electricity["ships"] + electricity["shore_power"]) * GJ_PER_MWH
    gj[RAIL] += electricity["rail"] * GJ_PER_MWH
    freight, intercity = activity.freight, activity.intercity
    tkm[TRUCK] = freight.road_tkm
    tkm[COACH] = intercity.coach_pkm / pkm_per_tkm[COACH]
    tkm[SHIP] = freight.water_tkm
    tkm[RAIL] = freight.rail_tkm + intercity.rail_pkm / pkm_per_tkm[RAIL]
    tkm[AIR] = activity.systems.air.freight_tkm + intercity.air_pkm / pkm_per_tkm[AIR]
    return Commercial(tkm, gj, tco2, flag)
