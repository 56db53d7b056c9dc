"""Stage side by side: 2 to 32 scenarios with metrics by year, both peaks and the verdict on every target."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import numpy as np

from gateway.compare.checks import open_checked
from gateway.compare.doors import CompareDoor
from gateway.compare.reading import HEADLINE, metric_values
from gateway.compare.results import (
    ComparedMetric,
    ComparedTarget,
    ScenarioComparison,
    ScenarioHeadline,
    TargetAnswer,
)
from gateway.pipeline import Pipeline
from gateway.results import Projection, Verdict
from services.common.arrays import FloatArray
from services.common.errors import Violation
from services.common.words import Label, Metric, Progress

MAX_SIDE_BY_SIDE = 32
# Whole projections at once: enough for two cores, few enough to tell progress.
_AT_ONCE = 2
_STAGE = Label("计算情景", "projecting scenarios")
_MET = (Verdict.MET, Verdict.ALREADY_MET)


async def side_by_side(
    pipeline: Pipeline, raw: Mapping[str, Any]
) -> AsyncIterator[Progress | ScenarioComparison]:
    """Progress on the way, the comparison at the end. DomainError(INVALID_INPUT) lists all violations."""
    given = raw.get("scenarios") or ()
    more = []
    if not 2 <= len(given) <= MAX_SIDE_BY_SIDE:
        allowed = f"2 to {MAX_SIDE_BY_SIDE}"
        more.append(Violation("scenarios", "wrong number of scenarios", str(len(given)), allowed))
    fields = {f"scenarios[{i}]": s for i, s in enumerate(given[:MAX_SIDE_BY_SIDE])}
    frame, scenarios, door = await open_checked(pipeline.calls, raw, fields, CompareDoor, more)
    found: list[Projection] = []
    for start in range(0, len(scenarios), _AT_ONCE):
        yield Progress(len(found), len(scenarios), _STAGE)
        chunk = scenarios[start : start + _AT_ONCE]
        found += await pipeline.project_chunk(frame, chunk, door.mode)
    yield Progress(len(found), len(scenarios), _STAGE)
    yield compared(found, door.years or frame.years, door.place, door.metric_ids or HEADLINE)


def compared(
    projections: Sequence[Projection], years: Sequence[int], place: str, metric_ids: Sequence[str]
) -> ScenarioComparison:
    """The comparison of projections of one frame; differences are to the first."""
    at = [projections[0].years.index(y) for y in years]
    values = [metric_values(p, place) for p in projections]
    known = {m.metric.metric_id: m.metric for m in projections[0].metrics}
    shown = [m for m in metric_ids if all(m in v and np.isfinite(v[m][at]).all() for v in values)]
    return ScenarioComparison(
        scenarios=tuple(_headline(p) for p in projections),
        years=tuple(years),
        metrics=tuple(_metric(known[m], np.array([v[m][at] for v in values])) for m in shown),
        targets=_targets(projections),
        place=place,
        notes=_notes([m for m in metric_ids if m not in shown]),
    )


def _metric(metric: Metric, values: FloatArray) -> ComparedMetric:
    return ComparedMetric(metric, values, values - values[0])


def _headline(projection: Projection) -> ScenarioHeadline:
    load = projection.peak_load
    at = int(np.argmax(load.peak_load_mw))
    return ScenarioHeadline(
        scenario_name=projection.scenario_name or projection.baseline,
        baseline=projection.baseline,
        carbon_peaks=projection.carbon_peaks,
        peak_load_year=projection.years[at],
        peak_load_mw=float(load.peak_load_mw[at]),
        peak_load_hour=int(load.peak_hour[at]),
        targets_met_count=sum(t.verdict in _MET for t in projection.targets),
        digest=projection.digest,
    )


def _targets(projections: Sequence[Projection]) -> tuple[ComparedTarget, ...]:
    found = []
    for results in zip(*(p.targets for p in projections), strict=True):
        first = results[0]
        found.append(
            ComparedTarget(
                target_id=first.target_id,
                label=first.label,
                place=first.place,
                compare=first.compare,
                asked=first.asked,
                unit=first.unit,
                year=first.year,
                answers=tuple(TargetAnswer(t.verdict, t.value, t.margin) for t in results),
                differs=len({t.verdict for t in results}) > 1,
            )
        )
    return tuple(found)


def _notes(missing: Sequence[str]) -> tuple[Label, ...]:
    if not missing:
        return ()
    names = ", ".join(missing)
    return (Label(f"无数值的指标：{names}", f"metrics without values here: {names}"),)
