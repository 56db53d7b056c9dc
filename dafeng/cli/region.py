"""`dafeng region`: data of a region of one's own, checked here, and a folder to fill in."""

import hashlib
import importlib
import json
import re
import shlex
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from dafeng.cli.connection import EXIT_INVALID, serve_own_regions, translated_domain_errors
from dafeng.cli.output import fail, out, status, table
from dafeng.cli.own_regions import OWN_REGIONS

region_app = typer.Typer(
    help="Data of a region of your own 自有地区数据: check a folder, copy one, make one to fill in, bring weather.",
    no_args_is_help=True,
)
EXAMPLE = "dafeng region check regions/jiangxi"
_SHOWN = 40
_TITLES = {
    "missing": "缺少 missing",
    "wrong": "有误 wrong",
    "no source": "没有来源 without source",
    "doubtful": "存疑 doubtful",
    "from the nation": "取全国数据 the nation's figures are taken",
}
_PLACE = re.compile(r"([a-z][a-z0-9_]{1,31}):([^:]+):([^:]+):(\d{6})")


@region_app.command(epilog=f"Example: {EXAMPLE}")
def check(
    folder: Annotated[Path, typer.Argument(help="Folder of the region, laid out like those in regions/.")],
    whole: Annotated[
        bool, typer.Option("--all", help="List every finding, and every rule by which figures were derived.")
    ] = False,
    try_: Annotated[
        bool,
        typer.Option(
            "--try", help="Also calculate its base year 2020, which tells what does not fit together."
        ),
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every finding to this file as well.")
    ] = None,
) -> None:
    """Say what a region's folder lacks, what is wrong or without source, and what was derived or downscaled.

    Exit code 2 while something is missing, wrong or without source.
    """
    with translated_domain_errors():
        from gateway.region_folder.check import check_folder, estimates
        from gateway.region_folder.findings import BLOCKING, Kind

        found = check_folder(folder)
        if try_ and not any(f.kind in BLOCKING for f in found.findings):
            from gateway.region_folder.trial import try_folder

            with status("试算基准年 calculating the base year"):
                found = replace(found, findings=(*found.findings, *try_folder(folder)))
    if json_file is not None:
        rows = [
            {"kind": f.kind.value, "file": f.file, "what": f.what, "text": f.text} for f in found.findings
        ]
        told = {
            "region": found.region_id,
            "grades": {g.value: n for g, n in found.grades.items()},
            "findings": rows,
        }
        json_file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    for kind, title in _TITLES.items():
        each = found.of(Kind(kind))
        if each:
            shown = each if whole else each[:_SHOWN]
            table(
                f"{title}: {len(each):,}",
                ("文件 file", "项目 what", "说明 text"),
                [(f.file, f.what, f.text) for f in shown],
            )
            if len(each) > len(shown):
                out.print(f"  ... {len(each) - len(shown):,} more: --all", highlight=False)
    _tell_derived(list(estimates(found.findings)), whole)
    counts = ", ".join(f"{g.value} {n:,}" for g, n in found.grades.items())
    blocking = sum(f.kind in BLOCKING for f in found.findings)
    out.print(f"{found.region_id}: 数据等级 figures by grade {counts or 'none'}", highlight=False)
    if blocking:
        fail(
            "还不能使用 not usable yet",
            [f"  {blocking:,} findings are missing, wrong or without source"],
            EXIT_INVALID,
        )
    above = shlex.quote(str(folder.parent))
    out.print(f"可以使用 complete: dafeng serve --embedded --regions {above}", highlight=False, markup=False)


def _tell_derived(derived: list[tuple[str, int, list[str]]], whole: bool) -> None:
    """Grade C by file, with the rules that the data name."""
    if not derived:
        return
    rows = []
    for file, count, rules in derived:
        shown = rules if whole else rules[:1]
        more = f" (+{len(rules) - len(shown)})" if len(rules) > len(shown) else ""
        rows.append((file, f"{count:,}", "; ".join(shown) + more))
    cities = sum(count for file, count, _ in derived if file.startswith("cities/"))
    total = sum(count for _, count, _ in derived)
    table(
        f"推算与分解 derived, downscaled or estimated (C): {total:,}, of them {cities:,} of cities",
        ("文件 file", "个数 count", "规则 rule"),
        rows if whole else rows[:_SHOWN],
        right=(1,),
    )


