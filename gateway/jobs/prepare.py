"""A request for a batch made whole: checked with every violation at once, years and columns filled in.

The scenario itself is run once: its metrics, its targets and its carbon peak say what members can keep.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.carbon_peak import TERRITORIAL
from gateway.jobs.columns import asked_metrics, chosen_targets, columns_of, metric_violations
from gateway.jobs.doors import BatchSpec, CreateBatchRequest
from gateway.jobs.members import design_of
from gateway.jobs.spec import Spec
from gateway.pipeline import Pipeline
from gateway.resolve import open_request
from services.common.axes import BASE_YEAR
from services.common.door import open_door
from services.common.errors import DomainError, Violation, invalid
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario

# Every fifth year: a fifth of the work, cumulative CO2 within 0.12 % of all years.
ANCHOR_STEP: Final = 5
AROUND_PEAK: Final = 5
DEFAULT_MODE: Final = DispatchMode.FAST_COMMITMENT


@dataclass(frozen=True)
class Prepared:
    """A request that can be stored."""

    head: CreateBatchRequest
    spec: Spec
    body_digest: str


async def prepare(pipeline: Pipeline, raw: Mapping[str, Any]) -> Prepared:
    """The whole request. DomainError(INVALID_INPUT) lists the violations of all its parts."""
    found: list[Violation] = []
    head = None
    try:
        head = open_door(CreateBatchRequest, {k: v for k, v in raw.items() if k != "spec"})
    except DomainError as error:
        found += error.violations
    try:
        frame, scenario, asked = await _opened(pipeline, raw.get("spec") or {})
    except DomainError as error:
        raise invalid([*found, *error.violations]) from None
    if head is None:
        raise invalid(found)
    spec = await _filled_in(pipeline, frame, scenario, asked)
    body = json.dumps(raw, sort_keys=True, default=_bytes, ensure_ascii=False)
    return Prepared(head, spec, hashlib.sha256(body.encode()).hexdigest())


async def _opened(pipeline: Pipeline, raw: Mapping[str, Any]) -> tuple[Frame, Scenario, BatchSpec]:
    try:
        frame, (scenario,), asked = await open_request(
            pipeline.calls, raw, {"scenario": raw.get("scenario") or {}}, BatchSpec
        )
    except DomainError as error:
        raise invalid(
            [replace(v, field=f"spec.{v.field}" if v.field else "spec") for v in error.violations]
        ) from None
    outside = [
        Violation(
            f"spec.years[{i}]", "the year is outside the frame", str(y), f"{BASE_YEAR} to {frame.last_year}"
        )
        for i, y in enumerate(asked.years)
        if y > frame.last_year
    ]
    if outside:
        raise invalid(outside)
    return frame, scenario, asked


async def _filled_in(pipeline: Pipeline, frame: Frame, scenario: Scenario, asked: BatchSpec) -> Spec:
    region = load_region(frame.region, frame.as_of_year)
    mode = DEFAULT_MODE if asked.mode is DispatchMode.UNSPECIFIED else asked.mode
    levers = await pipeline.calls.levers(frame.region)
    empty = Spec(frame, scenario, asked, (), mode, (), 0, revision_of(region))
    design = design_of(empty, levers)
    years = await _years(pipeline, frame, scenario, asked, mode)
    (run,) = await pipeline.runs.all(frame, (scenario,), years, mode, with_adequacy=False)
    wrong = metric_violations(region, run, asked.metrics)
    targets, wrong_targets = chosen_targets(region, run, asked)
    if wrong or wrong_targets:
        raise invalid([*wrong, *wrong_targets])
    columns = columns_of(region, run, asked_metrics(region, asked.metrics), targets, years)
    return replace(empty, years=years, columns=columns, member_count=design.member_count)


async def _years(
    pipeline: Pipeline, frame: Frame, scenario: Scenario, asked: BatchSpec, mode: DispatchMode
) -> tuple[int, ...]:
    """The years asked, or every fifth, with 2020, and on request every year around the carbon peak."""
    last = frame.last_year
    chosen = set(asked.years or (*range(BASE_YEAR, last, ANCHOR_STEP), last)) | {BASE_YEAR}
    if asked.years_around_carbon_peak:
        span = tuple(range(BASE_YEAR, last + 1))
        (run,) = await pipeline.runs.all(frame, (scenario,), span, mode, with_adequacy=False)
        peak = next(p.year for p in run.projection.carbon_peaks if p.boundary == TERRITORIAL)
        chosen |= {y for y in span if abs(y - peak) <= AROUND_PEAK}
    return tuple(sorted(chosen))


def _bytes(value: Any) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)
