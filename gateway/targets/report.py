"""Stage target report: a scenario, the observations and what offices entered become answers to every document."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from gateway.account_settings import method
from gateway.results import Projection, TargetResult, Verdict
from gateway.targets.answer import answers_in, target_result
from gateway.targets.arithmetic import SETTINGS
from gateway.targets.catalogue import known_region
from gateway.targets.checks import entered_violations, tolerance_violations
from gateway.targets.conflicts import conflicts_of
from gateway.targets.data import read_targets
from gateway.targets.directions import rules_in
from gateway.targets.doors import MOST_ENTERED, EnteredValue, EvaluateTargetsRequest, OwnTolerance
from gateway.targets.entered import Entries, entries_of, region_entries
from gateway.targets.forms import Anchor
from gateway.targets.results import Conflicts, TargetReport, TargetSetting, VerdictCount
from gateway.targets.slots import read_slots, with_number
from gateway.targets.values import ValuesOf, no_values, values_of_metrics
from gateway.targets.world import World, now_year, plain_world, rules_of
from services.common.axes import BASE_YEAR
from services.common.digest import digest_of
from services.common.door import open_door, read_frame
from services.common.errors import DomainError, Violation, invalid
from services.common.power_outcome import DispatchMode
from services.common.regions import Region, load_region, region_ids
from services.common.revision import revision_of
from services.common.scenario import BASELINES, Frame, Scenario
from services.common.words import Label, Progress, ReleaseStatus

_FRAME_AND_SCENARIO: Final = ("frame", "scenario")
_PROJECTING: Final = Label("计算情景", "projecting")
_JUDGING: Final = Label("评估目标", "judging targets")
_STEPS: Final = 2
M = TypeVar("M", bound=BaseModel)
# Reads a frame and scenarios by the field they stand in; DomainError lists all violations.
Resolve = Callable[
    [Mapping[str, Any], Mapping[str, Mapping[str, Any]]], Awaitable[tuple[Frame, tuple[Scenario, ...]]]
]
Project = Callable[[Frame, Sequence[Scenario], DispatchMode], Awaitable[tuple[Projection, ...]]]


@dataclass(frozen=True)
class _Opened:
    """A request that has passed the door; without a scenario nothing is projected."""

    frame: Frame
    scenario: Scenario | None
    options: EvaluateTargetsRequest


async def evaluate(
    resolve: Resolve, project: Project, raw: Mapping[str, Any]
) -> AsyncIterator[Progress | TargetReport]:
    """Answer every target, rule and deferred number. DomainError(INVALID_INPUT) lists all violations."""
    opened = await _open(resolve, raw)
    region = load_region(opened.frame.region, opened.frame.as_of_year)
    values: ValuesOf = no_values
    if opened.scenario is not None:
        yield Progress(0, _STEPS, _PROJECTING)
        whole = opened.frame.model_copy(update={"first_year": BASE_YEAR})
        (projection,) = await project(whole, (opened.scenario,), opened.options.mode)
        values = values_of_metrics(region, projection.years, projection.metrics)
    yield Progress(1, _STEPS, _JUDGING)
    yield await asyncio.to_thread(
        target_report, region, opened.frame, opened.scenario, opened.options, values
    )


def conflicts(region_id: str, as_of_year: int) -> Conflicts:
    """Where the documents of a region disagree. INVALID_INPUT for an unknown region or a year out of range."""
    if as_of_year and read_frame({"region": region_id, "as_of_year": as_of_year})[0] is None:
        raise invalid([Violation("as_of_year", "0, or 2020 to 2060", str(as_of_year))])
    region = known_region(region_id, as_of_year)
    return conflicts_of(region, answers_in(plain_world(region, no_values)))


def has_scenarios(region: Region) -> bool:
    """True when the region can be projected: it has its baselines."""
    return all(region.has(f"scenarios/{b}") for b in BASELINES)


async def _open(resolve: Resolve, raw: Mapping[str, Any]) -> _Opened:
    """Frame, scenario and options, or every violation of all three and of what is entered."""
    given = raw.get("frame") or {}
    region_id = given.get("region")
    region = load_region(region_id) if isinstance(region_id, str) and region_id in region_ids() else None
    options, found = _read_options(raw, region, given.get("as_of_year"))
    frame, scenario = None, None
    if raw.get("without_projection") or (region and not has_scenarios(region)):
        frame, wrong = read_frame(given)
        found += [*wrong, *_useless_settings(raw)]
    else:
        try:
            frame, (scenario,) = await resolve(given, {"scenario": raw.get("scenario") or {}})
        except DomainError as error:
            found = [*error.violations, *found]
    if found or frame is None or options is None:
        raise invalid(found)
    return _Opened(frame, scenario, options)


def _read_options(
    raw: Mapping[str, Any], region: Region | None, as_of_year: Any
) -> tuple[EvaluateTargetsRequest | None, list[Violation]]:
    """The fields of the request's own; entries are read one by one, so that a wrong one hides no other."""
    own = {k: v for k, v in raw.items() if k not in _FRAME_AND_SCENARIO}
    options, found = read_door(EvaluateTargetsRequest, own)
    if region is None:
        return options, found
    year = as_of_year if isinstance(as_of_year, int) else 0
    entered = _readable(EnteredValue, raw.get("entered") or ())
    found += entered_violations(region, entered, year)
    found += tolerance_violations(region, _readable(OwnTolerance, raw.get("tolerances") or ()))
    return options, found


