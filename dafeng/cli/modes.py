"""`dafeng modes`: how freight and passenger markets of the caller's own split between modes, from a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import fill_message, write_json, write_rows
from dafeng.cli.options import Address, JsonFile
from dafeng.cli.output import number, out, status, table
from dafeng.transport.v1 import modes_pb2

EXAMPLE = "Example: dafeng modes docs/examples/modes_nantong.json --csv out/"
FREIGHT_COLUMNS = (
    "方式 mode",
    "费用 CNY/tkm",
    "份额 share %",
    "周转量 Mtkm",
    "自弹性 own",
    "tCO2",
)
PASSENGER_COLUMNS = (
    "方式 mode",
    "份额 share %",
    "百万人次 M trips",
    "百万人公里 Mpkm",
    "百万车公里 Mvkm",
)
SHARE_ROWS = (
    ("绿色出行 green travel", "green_share"),
    ("不计电动自行车 without e-bikes", "green_without_ebike_share"),
    ("公交机动化分担 public in motorised", "public_motorised_share"),
)


def modes(
    file: Annotated[
        Path, typer.Argument(help="The markets as JSON (dafeng.transport.v1.SplitModesRequest).")
    ],
    json_file: JsonFile = None,
    csv_dir: Annotated[
        Path | None, typer.Option("--csv", help="Write freight.csv and passengers.csv into this folder.")
    ] = None,
    address: Address = "",
) -> None:
    """Split freight and trips of your own between modes, before and after changes of cost and time."""
    request = modes_pb2.SplitModesRequest()
    with translated_errors():
        fill_message(file, request)
    with connected(address) as client:
        with status("计算方式分担 splitting modes"):
            reply = client.split_modes(request)
        for market in reply.freight:
            title = f"{escape(market.market_id)}: 可转移 contestable {market.contestable_share:.0%}"
            table(f"货运 freight {title}", FREIGHT_COLUMNS, _freight_rows(market), right=range(1, 6))
        for trips in reply.passengers:
            title = f"客运 passengers {escape(trips.market_id)}"
            table(title, PASSENGER_COLUMNS, _passenger_rows(trips), right=range(1, 5))
            table(f"{title}: 份额 shares", ("指标 figure", "前 before", "后 after"), _share_rows(trips))
        for note in reply.notes:
            out.print(note, highlight=False, markup=False)
        if json_file is not None:
            write_json(json_file, reply)
        if csv_dir is not None:
            write_tables(csv_dir, reply)


def _freight_rows(market: modes_pb2.FreightSplit) -> Iterable[Sequence[str]]:
    for m in market.modes:
        yield (
            escape(m.mode),
            f"{m.cost_before_cny_per_tkm:.3f} → {m.cost_after_cny_per_tkm:.3f}",
            _change(100 * m.share_before, 100 * m.share_after),
            _change(m.turnover_before_tkm / 1e6, m.turnover_after_tkm / 1e6),
            f"{m.own_rate_elasticity:.2f}",
            _change(m.direct_before_tco2, m.direct_after_tco2),
        )
    sums = {
        name: sum(getattr(m, name) for m in market.modes)
        for name in ("turnover_before_tkm", "turnover_after_tkm", "direct_before_tco2", "direct_after_tco2")
    }
    yield (
        "合计 sum",
        "",
        "",
        _change(sums["turnover_before_tkm"] / 1e6, sums["turnover_after_tkm"] / 1e6),
        "",
        _change(sums["direct_before_tco2"], sums["direct_after_tco2"]),
    )


def _passenger_rows(market: modes_pb2.PassengerSplit) -> Iterable[Sequence[str]]:
    for m in market.modes:
        yield (
            escape(m.mode),
            _change(100 * m.share_before, 100 * m.share_after),
            _change(m.trips_before_count / 1e6, m.trips_after_count / 1e6),
            _change(m.pkm_before / 1e6, m.pkm_after / 1e6),
            _change(m.vehicle_km_before / 1e6, m.vehicle_km_after / 1e6),
        )


def _change(before: float, after: float) -> str:
    return f"{number(before)} → {number(after)}"


def _share_rows(market: modes_pb2.PassengerSplit) -> Iterable[Sequence[str]]:
    for label, name in SHARE_ROWS:
        before, after = (getattr(market, f"{name}_{when}") for when in ("before", "after"))
        yield label, f"{before:.1%}", f"{after:.1%}"
    if market.congestion_change_min:
        yield "拥堵 congestion", "0 min", f"{market.congestion_change_min:+.2f} min"


def write_tables(folder: Path, reply: modes_pb2.SplitModesResponse) -> None:
    """freight.csv and passengers.csv: a row a market and mode."""
    for name, kind, markets in (
        ("freight.csv", modes_pb2.FreightModeResult, reply.freight),
        ("passengers.csv", modes_pb2.PassengerModeResult, reply.passengers),
    ):
        columns = [f.name for f in kind.DESCRIPTOR.fields if not f.is_repeated]
        rows = (
            [market.market_id, *(getattr(m, c) for c in columns)] for market in markets for m in market.modes
        )
        write_rows(folder / name, [("market_id", *columns), *rows])
