"""`dafeng hours`: the hours of one year: duration curves, hours above firm capacity, days by cause and by source."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_json, write_rows
from dafeng.cli.options import Address, BaselineName, JsonFile, RegionId, SettingTexts, WeatherYear
from dafeng.cli.output import out, status, table
from dafeng.cli.parsing import parse_settings
from dafeng.client import InvalidInputError, Violation
from dafeng.common.v1 import common_pb2
from dafeng.report.v1 import report_pb2

GW: Final = 1e3
DAY_HOURS: Final = 24
# Ranks of the table, the highest hour is 0; of the others the nearest one told.
_RANKS: Final = (0, 9, 49, 99, 199, 499, 999, 2189, 4379, 6569, 8759)
_SHOWN_HOURS: Final = range(0, DAY_HOURS, 3)
# Any year without a 29 February has the calendar of the hours.
_CALENDAR: Final = 2021


def hours(
    region: RegionId,
    year: Annotated[int, typer.Option("--year", help="Calendar year.")] = 2030,
    days: Annotated[
        list[str] | None,
        typer.Option("--day", help="Day, 2030-08-06 or 08-06; repeat. Default: both peaks' days."),
    ] = None,
    scenario: BaselineName = "planned",
    settings: SettingTexts = None,
    weather: WeatherYear = "normal",
    json_file: JsonFile = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the days' hours by cause and source to this file.")
    ] = None,
    address: Address = "",
) -> None:
    """Show the hours of a year: load and net-load duration, hours above firm capacity, days by cause and by source."""
    with translated_errors():
        chosen = parse_settings(settings or ())
        numbers = day_numbers(days or (), year)
    frame = common_pb2.Frame(region=region, weather_year=weather)
    asked = common_pb2.Scenario(name=scenario, baseline=scenario, settings=chosen)
    with connected(address) as client:
        with status("逐时 hours"):
            report = client.reports.hours(frame, asked, year, numbers, with_map=json_file is not None)
        _curves(report)
        for day in report.days:
            _day(year, day)
        if json_file is not None:
            write_json(json_file, report)
        if csv_file is not None:
            write_rows(csv_file, _rows(year, report.days))


def day_numbers(texts: Iterable[str], year: int) -> list[int]:
    """Numbers of days, 0 to 364, ascending. InvalidInputError lists every text that is no day of the year."""
    found, wrong = set(), []
    for text in texts:
        start, dash, rest = text.partition("-")
        short = rest if dash and start == str(year) and rest.count("-") == 1 else text
        try:
            found.add((date.fromisoformat(f"{_CALENDAR}-{short}") - date(_CALENDAR, 1, 1)).days)
        except ValueError:
            allowed = f"write {year}-MM-DD or MM-DD; a year has 365 days, without 29 February"
            wrong.append(Violation("--day", f"{text!r}: {allowed}"))
    if wrong:
        raise InvalidInputError("days cannot be read", tuple(wrong))
    return sorted(found)


def day_text(day: int) -> str:
    """The month and day of a number, for example 217 -> 08-06."""
    return f"{date(_CALENDAR, 1, 1) + timedelta(days=day):%m-%d}"


def _curves(report: report_pb2.HoursReport) -> None:
    at = [min(range(len(report.ranks)), key=lambda i: abs(report.ranks[i] - rank)) for rank in _RANKS]
    table(
        f"{report.year} 年持续负荷 load duration, GW",
        ("", *(f"{report.ranks[i] + 1} h" for i in at)),
        [
            ("负荷 load", *(f"{report.load_duration_mw[i] / GW:.1f}" for i in at)),
            ("净负荷 net load", *(f"{report.net_load_duration_mw[i] / GW:.1f}" for i in at)),
        ],
        right=range(1, len(at) + 1),
    )
    out.print(
        f"  可靠容量 firm capacity {report.firm_capacity_mw / GW:.1f} GW; 超出小时 hours above: 负荷 load "
        f"{report.hours_above_firm_count}, 净负荷 net load {report.net_hours_above_firm_count}; 尖峰日 peak days: "
        f"夏 summer {day_text(report.summer_peak_day)}, 冬 winter {day_text(report.winter_peak_day)}, "
        f"净负荷 net load {day_text(report.net_peak_day)}",
        highlight=False,
    )


def _day(year: int, day: report_pb2.DayHours) -> None:
    """Two tables: by cause, then by source with what was not taken."""
    shown = sorted({*_SHOWN_HOURS, day.peak_hour})
    columns = ("", *(f"{h:02d}*" if h == day.peak_hour else f"{h:02d}" for h in shown), "GWh")
    name = f"{year}-{day_text(day.day)}"
    causes: list[tuple[str, Sequence[float]]] = [("负荷 load", day.load_mw)]
    causes += _largest_first(day.causes, day.load_by_cause_mw)
    sources: list[tuple[str, Sequence[float]]] = [*_largest_first(day.groups, day.supply_mw)]
    sources += [("净负荷 net load", day.net_load_mw), ("弃风弃光 curtailed", day.curtailed_mw)]
    for title, rows in (("负荷成因 load by cause", causes), ("供给 supply", sources)):
        table(
            f"{name} {title}, GW (* 最高 highest hour)",
            columns,
            [(n, *(f"{v[h] / GW:.1f}" for h in shown), f"{sum(v) / GW:,.0f}") for n, v in rows],
            right=range(1, len(columns)),
        )


def _largest_first(names: Sequence[str], flat: Sequence[float]) -> list[tuple[str, Sequence[float]]]:
    """Rows of an array [name, hour], those with anything, by energy."""
    rows = [(n, flat[i * DAY_HOURS : (i + 1) * DAY_HOURS]) for i, n in enumerate(names)]
    return sorted((r for r in rows if any(r[1])), key=lambda r: -abs(sum(r[1])))


def _rows(year: int, days: Iterable[report_pb2.DayHours]) -> Iterator[Sequence[object]]:
    yield ("date", "hour", "series", "part", "mw")
    for day in days:
        series = [
            ("load", "", day.load_mw),
            ("net_load", "", day.net_load_mw),
            ("curtailed", "", day.curtailed_mw),
            *(("cause", n, v) for n, v in _largest_first(day.causes, day.load_by_cause_mw)),
            *(("supply", n, v) for n, v in _largest_first(day.groups, day.supply_mw)),
        ]
        for name, part, values in series:
            for hour, mw in enumerate(values):
                yield (f"{year}-{day_text(day.day)}", hour, name, part, mw)
