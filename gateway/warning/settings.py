"""Settings of early warning as data: regions/national/warning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.common.regions import Region
from services.common.words import Provenance

SETTINGS: Final = "warning/settings"
SERIES_TABLE: Final = "warning/series"


@dataclass(frozen=True)
class ResidualModel:
    """Error of a metric: standard deviation of the innovations as a share of the value, lag-one correlation."""

    sigma_share: float
    rho: float


@dataclass(frozen=True)
class WatchedSeries:
    """An observed series beside the metric that models it; statistic x factor is in the metric's unit."""

    metric_id: str
    statistic: str
    factor: float
    weighs: bool
    error: ResidualModel
    provenance: Provenance


def number(region: Region, name: str) -> float:
    """One number of the settings."""
    return region.number(SETTINGS, name)


def watched_series(region: Region) -> tuple[WatchedSeries, ...]:
    """The observed series with their errors, in the order of the table."""
    table = region.table(SERIES_TABLE)
    return tuple(
        WatchedSeries(
            r["metric_id"],
            r["statistic"],
            r["factor"],
            bool(r["weighs"]),
            ResidualModel(r["sigma_share"], r["rho"]),
            p,
        )
        for r, p in zip(table.rows(), table.provenance, strict=True)
    )


def residual_models(region: Region) -> Mapping[str, ResidualModel]:
    """The error of each metric that has one of its own, by metric id."""
    return {s.metric_id: s.error for s in watched_series(region)}


def default_residual(region: Region) -> ResidualModel:
    """The error of every other metric."""
    return ResidualModel(number(region, "sigma_share"), number(region, "rho"))
