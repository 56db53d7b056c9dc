"""Heat pumps, coolers and hot water beside regressions, the second law, typical years and a hand calculation."""

from collections.abc import Iterator

import numpy as np

from services.buildings.base import stock_base
from services.buildings.end_use_records import Reader
from services.buildings.equipment import (
    KELVIN,
    air_capacity_share,
    cooling_eer,
    ground_source_cop,
    heat_pump_cop,
)
from services.buildings.hot_water import heat_kwh_per_daily_litre
from services.buildings.project import read_paths
from services.common.scenario import Frame, Scenario
from services.common.words import Label
from tests.services.buildings.test_equipment import (
    COP_WITHOUT_FROST,
    DRY,
    EER_OF_2022,
    OUTDOOR,
    PER,
    REGION,
    SEASONS,
    seasonal_values,
)
from validation.comparison import Chart, Comparison, Piece, Series, at_most, near
from validation.sections.building_words import CITIES, joined

_ID = "roofs_and_heat_pumps"
_TYPICAL = (
    "same regressions on the typical years of the stations (CSWD); degree-hours below 15 and above 26 °C"
)
_WHEN2HEAT = "Ruhnau, Hirth and Praktiknjo 2019 (When2Heat): regression of air source, correction 0.85"


def heat_pump_rows(cities: tuple[str, ...]) -> Iterator[Piece]:
    """Efficiency by hour, its bound, seasons of the cities, hot water."""
    yield from _cop()
    yield from _seasons(tuple(c for c in SEASONS if c in cities))
    yield from _hot_water()


def _cop() -> Iterator[Comparison]:
    for sink, expected in COP_WITHOUT_FROST.items():
        for outdoor, figure, reference in zip(
            OUTDOOR, heat_pump_cop(PER, OUTDOOR, sink, DRY), expected, strict=True
        ):
            yield Comparison(
                f"{_ID}.cop.{sink:.0f}.{outdoor:.0f}",
                Label(
                    f"空气源热泵 COP：室外 {outdoor:.0f} °C、热汇 {sink:.0f} °C（无霜）",
                    f"COP of air source at {outdoor:.0f} °C outside, sink {sink:.0f} °C (no frost)",
                ),
                unit="", source=_WHEN2HEAT, grade="B", **near(float(figure), reference, absolute=0.006),
            )  # fmt: skip
    eer = cooling_eer(PER, np.array([*EER_OF_2022]), 0.45)
    for (outdoor, reference), figure in zip(EER_OF_2022.items(), eer, strict=True):
        yield Comparison(
            f"{_ID}.eer.{outdoor:.0f}",
            Label(f"空调 EER：室外 {outdoor:.0f} °C", f"EER of air conditioners at {outdoor:.0f} °C"),
            unit="", source="stock of 2022 as a share of 0.45 of Carnot, estimate", grade="C",
            **near(float(figure), reference, absolute=0.06),
        )  # fmt: skip
    for outdoor, reference in ((7.0, 1.0), (-3.0, 0.82), (12.0, 1.09)):
        yield Comparison(
            f"{_ID}.capacity.{outdoor:.0f}",
            Label(f"热泵出力与 7 °C 额定之比：{outdoor:.0f} °C", f"capacity over that rated at 7 °C, at {outdoor:.0f} °C"),
            unit="", source="1.8 % of the rated capacity a kelvin", grade="exact",
            **near(float(air_capacity_share(PER, np.array([outdoor]))[0]), reference, absolute=1e-9),
        )  # fmt: skip
    yield from _carnot()


def _carnot() -> Iterator[Comparison]:
    outdoor, sinks = np.linspace(-30, 45, 76), np.linspace(20, 70, 51)
    air = ground = 0.0
    for sink in sinks:
        lift = np.maximum(sink - outdoor, PER["cop_least_difference_k"])
        most = PER["carnot_limit_share"] * (sink + KELVIN) / lift
        for humidity in (0.3, 0.8):
            cop = heat_pump_cop(PER, outdoor, float(sink), np.full_like(outdoor, humidity))
            air = max(air, float((cop / most).max()))
        by_ground = [ground_source_cop(PER, float(t), float(sink)) for t in outdoor]
        ground = max(ground, float((np.array(by_ground) / most).max()))
    for name, what, figure in (
        ("air", Label("空气源", "air source"), air),
        ("ground", Label("地源", "ground source"), ground),
    ):
        yield Comparison(
            f"{_ID}.carnot.{name}",
            Label(
                f"{what.zh}热泵 COP 与所允许卡诺份额之比的最大值（室外 −30～45 °C，热汇 20～70 °C）",
                f"largest COP of {what.en} over its allowed share of Carnot (−30 to 45 °C outside, sink 20 to 70 °C)",
            ),
            unit="", source="second law, with the share allowed", grade="exact", **at_most(figure, 1 + 1e-12),
        )  # fmt: skip


def _seasons(cities: tuple[str, ...]) -> Iterator[Piece]:
    names = (
        ("split", Label("分体热泵季节 COP", "seasonal COP of split units")),
        ("floor", Label("地暖热泵季节 COP", "seasonal COP with floor heating")),
        ("fan_coil", Label("风机盘管热泵季节 COP", "seasonal COP with fan coils")),
        ("ground", Label("地源热泵季节 COP", "seasonal COP of ground source")),
        ("hot_water", Label("热泵热水全年 COP", "COP of hot water over the year")),
        ("cooling", Label("供冷季节 EER", "seasonal EER of cooling")),
    )
    points: list[tuple[float, float]] = []
    for city in cities:
        for (name, what), figure, reference in zip(names, seasonal_values(city), SEASONS[city], strict=True):
            points.append((reference, figure))
            yield Comparison(
                f"{_ID}.season.{city}.{name}", joined(CITIES[city], what), unit="", source=_TYPICAL, grade="method",
                **near(figure, reference, share=0.04),
            )  # fmt: skip
    yield Chart(
        "heat-pumps-seasons",
        "match",
        Label("热泵与空调的季节能效", "Seasonal efficiency of heat pumps and coolers"),
        Label("典型年", "typical years"),
        Label("本软件（常年）", "Dafeng (normal year)"),
        [
            Series(
                Label("七市六种设备", "seven cities, six kinds"),
                [x for x, _ in points],
                [y for _, y in points],
            )
        ],
    )


def _hot_water() -> Iterator[Comparison]:
    base = stock_base("jiangsu")
    read = Reader(base, read_paths(Frame(region="jiangsu", last_year=2020), Scenario()))
    for name, degc, reference, what in (
        ("mild", 15.0, 14.642, Label("冷水 15 °C", "cold water of 15 °C")),
        (
            "cold",
            -5.0,
            14.642 * 40 / 30,
            Label("气温 −5 °C（冷水不低于 5 °C）", "air of −5 °C (mains never below 5 °C)"),
        ),
    ):
        found = heat_kwh_per_daily_litre(REGION, read, np.full((12, 1, 1), degc), 45.0)
        yield Comparison(
            f"{_ID}.hot_water.{name}",
            Label(f"每天 1 升 45 °C 热水的全年热量：{what.zh}", f"heat of a litre a day at 45 °C over the year: {what.en}"),
            unit="kWh", source="365 l x 30 K x 4.186 kJ/(l K) / 3600 x 1.15, by hand", grade="exact",
            **near(float(found[0, 0]), reference, absolute=0.01),
        )  # fmt: skip
