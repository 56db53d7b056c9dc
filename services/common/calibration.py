"""Factors of calibration: what they are, and the bounds that a region's data allow them."""

from collections.abc import Mapping

from services.common.region_files import RegionDataError
from services.common.regions import Region


def calibration_ratio(statistic: float, model: float) -> float:
    """statistic / model; 1 when both are 0, since nothing is there to calibrate.

    A statistic without a model gives infinity, which no bound allows.
    """
    if model == 0.0:
        return 1.0 if statistic == 0.0 else float("inf")
    return statistic / model


def check_factors(region: Region, table: str, factors: Mapping[str, float]) -> None:
    """RegionDataError naming every factor outside the bounds of the table ("<sector>/calibration")."""
    bounds = region.table(table).by("factor")
    off = [
        f"{name} = {value:.4f}, allowed {bounds[name]['low']} to {bounds[name]['high']}"
        for name, value in factors.items()
        if not bounds[name]["low"] <= value <= bounds[name]["high"]
    ]
    if off:
        sector = table.partition("/")[0]
        raise RegionDataError(f"{region.region_id}: calibration of {sector} out of bounds: {'; '.join(off)}")
