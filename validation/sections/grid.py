"""CO2 of electricity: the official factor, consumption with imports at origin, the margin, and small books beside them."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.scenario import Scenario
from services.common.words import Label
from services.power.grid_factors import SENDERS, provincial_factors, published
from tests.services.power.marginal_again import LIMITS, STEP, stated_and_measured
from tests.services.power.test_grid_factors import linked
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, at_most, near
from validation.context import Context
from validation.regions import REGIONS, region_ids
from validation.sections.dispatch_rows import MODE_WORDS
from validation.sections.grid_books import air, building, costs
from validation.sections.power_years import made_up, projected

# Official over the model's figure lies so near 1: by the scope of power statistics, and by that of the accounts.
SCOPE_SHARE, ACCOUNTS_SHARE = 0.1, 0.2
OFFICIAL = (
    "Ministry of Ecology and Environment and National Bureau of Statistics: average CO2 factors of electricity {year} "
    "(regions/national/power/grid_factors.csv)"
)
FORMULA = (
    "arithmetic: the official formula over energies and CO2 of the technologies, sending grids as published"
)
QUICK_SPAN = (2021, 2023)
# Known orders of levelised cost in 2025, CNY/MWh; offshore wind lies between onshore wind and its upper end.
ORDERS = {
    "coal_usc_1000": (350, 500, "百万千瓦超超临界煤电", "coal, 1,000 MW ultra-supercritical"),
    "nuclear": (220, 420, "核电", "nuclear"),
    "utility_pv": (220, 380, "集中式光伏", "utility PV"),
    "onshore_wind": (220, 380, "陆上风电", "onshore wind"),
}
OFFSHORE_HIGH = 700
TARIFF_CNY_PER_MWH = 391.0


def run(context: Context) -> Iterator[Piece]:
    """Published factors, the method, the identities of consumption, the margin, books."""
    for region in region_ids(context.quick):
        outcome = _quick_outcome() if context.quick else context.projection(region, "planned").power
        yield from _published(region, outcome)
        yield from _identities(region, outcome)
        if region == "jiangsu" and not context.quick:
            yield from _levelised(outcome)
    yield from _method()
    yield from _margin(context.quick)
    yield from air()
    yield from costs()
    yield from building()


def _quick_outcome() -> Any:
    given = made_up(*QUICK_SPAN)
    return given.model.project(given.frame, Scenario(), *given.parts)


def _row(name: str, zh: str, en: str, unit: str, source: str, grade: str, **fields: float) -> Comparison:
    return Comparison(f"grid.{name}", Label(zh, en), unit=unit, source=source, grade=grade, **fields)


def _published(region: str, outcome: Any) -> Iterator[Piece]:
    """The factor by the official method in both scopes beside the published one."""
    name = REGIONS[region]
    checks = list(outcome.grid_factor_checks)
    for c in checks:
        for kind, zh, en, figure, share in (
            (
                "scope",
                "电力统计口径",
                "scope of power statistics",
                c.official_scope_tco2_per_mwh,
                SCOPE_SHARE,
            ),
            ("accounts", "核算口径", "scope of the accounts", c.model_tco2_per_mwh, ACCOUNTS_SHARE),
        ):
            yield _row(
                f"factor.{region}.{c.year}.{kind}",
                f"{name.zh} {c.year} 年电力平均二氧化碳排放因子（{zh}）",
                f"{name.en} {c.year}: average CO2 factor of electricity ({en})",
                "tCO2/MWh",
                OFFICIAL.format(year=c.year),
                "B",
                figure=figure,
                reference=c.official_tco2_per_mwh,
                low=c.official_tco2_per_mwh / (1 + share),
                high=c.official_tco2_per_mwh / (1 - share),
            )
    years = list(outcome.years)
    until = [i for i, year in enumerate(years) if year <= 2030]
    yield Chart(
        f"grid-factor-{region}",
        "lines",
        Label(f"{name.zh}：电力平均二氧化碳排放因子", f"{name.en}: average CO2 factor of electricity"),
        Label("年份", "year"),
        Label("tCO2/MWh", "tCO2/MWh"),
        [
            *(
                Series(label, [float(years[i]) for i in until], [float(_values(outcome, metric)[i]) for i in until])
                for metric, label in (
                    ("grid_factor_official_scope_tco2_per_mwh", Label("模型，电力统计口径", "model, scope of power statistics")),
                    ("grid_factor_tco2_per_mwh", Label("模型，核算口径", "model, scope of the accounts")),
                )
            ),
            Series(
                Label("官方公布", "published"),
                [float(c.year) for c in checks],
                [c.official_tco2_per_mwh for c in checks],
            ),
        ],
    )  # fmt: skip


def _values(outcome: Any, metric: str) -> np.ndarray:
    return np.asarray(
        next(i.region_values for i in outcome.indicators if i.metric_id == f"power.{metric}"),
        dtype=np.float64,
    )


def _sum(items: Sequence[Any], field: str, count: int) -> np.ndarray:
    return np.asarray(sum((np.asarray(getattr(t, field)) for t in items), np.zeros(count)))


def _identities(region: str, outcome: Any) -> Iterator[Piece]:
    """The official formula over the technologies; all CO2 over what is delivered; consumption beside supply."""
    name, count = REGIONS[region], len(outcome.years)
    local = [t for t in outcome.technologies if not t.imported and t.group != "other"]
    lines = [t for t in outcome.technologies if t.imported]
    energy = _sum([*local, *lines], "energy_mwh", count)
    table = published(load_region(region))
    senders = {r["technology"]: r["place"] for r in load_region(region).table(SENDERS).rows()}
    for i, year in enumerate(outcome.years):
        at = [table.get(senders.get(t.technology, ""), {}).get(year) for t in lines if t.energy_mwh[i] > 0]
        if not at or any(f is None for f in at):
            continue
        running = [t for t in lines if t.energy_mwh[i] > 0]
        taken = sum(t.energy_mwh[i] * f for t, f in zip(running, at, strict=True) if f is not None)
        yield _row(
            f"formula.{region}.{year}",
            f"{name.zh} {year} 年：按官方公式由各电源重算的排放因子",
            f"{name.en} {year}: factor recomputed from the technologies by the official formula",
            "tCO2/MWh",
            FORMULA,
            "exact",
            **near(
                float(_values(outcome, "grid_factor_tco2_per_mwh")[i]),
                float(_sum(local, "energy_tco2", count)[i] + taken) / float(energy[i]),
                share=1e-9,
            ),
        )
    tco2 = _sum(outcome.technologies, "energy_tco2", count)
    delivered = sum(np.asarray(getattr(outcome, f)) for f in ("demand_mwh", "loss_mwh"))
    delivered = delivered - np.asarray(outcome.unserved_mwh)
    supplied = np.asarray(outcome.supply_tco2_per_mwh) * delivered
    gross = _values(outcome, "generation_mwh") + _values(outcome, "net_import_mwh")
    for kind, zh, en, apart in (
        ("supply", "供电因子 × 送达电量与全部排放之差", "supply factor x energy delivered beside all CO2",
         supplied / tco2 - 1),
        ("consumption", "消费因子 × 总电量与供电因子 × 送达电量之差",
         "consumption factor x generation and imports beside supply factor x energy delivered",
         _values(outcome, "consumption_tco2_per_mwh") * gross / supplied - 1),
    ):  # fmt: skip
        yield _row(
            f"identity.{region}.{kind}",
            f"{name.zh}：{zh}（各年最大）",
            f"{name.en}: {en} (largest of all years)",
            "share",
            "arithmetic: imports count at their origin on both sides",
            "exact",
            **at_most(float(np.abs(apart).max()), 1e-9),
        )


def _levelised(outcome: Any) -> Iterator[Piece]:
    """Levelised costs of 2025 beside known orders, and imports beside the coal benchmark tariff."""
    at = list(outcome.years).index(2025)
    cost = {t.technology: float(t.levelised_cost_cny_per_mwh[at]) for t in outcome.technologies}
    offshore = (cost["onshore_wind"], OFFSHORE_HIGH, "海上风电", "offshore wind")
    for technology, (low, high, zh, en) in {**ORDERS, "offshore_wind": offshore}.items():
        yield _row(
            f"levelised.{technology}",
            f"江苏 2025 年{zh}的平准化成本（参照为已知范围的中点）",
            f"Jiangsu 2025: levelised cost of {en} (reference: middle of the known range)",
            "CNY/MWh",
            f"known order of cost, {low:.0f} to {high:.0f} CNY/MWh",
            "C",
            figure=cost[technology],
            reference=(low + high) / 2,
            low=float(low),
            high=float(high),
        )
    yield _row(
        "levelised.import_yanhuai",
        "江苏 2025 年雁淮直流来电（购电与线路）与燃煤基准价",
        "Jiangsu 2025: imports by the Yanmenguan-Huai'an line (purchase and line) beside the coal benchmark tariff",
        "CNY/MWh",
        "coal benchmark tariff of Jiangsu, 391 CNY/MWh",
        "B",
        **near(cost["import_yanhuai"], TARIFF_CNY_PER_MWH, share=0.1),
    )


def _method() -> Iterator[Piece]:
    """Provincial factors by the official method, and stores at the margin, worked by hand."""
    none, sent = np.zeros(2), np.array([[0.0, 20.0], [0.0, 0.0]])
    one_way = provincial_factors(np.array([60.0, 10.0]), np.array([100.0, 80.0]), sent, none, none)
    both = provincial_factors(
        np.array([60.0, 10.0]),
        np.array([100.0, 80.0]),
        np.array([[0.0, 20.0], [10.0, 0.0]]),
        np.array([0.0, 5.0]),
        np.array([0.0, 50.0]),
    )
    b = (15 + 20 * 60 / 110) / (150 - 20 * 10 / 110)
    refilled = linked([200, 500], [0.8, 0.4], [10, -6.4], [2, 10, 3.6], [20, 20, 20, 0.8, 1, 0])
    full = linked([200, 500], [0.8, 0.4], [10, -6.4], [12, 20, 13.6], [20, 20, 20, 0.8, 1, 0])
    for name, zh, en, figure, known in (
        ("sender", "两省：送出省的因子", "two provinces: factor of the one that sends", one_way[0], 0.6),
        ("receiver", "两省：受入省的因子", "two provinces: factor of the one that takes", one_way[1], 0.22),
        ("mutual_a", "互送并受区外电的两省：甲", "two provinces that feed each other: the first",
         both[0], (60 + 10 * b) / 110),
        ("mutual_b", "互送并受区外电的两省：乙", "two provinces that feed each other: the second", both[1], b),
        ("store", "放电的储能把边际传给充电时段", "a discharging store passes the margin to the hour that refills it",
         refilled[1], 1.0),
        ("full_store", "已满的储能不传递边际", "a full store passes nothing on", full[1], 0.4),
    ):  # fmt: skip
        yield _row(
            f"by_hand.{name}", f"手算：{zh}", f"by hand: {en}", "tCO2/MWh", "by hand", "exact",
            **near(float(figure), known, share=1e-6),
        )  # fmt: skip


def _margin(quick: bool) -> Iterator[Piece]:
    """The marginal factor as stated beside dispatching again, with the made-up load and in the baseline."""
    yield Paragraph(
        Label(
            f"边际排放因子与负荷增减 {100 * STEP:g} % 后重新调度的结果比较；有机组组合时，增减负荷还会开停机组，"
            "而公布的边际因子以既定组合为准，故限值较宽。",
            f"The marginal factor beside dispatching again with {100 * STEP:g} % more and less load. With commitment the "
            "step also switches units on and off, which the margin with the commitment as it is does not see: its limits "
            "are wider.",
        )
    )
    series = []
    cases = [("made_up", Label("测试用负荷", "made-up load of the tests"))]
    if not quick:
        cases.append(("planned", Label("规划情景", "baseline planned")))
    for case, words in cases:
        x, y = [], []
        for year, mode, share in LIMITS:
            given = made_up(year, year) if case == "made_up" else projected()
            stated, measured = stated_and_measured(given.model, given.parts, given.frame, year, mode)
            x.append(measured)
            y.append(stated)
            yield _margin_row(case, words, year, mode, share, stated, measured)
        series.append(Series(words, x, y))
    yield Chart(
        "grid-marginal",
        "match",
        Label("边际排放因子：公布值与重新调度", "Marginal factor: as stated and by dispatching again"),
        Label("重新调度，tCO2/MWh", "dispatched again, tCO2/MWh"),
        Label("公布值，tCO2/MWh", "stated, tCO2/MWh"),
        series,
    )


def _margin_row(
    case: str, words: Label, year: int, mode: DispatchMode, share: float, stated: float, measured: float
) -> Comparison:
    return _row(
        f"marginal.{case}.{year}.{mode.value}",
        f"江苏 {year} 年（{words.zh}，{MODE_WORDS[mode].zh}）：边际排放因子",
        f"Jiangsu {year}, {words.en}, {MODE_WORDS[mode].en}: marginal factor",
        "tCO2/MWh",
        f"the same dispatch with {100 * STEP:g} % more and {100 * STEP:g} % less load",
        "method",
        **near(stated, measured, share=share),
    )


SECTION = Section(
    "grid",
    Label("电力排放因子与台账", "CO2 factors of electricity and small books"),
    Label(
        "公布的电力排放因子、官方方法、边际因子，以及污染物、投资与建设速度的独立核对。",
        "Published factors of electricity, the official method, the marginal factor; air pollutants, investment and rates "
        "of building by other means.",
    ),
    run,
    0.4,
)
