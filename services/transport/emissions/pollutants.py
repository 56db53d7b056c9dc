"""Air pollutants of a region's transport: exhaust, evaporation and wear of its vehicles; ships, rail and port machines.

Road vehicles count with the km of the vehicles registered in the region, wherever they drive: the factor that brings
fuel to the region's statistics is not applied. Ships, rail and ports count with the fuel of the statistics. Aviation is
left out: landing cycles are not in the model.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.units import T_PER_G
from services.transport.activity import Activity
from services.transport.base import (
    AGES,
    DIESEL,
    FIRST_YEAR,
    TransportBase,
    survival_by_age,
    transport_base,
)
from services.transport.emissions.factors import POLLUTANTS, standard_factors
from services.transport.emissions.other_sources import (
    evaporation_factors,
    offroad_g_per_gj,
    so2_factors,
    so2_g_per_gj,
    wear_factors,
)
from services.transport.emissions.standards import STANDARDS, TIMETABLE, standard_shares
from services.transport.energy import Energy
from services.transport.fleet.sums import over_powertrains

NOX, VOC, PM25, CO = range(len(POLLUTANTS))
OLD_STANDARDS: Final = STANDARDS[: STANDARDS.index("III") + 1]
OFFROAD_USES: Final = ("ships", "rail", "ports")


@dataclass(frozen=True)
class Pollutants:
    """Pollutants of a scenario by source, t; q as POLLUTANTS. Each source is counted when it is first asked for."""

    base: TransportBase
    activity: Activity
    energy: Energy

    def exhaust_t(self, q: int) -> FloatArray:
        """Exhaust of road vehicles, [p, c, y]."""
        return self.activity.fleet.exhaust_t(q).transpose(1, 0, 2)

    @cached_property
    def evaporation_t(self) -> FloatArray:
        """VOC of gasoline tanks, [p, y]."""
        running, parked = evaporation_factors(self.base.region, self.base.classes)
        (driving,) = _by_place(self.activity.fleet.km, running)
        (standing,) = _by_place(self.activity.fleet.stock, parked)
        return np.asarray(driving + standing)

    @cached_property
    def wear_t(self) -> FloatArray:
        """PM2.5 of tyres, brakes and road, [p, y]."""
        (wear,) = _by_place(self.activity.fleet.km, wear_factors(self.base.region, self.base.classes))
        return np.asarray(wear)

    @cached_property
    def _offroad_t(self) -> dict[str, FloatArray]:
        """Exhaust by use, [q, p, y]."""
        grams = offroad_g_per_gj(self.base.region)
        found = {use: np.zeros((len(POLLUTANTS), *self.activity.population.shape)) for use in OFFROAD_USES}
        for (use, carrier), gj in self.energy.fuel_gj.items():
            if use in found:
                found[use] += grams[use, carrier][:, None, None] * gj * T_PER_G
        return found

    def offroad_t(self, use: str, q: int) -> FloatArray:
        """Exhaust of ships, rail or ports, [p, y]."""
        return np.asarray(self._offroad_t[use][q])

    @cached_property
    def so2_t(self) -> FloatArray:
        """SO2 of all sources, [p, y]."""
        region = self.base.region
        sulphur = so2_g_per_gj(region)
        so2 = np.zeros_like(self.activity.population)
        for (use, carrier), gj in self.energy.fuel_gj.items():
            if use in OFFROAD_USES:
                so2 += gj * (sulphur.get(carrier, 0.0) * T_PER_G)
        (road,) = _by_place(self.activity.fleet.fuel_gj, so2_factors(region, self.base.classes))
        return np.asarray(road + so2)

    def total_t(self, q: int) -> FloatArray:
        """A pollutant from all sources, t [p, y]."""
        total: FloatArray = self.exhaust_t(q).sum(axis=1)
        for use in OFFROAD_USES:
            total += self.offroad_t(use, q)
        if q == VOC:
            total += self.evaporation_t
        if q == PM25:
            total += self.wear_t
        return total


def _by_place(amount: FloatArray, *grams: FloatArray) -> FloatArray:
    """Sums of amount [p, c, k, y] times each g [c, k], t [n, p, y]."""
    total: FloatArray = over_powertrains(amount, np.stack(grams)).sum(axis=1) * T_PER_G
    return total


def old_diesel_truck_nox_t(base: TransportBase, activity: Activity) -> FloatArray:
    """NOx of diesel trucks of China III and older, t [p, y].

    A class' diesel NOx is shared out by vehicles of each standard times their factor and mileage at their age.
    """
    fleet, trucks = activity.fleet, list(base.commercial_truck)
    weight = _truck_nox(base.region.region_id, base.region.as_of_year, fleet.stock.shape[3])
    by_standard = fleet.diesel_standard_stock[:, :, trucks] * weight[:, None]
    whole = by_standard.sum(axis=0)
    old = by_standard[: len(OLD_STANDARDS)].sum(axis=0)
    share = np.divide(old, whole, out=np.zeros_like(whole), where=whole > 0)
    total: FloatArray = (share * fleet.pollutant_t[fleet.pollutants.index(NOX)][:, trucks, DIESEL]).sum(
        axis=1
    )
    return total


@kept(maxsize=8)
def _truck_nox(region_id: str, as_of_year: int, years: int) -> FloatArray:
    """NOx of a diesel truck by standard, g a year at its age, [s, c, y] over `commercial_truck`."""
    base = transport_base(region_id, as_of_year)
    trucks = list(base.commercial_truck)
    names = tuple(base.classes[c] for c in trucks)
    shares = standard_shares(base.region, TIMETABLE, names, FIRST_YEAR, AGES - 1 + years)[:, DIESEL]
    window = np.lib.stride_tricks.sliding_window_view(shares, AGES, axis=1)  # [c, y, s, a]
    alive = survival_by_age(base.rows)[trucks]
    vehicles = np.einsum("cysa,ca->scy", window, alive)
    driven = np.einsum("cysa,ca->scy", window, alive * base.age_km[trucks])
    km = np.divide(driven, vehicles, out=np.zeros_like(driven), where=vehicles > 0)
    grams = standard_factors(base.region, names)[0][NOX, :, DIESEL]  # [c, s]
    weight: FloatArray = km * grams.T[:, :, None]
    return weight
