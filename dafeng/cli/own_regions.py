"""Where regions of one's own lie, for services that a command starts: `dafeng --regions`, `dafeng serve --regions`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

Regions = Annotated[
    Path | None,
    typer.Option(
        "--regions",
        envvar="DAFENG_REGIONS",
        help="Folder of regions of your own, served beside those that came along. A gateway elsewhere has its own.",
    ),
]


@dataclass
class OwnRegions:
    """What the option of `dafeng` itself said, for every command that starts services."""

    folder: Path | None = None


OWN_REGIONS = OwnRegions()
