"""Age of the PV fleet: what is added each year, renewed at the end of its life, and worn in between."""

from dataclasses import dataclass

import numpy as np

from services.buildings.roof_kernels import age_fleet
from services.buildings.roofs.pv_yield import LEAVES
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.recording import kept
from services.common.regions import Region


def health(region: Region, capacity: FloatArray) -> FloatArray:
    """Output of the fleet over that of new modules, [y], from its capacity at year ends [y].

    Capacity is kept up: modules at the end of their life are renewed in place. Before the base year it grew as
    observed; without observations all of it is new in the base year.
    """
    fleet = _fleet(region)
    by_year = np.zeros(len(fleet.added_mw) + len(capacity))
    by_year[: len(fleet.added_mw)] = fleet.added_mw * (capacity[0] / fleet.base_mw)
    output = np.empty(len(capacity))
    age_fleet(by_year, (1 - fleet.wear) ** np.arange(len(by_year)), fleet.life, capacity, output)
    return output


@dataclass(frozen=True)
class _Fleet:
    """What is known of the fleet before the scenario's years."""

    life: int
    wear: float  # part of the output lost a year
    added_mw: FloatArray  # [b] by year, up to the year before the base year
    base_mw: float  # in the base year


@kept(maxsize=8)
def _fleet(region: Region) -> _Fleet:
    read = region.leaves(LEAVES)
    observed = region.observed("capacity_pv_distributed")
    seen = {y: v for y, v in observed.items() if y < BASE_YEAR}
    first = min(seen, default=BASE_YEAR)
    added = np.zeros(BASE_YEAR - first)
    past = np.diff([seen[y] for y in sorted(seen)], prepend=0.0)
    for year, more in zip(sorted(seen), np.maximum(past, 0.0), strict=True):
        added[year - first] = more
    return _Fleet(
        int(read["life_years"].number()),
        read["degradation_per_year"].number(),
        added,
        max(observed.get(BASE_YEAR, 0.0), 1e-9),
    )
