"""Metrics of pollutants and of the chain behind the fuels: rows, and their values from a projection."""

from typing import Final

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.indicators.project import Part, Projection

METRICS: Final[tuple[Metric, ...]] = ()


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    return {}


def shares(p: Projection, sums: dict[str, FloatArray]) -> dict[str, Part]:
    """Shares as (part, whole), [p, y] each."""
    return {}


def of_region(p: Projection) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [y]."""
    return {}
