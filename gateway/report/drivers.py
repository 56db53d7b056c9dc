"""What drives CO2 up to its peak and down from it: LMDI-I, additive, chained yearly, by final sector and factor.

CO2 of a sector = fuels + electricity, each GDP x final energy per GDP x the carrier's share x CO2 per unit of the
carrier. Fuels are those burned in the sector (for heat it sells too), heat bought is left aside: its CO2 stands with
who makes it. The power sector has no term of its own: it is the carbon of electricity.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gateway.accounts import ratio
from gateway.attribution import HEAT
from gateway.compare.lmdi import chained
from gateway.report.results import DriverEffect
from gateway.results import Projection, SectorAccount
from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH
from services.common.words import Label

FUEL, ELECTRICITY = "fuel", "electricity"
# The last factor is the carbon of fuels in a sector's fuel term, and of electricity in its other term.
FACTORS = ("activity", "intensity", "electrification")
LABELS = {
    "activity": Label("经济活动（GDP）", "activity (GDP)"),
    "intensity": Label("能源强度（终端能耗/GDP）", "intensity (final energy per GDP)"),
    "electrification": Label("终端用能结构（电气化）", "shares of fuels and electricity"),
    "fuel_carbon": Label("燃料碳强度", "carbon of fuels"),
    "electricity_carbon": Label("电力碳强度", "carbon of electricity"),
}


def drivers_around(projection: Projection, boundary: str, peak: int, window: int) -> tuple[DriverEffect, ...]:
    """Effects over `window` years before and after the index of the peak; none for boundaries with process CO2."""
    if "process" in boundary:
        return ()
    account = projection.account
    power = projection.sectors[-1].direct_tco2
    if "imported_power" in boundary:
        power = power + account.imported_power_tco2
    users = projection.sectors[:-1]
    factors = factor_table(users, power, account.gdp_index)
    last = len(projection.years) - 1
    turns = sorted({max(peak - window, 0), peak, min(peak + window, last)})
    return tuple(
        effect
        for first, end in pairwise(turns)
        for effect in _effects(projection.years, users, factors, first, end)
    )


def factor_table(users: Sequence[SectorAccount], power_tco2: FloatArray, gdp_index: FloatArray) -> FloatArray:
    """The factors of every term, [year, factor, term]; terms are fuels and electricity of each user in turn."""
    electricity = [u.electricity_mwh * GJ_PER_MWH for u in users]
    total = sum(electricity, np.zeros_like(power_tco2))
    columns = []
    for user, used in zip(users, electricity, strict=True):
        fuels = sum((c.energy_gj for c in user.carriers if c.carrier != HEAT), np.zeros_like(power_tco2))
        final = fuels + used
        for carrier, tco2 in ((fuels, user.direct_tco2), (used, ratio(used, total) * power_tco2)):
            columns.append([gdp_index, final / gdp_index, ratio(carrier, final), ratio(tco2, carrier)])
    return np.ascontiguousarray(np.array(columns).transpose(2, 1, 0))


def _effects(
    years: tuple[int, ...], users: Sequence[SectorAccount], factors: FloatArray, first: int, last: int
) -> list[DriverEffect]:
    """Effects of one period by sector and factor."""
    found = chained(list(factors[first : last + 1]))
    out = []
    for u, user in enumerate(users):
        fuel, electric = found[:, 2 * u], found[:, 2 * u + 1]
        values = {name: fuel[k] + electric[k] for k, name in enumerate(FACTORS)}
        values |= {"fuel_carbon": fuel[-1], "electricity_carbon": electric[-1]}
        out += [
            DriverEffect(years[first], years[last], user.sector, name, LABELS[name], float(value))
            for name, value in values.items()
        ]
    return out
