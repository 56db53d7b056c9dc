"""Base-year end uses of the model against measured use, with the residual."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.common.arrays import FloatArray
from services.common.regions import Region
from services.common.words import Label

TABLE: Final = "buildings/end_use_checks"


@dataclass(frozen=True)
class EndUseCheck:
    """One comparison in the base year; residual = model / reference - 1."""

    check: str
    label: Label
    metric: str
    unit: str
    model: float
    reference: float
    tolerance_share: float
    grade: str
    note: str

    @property
    def residual_share(self) -> float:
        """Model over reference, less 1."""
        return self.model / self.reference - 1

    @property
    def holds(self) -> bool:
        """True when the residual is inside the tolerance."""
        return abs(self.residual_share) <= self.tolerance_share


def end_use_checks(region: Region, region_values: Mapping[str, FloatArray]) -> tuple[EndUseCheck, ...]:
    """Every check of the region's table; `region_values` are metrics by name from the base year on, [y]."""
    return tuple(
        EndUseCheck(
            row["check"],
            Label(row["label_zh"], row["label_en"]),
            row["metric"],
            row["unit"],
            float(region_values[row["metric"]][0]),
            row["value"],
            row["tolerance_share"],
            row["grade"],
            row["note"],
        )
        for row in region.table(TABLE).rows()
    )
