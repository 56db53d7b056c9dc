"""Where regions of one's own lie: a folder that is named once for this process and for those that it starts.

Workers of batches, and the process that calculates a release again, find it in their environment.
"""

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "DAFENG_REGIONS"


def own_regions_folder() -> Path | None:
    """The folder that DAFENG_REGIONS names; None when it names none."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def name_own_regions(folder: Path | None) -> None:
    """Name another folder, or none, for this process and those that it starts from now on."""
    if folder is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = str(folder.resolve())
