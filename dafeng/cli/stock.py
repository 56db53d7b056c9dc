"""`dafeng stock`: floor area of a region by type, standard and retrofit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dafeng.buildings.v1 import buildings_pb2
from dafeng.cli.connection import connected
from dafeng.cli.files import write_rows
from dafeng.cli.options import Address, BaselineName, RegionId, SettingTexts
from dafeng.cli.output import number, status, table
from dafeng.cli.parsing import parse_settings

SHOWN_YEARS = (2020, 2025, 2030, 2035, 2040, 2050, 2060)
M2_PER_MM2 = 1e6


def stock(
    region: RegionId,
    scenario: BaselineName = "planned",
    settings: SettingTexts = None,
    city: Annotated[str, typer.Option("--city", help="Show one city instead of the whole region.")] = "",
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write every segment, city and year to this file.")
    ] = None,
    address: Address = "",
) -> None:
    """Show floor area by building type and standard, with completions, demolition and retrofit."""
    with connected(address) as client:
        with status("计算存量 projecting the stock"):
            reply = client.project_stock(region, scenario, parse_settings(settings or ()))
        if city and city not in reply.places:
            raise typer.BadParameter(f"no such city: {city}; choose one of {', '.join(reply.places)}")
        report(reply, city)
        if csv_file is not None:
            write_rows(csv_file, _records(reply))


def report(reply: buildings_pb2.ProjectStockResponse, city: str) -> None:
    """Stock by type, by standard, and flows, in millions of m2."""
    years = [y for y in SHOWN_YEARS if y in reply.years]
    where = city or "全省 region"
    for title, name_of in (("类型 type", _type), ("标准 standard", _standard)):
        sums: dict[str, list[float]] = {}
        for segment in reply.segments:
            values = _values(reply, segment.floor_area_m2, city)
            kept = sums.setdefault(name_of(segment), [0.0] * len(values))
            sums[name_of(segment)] = [a + b for a, b in zip(kept, values, strict=True)]
        _table(f"{where}: 建筑面积 floor area by {title}, 百万 m2 (Mm2)", reply, years, sums)
    flows = {
        "竣工 completed": reply.completed_m2,
        "拆除 demolished": reply.demolished_m2,
        "改造 retrofitted": reply.retrofitted_m2,
        "空置 vacant": reply.vacant_m2,
        "装配式 prefabricated": reply.prefabricated_m2,
        "二星级以上 two stars": reply.two_star_m2,
    }
    rows = {name: _values(reply, values, city) for name, values in flows.items()}
    if not city:
        rows["改造缺口 retrofit without floor to take"] = list(reply.retrofit_shortfall_m2)
    _table(f"{where}: 年流量 flows of the year, Mm2", reply, years, rows)


def _type(segment: buildings_pb2.StockSegment) -> str:
    return segment.building_type


def _standard(segment: buildings_pb2.StockSegment) -> str:
    kept = f", {segment.retrofit} retrofit" if segment.retrofit != "none" else ""
    return f"{segment.standard}{kept}"


def _values(reply: buildings_pb2.ProjectStockResponse, flat: Sequence[float], city: str) -> list[float]:
    """One value a year: of a city, or of all cities together."""
    years = len(reply.years)
    places = [list(reply.places).index(city)] if city else range(len(reply.places))
    return [sum(flat[p * years + y] for p in places) for y in range(years)]


def _table(
    title: str, reply: buildings_pb2.ProjectStockResponse, years: Sequence[int], rows: dict[str, list[float]]
) -> None:
    at = [list(reply.years).index(y) for y in years]
    table(
        title,
        ("", *map(str, years)),
        [(name, *(number(values[i] / M2_PER_MM2) for i in at)) for name, values in rows.items()],
        right=range(1, len(years) + 1),
    )


def _records(reply: buildings_pb2.ProjectStockResponse) -> list[Sequence[object]]:
    years = len(reply.years)
    rows: list[Sequence[object]] = [
        ("building_type", "standard", "retrofit", "place", "year", "floor_area_m2")
    ]
    for s in reply.segments:
        for p, place in enumerate(reply.places):
            for y, year in enumerate(reply.years):
                row = (s.building_type, s.standard, s.retrofit, place, year, s.floor_area_m2[p * years + y])
                rows.append(row)
    return rows
