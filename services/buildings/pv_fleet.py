"""Age of the PV fleet: what is added each year, renewed at the end of its life, and worn in between."""

import numpy as np

from services.buildings.roofs.pv_yield import LEAVES
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.regions import Region


def health(region: Region, capacity: FloatArray) -> FloatArray:
    """Output of the fleet over that of new modules, [y], from its capacity at year ends [y].

    Capacity is kept up: modules at the end of their life are renewed in place. Before the base year it grew as
    observed; without observations all of it is new in the base year.
    """
    read = region.leaves(LEAVES)
    life, wear = int(read["life_years"].number()), read["degradation_per_year"].number()
    seen = {y: v for y, v in region.observed("capacity_pv_distributed").items() if y < BASE_YEAR}
    first = min(seen, default=BASE_YEAR)
    past = np.diff([seen[y] for y in sorted(seen)], prepend=0.0)
    scale = capacity[0] / max(region.observed("capacity_pv_distributed").get(BASE_YEAR, 0.0), 1e-9)
    years = BASE_YEAR - first + len(capacity)
    by_year = np.zeros(years)  # capacity standing by year of building
    for year, added in zip(sorted(seen), np.maximum(past, 0.0), strict=True):
        by_year[year - first] = added * scale
    output = np.zeros(len(capacity))
    for y, now in enumerate(capacity):
        at = BASE_YEAR - first + y
        if at >= life:  # renewed in place
            by_year[at] += by_year[at - life]
            by_year[at - life] = 0.0
        standing = by_year[: at + 1].sum()
        if now < standing:  # taken down alike from every age
            by_year[: at + 1] *= now / standing
        else:
            by_year[at] += now - standing
        output[y] = (by_year[: at + 1] * (1 - wear) ** np.arange(at, -1, -1)).sum()
    return np.divide(output, capacity, out=np.ones_like(output), where=capacity > 0)
