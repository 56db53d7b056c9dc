"""What industry takes from other sectors: buildings' heat and completed floor area. Checked once, at the door."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.errors import Violation
from services.common.outcome import UpstreamSeries
from services.common.scenario import Frame
from services.industry.balance import Upstream
from services.industry.base import IndustryBase

DISTRICT_HEAT: Final = "buildings.district_heat_gj"
COMPLETED_AREA: Final = "buildings.completed_floor_area_m2"
NEEDS: Final = (DISTRICT_HEAT, COMPLETED_AREA)


def upstream_violations(base: IndustryBase, frame: Frame, given: Sequence[UpstreamSeries]) -> list[Violation]:
    """Everything wrong with the series; series that industry does not need are left aside."""
    expected = len(base.region.city_ids), len(frame.years)
    found = []
    seen: set[str] = set()
    for i, series in enumerate(given):
        where = f"upstream[{i}]"
        if series.metric_id not in NEEDS:
            continue
        if series.metric_id in seen:
            found.append(Violation(where, f"{series.metric_id} is given twice"))
        seen.add(series.metric_id)
        if series.values.shape != expected:
            found.append(
                Violation(
                    f"{where}.values",
                    f"{series.metric_id} needs one row a city and one column a year",
                    str(series.values.shape),
                    str(expected),
                )
            )
        elif not np.isfinite(series.values).all() or (series.values < 0).any():
            found.append(Violation(f"{where}.values", f"{series.metric_id} must be finite and not negative"))
        elif series.metric_id == COMPLETED_AREA and series.values[:, 0].sum() <= 0:
            found.append(
                Violation(f"{where}.values", f"{series.metric_id} must be above 0 in the first year")
            )
    return found


def read_upstream(base: IndustryBase, frame: Frame, given: Sequence[UpstreamSeries]) -> Upstream:
    """The series on the years from 2020; before the frame's first year the first value stands in (not reported)."""
    series = {s.metric_id: s.values for s in given if s.metric_id in NEEDS}
    missing_years = frame.first_year - BASE_YEAR
    area = series.get(COMPLETED_AREA)
    area_2020 = base.processes["floor_area_completed_2020_m2"]
    if area is not None and missing_years == 0:
        area_2020 = float(area[:, 0].sum())
    return Upstream(
        _from_2020(series.get(DISTRICT_HEAT), missing_years), _from_2020(area, missing_years), area_2020
    )


def _from_2020(values: FloatArray | None, missing_years: int) -> FloatArray | None:
    if values is None:
        return None
    return np.concatenate([np.repeat(values[:, :1], missing_years, axis=1), values], axis=1)