def _readable(door: type[M], items: Sequence[Any]) -> dict[int, M]:
    """The items that can be read, by their place in the request."""
    opened = {i: read_door(door, item)[0] for i, item in enumerate(items[:MOST_ENTERED])}
    return {i: one for i, one in opened.items() if one is not None}


def read_door(door: type[M], raw: Any) -> tuple[M | None, list[Violation]]:
    """A door, or None with its violations."""
    try:
        return open_door(door, raw), []
    except DomainError as error:
        return None, list(error.violations)


def _useless_settings(raw: Mapping[str, Any]) -> list[Violation]:
    """Settings of a scenario that is not projected would be lost, so they are refused."""
    if not (raw.get("scenario") or {}).get("settings"):
        return []
    return [
        Violation("scenario.settings", "nothing is projected, so settings have no effect: leave them out")
    ]


def target_report(
    region: Region,
    frame: Frame,
    scenario: Scenario | None,
    options: EvaluateTargetsRequest,
    values: ValuesOf,
) -> TargetReport:
    """Every answer with counts, conflicts and the settings that it rests on."""
    file = read_targets(region.region_id)
    roles = {s.target.id: "asked" for s in read_slots(region)}
    observed, asked = entries_of(region, options.entered, roles)
    world = _world(region, values, options, observed)
    targets = answers_in(world)
    slots = tuple(
        target_result(world, file, slot.target, slot.set_by)
        for slot in (with_number(s, asked.get(s.target.id, ())) for s in read_slots(region))
    )
    seen_only = targets if scenario is None else answers_in(replace(world, values=no_values))
    told = conflicts_of(region, seen_only)
    report = TargetReport(
        frame=frame,
        scenario_name=scenario.name if scenario else "",
        baseline=scenario.baseline if scenario else "",
        projected=scenario is not None,
        targets=targets,
        rules=rules_in(world),
        slots=slots,
        counts=_counts(tuple(file.documents), targets),
        conflicts=told.conflicts,
        settings=(*_settings(region, options), *told.settings),
        digest="",
        revision=revision_of(region),
        release_status=ReleaseStatus.INTERNAL,
    )
    return replace(report, digest=digest_of(report))


def _world(region: Region, values: ValuesOf, options: EvaluateTargetsRequest, entries: Entries) -> World:
    anchor: Anchor = options.anchor or "none"
    return World(
        region,
        values,
        rules_of(region),
        entries=entries,
        now_year=now_year(region),
        anchor=anchor,
        tolerances={t.target_id: t.tolerance for t in options.tolerances},
        no_assumed_years=options.no_assumed_years,
    )


def _counts(documents: Sequence[str], targets: Sequence[TargetResult]) -> tuple[VerdictCount, ...]:
    found = []
    for document in documents:
        for verdict in Verdict:
            same = [t for t in targets if t.document_id == document and t.verdict is verdict]
            if same:
                strive = sum(t.strive for t in same)
                found.append(VerdictCount(document, verdict, len(same) - strive, strive))
    return tuple(found)


def _settings(region: Region, options: EvaluateTargetsRequest) -> tuple[TargetSetting, ...]:
    rules = rules_of(region)
    entered = len(options.entered) + len(region_entries(region))
    rows = (
        (
            "anchor",
            options.anchor or "none",
            "",
            "模型值向观测值平移的方式",
            "How the model is shifted to what was seen",
        ),
        (
            "no_assumed_years",
            "yes" if options.no_assumed_years else "no",
            "",
            "年份或起点为推定的目标不作评估",
            "Targets whose year or start is assumed are not judged",
        ),
        ("present_year", str(now_year(region)), "", "观测数据的最后年份", "Last year of the observations"),
        ("entered_count", str(entered), "", "录入值个数", "Values entered"),
        ("plateau_share", f"{rules.plateau_share:g}", "1", "平台期宽度", "Width of the plateau"),
        (
            "steady_fall_run_count",
            str(rules.run_count),
            "years",
            "稳中有降所需连续下降年数",
            "Yearly falls that make a steady fall",
        ),
        (
            "direction_tolerance_share",
            f"{method(region, 'direction_tolerance_share'):g}",
            "1",
            "方向性要求的容差",
            "Tolerance of rules without a number",
        ),
    )
    tolerances = (
        ("about_tolerance_share", "“左右”的默认容差", 'Default tolerance of "about"'),
        ("size_class_tolerance_share", "规模级指标的默认容差", "Default tolerance of a size class"),
    )
    held = region.leaves(SETTINGS)
    return (
        *(TargetSetting(n, v, u, Label(zh, en)) for n, v, u, zh, en in rows),
        *(TargetSetting(n, f"{held[n].number():g}", held[n].unit, Label(zh, en)) for n, zh, en in tolerances),
    )
