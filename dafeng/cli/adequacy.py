"""`dafeng adequacy`: does a fleet of the caller's own carry its load when units fail, from a file."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import read_columns, read_message, write_json, write_rows
from dafeng.cli.options import Address, JsonFile
from dafeng.cli.output import number, status, table
from dafeng.client import InvalidInputError, Violation
from dafeng.power.v1 import adequacy_pb2

EXAMPLE = "Example: dafeng adequacy docs/examples/rts79.json --series docs/examples/rts79_load.csv"
LOAD_COLUMN = "load_mw"
DAY_HOURS = 24
CREDIT_COLUMNS = ("资源 resource", "容量 MW", "可信容量 ELCC MW", "置信度 credit", "at LOLE h")
RISK_COLUMNS = ("月 month", "失负荷 lost load, h", "最险时刻 hour most at risk")


def adequacy(
    file: Annotated[Path, typer.Argument(help="The fleet as JSON (dafeng.power.v1.AssessAdequacyRequest).")],
    series: Annotated[
        Path | None,
        typer.Option(
            help="CSV: load_mw is the load, a column named as a resource its output; time is left out."
        ),
    ] = None,
    json_file: JsonFile = None,
    csv_dir: Annotated[
        Path | None, typer.Option("--csv", help="Write credits.csv and risk.csv into this folder.")
    ] = None,
    address: Address = "",
) -> None:
    """Assess a fleet of your own: loss of load with forced outages, capacity credits, what is lacking."""
    with translated_errors():
        request = read_request(file, series)
    with connected(address) as client:
        with status("计算充裕度 assessing"):
            reply = client.assess_adequacy(request)
        report(reply)
        if json_file is not None:
            write_json(json_file, reply)
        if csv_dir is not None:
            write_tables(csv_dir, reply)


def read_request(file: Path, series: Path | None) -> adequacy_pb2.AssessAdequacyRequest:
    """The request of a JSON file and the series beside it. InvalidInputError lists all that cannot be read."""
    request = adequacy_pb2.AssessAdequacyRequest()
    wrong = read_message(file, request)
    columns, unread = read_columns(series) if series is not None else ({}, [])
    wrong += unread
    places = {r.resource_id: r.hourly_mw for r in request.resources}
    for name, values in columns.items():
        place = request.load_mw if name == LOAD_COLUMN else places.get(name)
        if place is None:
            near = get_close_matches(name, [LOAD_COLUMN, *places], 1)
            hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join([LOAD_COLUMN, *places])}"
            wrong.append(Violation(f"column {name}", f"is no resource of {file}; {hint}"))
        elif place:
            wrong.append(Violation(name, f"is given in {file} and in {series}"))
        else:
            place.extend(values)
    if wrong:
        raise InvalidInputError("files cannot be read", tuple(wrong))
    return request


def report(reply: adequacy_pb2.AssessAdequacyResponse) -> None:
    """Headline, credits, months at risk."""
    table("充裕度 adequacy", ("指标 figure", "数值 value"), _headline(reply))
    if reply.credits:
        table("容量置信度 capacity credits", CREDIT_COLUMNS, _credit_rows(reply), right=range(1, 5))
    at_risk = [(month, row) for month, row in _months(reply) if sum(row)]
    if at_risk:
        table("风险分布 risk by month", RISK_COLUMNS, _risk_rows(at_risk), right=(1, 2))


def _headline(reply: adequacy_pb2.AssessAdequacyResponse) -> Iterable[Sequence[str]]:
    met = "达标 met" if reply.lole_hours <= reply.standard_hours else "未达标 missed"
    standard = f"standard 标准 {reply.standard_hours:g} h: {met}"
    yield "失负荷期望 LOLE", f"{reply.lole_hours:.4f} h; {standard}"
    yield "失负荷日 LOLD", f"{reply.lold_days:.4f} days"
    yield "期望缺供电量 EENS", f"{reply.eens_mwh:,.1f} MWh"
    yield "最高负荷 peak load", f"{number(reply.peak_load_mw)} MW"
    yield "装机 capacity of units", f"{number(reply.unit_capacity_mw)} MW"
    yield "平均停运 mean forced outage", f"{number(reply.mean_outage_mw)} MW"
    yield "可靠容量 firm capacity", f"{number(reply.firm_capacity_mw)} MW"
    yield "备用率 reserve margin", f"{100 * reply.reserve_margin_share:.1f} %"
    yield "最小裕度 least margin, no outages", f"{number(reply.least_margin_mw)} MW"
    yield "可再承担 load that can be added", f"{number(reply.load_carried_mw)} MW"
    yield "容量缺口 capacity lacking", f"{number(reply.capacity_lacking_mw)} MW"


def _credit_rows(reply: adequacy_pb2.AssessAdequacyResponse) -> Iterable[Sequence[str]]:
    for c in reply.credits:
        credit, risk = f"{100 * c.credit_share:.1f} %", f"{c.at_lole_hours:.4g}"
        yield escape(c.resource_id), number(c.capacity_mw), number(c.elcc_mw), credit, risk


def _risk_rows(at_risk: Iterable[tuple[int, list[float]]]) -> Iterable[Sequence[str]]:
    for month, row in at_risk:
        yield str(month), f"{sum(row):.4f}", f"{max(range(DAY_HOURS), key=row.__getitem__)}:00"


def _months(reply: adequacy_pb2.AssessAdequacyResponse) -> list[tuple[int, list[float]]]:
    risk = list(reply.risk_hours)
    return [(m, risk[i * DAY_HOURS : (i + 1) * DAY_HOURS]) for i, m in enumerate(reply.months)]


def write_tables(folder: Path, reply: adequacy_pb2.AssessAdequacyResponse) -> None:
    """credits.csv, and risk.csv: expected hours of lost load, a row a month, a column an hour of the day."""
    names = [field.name for field in adequacy_pb2.CapacityCredit.DESCRIPTOR.fields]
    rows = [[getattr(c, name) for name in names] for c in reply.credits]
    write_rows(folder / "credits.csv", [names, *rows])
    header = ("month", *(f"hour_{h}_h" for h in range(DAY_HOURS)))
    write_rows(folder / "risk.csv", [header, *((m, *row) for m, row in _months(reply))])
