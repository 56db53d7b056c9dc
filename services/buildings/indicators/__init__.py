"""Metrics that buildings publish: one row each beside its value, by group; `values` makes them."""

from typing import Final

from services.buildings.indicators import composition, costs, energy, intensity, rooftop, stock
from services.common.words import Metric

METRICS: Final[tuple[Metric, ...]] = (
    *stock.METRICS,
    *rooftop.METRICS,
    *energy.METRICS,
    *intensity.METRICS,
    *costs.METRICS,
    *composition.METRICS,
)
