"""Years of Jiangsu out of the projection beside the linear programme of the same load, blocks and stores."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.power_outcome import DispatchMode
from services.common.scenario import Scenario
from services.common.words import Label
from services.power.dispatch import BALANCE_TOLERANCE
from tests.services.power.lp import Optimum, optimum
from tests.services.power.schedule_check import COST_TOLERANCE_SHARE
from validation.comparison import Chart, Comparison, Piece, Series, at_least, at_most, near
from validation.sections.dispatch_rows import (
    BELOW_SHARE,
    CAPTURED_SHARE,
    CNY,
    MODE_WORDS,
    RULE,
    UNIT,
    captured_row,
    cost_row,
    miss_rows,
)
from validation.sections.power_years import PowerInput, RegionYear, made_up, projected
from validation.sections.schedule_misses import BALANCE, Misses

FREE = (DispatchMode.FAST, DispatchMode.ACCURATE)
COMMITTED = (DispatchMode.FAST_COMMITMENT, DispatchMode.ACCURATE_COMMITMENT)
YEARS, CAPTURED_YEARS, CHART_YEAR = (2025, 2030, 2060), (2025, 2030), 2030
# Largest gaps of fleets with many stores and with commitment; fast modes promise nothing for so many stores.
LIMITS = {DispatchMode.ACCURATE: 0.005, DispatchMode.ACCURATE_COMMITMENT: 0.02}
# Over all variable cost the quick mode with commitment stays so near the accurate one.
WHOLE_LIMIT = 0.02
SOURCE = "HiGHS (highspy), linear programme of the same year: load, blocks, stores and commitment in continuous units"
HOURS_SHOWN = 96


@dataclass(frozen=True)
class Solved:
    """A year with its least cost, that without stores, and what the outcome publishes as its certified gap."""

    mode: DispatchMode
    own: RegionYear
    best: Optimum
    without_cny: float
    published_gap: float

    @property
    def gap(self) -> float:
        """Over the cost of the blocks and stores, which alone can be chosen."""
        return self.own.year.cost_cny / self.best.objective_cny - 1

    @property
    def whole_gap(self) -> float:
        """Over all variable cost, as the published gap is."""
        year = self.own.year
        if self.published_gap <= 0.0:
            return self.gap
        base = (year.cost_cny - year.bound_cny) / self.published_gap
        return (year.cost_cny - self.best.objective_cny) / (base - year.bound_cny + self.best.objective_cny)


def years(quick: bool) -> Iterator[Piece]:
    """Rows of every year and mode; in quick runs one year with the made-up load of the tests, without commitment."""
    found: dict[str, list[Solved]] = {}
    for calendar in (CHART_YEAR,) if quick else YEARS:
        given = made_up(calendar, calendar) if quick else projected()
        name = _name(calendar, quick)
        solved = _solve(given, calendar, FREE)
        if not quick:
            solved += _solve(given, calendar, COMMITTED)
        found[str(calendar)] = solved
        yield from _rows(f"jiangsu_{calendar}", name, calendar, solved)
        if calendar == CHART_YEAR:
            yield _content_chart(name, solved[: len(FREE)])
    yield _gap_chart(found)


def _name(calendar: int, quick: bool) -> Label:
    if quick:
        return Label(
            f"江苏 {calendar} 年（测试用负荷）", f"Jiangsu {calendar} with the made-up load of the tests"
        )
    return Label(f"江苏 {calendar} 年（规划情景）", f"Jiangsu {calendar} of the baseline planned")


def _solve(given: PowerInput, calendar: int, modes: Sequence[DispatchMode]) -> list[Solved]:
    """The year in these modes, which share one linear programme."""
    first = given.year(calendar, modes[0])
    best = optimum(first.instance, reach=first.reach)
    without = optimum(replace(first.instance, storages=())).objective_cny
    found = []
    for mode in modes:
        outcome = given.model.project(
            given.frame, Scenario(), *given.parts, mode, (calendar,), with_adequacy=False
        )
        own = first if mode is modes[0] else given.year(calendar, mode)
        assert np.array_equal(own.residual_mw, first.residual_mw)
        found.append(Solved(mode, own, best, without, float(outcome.gap_share[0])))
    return found


def _rows(case: str, name: Label, calendar: int, solved: Sequence[Solved]) -> Iterator[Comparison]:
    for one in solved:
        cost, best = one.own.year.cost_cny, one.best.objective_cny
        yield cost_row(case, name, one.mode, cost, best, LIMITS.get(one.mode), SOURCE)
    for one in solved:
        least = CAPTURED_SHARE if one.mode in FREE and calendar in CAPTURED_YEARS else None
        captured = (one.without_cny - one.own.year.cost_cny) / (one.without_cny - one.best.objective_cny)
        yield captured_row(case, name, one.mode, captured, SOURCE, least)
    for one in solved:
        word = MODE_WORDS[one.mode]
        yield Comparison(
            f"dispatch.published_gap.{case}.{one.mode.value}",
            Label(
                f"{name.zh}：公布的差距上限不小于真实差距（占全部可变成本），{word.zh}",
                f"{name.en}: the published gap is no smaller than the true one, of all variable cost, {word.en}",
            ),
            unit="share",
            source=SOURCE,
            grade="method",
            **at_least(one.published_gap, one.whole_gap - BELOW_SHARE),
        )
    for one in solved:
        if one.mode is DispatchMode.FAST_COMMITMENT:
            yield Comparison(
                f"dispatch.whole_gap.{case}",
                Label(
                    f"{name.zh}：预测所用默认模式与最优值的差距，占全部可变成本",
                    f"{name.en}: gap of the default mode of projections to the optimum, of all variable cost",
                ),
                unit="share",
                source=SOURCE,
                grade="method",
                **at_most(one.whole_gap, WHOLE_LIMIT),
            )
    yield from _schedule_rows(case, name, solved)


def _schedule_rows(case: str, name: Label, solved: Sequence[Solved]) -> Iterator[Comparison]:
    """What a check of the schedules finds, with the blocks filled up by hand."""
    checks = [Misses(s.own.instance, s.own.schedule, s.own.start_mwh) for s in solved]
    scale = checks[0].scale_mw
    open_mw = max(float(np.abs(s.own.on_blocks_mw - s.own.year.stack_x_mw).max()) for s in solved)
    # The check knows no power that differs from hour to hour: what some stores have of it is looked at here.
    beyond = max(s.own.over_reach_mw() for s in solved) / scale
    other = max(share for c in checks for kind, share in c.worst_share.items() if kind != BALANCE)
    said, count = sum(len(c.problems) for c in checks), sum(c.checked_count for c in checks)
    yield from miss_rows(case, name, open_mw / scale, max(other, beyond), said, count, BALANCE_TOLERANCE)
    for one, found in zip(solved, checks, strict=True):
        word = MODE_WORDS[one.mode]
        yield Comparison(
            f"dispatch.recomputed_cost.{case}.{one.mode.value}",
            Label(
                f"{name.zh}：所报调度成本与由逐时出力重算的成本，{word.zh}",
                f"{name.en}: the cost told beside the cost recomputed from hourly output, {word.en}",
            ),
            unit=UNIT,
            source=RULE,
            grade="exact",
            **near(one.own.year.cost_cny / CNY, found.cost_cny / CNY, share=COST_TOLERANCE_SHARE),
        )


def _content_chart(name: Label, solved: Sequence[Solved]) -> Chart:
    """Content of the batteries over four days around the highest load, by both modes and by HiGHS."""
    first = max(int(solved[0].own.year.load_mw.argmax()) - HOURS_SHOWN // 2, 0)
    span = slice(first, first + HOURS_SHOWN)
    hours = [float(h) for h in range(HOURS_SHOWN)]

    def series(label: Label, content_mwh: FloatArray) -> Series:
        return Series(label, hours, (content_mwh[span] / 1e3).tolist())

    store = "battery.content_mwh"
    return Chart(
        "dispatch-battery-content",
        "lines",
        Label(
            f"{name.zh}：最高负荷前后四天的电池荷电量",
            f"{name.en}: content of the batteries over four days around the highest load",
        ),
        Label("小时", "hour"),
        Label("荷电量，GWh", "content, GWh"),
        [
            series(Label("HiGHS 最优解（不唯一）", "HiGHS, an optimum (not the only one)"), solved[0].best.series[store]),
            *(series(MODE_WORDS[s.mode], s.own.schedule[store]) for s in solved),
        ],
    )  # fmt: skip


def _gap_chart(found: dict[str, list[Solved]]) -> Chart:
    modes = {s.mode for solved in found.values() for s in solved}
    return Chart(
        "dispatch-region-gaps",
        "bars",
        Label(
            "江苏各年：调度成本高于最优值的比例（仅机组与储能的成本）",
            "Years of Jiangsu: cost of the schedule above the optimum, of the cost of blocks and stores alone",
        ),
        Label("差距，%", "gap, %"),
        Label("", ""),
        [
            Series(
                MODE_WORDS[mode],
                list(found),
                [100 * next(s.gap for s in solved if s.mode is mode) for solved in found.values()],
            )
            for mode in (*FREE, *COMMITTED)
            if mode in modes
        ],
    )
