"""Metrics that buildings publish: one row each beside its value, by group."""

from typing import Final

from services.buildings.indicators import energy, rooftop, stock
from services.buildings.project import Projection
from services.common.arrays import FloatArray
from services.common.words import Metric

METRICS: Final[tuple[Metric, ...]] = (*stock.METRICS, *rooftop.METRICS, *energy.METRICS)


def values_by_place(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y], years from the base year."""
    return stock.sums(p) | rooftop.sums(p) | energy.sums(p)


def parts_and_wholes(
    p: Projection, places: dict[str, FloatArray]
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Shares as (part, whole) by place, [p, y]."""
    return stock.shares(p) | rooftop.shares(p) | energy.shares(p, places)


def region_only(p: Projection) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [y]."""
    return stock.of_region(p) | rooftop.of_region(p) | energy.of_region(p)
