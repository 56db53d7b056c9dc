"""`dafeng trade-off`: efficient points between two objectives, each with its settings."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import read_message, write_json
from dafeng.cli.options import Address, BaselineName, JsonFile, RegionId
from dafeng.cli.output import number, out, progress, table
from dafeng.cli.parsing import parse_settings
from dafeng.cli.solve import KnobTexts, LimitSeconds, StartTexts, read_goals, read_knobs, write_settings
from dafeng.client import InvalidInputError, Violation
from dafeng.solve.v1 import solve_pb2

EXAMPLE = (
    "Example: dafeng trade-off jiangsu --lever power.offshore_wind_capacity@2030 "
    "--lever drivers.carbon_price@2030:0..400 "
    "--first account.system_cost_cny@2030 --second account.territorial_tco2@2030 --points 3"
)
_AXIS = re.compile(r"^(?P<id>[\w.]+)(:(?P<place>\w+))?@(?P<year>\d{4})(:(?P<sense>min|max))?$")


def trade_off(
    region: RegionId,
    levers_file: Annotated[
        Path | None,
        typer.Option(
            "--levers", help="A whole request as JSON (dafeng.solve.v1.TradeOffRequest); options add to it."
        ),
    ] = None,
    lever: KnobTexts = None,
    first: Annotated[
        str, typer.Option("--first", help="metric@year, metric:city@year, metric@year:max, or change.")
    ] = "",
    second: Annotated[
        str, typer.Option("--second", help="Likewise; the points are found by limits on it.")
    ] = "",
    goal: Annotated[
        list[str] | None,
        typer.Option("--goal", help="Holds at every point: a target id, or metric@year<=number. Repeatable."),
    ] = None,
    points: Annotated[int, typer.Option("--points", help="Points between the two ends; 0 takes 9.")] = 0,
    scenario: BaselineName = "",
    settings: StartTexts = None,
    limit: LimitSeconds = 0.0,
    apply_point: Annotated[int, typer.Option("--point", help="Point that --apply writes, from 1.")] = 1,
    apply_file: Annotated[
        Path | None,
        typer.Option("--apply", help="Write the settings of a point, for `dafeng project --settings FILE`."),
    ] = None,
    json_file: JsonFile = None,
    address: Address = "",
) -> None:
    """Trade two objectives off: what less of one costs of the other, with the levers of every point."""
    with translated_errors():
        request = _request(region, levers_file, lever or (), goal or (), {"first": first, "second": second})
        if scenario:
            request.scenario.baseline = scenario
        request.scenario.settings.extend(parse_settings(settings or ()))
        request.point_count = points or request.point_count
        request.time_limit_seconds = limit or request.time_limit_seconds
    with connected(address) as client, progress("求解前沿 trading off") as tell:
        result = client.solving.trade_off(request, tell)
    _print(result)
    if json_file is not None:
        write_json(json_file, result)
    if apply_file is not None:
        with translated_errors():
            write_settings(apply_file, _point(result, apply_point).settings)


def _point(result: solve_pb2.TradeOffResult, at: int) -> solve_pb2.FrontEntry:
    if not 1 <= at <= len(result.points):
        fault = Violation("--point", f"no such point: {at}; allowed: 1 to {len(result.points)}")
        raise InvalidInputError("the point cannot be written", (fault,))
    return result.points[at - 1]


def _request(
    region: str, file: Path | None, levers: Sequence[str], goals: Sequence[str], axes: dict[str, str]
) -> solve_pb2.TradeOffRequest:
    """The request of a file and of options. InvalidInputError lists everything that cannot be read."""
    request = solve_pb2.TradeOffRequest()
    wrong = list(read_message(file, request)) if file is not None else []
    request.frame.region = region
    knobs, faults = read_knobs(levers)
    request.knobs.extend(knobs)
    asked, more = read_goals(goals)
    request.goals.extend(asked)
    wrong += faults + more
    for name, text in axes.items():
        if text:
            axis = _axis(text)
            if axis is None:
                wrong.append(
                    Violation(f"--{name}", f"{text!r}: write change, metric@year or metric@year:max")
                )
            else:
                getattr(request, name).CopyFrom(axis)
    if wrong:
        raise InvalidInputError("the request cannot be read", tuple(wrong))
    return request


def _axis(text: str) -> solve_pb2.Axis | None:
    if text == "change":
        return solve_pb2.Axis(change=True)
    found = _AXIS.match(text)
    if found is None:
        return None
    sense = solve_pb2.AXIS_SENSE_MAXIMISE if found["sense"] == "max" else solve_pb2.AXIS_SENSE_MINIMISE
    return solve_pb2.Axis(
        metric_id=found["id"], place=found["place"] or "", year=int(found["year"]), sense=sense
    )


def _print(result: solve_pb2.TradeOffResult) -> None:
    axes = (result.first, result.second)
    knobs = [f"{k.lever_id}{f':{k.place}' if k.place else ''}@{k.year} {k.unit}" for k in result.knobs]
    columns = ("点 point", *(f"{a.label.zh} {a.axis_id} {a.unit}" for a in axes), "替代率 exchange", *knobs)
    rows = (
        (
            str(i),
            number(p.first),
            number(p.second),
            f"{p.exchange:.4g}" if p.exchange else "–",
            *(f"{v:.4g}" for v in p.knob_values),
        )
        for i, p in enumerate(result.points, 1)
    )
    table("前沿 front", columns, rows, right=range(1, len(columns)))
    senses = {"minimise": "越小越好 small is good", "maximise": "越大越好 large is good"}
    text = [f"{a.axis_id}: {senses.get(a.sense, a.sense)}" for a in axes]
    if not result.complete:
        text.append("时限已到，为目前所得 time limit: the points so far")
    checked = all(p.verified for p in result.points)
    text.append("已全程复核 checked on every year" if checked else "复核不一致 the whole projection differs")
    if not all(p.met for p in result.points):
        text.append("有的点未达成目标 some points do not meet every goal")
    text.append(f"运行 {result.run_count} runs")
    out.print("；".join(text), highlight=False, markup=False)
