"""Cohorts of vehicles beside the plain model of the tests, and fleets whose answer is known."""

from collections import defaultdict
from collections.abc import Iterator
from math import exp
from typing import Any

import numpy as np

from services.common.words import Label
from tests.services.transport.judge import plain_any_fleet
from tests.services.transport.judge.calls import ask
from tests.services.transport.judge.compared_fleet import (
    NEAR,
    compared,
    e_bikes_beside_plain,
    stocks_beside_plain,
    use_beside_plain,
)
from tests.services.transport.judge.test_project_fleet import beside_plain, fleet, fleets, series, train
from validation.comparison import Chart, Comparison, Piece, Series, at_most, near
from validation.from_tests import deviation, digits, examples, spread

PLAIN = "Plain Python fleet of the tests, written from the equations alone, same data (tests/services/transport/judge)"
CITIES = {"nantong": Label("南通", "Nantong"), "suzhou": Label("苏州", "Suzhou")}
BASELINES = {
    "planned": Label("规划", "planned"),
    "accelerated": Label("加速", "accelerated"),
    "reference": Label("参考情景加 15 项突变设定", "reference with 15 abrupt settings"),
    "frozen": Label("冻结情景加 15 项突变设定", "frozen with 15 abrupt settings"),
}
WHAT = {
    "wanted": Label("需求车辆数", "vehicles wanted"),
    "stock": Label("保有量", "stock"),
    "sales": Label("销量", "sales"),
    "scrapped": Label("报废量", "scrappage"),
    "km": Label("行驶里程", "distance driven"),
    "fuel_gj": Label("燃料", "fuel"),
    "electric_mwh": Label("电量", "electricity"),
    "retired": Label("提前淘汰", "early retirement"),
    "fuel": Label("燃料", "fuel"),
    "electric": Label("电量", "electricity"),
    "ages": Label("按车龄的保有量", "stock by age"),
}
SHOWN_YEAR = 2035


def region_rows(quick: bool) -> Iterator[Piece]:
    """The region's fleet: the largest deviation over classes, powertrains and years, by city and quantity."""
    ours: list[float] = []
    plain: list[float] = []
    for baseline in ("planned",) if quick else BASELINES:
        our = compared(baseline)
        for city in ("nantong",) if quick else CITIES:
            found: dict[str, list[float]] = defaultdict(list)
            for _, what, a, b, atol in stocks_beside_plain(our, city):
                found[what].append(deviation(a, b, NEAR, atol))
                if what == "stock" and baseline == "planned":
                    at = SHOWN_YEAR - 2020
                    both = [(x, y) for x, y in zip(a[:, at], b[:, at], strict=True) if y >= 1]
                    ours += [float(x) for x, _ in both]
                    plain += [float(y) for _, y in both]
            if city == "nantong":
                for _, _, what, a, b, atol in use_beside_plain(our, city):
                    found[what].append(deviation(a, b, NEAR, atol))
            yield from _rows(baseline, city, found, "")
        if baseline in ("planned", "reference"):
            bikes = {w: [deviation(a, b, NEAR, t)] for w, a, b, t in e_bikes_beside_plain(our, "nantong")}
            yield from _rows(baseline, "nantong", bikes, "e_bike.")
    yield Chart(
        "fleets-stock",
        "match",
        Label(
            f"{SHOWN_YEAR} 年各车型与动力的保有量：本软件与独立模型（规划）",
            f"Stock of {SHOWN_YEAR} by class and powertrain: ours and the plain model's (planned)",
        ),
        Label("独立模型，辆", "plain model, vehicles"),
        Label("本软件，辆", "Dafeng, vehicles"),
        (Series(Label("车型与动力", "class and powertrain"), plain, ours),),
    )


def _rows(baseline: str, city: str, found: dict[str, list[float]], kind: str) -> Iterator[Comparison]:
    bikes = (
        Label("电动自行车", "electric bicycles")
        if kind
        else Label("全部车型与动力", "all classes and powertrains")
    )
    place, name = CITIES[city], BASELINES[baseline]
    for what, values in found.items():
        yield Comparison(
            f"fleets.region.{baseline}.{city}.{kind}{what}",
            Label(
                f"{place.zh}（{name.zh}）{bikes.zh}的{WHAT[what].zh}：41 年最大相对偏差",
                f"{place.en} ({name.en}), {bikes.en}, {WHAT[what].en}: largest relative deviation of 41 years",
            ),
            unit="share",
            source=PLAIN,
            grade="method",
            **at_most(max(values), NEAR),
        )


