"""Stage base check: the base year 2020 of the model beside statistics, and the calibration factors with their bounds.

What is checked is data: rows of accounts/base_checks.csv name a quantity of the projection, the statistic it is held
against, and the tolerance; adding a check adds a row.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from gateway.results import BaseCheck, CalibrationFactor, Projection
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.region_files import RegionDataError
from services.common.regions import Region
from services.common.words import Grade, Label, Provenance

BASE_CHECKS_TABLE = "accounts/base_checks"
_CALIBRATION = re.compile(r"^(?P<sector>\w+)\.calibration_(?P<name>\w+)_ratio$")


def base_checks(
    region: Region, projection: Projection
) -> tuple[tuple[BaseCheck, ...], tuple[CalibrationFactor, ...]]:
    """Checks of the base year, and factors, of a projection whose years contain 2020.

    A check whose metric nobody publishes fails with the model at 0, so that it is seen.
    """
    at = projection.years.index(BASE_YEAR)
    metrics = {m.metric.metric_id: m.region_values for m in projection.metrics}
    checks = []
    for row in region.table(BASE_CHECKS_TABLE).rows():
        model = quantity(projection, metrics, row["quantity"], at) * row["factor"]
        statistic, provenance = statistic_of(region, row["statistic"])
        difference = model / statistic - 1
        checks.append(
            BaseCheck(
                check=row["check"],
                label=Label(row["zh"], row["en"]),
                model=model,
                statistic=statistic,
                unit=row["unit"],
                difference_share=difference,
                tolerance_share=row["tolerance_share"],
                passed=abs(difference) <= row["tolerance_share"],
                provenance=provenance,
            )
        )
    return tuple(checks), calibration_factors(region, metrics, at)


def quantity(projection: Projection, metrics: Mapping[str, FloatArray], path: str, at: int) -> float:
    """A quantity of the projection in one year, by a path "<kind>:<name>"; names joined by "+" are summed.

    account: a field of RegionAccount; peak_load: a field of PeakLoad; sector: direct CO2, t; generation: energy of a
    technology group, MWh; metric: a published metric. 0 when a metric is not published.
    """
    kind, _, names = path.partition(":")
    total = 0.0
    for name in names.split("+"):
        if kind == "account":
            total += float(getattr(projection.account, name)[at])
        elif kind == "peak_load":
            total += float(getattr(projection.peak_load, name)[at])
        elif kind == "sector":
            total += sum(float(s.direct_tco2[at]) for s in projection.sectors if s.sector == name)
        elif kind == "generation":
            total += sum(float(t.energy_mwh[at]) for t in projection.power.technologies if t.group == name)
        elif kind == "metric":
            total += float(metrics.get(name, np.zeros(at + 1))[at])
        else:
            raise RegionDataError(f"{BASE_CHECKS_TABLE}: {path}: no such kind of quantity")
    return total


def statistic_of(region: Region, path: str) -> tuple[float, Provenance]:
    """A statistic of 2020 with its provenance, by a path.

    observed:<ids joined by +> from observations; balance:<owner> the owner's CO2 in the energy balance, Mt;
    balance_energy:<owner>:<carrier> its energy there, Mtce (electricity by calorific value);
    checks:<table>:<check> the value of a sector's own table of measured figures.
    """
    kind, _, names = path.partition(":")
    if kind == "observed":
        table = region.table("observations")
        found = [
            (r["value"], p)
            for r, p in zip(table.rows(), table.provenance, strict=True)
            if r["metric"] in names.split("+") and r["year"] == BASE_YEAR
        ]
    elif kind == "balance":
        table = region.table("energy_balance_2020")
        found = [
            (_number(r["energy_mtco2"]), p)
            for r, p in zip(table.rows(), table.provenance, strict=True)
            if names in ("all", r["owner"])
        ]
    elif kind == "balance_energy":
        owner, _, carrier = names.partition(":")
        table = region.table("energy_balance_2020")
        found = [
            (_number(r["energy_mtce"]), p)
            for r, p in zip(table.rows(), table.provenance, strict=True)
            if r["owner"] == owner and r["carrier"] == carrier
        ]
    elif kind == "checks":
        name, _, check = names.partition(":")
        table = region.table(name)
        found = [
            (r["value"], p)
            for r, p in zip(table.rows(), table.provenance, strict=True)
            if r["check"] == check
        ]
    else:
        raise RegionDataError(f"{BASE_CHECKS_TABLE}: {path}: no such kind of statistic")
    if not found:
        raise RegionDataError(f"{BASE_CHECKS_TABLE}: {path}: no such statistic in {BASE_YEAR}")
    worst = max((p for _, p in found), key=lambda p: list(Grade).index(p.grade))
    return sum(v for v, _ in found), worst


def calibration_factors(
    region: Region, metrics: Mapping[str, FloatArray], at: int
) -> tuple[CalibrationFactor, ...]:
    """Every published metric "<sector>.calibration_<name>_ratio" with the bounds of the sector's calibration table.

    A factor without a row is shown with bounds 0 and 0, which it cannot keep.
    """
    factors = []
    for metric_id in sorted(metrics):
        match = _CALIBRATION.match(metric_id)
        if match is None:
            continue
        row = _bounds(region, match["sector"], match["name"])
        factors.append(
            CalibrationFactor(
                factor=metric_id,
                statistic=row.get("statistic", ""),
                value=float(metrics[metric_id][at]),
                low=row.get("low", 0.0),
                high=row.get("high", 0.0),
            )
        )
    return tuple(factors)


def _bounds(region: Region, sector: str, name: str) -> dict[str, Any]:
    table = f"{sector}/calibration"
    if not region.has(table):
        return {}
    rows = {r["factor"].removeprefix(f"{sector}."): r for r in region.table(table).rows()}
    for key in (name, f"calibration_{name}_ratio", f"calibration_{name}", f"{name}_ratio"):
        if key in rows:
            return {**rows[key], "statistic": str(rows[key]["statistic"])}
    return {}


def _number(value: float) -> float:
    """An empty cell of a numeric column counts as nothing."""
    return 0.0 if np.isnan(value) else float(value)
