"""The dispatch beside the least cost of a linear programme, and its schedules beside every constraint."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import highspy

from benchmarks.bench_gaps import generated
from services.common.words import Label
from services.power.instance.result import DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance
from services.power.known_answers import known_answers
from tests.services.power.instances import FOUND, NAMES, read_instance, read_optimum
from tests.services.power.lp import optimum
from tests.services.power.test_dispatch_against_lp import COMMITTED, FOLDER_LIMITS
from tests.services.power.test_instance_check import must_run
from tests.services.power.test_ramps import FAST, LOAD, SLOW
from validation.comparison import Comparison, Paragraph, Piece, Section, at_most, near
from validation.context import Context
from validation.sections.dispatch_fleets import fleets
from validation.sections.dispatch_region import years
from validation.sections.dispatch_rows import CAPTURED_SHARE, CNY, UNIT, Case, rows, solved

HIGHS = f"HiGHS {highspy.Highs().version()}, linear programme of the same input"
QUICK_NAMES = ("js2025_nosto", "js2025_phs", "js2025_base")
GENERATED = ("2025", "2035", "2050")
NAMED_WORDS = {
    "js2025_nosto": Label("算例 js2025_nosto（类似 2025 年，无储能）", "instance js2025_nosto (like 2025, no store)"),
    "js2025_phs": Label("算例 js2025_phs（类似 2025 年，抽水蓄能）", "instance js2025_phs (like 2025, pumped storage)"),
    "js2025_base": Label("算例 js2025_base（类似 2025 年，两个储能）", "instance js2025_base (like 2025, two stores)"),
    "js2025_reserve": Label("算例 js2025_reserve（类似 2025 年，有备用）", "instance js2025_reserve (like 2025, reserve)"),
    "js2025_ucday": Label(
        "算例 js2025_ucday（类似 2025 年，按日机组组合）", "instance js2025_ucday (like 2025, commitment by day)"
    ),
    "js2030_plan": Label("算例 js2030_plan（类似 2030 年）", "instance js2030_plan (like 2030)"),
    "js2060_neutral": Label("算例 js2060_neutral（类似 2060 年，三个储能）", "instance js2060_neutral (like 2060, three stores)"),
}  # fmt: skip
# Systems like those of 2025 and 2030 without commitment, whose stores must capture most of the saving.
CAPTURE = ("js2025_phs", "js2025_base", "js2025_reserve", "js2030_plan")
# CO2 may differ so much; energies so much or as much as the cost may, since equal plants may stand for each other.
ENERGY_SHARE, LOAD_SHARE = 0.001, 1e-5
WIND_AND_PV = "wind and PV"
ANSWER_WORDS = {
    "cost of two plants, CNY": Label("两台机组的成本", "cost of two plants"),
    "coal energy, MWh": Label("煤电电量", "energy of the coal plant"),
    "gas energy, MWh": Label("气电电量", "energy of the gas plant"),
    "load not served, MWh": Label("未供电量", "load not served"),
    "cost with a store, CNY": Label("有储能时的成本", "cost with a store"),
}


def run(context: Context) -> Iterator[Piece]:
    """Cases by hand, named instances, generated years with commitment, years of the region, random fleets."""
    yield from _by_hand()
    yield from _named(context.quick)
    if not context.quick:
        yield from _generated()
    yield Paragraph(
        Label(
            "以下各年直接取自预测本身：同样的负荷、机组档位、储能与需求侧灵活资源，"
            "线性规划写自方程，与软件的求解方法无关。有机组组合时，线性规划的机组可连续开停，其最优值为下界。",
            "The years below are those of the projection itself: the same load, blocks, stores and flexible demand. The "
            "linear programme is written from the equations and knows nothing of the methods of the software. With "
            "commitment its units are continuous, so that its optimum is a lower bound.",
        )
    )
    yield from years(context.quick)
    yield from fleets(context.quick)


def _by_hand() -> Iterator[Comparison]:
    for answer in known_answers():
        unit = answer.name.rsplit(", ", 1)[1]
        words = ANSWER_WORDS[answer.name]
        yield Comparison(
            f"dispatch.by_hand.{answer.name.rsplit(', ', 1)[0].replace(' ', '_')}",
            Label(f"两天、手算：{words.zh}", f"two days by hand: {words.en}"),
            unit=unit,
            source=f"by hand: {answer.why}",
            grade="exact",
            **near(answer.found, answer.known, share=1e-9, absolute=1e-9 if answer.known == 0.0 else 0.0),
        )
    # 100 MW at the jump need coal at 60 and 80 MW before it: 340 MWh at 100 CNY.
    climb = dispatch(DispatchInstance("jump", LOAD, (SLOW, FAST)))
    # 60 MW at the last step need 40, 20 and 0 before.
    budget = dispatch(must_run(20.0, [0.0, 0.0, 0.0, 60.0], [100.0] * 4, 120.0))
    heat = next(u.energy_mwh for u in budget.units if u.unit_id == "heat")
    for name, zh, en, figure, known, unit in (
        ("ramp", "爬坡受限机组提前升负荷的成本", "cost where a slow unit climbs before the load does", climb.cost_cny, 34_000.0, "CNY"),
        ("ramp_surplus", "同上：提前升负荷的多余电量", "the same: surplus of the early climb", climb.surplus_mwh, 60.0, "MWh"),
        ("budget", "有电量上限、爬坡受限且末段必开机组的电量", "energy of a unit with a budget that must run at the end",
         heat, 120.0, "MWh"),
    ):  # fmt: skip
        yield Comparison(
            f"dispatch.by_hand.{name}",
            Label(f"四步、手算：{zh}", f"four steps by hand: {en}"),
            unit=unit,
            source="by hand: ramp limit of 20 MW a step",
            grade="exact",
            **near(figure, known, share=1e-6),
        )


def _named(quick: bool) -> Iterator[Piece]:
    names = [n for n in NAMES if n in FOLDER_LIMITS and (not quick or n in QUICK_NAMES)]
    if not names:
        yield Paragraph(
            Label(
                "项目旁边没有存放调度算例的文件夹，因此不含这些算例。",
                "No folder of dispatch instances stands beside the project: its cases are left out.",
            )
        )
        return
    yield Paragraph(
        Label(
            f"项目旁边的文件夹存有 {len(NAMES)} 个带最优值的全年算例，本次对照其中 {len(names)} 个。",
            f"The folder beside the project holds {len(NAMES)} instances of a year with their optimum; {len(names)} "
            "of them are compared here.",
        )
    )
    for name in names:
        least = CAPTURED_SHARE if name in CAPTURE else None
        case = Case(
            name,
            NAMED_WORDS[name],
            read_instance(name),
            read_optimum(name),
            f"HiGHS, optimum that is stored with instance {name}",
            FOLDER_LIMITS[name],
            least,
        )
        results = solved(case)
        yield from rows(case, results)
        yield from _published(case, results[-1])
        if not quick:
            yield Comparison(
                f"dispatch.programme.{name}",
                Label(
                    f"{case.label.zh}：由方程重写的线性规划的最优值",
                    f"{case.label.en}: optimum of the linear programme that was written again",
                ),
                unit=UNIT,
                source=case.source,
                grade="method",
                **near(optimum(case.instance).objective_cny / CNY, case.best_cny / CNY, share=1e-8),
            )


def _published(case: Case, result: DispatchResult) -> Iterator[Comparison]:
    """CO2, energy by technology, curtailment and unserved energy of the accurate schedule beside the stored ones."""
    assert FOUND is not None
    stored: Mapping[str, Any] = json.loads((FOUND / case.case_id / "reference.json").read_text("utf-8"))
    variable = {g.group for g in case.instance.generators if g.variable}
    apart: dict[str, float] = {}
    for group, mwh in (
        *((u.group, u.energy_mwh) for u in result.units),
        *((group, -mwh) for group, mwh in stored["generation_mwh"].items()),
    ):
        # Wind and PV cost nothing: which of them is curtailed is not decided by cost.
        name = WIND_AND_PV if group in variable else group
        apart[name] = apart.get(name, 0.0) + mwh
    worst = max(apart, key=lambda g: abs(apart[g]))
    share = max(ENERGY_SHARE, case.limits[-1])
    yield Comparison(
        f"dispatch.co2.{case.case_id}",
        Label(f"{case.label.zh}：二氧化碳排放量", f"{case.label.en}: CO2"),
        unit="Mt",
        source=case.source,
        grade="method",
        **near(result.energy_tco2 / 1e6, stored["co2_total_t"] / 1e6, share=ENERGY_SHARE),
    )
    yield Comparison(
        f"dispatch.energy.{case.case_id}",
        Label(
            f"{case.label.zh}：差异最大的技术（{worst}）的发电量差，占全年用电量",
            f"{case.label.en}: difference of the technology that differs most ({worst}), of the load of the year",
        ),
        unit="share",
        source=case.source,
        grade="method",
        **at_most(abs(apart[worst]) / result.load_mwh, share),
    )
    curtailed = sum(u.curtailed_mwh for u in result.units)
    for name, zh, en, mwh, known in (
        ("curtailed", "弃风弃光电量", "curtailed wind and PV", curtailed, stored["curtailment_total_mwh"]),
        ("unserved", "未供电量", "unserved energy", result.unserved_mwh, stored["unserved_mwh"]),
    ):
        yield Comparison(
            f"dispatch.{name}.{case.case_id}",
            Label(f"{case.label.zh}：{zh}", f"{case.label.en}: {en}"),
            unit="GWh",
            source=case.source,
            grade="method",
            **near(mwh / 1e3, known / 1e3, share=share, absolute=LOAD_SHARE * result.load_mwh / 1e3),
        )


def _generated() -> Iterator[Piece]:
    """Generated years with commitment by day; those without it stand beside the peers."""
    for name in GENERATED:
        instance = generated(name, True)
        case = Case(
            f"generated_{name}",
            Label(
                f"生成的类似 {name} 年的系统，按日机组组合", f"generated year like {name}, commitment by day"
            ),
            instance,
            optimum(instance).objective_cny,
            HIGHS,
            COMMITTED,
        )
        yield from rows(case, solved(case))


assert set(NAMED_WORDS) == set(FOLDER_LIMITS)

SECTION = Section(
    "dispatch",
    Label("电力调度与线性规划", "Dispatch beside the linear programme"),
    Label(
        "逐时调度与 HiGHS 求得的最低成本之差，储能节约成本的取得比例，电力平衡与全部约束。",
        "The hourly dispatch beside the least cost found by HiGHS, the share of the saving by stores that it captures, "
        "its balance and all its constraints.",
    ),
    run,
    2.5,
)
