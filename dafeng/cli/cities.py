"""`dafeng cities`: cities side by side, provincial targets broken down, plans balanced, yearly tasks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dafeng.cities.v1 import cities_pb2
from dafeng.cli.city_options import read_plans, rule_choice
from dafeng.cli.city_tables import optional, print_breakdown, print_notes, shown
from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_json, write_rows
from dafeng.cli.options import Address, BaselineName, RegionId
from dafeng.cli.output import err, number, out, progress, table
from dafeng.cli.parsing import parse_settings
from dafeng.client import Client
from dafeng.common.v1 import common_pb2

EXAMPLE = "Example: dafeng cities jiangsu --break-down JSP-24 --rule gdp"
MT, GW, TWH = 1e6, 1e3, 1e6
_SUFFIXES = {".xlsx": "xlsx", ".csv": "csv"}
_STATUS = {"proposed": "建议 proposed", "short": "有缺口 short", "ahead": "可完成 ahead"}


def cities(
    region: RegionId,
    scenario: BaselineName = "planned",
    set_: Annotated[list[str] | None, typer.Option("--set", help="lever=value@year. Repeatable.")] = None,
    last_year: Annotated[int, typer.Option("--to", help="Last year projected.")] = 2035,
    break_down: Annotated[
        list[str] | None,
        typer.Option("--break-down", help="Target to share out, for example JSP-24. Repeatable."),
    ] = None,
    rule: Annotated[
        str,
        typer.Option(
            help="gdp, population, current, history, potential, ability_to_pay, equal_per_head, equal; "
            "composite as gdp=2,population=1 or entropy:gdp,population."
        ),
    ] = "",
    base_year: Annotated[int, typer.Option(help="Base year; 0 takes 2020.")] = 0,
    over_base: Annotated[bool, typer.Option(help="Share out only the change from the base year.")] = False,
    reserve: Annotated[float, typer.Option(help="Part of an amount the province keeps, 0 to 1.")] = 0.0,
    incentive: Annotated[
        float, typer.Option(help="How much more the incentive tier asks, 0 to 1; 0 for no second tier.")
    ] = 0.0,
    bound: Annotated[
        list[str] | None, typer.Option(help="city=low..high, either may be left out. Repeatable.")
    ] = None,
    plans: Annotated[
        Path | None,
        typer.Option(help="City plans as CSV (city, target, number, author, date, note): balance them."),
    ] = None,
    closing: Annotated[
        str, typer.Option(help="proportional, unused_potential, below_rule_share, reserve_first.")
    ] = "",
    author: Annotated[str, typer.Option(help="Who proposes the adjustments.")] = "",
    date: Annotated[str, typer.Option(help="Date of the adjustments, YYYY-MM-DD.")] = "",
    tasks: Annotated[
        bool, typer.Option(help="Make the yearly task table (of --break-down, or of all).")
    ] = False,
    profile: Annotated[str, typer.Option(help="equal_rate, linear, front, back, own.")] = "",
    done_year: Annotated[int, typer.Option(help="Last year already done; 0 is the base year.")] = 0,
    xlsx: Annotated[Path | None, typer.Option(help="Write the task table as a workbook (or .csv).")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the whole reply as JSON.")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the table as CSV.")] = None,
    address: Address = "",
) -> None:
    """Set the cities side by side, share targets out to them, balance their plans, make yearly tasks."""
    with translated_errors():
        frame = common_pb2.Frame(region=region, first_year=2020, last_year=last_year, weather_year="normal")
        chosen = common_pb2.Scenario(name=scenario, baseline=scenario, settings=parse_settings(set_ or ()))
        choice = rule_choice(rule, bound or (), base_year, over_base, reserve, incentive)
        submitted = read_plans(plans) if plans is not None else []
    with connected(address) as client:
        if tasks or xlsx is not None:
            request = cities_pb2.MakeTaskTableRequest(
                frame=frame,
                scenario=chosen,
                target_ids=break_down or (),
                rule=choice,
                profile=profile,
                done_year=done_year,
            )
            _tasks(client, request, xlsx, json_file, csv_file)
        elif plans is not None:
            balance = cities_pb2.BalancePlansRequest(
                frame=frame,
                scenario=chosen,
                plans=submitted,
                rule=choice,
                closing=closing,
                author=author,
                date=date,
            )
            _balance(client, balance, json_file, csv_file)
        elif break_down:
            _break_down(client, frame, chosen, break_down, choice, json_file, csv_file)
        else:
            _list(client, frame, chosen, json_file, csv_file)


def _list(
    client: Client,
    frame: common_pb2.Frame,
    scenario: common_pb2.Scenario,
    json_file: Path | None,
    csv_file: Path | None,
) -> None:
    with progress("计算城市 cities") as tell:
        found = client.cities.cities(frame, scenario, tell=tell)
    last = len(found.years) - 1
    sectors = [f"{s.label.zh} {s.label.en}" for s in found.cities[0].sectors] if found.cities else []
    head = (
        "城市 city",
        "CO2 Mt",
        "占比 share",
        *sectors,
        "达峰 peak",
        "用电 TWh",
        "负荷 GW",
        "装机 GW",
        "GDP 占比",
        "目标 targets",
    )
    gdp = sum(c.gdp_cny[last] for c in found.cities) or 1.0
    rows: list[tuple[str, ...]] = []
    for c in found.cities:
        capacity = next(
            (f.metric_values[last] for f in c.figures if f.metric_id == "power.total_capacity_mw"), 0.0
        )
        peak = str(c.carbon_peak.year) if c.carbon_peak.in_span else f">{frame.last_year}"
        rows.append(
            (
                f"{c.place.label.zh} {c.place.label.en}",
                number(c.territorial_tco2[last] / MT),
                f"{100 * c.co2_share[last]:.1f} %",
                *(number(s.direct_tco2[last] / MT) for s in c.sectors),
                peak,
                number(c.electricity_mwh[last] / TWH),
                number(c.peak_load_mw[last] / GW),
                number(capacity / GW),
                f"{100 * c.gdp_cny[last] / gdp:.1f} %",
                str(len(c.targets) or ""),
            )
        )
    title = f"城市 cities of {found.region}, {found.baseline}, {found.years[last]}; 单位 Mt CO2"
    table(title, head, rows, right=range(1, len(head)), spare=range(3, 3 + len(found.cities[0].sectors)))
    checks = [
        (
            f"{c.label.zh} {c.label.en}",
            "是 yes" if c.holds else "否 no",
            f"{c.difference_share:.1e}",
            f"{c.remark.zh} {c.remark.en}".strip(),
        )
        for c in found.checks
    ]
    table(
        "各市之和等于全省 cities sum to the province",
        ("指标 figure", "相等 equal", "差 difference", "说明 remark"),
        checks,
    )
    if json_file is not None:
        write_json(json_file, found)
    if csv_file is not None:
        write_rows(csv_file, [head, *rows])


def _break_down(
    client: Client,
    frame: common_pb2.Frame,
    scenario: common_pb2.Scenario,
    target_ids: Sequence[str],
    choice: cities_pb2.RuleChoice,
    json_file: Path | None,
    csv_file: Path | None,
) -> None:
    lines: list[tuple[object, ...]] = [
        ("target", "city", "unit", "number", "incentive", "base", "projected", "margin")
    ]
    for target_id in target_ids:
        with progress(f"分解 {target_id}") as tell:
            found = client.cities.break_down(frame, scenario, target_id, choice, tell=tell)
        print_breakdown(found)
        for c in found.cities:
            others = (optional(c, n) for n in ("incentive_number", "base", "projected", "margin"))
            lines.append((target_id, c.place.place_id, found.unit, c.number, *others))
        if json_file is not None:
            at = json_file if len(target_ids) == 1 else json_file.with_stem(f"{json_file.stem}_{target_id}")
            write_json(at, found)
    if csv_file is not None:
        write_rows(csv_file, lines)


def _balance(
    client: Client, request: cities_pb2.BalancePlansRequest, json_file: Path | None, csv_file: Path | None
) -> None:
    with progress("综合平衡 balancing") as tell:
        found = client.cities.balance(request, tell)
    head = (
        "城市 city",
        "计划 plan",
        "按规则 by rule",
        "差 against",
        "潜力 potential",
        "调整 adjustment",
        "调整后 adjusted",
    )
    lines: list[tuple[object, ...]] = [
        ("target", "city", "plan", "by_rule", "adjustment", "adjusted", "author", "date")
    ]
    for t in found.targets:
        b = t.breakdown
        rows = [
            (
                line.place,
                shown(optional(line, "plan")),
                number(line.by_rule),
                shown(optional(line, "against_rule")),
                shown(optional(line, "potential")),
                f"{line.adjustment:+.4g}" if line.adjustment else "0",
                number(line.adjusted),
            )
            for line in t.lines
        ]
        table(
            f"综合平衡 balance {b.target_id} {b.label.zh} {b.label.en}, {b.unit}",
            head,
            rows,
            right=range(1, 7),
        )
        out.print(
            f"省目标 province {b.to_share:.6g}; 计划合计 plans {t.planned:.6g}; 缺口 gap {t.gap:.6g}; "
            f"动用预留 reserve {t.from_reserve:.6g}; 余缺 left {t.left:.6g}; {t.closing}",
            highlight=False,
        )
        print_notes((*b.notes, *t.notes))
        for line in t.lines:
            own = (
                optional(line, "plan"),
                line.by_rule,
                line.adjustment,
                line.adjusted,
                line.author,
                line.date,
            )
            lines.append((b.target_id, line.place, *own))
    if json_file is not None:
        write_json(json_file, found)
    if csv_file is not None:
        write_rows(csv_file, lines)


def _tasks(
    client: Client,
    request: cities_pb2.MakeTaskTableRequest,
    xlsx: Path | None,
    json_file: Path | None,
    csv_file: Path | None,
) -> None:
    with progress("分年度任务 yearly tasks") as tell:
        found = client.cities.tasks(request, tell)
    head = (
        "地区 place",
        "部门 department",
        "指标 indicator",
        "单位 unit",
        *map(str, found.years),
        "状态 status",
    )
    printed = [r for r in found.rows if r.place == found.region or len(request.target_ids) == 1]
    rows = [
        (
            r.place_label.zh,
            r.department.zh,
            f"{r.target_id} {r.indicator.zh}",
            r.unit,
            *(f"{v:g}" if has else "" for v, has in zip(r.task_values, r.has_task, strict=True)),
            _STATUS.get(r.status, r.status),
        )
        for r in printed
    ]
    table(
        f"分年度目标任务 yearly tasks ({len(found.rows)} 行 rows; 全省行 province's rows shown)",
        head,
        rows,
        right=range(4, 4 + len(found.years)),
    )
    for item in found.left_out:
        err.print(
            f"未列入 left out {item.target_id}: {item.reason.zh} {item.reason.en}",
            highlight=False,
            markup=False,
        )
    for path in (xlsx, csv_file):
        if path is not None:
            _write(path, client.cities.export_tasks(found, _SUFFIXES.get(path.suffix, "xlsx")))
    if json_file is not None:
        write_json(json_file, found)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
    out.print(f"written 已写入 {path}", highlight=False, markup=False)
