"""Reconciliation: from an inventory's total to our base year, and from our carbon peaks to those of published studies.

A study's level differs from ours for three kinds of reason, told one after another: what it counts (boundary), where it
starts (base year, by the ratio of its inventory to our base), and how much it grows (drivers, the rest).
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from gateway.carbon_peak import boundaries
from gateway.pipeline import Pipeline
from gateway.report.results import OutsideCheck, Reconciliation, ReconciliationStep
from gateway.results import Projection
from services.common.axes import LAST_YEAR
from services.common.power_outcome import DispatchMode
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.scenario import BASELINES, Frame, Scenario
from services.common.words import Grade, Label, Progress, Provenance, ReleaseStatus

STEPS = "accounts/reconciliation"
STUDIES = "accounts/outside_checks"
TONNES = 1e6
MODELLED = Provenance("gateway_method", "", "calculated by this model", Grade.C)
_WORDS = {
    "our_base": Label("本模型2020年本地能源排放", "this model, territorial energy CO2 of 2020"),
    "residual": Label("未解释差额", "difference that no step explains"),
    "our_peak": Label("本模型达峰水平（本地能源）", "this model's carbon peak, territorial energy"),
    "boundary": Label("口径：计入工业过程排放", "boundary: industrial process counted too"),
    "base_year": Label("基年：清单与本模型基年之比", "base year: its inventory over our base"),
    "drivers": Label("驱动：基年至峰值的增长", "drivers: growth from the base year to the peak"),
    "study": Label("该研究区间中值", "middle of the study's range"),
}


async def reconciliation(pipeline: Pipeline, region_id: str) -> AsyncIterator[Progress | Reconciliation]:
    """Progress by baseline, then the reconciliation. DomainError for an unknown region."""
    region = load_region(region_id)
    frame = Frame(region=region_id, last_year=LAST_YEAR)
    found: dict[str, Projection] = {}
    for done, baseline in enumerate(BASELINES):
        yield Progress(done, len(BASELINES), Label(f"情景 {baseline}", f"baseline {baseline}"))
        scenario = Scenario.model_validate({"name": baseline, "baseline": baseline})
        (found[baseline],) = await pipeline.project_chunk(frame, (scenario,), DispatchMode.UNSPECIFIED)
    base = found[BASELINES[0]]
    yield Reconciliation(
        region=region_id,
        steps=inventory_steps(region, float(base.account.territorial_tco2[0])),
        boundaries=tuple(
            ReconciliationStep(b.boundary, b.label, "total", float(b.total_tco2[0]), MODELLED)
            for b in boundaries(base.account)
        ),
        checks=tuple(c for baseline, p in found.items() for c in outside_checks(region, baseline, p)),
        revision=revision_of(region),
        release_status=ReleaseStatus.INTERNAL,
    )


def inventory_steps(region: Region, our_base_tco2: float) -> tuple[ReconciliationStep, ...]:
    """The region's table of steps, then our base year and what no step explains; empty without a table."""
    if not region.has(STEPS):
        return ()
    table = region.table(STEPS)
    found = [
        ReconciliationStep(r["step"], Label(r["zh"], r["en"]), r["kind"], r["value_mt"] * TONNES, provenance)
        for r, provenance in zip(table.rows(), table.provenance, strict=True)
    ]
    last = found[-1].tco2
    residual = ReconciliationStep("residual", _WORDS["residual"], "residual", our_base_tco2 - last, MODELLED)
    return (*found, residual, _step("our_base", "total", our_base_tco2))


def outside_checks(region: Region, baseline: str, projection: Projection) -> tuple[OutsideCheck, ...]:
    """Every study of the region beside one baseline (its whole projection from 2020)."""
    if not region.has(STUDIES):
        return ()
    table = region.table(STUDIES)
    return tuple(
        _check(region, row, provenance, baseline, projection)
        for row, provenance in zip(table.rows(), table.provenance, strict=True)
    )


def _check(
    region: Region, row: Mapping[str, Any], provenance: Provenance, baseline: str, projection: Projection
) -> OutsideCheck:
    peak = projection.carbon_peaks[0]
    at = projection.years.index(peak.year)
    account = projection.account
    counted = row["with_process"]
    process = float(account.process_tco2[at]) * counted
    ours = peak.level_tco2 + process
    base = float(account.territorial_tco2[0] + account.process_tco2[0] * counted)
    inventory = region.observed(row["base_inventory"])[row["base_year"]] * TONNES
    scaled = ours * inventory / base
    middle = (row["low_mt"] + row["high_mt"]) / 2 * TONNES
    steps = (
        _step("our_peak", "total", peak.level_tco2),
        _step("boundary", "difference", process),
        _step("base_year", "difference", scaled - ours),
        _step("drivers", "difference", middle - scaled),
        _step("study", "total", middle, provenance),
    )
    return OutsideCheck(
        study=row["study"],
        label=Label(row["zh"], row["en"]),
        baseline=baseline,
        study_low_tco2=row["low_mt"] * TONNES,
        study_high_tco2=row["high_mt"] * TONNES,
        study_first_year=row["first_year"],
        study_last_year=row["last_year"],
        our_year=peak.year,
        steps=steps,
        our_rise_share=ours / base - 1,
        study_rise_low_share=row["rise_low_share"],
        study_rise_high_share=row["rise_high_share"],
        same_years=row["first_year"] <= peak.year <= row["last_year"],
        level_in_range=row["low_mt"] * TONNES <= scaled <= row["high_mt"] * TONNES,
        provenance=provenance,
    )


def _step(step: str, kind: str, tco2: float, provenance: Provenance = MODELLED) -> ReconciliationStep:
    return ReconciliationStep(step, _WORDS[step], kind, tco2, provenance)
