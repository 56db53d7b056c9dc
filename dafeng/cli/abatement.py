"""`dafeng abatement` and `dafeng synergy`: what measures cost a tonne, and what they do to air pollution with it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from dafeng.abatement.v1 import abatement_pb2
from dafeng.cli.compare import read_scenarios, read_years
from dafeng.cli.compare_tables import notes
from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import fill_message, write_json, write_rows
from dafeng.cli.options import Address, JsonFile, RegionId
from dafeng.cli.output import number, out, progress, table
from dafeng.cli.reports import MT
from dafeng.common.v1 import common_pb2

EXAMPLE = "Example: dafeng abatement jiangsu --from frozen --measures docs/examples/measures_jiangsu.json --year 2035"
SYNERGY_EXAMPLE = (
    "Example: dafeng synergy jiangsu --from frozen --measures docs/examples/measures_jiangsu.json"
)
MILLION = 1e6
CURVE_COLUMNS = (
    "次序 rank",
    "措施 measure",
    "减排 avoided Mt",
    "成本 cost M CNY",
    "其中缺电 of it unserved",
    "元/吨 CNY/t",
    "单独 alone CNY/t",
    "增量次序 step",
    "增量 Mt",
    "增量 CNY/t",
    "备注 remark",
)
EFFECT_COLUMNS = (
    "排名 rank",
    "措施 measure",
    "CO2 %",
    "污染当量 pollution %",
    "象限 quadrant",
    "Els",
    "SO2 %",
    "NOx %",
    "PM2.5 %",
    "VOC %",
)
COORDINATION_COLUMNS = ("地区 place", "情景 scenario", "年 year", "U1", "U2", "C", "T", "D", "等级 band")
OUTSIDE = {
    abatement_pb2.OUTSIDE_CURVE_NO_EFFECT: "曲线外 outside: no CO2 effect",
    abatement_pb2.OUTSIDE_CURVE_OPPOSITE_SIGN: "曲线外 outside: raises CO2",
}
QUADRANTS = {
    abatement_pb2.SYNERGY_QUADRANT_UNSPECIFIED: "轴上 on an axis",
    abatement_pb2.SYNERGY_QUADRANT_BOTH_FALL: "I 协同 both fall",
    abatement_pb2.SYNERGY_QUADRANT_CO2_RISES: "II CO2 rises",
    abatement_pb2.SYNERGY_QUADRANT_BOTH_RISE: "III both rise",
    abatement_pb2.SYNERGY_QUADRANT_POLLUTION_RISES: "IV pollution rises",
}
From = Annotated[
    str, typer.Option("--from", help="Scenario without the measures: a baseline or a JSON file.")
]
MeasuresFile = Annotated[
    Path, typer.Option("--measures", help='Measures as JSON: {"measures": [...]} of the request.')
]
LastYear = Annotated[int, typer.Option("--to", help="Last year projected.")]


def abatement(
    region: RegionId,
    measures: MeasuresFile,
    base: From = "frozen",
    year: Annotated[int, typer.Option("--year", help="One year; 0 sums the span.")] = 0,
    span: Annotated[
        str, typer.Option("--span", help="First and last year of the span, for example 2026,2060.")
    ] = "",
    co2: Annotated[
        str,
        typer.Option("--co2", help="CO2 that counts: territorial, with_imported_power or net."),
    ] = "with_imported_power",
    no_unserved: Annotated[
        bool, typer.Option("--without-unserved", help="Leave out what load that is not served is worth.")
    ] = False,
    run_limit: Annotated[int | None, typer.Option("--run-limit", help="Scenarios that may be run.")] = None,
    last_year: LastYear = 2060,
    json_file: JsonFile = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the measures to this CSV file.")
    ] = None,
    address: Address = "",
) -> None:
    """Draw the abatement-cost curve (MACC) of a package: Shapley values, the incremental order, each measure alone."""
    request = abatement_pb2.DrawAbatementCurveRequest()
    with translated_errors():
        fill_message(measures, request)
        request.scenario.CopyFrom(read_scenarios([base])[0])
        years = read_years(span)
    request.frame.CopyFrom(common_pb2.Frame(region=region, first_year=2020, last_year=last_year))
    request.co2_metric_id = f"account.{co2}_tco2"
    request.leave_out_unserved = no_unserved
    if year:
        request.year = year
    if years:
        request.first_year, request.last_year = years[0], years[-1]
    if run_limit is not None:
        request.run_limit = run_limit
    with connected(address) as client, progress("减排成本曲线 abatement curve") as tell:
        curve = client.abatement.curve(request, tell)
    _curve(curve)
    notes(curve.notes)
    if json_file is not None:
        write_json(json_file, curve)
    if csv_file is not None:
        write_rows(csv_file, _curve_records(curve))


def synergy(
    region: RegionId,
    measures: MeasuresFile,
    base: From = "frozen",
    year: Annotated[int, typer.Option("--year", help="Year of the effect; 0 takes 2030.")] = 0,
    years: Annotated[str, typer.Option("--years", help="Years of the coordination degree.")] = "",
    cities: Annotated[bool, typer.Option("--cities", help="Show the cities too.")] = False,
    last_year: LastYear = 2060,
    json_file: JsonFile = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the effects to this CSV file.")
    ] = None,
    address: Address = "",
) -> None:
    """Assess pollution and carbon together: co-control of each measure, coordination degree of region and cities."""
    request = abatement_pb2.AssessSynergyRequest()
    with translated_errors():
        fill_message(measures, request)
        request.scenario.CopyFrom(read_scenarios([base])[0])
        request.years.extend(read_years(years))
    request.frame.CopyFrom(common_pb2.Frame(region=region, first_year=2020, last_year=last_year))
    request.year = year or request.year
    with connected(address) as client, progress("减污降碳协同 synergy") as tell:
        report = client.abatement.synergy(request, tell)
    _effects(report, cities)
    _coordinations(report, cities)
    notes(report.notes)
    if json_file is not None:
        write_json(json_file, report)
    if csv_file is not None:
        write_rows(csv_file, _effect_records(report))


def _curve(curve: abatement_pb2.AbatementCurve) -> None:
    rows: list[tuple[object, ...]] = []
    for m in sorted(curve.measures, key=lambda m: (m.rank or len(curve.measures) + 1, m.measure_id)):
        remark = OUTSIDE.get(m.outside, "节省费用 saves money" if m.no_regret else "")
        rows.append(
            (
                m.rank or "-",
                f"{m.label.zh} {m.label.en}",
                f"{m.abatement_tco2 / MT:.3f}",
                f"{m.cost_cny / MILLION:,.0f}",
                "" if curve.leave_out_unserved else f"{m.unserved_cny / MILLION:,.0f}",
                _optional(m, "cny_per_tco2"),
                _optional(m, "standalone_cny_per_tco2"),
                m.incremental_rank,
                f"{m.incremental_abatement_tco2 / MT:.3f}",
                _optional(m, "incremental_cny_per_tco2"),
                remark,
            )
        )
    total = ("", "合计 package", f"{curve.abatement_tco2 / MT:.3f}", f"{curve.cost_cny / MILLION:,.0f}")
    rows.append(
        (*total, "" if curve.leave_out_unserved else f"{curve.unserved_cny / MILLION:,.0f}", *[""] * 6)
    )
    when = str(curve.first_year)
    if curve.last_year != curve.first_year:
        when = f"{curve.first_year}-{curve.last_year}"
    title = f"减排成本曲线 abatement-cost curve {when}, {curve.co2_metric_id}, 2025年价 prices of 2025"
    table(title, CURVE_COLUMNS, rows, right=(0, 2, 3, 4, 5, 6, 7, 8, 9))
    how = "精确 exact" if curve.exact else f"抽样 sampled, {curve.pair_count} pairs, seed {curve.seed}"
    error = "" if curve.exact else f", standard error {100 * curve.standard_error_share:.2f} %"
    money = f"; 现值 present value {curve.present_value_year}, {100 * curve.discount_share_per_year:g} %/yr"
    out.print(
        f"沙普利值 Shapley values: {how}{error}, {curve.run_count} 次运行 runs"
        f"{money if curve.present_value_year else ''}",
        style="dim",
        highlight=False,
    )


def _curve_records(curve: abatement_pb2.AbatementCurve) -> Iterable[Sequence[object]]:
    names = [f.name for f in abatement_pb2.MeasureAbatement.DESCRIPTOR.fields if f.name != "label"]
    yield (*names, "label_zh", "label_en")
    for m in curve.measures:
        values = [
            "" if name.endswith("cny_per_tco2") and _optional(m, name) == "-" else getattr(m, name)
            for name in names
        ]
        yield (*values, m.label.zh, m.label.en)


def _effects(report: abatement_pb2.SynergyReport, cities: bool) -> None:
    for place in dict.fromkeys(e.place for e in report.effects):
        if place and not cities:
            continue
        rows = []
        for e in (e for e in report.effects if e.place == place):
            by_pollutant = {p.metric_id: f"{100 * p.avoided_share:.3f}" for p in e.pollutants}
            rows.append(
                (
                    e.rank,
                    f"{e.label.zh} {e.label.en}",
                    f"{100 * e.avoided_co2_share:.3f}",
                    f"{100 * e.avoided_pollution_share:.3f}",
                    QUADRANTS[e.quadrant],
                    _optional(e, "elasticity_ratio"),
                    *(by_pollutant.get(p.metric_id, "") for p in report.pollutants),
                )
            )
        title = (
            f"协同控制效应 co-control {place or '全省 region'}, {report.year}: 减排占基准 avoided, % of base"
        )
        table(title, EFFECT_COLUMNS, rows, right=(0, 2, 3, 5, 6, 7, 8, 9))


def _coordinations(report: abatement_pb2.SynergyReport, cities: bool) -> None:
    rows = [
        (
            c.place or "全省 region",
            "全部措施 all measures" if c.measure_id else "无措施 without",
            c.year,
            *(f"{v:.3f}" for v in (c.pollution_index, c.carbon_index, c.coupling, c.level, c.degree)),
            f"{c.band.zh} {c.band.en}{' *' if c.outside_bounds else ''}",
        )
        for c in report.coordinations
        if cities or not c.place
    ]
    rule = report.coordination_rule
    title = (
        f"耦合协调度 coordination degree; 指数 index 1 at {rule.best_ratio:g} x, 0 at {rule.worst_ratio:g} x "
        f"the emission of {rule.base_year}; * 超出上下限 outside the bounds"
    )
    table(title, COORDINATION_COLUMNS, rows, right=range(2, 8))


def _effect_records(report: abatement_pb2.SynergyReport) -> Iterable[Sequence[object]]:
    names = (
        "measure_id",
        "place",
        "avoided_tco2",
        "avoided_co2_share",
        "avoided_equivalents",
        "avoided_pollution_share",
        "size_share",
        "angle_deg",
        "rank_score_share",
        "rank",
    )
    ids = [p.metric_id for p in report.pollutants]
    yield (*names, "elasticity_ratio", *(f"{i}_avoided" for i in ids))
    for e in report.effects:
        found = {p.metric_id: p.avoided_t for p in e.pollutants}
        els = e.elasticity_ratio if e.HasField("elasticity_ratio") else ""
        yield (*(getattr(e, n) for n in names), els, *(found.get(i, "") for i in ids))


def _optional(message: Any, name: str) -> str:
    return number(getattr(message, name)) if message.HasField(name) else "-"
