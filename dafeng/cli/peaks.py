"""`dafeng peaks` and `dafeng reconcile`: reports on both peaks, and our totals beside those of others."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_json
from dafeng.cli.options import Address, BaselineName, JsonFile, RegionId, SettingTexts
from dafeng.cli.output import hour_text, number, out, progress, status, table
from dafeng.cli.parsing import parse_settings
from dafeng.client import Client
from dafeng.common.v1 import common_pb2
from dafeng.report.v1 import report_pb2

MT, GW, PERCENT = 1e6, 1e3, 100
SHOWN_CAUSES = 6


def peaks(
    region: RegionId,
    scenario: BaselineName = "planned",
    settings: SettingTexts = None,
    load: Annotated[bool, typer.Option("--load", help="Only the peak load.")] = False,
    carbon: Annotated[bool, typer.Option("--carbon", help="Only the carbon peak.")] = False,
    years: Annotated[
        list[int] | None, typer.Option("--year", help="Years of the peak load; repeat. Default: every fifth.")
    ] = None,
    weather: Annotated[
        list[str] | None,
        typer.Option("--weather", help="normal, hot, cold, low_wind; repeat. Default: all four."),
    ] = None,
    json_dir: Annotated[
        Path | None,
        typer.Option("--json", help="Write carbon_peak.json and peak_load.json into this folder."),
    ] = None,
    address: Address = "",
) -> None:
    """Report the carbon peak (who sets it, how flat, why) and the peak load (causes, weather years, what serves it)."""
    with translated_errors():
        chosen = parse_settings(settings or ())
    frame = common_pb2.Frame(region=region)
    asked = common_pb2.Scenario(name=scenario, baseline=scenario, settings=chosen)
    with connected(address) as client:
        if carbon or not load:
            with status("碳达峰 carbon peak"):
                report = client.reports.carbon_peak(frame, asked)
            _carbon(report)
            if json_dir is not None:
                write_json(json_dir / "carbon_peak.json", report)
        if load or not carbon:
            _load(client, frame, asked, years or (), weather or (), json_dir)


def reconcile(region: RegionId, json_file: JsonFile = None, address: Address = "") -> None:
    """Set our base year beside an inventory, step by step, and our carbon peaks beside published studies."""
    with connected(address) as client:
        with progress("衔接 reconciling") as tell:
            found = client.reports.reconcile(region, tell)
        if found.steps:
            _steps("2020年总量与清单的衔接 from an inventory to our base year, Mt CO2", found.steps)
        else:
            out.print("无清单衔接表 no steps from an inventory are held for this region")
        _steps("2020年各口径 our base year by boundary, Mt CO2", found.boundaries)
        for check in found.checks:
            _steps(f"{check.baseline}: {check.label.zh} {check.label.en}", check.steps)
            within = "in" if check.same_years else "outside"
            low, high = check.study_rise_low_share * PERCENT, check.study_rise_high_share * PERCENT
            out.print(
                f"  达峰年 our peak {check.our_year}, {within} the study's years; 增幅 rise "
                f"{check.our_rise_share * PERCENT:.1f} % (study {low:.0f} to {high:.0f} %)",
                highlight=False,
            )
        if not found.checks:
            out.print("无已发表的达峰研究可对照 no published study of this region's carbon peak is held")
        if json_file is not None:
            write_json(json_file, found)


def _carbon(report: report_pb2.CarbonPeakReport) -> None:
    table(
        "碳达峰 carbon peak",
        (
            "口径 boundary",
            "年 year",
            "Mt CO2",
            "平台期 plateau 2 %",
            "稳降 steady fall",
            "部门 sector",
            "城市 city",
            "状态",
        ),
        [
            (
                f"{b.peak.label.zh} {b.peak.label.en}",
                b.peak.year,
                f"{b.peak.level_tco2 / MT:.1f}",
                f"{b.peak.plateau_first_year}-{b.peak.plateau_last_year}",
                b.peak.steady_fall_year or "-",
                b.peak.leading_sector,
                b.peak.leading_city,
                b.peak.status,
            )
            for b in report.boundaries
        ],
        right=(1, 2),
    )
    head = report.boundaries[0]
    for title, parts in (("部门 sectors", head.sectors), ("城市 cities", head.cities)):
        table(
            f"{title}: {head.peak.label.zh} {head.peak.label.en}",
            ("", "自身达峰 own peak", "Mt", "占比 share at the peak, %", "转折 turn, Mt/a"),
            [
                (
                    f"{p.label.zh} {p.label.en}",
                    p.year if p.in_span else f"{p.year}+",
                    f"{p.level_tco2 / MT:.1f}",
                    f"{p.at_peak_share * PERCENT:.1f}",
                    f"{p.turn_tco2_per_year / MT:+.2f}",
                )
                for p in parts
            ],
            right=range(1, 5),
        )
    _drivers(head.drivers)


def _drivers(drivers: Iterable[report_pb2.DriverEffect]) -> None:
    """Effects summed over sectors, one column a period."""
    periods = list(dict.fromkeys((d.first_year, d.last_year) for d in drivers))
    sums: dict[str, list[float]] = {}
    for d in drivers:
        name = f"{d.label.zh} {d.label.en}"
        sums.setdefault(name, [0.0] * len(periods))[periods.index((d.first_year, d.last_year))] += (
            d.effect_tco2
        )
    table(
        "驱动因素 drivers (LMDI-I), Mt CO2",
        ("", *(f"{a}-{b}" for a, b in periods)),
        [(name, *(f"{v / MT:+.1f}" for v in values)) for name, values in sums.items()],
        right=range(1, len(periods) + 1),
    )


def _load(
    client: Client,
    frame: common_pb2.Frame,
    scenario: common_pb2.Scenario,
    years: Sequence[int],
    weather: Sequence[str],
    json_dir: Path | None,
) -> None:
    with progress("尖峰负荷 peak load") as tell:
        report = client.reports.peak_load(frame, scenario, years, weather, tell)
    rows = []
    for w in report.weather_years:
        for name, values in (
            ("夏 summer", w.summer_mw),
            ("冬 winter", w.winter_mw),
            ("净负荷 net", w.net_peak_mw),
        ):
            rows.append((w.weather_year, name, *(f"{v / GW:.1f}" for v in values)))
        rows.append(
            (w.weather_year, "备用率 reserve, %", *(f"{v * PERCENT:.1f}" for v in w.reserve_margin_share))
        )
        rows.append((w.weather_year, "LOLE, h", *(number(v) for v in w.lole_hours)))
    columns = ("气象年 weather", "", *map(str, report.years))
    table("尖峰负荷 peak load, GW", columns, rows, right=range(2, len(columns)))
    first = report.weather_years[0].weather_year
    for growth in report.growths:
        if growth.weather_year == first:
            _growth(growth, report)
    lacking = (
        [o for o in report.options if o.weather_year == report.options[0].weather_year]
        if report.options
        else []
    )
    if lacking:
        table(
            f"满足缺口的选项 what would serve the lack ({lacking[0].weather_year})",
            ("年 year", "选项 option", "置信度 credit", "GW"),
            [
                (o.year, f"{o.label.zh} {o.label.en}", f"{o.credit_share:.2f}", f"{o.needed_mw / GW:.1f}")
                for o in lacking
            ],
            right=(2, 3),
        )
    if json_dir is not None:
        write_json(json_dir / "peak_load.json", report)


def _growth(growth: report_pb2.PeakGrowth, report: report_pb2.PeakLoadReport) -> None:
    """One line: growth of the highest hour and its largest causes."""
    causes = sorted(zip(growth.causes, growth.cause_mw, strict=True), key=lambda c: -abs(c[1]))
    text = ", ".join(f"{name} {mw / GW:+.1f}" for name, mw in causes[:SHOWN_CAUSES])
    at = next(
        p.hour
        for p in report.peaks
        if (p.weather_year, p.season, p.year) == (growth.weather_year, growth.season, growth.last_year)
    )
    out.print(
        f"  {growth.weather_year} {growth.season} {growth.first_year}-{growth.last_year}: "
        f"{growth.growth_mw / GW:+.1f} GW ({growth.growth_per_year_share * PERCENT:+.1f} %/a), {hour_text(at)}: {text}",
        highlight=False,
    )


def _steps(title: str, steps: Iterable[report_pb2.ReconciliationStep]) -> None:
    table(
        title,
        ("", "Mt"),
        [
            (
                f"{s.label.zh} {s.label.en}",
                f"{s.tco2 / MT:.1f}" if s.kind == "total" else f"{s.tco2 / MT:+.1f}",
            )
            for s in steps
        ],
        right=(1,),
    )
