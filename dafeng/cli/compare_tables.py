"""Tables and files of `dafeng compare`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.markup import escape

from dafeng.cli.files import write_rows
from dafeng.cli.output import out, table
from dafeng.cli.reports import GW, MT, SHOWN_YEARS, VERDICTS
from dafeng.cli.units import shown, shown_unit
from dafeng.common.v1 import common_pb2
from dafeng.comparison.v1 import comparison_pb2
from dafeng.projection.v1 import projection_pb2

HEADLINE_COLUMNS = (
    "情景 scenario",
    "达峰年 peak year",
    "峰值 peak Mt",
    "Mt 2030 / 2060",
    "差 difference",
    "GW 2030 / 2060",
    "最高负荷 highest GW",
    "达标 targets met",
)
_Comparison = comparison_pb2.ScenarioComparison


def headlines(side: _Comparison) -> None:
    """Both peaks side by side."""
    years = list(side.years)
    picked = [years.index(y) for y in (2030, 2060) if y in years] or [len(years) - 1]
    known = {m.metric.metric_id: m for m in side.metrics}
    co2, load = known.get("account.territorial_tco2"), known.get("account.peak_load_mw")
    rows = []
    for s, e in enumerate(side.scenarios):
        peak = e.carbon_peaks[0]
        rows.append(
            (
                escape(e.scenario_name),
                str(peak.year) if peak.in_span else f"not by {years[-1]}",
                f"{peak.level_tco2 / MT:.0f}",
                _picked(co2.values, s, years, picked, MT) if co2 else "",
                _picked(co2.differences, s, years, picked, MT, "+") if co2 else "",
                _picked(load.values, s, years, picked, GW) if load else "",
                f"{e.peak_load_mw / GW:.0f} ({e.peak_load_year})",
                e.targets_met_count,
            )
        )
    table("情景比较 scenarios compared", HEADLINE_COLUMNS, rows, right=range(1, 8))


def metric_tables(side: _Comparison, asked: Sequence[int], ids: Sequence[str]) -> None:
    """The metrics asked for, by year, with differences to the first scenario."""
    years = list(side.years)
    shown_years = [y for y in (asked or SHOWN_YEARS) if y in years]
    at = [years.index(y) for y in shown_years]
    for m in side.metrics:
        if m.metric.metric_id not in ids:
            continue
        rows = []
        for s, e in enumerate(side.scenarios):
            values = [m.values[s * len(years) + i] for i in at]
            rows.append((escape(e.scenario_name), *shown(values, m.metric.unit)))
            if s:
                gaps = [m.differences[s * len(years) + i] for i in at]
                rows.append(("  差 difference", *shown(gaps, m.metric.unit, sign=True)))
        table(_title(m.metric), ("情景 scenario", *map(str, shown_years)), rows, right=range(1, len(at) + 1))


def verdicts(side: _Comparison) -> None:
    """The targets whose verdict is not the same in all scenarios."""
    rows = []
    for t in side.targets:
        if not t.differs:
            continue
        answers = [
            f"{_verdict(a.verdict)}{f' ({a.value:.4g})' if a.HasField('value') else ''}" for a in t.answers
        ]
        asked = f"{t.compare} {t.asked:g} {t.unit}" if t.HasField("asked") else t.unit
        rows.append((t.target_id, f"{t.label.zh} {t.label.en}", escape(asked), t.year or "", *answers))
    columns = ("id", "目标 target", "要求 asked", "year", *(escape(e.scenario_name) for e in side.scenarios))
    title = f"结论不同的政策目标 targets whose verdict differs ({len(rows)} of {len(side.targets)})"
    table(title, columns, rows)


def attributed(found: comparison_pb2.Attribution) -> None:
    """What each lever or group contributes, metric by metric."""
    years, count = list(found.years), len(found.years)
    for m in found.metrics:
        rows = []
        for i, c in enumerate(found.contributors):
            at = slice(i * count, (i + 1) * count)
            rows.append(
                (
                    c.contributor_id,
                    f"{c.label.zh} {c.label.en}",
                    *shown(m.contributions[at], m.metric.unit, sign=True),
                    " ".join(shown(m.standalone[at][-1:], m.metric.unit, sign=True)),
                    " ".join(shown(m.last_in[at][-1:], m.metric.unit, sign=True)),
                )
            )
        gaps = [b - a for a, b in zip(m.base_values, m.changed_values, strict=True)]
        rows.append(("合计 total", "", *shown(gaps, m.metric.unit, sign=True), "", ""))
        last = str(years[-1])
        columns = ("抓手 lever", "名称 name", *map(str, years), f"单独 alone {last}", f"缺它 last-in {last}")
        title = f"{found.base_name} → {found.changed_name}: {_title(m.metric)}"
        table(title, columns, rows, right=range(2, len(columns)))
    _run(found.run)


def by_sector(found: comparison_pb2.Attribution) -> None:
    """Exact differences of the accounts by sector."""
    columns = ("部门 sector", *map(str, found.years))
    for title, name in (
        ("直接排放差 difference of direct CO2, Mt", "direct_tco2"),
        ("按终端分摊排放差 difference of CO2 at the user, Mt", "attributed_tco2"),
    ):
        rows = [
            (f"{s.label.zh} {s.label.en}", *shown(getattr(s, name), "tCO2", sign=True)) for s in found.sectors
        ]
        sums = [sum(column) for column in zip(*(getattr(s, name) for s in found.sectors), strict=True)]
        rows.append(("合计 total", *shown(sums, "tCO2", sign=True)))
        table(title, columns, rows, right=range(1, len(columns)))


def wedges(found: comparison_pb2.Attribution) -> None:
    """Lower and upper edge of each wedge of the first metric."""
    first = found.metrics[0].metric
    rows = []
    for w in found.wedges:
        edges = zip(shown(w.low, first.unit, sign=True), shown(w.high, first.unit, sign=True), strict=True)
        rows.append((w.contributor_id, *(f"{low} … {high}" for low, high in edges)))
    title = f"楔形 wedges: {_title(first)}"
    table(title, ("抓手 lever", *map(str, found.years)), rows, right=range(1, len(found.years) + 1))


def by_factor(found: Sequence[comparison_pb2.Decomposition]) -> None:
    """Effects of the four factors, a column a change."""
    columns = ["因素 factor"]
    for d in found:
        across = d.from_year == d.to_year
        columns.append(
            f"{d.base_name} → {d.changed_name} {d.to_year}"
            if across
            else f"{d.base_name} {d.from_year}-{d.to_year}"
        )
    rows = [
        (f"{f.label.zh} {f.label.en}", *shown((d.factors[k].effect_tco2 for d in found), "tCO2", sign=True))
        for k, f in enumerate(found[0].factors)
    ]
    apart = [sum(a.change_tco2 for a in d.apart) for d in found]
    if any(apart):
        rows.append(("单列部门 sectors told apart", *shown(apart, "tCO2", sign=True)))
    rows.append(("合计 total", *shown((d.to_tco2 - d.from_tco2 for d in found), "tCO2", sign=True)))
    title = "能源活动CO2变化的因素分解（LMDI-I），Mt change of territorial CO2 by factor"
    table(title, columns, rows, right=range(1, len(columns)))


def notes(found: Iterable[common_pb2.Label]) -> None:
    """Remarks in both languages."""
    for note in found:
        out.print(f"注 note: {note.zh}\n  {note.en}", highlight=False, markup=False)


def write_tables(folder: Path, side: _Comparison, found: comparison_pb2.Attribution | None) -> None:
    """metrics.csv and targets.csv; levers.csv and sectors.csv when a difference was shared out."""
    write_rows(folder / "metrics.csv", _metric_rows(side))
    write_rows(folder / "targets.csv", _target_rows(side))
    if found is not None:
        write_rows(folder / "levers.csv", _lever_rows(found))
        write_rows(folder / "sectors.csv", _sector_rows(found))


def _metric_rows(side: _Comparison) -> Iterable[Sequence[object]]:
    yield "metric_id", "unit", "scenario", "year", "value", "difference"
    for m in side.metrics:
        cells = ((e.scenario_name, y) for e in side.scenarios for y in side.years)
        for (name, year), value, gap in zip(cells, m.values, m.differences, strict=True):
            yield m.metric.metric_id, m.metric.unit, name, year, value, gap


def _target_rows(side: _Comparison) -> Iterable[Sequence[object]]:
    yield "target_id", "place", "compare", "asked", "unit", "year", "scenario", "verdict", "value", "margin"
    for t in side.targets:
        for e, a in zip(side.scenarios, t.answers, strict=True):
            yield (
                t.target_id,
                t.place,
                t.compare,
                t.asked if t.HasField("asked") else "",
                t.unit,
                t.year or "",
                e.scenario_name,
                projection_pb2.Verdict.Name(a.verdict).removeprefix("VERDICT_").lower(),
                a.value if a.HasField("value") else "",
                a.margin if a.HasField("margin") else "",
            )


def _lever_rows(found: comparison_pb2.Attribution) -> Iterable[Sequence[object]]:
    yield (
        "metric_id",
        "unit",
        "contributor",
        "year",
        "contribution",
        "standalone",
        "last_in",
        "standard_error",
    )
    for m in found.metrics:
        cells = ((c.contributor_id, y) for c in found.contributors for y in found.years)
        series = (m.contributions, m.standalone, m.last_in, m.standard_errors)
        for (name, year), *values in zip(cells, *series, strict=True):
            yield m.metric.metric_id, m.metric.unit, name, year, *values


def _sector_rows(found: comparison_pb2.Attribution) -> Iterable[Sequence[object]]:
    yield "sector", "year", "direct_tco2", "attributed_tco2", "process_tco2"
    for s in found.sectors:
        for year, *values in zip(found.years, s.direct_tco2, s.attributed_tco2, s.process_tco2, strict=True):
            yield s.sector, year, *values


def _run(run: comparison_pb2.AttributionRun) -> None:
    exact = run.method == comparison_pb2.ATTRIBUTION_METHOD_EXACT
    how = "精确 exact" if exact else f"抽样 sampled, {run.pair_count} pairs, seed {run.seed}"
    error = (
        ""
        if exact
        else f"; 标准误 standard error {100 * run.standard_error_share:.2f} % of the total "
        f"(at most {100 * run.standard_error_share_max:g} %{'' if run.converged else ', not reached'})"
    )
    out.print(
        f"沙普利值 Shapley values: {how}; {run.contributor_count} 项 contributors, {run.run_count} 次运行 runs "
        f"(limit {run.run_limit}){error}",
        style="dim",
        highlight=False,
    )


def _picked(
    values: Sequence[float], row: int, years: Sequence[int], at: Sequence[int], scale: float, sign: str = ""
) -> str:
    return " / ".join(f"{values[row * len(years) + i] / scale:{sign}.0f}" for i in at)


def _title(metric: common_pb2.Metric) -> str:
    return f"{metric.label.zh} {metric.label.en}, {shown_unit(metric.unit)}"


def _verdict(verdict: projection_pb2.Verdict.ValueType) -> str:
    return VERDICTS[projection_pb2.Verdict.Name(verdict)]
