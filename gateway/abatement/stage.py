"""Stage abatement: the cost curve of a package of measures on top of a scenario."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gateway.abatement.curve import Effect, greedy_masks, greedy_step, outside_of, ranked
from gateway.abatement.doors import (
    CO2_METRICS,
    CurveDoor,
    MeasureHead,
    co2_violations,
    measure_fields,
    read_heads,
    with_measures,
)
from gateway.abatement.results import AbatementCurve, MeasureAbatement, OutsideCurve
from gateway.abatement.span import Span, one_year, span_of
from gateway.compare.checks import frame_violations, open_checked
from gateway.compare.game import EXACT, Ask, Played, Rules, play
from gateway.compare.settings import compare_settings
from gateway.compare.shapley import plain
from gateway.pipeline import Pipeline
from gateway.runs import Run
from services.common.arrays import FloatArray
from services.common.errors import DomainError, Violation
from services.common.regions import Region, load_region
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Progress

COST_METRIC = "account.system_cost_cny"
_METHOD, _COSTS = "abatement/method", "costs/settings"
_STAGE = Label("计算增量次序", "finding the incremental order")


@dataclass(frozen=True)
class _Case:
    """A curve that passed its checks."""

    region: Region
    frame: Frame
    scenario: Scenario
    heads: tuple[MeasureHead, ...]
    measures: tuple[Scenario, ...]
    door: CurveDoor
    span: Span
    rate: float
    present_year: int

    @property
    def co2_metric(self) -> str:
        return self.door.co2_metric_id or CO2_METRICS[0]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(h.measure_id for h in self.heads)

    def read(self, run: Run) -> FloatArray:
        """CO2 (t), cost and, of it, what unserved load is worth (CNY) of a run over the span."""
        co2, cost = run.values(self.co2_metric), run.values(COST_METRIC)
        if not cost:
            raise DomainError("BALANCE", detail=f"nobody published {COST_METRIC}")
        power = run.projection.power
        unserved = dict(zip(power.years, power.system_cost.unserved_cny.tolist(), strict=True))
        years = self.span.years
        left = unserved if self.door.leave_out_unserved else dict.fromkeys(years, 0.0)
        return np.array(
            [
                float(self.span.co2_weights @ np.array([co2[y] for y in years])),
                float(self.span.cost_weights @ np.array([cost[y] - left[y] for y in years])),
                float(self.span.cost_weights @ np.array([unserved[y] for y in years])),
            ]
        )


async def abatement_curve(
    pipeline: Pipeline, raw: Mapping[str, Any]
) -> AsyncIterator[Progress | AbatementCurve]:
    """Progress on the way, the curve at the end. DomainError(INVALID_INPUT) lists all violations."""
    case = await _opened(pipeline, raw)
    settings = compare_settings(case.region)
    limit = case.door.run_limit or settings.run_limit
    rules = Rules("", limit, case.door.seed, slice(0, 2), settings)
    ask = _ask(pipeline, case)
    async for part in play(plain(len(case.measures)), case.ids, ask, rules):
        if isinstance(part, Progress):
            yield part
        else:
            played = part
    order: list[tuple[int, Effect]] = []
    taken, count, values = 0, len(case.measures), played.values
    floor = _floor(case, values[0] - values[(1 << count) - 1])
    while len(order) < count:
        new = [m for m in greedy_masks(taken, count) if m not in values]
        position = 0
        async for vector in ask(new):
            values[new[position]] = vector
            position += 1
            yield Progress(len(values), max(limit, len(values)), _STAGE)
        chosen, effect = greedy_step(
            taken, count, lambda a, b: _effect(values[a] - values[b]), floor, case.ids
        )
        order.append((chosen, effect))
        taken |= 1 << chosen
    yield _result(case, played, order, floor)


def _ask(pipeline: Pipeline, case: _Case) -> Ask:
    async def ask(masks: Sequence[int]) -> AsyncIterator[FloatArray]:
        wanted = [
            with_measures(case.scenario, tuple(m for i, m in enumerate(case.measures) if mask >> i & 1))
            for mask in masks
        ]
        mode = case.door.mode
        async for run in pipeline.runs.each(case.frame, wanted, case.span.years, mode):
            yield case.read(run)

    return ask


async def _opened(pipeline: Pipeline, raw: Mapping[str, Any]) -> _Case:
    heads, found = read_heads(raw, 1)
    found += co2_violations(raw) + _year_violations(raw)
    fields = {"scenario": raw.get("scenario") or {}} | measure_fields(raw)
    frame, scenarios, door = await open_checked(pipeline.calls, raw, fields, CurveDoor, found)
    region = load_region(frame.region, frame.as_of_year)
    rate = door.discount_share_per_year
    if rate is None:
        rate = region.number(_COSTS, "social_discount_share_per_year")
    present = int(region.number(_COSTS, "present_value_year"))
    if door.year:
        span = one_year(door.year)
    else:
        last = door.last_year or frame.last_year
        first = door.first_year or min(int(region.number(_COSTS, "first_npv_year")), last)
        step = door.step_years or int(region.number(_METHOD, "span_step_years"))
        span = span_of(first, last, step, rate, present, discount_tonnes=door.discount_tonnes)
    return _Case(region, frame, scenarios[0], heads, scenarios[1:], door, span, rate, present)


def _year_violations(raw: Mapping[str, Any]) -> list[Violation]:
    """A year or a span, inside the frame."""
    years = {k: raw.get(k) or 0 for k in ("year", "first_year", "last_year")}
    found = []
    if years["year"] and (years["first_year"] or years["last_year"]):
        found.append(Violation("year", "give a year or a span, not both", str(years["year"]), "0"))
    if years["first_year"] and 0 < years["last_year"] <= years["first_year"]:
        text = "must be after first_year: swap them, or give year"
        found.append(Violation("last_year", text, str(years["last_year"]), f"after {years['first_year']}"))
    for where, year in years.items():
        if isinstance(year, int) and year:
            found += frame_violations(where, [year], raw.get("frame") or {})
    return found


def _effect(saved: FloatArray) -> Effect:
    """From the fall of (CO2, cost)."""
    return Effect(float(saved[0]), -float(saved[1]))


def _floor(case: _Case, saved: FloatArray) -> float:
    return case.region.number(_METHOD, "effect_share_min") * abs(float(saved[0]))


def _result(case: _Case, played: Played, order: Sequence[tuple[int, Effect]], floor: float) -> AbatementCurve:
    count, values = len(case.measures), played.values
    package = _effect(values[0] - values[(1 << count) - 1])
    share_min = case.region.number(_METHOD, "effect_share_min")
    effects = [_effect(-played.contributions[i]) for i in range(count)]
    outside = [outside_of(e, package.abatement_tco2, share_min) for e in effects]
    curve = ranked(effects, [o is OutsideCurve.UNSPECIFIED for o in outside], case.ids)
    starts, at = {}, 0.0
    for i in curve:
        starts[i] = at
        at += effects[i].abatement_tco2
    entered = {i: (n, effect) for n, (i, effect) in enumerate(order, 1)}
    measures = []
    for i, head in enumerate(case.heads):
        alone, last = _effect(-played.standalone[i]), _effect(-played.last_in[i])
        step = entered[i][1]
        measures.append(
            MeasureAbatement(
                measure_id=head.measure_id,
                label=Label(head.label.zh or head.measure_id, head.label.en or head.measure_id),
                abatement_tco2=effects[i].abatement_tco2,
                cost_cny=effects[i].cost_cny,
                cny_per_tco2=effects[i].height(floor) if i in starts else None,
                rank=curve.index(i) + 1 if i in starts else 0,
                start_tco2=starts.get(i, 0.0),
                no_regret=effects[i].no_regret,
                outside=outside[i],
                standalone_abatement_tco2=alone.abatement_tco2,
                standalone_cost_cny=alone.cost_cny,
                standalone_cny_per_tco2=alone.height(floor),
                last_in_abatement_tco2=last.abatement_tco2,
                last_in_cost_cny=last.cost_cny,
                incremental_rank=entered[i][0],
                incremental_abatement_tco2=step.abatement_tco2,
                incremental_cost_cny=step.cost_cny,
                incremental_cny_per_tco2=step.height(floor),
                incremental_no_regret=step.no_regret,
                standard_error_tco2=float(played.errors[i, 0]),
                standard_error_cny=float(played.errors[i, 1]),
                unserved_cny=float(played.contributions[i, 2]),
            )
        )
    return AbatementCurve(
        measures=tuple(measures),
        abatement_tco2=package.abatement_tco2,
        cost_cny=package.cost_cny,
        base_tco2=float(values[0][0]),
        base_cost_cny=float(values[0][1]),
        first_year=case.span.first_year,
        last_year=case.span.last_year,
        years=case.span.years,
        co2_metric_id=case.co2_metric,
        cost_metric_id=COST_METRIC,
        discount_share_per_year=case.rate,
        discount_tonnes=case.door.discount_tonnes,
        effect_share_min=share_min,
        exact=played.method == EXACT,
        run_count=len(values),
        pair_count=played.pair_count,
        standard_error_share=played.error_share,
        seed=case.door.seed,
        notes=_notes(case, played),
        present_value_year=0 if case.door.year else case.present_year,
        base_unserved_cny=float(values[0][2]),
        unserved_cny=float(values[(1 << count) - 1][2] - values[0][2]),
        leave_out_unserved=case.door.leave_out_unserved,
    )


def _notes(case: _Case, played: Played) -> tuple[Label, ...]:
    found = [
        Label(
            "曲线为沙普利值：宽为减排量，高为成本与减排量之比，宽之和等于方案减排量；单独实施的数值不可相加",
            "the curve is of Shapley values: width is CO2 avoided, height is cost over it, widths sum to the package; "
            "figures of measures alone are not to be summed",
        ),
        Label(
            "节省费用的措施按节省额排序，不按元/吨比较",
            "measures that save money are ranked by what they save, not by CNY/t",
        ),
    ]
    if not case.door.year:
        found.append(
            Label(
                "累计值：减排量不折现（除非要求），成本为现值；未运行的年份线性内插",
                "sums over the span: tonnes undiscounted unless asked, cost as present value; years that were not run "
                "are interpolated",
            )
        )
    if played.values[0][2] > 0 and not case.door.leave_out_unserved:
        found.append(
            Label(
                "无措施情景存在缺供电量，成本含缺电损失：增加供电的措施因此显得便宜；可从供电充足的情景算起，或不计缺电损失",
                "the scenario without measures leaves load unserved and its worth is part of the cost, which flatters "
                "measures that add supply: start from a scenario with enough supply, or leave unserved load out",
            )
        )
    if not played.converged:
        found.append(
            Label(
                "达到运行上限，标准误仍偏大", "the runs allowed ended before the standard error was reached"
            )
        )
    return tuple(found)
