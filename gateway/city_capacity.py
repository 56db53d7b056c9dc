"""Stage city capacity: rooftop PV of the cities added to power's city capacities: city values of PV and of shares.

Power shares plants to cities and knows rooftop PV of the province only; its owner knows it by city.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gateway.results import MetricSeries
from services.common.arrays import FloatArray
from services.common.outcome import Outcome

PLANTS = ("coal", "gas", "nuclear", "wind", "utility_pv", "pumped_storage")
PLANT_IDS = frozenset(f"power.{name}_capacity_mw" for name in PLANTS)

# Metrics whose city values are sums over the plants' and rooftops' capacities.
FROM_PLANTS = (
    "power.pv_capacity_mw",
    "power.renewable_capacity_mw",
    "power.total_capacity_mw",
    "power.renewable_capacity_share",
    "power.coal_capacity_share",
)


def with_city_capacity(
    metrics: Sequence[MetricSeries], outcomes: Sequence[Outcome]
) -> tuple[MetricSeries, ...]:
    """The metrics with city values of PV, renewables, all capacity and the shares, where power tells every plant.

    Biomass, off-gas and conventional hydro have no city data and are not in the cities' totals.
    """
    held = {m.metric.metric_id: m.place_values for m in metrics}
    plants = {name: held.get(f"power.{name}_capacity_mw") for name in PLANTS}
    if any(values is None or not values.size for values in plants.values()):
        return tuple(metrics)
    roofs = [g.capacity_mw for o in outcomes for g in o.on_site_generations]
    found = _values({k: v for k, v in plants.items() if v is not None}, roofs)
    return tuple(
        replace(m, place_values=found[m.metric.metric_id]) if m.metric.metric_id in found else m
        for m in metrics
    )


def _values(plants: Mapping[str, FloatArray], roofs: Sequence[FloatArray]) -> dict[str, FloatArray]:
    rooftop = sum(roofs, np.zeros_like(plants["coal"]))
    pv = plants["utility_pv"] + rooftop
    renewable = plants["wind"] + pv
    total = rooftop + sum(plants.values())
    shares = (
        np.divide(part, total, out=np.zeros_like(total), where=total > 0)
        for part in (renewable, plants["coal"])
    )
    return dict(zip(FROM_PLANTS, (pv, renewable, total, *shares), strict=True))
