"""SO2, NOx, PM2.5 and VOC of fuels burned in industry, heat supply, construction and farming, t [p, y].

Factor a GJ by group of uses and carrier, less the share removed, linear between its years and flat after. Processes
without fuel (solvents, chemicals, dust of open piles) are not in it. Plant behind a capture unit is taken to emit as
before.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.combustion import POLLUTANTS
from services.common.recording import kept
from services.common.regions import load_region
from services.common.units import T_PER_G
from services.industry.balance import IndustryBalance
from services.industry.base import COAL, FUELS, IndustryBase
from services.industry.kernels import sum_emissions

TABLE: Final = "industry/air_pollutants"
GROUPS: Final = "industry/air_groups"
HEAT_SUPPLY: Final = "heat_supply"
AGRICULTURE: Final = "agriculture"
_ALL: Final = "all"
_OPEN: Final = "open"
_REMOVED: Final = "_removed_"


def pollutants_t(
    base: IndustryBase, balance: IndustryBalance, years: tuple[int, ...]
) -> dict[str, FloatArray]:
    """Emission by pollutant."""
    region = base.region.region_id
    total = np.empty((len(POLLUTANTS), *balance.captured_tco2.shape))
    sum_emissions(balance.use_fuel_gj, _factors(region, base.uses, years), total)
    heat = balance.heat
    for carrier, gj in (("coal", heat.coal_gj), ("natural_gas", heat.gas_gj), ("biomass", heat.biomass_gj)):
        total += _of(region, HEAT_SUPPLY, carrier, years)[:, None, :] * gj
    return dict(zip(POLLUTANTS, total, strict=True))


@kept(maxsize=16)
def _factors(region_id: str, uses: tuple[str, ...], years: tuple[int, ...]) -> FloatArray:
    """Emission after removal, t/GJ [u, f, q, y]."""
    groups = load_region(region_id).table(GROUPS).by("use")
    found = np.zeros((len(uses), len(FUELS), len(POLLUTANTS), len(years)))
    for u, use in enumerate(uses):
        for f, carrier in enumerate(FUELS):
            open_fire = use == AGRICULTURE and f == COAL
            group = _OPEN if open_fire else groups[use]["use_group"]
            found[u, f] = _of(region_id, group, carrier, years)
    found.flags.writeable = False
    return found


@kept(maxsize=512)
def _of(region_id: str, group: str, carrier: str, years: tuple[int, ...]) -> FloatArray:
    """Emission after removal of a group's carrier, else of "all", t/GJ [q, y]; 0 without a row."""
    rows = {(r["use_group"], r["carrier"]): r for r in load_region(region_id).table(TABLE).rows()}
    row = rows.get((group, carrier), rows.get((_ALL, carrier)))
    found = np.zeros((len(POLLUTANTS), len(years)))
    for q, name in enumerate(POLLUTANTS if row is not None else ()):
        assert row is not None
        start = f"{name}{_REMOVED}"
        points = {int(k.removeprefix(start)): v for k, v in row.items() if k.startswith(start)}
        removed = np.interp(years, sorted(points), [points[y] for y in sorted(points)]) if points else 0.0
        found[q] = row[f"{name}_g_per_gj"] * T_PER_G * (1 - removed)
    found.flags.writeable = False
    return found