def random_rows(quick: bool) -> Iterator[Piece]:
    """Random fleets of one's own: worst and median deviation of each quantity."""
    bodies = examples(fleets(), 12 if quick else 300)
    found: dict[str, list[float]] = defaultdict(list)
    worst: list[float] = []
    for body in bodies:
        own: dict[str, float] = defaultdict(float)
        for _, what, ours, theirs, atol in beside_plain(body):
            own[what] = max(own[what], deviation(ours, theirs, NEAR, atol))
        for what, value in own.items():
            found[what].append(value)
        worst.append(max(own.values()))
    for what, values in found.items():
        for which, fields in spread(values, NEAR).items():
            zh = "最大" if which == "worst" else "中位"
            yield Comparison(
                f"fleets.random.{what}.{which}",
                Label(
                    f"{len(bodies)} 个随机自有车队的{WHAT[what].zh}：{zh}相对偏差",
                    f"{WHAT[what].en.capitalize()} of {len(bodies)} random fleets: {which} relative deviation",
                ),
                unit="share",
                source=PLAIN,
                grade="method",
                **fields,
            )
    share, agree = digits(worst)
    yield Chart(
        "fleets-random",
        "lines",
        Label(f"{len(bodies)} 个随机车队与独立模型一致的位数", f"Digits that {len(bodies)} random fleets agree to with the plain model"),
        Label("车队所占比例（从最差起），%", "share of the fleets, the worst first, %"),
        Label("一致的十进制位数（限值为 9）", "decimal digits that agree (limit 9)"),
        (Series(Label("全部序列中最差者", "worst of all series"), share, agree),),
    )  # fmt: skip


def closed_rows() -> Iterator[Comparison]:
    """Fleets whose answer follows by hand or in closed form."""
    yield from _by_hand()
    for life, shape in ((10.0, 4.0), (15.906, 4.79), (8.0, 4.8)):
        yield from _stationary(life, shape)
    programme: dict[str, Any] = {
        "powertrains": [], "from_year": 2021, "to_year": 2025, "rate_per_year": 0.25,
        "last_model_year": 2020, "from_age_years": 0, "to_standard": "",
    }  # fmt: skip
    lasting: dict[str, Any] = {"life_years": 60.0, "life_shape": 20.0, "stock_count": [0.0] * 5}
    own = series(ask("ProjectFleet", fleet(train("diesel"), retirements=[programme], **lasting)), "diesel")
    yield _exact(
        "retirement",
        Label(
            "每年淘汰四分之一，五年后所剩（100 辆起）", "A quarter retired in each of five years: left of 100"
        ),
        own["stock_count"][5],
        100 * 0.75**5,
        "100 x 0.75^5",
    )


def _by_hand() -> Iterator[Comparison]:
    """100 cars of survival 1, 0.5, 0: 2021 buys 50, 2022 55 and 2023 52.5; 8 L of 32.12679 MJ per 100 km."""
    none: dict[str, Any] = {"life_years": None, "life_shape": None, "oldest_age_years": None}
    body = fleet(
        train("gasoline"), years=3, survival_share=[1.0, 0.5, 0.0], stock_count=[100.0, 80.0, 80.0], **none
    )
    own = series(ask("ProjectFleet", body))
    for what, expected in (
        ("sales_count", (50.0, 55.0, 52.5)),
        ("scrapped_count", (50.0, 75.0, 52.5)),
        ("fuel_gj", (2570.1432, 2056.11456, 2056.11456)),
    ):
        for year, value in zip((2021, 2022, 2023), expected, strict=True):
            zh, en = {"sales_count": ("销量", "sales"), "scrapped_count": ("报废", "scrapped")}.get(
                what, ("燃料 GJ", "fuel, GJ")
            )
            yield _exact(
                f"by_hand.{what}.{year}",
                Label(f"手算车队 {year} 年{zh}", f"Fleet worked by hand, {en} of {year}"),
                own[what][year - 2020],
                value,
                "100 cars, survival 1, 0.5, 0, stock wanted 100, 80, 80, worked by hand",
            )


def _stationary(life: float, shape: float) -> Iterator[Comparison]:
    """Constant sales: stock = sales x sum of the survival; sales that grow: the sum is discounted."""
    alive = [exp(-((age / life) ** shape)) for age in range(plain_any_fleet.OLDEST + 1)]
    for growth in (0.0, 0.03):
        sold = [1000.0 * (1 + growth) ** t for t in range(1, 61)]
        body = fleet(
            train("gasoline", opening_by_age=[1.0]),
            years=60,
            life_years=life,
            life_shape=shape,
            stock_count=None,
            sales_count=sold,
        )
        own = series(ask("ProjectFleet", body))
        ratio = sum(s / (1 + growth) ** age for age, s in enumerate(alive))
        grown = "不变" if growth == 0 else f"每年增长 {100 * growth:g}%"
        grows = "constant sales" if growth == 0 else f"sales that grow by {100 * growth:g} % a year"
        yield _exact(
            f"stationary.life_{life:g}.shape_{shape:g}.growth_{100 * growth:g}",
            Label(
                f"威布尔寿命 {life:g} 年、形状 {shape:g}，销量{grown}：60 年后保有量与销量之比",
                f"Weibull life {life:g} years, shape {shape:g}, {grows}: stock over sales after 60 years",
            ),
            own["stock_count"][-1] / sold[-1],
            ratio,
            "closed form: sum over ages 0 to 39 of exp(-(a/T)^k) / (1 + g)^a",
            unit="yr",
        )


def _exact(
    case: str, label: Label, figure: float, reference: float, source: str, unit: str = ""
) -> Comparison:
    return Comparison(
        f"fleets.closed.{case}",
        label,
        unit=unit,
        source=f"Arithmetic: {source}",
        grade="exact",
        **near(float(np.float64(figure)), reference, share=NEAR),
    )
