"""Replies as tables, files and one-line headlines."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.markup import escape

from dafeng.cli.files import INTERNAL_MARK, write_rows
from dafeng.cli.output import grade_text, hour_text, out, table
from dafeng.projection.v1 import projection_pb2

SHOWN_YEARS = (2020, 2025, 2030, 2035, 2040, 2050, 2060)
MT = 1e6
GW = 1e3
TWH = 1e6
VERDICTS = {
    "VERDICT_MET": "达标 met",
    "VERDICT_MISSED": "未达标 missed",
    "VERDICT_ON_TRACK": "进度正常 on track",
    "VERDICT_BEHIND": "进度滞后 behind",
    "VERDICT_ALREADY_MET": "已提前达标 already met",
    "VERDICT_CANNOT_COMPUTE": "无法计算 cannot be computed",
    "VERDICT_TRACKED_ONLY": "仅跟踪 tracked only",
}
TARGET_COLUMNS = (
    "document",
    "section",
    "place",
    "target",
    "compare",
    "asked",
    "unit",
    "year",
    "value",
    "margin",
    "verdict",
    "reason",
)


def regions(entries: Iterable[projection_pb2.RegionEntry]) -> None:
    """Regions with their cities."""
    for entry in entries:
        table(
            f"{entry.place.label.zh} {entry.place.label.en} ({entry.place.place_id})",
            ("city", "城市", "name", "adcode"),
            [(c.place_id, c.label.zh, c.label.en, c.adcode) for c in entry.cities],
        )


def scenarios(entries: Iterable[projection_pb2.BaselineEntry]) -> None:
    """Baselines."""
    table("情景 baselines", ("id", "名称", "name"), [(e.baseline, e.label.zh, e.label.en) for e in entries])


def levers(entries: Iterable[projection_pb2.LeverEntry], search: str) -> None:
    """Levers with bounds and the path at three years."""
    rows = []
    for e in entries:
        row = e.lever
        if search and search.lower() not in f"{row.lever_id} {row.label.zh} {row.label.en}".lower():
            continue
        points = dict(zip(e.years, e.values, strict=True))
        path = ", ".join(f"{points[y]:g}@{y}" for y in (2020, 2030, 2060) if y in points)
        rows.append(
            (
                row.lever_id,
                f"{row.label.zh} {row.label.en}",
                escape(row.unit),
                f"{row.low:g} – {row.high:g}",
                row.last_observed_year or "",
                path,
                " ".join(row.policy_refs),
            )
        )
    title = f"抓手 levers ({len(rows)})"
    table(title, ("lever", "名称 label", "unit", "range", "observed to", "path", "policy"), rows)


def headline(p: projection_pb2.Projection) -> str:
    """One line: carbon peak year and level, peak load of 2030 (or the last year) and its hour."""
    peak = p.carbon_peaks[0]
    year = 2030 if 2030 in p.years else p.years[-1]
    i = list(p.years).index(year)
    load = p.peak_load
    carbon = (
        f"碳达峰 carbon peak {peak.year}: {peak.level_tco2 / MT:.0f} Mt CO2 "
        f"(2 % plateau {peak.plateau_first_year}-{peak.plateau_last_year})"
        if peak.in_span
        else f"no carbon peak by {p.years[-1]}"
    )
    return (
        f"{p.frame.region} {p.baseline}: {carbon}; 尖峰负荷 peak load {year}: "
        f"{load.peak_load_mw[i] / GW:.1f} GW at {hour_text(load.peak_hour[i])}"
    )


def projection(p: projection_pb2.Projection, city: str) -> None:
    """Headline and tables at five-year steps."""
    years = [y for y in SHOWN_YEARS if y in p.years] or list(p.years)
    at = [list(p.years).index(y) for y in years]
    out.print(headline(p), highlight=False)
    columns = ("", *map(str, years))
    right = range(1, len(columns))
    if city:
        _city(p, city, at, columns)
        return
    a = p.account
    rows: list[tuple[str, ...]] = [
        (f"{s.label.zh} {s.label.en}", *_at(s.direct_tco2, at, MT, 1)) for s in p.sectors
    ]
    rows += [
        ("地区能源CO2 territorial", *_at(a.territorial_tco2, at, MT, 1)),
        ("外来电CO2 imported power", *_at(a.imported_power_tco2, at, MT, 1)),
        ("过程CO2 process", *_at(a.process_tco2, at, MT, 1)),
    ]
    table("CO2, Mt", columns, rows, right=right)
    groups: dict[str, list[float]] = {}
    for t in p.power.technologies:
        have = groups.setdefault(t.group, [0.0] * len(at))
        groups[t.group] = [h + t.energy_mwh[i] / TWH for h, i in zip(have, at, strict=True)]
    rows = [(g, *(f"{v:.1f}" for v in values)) for g, values in groups.items()]
    rows.append(("全社会用电量 consumption", *_at(a.electricity_consumption_mwh, at, TWH, 1)))
    table("电力 electricity, TWh", columns, rows, right=right)
    load = p.peak_load
    rows = [
        ("夏季 summer", *_at(load.summer_mw, at, GW, 1)),
        ("冬季 winter", *_at(load.winter_mw, at, GW, 1)),
        ("净负荷 net of wind and PV", *_at(load.net_peak_mw, at, GW, 1)),
        ("最高负荷时刻 hour of the highest", *(hour_text(load.peak_hour[i]) for i in at)),
        ("备用率 reserve margin, %", *_at(load.reserve_margin_share, at, 0.01, 1)),
        ("缺供电量 unserved, GWh", *_at(load.unserved_mwh, at, 1e3, 1)),
    ]
    table("尖峰负荷 peak load, GW", columns, rows, right=right)
    rows = [
        ("煤炭占比 coal share, %", *_at(a.coal_share, at, 0.01, 1)),
        ("非化石占比 non-fossil share, %", *_at(a.non_fossil_share, at, 0.01, 1)),
        (
            "单位GDP CO2较2005年下降 CO2 per GDP, fall since 2005, %",
            *_at(a.co2_per_gdp_fall_since_2005_share, at, 0.01, 1),
        ),
        (
            "单位GDP能耗较2020年下降 energy per GDP, fall since 2020, %",
            *_at(a.energy_per_gdp_fall_since_2020_share, at, 0.01, 1),
        ),
    ]
    table("指标 indicators", columns, rows, right=right)
    rows = [
        (
            f"{c.label.zh} {c.label.en}",
            str(c.year) if c.in_span else f"not by {p.years[-1]}",
            f"{c.level_tco2 / MT:.1f}",
            f"{c.plateau_first_year}-{c.plateau_last_year}",
            str(c.steady_fall_year or "-"),
        )
        for c in p.carbon_peaks
    ]
    table(
        "碳达峰 carbon peak",
        ("口径 boundary", "year", "Mt", "plateau", "steady fall from"),
        rows,
        right=range(1, 5),
    )
    _warnings(p)
    _foot(p)


def base(reply: projection_pb2.CheckBaseResponse) -> bool:
    """The base year beside statistics; True when every check passed."""
    rows = [
        (
            f"{c.label.zh} {c.label.en}",
            f"{c.model:.4g}",
            f"{c.statistic:.4g}",
            escape(c.unit),
            grade_text(c.provenance.grade),
            f"{100 * c.difference_share:+.2f} %",
            f"± {100 * c.tolerance_share:g} %",
            "ok" if c.passed else "FAILED",
        )
        for c in reply.checks
    ]
    columns = ("check", "model", "statistic", "unit", "grade", "difference", "tolerance", "")
    table("基准年校核 base year 2020 against statistics", columns, rows, right=(1, 2, 5, 6))
    factors = [(f.factor, f.statistic, f"{f.value:.4f}", f"{f.low:g} – {f.high:g}") for f in reply.factors]
    table("标定系数 calibration factors", ("factor", "statistic", "value", "bounds"), factors, right=(2, 3))
    return all(c.passed for c in reply.checks)


def write_csv(p: projection_pb2.Projection, folder: Path) -> None:
    """co2.csv, power.csv, peak_load.csv, metrics.csv, targets.csv, cities.csv; units stand in the headers."""
    folder.mkdir(parents=True, exist_ok=True)
    years = list(p.years)
    mark = f"{INTERNAL_MARK}; {p.baseline}; digest {p.digest}; data {p.revision.data_revision[:12]}"
    a = p.account
    series = [(f"{s.sector}_direct_tco2", s.direct_tco2) for s in p.sectors]
    series += [
        ("territorial_tco2", a.territorial_tco2),
        ("imported_power_tco2", a.imported_power_tco2),
        ("process_tco2", a.process_tco2),
        ("sink_tco2", a.sink_tco2),
    ]
    _by_year(folder / "co2.csv", years, series, mark)
    series = []
    for t in p.power.technologies:
        series += [(f"{t.technology}_mw", t.capacity_mw), (f"{t.technology}_mwh", t.energy_mwh)]
    _by_year(folder / "power.csv", years, series, mark)
    load = p.peak_load
    series = [
        ("peak_load_mw", load.peak_load_mw),
        ("summer_mw", load.summer_mw),
        ("winter_mw", load.winter_mw),
        ("net_peak_mw", load.net_peak_mw),
        ("unserved_mwh", load.unserved_mwh),
    ]
    _by_year(folder / "peak_load.csv", years, series, mark)
    _by_year(folder / "metrics.csv", years, [(m.metric.metric_id, m.region_values) for m in p.metrics], mark)
    series = []
    for c in p.cities:
        series += [(f"{c.place}_tco2", c.territorial_tco2), (f"{c.place}_peak_load_mw", c.peak_load_mw)]
    _by_year(folder / "cities.csv", years, series, mark)
    rows: list[Sequence[object]] = [("id", *TARGET_COLUMNS)]
    rows += [_target_row(target) for target in p.targets]
    write_rows(folder / "targets.csv", rows, mark, told=False)
    out.print(f"written 已写入 {folder}", highlight=False)


def _target_row(t: projection_pb2.TargetResult) -> Sequence[object]:
    return (
        t.target_id,
        t.document.en,
        t.section,
        t.place,
        t.label.en,
        t.compare,
        t.asked if t.HasField("asked") else "",
        t.unit,
        t.year or "",
        t.value if t.HasField("value") else "",
        t.margin if t.HasField("margin") else "",
        projection_pb2.Verdict.Name(t.verdict).removeprefix("VERDICT_").lower(),
        t.reason,
    )


def _city(p: projection_pb2.Projection, city: str, at: list[int], columns: tuple[str, ...]) -> None:
    entry = next(c for c in p.cities if c.place == city)
    peak = entry.carbon_peak
    year = str(peak.year) if peak.in_span else f"not by {p.years[-1]}"
    out.print(f"{city}: 碳达峰 carbon peak {year}, {peak.level_tco2 / MT:.1f} Mt", highlight=False)
    rows = [
        ("能源CO2 territorial CO2, Mt", *_at(entry.territorial_tco2, at, MT, 2)),
        ("用电量 electricity, TWh", *_at(entry.electricity_mwh, at, TWH, 2)),
        ("最高负荷 peak load, GW", *_at(entry.peak_load_mw, at, GW, 2)),
    ]
    table(city, columns, rows, right=range(1, len(columns)))
    _foot(p)


def _warnings(p: projection_pb2.Projection) -> None:
    if p.power.warnings:
        out.print(
            f"合理性提示 plausibility warnings ({len(p.power.warnings)})", style="bold", highlight=False
        )
    for w in p.power.warnings:
        out.print(f"  {w.text.zh}\n    {w.text.en}", highlight=False, markup=False)


def _foot(p: projection_pb2.Projection) -> None:
    out.print(
        f"{INTERNAL_MARK}; model {p.revision.model_version}, "
        f"data {p.revision.data_revision[:12]}, digest {p.digest[:12]}",
        style="dim",
        highlight=False,
    )


def _at(values: Sequence[float], at: Iterable[int], unit: float, digits: int) -> list[str]:
    return [f"{values[i] / unit:.{digits}f}" for i in at]


def _by_year(path: Path, years: list[int], series: Sequence[tuple[str, Sequence[float]]], mark: str) -> None:
    rows: list[Sequence[object]] = [("year", *(name for name, _ in series))]
    rows += [(year, *(values[i] for _, values in series)) for i, year in enumerate(years)]
    write_rows(path, rows, mark, told=False)
