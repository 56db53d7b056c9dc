"""The model beside statistics of transport, year by year, with the difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.regions import Region
from services.common.words import Label, Provenance

TABLE: Final = "transport/statistic_checks"


@dataclass(frozen=True)
class StatisticCheck:
    """One comparison in one year; difference = model / statistic - 1."""

    check: str
    label: Label
    metric: str
    unit: str
    year: int
    model: float
    statistic: float
    tolerance_share: float
    provenance: Provenance

    @property
    def difference_share(self) -> float:
        """Model over statistic, less 1."""
        return self.model / self.statistic - 1

    @property
    def holds(self) -> bool:
        """True when the difference is inside the tolerance."""
        return abs(self.difference_share) <= self.tolerance_share


def statistic_checks(region: Region, region_values: Mapping[str, FloatArray]) -> tuple[StatisticCheck, ...]:
    """Every check of the region's table whose year is covered.

    `region_values` are metrics by name from the base year on, [y]. Raises KeyError when a metric is not published.
    """
    table = region.table(TABLE)
    return tuple(
        StatisticCheck(
            row["check"],
            Label(row["label_zh"], row["label_en"]),
            row["metric"],
            row["unit"],
            row["year"],
            float(region_values[row["metric"]][row["year"] - BASE_YEAR]) * row["factor"],
            row["value"],
            row["tolerance_share"],
            provenance,
        )
        for row, provenance in zip(table.rows(), table.provenance, strict=True)
        if row["year"] - BASE_YEAR < len(region_values[row["metric"]])
    )
