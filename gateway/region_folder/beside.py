"""A region's folder beside the nation's data, as if it lay among the regions; nothing is written where it lies."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from services.common.region_files import NATIONAL, ROOT


@contextlib.contextmanager
def beside_the_nation(folder: Path, region_id: str) -> Iterator[Path]:
    """A root of region data with this region alone, of links."""
    with tempfile.TemporaryDirectory(prefix="dafeng-region-") as made:
        root = Path(made)
        for name in (NATIONAL, "sources"):
            (root / name).symlink_to(ROOT / name, target_is_directory=True)
        (root / region_id).symlink_to(folder.resolve(), target_is_directory=True)
        yield root
