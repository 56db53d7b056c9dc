"""A request for a batch made whole: checked with every violation at once, years and columns filled in.

What is cheap comes first: form, launcher, size, design; then the scenario itself is run once: its metrics, its
targets and its carbon peak say what members can keep.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.carbon_peak import TERRITORIAL
from gateway.ensemble.doors import DESIGNS
from gateway.jobs.columns import (
    asked_metrics,
    chosen_targets,
    columns_of,
    metric_violations,
    target_violations,
    valueless,
)
from gateway.jobs.doors import BatchSpec, CreateBatchRequest
from gateway.jobs.members import design_of
from gateway.jobs.settings import BatchSettings
from gateway.jobs.spec import Spec
from gateway.pipeline import Pipeline
from gateway.resolve import resolve
from services.common.axes import BASE_YEAR
from services.common.door import open_door
from services.common.errors import DomainError, Violation, invalid, near_names
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario

# Every fifth year: a fifth of the work, cumulative CO2 within 0.12 % of all years.
ANCHOR_STEP: Final = 5
AROUND_PEAK: Final = 5
DEFAULT_MODE: Final = DispatchMode.FAST_COMMITMENT
_QUOTAS: Final = BatchSettings()


@dataclass(frozen=True)
class Prepared:
    """A request that can be stored."""

    head: CreateBatchRequest
    spec: Spec
    body_digest: str


async def prepare(
    pipeline: Pipeline,
    raw: Mapping[str, Any],
    quotas: BatchSettings = _QUOTAS,
    launchers: tuple[str, ...] = (),
) -> Prepared:
    """The whole request. DomainError: INVALID_INPUT lists the violations of all its parts; QUOTA."""
    found: list[Violation] = []
    head = None
    try:
        head = open_head(raw)
        found += _launcher_violations(head.launcher or quotas.launcher, launchers)
    except DomainError as error:
        found += error.violations
    frame, scenario, asked = await _opened(pipeline, raw.get("spec") or {}, found)
    # Of a table the bytes are looked at before it is read.
    check_quotas([("spec.list.table", len(asked.list.table) if asked.list else 0, quotas.most_table_bytes)])
    spec = await _filled_in(pipeline, frame, scenario, asked, found, quotas)
    assert head is not None, "what was wrong with it was told"
    return Prepared(head, spec, await asyncio.to_thread(body_digest_of, raw))


def open_head(raw: Mapping[str, Any]) -> CreateBatchRequest:
    """The request without its specification. DomainError(INVALID_INPUT)."""
    return open_door(CreateBatchRequest, {k: v for k, v in raw.items() if k != "spec"})


def body_digest_of(raw: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over a request as it came."""
    body = json.dumps(raw, sort_keys=True, default=_bytes, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def check_quotas(used: list[tuple[str, int, int]]) -> None:
    """DomainError(QUOTA) unless every (field, value, most) is within its quota."""
    found = [
        Violation(field, "above the quota", f"{value:,}", f"at most {most:,}")
        for field, value, most in used
        if value > most
    ]
    if found:
        raise DomainError("QUOTA", found)


def _launcher_violations(name: str, known: tuple[str, ...]) -> list[Violation]:
    if not known or name in known:
        return []
    return [Violation("launcher", f"no such launcher{near_names(name, known)}", name, ", ".join(known))]


async def _opened(
    pipeline: Pipeline, raw: Mapping[str, Any], found: list[Violation]
) -> tuple[Frame, Scenario, BatchSpec]:
    """Frame, scenario and the rest; years outside are added to `found`, and raised with it when a part is wrong."""
    frame = scenario = asked = None
    try:
        own = {k: v for k, v in raw.items() if k not in ("frame", "scenario")}
        asked = await asyncio.to_thread(open_door, BatchSpec, own, "spec")
    except DomainError as error:
        found += error.violations
    try:
        frame, (scenario,) = await resolve(
            pipeline.calls, raw.get("frame") or {}, {"scenario": raw.get("scenario") or {}}
        )
    except DomainError as error:
        found += _in_spec(error)
    if frame is not None and asked is not None:
        within = f"{BASE_YEAR} to {frame.last_year}"
        found += [
            Violation(f"spec.years[{i}]", "the year is outside the frame", str(y), within)
            for i, y in enumerate(asked.years)
            if y > frame.last_year
        ]
    if frame is None or scenario is None or asked is None:
        raise invalid(found)
    return frame, scenario, asked


async def _filled_in(
    pipeline: Pipeline,
    frame: Frame,
    scenario: Scenario,
    asked: BatchSpec,
    found: list[Violation],
    quotas: BatchSettings,
) -> Spec:
    region = load_region(frame.region, frame.as_of_year)
    mode = DEFAULT_MODE if asked.mode is DispatchMode.UNSPECIFIED else asked.mode
    levers = await pipeline.calls.levers(frame.region)
    empty = Spec(frame, scenario, asked, (), mode, (), 0, revision_of(region))
    listed = {m.metric_id for info in (await pipeline.runs.infos()).values() for m in info.metrics}
    found += target_violations(region, asked)
    member_count = 0
    try:
        member_count = (await asyncio.to_thread(design_of, empty, levers)).member_count
    except DomainError as error:
        found += _in_spec(error)
    if found:
        # The base year alone says which metrics there are.
        (run,) = await pipeline.runs.all(
            frame, (scenario,), (BASE_YEAR,), DispatchMode.FAST, with_adequacy=False
        )
        raise invalid([*found, *metric_violations(region, run, asked.metrics, listed)])
    check_quotas([(_size_field(asked), member_count, quotas.most_members)])
    years = await _years(pipeline, frame, scenario, asked, mode)
    (run,) = await pipeline.runs.all(frame, (scenario,), years, mode, with_adequacy=False)
    wrong = metric_violations(region, run, asked.metrics, listed) or valueless(
        region, run, asked.metrics, years
    )
    if wrong:
        raise invalid(wrong)
    targets = chosen_targets(region, run, asked)
    columns = columns_of(region, run, asked_metrics(region, asked.metrics), targets, years)
    check_quotas([("spec.metrics", len(columns), quotas.most_columns)])
    return replace(empty, years=years, columns=columns, member_count=member_count)


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


def _in_spec(error: DomainError) -> list[Violation]:
    return [replace(v, field=f"spec.{v.field}" if v.field else "spec") for v in error.violations]


def _size_field(asked: BatchSpec) -> str:
    """The field that says how many members there are."""
    name = next(n for n in DESIGNS if getattr(asked, n) is not None)
    return "spec.random.member_count" if name == "random" else f"spec.{name}"


def _bytes(value: Any) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)
