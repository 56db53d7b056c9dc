"""`dafeng export`: a whole projection as an Excel workbook."""

from pathlib import Path
from typing import Annotated

import typer

from dafeng.cli.compare import read_scenarios
from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import write_bytes
from dafeng.cli.options import Address, RegionId, SettingTexts, WeatherYear
from dafeng.cli.output import out
from dafeng.cli.parsing import parse_settings
from dafeng.client import InvalidInputError, Violation
from dafeng.common.v1 import common_pb2

EXAMPLE = "Example: dafeng export jiangsu --scenario docs/examples/scenario_jiangsu.json --out jiangsu.xlsx"


def export(
    region: RegionId,
    file: Annotated[Path, typer.Option("--out", help="Excel workbook to write (.xlsx).")],
    scenario: Annotated[
        str,
        typer.Option("--scenario", "-s", help="Baseline, or a scenario as JSON (dafeng.common.v1.Scenario)."),
    ] = "planned",
    set_: SettingTexts = None,
    language: Annotated[str, typer.Option(help="Language of the workbook: zh or en.")] = "zh",
    first_year: Annotated[int, typer.Option("--from", help="First year.")] = 2020,
    last_year: Annotated[int, typer.Option("--to", help="Last year.")] = 2060,
    weather: WeatherYear = "normal",
    address: Address = "",
) -> None:
    """Write release status, headline, changes, series, targets, cities and sources as one workbook."""
    with translated_errors():
        if file.suffix != ".xlsx":
            raise InvalidInputError("", (Violation("--out", f"{file.name!r}: name it .xlsx"),))
        (asked,) = read_scenarios([scenario])
        asked.settings.extend(parse_settings(set_ or ()))
    frame = common_pb2.Frame(region=region, first_year=first_year, last_year=last_year, weather_year=weather)
    with connected(address) as client:
        reply = client.reports.export(frame, asked, language)
    write_bytes(file, reply.content)
    out.print(f"结果摘要 digest: {reply.digest}", highlight=False, markup=False)
