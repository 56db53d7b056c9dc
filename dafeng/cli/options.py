"""Options that several commands share, said once."""

from pathlib import Path
from typing import Annotated

import typer

Address = Annotated[
    str, typer.Option("--address", envvar="DAFENG_ADDRESS", help="Gateway to ask; empty starts one here.")
]
BaselineName = Annotated[
    str, typer.Option("--scenario", "-s", help="Baseline: frozen, planned, reference, accelerated.")
]
HourlyJsonFile = Annotated[
    Path | None, typer.Option("--json", help="Write the whole reply with every hour as JSON.")
]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the whole reply as JSON to this file.")]
PlaceId = Annotated[str, typer.Argument(help="Region or city id, for example jiangsu or nantong.")]
RegionId = Annotated[str, typer.Argument(help="Region id, for example jiangsu.")]
SettingTexts = Annotated[
    list[str] | None,
    typer.Option("--set", help="lever=value@year[,value@year]; lever:city=... for one city. Repeatable."),
]
WeatherYear = Annotated[str, typer.Option("--weather", help="Weather year: normal, hot, cold, low_wind.")]
