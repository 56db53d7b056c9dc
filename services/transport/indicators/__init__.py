"""Metrics that transport publishes: one row each beside its value, by group.

A share is a part and a whole by city: the city's value is their quotient, the region's the quotient of the sums.
"""

from typing import Final

from services.common.words import Metric
from services.transport.fleet.run import EVERYTHING, FleetNeeds
from services.transport.indicators import (
    charging,
    costs,
    emissions,
    energy,
    fleet,
    freight,
    intensity,
    ports,
    travel,
    uptake,
)
from services.transport.indicators.project import RegionMakers, ShareMakers, SumMakers

METRICS: Final[tuple[Metric, ...]] = (
    *fleet.METRICS,
    *uptake.METRICS,
    *energy.METRICS,
    *emissions.METRICS,
    *freight.METRICS,
    *intensity.METRICS,
    *ports.METRICS,
    *travel.METRICS,
    *charging.METRICS,
    *costs.METRICS,
)


# Names of the metrics by their ids.
METRIC_NAMES: Final = {metric.metric_id: metric.metric_id.partition(".")[2] for metric in METRICS}
SUMS: Final[SumMakers] = {
    **fleet.SUMS,
    **uptake.SUMS,
    **energy.SUMS,
    **emissions.SUMS,
    **freight.SUMS,
    **intensity.SUMS,
    **ports.SUMS,
    **travel.SUMS,
    **charging.SUMS,
    **costs.SUMS,
}
SHARES: Final[ShareMakers] = {
    **fleet.SHARES,
    **uptake.SHARES,
    **energy.SHARES,
    **emissions.SHARES,
    **freight.SHARES,
    **travel.SHARES,
    **intensity.SHARES,
    **ports.SHARES,
    **charging.SHARES,
}
OF_REGION: Final[RegionMakers] = {
    **energy.OF_REGION,
    **intensity.OF_REGION,
    **uptake.OF_REGION,
    **emissions.OF_REGION,
    **charging.OF_REGION,
}
# Shares that a city answers otherwise than by its own quotient, [p, y].
IN_CITIES: Final = freight.IN_CITIES
_OF_STANDARDS: Final = frozenset({*fleet.OF_STANDARDS, *emissions.OF_STANDARDS})


def fleet_needs(only: frozenset[str] | None) -> FleetNeeds:
    """What these metrics, all when None, read of the fleet."""
    if only is None:
        return EVERYTHING
    names = frozenset(METRIC_NAMES[i] for i in only if i in METRIC_NAMES)
    exhaust = {q for name, q in emissions.EXHAUST_OF.items() if name in names}
    return FleetNeeds(tuple(sorted(exhaust)), not names.isdisjoint(_OF_STANDARDS))
