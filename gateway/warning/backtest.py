"""Stage back-test: warnings as they would have been given in past years, beside what came.

For every series with an outcome and every as-of year before it: only what was observed up to that year is seen, the
ensemble is made with what was known then (or one ensemble of an earlier year is weighed year by year), chance and
colours are recorded, and the outcome is held against them.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from gateway.pipeline import Pipeline
from gateway.targets.data import Form, Observed, Reading, Target, TextFile, read_targets
from gateway.targets.events import EVENTS
from gateway.targets.values import no_values, observed_values
from gateway.warning.assess import rules_of
from gateway.warning.checks import issued_violations, open_warning, region_of
from gateway.warning.colours import colours_of
from gateway.warning.doors import BacktestRequest
from gateway.warning.members import chances, keys_of, weights_for
from gateway.warning.outlook import Outlook, Plan, outlook
from gateway.warning.probability import Weighed, weighted_chance
from gateway.warning.quantity import Quantity, quantity_of
from gateway.warning.results import (
    BacktestCase,
    BacktestResult,
    BrierScore,
    Score,
    WarningColour,
    WarningRuleSet,
)
from gateway.warning.scores import Warned, brier_score, reliability, score
from gateway.warning.settings import default_residual, number, residual_models, watched_series
from services.common.axes import BASE_YEAR
from services.common.digest import digest_of
from services.common.errors import Violation
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.scenario import Frame
from services.common.words import Label, Progress, ReleaseStatus

TABLE: Final = "warning/backtest"
AS_OF_YEARS: Final = (2021, 2022, 2023, 2024)
_WAYS: Final = (
    ("office", Label("单位规则（不含集合）", "Office's rule, no ensemble")),
    ("full", Label("完整规则", "Whole rule")),
    ("probability", Label("仅按概率", "Chance alone")),
)


@dataclass(frozen=True)
class Task:
    """A target, or a task in the shape of one, whose outcome is known."""

    series_id: str
    target: Target
    outcome: float
    missed: bool


async def backtest(pipeline: Pipeline, raw: Mapping[str, Any]) -> AsyncIterator[Progress | BacktestResult]:
    """Open a request, run the ensembles of past years and score the warnings. INVALID_INPUT lists all violations."""
    frame, scenario, request = await open_warning(pipeline.calls, raw, BacktestRequest, _year_violations(raw))
    region = load_region(frame.region)
    rules = rules_of(region, request.rule_set_id, request.own_rule_set)
    tasks = tasks_of(region)
    as_of_years = tuple(sorted(set(request.as_of_years or usual_years(tasks))))
    base = Plan(
        count=request.member_count or int(number(region, "members")),
        seed=int(number(region, "seed")) if request.seed is None else request.seed,
        years=tuple(range(BASE_YEAR, max(t.target.year for t in tasks) + 1)),
        keys=keys_of(region, [t.target for t in tasks], watched_series(region)),
        policies=request.policy_inputs,
        weather=request.weather_years,
    )
    made: dict[int, Outlook] = {}
    issued_years = [request.issued_year or y for y in as_of_years]
    # One ensemble that is weighed year by year is told in normal weather up to its last as-of year.
    known = {
        i: max(y for y, j in zip(as_of_years, issued_years, strict=True) if j == i) for i in issued_years
    }
    total = base.count * len(set(issued_years))
    for issued in dict.fromkeys(issued_years):
        done = base.count * len(made)
        plan = replace(base, issued_year=issued, known_year=known[issued])
        async for part in outlook(pipeline.runs, pipeline.calls, frame, scenario, plan):
            if isinstance(part, Outlook):
                made[issued] = part
            else:
                yield Progress(done + part.done_count, total, part.stage)
    cases: list[BacktestCase] = []
    for year, issued in zip(as_of_years, issued_years, strict=True):
        cases += await asyncio.to_thread(_cases, frame, rules, tasks, year, made[issued])
    yield _result(region, scenario.baseline, rules, base, request.issued_year, cases)


def tasks_of(region: Region) -> tuple[Task, ...]:
    """Policy targets whose outcome was observed, and tasks that series get from their own past."""
    found = []
    for target in read_targets(region.region_id).targets:
        if target.number is None or target.form in (*EVENTS, Form.LEVEL_EACH_CITY):
            continue
        task = _task(region, target.id, target)
        if task is not None and target.year > BASE_YEAR:
            found.append(task)
    if region.has(TABLE):
        for row in region.table(TABLE).rows():
            for target in _trend_targets(region, row):
                task = _task(region, row["series_id"], target)
                if task is not None:
                    found.append(task)
    return tuple(found)


def usual_years(tasks: Sequence[Task]) -> tuple[int, ...]:
    """The as-of years of a request that names none: those of AS_OF_YEARS before the last outcome."""
    last = max(t.target.year for t in tasks)
    return tuple(y for y in AS_OF_YEARS if y < last)


def _task(region: Region, series_id: str, target: Target) -> Task | None:
    quantity = quantity_of(region, target, no_values)
    if not quantity.last_seen or quantity.last_seen != target.year:
        return None
    outcome = quantity.observed[target.year]
    return Task(series_id, target, outcome, not quantity.ask.good(outcome))


def _trend_targets(region: Region, row: Mapping[str, Any]) -> list[Target]:
    """A task for every year that was observed: the growth from the first year to 2020 carried on."""
    spec = Observed(ids=[row["statistic"]])
    seen = observed_values(region, spec, "")
    first = row["trend_first_year"]
    if first not in seen or BASE_YEAR not in seen:
        return []
    growth = (seen[BASE_YEAR] / seen[first]) ** (1 / (BASE_YEAR - first))
    years = [y for y in sorted(seen) if AS_OF_YEARS[0] < y <= AS_OF_YEARS[-1] + 1]
    return [
        # A task of the back-test in the shape of a target; its id is no id of a document.
        Target.model_construct(
            id=row["series_id"],
            document="",
            section="",
            label=TextFile(zh=row["zh"], en=row["en"]),
            wording="",
            place=region.region_id,
            sector="",
            scope="model",
            form=Form.LEVEL,
            compare="at_least" if row["sense"] == "floor" else "at_most",
            sense=row["sense"],
            number=seen[BASE_YEAR] * growth ** (year - BASE_YEAR),
            unit=row["unit"],
            year=year,
            start_year=BASE_YEAR,
            path="geometric",
            reading=Reading(metric_id=row["metric_id"], scale=row["scale"]),
            observed=spec,
        )
        for year in years
    ]


def _year_violations(raw: Mapping[str, Any]) -> list[Violation]:
    """A region without outcomes, years after which none lies, and an ensemble that would know too much."""
    if not region_of(raw):
        return []
    tasks = tasks_of(load_region(region_of(raw)))
    if not tasks:
        text = "no outcome of a target or series is held for this region"
        return [Violation("frame.region", text, region_of(raw))]
    last = max(t.target.year for t in tasks)
    years = raw.get("as_of_years") or usual_years(tasks)
    text, allowed = "no outcome lies after this year", f"{BASE_YEAR + 1} to {last - 1}"
    late = [Violation(f"as_of_years[{i}]", text, str(y), allowed) for i, y in enumerate(years) if y >= last]
    text = "the ensemble would know more than the first warning"
    return late + issued_violations(raw.get("issued_year") or 0, max(min(years), BASE_YEAR), text)


def _cases(
    frame: Frame, rules: WarningRuleSet, tasks: Sequence[Task], as_of_year: int, seen: Outlook
) -> list[BacktestCase]:
    region = load_region(frame.region, as_of_year)
    weighed, _ = weights_for(region, seen, watched_series(region), as_of_year)
    models, default = residual_models(region), default_residual(region)
    severity = int(number(region, "warned_from_severity"))
    found = []
    for task in tasks:
        if task.target.year <= as_of_year or task.target.reading is None:
            continue
        quantity = quantity_of(region, task.target, partial(seen.values, 0))
        error = models.get(task.target.reading.metric_id, default)
        good, missing = chances(region, quantity, seen, quantity.last_seen, error)
        known = [i for i, m in enumerate(missing) if m is not None and good[i] is not None]
        if not known:
            continue
        prior = sum(not good[i] for i in known) / len(known)
        posterior = _posterior(missing, weighed, known)
        office, full, quantities = colours_of(rules, quantity, quantity.last_seen, as_of_year, posterior)
        found.append(
            BacktestCase(
                series_id=task.series_id,
                label=task.target.label.label(),
                as_of_year=as_of_year,
                target_year=task.target.year,
                asked=quantity.ask.number,
                unit=task.target.unit,
                seen=_last(quantity),
                outcome=task.outcome,
                missed=task.missed,
                gap_ratio=quantities["gap_ratio"],
                prior_share=prior,
                posterior_share=posterior,
                effective_member_count=weighed.size,
                office_colour=office.colour,
                full_colour=full.colour,
                office_warned=_warned(office, severity),
                full_warned=_warned(full, severity),
            )
        )
    return found


def _posterior(missing: Sequence[float | None], weighed: Weighed, known: Sequence[int]) -> float:
    values = [float(missing[i] or 0.0) for i in known]
    return min(1.0, max(0.0, weighted_chance(values, [weighed.weights[i] for i in known])))


def _last(quantity: Quantity) -> float | None:
    return quantity.observed[quantity.last_seen] if quantity.last_seen else None


def _warned(colour: WarningColour, severity: int) -> bool | None:
    return None if colour.severity == 0 else colour.severity >= severity


def _result(
    region: Region,
    baseline: str,
    rules: WarningRuleSet,
    plan: Plan,
    issued_year: int,
    cases: Sequence[BacktestCase],
) -> BacktestResult:
    bootstrap = int(number(region, "bootstrap_count"))
    limit = number(region, "probability_warned")
    years = (0, *sorted({c.as_of_year for c in cases}))
    scores: list[Score] = []
    briers: list[BrierScore] = []
    for year in years:
        own = [c for c in cases if year in (0, c.as_of_year)]
        for way, label in _WAYS:
            warned = [Warned(c.series_id, _by_way(way, c, limit), c.missed) for c in own]
            scores.append(score(way, label, year, warned, bootstrap, plan.seed))
        missed = [c.missed for c in own]
        briers.append(brier_score("prior", year, [c.prior_share for c in own], missed))
        briers.append(brier_score("posterior", year, [c.posterior_share for c in own], missed))
    made = BacktestResult(
        region=region.region_id,
        baseline=baseline,
        rule_set=rules,
        member_count=plan.count,
        seed=plan.seed,
        issued_year=issued_year,
        cases=tuple(cases),
        scores=tuple(scores),
        brier=tuple(briers),
        reliability=reliability([c.posterior_share for c in cases], [c.missed for c in cases]),
        notes=_notes(region),
        bootstrap_count=bootstrap,
        warned_from_severity=int(number(region, "warned_from_severity")),
        digest="",
        revision=revision_of(region),
        release_status=ReleaseStatus.INTERNAL,
    )
    return replace(made, digest=digest_of(made))


def _by_way(way: str, case: BacktestCase, limit: float) -> bool | None:
    if way == "probability":
        return case.posterior_share >= limit
    return case.office_warned if way == "office" else case.full_warned


def _notes(region: Region) -> tuple[Label, ...]:
    lag = int(number(region, "publication_lag_years"))
    return (
        Label(
            f"数据中没有发布日期：假定某年统计在其后第{lag}年发布，因此“截至某年”的预警是在次年作出的。",
            f"The data hold no publication dates: a year's statistics are taken as out {lag} year later, so that a "
            "warning as of a year is given in the next.",
        ),
        Label(
            "基准路径的远期锚点是今天编制的，过去的年份不可能知道；没有政策目标的序列以自身到2020年的趋势为任务。",
            "Later anchors of the baselines were compiled today and could not be known then; series without a policy "
            "target are held against their own trend up to 2020.",
        ),
        Label(
            "序列少、同一序列各年相互关联，区间很宽；请看每行的样本数。",
            "Few series, and the years of one hang together: intervals are wide; see n in every row.",
        ),
    )
