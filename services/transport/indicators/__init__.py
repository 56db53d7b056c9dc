"""Metrics that transport publishes: one row each beside its value, by group.

A share is a part and a whole by city: the city's value is their quotient, the region's the quotient of the sums.
"""

from typing import Final

from services.common.arrays import FloatArray
from services.common.words import Metric
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
from services.transport.indicators.project import Part, Projection

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


def values_by_place(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y], years from the base year."""
    found = fleet.sums(p) | uptake.sums(p) | energy.sums(p) | emissions.sums(p)
    found |= freight.sums(p) | intensity.sums(p) | ports.sums(p)
    return found | travel.sums(p) | charging.sums(p) | costs.sums(p)


def parts_and_wholes(p: Projection, places: dict[str, FloatArray]) -> dict[str, Part]:
    """Shares and intensities as (part, whole) by place, [p, y]."""
    found = fleet.shares(p, places) | uptake.shares(p, places) | energy.shares(places)
    found |= emissions.shares(p, places) | freight.shares(p, places) | travel.shares(p)
    found |= intensity.shares(p, places) | ports.shares(p, places)
    return found | charging.shares(p, places)


def region_only(p: Projection) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [y]."""
    found = energy.of_region(p) | intensity.of_region(p) | uptake.of_region(p)
    return found | emissions.of_region(p) | charging.of_region(p)


def in_cities(p: Projection) -> dict[str, FloatArray]:
    """Shares that a city answers otherwise than by its own quotient, [p, y]."""
    return freight.in_cities(p)
