"""Metrics that buildings publish: one row each beside its value, by group."""

from collections.abc import Mapping
from typing import Final

from services.buildings.indicators import costs, energy, intensity, rooftop, stock
from services.buildings.project import Projection
from services.common.arrays import FloatArray
from services.common.words import Metric

METRICS: Final[tuple[Metric, ...]] = (
    *stock.METRICS,
    *rooftop.METRICS,
    *energy.METRICS,
    *intensity.METRICS,
    *costs.METRICS,
)


def values_by_place(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y], years from the base year."""
    return stock.sums(p) | rooftop.sums(p) | energy.sums(p) | costs.sums(p)


def parts_and_wholes(
    p: Projection, places: dict[str, FloatArray]
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Shares as (part, whole) by place, [p, y]."""
    return stock.shares(p) | rooftop.shares(p) | energy.shares(p, places) | intensity.shares(p)


def region_only(p: Projection) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [y]."""
    return stock.of_region(p) | energy.of_region(p)


def from_region_values(p: Projection, region_values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Metrics of the region that compare its other metrics with measured use, [y]."""
    return intensity.residuals(p, region_values)
