"""Stage attribute: what each lever or group contributes to the difference of two scenarios, and each sector."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.compare.checks import open_checked
from gateway.compare.coalitions import BASELINE, Between, Contributor
from gateway.compare.contributors import contributors_of, group_violations, opened
from gateway.compare.doors import AttributeDoor
from gateway.compare.game import SAMPLED, Ask, Played, Rules, play
from gateway.compare.reading import HEADLINE, SECTOR_SERIES, Layout, layout_of
from gateway.compare.results import (
    AttributedMetric,
    Attribution,
    AttributionMethod,
    AttributionRun,
    SectorDifference,
    Wedge,
)
from gateway.compare.settings import CompareSettings, compare_settings, default_years
from gateway.compare.shapley import Structure
from gateway.compare.wedges import stacked
from gateway.pipeline import Pipeline
from services.common.arrays import FloatArray
from services.common.errors import Violation, invalid
from services.common.power_outcome import DispatchMode
from services.common.regions import Region, load_region
from services.common.scenario import Frame
from services.common.words import Label, Progress

_SETTINGS_MAX = 1000


@dataclass(frozen=True)
class _Case:
    """An attribution that passed its checks."""

    region: Region
    frame: Frame
    between: Between
    contributors: tuple[Contributor, ...]
    structure: Structure
    years: tuple[int, ...]
    door: AttributeDoor
    settings: CompareSettings

    @property
    def run_limit(self) -> int:
        return self.door.run_limit or self.settings.run_limit


async def attribute(pipeline: Pipeline, raw: Mapping[str, Any]) -> AsyncIterator[Progress | Attribution]:
    """Progress on the way, the attribution at the end. DomainError(INVALID_INPUT) lists all violations."""
    case = await _opened(pipeline, raw)
    mode = case.door.mode
    ends = [case.between.base.scenario, case.between.changed.scenario]
    first, last = await pipeline.runs.all(case.frame, ends, case.years, mode)
    layout = _layout(case, first.projection)
    if not layout.metrics:
        place = case.door.place
        raise invalid(
            [Violation("metric_ids", f"none of these metrics has values of {place or 'the region'}")]
        )
    whole = case.structure.whole
    known = {0: layout.read(first), whole: layout.read(last)}
    rules = Rules(
        case.door.method or "", case.run_limit, case.door.seed, layout.metric_columns(0), case.settings
    )
    ids = [c.contributor_id for c in case.contributors]
    async for part in play(case.structure, ids, _ask(pipeline, case, layout, known, mode), rules):
        if isinstance(part, Progress):
            yield part
        else:
            yield await asyncio.to_thread(_result, case, layout, part)


def _ask(
    pipeline: Pipeline,
    case: _Case,
    layout: Layout,
    known: Mapping[int, FloatArray],
    mode: DispatchMode,
) -> Ask:
    async def ask(masks: Sequence[int]) -> AsyncIterator[FloatArray]:
        wanted = [case.between.scenario(_switched(case.contributors, m)) for m in masks if m not in known]
        runs = pipeline.runs.each(case.frame, wanted, case.years, mode)
        for mask in masks:
            yield known[mask] if mask in known else layout.read(await anext(runs))

    return ask


def _switched(contributors: Sequence[Contributor], mask: int) -> frozenset[str]:
    """The levers, and BASELINE, that a coalition switches."""
    chosen = [c for i, c in enumerate(contributors) if mask >> i & 1]
    levers = {k for c in chosen for k in c.lever_ids}
    return frozenset(levers | ({BASELINE} if any(c.contributor_id == BASELINE for c in chosen) else set()))


async def _opened(pipeline: Pipeline, raw: Mapping[str, Any]) -> _Case:
    sides = {"base": raw.get("base") or {}, "changed": raw.get("changed") or {}}
    count = sum(len(s.get("settings") or ()) for s in sides.values())
    more = []
    if count > _SETTINGS_MAX:
        text = "the settings of both scenarios together are too many to be mixed"
        more.append(Violation("changed.settings", text, str(count), f"up to {_SETTINGS_MAX}"))
    frame, (base, changed), door = await open_checked(pipeline.calls, raw, sides, AttributeDoor, more)
    region = load_region(frame.region, frame.as_of_year)
    levers = await pipeline.calls.levers(frame.region)
    between = await asyncio.to_thread(Between, levers, frame, base, changed)
    settings = compare_settings(region)
    few = settings.exact_coalition_max.bit_length() - 1
    contributors = contributors_of(between, region, door.groups, door.group_by or "", few)
    known = [c.contributor_id for c in contributors if c.contributor_id != BASELINE]
    found = group_violations(door.groups, levers, door.open_groups, known)
    if found:
        raise invalid(found)
    told, structure = opened(contributors, levers, door.open_groups)
    years = door.years or default_years(region, frame)
    return _Case(region, frame, between, told, structure, years, door, settings)


def _layout(case: _Case, projection: Any) -> Layout:
    wanted = tuple(case.door.metric_ids) or HEADLINE
    if case.door.all_metrics:
        everything = [m.metric.metric_id for m in projection.metrics]
        wanted = tuple(dict.fromkeys((*wanted, *everything)))
    return layout_of(projection, case.years, case.door.place, wanted)


def _result(case: _Case, layout: Layout, played: Played) -> Attribution:
    base, changed = played.values[0], played.values[case.structure.whole]
    metrics = []
    for i, metric in enumerate(layout.metrics):
        at = layout.metric_columns(i)
        parts = (played.contributions, played.standalone, played.last_in, played.errors)
        metrics.append(AttributedMetric(metric, base[at], changed[at], *(p[:, at] for p in parts)))
    low, high = stacked(metrics[0].contributions)
    return Attribution(
        base_name=_name(case.between.base.scenario),
        changed_name=_name(case.between.changed.scenario),
        years=layout.years,
        place=case.door.place,
        contributors=case.contributors,
        metrics=tuple(metrics),
        sectors=tuple(_sector(layout, s, changed - base) for s in range(len(layout.sectors))),
        wedges=tuple(Wedge(c.contributor_id, low[i], high[i]) for i, c in enumerate(case.contributors)),
        run=_run(case, played),
        notes=_notes(case, layout, played),
    )


def _run(case: _Case, played: Played) -> AttributionRun:
    return AttributionRun(
        method=AttributionMethod(played.method),
        contributor_count=len(case.contributors),
        run_count=len(played.values),
        run_limit=case.run_limit,
        pair_count=played.pair_count,
        standard_error_share=played.error_share,
        standard_error_share_max=case.settings.standard_error_share,
        converged=played.converged,
        seed=case.door.seed,
    )


def _name(scenario: Any) -> str:
    return str(scenario.name or scenario.baseline)


def _sector(layout: Layout, index: int, difference: FloatArray) -> SectorDifference:
    sector, label = layout.sectors[index]
    series = (difference[layout.sector_columns(index, i)] for i in range(len(SECTOR_SERIES)))
    return SectorDifference(sector, label, *series)


def _notes(case: _Case, layout: Layout, played: Played) -> tuple[Label, ...]:
    found = []
    if not case.contributors:
        found.append(Label("两情景没有不同的抓手", "the two scenarios do not differ in any lever"))
    shown = {m.metric_id for m in layout.metrics}
    missing = [m for m in case.door.metric_ids or HEADLINE if m not in shown]
    if missing:
        names = ", ".join(missing)
        found.append(Label(f"无数值的指标：{names}", f"metrics without values here: {names}"))
    if case.between.other_baseline:
        found.append(
            Label(
                "“基线自身”为抓手设定无法携带的差异（以基线路径为基准的选择、最后观测年以前的取值）",
                'what no lever carries stands under "baseline": choices that pivot on the baseline\'s own paths, and '
                "values up to the last observed year",
            )
        )
    if played.method == SAMPLED:
        found.append(
            Label(
                "沙普利值由成对抽样顺序估计；各项之和仍等于总差异",
                "Shapley values are estimated from pairs of sampled orders; they still sum to the total",
            )
        )
    return tuple(found)
