"""Stage synergy: what measures do to pollution and carbon together, in the region and its cities."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.abatement.doors import (
    MeasureHead,
    SynergyDoor,
    co2_violations,
    measure_fields,
    read_heads,
    with_measures,
)
from gateway.compare.checks import frame_violations, open_checked
from gateway.compare.settings import default_years
from gateway.pipeline import Pipeline
from gateway.runs import Run
from gateway.synergy.co_control import Emission, co_control, equivalents, with_ranks
from gateway.synergy.coordination import coordination
from gateway.synergy.results import CoControl, Coordination, SynergyReport
from gateway.synergy.settings import SynergySettings, synergy_settings
from services.common.regions import Region, load_region
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Progress

ALL = "all"
_ALL_LABEL = Label("全部措施", "all measures")
_STAGE = Label("逐项措施计算", "running each measure")


@dataclass(frozen=True)
class _Case:
    """An assessment that passed its checks."""

    region: Region
    frame: Frame
    scenario: Scenario
    heads: tuple[MeasureHead, ...]
    measures: tuple[Scenario, ...]
    door: SynergyDoor
    year: int
    years: tuple[int, ...]
    settings: SynergySettings

    @property
    def co2_metric(self) -> str:
        return self.door.co2_metric_id or "account.territorial_tco2"

    @property
    def base_year(self) -> int:
        return self.settings.coordination.base_year


async def synergy(pipeline: Pipeline, raw: Mapping[str, Any]) -> AsyncIterator[Progress | SynergyReport]:
    """Progress on the way, the report at the end. DomainError(INVALID_INPUT) lists all violations."""
    case = await _opened(pipeline, raw)
    scenarios = [case.scenario, *(with_measures(case.scenario, (m,)) for m in case.measures)]
    if case.measures:
        scenarios.append(with_measures(case.scenario, case.measures))
    runs: list[Run] = []
    asked = {case.year, *case.years}
    async for run in pipeline.runs.each(case.frame, scenarios, asked, case.door.mode):
        runs.append(run)
        yield Progress(len(runs), len(scenarios), _STAGE)
    yield _report(case, runs)


async def _opened(pipeline: Pipeline, raw: Mapping[str, Any]) -> _Case:
    heads, found = read_heads(raw, 0)
    found += co2_violations(raw)
    if isinstance(raw.get("year"), int):
        found += frame_violations("year", [raw["year"]], raw.get("frame") or {})
    fields = {"scenario": raw.get("scenario") or {}} | measure_fields(raw)
    frame, scenarios, door = await open_checked(pipeline.calls, raw, fields, SynergyDoor, found)
    region = load_region(frame.region, frame.as_of_year)
    years = door.years or default_years(region, frame)
    # The middle of the usual years stands for the measures' effect when no year is named.
    usual = default_years(region, Frame(region=frame.region))
    year = door.year or min(max(usual[len(usual) // 2], frame.first_year), frame.last_year)
    settings = synergy_settings(region)
    return _Case(region, frame, scenarios[0], heads, scenarios[1:], door, year, years, settings)


def emission(run: Run, year: int, place: str, co2_metric: str, pollutants: Sequence[str]) -> Emission | None:
    """Emissions of a place in a year; None where CO2 has no value there. Pollutants without values are left out."""
    co2 = run.values(co2_metric, place)
    if year not in co2:
        return None
    values = {p: run.values(p, place) for p in pollutants}
    return Emission(co2[year], {p: v[year] for p, v in values.items() if year in v})


def _report(case: _Case, runs: Sequence[Run]) -> SynergyReport:
    ids = [p.metric_id for p in case.settings.pollutants]
    known = [p for p in ids if runs[0].values(p)]
    places = ["", *(c for c in case.region.city_ids if any(runs[0].values(p, c) for p in known))]
    effects: list[CoControl] = []
    for place in places:
        effects += _effects(case, runs, place)
    coordinations: list[Coordination] = []
    for measure_id, run in (("", runs[0]), *(((ALL, runs[-1]),) if case.measures else ())):
        for place in places:
            coordinations += _coordinations(case, measure_id, run, place)
    return SynergyReport(
        year=case.year,
        effects=tuple(effects),
        coordinations=tuple(coordinations),
        pollutants=case.settings.pollutants,
        co2_metric_id=case.co2_metric,
        effect_share_min=case.settings.effect_share_min,
        coordination_rule=case.settings.coordination,
        notes=_notes([p for p in ids if p not in known], len(places) > 1),
    )


def _effects(case: _Case, runs: Sequence[Run], place: str) -> list[CoControl]:
    rules = case.settings.pollutants
    ids = [r.metric_id for r in rules]
    found = [emission(run, case.year, place, case.co2_metric, ids) for run in runs]
    before = found[0]
    if before is None or not case.measures:
        return []
    labels = [
        (h.measure_id, Label(h.label.zh or h.measure_id, h.label.en or h.measure_id)) for h in case.heads
    ]
    effects = [
        co_control(name, label, place, before, after, rules, case.settings.effect_share_min)
        for (name, label), after in zip([*labels, (ALL, _ALL_LABEL)], found[1:], strict=True)
        if after is not None
    ]
    return [*with_ranks(effects[:-1]), effects[-1]]


def _coordinations(case: _Case, measure_id: str, run: Run, place: str) -> list[Coordination]:
    rules = case.settings.pollutants
    ids = [r.metric_id for r in rules]
    base = emission(run, case.base_year, place, case.co2_metric, ids)
    if base is None or not base.tco2 or not equivalents(base.pollutants_t, rules):
        return []
    found = []
    for year in case.years:
        now = emission(run, year, place, case.co2_metric, ids)
        assert now is not None
        ratios = (
            equivalents(now.pollutants_t, rules) / equivalents(base.pollutants_t, rules),
            now.tco2 / base.tco2,
        )
        rule, bands = case.settings.coordination, case.settings.bands
        found.append(coordination(measure_id, place, year, ratios, rule, bands))
    return found


def _notes(missing: Sequence[str], has_cities: bool) -> tuple[Label, ...]:
    found = [
        Label(
            "耦合协调度衡量水平与均衡，不表示一项减排导致另一项减排；指数上下限为固定数据",
            "the coordination degree measures level and balance, not that one reduction causes the other; the bounds "
            "of its indices are fixed data",
        ),
        Label(
            "排名分数为两项降幅的调和平均，仅用于排序",
            "the rank score is the harmonic mean of the two falls, for ranking only",
        ),
    ]
    if missing:
        names = ", ".join(missing)
        found.append(Label(f"缺少的污染物指标：{names}", f"pollutant metrics that are missing: {names}"))
    if not has_cities:
        found.append(Label("没有分市污染物数值", "no city has pollutant figures"))
    return tuple(found)
