"""`dafeng solve`: which settings of levers meet which goals, and what stands in conflict."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dafeng.areas.solve import knob, metric_goal, target_goal
from dafeng.cli.connection import EXIT_TARGETS_MISSED, connected, translated_errors
from dafeng.cli.files import fill_message, read_message, write_json
from dafeng.cli.options import Address, BaselineName, JsonFile, RegionId
from dafeng.cli.output import number, out, progress, table
from dafeng.cli.parsing import parse_settings
from dafeng.client import InvalidInputError, Violation
from dafeng.common.v1 import common_pb2
from dafeng.solve.v1 import solve_pb2

EXAMPLE = (
    "Example: dafeng solve jiangsu --lever power.offshore_wind_capacity@2030 --lever drivers.carbon_price@2030 "
    '--goal JSP-33 --goal "account.territorial_tco2@2030<=650e6"'
)
KnobTexts = Annotated[
    list[str] | None,
    typer.Option("--lever", help="id@year[:low..high], id:city@year, or id (a constant). Repeatable."),
]
StartTexts = Annotated[
    list[str] | None,
    typer.Option("--set", help="lever=value@year of the scenario to start from. Repeatable."),
]
LimitSeconds = Annotated[float, typer.Option("--time-limit", help="Seconds; 0 takes 60.")]
KNOB_COLUMNS = ("抓手 lever", "年 year", "前 before", "后 after", "范围 range", "单位 unit", "说明 note")
GOAL_COLUMNS = ("目标 goal", "年 year", "要求 asked", "前 before", "后 after", "达成 met", "乘子 multiplier")
_LEVER = re.compile(r"^(?P<id>[\w.]+)(:(?P<place>\w+))?(@(?P<year>\d{4}))?(:(?P<low>.*)\.\.(?P<high>.*))?$")
_GOAL = re.compile(r"^(?P<id>[\w.]+)(:(?P<place>\w+))?@(?P<year>\d{4})\s*(?P<sense><=|>=)\s*(?P<number>\S+)$")
_OBJECTIVES = ("least_change", "few_levers", "least_cost")
_SHORTFALLS = ("squares", "sum", "worst")
_STATUS = {
    solve_pb2.SOLVE_STATUS_MET: "求解的目标全部达成 every goal that was searched is met",
    solve_pb2.SOLVE_STATUS_ALREADY_MET: "无需调整，目标已达成 met as it is: nothing is moved",
    solve_pb2.SOLVE_STATUS_NEAREST: "不能全部达成，给出最近点 not every goal can be met: the nearest point",
    solve_pb2.SOLVE_STATUS_NOTHING_SEARCHED: "没有可求解的目标 no goal could be searched",
}


def solve(
    region: RegionId,
    levers_file: Annotated[
        Path | None,
        typer.Option(
            "--levers", help="A whole request as JSON (dafeng.solve.v1.SolveRequest); options add to it."
        ),
    ] = None,
    lever: KnobTexts = None,
    goal: Annotated[
        list[str] | None,
        typer.Option(
            "--goal", help="A target id, or metric@year<=number, metric:city@year>=number. Repeatable."
        ),
    ] = None,
    objective: Annotated[
        str, typer.Option("--objective", help="least_change, few_levers or least_cost.")
    ] = "",
    shortfall: Annotated[
        str, typer.Option("--shortfall", help="When not all can be met: squares, sum or worst.")
    ] = "",
    scenario: BaselineName = "",
    settings: StartTexts = None,
    limit: LimitSeconds = 0.0,
    apply_file: Annotated[
        Path | None,
        typer.Option("--apply", help="Write the settings found, for `dafeng project --settings FILE`."),
    ] = None,
    json_file: JsonFile = None,
    address: Address = "",
) -> None:
    """Find the least change of chosen levers that meets chosen goals; exit code 4 when not every goal is met."""
    with translated_errors():
        request = _request(region, levers_file, lever or (), goal or (), objective, shortfall)
        if scenario:
            request.scenario.baseline = scenario
        request.scenario.settings.extend(parse_settings(settings or ()))
        if limit:
            request.time_limit_seconds = limit
    with connected(address) as client, progress("求解 solving") as tell:
        result = client.solving.solve(request, tell)
    _print(result)
    if apply_file is not None:
        write_settings(apply_file, result.settings)
    if json_file is not None:
        write_json(json_file, result)
    if not all(g.met_after for g in result.goals):
        raise typer.Exit(EXIT_TARGETS_MISSED)


def write_settings(path: Path, settings: Iterable[common_pb2.LeverSetting]) -> None:
    """Write lever settings as JSON, for `--settings`."""
    scenario = common_pb2.Scenario(settings=settings)
    write_json(path, scenario)


def read_settings(path: Path | None) -> list[common_pb2.LeverSetting]:
    """Lever settings of a file that --apply wrote. InvalidInputError lists what cannot be read."""
    if path is None:
        return []
    scenario = common_pb2.Scenario()
    fill_message(path, scenario)
    return list(scenario.settings)


def _request(
    region: str,
    file: Path | None,
    levers: Sequence[str],
    goals: Sequence[str],
    objective: str,
    shortfall: str,
) -> solve_pb2.SolveRequest:
    """The request of a file and of options. InvalidInputError lists everything that cannot be read."""
    request = solve_pb2.SolveRequest()
    wrong = list(read_message(file, request)) if file is not None else []
    request.frame.region = region
    knobs, faults = read_knobs(levers)
    request.knobs.extend(knobs)
    wrong += faults
    asked, faults = read_goals(goals)
    request.goals.extend(asked)
    wrong += faults
    wrong += _choose(request, "objective", objective, _OBJECTIVES)
    wrong += _choose(request, "shortfall", shortfall, _SHORTFALLS)
    if wrong:
        raise InvalidInputError("the request cannot be read", tuple(wrong))
    return request


def read_knobs(levers: Sequence[str]) -> tuple[list[solve_pb2.Knob], list[Violation]]:
    """Knobs written as id@year, id@year:low..high, id:city@year or id, and what cannot be read."""
    knobs, wrong = [], []
    for text in levers:
        found = _LEVER.match(text.replace(" ", ""))
        bounds = [_float(found[name]) for name in ("low", "high")] if found else []
        if found is None or any(b != b for b in bounds if b is not None):
            wrong.append(Violation("--lever", f"{text!r}: write id@year, id@year:low..high or id:city@year"))
            continue
        year, place = int(found["year"] or 0), found["place"] or ""
        knobs.append(knob(found["id"], year, bounds[0], bounds[1], place=place))
    return knobs, wrong


def read_goals(goals: Sequence[str]) -> tuple[list[solve_pb2.Goal], list[Violation]]:
    """Goals written as a target id, metric@year<=number or metric:city@year>=number, and what cannot be read."""
    asked, wrong = [], []
    for text in goals:
        compared = _GOAL.match(text.replace(" ", ""))
        if compared is None:
            if any(sign in text for sign in "<>=@"):
                wrong.append(Violation("--goal", f"{text!r}: write a target id or metric@year<=number"))
            else:
                asked.append(target_goal(text))
            continue
        value = _float(compared["number"])
        if value is None or value != value:
            wrong.append(Violation("--goal", f"{text!r}: {compared['number']!r} is not a number"))
            continue
        side = {"at_most": value} if compared["sense"] == "<=" else {"at_least": value}
        place = compared["place"] or ""
        asked.append(metric_goal(compared["id"], int(compared["year"]), place=place, **side))
    return asked, wrong


def _choose(
    request: solve_pb2.SolveRequest, name: str, given: str, allowed: Sequence[str]
) -> list[Violation]:
    if not given:
        return []
    if given not in allowed:
        return [Violation(f"--{name}", f"{given!r}; allowed: {', '.join(allowed)}")]
    setattr(request, name, getattr(solve_pb2, f"SOLVE_{name.upper()}_{given.upper()}"))
    return []


def _float(text: str | None) -> float | None:
    """The number, None when there is none, NaN when it is not one."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _print(result: solve_pb2.SolveResult) -> None:
    table("抓手 levers", KNOB_COLUMNS, (knob_row(k) for k in result.knobs), right=(2, 3))
    table("目标 goals", GOAL_COLUMNS, (_goal_row(g) for g in result.goals), right=(3, 4, 6))
    for conflict in result.conflicts:
        proof = "已证明 proved" if conflict.proved else "未证明 not proved"
        out.print(f"冲突 conflict ({proof}): {', '.join(conflict.goal_ids)}", highlight=False, markup=False)
    text = [_STATUS.get(result.status, "")]
    if not result.complete:
        text.append("时限已到，为目前最好 time limit: best so far")
    text.append(
        "已全程复核 checked on every year" if result.verified else "复核不一致 the whole projection differs"
    )
    if result.HasField("cost_change_cny"):
        text.append(
            f"系统成本变化 system cost {result.cost_change_cny / 1e8:+.1f} 亿元 1e8 CNY in {result.cost_year}"
        )
    text.append(f"运行 {result.run_count} runs")
    left = [g.goal_id for g in result.goals if not g.searched and not g.met_after]
    if left:
        text.append(f"未求解且未达成 not searched and not met: {', '.join(left)}")
    out.print("；".join(text), highlight=False, markup=False)


def knob_row(k: solve_pb2.KnobResult) -> Sequence[str]:
    place = f":{k.place}" if k.place else ""
    return (
        f"{k.lever_id}{place}\n{k.label.zh} {k.label.en}",
        str(k.year or ""),
        f"{k.before:.4g}",
        f"{k.after:.4g}" if k.after != k.before else "–",
        f"{k.low:g}..{k.high:g}",
        k.unit,
        k.reason,
    )


def _goal_row(g: solve_pb2.GoalResult) -> Sequence[str]:
    sign = "≥" if g.sense == solve_pb2.GOAL_SENSE_AT_LEAST else "≤"
    met = "是 yes" if g.met_after else "否 no"
    return (
        f"{g.goal_id}\n{g.label.zh} {g.label.en}",
        str(g.year),
        f"{sign} {g.number:g} {g.unit}",
        number(g.before) if g.HasField("before") else "",
        number(g.after) if g.HasField("after") else "",
        met if g.searched else f"{met}；{g.reason}",
        f"{g.multiplier:.3g}" if g.multiplier else "",
    )
