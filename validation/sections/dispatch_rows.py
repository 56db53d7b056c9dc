"""Rows of one dispatched instance beside its linear programme."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.common.power_outcome import DispatchMode
from services.common.words import Label
from services.power.instance.result import DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance
from tests.services.power.schedule_check import TOLERANCE_SHARE, check
from validation.comparison import Comparison, at_most
from validation.sections.schedule_misses import BALANCE, misses_of

CNY = 1e9
UNIT = "10⁹ CNY"
MODES = (DispatchMode.FAST, DispatchMode.ACCURATE)
MODE_WORDS = {
    DispatchMode.FAST: Label("快速模式", "fast mode"),
    DispatchMode.ACCURATE: Label("精确模式", "accurate mode"),
    DispatchMode.FAST_COMMITMENT: Label("快速模式、按日机组组合", "fast mode with commitment by day"),
    DispatchMode.ACCURATE_COMMITMENT: Label("精确模式、按日机组组合", "accurate mode with commitment by day"),
}
# Never below the optimum, the solver's tolerance aside; a bound never above it.
BELOW_SHARE = 1e-8
# Least share of the possible saving that stores of systems like those of 2025 and 2030 must capture.
CAPTURED_SHARE = 0.97
NO_LIMIT = Label("对三个及以上储能，快速模式不作承诺", "fast mode promises nothing for three and more stores")
RULE = "arithmetic: constraints of the schedule, recomputed from its own series"


@dataclass(frozen=True)
class Case:
    """An instance with its least cost, CNY, where that comes from, and the largest gap promised: fast, accurate."""

    case_id: str
    label: Label
    instance: DispatchInstance
    best_cny: float
    source: str
    limits: tuple[float | None, float]
    captured_least: float | None = None


def rows(case: Case, results: Sequence[DispatchResult]) -> Iterator[Comparison]:
    """Cost, saving captured, certificate and constraints of the results of `solved`."""
    for mode, limit, result in zip(MODES, case.limits, results, strict=True):
        yield cost_row(case.case_id, case.label, mode, result.cost_cny, case.best_cny, limit, case.source)
    for mode, result in zip(MODES, results, strict=True):
        possible = result.cost_without_stores_cny - case.best_cny
        if possible > 1e-6 * case.best_cny:
            captured = (result.cost_without_stores_cny - result.cost_cny) / possible
            least = max(result.captured_saving_share, case.captured_least or 0.0)
            yield captured_row(case.case_id, case.label, mode, captured, case.source, least)
    yield certificate_row(case, results)
    yield from constraint_rows(case, results)


def solved(case: Case) -> list[DispatchResult]:
    """The instance dispatched in both modes, with its steps."""
    return [dispatch(case.instance, mode, True) for mode in MODES]


def cost_row(
    case_id: str,
    name: Label,
    mode: DispatchMode,
    cost_cny: float,
    best_cny: float,
    limit: float | None,
    source: str,
) -> Comparison:
    """The cost of a schedule beside the least cost: never below it, above it by what is promised at most."""
    word = MODE_WORDS[mode]
    zh, en = (
        ("", "")
        if limit is None
        else (f"（至多高于最优值 {_percent(limit)}）", f" (at most {_percent(limit)} above the optimum)")
    )
    return Comparison(
        f"dispatch.cost.{case_id}.{mode.value}",
        Label(f"{name.zh}：{word.zh}的调度成本{zh}", f"{name.en}: cost of the schedule, {word.en}{en}"),
        figure=cost_cny / CNY,
        reference=best_cny / CNY,
        unit=UNIT,
        source=source,
        grade="method",
        low=best_cny * (1 - BELOW_SHARE) / CNY,
        **({} if limit is None else {"high": best_cny * (1 + limit) / CNY}),
        remark=NO_LIMIT if limit is None else None,
    )


def captured_row(
    case_id: str, name: Label, mode: DispatchMode, captured: float, source: str, least: float | None
) -> Comparison:
    """Share of the saving that stores make possible which the schedule captures."""
    word = MODE_WORDS[mode]
    bounds = {} if least is None else {"low": least - 1e-6, "high": 1 + 1e-6}
    return Comparison(
        f"dispatch.captured.{case_id}.{mode.value}",
        Label(
            f"{name.zh}：{word.zh}取得的储能可节约成本的比例",
            f"{name.en}: share of the possible saving by stores that is captured, {word.en}",
        ),
        figure=captured,
        reference=1.0,
        unit="share",
        source=source,
        grade="method",
        **bounds,
        remark=None
        if bounds
        else Label(
            "不承诺最低比例；此差额为上一行的成本差", "no least share is promised; it is the gap of the cost"
        ),
    )


def certificate_row(case: Case, results: Sequence[DispatchResult]) -> Comparison:
    """The lower bound that comes with a schedule lies below the optimum."""
    return Comparison(
        f"dispatch.certificate.{case.case_id}",
        Label(
            f"{case.label.zh}：所附成本下界高于最优值的比例（两种模式中较大者）",
            f"{case.label.en}: lower bound that comes with the schedule above the optimum (larger of both modes)",
        ),
        unit="share",
        source=case.source,
        grade="method",
        **at_most(max(r.lower_bound_cny for r in results) / case.best_cny - 1, BELOW_SHARE),
    )


def constraint_rows(case: Case, results: Sequence[DispatchResult]) -> Iterator[Comparison]:
    """Balance of every step, every other limit (output, power and content of stores), and what the check says."""
    found = [misses_of(case.instance, r) for r in results]
    said = sum(len(check(case.instance, r)) for r in results)
    balance = max(m.worst_share[BALANCE] for m in found)
    other = max(share for m in found for kind, share in m.worst_share.items() if kind != BALANCE)
    yield from miss_rows(case.case_id, case.label, balance, other, said, sum(m.checked_count for m in found))


def miss_rows(
    case_id: str,
    name: Label,
    balance: float,
    other: float,
    said: int,
    count: int,
    balance_limit: float = TOLERANCE_SHARE,
) -> Iterator[Comparison]:
    """Rows of what a check of the schedules of a case found; `count` values were looked at."""
    yield Comparison(
        f"dispatch.balance.{case_id}",
        Label(
            f"{name.zh}：各步电力平衡的最大残差（占最高负荷）",
            f"{name.en}: largest residual of the balance of a step, of the highest load",
        ),
        unit="share",
        source=RULE,
        grade="exact",
        **at_most(balance, balance_limit),
    )
    yield Comparison(
        f"dispatch.limits.{case_id}",
        Label(
            f"{name.zh}：出力、储能功率与荷电量等限值的最大越限（占最高负荷或储能容量）",
            f"{name.en}: largest miss of a limit of output, of a store's power or its content, of load or size",
        ),
        unit="share",
        source=RULE,
        grade="exact",
        **at_most(other, TOLERANCE_SHARE),
    )
    yield Comparison(
        f"dispatch.faults.{case_id}",
        Label(
            f"{name.zh}：独立检查在 {count:,} 个数中发现的错误（约束、成本、合计）",
            f"{name.en}: faults that an independent check found in {count:,} values (constraints, cost, sums)",
        ),
        unit="",
        source=RULE,
        grade="exact",
        **at_most(float(said), 0.0),
    )


def _percent(share: float) -> str:
    return f"{100 * share:g} %" if share >= 1e-6 else f"{share:.0e}"
