"""`dafeng fleet`: a fleet of vehicles of the caller's own by model year, from a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import fill_message, write_json, write_rows
from dafeng.cli.options import Address, JsonFile
from dafeng.cli.output import number, out, status, table
from dafeng.transport.v1 import fleet_pb2

EXAMPLE = "Example: dafeng fleet docs/examples/fleet_buses.json --csv out/"
SERIES_COLUMNS = (
    "车型 class",
    "动力 powertrain",
    "年 year",
    "保有 stock",
    "销 sales",
    "报废 scrapped",
    "提前 early",
    "百万公里 Mkm",
    "GJ",
    "MWh",
    "tCO2",
)
CARRIER_COLUMNS = ("燃料 carrier", "年 year", "GJ", "直接 direct tCO2", "上游 to tank tCO2e")
POLLUTANT_COLUMNS = ("污染物 pollutant", "年 year", "尾气 exhaust t", "其他 other t")
TOTAL_COLUMNS = ("年 year", "新能源销量 of sales", "新能源保有 of stock", "高于目标 above target")
_MOST_ROWS = 6
_Reply = fleet_pb2.OwnFleetProjection


def fleet(
    file: Annotated[Path, typer.Argument(help="The fleet as JSON (dafeng.transport.v1.OwnFleet).")],
    json_file: JsonFile = None,
    csv_dir: Annotated[
        Path | None,
        typer.Option(
            "--csv", help="Write series.csv, standards.csv, carriers.csv, pollutants.csv into this folder."
        ),
    ] = None,
    address: Address = "",
) -> None:
    """Project a fleet of your own: stock, sales, scrappage, energy, CO2 and pollutants by year."""
    request = fleet_pb2.OwnFleet()
    with translated_errors():
        fill_message(file, request)
    with connected(address) as client, status("计算车队 projecting the fleet"):
        reply = client.project_fleet(request)
    shown = _shown(reply)
    table("车队 fleet", SERIES_COLUMNS, _series(reply, shown), right=range(2, 11))
    table("能源 energy", CARRIER_COLUMNS, _carriers(reply, shown), right=range(1, 5))
    table("污染物 pollutants", POLLUTANT_COLUMNS, _pollutants(reply, shown), right=range(1, 4))
    table("占比 shares", TOTAL_COLUMNS, _totals(reply, shown), right=range(4))
    for note in reply.notes:
        out.print(f"注 note: {note}", highlight=False, markup=False)
    if json_file is not None:
        write_json(json_file, reply)
    if csv_dir is not None:
        write_tables(csv_dir, reply)


def _shown(reply: _Reply) -> Sequence[int]:
    """Positions of at most six years, first and last among them; the files hold every year."""
    count = len(reply.years)
    if count <= _MOST_ROWS:
        return range(count)
    return sorted({round(i * (count - 1) / (_MOST_ROWS - 1)) for i in range(_MOST_ROWS)})


def _series(reply: _Reply, shown: Sequence[int]) -> Iterable[Sequence[str]]:
    for s in reply.series:
        for y in shown:
            yield (
                escape(s.class_id),
                s.powertrain,
                str(reply.years[y]),
                number(s.stock_count[y]),
                number(s.sales_count[y]),
                number(s.scrapped_count[y]),
                number(s.retired_early_count[y]),
                number(s.distance_km[y] / 1e6),
                number(s.fuel_gj[y]),
                number(s.electricity_mwh[y]),
                number(s.direct_tco2[y]),
            )


def _carriers(reply: _Reply, shown: Sequence[int]) -> Iterable[Sequence[str]]:
    for c in reply.carriers:
        for y in shown:
            values = (c.energy_gj[y], c.direct_tco2[y], c.well_to_tank_tco2e[y])
            yield (c.carrier, str(reply.years[y]), *map(number, values))


def _pollutants(reply: _Reply, shown: Sequence[int]) -> Iterable[Sequence[str]]:
    for p in reply.pollutants:
        for y in shown:
            yield p.pollutant, str(reply.years[y]), number(p.exhaust_t[y]), number(p.other_t[y])


def _totals(reply: _Reply, shown: Sequence[int]) -> Iterable[Sequence[str]]:
    for y in shown:
        yield (
            str(reply.years[y]),
            f"{100 * reply.nev_sales_share[y]:.1f} %",
            f"{100 * reply.nev_stock_share[y]:.1f} %",
            number(reply.stock_above_target_count[y]),
        )


def write_tables(folder: Path, reply: _Reply) -> None:
    """One row a year and class, powertrain, standard, carrier or pollutant; every year."""
    for name, kind, rows in (
        ("series", fleet_pb2.FleetSeries, reply.series),
        ("standards", fleet_pb2.FleetStandard, reply.standards),
        ("carriers", fleet_pb2.FleetCarrier, reply.carriers),
        ("pollutants", fleet_pb2.FleetPollutant, reply.pollutants),
    ):
        fields = [f for f in kind.DESCRIPTOR.fields if f.name != "stock_by_age_count"]
        keys = [f.name for f in fields if not f.is_repeated]
        values = [f.name for f in fields if f.is_repeated]
        lines: list[Sequence[object]] = [(*keys, "year", *values)]
        for row in rows:
            own = [getattr(row, key) for key in keys]
            for y, year in enumerate(reply.years):
                lines.append((*own, year, *(getattr(row, value)[y] for value in values)))
        write_rows(folder / f"{name}.csv", lines)
