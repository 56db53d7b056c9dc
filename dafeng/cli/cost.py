"""`dafeng cost`: annual system cost of scenarios, what they avoid, and their present value."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_json, write_rows
from dafeng.cli.options import Address, JsonFile, RegionId
from dafeng.cli.output import number, out, progress, table
from dafeng.cli.parsing import parse_settings
from dafeng.common.v1 import common_pb2
from dafeng.cost.v1 import cost_pb2

BILLION, MT, KT, PERCENT = 1e9, 1e6, 1e3, 100
_COST_A_T: Final = "abatement_cost_cny_per_tco2"
CSV_COLUMNS = (
    "scenario",
    "part",
    "sector",
    "kind",
    "label_zh",
    "label_en",
    "year",
    "cost_cny",
    "difference_cny",
)


def cost(
    region: RegionId,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", "-s", help="Baseline to price; repeat for several. Default: planned."),
    ] = None,
    against: Annotated[
        str, typer.Option("--against", help="Baseline that the others are set against; empty: none.")
    ] = "frozen",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="lever=value@year[,value@year]; acts on --scenario, not on --against."),
    ] = None,
    years: Annotated[list[int] | None, typer.Option("--year", help="Years reported; repeat.")] = None,
    rate: Annotated[
        float | None,
        typer.Option("--rate", help="Social discount rate of the present value, 1/yr, 0 to 0.2."),
    ] = None,
    npv_from: Annotated[
        int | None, typer.Option("--npv-from", help="First year of the present value.")
    ] = None,
    npv_to: Annotated[int | None, typer.Option("--npv-to", help="Last year of the present value.")] = None,
    json_file: JsonFile = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write parts by scenario and year to this CSV file.")
    ] = None,
    address: Address = "",
) -> None:
    """Price scenarios: annual cost by sector and part, per GDP and head, present value, avoided CO2 and pollutants."""
    with translated_errors():
        chosen = parse_settings(settings or ())
    asked = [common_pb2.Scenario(name=against, baseline=against)] if against else []
    asked += [common_pb2.Scenario(name=s, baseline=s, settings=chosen) for s in scenario or ("planned",)]
    with connected(address) as client, progress("成本 pricing") as tell:
        report = client.costs.report(
            common_pb2.Frame(region=region),
            asked,
            years=years or (),
            social_discount_share_per_year=rate,
            npv_first_year=npv_from,
            npv_last_year=npv_to,
            tell=tell,
        )
    for one in report.scenarios:
        _parts(report, one)
    _whole(report)
    for note in report.notes:
        out.print(f"  {note.zh} {note.en}", highlight=False)
    if json_file is not None:
        write_json(json_file, report)
    if csv_file is not None:
        write_rows(csv_file, _csv_rows(report))


def _parts(report: cost_pb2.CostReport, one: cost_pb2.ScenarioCost) -> None:
    rows: list[Sequence[object]] = [
        (f"{p.label.zh} {p.label.en}", p.sector, *(f"{v / BILLION:.1f}" for v in p.cost_cny))
        for p in one.parts
        if any(p.cost_cny)
    ]
    rows.append(("合计 total", "", *(f"{v / BILLION:.1f}" for v in one.total_cny)))
    rows.append(("占GDP share of GDP, %", "", *(f"{v * PERCENT:.1f}" for v in one.cost_per_gdp_share)))
    rows.append(("人均 a head, CNY", "", *(number(v) for v in one.cost_per_person_cny)))
    table(
        f"{one.scenario_name} 年度系统成本 system cost a year, 10^9 CNY of {report.price_year}, "
        f"real rate {one.annuity_discount_share_per_year:g}",
        ("部分 part", "部门 sector", *(str(y) for y in report.years)),
        rows,
        right=range(2, 2 + len(report.years)),
    )


def _whole(report: cost_pb2.CostReport) -> None:
    first = report.scenarios[0].scenario_name
    table(
        f"与 {first} 相比 against {first}: 现值 present value {report.npv_first_year}-{report.npv_last_year} "
        f"in {report.present_value_year} at {report.social_discount_share_per_year:g}",
        (
            "情景 scenario",
            "现值 NPV 10^9 CNY",
            "差 difference",
            "避免 avoided Mt CO2",
            "CNY/t",
            "不计缺供 without lost load: 差 difference",
            "CNY/t",
            "避免 avoided NOx kt",
        ),
        [
            (
                s.scenario_name,
                f"{s.npv_cny / BILLION:,.0f}",
                f"{s.npv_difference_cny / BILLION:,.1f}",
                f"{s.span_avoided_tco2 / MT:,.0f}",
                f"{s.abatement_cost_cny_per_tco2:.0f}" if s.HasField(_COST_A_T) else "-",
                f"{s.npv_difference_without_lost_load_cny / BILLION:,.1f}",
                f"{s.abatement_cost_without_lost_load_cny_per_tco2:.0f}" if s.HasField(_COST_A_T) else "-",
                f"{_last(s, 'account.nox_t') / KT:.1f} ({report.years[-1]})",
            )
            for s in report.scenarios
        ],
        right=range(1, 8),
    )


def _last(one: cost_pb2.ScenarioCost, metric_id: str) -> float:
    return next((p.avoided_t[-1] for p in one.pollutants if p.metric_id == metric_id), 0.0)


def _csv_rows(report: cost_pb2.CostReport) -> Iterator[Sequence[object]]:
    yield CSV_COLUMNS
    for s in report.scenarios:
        for p in s.parts:
            for year, value, change in zip(report.years, p.cost_cny, p.difference_cny, strict=True):
                yield (
                    s.scenario_name, p.part, p.sector, p.kind, p.label.zh, p.label.en, year, value, change,
                )  # fmt: skip
