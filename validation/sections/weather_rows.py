"""Weather years of the cities beside the statistics of their stations; weather files read back."""

from collections.abc import Iterator

import numpy as np

from services.buildings.climate.doors import WeatherSource
from services.buildings.climate.epw import file_weather
from services.buildings.climate.place import place_weather
from services.buildings.climate.source import read_weather, report
from services.common.weather import city_normals
from services.common.words import Label
from tests.services.buildings.test_weather_source import (
    DEGREE_DAYS_18_3,
    MONTH,
    REGION,
    SINGLE,
    STATIONS,
    degree_days_of_normals,
)
from tests.services.buildings.weather_files import epw_file, tmy3_file
from validation.comparison import Chart, Comparison, Piece, Series, at_least, near
from validation.sections.building_words import CITIES, joined
from validation.sections.deviation import deviation

_ASHRAE = "ASHRAE Handbook 2009, design data of the station, 1982-2006"
_CSWD = "Chinese Standard Weather Data (CMA and Tsinghua 2005), typical year of the station"
_NORMALS = "monthly normals of the city's stations, 1982-2006; a Gaussian day around each month's normal"


def weather_rows(cities: tuple[str, ...]) -> Iterator[Piece]:
    """Degree days, radiation, months, extremes, files."""
    yield from _stations(tuple(c for c in SINGLE if c in cities))
    yield from _normals(cities)
    yield from _files()


def _stations(cities: tuple[str, ...]) -> Iterator[Piece]:
    points: list[tuple[float, float]] = []
    for city in cities:
        weather, station = place_weather(REGION, city, "normal", 0.0), STATIONS[SINGLE[city]]
        daily = weather.outdoor_degc.reshape(365, 24).mean(axis=1)
        heating, cooling = DEGREE_DAYS_18_3[city]
        for kind, what, figure, reference in (
            ("hdd18_3", Label("采暖度日（18.3 °C）", "heating degree days (18.3 °C)"),
             float(np.maximum(18.3 - daily, 0).sum()), heating),
            ("cdd18_3", Label("空调度日（18.3 °C）", "cooling degree days (18.3 °C)"),
             float(np.maximum(daily - 18.3, 0).sum()), cooling),
        ):  # fmt: skip
            points.append((reference, figure))
            yield Comparison(
                f"roofs_and_heat_pumps.weather.{city}.{kind}", joined(CITIES[city], what), unit="K·d", source=_ASHRAE,
                grade="B", **near(figure, reference, share=0.03),
            )  # fmt: skip
        yield Comparison(
            f"roofs_and_heat_pumps.weather.{city}.global_radiation_station",
            joined(CITIES[city], Label("全年水平总辐射", "global horizontal radiation of the year")),
            unit="kWh/m²", source=_CSWD, grade="B",
            **near(report(weather).global_horizontal_kwh_per_m2, station["global_radiation_kwh_per_m2"], share=0.01),
        )  # fmt: skip
        hot = float(np.quantile(place_weather(REGION, city, "hot", 0.0).outdoor_degc, 0.996))
        cold = float(np.quantile(place_weather(REGION, city, "cold", 0.0).outdoor_degc, 0.004))
        yield Comparison(
            f"roofs_and_heat_pumps.weather.{city}.hot_year",
            joined(CITIES[city], Label("炎热年 0.4 % 高温须超过供冷设计温度", "hot year: its 0.4 % highest beyond the design of cooling")),
            unit="°C", source=_ASHRAE, grade="B", **at_least(hot, station["cooling_design_degc"]),
        )  # fmt: skip
        design = station["heating_design_degc"]
        yield Comparison(
            f"roofs_and_heat_pumps.weather.{city}.cold_year",
            joined(
                CITIES[city],
                Label("寒冷年 0.4 % 低温不高于供暖设计温度加 0.5 K", "cold year: its 0.4 % lowest at most 0.5 K above the design of heating"),
            ),
            figure=cold, reference=design, high=design + 0.5, unit="°C", source=_ASHRAE, grade="B",
        )  # fmt: skip
    yield Chart(
        "weather-degree-days",
        "match",
        Label("单站城市的度日（18.3 °C）", "Degree days of cities of one station (18.3 °C)"),
        Label("1982—2006 年统计，K·d", "statistics of 1982 to 2006, K d"),
        Label("常年，K·d", "normal year, K d"),
        [Series(Label("采暖与空调", "heating and cooling"), [x for x, _ in points], [y for _, y in points])],
    )


def _normals(cities: tuple[str, ...]) -> Iterator[Comparison]:
    for city in cities:
        weather, normals = place_weather(REGION, city, "normal", 0.0), city_normals(REGION, city)
        told = report(weather)
        cooling = degree_days_of_normals(city, 26.0, -1.0)
        months = [
            abs(float(weather.outdoor_degc[m == MONTH].mean()) - float(normals["mean_temperature_degc"][m]))
            for m in range(12)
        ]
        yield Comparison(
            f"roofs_and_heat_pumps.weather.{city}.hdd18",
            joined(CITIES[city], Label("采暖度日 HDD18", "heating degree days HDD18")),
            unit="K·d", source=_NORMALS, grade="method",
            **near(told.hdd18_k_d, degree_days_of_normals(city), share=0.03),
        )  # fmt: skip
        yield Comparison(
            f"roofs_and_heat_pumps.weather.{city}.cdd26",
            joined(CITIES[city], Label("空调度日 CDD26", "cooling degree days CDD26")),
            figure=told.cdd26_k_d, reference=cooling, unit="K·d", source=_NORMALS, grade="method", low=0.9 * cooling,
            high=1.03 * cooling,
            remark=Label("截断的日异常略少于高斯尾部", "anomalies of days are cut off: a little less than a Gaussian's tail"),
        )  # fmt: skip
        yield Comparison(
            f"roofs_and_heat_pumps.weather.{city}.global_radiation",
            joined(CITIES[city], Label("全年水平总辐射", "global horizontal radiation of the year")),
            unit="kWh/m²", source="monthly normals of the city's stations", grade="B",
            **near(told.global_horizontal_kwh_per_m2, float(normals["global_radiation_kwh_per_m2"].sum()), share=0.01),
        )  # fmt: skip
        yield Comparison(
            f"roofs_and_heat_pumps.weather.{city}.months",
            joined(CITIES[city], Label("月平均温度的最大偏差", "largest difference of a month's mean temperature")),
            unit="K", source="monthly normals of the city's stations, 1982-2006", grade="B", **deviation(max(months), 0.25),
        )  # fmt: skip


def _files() -> Iterator[Comparison]:
    """What is read is what was written."""
    written = place_weather(REGION, "nanjing", "normal", 0.0)
    for kind, read in (
        ("epw", read_weather(WeatherSource(epw_file=epw_file(written)))),
        ("tmy3", file_weather(tmy3_file(written), "weather")),
    ):
        for name, what, unit in (
            ("outdoor_degc", Label("温度", "temperature"), "K"),
            ("global_w_per_m2", Label("总辐射", "global radiation"), "W/m²"),
        ):
            off = float(np.abs(getattr(read, name) - getattr(written, name)).max())
            yield Comparison(
                f"roofs_and_heat_pumps.weather_file.{kind}.{name}",
                Label(
                    f"{kind.upper()} 文件写出再读入：{what.zh}的最大偏差",
                    f"{kind.upper()} file written and read back: largest difference of {what.en}",
                ),
                unit=unit, source="the file holds two decimals", grade="exact", **deviation(off, 0.006),
            )  # fmt: skip
