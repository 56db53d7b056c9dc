"""`dafeng trace`: where a number comes from, as a tree."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import INTERNAL_MARK, write_json
from dafeng.cli.options import Address, BaselineName, PlaceId
from dafeng.cli.output import grade_text, number, out, progress, table
from dafeng.cli.parsing import parse_settings, place_asked
from dafeng.client import Client, InvalidInputError
from dafeng.common.v1 import common_pb2
from dafeng.trace.v1 import trace_pb2

_TARGET_ID = re.compile(r"[A-Z]{3}-(\d{2}|S\d)")
GRADE_COLUMNS = ("等级 grade", "数据 figures", "占比 share", "影响占比 share of effect")
EFFECT_COLUMNS = ("抓手 lever", "等级 grade", "取值 value", "冻结值 frozen", "单位 unit", "影响 effect")


def trace(
    region: PlaceId,
    subject: Annotated[
        str,
        typer.Argument(
            help="Metric id (account.territorial_tco2), target id (JSP-06) or field of a projection "
            "(carbon_peaks[0].level_tco2)."
        ),
    ],
    year: Annotated[int, typer.Option(help="Year of the value; 0: a target's own, else the last.")] = 0,
    scenario: BaselineName = "planned",
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A lever: lever=value@year; may be repeated.")
    ] = None,
    factor_set: Annotated[str, typer.Option(help="Emission factors; empty: those in force.")] = "",
    depth: Annotated[int, typer.Option(help="Levels followed and printed; 0: to the documents.")] = 4,
    width: Annotated[int, typer.Option(help="Most branches printed below a node.")] = 12,
    influences: Annotated[
        int,
        typer.Option(help="Levers whose effect is measured one at a time, 0 to 30; takes some tens of runs."),
    ] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the whole trace as JSON to this file.")
    ] = None,
    prov_file: Annotated[
        Path | None, typer.Option("--prov", help="Write the trace as PROV-JSON to this file.")
    ] = None,
    address: Address = "",
) -> None:
    """Trace a number back through stages, levers and parameters to documents and grades.

    The chain of a metric holds all that its sector read for the scenario; which levers move the number itself is told
    by --influences.
    """
    with translated_errors():
        settings = parse_settings(set_ or ())
    with connected(address) as client:
        place, city = place_asked(client, region)
        whole = json_file is not None or prov_file is not None
        request = trace_pb2.GetTraceRequest(
            frame=common_pb2.Frame(region=place, factor_set=factor_set),
            scenario=common_pb2.Scenario(baseline=scenario, settings=settings),
            place=city,
            year=year,
            depth=0 if whole else depth,
            influence_count=influences,
            with_prov=prov_file is not None,
        )
        found = _found(client, request, subject)
    report(found, depth, width)
    if json_file is not None:
        write_json(json_file, found)
    if prov_file is not None:
        prov_file.write_text(found.prov_json, encoding="utf-8")


def report(found: trace_pb2.Trace, depth: int, width: int) -> None:
    """The tree, the grades, the effects and what it was calculated with."""
    nodes = {n.node_id: n for n in found.nodes}
    below: dict[str, list[str]] = {}
    for edge in found.edges:
        below.setdefault(edge.from_id, []).append(edge.to_id)
    lines = [_text(nodes[found.root_id])]
    _grow(lines, "", found.root_id, nodes, below, depth or len(nodes), width, set())
    for line in lines:
        out.print(line, markup=False, highlight=False)
    rows = [_grade_row(g) for g in found.grades]
    table("依据等级 what it rests on", GRADE_COLUMNS, rows, right=(1, 2, 3))
    if found.influences:
        effects = [_effect_row(i) for i in found.influences]
        table("逐项影响 effects one at a time, against frozen", EFFECT_COLUMNS, effects, right=(2, 3, 5))
    manifest = found.manifest
    out.print(
        f"最差等级 worst grade {grade_text(found.worst_grade)}; {found.node_count} nodes, {found.edge_count} edges; "
        f"因子集 factors {manifest.factor_set}; 版本 version {manifest.revision.model_version}, "
        f"data {manifest.revision.data_revision[:12]}; digest {manifest.result_digest[:12]}; "
        f"{INTERNAL_MARK}",
        style="dim",
        highlight=False,
    )


def _found(client: Client, request: trace_pb2.GetTraceRequest, subject: str) -> trace_pb2.Trace:
    """A target, a field with an index, a metric, or else a field of a projection."""
    if _TARGET_ID.fullmatch(subject):
        request.target_id = subject
    elif "[" in subject:
        request.field_path = subject
    else:
        request.metric_id = subject
    with progress("溯源 tracing") as tell:
        try:
            return client.trace.get(request, tell)
        except InvalidInputError as error:
            fields = client.trace.field_paths() if request.metric_id else ()
            if subject not in fields or [v.field for v in error.violations] != ["metric_id"]:
                raise
            request.field_path = subject
            return client.trace.get(request, tell)


def _grow(
    lines: list[str],
    margin: str,
    node_id: str,
    nodes: Mapping[str, trace_pb2.TraceNode],
    below: Mapping[str, Sequence[str]],
    depth: int,
    width: int,
    seen: set[str],
) -> None:
    """Branches of a node; what stands above it already is not opened again."""
    seen.add(node_id)
    children = list(below.get(node_id, ()))
    for i, child in enumerate(children[:width]):
        last = i == len(children) - 1
        lines.append(f"{margin}{'└' if last else '├'}─ {_text(nodes[child])}")
        if depth > 1 and child not in seen:
            _grow(lines, f"{margin}{' ' if last else '│'}  ", child, nodes, below, depth - 1, width, seen)
    if len(children) > width:
        lines.append(f"{margin}└─ … {len(children) - width} more")


def _text(node: trace_pb2.TraceNode) -> str:
    label = node.label.zh if node.label.zh == node.label.en else f"{node.label.zh} {node.label.en}"
    value = f" = {number(node.value)} {node.unit}" if node.HasField("value") else ""
    year = f" ({node.year})" if node.year else ""
    grade = f" [{node.grade}]" if node.grade else ""
    clause = f" {node.clause}" if node.clause else ""
    return f"{node.node_id}  {label}{value}{year}{grade}{clause}"


def _grade_row(share: trace_pb2.GradeShare) -> Sequence[object]:
    effect = f"{100 * share.effect_share:.0f} %" if share.HasField("effect_share") else "-"
    return grade_text(share.grade), share.figure_count, f"{100 * share.figure_share:.0f} %", effect


def _effect_row(one: trace_pb2.Influence) -> Sequence[object]:
    return (
        f"{one.lever_id} {one.label.zh} {one.label.en}",
        grade_text(one.grade),
        number(one.value),
        number(one.frozen_value),
        escape(one.unit),
        number(one.effect),
    )
