"""Random fleets of every kind of the tests beside their linear programme: gaps by kind, certificates, constraints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.common.words import Label
from services.power.instance.solve import dispatch
from tests.services.power.lp import optimum
from tests.services.power.random_fleets import random_instance
from tests.services.power.schedule_check import TOLERANCE_SHARE, check
from tests.services.power.test_dispatch_against_lp import HARD, LIMITS
from validation.comparison import Chart, Comparison, Piece, Series, at_most
from validation.sections.dispatch_rows import BELOW_SHARE, MODE_WORDS, MODES, NO_LIMIT
from validation.sections.schedule_misses import misses_of

SEEDS, QUICK_SEEDS, QUICK_KINDS = 8, 1, 3
SOURCE = "HiGHS (highspy), linear programme of the same fleet written from the equations alone"
KIND_WORDS = {
    "no store": "无储能",
    "one store": "一个储能",
    "one store, any ends": "一个储能，任意始末荷电量",
    "two stores": "两个储能",
    "two stores, any ends": "两个储能，任意始末荷电量",
    "two stores, high renewables": "两个储能，高比例新能源",
    "two stores, tight": "两个储能，供应紧张",
    "two stores, negative residual": "两个储能，负的剩余负荷",
    "two stores, reserve": "两个储能，有备用要求",
    "two stores, leaky": "两个储能，有自损耗与来水",
    "three stores": "三个储能",
    "three stores, high renewables": "三个储能，高比例新能源",
    "five stores, any ends": "五个储能，任意始末荷电量",
    "few prices": "价格档位少",
    "hydro": "水库水电与储能",
    "hydro without stores": "水库水电，无储能",
    "flexible loads": "可移动负荷",
    "lines with a band": "带灵活带宽的输电通道",
    "hourly prices": "逐时价格",
    "hundreds of units": "数百台机组",
    "commitment": "按日机组组合",
    "commitment, high renewables": "按日机组组合，高比例新能源",
    "ramps": "爬坡限制",
    "all together": "以上全部",
}


@dataclass(frozen=True)
class Judged:
    """One fleet: gaps in both modes, the worst overstatement of bound and saving, misses and faults."""

    kind: str
    gaps: tuple[float, ...]
    bound_above: float
    saving_above: float
    miss: float
    faults: int


def fleets(quick: bool) -> Iterator[Piece]:
    """Every kind's worst gap in both modes, what holds for all of them, and the gaps in order; every third kind if quick."""
    kinds = list(LIMITS)[::QUICK_KINDS] if quick else list(LIMITS)
    judged = [_judge(kind, seed) for kind in kinds for seed in _seeds(kind, quick)]
    for kind in kinds:
        yield from _kind_rows(kind, [j for j in judged if j.kind == kind])
    yield from _common_rows(judged)
    yield _chart(judged)


def _seeds(kind: str, quick: bool) -> Sequence[int]:
    hard = [seed for hard_kind, seed in HARD if hard_kind == kind]
    return [*range(QUICK_SEEDS)] if quick else [*range(SEEDS), *hard]


def _judge(kind: str, seed: int) -> Judged:
    instance = random_instance(kind, seed)
    best = optimum(instance).objective_cny
    results = [dispatch(instance, mode, True) for mode in MODES]
    saving = [-1.0]
    for result in results:
        possible = result.cost_without_stores_cny - best
        if possible > 1e-6 * best:
            captured = (result.cost_without_stores_cny - result.cost_cny) / possible
            saving.append(result.captured_saving_share - captured)
    return Judged(
        kind,
        tuple(r.cost_cny / best - 1 for r in results),
        max(r.lower_bound_cny for r in results) / best - 1,
        max(saving),
        max(max(misses_of(instance, r).worst_share.values()) for r in results),
        sum(len(check(instance, r)) for r in results),
    )


