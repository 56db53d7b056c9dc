"""Turnover of the building stock: balances, closed answers, and the same rules with parcels moved one by one."""

from collections.abc import Iterator

import numpy as np

from gateway.report.workbook.words import BASELINES
from services.buildings.base import stock_base
from services.buildings.project import read_paths
from services.buildings.stock import turn_over_stock
from services.common.scenario import Frame, Scenario
from services.common.words import Label
from tests.services.buildings.stock_answers import (
    LIVES,
    MORE_YEARS,
    balance_gaps,
    embodied,
    over_limit,
    retrofit_gap,
    survival,
    years_left,
)
from tests.services.buildings.test_stock_kernels import (
    HAND_COMPLETED,
    HAND_DEMOLISHED,
    HAND_YEAR,
    MEAN_LIFE,
    YEARLY_M2,
    constant_completions,
    parcel_gaps,
    small_stock,
)
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, near
from validation.context import Context
from validation.regions import REGIONS, region_ids
from validation.sections.deviation import deviation

_PARCELS = "the same rules in plain Python, parcels of a place, type, vintage and state moved one by one"


def run(context: Context) -> Iterator[Piece]:
    """By hand, in the long run, by parcels; then the provinces' balances."""
    yield from _by_hand()
    yield from _long_run()
    yield from _lives()
    yield from _parcels(5 if context.quick else 100)
    yield Paragraph(
        Label(
            "以下对全省、各市、各类建筑、2020—2060 年每一年核对：上年存量加竣工减拆除等于本年存量，各竣工时期之和等于存量，"
            "存量不少于需求，改造任务要么完成、要么报告缺口。",
            "Checked below in every city, type and year from 2020 to 2060: stock of the year before plus completions less "
            "demolition is the stock, periods of completion add up to it, it is no less than what is asked for, and a retrofit "
            "asked for is done or told as missing.",
        )
    )
    for region in region_ids(context.quick):
        yield from _balances(region, ("planned",) if context.quick else tuple(BASELINES))


def _by_hand() -> Iterator[Comparison]:
    found = small_stock()
    rows = [
        ("demolished", Label("拆除", "demolished"), found.demolished[0, 0, 1], HAND_DEMOLISHED),
        ("completed", Label("竣工", "completed"), found.completed[0, 0, 1], HAND_COMPLETED),
        *(
            (f"state_{e}", Label(f"状态 {e} 的存量", f"stock in state {e}"), found.stock[0, 0, e, 1], area)
            for e, area in enumerate(HAND_YEAR)
        ),
    ]
    for name, what, figure, by_hand in rows:
        yield Comparison(
            f"stock.year_by_hand.{name}",
            Label(
                f"150 m² 小存量的一年（拆除 10 %、需求 160、改造 94）：{what.zh}",
                f"a year of a stock of 150 m2 (10 % falls, 160 asked for, 94 retrofitted): {what.en}",
            ),
            unit="m²", source="worked by hand", grade="exact", **near(float(figure), by_hand, absolute=1e-9),
        )  # fmt: skip


def _long_run() -> Iterator[Piece]:
    """The same completions every year build a stock of completions times mean life."""
    found = constant_completions()
    years = found.stock.sum(axis=2)[0, 0] / YEARLY_M2
    yield Comparison(
        "stock.long_run.stock",
        Label(
            "每年竣工不变 200 年后，存量与年竣工之比（平均寿命 50 年，从竣工年末起算）",
            "stock over yearly completions after 200 years of the same (mean life 50, from the end of the year)",
        ),
        unit="a", source="integral of the Weibull survival, and half a year", grade="exact",
        **near(float(years[-1]), MEAN_LIFE + 0.5, share=1e-3),
    )  # fmt: skip
    yield Comparison(
        "stock.long_run.demolished",
        Label("此时每年拆除等于竣工", "then a year's demolition is its completions"),
        unit="m²", source="steady state", grade="exact",
        **near(float(found.demolished[0, 0, -1]), YEARLY_M2, share=1e-6),
    )  # fmt: skip
    shown = list(range(0, years.size, 4))
    yield Chart(
        "stock-long-run",
        "lines",
        Label(
            "每年竣工不变时存量趋于竣工乘平均寿命", "The same completions every year: stock over completions"
        ),
        Label("年", "year"),
        Label("存量除以年竣工，年", "stock over yearly completions, years"),
        [
            Series(Label("本软件", "Dafeng"), [float(y) for y in shown], [float(years[y]) for y in shown]),
            Series(
                Label("平均寿命加半年", "mean life and half a year"),
                [float(shown[0]), float(shown[-1])],
                [MEAN_LIFE + 0.5, MEAN_LIFE + 0.5],
            ),
        ],
    )