@region_app.command()
def template(
    folder: Annotated[Path, typer.Argument(help="New folder; its name becomes the region's id.")],
    place: Annotated[
        str, typer.Option("--place", help="The region: id:中文:English:adcode, id as the folder.")
    ],
    city: Annotated[
        list[str],
        typer.Option("--city", help="A city of it: id:中文:English:adcode. Repeatable, in map order."),
    ],
) -> None:
    """Make a folder with every file, figure, unit and row that a region needs, and no numbers."""
    with translated_domain_errors():
        from gateway.region_folder.template import Named, write_template
        from services.common.errors import Violation, invalid

        def named(text: str, field: str) -> Any:
            found = _PLACE.fullmatch(text)
            if found is None:
                raise invalid(
                    [Violation(field, "not id:中文:English:adcode", text, "anhui:安徽:Anhui:340000")]
                )
            return Named(*found.groups())

        region = named(place, "place")
        if region.place_id != folder.resolve().name:
            raise invalid(
                [Violation("place", "the id is the folder's name", region.place_id, folder.resolve().name)]
            )
        count = write_template(folder, region, [named(c, "city") for c in city])
    out.print(f"{folder}: {count} files; README.md says how to fill them in", highlight=False)
    out.print(f"dafeng region check {folder}", highlight=False)


@region_app.command()
def copy(
    region: Annotated[str, typer.Argument(help="Region to copy, for example jiangsu.")],
    folder: Annotated[Path, typer.Argument(help="New folder; its name becomes the copy's id.")],
    name: Annotated[str, typer.Option("--name", help="What the copy is called: 中文:English.")],
) -> None:
    """Copy a region's folder under another name, to change figures of its own in it."""
    with translated_domain_errors():
        from gateway.region_folder.copying import copy_region
        from services.common.errors import Violation, invalid
        from services.common.regions import built_in_ids

        if region not in built_in_ids():
            serve_own_regions(OWN_REGIONS.folder)
        zh, colon, en = name.partition(":")
        if not (zh and colon and en):
            raise invalid([Violation("name", "not 中文:English", name, "江苏（自有数据）:Jiangsu, own data")])
        count = copy_region(region, folder, zh, en)
    out.print(f"{folder}: {count} files", highlight=False, markup=False)
    out.print(f"dafeng region check {shlex.quote(str(folder))}", highlight=False, markup=False)


@region_app.command()
def weather(
    folder: Annotated[Path, typer.Argument(help="Folder of the region.")],
    city: Annotated[str, typer.Argument(help="City of it that takes this weather.")],
    epw: Annotated[Path, typer.Argument(help="EPW or TMY3 file: one year of hours.")],
    station: Annotated[
        str, typer.Option("--station", help="Name for the station: capital letters, digits, _.")
    ],
    source: Annotated[str, typer.Option("--source", help="Its source's id in the folder's sources.yaml.")],
    grade: Annotated[str, typer.Option("--grade", help="Grade of the figures: A, B or C.")] = "B",
    warming: Annotated[
        float,
        typer.Option(
            "--warming", help="K by which its hours are warmer than 1982 to 2006; taken off.", min=-3, max=3
        ),
    ] = 0.0,
) -> None:
    """Give a city the monthly normals of a weather file, from which its weather years are made."""
    with translated_domain_errors():
        from gateway.region_folder.normals import StationYear
        from gateway.region_folder.station import Provenance, put_station
        from services.common.errors import Violation, invalid
        from services.common.words import Grade

        try:
            content = epw.read_bytes()
        except OSError as error:
            raise invalid([Violation("file", f"cannot be read: {error.strerror}", str(epw))]) from None
        if grade not in {g.value for g in Grade}:
            raise invalid([Violation("grade", "no such grade", grade, ", ".join(g.value for g in Grade))])
        # By name: `python -m gateway` starts through this command line, and the gateway imports no sector.
        read: Any = importlib.import_module("services.buildings.climate.epw").file_weather(content, epw.name)
        year = StationYear(**{f.name: getattr(read, f.name) for f in fields(StationYear)})
        told = Provenance(
            source, f"{epw.name}, SHA-256 {hashlib.sha256(content).hexdigest()[:12]}", Grade(grade)
        )
        written = put_station(folder, city, station, year, told, warming)
    for note in read.notes:
        out.print(f"  {note}", highlight=False, markup=False)
    out.print(f"{city}: {', '.join(written)}", highlight=False, markup=False)
    out.print(f"dafeng region check {shlex.quote(str(folder))}", highlight=False, markup=False)