def _kind_rows(kind: str, judged: Sequence[Judged]) -> Iterator[Comparison]:
    for i, (mode, limit) in enumerate(zip(MODES, LIMITS[kind], strict=True)):
        word = MODE_WORDS[mode]
        gaps = [j.gaps[i] for j in judged]
        yield Comparison(
            f"dispatch.fleets.{kind.replace(', ', '.').replace(' ', '_')}.{mode.value}",
            Label(
                f"随机系统“{KIND_WORDS[kind]}”（{len(gaps)} 个）：{word.zh}与最优值的最大差距",
                f"random fleets of the kind “{kind}” ({len(gaps)}): largest gap to the optimum, {word.en}",
            ),
            figure=100 * max(gaps),
            reference=0.0,
            unit="%",
            source=SOURCE,
            grade="method",
            low=-100 * BELOW_SHARE,
            **({} if limit is None else {"high": 100 * limit}),
            remark=NO_LIMIT if limit is None else None,
        )


def _common_rows(judged: Sequence[Judged]) -> Iterator[Comparison]:
    count = len(judged)
    for i, mode in enumerate(MODES):
        word, gaps = MODE_WORDS[mode], [j.gaps[i] for j in judged]
        yield Comparison(
            f"dispatch.fleets.median.{mode.value}",
            Label(
                f"全部 {count} 个随机系统：{word.zh}与最优值差距的中位数",
                f"all {count} random fleets: median gap to the optimum, {word.en}",
            ),
            figure=100 * float(np.median(gaps)),
            reference=0.0,
            unit="%",
            source=SOURCE,
            grade="method",
            remark=Label("各类系统的限值不同，见上", "limits differ by kind, see above"),
        )
        yield Comparison(
            f"dispatch.fleets.below.{mode.value}",
            Label(
                f"全部 {count} 个随机系统：{word.zh}低于最优值的最大比例",
                f"all {count} random fleets: furthest that any is below the optimum, {word.en}",
            ),
            unit="share",
            source=SOURCE,
            grade="method",
            **at_most(max(-g for g in gaps), BELOW_SHARE),
        )
    for name, zh, en, value, limit, source, grade in (
        (
            "certificate",
            "所附成本下界高于最优值的最大比例",
            "largest excess of a lower bound over the optimum",
            max(j.bound_above for j in judged),
            BELOW_SHARE,
            SOURCE,
            "method",
        ),
        (
            "saving",
            "所报储能节约比例高于实际的最大值",
            "largest excess of the saving told over the saving captured",
            max(j.saving_above for j in judged),
            1e-6,
            SOURCE,
            "method",
        ),
        (
            "limits",
            "任一约束的最大越限（占最高负荷或储能容量）",
            "largest miss of any constraint, of the highest load or the size of the store",
            max(j.miss for j in judged),
            TOLERANCE_SHARE,
            "arithmetic: constraints recomputed from the schedules' own series",
            "exact",
        ),
        (
            "faults",
            "独立检查发现的错误数",
            "faults that an independent check found",
            float(sum(j.faults for j in judged)),
            0.0,
            "arithmetic: constraints, cost and sums recomputed from the schedules' own series",
            "exact",
        ),
    ):
        yield Comparison(
            f"dispatch.fleets.{name}",
            Label(f"全部 {count} 个随机系统：{zh}", f"all {count} random fleets: {en}"),
            unit="" if name == "faults" else "share",
            source=source,
            grade=grade,
            **at_most(value, limit),
        )


def _chart(judged: Sequence[Judged]) -> Chart:
    """Gaps in order: quantiles over all fleets."""
    at = np.linspace(60, 100, 41)
    return Chart(
        "dispatch-random-fleets",
        "lines",
        Label(
            "随机系统：与线性规划最优值的差距", "Random fleets: gap to the optimum of the linear programme"
        ),
        Label("差距不超过纵轴值的系统比例，%", "share of the fleets with this gap at most, %"),
        Label("差距，%", "gap, %"),
        [
            Series(
                MODE_WORDS[mode],
                at.tolist(),
                (100 * np.percentile([max(j.gaps[i], 0.0) for j in judged], at)).tolist(),
            )
            for i, mode in enumerate(MODES)
        ],
    )