def _lives() -> Iterator[Comparison]:
    base, paths = stock_base("jiangsu"), read_paths(Frame(region="jiangsu"), Scenario())
    place = base.region.city_ids.index("nanjing")
    names = {
        "scale_old": Label("2010 年前城镇建筑的威布尔尺度", "Weibull scale of urban buildings before 2010"),
        "scale_new": Label("2010 年后城镇建筑的威布尔尺度", "Weibull scale of urban buildings after 2010"),
        "new_at_0": Label("新建城镇建筑当年存活率", "new urban buildings that stand in their year"),
        "new_at_10": Label("新建城镇建筑 10 年存活率", "new urban buildings that stand after 10 years"),
        "new_at_30": Label("新建城镇建筑 30 年存活率", "new urban buildings that stand after 30 years"),
        "old_at_40": Label(
            "2000 年竣工、2020 年仍在的建筑到 2040 年的存活率",
            "buildings of 2000 standing in 2020 that stand in 2040",
        ),
    }
    for name, (figure, known, absolute) in survival(base, paths, place).items():
        yield Comparison(
            f"stock.survival.{name}", names[name], unit="a" if name.startswith("scale") else "",
            source="S(a) = exp(-(a / scale)^shape) by hand, four digits", grade="exact",
            **near(figure, known, absolute=absolute),
        )  # fmt: skip
    for mean, shape in LIVES:
        yield Comparison(
            f"stock.years_left.{mean:.0f}",
            Label(
                f"平均寿命 {mean:.0f} 年：可改造的最大楼龄上平均剩余年数",
                f"mean life {mean:.0f} years: mean years left at the oldest age open to retrofit",
            ),
            unit="a", source="quadrature of the survival (SciPy quad)", grade="method",
            **near(years_left(mean, shape), MORE_YEARS, share=1e-3),
        )  # fmt: skip
    figure, known, absolute = over_limit()
    yield Comparison(
        "stock.over_limit",
        Label("超过能耗限额的公共建筑份额（均值 95.8、限额 80）", "public floor over an energy limit (mean 95.8, limit 80)"),
        unit="", source="SciPy lognorm, same input", grade="method", **near(figure, known, absolute=absolute),
    )  # fmt: skip
    found = turn_over_stock(base, paths)
    figure, known, absolute = embodied(base, found, place, 15)
    yield Comparison(
        "stock.embodied",
        Label("南京 2035 年隐含 CO₂", "embodied CO2 of Nanjing in 2035"),
        unit="tCO2", source="areas built, retrofitted and demolished times their factors, added up by hand", grade="exact",
        **near(figure, known, absolute=absolute),
    )  # fmt: skip


def _parcels(count: int) -> Iterator[Comparison]:
    gaps = [parcel_gaps(seed) for seed in range(count)]
    names = {
        "vintages": Label("各竣工年与状态的面积", "area by vintage and state"),
        "states": Label("各状态的存量", "stock by state"),
        "shortfall": Label("未完成的改造", "retrofit that is missing"),
        "floor_years": Label("面积乘楼龄", "area times age"),
        "marked": Label("带标志的面积", "area with a mark"),
        "later": Label("某年以后竣工的面积", "area completed after a year"),
    }
    for name, what in names.items():
        off = [gap[name] for gap in gaps]
        for kind, of, value in (
            ("worst", Label("最差", "worst"), max(off)),
            ("median", Label("中位", "median"), float(np.median(off))),
        ):
            yield Comparison(
                f"stock.parcels.{name}.{kind}",
                Label(
                    f"{count} 个随机存量，{what.zh}：最大相对偏差，{of.zh}",
                    f"{count} random stocks, {what.en}: largest difference as a share, {of.en}",
                ),
                unit="", source=_PARCELS, grade="method", **deviation(value, 1e-9),
            )  # fmt: skip


def _balances(region: str, baselines: tuple[str, ...]) -> Iterator[Piece]:
    base, name = stock_base(region), REGIONS[region]
    names = {
        "turnover": (Label("存量变化减竣工加拆除", "change less completions plus demolition"), 1e-9),
        "periods": (Label("各竣工时期之和减存量", "sum of periods less stock"), 1e-9),
        "missing": (Label("需求超出存量", "what is asked for beyond the stock"), 1e-12),
        "retrofit": (Label("改造任务减完成与缺口", "retrofit asked for less done and missing"), 1e-9),
    }
    lines = []
    for baseline in baselines:
        paths = read_paths(Frame(region=region), Scenario.model_validate({"baseline": baseline}))
        found = turn_over_stock(base, paths)
        gaps = balance_gaps(found) | {"retrofit": retrofit_gap(found, paths)}
        scenario = BASELINES[baseline]
        for kind, (what, most) in names.items():
            yield Comparison(
                f"stock.balance.{region}.{baseline}.{kind}",
                Label(
                    f"{name.zh}，{scenario.zh}情景：{what.zh}，占面积的最大份额",
                    f"{name.en}, {scenario.en} scenario: {what.en}, largest share of the area",
                ),
                unit="", source="conservation of floor area", grade="exact", **deviation(gaps[kind], most),
            )  # fmt: skip
        yield Comparison(
            f"stock.balance.{region}.{baseline}.negative",
            Label(
                f"{name.zh}，{scenario.zh}情景：最负的面积",
                f"{name.en}, {scenario.en} scenario: the most negative area",
            ),
            unit="m²", source="no area is negative", grade="exact", **deviation(max(0.0, gaps["negative"]), 0.0),
        )  # fmt: skip
        built, fell = (
            getattr(found, f"{k}_m2").sum(axis=(0, 1))[1:] / 1e6 for k in ("completed", "demolished")
        )
        years = [float(y) for y in paths.years[1:]]
        if baseline == "planned":
            lines = [
                Series(Label("竣工", "completed"), years, built.tolist()),
                Series(Label("拆除", "demolished"), years, fell.tolist()),
            ]
    yield Chart(
        f"stock-flows-{region}",
        "lines",
        Label(
            f"{name.zh}规划情景的竣工与拆除",
            f"Completions and demolition of {name.en} in the planned scenario",
        ),
        Label("年份", "year"),
        Label("百万 m²", "million m²"),
        lines,
    )


SECTION = Section(
    "stock",
    Label("建筑存量周转", "Turnover of the building stock"),
    Label(
        "存量、竣工、拆除、改造的算术：守恒、能手算和有闭式解的情形、另写一遍的逐块算法。",
        "The arithmetic of stock, completions, demolition and retrofit: conservation, cases by hand or with a closed answer, "
        "and the rules written a second time with single parcels.",
    ),
    run,
    minutes=0.1,
)
