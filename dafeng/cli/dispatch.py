"""`dafeng dispatch`: the least-cost schedule of a fleet of the caller's own, from a file."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from google.protobuf.message import Message
from rich.markup import escape

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import read_columns, read_message, write_json, write_rows
from dafeng.cli.options import Address
from dafeng.cli.output import number, out, status, table
from dafeng.client import InvalidInputError, Violation
from dafeng.power.v1 import dispatch_pb2, modes_pb2

EXAMPLE = (
    "Example: dafeng dispatch docs/examples/city_week.json --series docs/examples/city_week.csv --csv out/"
)
LOAD_COLUMN = "load_mw"
# Units shown one by one; the rest of a larger fleet is one row, and whole in units.csv.
SHOWN_UNITS = 40
UNIT_COLUMNS = (
    "机组 unit",
    "group",
    "MWh",
    "满发小时 full-load h",
    "弃电 curtailed MWh",
    "成本 cost CNY",
    "CO2 t",
)
STORE_COLUMNS = ("储能 store", "充 charged MWh", "放 discharged MWh", "循环 cycles", "start MWh", "end MWh")
METHODS = {
    dispatch_pb2.DISPATCH_METHOD_MERIT_ORDER: "优先次序 merit order, exact without stores",
    dispatch_pb2.DISPATCH_METHOD_EXACT_WALK: "单储能精确解 exact walk of one store",
    dispatch_pb2.DISPATCH_METHOD_WALKS_IN_TURN: "储能逐个求解 stores in turn by exact walks",
    dispatch_pb2.DISPATCH_METHOD_INTERIOR_POINT: "联合内点法 all stores together, interior point",
    dispatch_pb2.DISPATCH_METHOD_LINEAR_PROGRAMME: "线性规划 linear programme",
}


class Mode(StrEnum):
    """How hard to search."""

    FAST = "fast"
    ACCURATE = "accurate"


MODES = {Mode.FAST: modes_pb2.DISPATCH_MODE_FAST, Mode.ACCURATE: modes_pb2.DISPATCH_MODE_ACCURATE}


def dispatch(
    file: Annotated[Path, typer.Argument(help="The fleet as JSON (dafeng.power.v1.DispatchInstance).")],
    series: Annotated[
        Path | None,
        typer.Option(
            help="CSV with a column for each series by its id; load_mw is the load, time is left out."
        ),
    ] = None,
    mode: Annotated[Mode, typer.Option(help="How hard to search with two and more stores.")] = Mode.ACCURATE,
    gap: Annotated[
        float | None,
        typer.Option(help="Certified gap above which a slower method takes over, share, for example 0.001."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the whole result with every step as JSON.")
    ] = None,
    csv_dir: Annotated[
        Path | None, typer.Option("--csv", help="Write units.csv, stores.csv, steps.csv into this folder.")
    ] = None,
    address: Address = "",
) -> None:
    """Dispatch a fleet of your own at least cost and print cost, certified gap, units and stores."""
    with translated_errors():
        instance = read_instance(file, series)
    with connected(address) as client:
        with status("计算调度 dispatching"):
            with_steps = json_file is not None or csv_dir is not None
            result = client.dispatch(
                instance, mode=MODES[mode], with_steps=with_steps, gap_tolerance_share=gap
            )
        report(instance, result)
        if json_file is not None:
            write_json(json_file, result)
        if csv_dir is not None:
            write_tables(csv_dir, instance, result)


def read_instance(file: Path, series: Path | None) -> dispatch_pb2.DispatchInstance:
    """The instance of a JSON file and the series beside it. InvalidInputError lists all that cannot be read."""
    instance = dispatch_pb2.DispatchInstance()
    wrong = read_message(file, instance, "instance")
    columns, unread = read_columns(series) if series is not None else ({}, [])
    wrong += unread
    known = {s.series_id for s in instance.series}
    for name, values in columns.items():
        if name in known or (name == LOAD_COLUMN and instance.load_mw):
            wrong.append(Violation(name, f"is given in {file} and in {series}"))
        elif name == LOAD_COLUMN:
            instance.load_mw.extend(values)
        else:
            instance.series.add(series_id=name, values=values)
    if wrong:
        raise InvalidInputError("files cannot be read", tuple(wrong))
    return instance


def report(instance: dispatch_pb2.DispatchInstance, result: dispatch_pb2.DispatchResult) -> None:
    """Headline, units, stores."""
    hours = instance.step_hours if instance.HasField("step_hours") else 1.0
    title = f"{escape(result.name) or '调度 dispatch'} ({len(instance.load_mw)} 步 steps × {hours:g} h)"
    committed = any(g.HasField("commitment") for g in instance.generators)
    table(title, ("指标 figure", "数值 value"), [*_money(result, committed), *_energy(result, hours)])
    table("机组与线路 units and lines", UNIT_COLUMNS, _unit_rows(result.units), right=range(2, 7))
    if result.storages:
        table(
            "储能与柔性负荷 stores and flexible loads", STORE_COLUMNS, _store_rows(result), right=range(1, 6)
        )
    out.print(
        f"digest {result.digest[:12]}; model {result.revision.model_version}", style="dim", highlight=False
    )


def _money(result: dispatch_pb2.DispatchResult, committed: bool) -> Iterable[Sequence[str]]:
    yield "成本 cost", f"{number(result.cost_cny)} CNY"
    yield "认证下界 certified lower bound", f"{number(result.lower_bound_cny)} CNY"
    relaxed = ", against relaxed commitment 相对松弛机组组合" if committed else ""
    yield "差距 gap", f"{100 * result.gap_share:.4f} %{relaxed}"
    why = f": {result.method_reason}" if result.method_reason else ""
    yield "方法 method", escape(f"{METHODS.get(result.method, 'not stated')}{why}")
    if result.storages:
        saving = result.cost_without_stores_cny - result.cost_cny
        share = f"at least {100 * result.captured_saving_share:.2f} % of what is possible"
        yield "储能节约 saving by stores", f"{number(saving)} CNY, {share}"
    yield "平均电价 mean price", f"{number(result.mean_price_cny_per_mwh)} CNY/MWh"


def _energy(result: dispatch_pb2.DispatchResult, hours: float) -> Iterable[Sequence[str]]:
    yield "负荷电量 load", f"{number(result.load_mwh)} MWh"
    yield "缺供 unserved", f"{number(result.unserved_mwh)} MWh"
    if result.surplus_mwh:
        yield "过剩 surplus (minimum output above load)", f"{number(result.surplus_mwh)} MWh"
    if result.reserve_short_mwh:
        yield "备用不足 reserve short", f"{number(result.reserve_short_mwh)} MWh"
    step = result.net_peak_step
    at = f"step {step}, hour {step * hours:g}"
    yield "净负荷尖峰 net peak load", f"{number(result.net_peak_load_mw)} MW at {at}"
    ramps = f"+{number(result.net_ramp_up_mw_per_h)} / -{number(abs(result.net_ramp_down_mw_per_h))} MW/h"
    yield "净负荷爬坡 net load ramps", ramps
    c = result.curtailment
    total = c.oversupply_mwh + c.imports_mwh + c.minimum_output_mwh
    causes = (
        f": oversupply 供大于求 {number(c.oversupply_mwh)}, contracts 外来电 {number(c.imports_mwh)}, "
        f"minimum output 最小出力 {number(c.minimum_output_mwh)}"
    )
    yield "弃电 curtailed", f"{number(total)} MWh{causes if total else ''}"
    grams = 1e3 * result.energy_tco2 / result.load_mwh if result.load_mwh else 0.0
    yield "CO2", f"{number(result.energy_tco2)} t, {number(grams)} g/kWh of load"


def _unit_rows(units: Sequence[dispatch_pb2.UnitResult]) -> list[Sequence[str]]:
    by_energy = sorted(range(len(units)), key=lambda i: -units[i].energy_mwh)
    shown = sorted(by_energy[:SHOWN_UNITS])
    rows = [_unit_row(escape(units[i].unit_id), escape(units[i].group), [units[i]]) for i in shown]
    rest = [units[i] for i in by_energy[SHOWN_UNITS:]]
    if rest:
        rows.append(_unit_row(f"其余 {len(rest)} 台 others (all in --csv)", "", rest))
    return [*rows, _unit_row("合计 sum", "", units)]


def _unit_row(name: str, group: str, units: Sequence[dispatch_pb2.UnitResult]) -> Sequence[str]:
    return (
        name,
        group,
        number(sum(u.energy_mwh for u in units)),
        number(units[0].full_load_hours) if len(units) == 1 else "",
        number(sum(u.curtailed_mwh for u in units)),
        number(sum(u.cost_cny for u in units)),
        number(sum(u.energy_tco2 for u in units)),
    )


def _store_rows(result: dispatch_pb2.DispatchResult) -> Iterable[Sequence[str]]:
    for s in result.storages:
        moved = (number(s.charged_mwh), number(s.discharged_mwh), f"{s.cycles_count:.2f}")
        yield escape(s.storage_id), *moved, number(s.start_mwh), number(s.end_mwh)


def write_tables(
    folder: Path, instance: dispatch_pb2.DispatchInstance, result: dispatch_pb2.DispatchResult
) -> None:
    """units.csv, stores.csv and steps.csv; units stand in the headers."""
    write_rows(folder / "units.csv", _records(dispatch_pb2.UnitResult, result.units))
    write_rows(folder / "stores.csv", _records(dispatch_pb2.StorageResult, result.storages))
    header = ("step", LOAD_COLUMN, *(s.series_id for s in result.series))
    columns = (instance.load_mw, *(s.values for s in result.series))
    steps = range(len(instance.load_mw))
    write_rows(folder / "steps.csv", [header, *zip(steps, *columns, strict=True)])


def _records(kind: type[Message], messages: Iterable[Message]) -> list[Sequence[object]]:
    names = [field.name for field in kind.DESCRIPTOR.fields]
    return [names, *([getattr(m, name) for name in names] for m in messages)]
