"""What is read from a run: metrics by year and the sectors' accounts, as one vector, so that one game serves all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gateway.results import Projection
from gateway.runs import Run
from services.common.arrays import FloatArray
from services.common.words import Label, Metric

# What a comparison shows when nobody says otherwise: the accounts' headline.
HEADLINE = (
    "account.territorial_tco2",
    "account.with_imported_power_tco2",
    "account.primary_coal_equivalent_gj",
    "account.non_fossil_share",
    "account.electricity_consumption_mwh",
    "account.peak_load_mw",
    "account.system_cost_cny",
)
SECTOR_SERIES = ("direct_tco2", "attributed_tco2", "process_tco2")


@dataclass(frozen=True)
class Layout:
    """Where things stand in the vector: [metric, year] row by row, then [sector, series, year]."""

    years: tuple[int, ...]
    place: str
    metrics: tuple[Metric, ...]
    sectors: tuple[tuple[str, Label], ...]

    def read(self, run: Run) -> FloatArray:
        """The vector of a run."""
        projection = run.projection
        at = [projection.years.index(y) for y in self.years]
        found = metric_values(projection, self.place)
        sectors = {s.sector: s for s in projection.sectors}
        parts = [found[m.metric_id][at] for m in self.metrics]
        parts += [getattr(sectors[s], name)[at] for s, _ in self.sectors for name in SECTOR_SERIES]
        return np.concatenate(parts)

    def metric_columns(self, index: int) -> slice:
        """The columns of a metric."""
        return slice(index * len(self.years), (index + 1) * len(self.years))

    def sector_columns(self, index: int, series: int) -> slice:
        """The columns of a sector's series."""
        start = (len(self.metrics) + index * len(SECTOR_SERIES) + series) * len(self.years)
        return slice(start, start + len(self.years))


def layout_of(projection: Projection, years: Sequence[int], place: str, wanted: Sequence[str]) -> Layout:
    """The layout of the metrics wanted that have finite values (all when none is named), in that order."""
    at = [projection.years.index(y) for y in years]
    values = metric_values(projection, place)
    finite = {k for k, v in values.items() if np.isfinite(v[at]).all()}
    known = {m.metric.metric_id: m.metric for m in projection.metrics}
    ids = [m for m in (wanted or known) if m in finite]
    sectors = tuple((s.sector, s.label) for s in projection.sectors)
    return Layout(tuple(years), place, tuple(known[m] for m in ids), sectors)


def metric_values(projection: Projection, place: str) -> dict[str, FloatArray]:
    """Every metric's values by id, of the region or of a city, [year]; those without city values are left out."""
    if place not in projection.places:
        return {m.metric.metric_id: m.region_values for m in projection.metrics}
    p = projection.places.index(place)
    return {m.metric.metric_id: m.place_values[p] for m in projection.metrics if m.place_values.size}
