"""Published studies of the carbon peak and of energy demand beside ours."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from dafeng.projection.v1 import projection_pb2
from dafeng.report.v1 import report_pb2, report_pb2_grpc
from services.common.scenario import BASELINES
from services.common.words import Label
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series
from validation.context import Context
from validation.provenance import grade_of, source_of

STUDIES = Path(__file__).with_name("outside_studies.yaml")


def run(context: Context) -> Iterator[Piece]:
    """The LEAP study of Jiangsu by baseline, ranges of other studies, and what was looked for in vain."""
    for region in ("jiangsu",) if context.quick else ("jiangsu", "jiangxi"):
        for check in _reconciled(context, region).checks:
            yield from _study(region, check)
    baselines = ("planned",) if context.quick else BASELINES
    for row in yaml.safe_load(STUDIES.read_text("utf-8")):
        for baseline in baselines:
            projection = context.projection(row["region"], baseline)
            yield Comparison(
                f"outside.{row['id']}.{baseline}",
                Label(f"{row['zh']}（{baseline}）", f"{row['en']} ({baseline})"),
                figure=_quantity(projection, row),
                reference=(row["low"] + row["high"]) / 2,
                unit=row["unit"],
                source=row["source"],
                grade=row["grade"],
                low=row["low"] if row["limits"] else float("-inf"),
                high=row["high"] if row["limits"] else float("inf"),
                remark=Label(row["remark_zh"], row["remark_en"]),
            )
    yield _levels(context, baselines)
    yield Paragraph(
        Label(
            "没有找到江西碳达峰水平的公开可读数据；iGDP 与江西省科学院的展望（2025）只能等其数据公开后再对照。",
            "No published level of Jiangxi's carbon peak was found in readable form; the outlook of iGDP and the Jiangxi Academy "
            "of Sciences (2025) can be held against ours only when its figures can be read.",
        )
    )


def _reconciled(context: Context, region: str) -> report_pb2.Reconciliation:
    stub = report_pb2_grpc.ReportServiceStub(context.channel)
    parts = stub.Reconcile(report_pb2.ReconcileRequest(region=region), timeout=600)
    return next(p.result for p in parts if p.WhichOneof("part") == "result")


def _study(region: str, check: report_pb2.OutsideCheck) -> Iterator[Comparison]:
    """Year and rise have limits; the level has none, since the study counts from another inventory."""
    source, grade = source_of(check.provenance), grade_of(check.provenance)
    start = f"outside.{region}.{check.study}.{check.baseline}"
    zh, en = f"{check.label.zh}（{check.baseline}）", f"{check.label.en} ({check.baseline})"
    last = check.study_last_year
    yield Comparison(
        f"{start}.year",
        Label(f"{zh}：碳达峰年份", f"{en}: year of the carbon peak"),
        figure=check.our_year,
        reference=last,
        unit="",
        source=source,
        grade=grade,
        low=check.study_first_year,
        high=last,
    )
    yield Comparison(
        f"{start}.rise",
        Label(f"{zh}：从基准年到达峰的增幅", f"{en}: rise from the base year to the carbon peak"),
        figure=100 * check.our_rise_share,
        reference=50 * (check.study_rise_low_share + check.study_rise_high_share),
        unit="%",
        source=source,
        grade=grade,
        low=100 * check.study_rise_low_share,
        high=100 * check.study_rise_high_share,
    )
    steps = {s.step: s.tco2 for s in check.steps}
    yield Comparison(
        f"{start}.level",
        Label(f"{zh}：水平（含工业过程）", f"{en}: level with industrial process"),
        figure=(steps["our_peak"] + steps["boundary"]) / 1e6,
        reference=steps["study"] / 1e6,
        unit="Mt",
        source=source,
        grade=grade,
        remark=Label(
            "清单不同（重复计算焦化和其他煤气的碳），水平不可直接比，比增幅和年份",
            "another inventory (it counts carbon of coke gases twice): levels cannot be compared, rise and year can",
        ),
    )


def _quantity(projection: projection_pb2.Projection, row: dict[str, object]) -> float:
    kind, _, name = str(row["quantity"]).partition(":")
    if kind == "peak":
        peak = projection.carbon_peaks[0]
        return float({"year": peak.year, "plateau": peak.plateau_last_year - peak.plateau_first_year}[name])
    at = list(projection.years).index(row["year"])
    if kind == "account":
        return float(getattr(projection.account, name)[at]) * float(str(row["factor"]))
    (metric,) = [m for m in projection.metrics if m.metric.metric_id == name]
    return float(metric.region_values[at]) * float(str(row["factor"]))


def _levels(context: Context, baselines: tuple[str, ...]) -> Chart:
    """Our territorial CO2 by baseline."""
    series = []
    for baseline in baselines:
        found = context.projection("jiangsu", baseline)
        years = [float(y) for y in found.years]
        series.append(
            Series(Label(baseline, baseline), years, [v / 1e6 for v in found.account.territorial_tco2])
        )
    return Chart(
        "outside-levels",
        "lines",
        Label("江苏能源活动二氧化碳（本地）", "Jiangsu: energy-related CO2, territorial"),
        Label("年份", "year"),
        Label("百万吨", "Mt"),
        series,
    )


SECTION = Section(
    "outside",
    Label("外部研究", "Published studies"),
    Label(
        "江苏 LEAP 研究、能源需求研究和全国路径与四个基线对照：研究与本软件的边界和清单不同，能比的是年份、增幅和形状。",
        "The LEAP study of Jiangsu, studies of energy demand and the national pathway beside our four baselines: boundary and "
        "inventory differ, so what can be compared is the year, the rise and the shape.",
    ),
    run,
    minutes=0.6,
)
