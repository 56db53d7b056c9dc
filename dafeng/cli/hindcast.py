"""`dafeng hindcast`: past years, projected with what was known then, beside what was observed."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.connection import connected
from dafeng.cli.files import INTERNAL_MARK, write_json, write_rows
from dafeng.cli.options import Address, BaselineName, JsonFile, RegionId
from dafeng.cli.output import grade_text, out, status, table
from dafeng.cli.parsing import place_asked
from dafeng.projection.v1 import projection_pb2

COLUMNS = ("quantity", "modelled", "statistic", "unit", "difference", "grade", "source", "note")


def hindcast(
    region: RegionId,
    as_of: Annotated[int, typer.Option("--as-of", help="Hide observations after this year.")] = 2020,
    last_year: Annotated[int, typer.Option("--to", help="Last year compared.")] = 2025,
    scenario: BaselineName = "planned",
    json_file: JsonFile = None,
    csv_dir: Annotated[
        Path | None, typer.Option("--csv", help="Write hindcast.csv into this folder.")
    ] = None,
    address: Address = "",
) -> None:
    """Project past years with what was known in a year and print every statistic beside the model."""
    with connected(address) as client:
        place, _ = place_asked(client, region)
        with status("回测 hindcast"):
            reply = client.check_hindcast(place, as_of, last_year, scenario)
        report(reply)
        if json_file is not None:
            write_json(json_file, reply)
        if csv_dir is not None:
            _write_csv(csv_dir / "hindcast.csv", reply)


def report(reply: projection_pb2.CheckHindcastResponse) -> None:
    """One table a year, notes below."""
    notes = list(dict.fromkeys(f"{r.remark.zh} {r.remark.en}" for r in reply.rows if r.remark.en))
    rows = sorted(reply.rows, key=lambda r: r.year)
    for year, group in groupby(rows, key=lambda r: r.year):
        held = list(group)
        seen = "模型未见 not seen by the model" if held[0].hidden else "模型已知 known to the model"
        table(f"{year} ({seen})", COLUMNS, [_cells(r, notes) for r in held], right=(1, 2, 4))
    for number, note in enumerate(notes, start=1):
        out.print(f"  ({number}) {note}", highlight=False, markup=False)
    out.print(
        f"{reply.baseline}, as of {reply.as_of_year}; 等级 grades: A official, B literature, C estimate; "
        f"digest {reply.digest[:12]}; {INTERNAL_MARK}",
        style="dim",
        highlight=False,
    )


def _cells(row: projection_pb2.HindcastRow, notes: Sequence[str]) -> Sequence[str]:
    remark = f"{row.remark.zh} {row.remark.en}"
    return (
        f"{row.label.zh} {row.label.en}",
        _number(row.modelled) if row.HasField("modelled") else "-",
        _number(row.statistic),
        escape(row.unit),
        f"{100 * row.difference_share:+.1f} %" if row.HasField("difference_share") else "-",
        grade_text(row.provenance.grade),
        row.provenance.source,
        f"({notes.index(remark) + 1})" if remark in notes else "",
    )


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 1 else f"{value:.1f}" if abs(value) < 1e4 else f"{value:.0f}"


def _write_csv(path: Path, reply: projection_pb2.CheckHindcastResponse) -> None:
    names = ("quantity", "group", "year", "modelled", "statistic", "unit", "difference_share")
    lines: list[Sequence[object]] = [
        (*names, "grade", "source", "hidden", "label_zh", "label_en", "remark_en")
    ]
    for row in reply.rows:
        lines.append(
            (
                row.quantity,
                row.group,
                row.year,
                row.modelled if row.HasField("modelled") else "",
                row.statistic,
                row.unit,
                row.difference_share if row.HasField("difference_share") else "",
                grade_text(row.provenance.grade),
                row.provenance.source,
                row.hidden,
                row.label.zh,
                row.label.en,
                row.remark.en,
            )
        )
    lines.append((f"# {reply.baseline}, as of {reply.as_of_year}; internal, not for publication",))
    write_rows(path, lines)
