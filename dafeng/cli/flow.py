"""`dafeng flow`: where energy comes from and goes to, link by link."""

from pathlib import Path
from typing import Annotated, Final

import typer

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_json, write_rows
from dafeng.cli.options import Address, BaselineName, JsonFile, RegionId, SettingTexts
from dafeng.cli.output import number, out, status, table
from dafeng.cli.parsing import parse_settings
from dafeng.common.v1 import common_pb2
from dafeng.report.v1 import report_pb2

# GB/T 2589-2020: 29.3076 GJ a tonne of standard coal, here ten thousand tonnes.
GJ_PER_WAN_TCE: Final = 293_076.0
# Links below this share of all energy are folded, as on the page.
_FOLDED_SHARE: Final = 0.005


def flow(
    region: RegionId,
    years: Annotated[
        list[int] | None, typer.Option("--year", help="Calendar year; repeat. Default: 2030.")
    ] = None,
    scenario: BaselineName = "planned",
    settings: SettingTexts = None,
    every: Annotated[bool, typer.Option("--all", help="Also links below 0.5 % of all energy.")] = False,
    json_file: JsonFile = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write every link, GJ, to this file.")
    ] = None,
    address: Address = "",
) -> None:
    """Show the energy flow: carriers, conversion, what is delivered, who uses it and what is lost."""
    with translated_errors():
        chosen = parse_settings(settings or ())
    frame = common_pb2.Frame(region=region)
    asked = common_pb2.Scenario(name=scenario, baseline=scenario, settings=chosen)
    with connected(address) as client:
        with status("能流 energy flow"):
            found = client.reports.energy_flow(frame, asked, years or ())
        _table(found, every=every)
        if json_file is not None:
            write_json(json_file, found)
        if csv_file is not None:
            head = ("from", "to", *(f"{y}_gj" for y in found.years))
            write_rows(csv_file, [head, *((k.from_node, k.to_node, *k.energy_gj) for k in found.links)])


def _table(found: report_pb2.ReportEnergyFlowResponse, *, every: bool) -> None:
    names = {n.node_id: f"{n.label.zh} {n.label.en}" for n in found.nodes}
    first = {n.node_id for n in found.nodes if n.column == 0}
    totals = [
        sum(k.energy_gj[y] for k in found.links if k.from_node in first) for y in range(len(found.years))
    ]
    shown = [
        k
        for k in found.links
        if every or any(v >= _FOLDED_SHARE * total for v, total in zip(k.energy_gj, totals, strict=True))
    ]
    table(
        "能流 energy flow, 万tce (10,000 t of standard coal; 电力按当量值 electricity at its heat value)",
        ("来源 from", "去向 to", *map(str, found.years)),
        [
            (names[k.from_node], names[k.to_node], *(number(v / GJ_PER_WAN_TCE) for v in k.energy_gj))
            for k in shown
        ]
        + [("合计 all carriers", "", *(number(v / GJ_PER_WAN_TCE) for v in totals))],
        right=range(2, 2 + len(found.years)),
    )
    if len(shown) < len(found.links):
        out.print(
            f"  略去 {len(found.links) - len(shown)} 条小于 0.5 % 的能流 smaller links left out; --all shows them",
            highlight=False,
        )
