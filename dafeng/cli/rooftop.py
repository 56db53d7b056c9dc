"""`dafeng rooftop`: what PV on roofs of the caller's own yields, from a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.buildings.v1 import rooftop_pb2
from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_json, write_rows
from dafeng.cli.options import Address, HourlyJsonFile, WeatherYear
from dafeng.cli.output import number, status, table
from dafeng.cli.weather import City, Epw, Warming, hours_column, read_request, weather_rows

EXAMPLE = "Example: dafeng rooftop docs/examples/roofs_suzhou.json --csv out/"
ROOF_COLUMNS = (
    "屋顶 roof",
    "kW",
    "可装 potential kW",
    "覆盖率 coverage",
    "MWh",
    "kWh/kW",
    "PR",
    "自用 own use",
    "自给 self-sufficiency",
)


def rooftop(
    file: Annotated[
        Path, typer.Argument(help="The roofs as JSON (dafeng.buildings.v1.EstimateRooftopPvRequest).")
    ],
    epw: Epw = None,
    city: City = "",
    weather: WeatherYear = "",
    warming: Warming = None,
    json_file: HourlyJsonFile = None,
    csv_dir: Annotated[
        Path | None, typer.Option("--csv", help="Write roofs.csv and hours.csv into this folder.")
    ] = None,
    address: Address = "",
) -> None:
    """Estimate PV on roofs of your own: capacity, output, own use and export."""
    with translated_errors():
        request = rooftop_pb2.EstimateRooftopPvRequest()
        read_request(file, request, epw, city, weather, warming)
        request.with_hours |= json_file is not None or csv_dir is not None
    with connected(address) as client:
        with status("计算屋顶光伏 estimating"):
            reply = client.estimate_rooftop_pv(request)
        table("屋顶光伏 rooftop PV", ROOF_COLUMNS, _rows(reply), right=range(1, 9))
        rows = [(name, escape(text)) for name, text in weather_rows(reply.weather)]
        table("气象 weather", ("指标 figure", "数值 value"), rows)
        if json_file is not None:
            write_json(json_file, reply)
        if csv_dir is not None:
            write_tables(csv_dir, reply)


def _rows(reply: rooftop_pb2.EstimateRooftopPvResponse) -> Iterable[Sequence[str]]:
    for y in (*reply.yields, reply.total):
        capped = " 已到上限 all that fits" if y.capped else ""
        yield (
            escape(y.roof_id) or "合计 sum",
            number(y.capacity_kw),
            number(y.potential_kw),
            f"{100 * y.coverage_share:.1f} %{capped}",
            number(y.energy_kwh / 1e3),
            number(y.yield_kwh_per_kw),
            f"{y.performance_ratio:.3f}",
            f"{100 * y.self_consumption_share:.1f} %",
            f"{100 * y.self_sufficiency_share:.1f} %",
        )


def write_tables(folder: Path, reply: rooftop_pb2.EstimateRooftopPvResponse) -> None:
    """roofs.csv: a row a roof; hours.csv: output of every roof, kW."""
    scalar = [f.name for f in rooftop_pb2.RoofYield.DESCRIPTOR.fields if not f.is_repeated]
    write_rows(folder / "roofs.csv", [scalar, *([getattr(y, n) for n in scalar] for y in reply.yields)])
    header = ("time", *(f"{y.roof_id}_kw" for y in reply.yields))
    columns = [y.output_kw for y in reply.yields]
    write_rows(folder / "hours.csv", [header, *zip(hours_column(), *columns, strict=True)])
