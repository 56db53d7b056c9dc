"""Where the values of a target come from: the model, through a function of metric and place, and observations."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

from gateway.results import MetricSeries
from gateway.targets.data import Observed, Reading
from services.common.regions import Region

# (metric id, city id or "" for the region) -> value by year; empty when there is none. `Run.values` is one.
ValuesOf = Callable[[str, str], Mapping[int, float]]


def no_values(metric_id: str, place: str) -> Mapping[int, float]:
    """A world without a model: nothing is projected."""
    return {}


def values_of_metrics(region: Region, years: Sequence[int], metrics: Sequence[MetricSeries]) -> ValuesOf:
    """The values of a projection's metrics, which stand at `years`."""
    by_id = {m.metric.metric_id: m for m in metrics}
    city_ids = region.city_ids

    def values(metric_id: str, place: str) -> Mapping[int, float]:
        series = by_id.get(metric_id)
        if series is None or (place in city_ids and not series.place_values.size):
            return {}
        row = series.place_values[city_ids.index(place)] if place in city_ids else series.region_values
        return dict(zip(years, row.tolist(), strict=True))

    return values


def projected_values(
    region: Region, values: ValuesOf, reading: Reading | None, place: str
) -> tuple[Mapping[int, float], str]:
    """The model's values in the target's unit, or none with the reason code."""
    if reading is None:
        return {}, "NO_METRIC"
    city = place if place in region.city_ids else ""
    found = values(reading.metric_id, city)
    if not found:
        whole = city and values(reading.metric_id, "")
        return {}, "NO_CITY_DATA" if whole else "NO_METRIC"
    if not all(map(isfinite, found.values())):
        return {}, "NOT_FINITE"
    scale = reading.scale
    return (found if scale == 1.0 else {y: v * scale for y, v in found.items()}), ""


def observed_values(region: Region, spec: Observed | None, place: str) -> dict[int, float]:
    """Observations in the target's unit."""
    if spec is None:
        return {}
    city = place if place in region.city_ids else ""
    total = _sum_observed(region, spec.ids, city)
    if spec.over:
        below = _sum_observed(region, spec.over, city)
        total = {y: v / below[y] for y, v in total.items() if below.get(y)}
    return {y: v * spec.factor for y, v in total.items() if isfinite(v)}


def _sum_observed(region: Region, ids: Sequence[str], city: str) -> dict[int, float]:
    """Sum of observations in the years in which all of them are known."""
    parts = [region.observed(i, city) for i in ids]
    years = set.intersection(*(set(p) for p in parts))
    return {y: sum(p[y] for p in parts) for y in sorted(years)}
