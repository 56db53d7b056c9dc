"""`dafeng charging`: hourly load of charging vehicles of the caller's own, uncontrolled and controlled."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import fill_message, write_json, write_rows
from dafeng.cli.options import Address, HourlyJsonFile
from dafeng.cli.output import hour_text, number, out, status, table
from dafeng.cli.weather import hours_column
from dafeng.transport.v1 import charging_pb2

EXAMPLE = "Example: dafeng charging docs/examples/charging_suzhou.json --csv out/"
PLACE_COLUMNS = ("车队 fleet", "场所 place", "MWh", "最高 peak MW")
GROUP_COLUMNS = (
    "车队 fleet",
    "MWh",
    "最高 MW",
    "同时率",
    "转移",
    "放电 back",
    "回充 for",
)
_BAR = 16
_DAY = 24
_MOST_PLOTTED = 20


def charging(
    file: Annotated[
        Path, typer.Argument(help="The vehicles as JSON (dafeng.transport.v1.ChargingProfileRequest).")
    ],
    json_file: HourlyJsonFile = None,
    csv_dir: Annotated[
        Path | None,
        typer.Option("--csv", help="Write places.csv, groups.csv, days.csv and hours.csv into this folder."),
    ] = None,
    address: Address = "",
) -> None:
    """Spread the charging of your vehicles over a year, and let control fill the valleys."""
    with translated_errors():
        request = charging_pb2.ChargingProfileRequest()
        fill_message(file, request)
        asked = json_file is not None or csv_dir is not None
        # The plot of the controlled day needs the hours; of many fleets they would not fit one reply.
        request.with_hours |= asked or len(request.fleets) <= _MOST_PLOTTED
    with connected(address) as client:
        with status("计算充电负荷 charging"):
            reply = client.charging_profile(request)
        table("分场所 by place", PLACE_COLUMNS, _places(reply), right=range(2, 4))
        table(
            "分车队 by fleet: peak over chargers, MWh moved, fed back, charged to feed back",
            GROUP_COLUMNS,
            _groups(reply),
            right=range(1, 7),
        )
        table("合计 all", ("指标 figure", "数值 value"), _totals(reply), right=(1,))
        if reply.controlled_load_mw:
            _plot(reply)
        for note in reply.notes:
            out.print(f"注 note: {note}", highlight=False, markup=False)
        if json_file is not None:
            write_json(json_file, reply)
        if csv_dir is not None:
            write_tables(csv_dir, reply)


def _places(reply: charging_pb2.ChargingProfileResponse) -> Iterable[Sequence[str]]:
    for s in reply.series:
        yield escape(s.fleet_id), escape(s.place), number(s.energy_mwh), number(s.peak_mw)


def _groups(reply: charging_pb2.ChargingProfileResponse) -> Iterable[Sequence[str]]:
    for g in reply.groups:
        yield (
            escape(g.fleet_id),
            number(g.energy_mwh),
            number(g.peak_mw),
            f"{100 * g.coincidence_share:.1f} %",
            number(g.moved_mwh),
            number(g.fed_back_mwh),
            number(g.charged_to_feed_back_mwh),
        )


def _totals(reply: charging_pb2.ChargingProfileResponse) -> Iterable[Sequence[str]]:
    yield "电量 energy, MWh", number(reply.energy_mwh)
    yield "无序最高 uncontrolled peak, MW", f"{number(reply.peak_mw)} ({hour_text(reply.peak_hour)})"
    yield "有序最高 controlled peak, MW", number(reply.controlled_peak_mw)
    if reply.system_peak_mw:
        yield "叠加最高 peak with base load, MW", number(reply.system_peak_mw)
        yield "有序叠加最高 the same controlled, MW", number(reply.controlled_system_peak_mw)


def mean_weekday_mw(load_mw: Sequence[float]) -> list[float]:
    """Mean load of Mondays to Fridays by hour; the year begins on a Wednesday."""
    days = [d for d in range(len(load_mw) // _DAY) if (d + 2) % 7 < 5]
    return [sum(load_mw[d * _DAY + h] for d in days) / len(days) for h in range(_DAY)]


def _plot(reply: charging_pb2.ChargingProfileResponse) -> None:
    """Mean day from Monday to Friday as bars."""
    before, after = mean_weekday_mw(reply.load_mw), mean_weekday_mw(reply.controlled_load_mw)
    top = max(*before, *after, 1e-9)

    def bar(value: float) -> str:
        return ("█" if value >= 0 else "-") * round(_BAR * abs(value) / top)

    rows = [
        (f"{h:02d}", number(before[h]), bar(before[h]), number(after[h]), bar(after[h])) for h in range(_DAY)
    ]
    table(
        "周一至周五平均日 mean day, Monday to Friday, MW: uncontrolled, controlled",
        ("时 h", "无序 free", "", "有序 led", ""),
        rows,
        right=(0, 1, 3),
    )


def write_tables(folder: Path, reply: charging_pb2.ChargingProfileResponse) -> None:
    """places.csv, groups.csv, days.csv (mean days by type and hour), hours.csv (every hour), MW and MWh."""
    rows = [(s.fleet_id, s.place, s.energy_mwh, s.peak_mw) for s in reply.series]
    write_rows(folder / "places.csv", [("fleet_id", "place", "energy_mwh", "peak_mw"), *rows])
    names = [f.name for f in charging_pb2.ChargingGroup.DESCRIPTOR.fields]
    write_rows(folder / "groups.csv", [names, *([getattr(g, n) for n in names] for g in reply.groups)])
    types = ("weekday", "weekend", "holiday")
    days = [(t, h, reply.mean_day_mw[i * _DAY + h]) for i, t in enumerate(types) for h in range(_DAY)]
    write_rows(folder / "days.csv", [("day_type", "hour", "load_mw"), *days])
    header = ("time", "load_mw", "controlled_load_mw", *(f"{s.fleet_id}_{s.place}_mw" for s in reply.series))
    columns = (reply.load_mw, reply.controlled_load_mw, *(s.load_mw for s in reply.series))
    write_rows(folder / "hours.csv", [header, *zip(hours_column(), *columns, strict=True)])
