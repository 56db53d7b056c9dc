"""CO2 of electricity and heat attributed to those who use them; nothing twice, nothing lost.

A_u = direct_u + share_electricity(u) x (power + imports) + share_heat(u) x heat, shares by final use; losses, own use
and storage are spread with final use. Heat's CO2 is that of its fuel and of the electricity that makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gateway.uses import SectorUse
from services.common.arrays import FloatArray, array

HEAT = "heat"


@dataclass(frozen=True)
class UserEnergy:
    """What attribution needs to know of one sector; heat making is apart from use."""

    direct_tco2: FloatArray = array("year")
    electricity_mwh: FloatArray = array("year")
    heat_gj: FloatArray = array("year")
    heat_making_tco2: FloatArray = array("year")
    heat_making_electricity_mwh: FloatArray = array("year")


def user_energy(use: SectorUse) -> UserEnergy:
    """The sector's use: a use that the sector names among its heat supplies makes heat for sale."""
    zero = np.zeros(len(use.outcome.years))
    direct, heat, making_tco2, electricity, making_mwh = zero, zero, zero, zero, zero
    for fuel, gj, tco2 in use.fuels:
        if fuel.use in use.making:
            making_tco2 = making_tco2 + tco2
            continue
        direct = direct + tco2
        if fuel.carrier == HEAT:
            heat = heat + gj
    for one, mwh in zip(use.outcome.electricity_uses, use.electricity_mwh, strict=True):
        if one.use in use.making:
            making_mwh = making_mwh + mwh
        else:
            electricity = electricity + mwh
    return UserEnergy(direct, electricity, heat, making_tco2, making_mwh)


def attribute(
    users: Sequence[UserEnergy], electricity_tco2: FloatArray
) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """CO2 of each user, t [year], and what stays with power because nobody uses electricity.

    The users and the rest sum to direct + heat making + electricity_tco2.
    """
    zero = np.zeros_like(electricity_tco2)
    final = sum((u.electricity_mwh for u in users), zero)
    making = sum((u.heat_making_electricity_mwh for u in users), zero)
    used = final + making
    heat_used = sum((u.heat_gj for u in users), zero)
    # CO2 of making heat: its fuel, and its share of electricity.
    making_tco2 = [
        u.heat_making_tco2 + _share(u.heat_making_electricity_mwh, used) * electricity_tco2 for u in users
    ]
    heat_tco2 = sum(making_tco2, zero)
    attributed = tuple(
        u.direct_tco2
        + _share(u.electricity_mwh, used) * electricity_tco2
        + _share(u.heat_gj, heat_used) * heat_tco2
        # Heat that nobody buys stays with the sector that makes it.
        + np.where(heat_used > 0, 0.0, own)
        for u, own in zip(users, making_tco2, strict=True)
    )
    return attributed, np.where(used > 0, 0.0, electricity_tco2)


def _share(part: FloatArray, total: FloatArray) -> FloatArray:
    return np.divide(part, total, out=np.zeros_like(part), where=total > 0)
