"""Charging: published shapes, energy that is kept whatever is controlled."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from services.common.words import Label
from tests.services.transport.judge import test_charging as judge
from validation.comparison import Chart, Comparison, Piece, Series, near
from validation.from_tests import deviation, examples, spread

ZHAN = "Zhan, Liao, Deng, Wang, Yeh, npj Sustainable Mobility and Transport, 2025: monitored Chinese vehicles, weekday and weekend"
NANJING = "Monthly energy of electric cars in Nanjing over the yearly mean, and 6.5 kWh a day and vehicle; Chinese monitoring data"
NEAR = 1e-9
LIMITS = {"groups": 1e-12}
WHAT = {
    "hours": Label("8760 小时之和与年电量", "8,760 hours, summed, and the year"),
    "months": Label("各月之和与年电量", "months, summed, and the year"),
    "groups": Label("各车队之和与合计", "groups, summed, and the whole"),
    "hours of a place": Label("各场所逐小时之和与其电量", "hours of every place and its energy"),
    "places": Label("各场所之和与总负荷", "places, summed, and the load"),
    "controlled": Label("受控负荷之和与电量、充放损失", "controlled load and energy with losses"),
    "fed back": Label("回馈电量与所充电量的 85%", "energy fed back and 85 % of what was charged for it"),
}


def rows(quick: bool) -> Iterator[Piece]:
    """Shapes beside what was published; sums of random groups."""
    yield from _published()
    drawn = examples(
        st.tuples(judge.fleets(), st.sampled_from(["normal", "hot", "cold"]), st.booleans()),
        4 if quick else 60,
    )
    found: dict[str, list[float]] = defaultdict(list)
    for some, year, system in drawn:
        for what, ours, expected, atol in judge.sums_beside_energy(some, year, judge.DAILY if system else []):
            found[what].append(deviation(ours, expected, LIMITS.get(what, NEAR), atol))
    for what, values in found.items():
        for which, fields in spread(values, LIMITS.get(what, NEAR)).items():
            zh = "最大" if which == "worst" else "中位"
            yield Comparison(
                f"fleets.charging.sums.{what.replace(' ', '_')}.{which}",
                Label(
                    f"{len(drawn)} 组随机充电车队，{WHAT[what].zh}：{zh}相对偏差",
                    f"{len(drawn)} random groups that charge, {WHAT[what].en}: {which} relative deviation",
                ),
                unit="share",
                source="Arithmetic: energy in the hours is energy of the vehicles",
                grade="exact",
                **fields,
            )


def _published() -> Iterator[Piece]:
    day = np.array(judge.charged(judge.cars(energy_mwh=36_500))["mean_day_mw"][:48])
    weekday, weekend = day[:24], day[24:]
    home = judge.charged(judge.AT_HOME)
    at_home = np.array(home["mean_day_mw"][:24])
    yield _row("evening", "每日 100 MWh 的工作日最高小时", "100 MWh a day: highest hour of a weekday", "MW", ZHAN,
               near(weekday.max(), 6.9, absolute=0.3))  # fmt: skip
    yield _row(
        "evening_hour",
        "工作日最高小时的时刻",
        "Hour of the weekday's maximum",
        "h",
        ZHAN,
        near(weekday.argmax(), 21),
    )
    yield _row(
        "morning",
        "工作日最低小时",
        "Lowest hour of a weekday",
        "MW",
        ZHAN,
        near(weekday.min(), 1.8, absolute=0.2),
    )
    yield _row(
        "morning_hour",
        "工作日最低小时的时刻",
        "Hour of the weekday's minimum",
        "h",
        ZHAN,
        near(weekday.argmin(), 6),
    )
    yield _row("weekend", "周末最高小时占全天电量", "Highest hour of a weekend day over the day's energy", "share", ZHAN,
               near(weekend.max() / weekend.sum(), 0.070, absolute=0.003))  # fmt: skip
    yield _row(
        "weekend_hour",
        "周末最高小时的时刻",
        "Hour of the weekend day's maximum",
        "h",
        ZHAN,
        near(weekend.argmax(), 23),
    )
    yield _row("home_kw", "私人桩充电的最高小时，每车", "Charging at home, highest hour of a weekday, each car", "kW",
               "6.5 kWh a day behind 7 kW: 0.79 kW by arrivals alone; the shape fitted to the observed total is steeper",
               near(at_home.max() / 1e5 * 1e3, 0.85, absolute=0.07))  # fmt: skip
    yield _row("home_share", "私人桩最高小时占桩容量", "Charging at home, highest hour over the capacity of the chargers", "share",
               "6.5 kWh a day behind 7 kW", near(at_home.max() / 700, 0.12, absolute=0.012))  # fmt: skip
    months = judge.months_of_nanjing()
    for month, (ours, counted) in enumerate(zip(months, judge.NANJING, strict=True), 1):
        yield _row(f"nanjing.{month:02d}", f"南京 {month} 月日均充电量与全年均值之比",
                   f"Nanjing, energy of a day in month {month} over the yearly mean", "ratio", NANJING,
                   near(ours, counted, absolute=0.09))  # fmt: skip
    frost = judge.frost_over_mild()
    yield _row("frost", "−6.7 °C 与 21 °C 充电量之比", "Energy at -6.7 over that at 21 degrees Celsius", "ratio",
               "Arithmetic: 1 + 0.015 (18 + 6.7)", near(frost, 1 + 0.015 * 24.7, share=NEAR), "exact")  # fmt: skip
    yield _row("frost_laboratory", "−6.7 °C 与 21 °C 充电量之比，与实验室上限（续航 −41%）", "Energy at -6.7 over that at 21 degrees Celsius beside the laboratory's most (range -41 %)",
               "ratio", "AAA 2019, laboratory test with cabin conditioning",
               {"figure": frost, "reference": 1 / (1 - 0.41), "low": 1.2, "high": 1 / (1 - 0.41)}, "A")  # fmt: skip
    hours = [float(h) for h in range(24)]
    yield Chart(
        "fleets-charging-day",
        "lines",
        Label("每日 100 MWh 乘用车充电的平均日", "Mean day of cars that charge 100 MWh a day"),
        Label("时刻，h", "hour"),
        Label("负荷，MW", "load, MW"),
        (
            Series(Label("工作日", "weekday"), hours, weekday.tolist()),
            Series(Label("周末", "weekend day"), hours, weekend.tolist()),
        ),
    )
    yield Chart(
        "fleets-charging-months",
        "lines",
        Label("南京各月日均充电量与全年均值之比", "Nanjing: energy of a day by month over the yearly mean"),
        Label("月", "month"),
        Label("比值", "ratio"),
        (
            Series(Label("本软件", "Dafeng"), [float(m) for m in range(1, 13)], months.tolist()),
            Series(Label("观测", "observed"), [float(m) for m in range(1, 13)], list(judge.NANJING)),
        ),
    )


def _row(
    case: str, zh: str, en: str, unit: str, source: str, fields: dict[str, float], grade: str = "B"
) -> Comparison:
    numbers = {name: float(value) for name, value in fields.items()}
    return Comparison(
        f"fleets.charging.{case}", Label(zh, en), unit=unit, source=source, grade=grade, **numbers
    )
