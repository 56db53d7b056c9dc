"""`dafeng zone`: the hourly heat balance of a zone of the caller's own, from a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.buildings.v1 import zone_pb2
from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_json, write_rows
from dafeng.cli.options import Address, HourlyJsonFile, WeatherYear
from dafeng.cli.output import hour_text, number, status, table
from dafeng.cli.weather import City, Epw, Warming, hours_column, read_request, weather_rows

EXAMPLE = "Example: dafeng zone docs/examples/zone_nanjing_75.json --weather hot --csv out/"
FLOW_COLUMNS = (
    "月 month",
    "窗 windows",
    "围护 opaque",
    "通风 air",
    "太阳 sun",
    "内热 internal",
    "供热 heating",
    "供冷 cooling",
    "蓄热 storage",
)
FLOWS = ("windows", "opaque", "ventilation", "solar", "internal", "heating", "cooling", "storage")


def zone(
    file: Annotated[Path, typer.Argument(help="The zone as JSON (dafeng.buildings.v1.SimulateZoneRequest).")],
    epw: Epw = None,
    city: City = "",
    weather: WeatherYear = "",
    warming: Warming = None,
    json_file: HourlyJsonFile = None,
    csv_dir: Annotated[
        Path | None, typer.Option("--csv", help="Write hours.csv and flows.csv into this folder.")
    ] = None,
    address: Address = "",
) -> None:
    """Simulate a zone of your own hour by hour: heating, cooling, peaks, temperatures, flows."""
    with translated_errors():
        request = zone_pb2.SimulateZoneRequest()
        read_request(file, request, epw, city, weather, warming)
        request.with_hours |= json_file is not None or csv_dir is not None
    with connected(address) as client:
        with status("计算热平衡 simulating"):
            reply = client.simulate_zone(request)
        report(request, reply)
        if json_file is not None:
            write_json(json_file, reply)
        if csv_dir is not None:
            write_tables(csv_dir, reply)


def report(request: zone_pb2.SimulateZoneRequest, reply: zone_pb2.SimulateZoneResponse) -> None:
    """Headline, monthly flows, weather."""
    area = request.zone.floor_area_m2
    table("热工区 zone", ("指标 figure", "数值 value"), _headline(reply, area))
    table("逐月热流 flows, kWh", FLOW_COLUMNS, _flow_rows(reply.flows), right=range(1, 9))
    rows = [(name, escape(text)) for name, text in weather_rows(reply.weather)]
    table("气象 weather", ("指标 figure", "数值 value"), rows)


def _headline(reply: zone_pb2.SimulateZoneResponse, area: float) -> Iterable[Sequence[str]]:
    def per_area(kwh: float) -> str:
        return f"{number(kwh)} kWh, {number(kwh / area)} kWh/m2"

    yield "供热 heating", per_area(reply.heating_kwh)
    yield "显热供冷 sensible cooling", per_area(reply.sensible_cooling_kwh)
    yield "潜热供冷 latent cooling", per_area(reply.latent_cooling_kwh)
    yield "供热峰值 peak heating", f"{number(reply.peak_heating_w)} W, {hour_text(reply.peak_heating_hour)}"
    yield "供冷峰值 peak cooling", f"{number(reply.peak_cooling_w)} W, {hour_text(reply.peak_cooling_hour)}"
    air = (reply.mean_air_degc, reply.lowest_air_degc, reply.highest_air_degc)
    yield "室温 air", f"{air[0]:.1f} degC mean, {air[1]:.1f} to {air[2]:.1f}"
    unmet = f"heating 供热 {reply.unmet_heating_hours}, cooling 供冷 {reply.unmet_cooling_hours}"
    yield "不满足小时 unmet hours", unmet
    p = reply.parameters
    yield (
        "热网络 network",
        f"windows 窗 {number(p.windows_w_per_k)}, opaque 围护 {number(p.opaque_w_per_k)}, "
        f"air 通风 {number(p.mean_ventilation_w_per_k)} W/K; mass 热容 {p.heat_capacity_j_per_k / 1e6:.1f} MJ/K",
    )
    yield "能量闭合 residual", f"{reply.largest_residual_share:.1e}"
    for note in reply.notes:
        yield "注 note", escape(note)


def _flow_rows(flows: zone_pb2.ZoneFlows) -> Iterable[Sequence[str]]:
    columns = [list(getattr(flows, f"{name}_kwh")) for name in FLOWS]
    for month in range(12):
        yield str(month + 1), *(number(c[month]) for c in columns)
    yield "合计 year", *(number(sum(c)) for c in columns)


def write_tables(folder: Path, reply: zone_pb2.SimulateZoneResponse) -> None:
    """hours.csv: a row an hour; flows.csv: a row a month. Units stand in the headers."""
    names = [f.name for f in zone_pb2.ZoneHours.DESCRIPTOR.fields]
    columns = [getattr(reply.hours, name) for name in names]
    write_rows(folder / "hours.csv", [("time", *names), *zip(hours_column(), *columns, strict=True)])
    flows = [f"{name}_kwh" for name in FLOWS]
    months = zip(range(1, 13), *(getattr(reply.flows, name) for name in flows), strict=True)
    write_rows(folder / "flows.csv", [("month", *flows), *months])
