"""A region's folder tried out: its base year calculated, which tells what single files cannot tell."""

import asyncio
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gateway.direct import DirectCalls
from gateway.pipeline import Pipeline
from gateway.region_folder.findings import Finding, Kind
from gateway.results import BaseCheck
from services.common.region_files import ROOT
from services.common.regions import use_own_regions
from services.own_regions import own_regions_folder
from services.runtime.sectors import sectors


def try_folder(folder: Path) -> list[Finding]:
    """What comes of the base year: why it cannot be calculated, or where it is far from statistics.

    The sectors' models run in this process, which may take half a minute.
    """
    region_id, before = folder.resolve().name, own_regions_folder()
    with tempfile.TemporaryDirectory(prefix="dafeng-region-") as alone:
        (Path(alone) / region_id).symlink_to(folder.resolve(), target_is_directory=True)
        try:
            if folder.resolve() != ROOT / region_id:
                use_own_regions(Path(alone))
            checks = asyncio.run(_checked(region_id))
        except Exception as error:  # figures may fail together in more ways than there are rules for each
            return [
                Finding("", region_id, f"the base year cannot be calculated: {type(error).__name__}: {error}")
            ]
        finally:
            use_own_regions(before)
    return [_finding(check) for check in checks if not check.passed]


async def _checked(region_id: str) -> Sequence[BaseCheck]:
    with ThreadPoolExecutor(1) as pool:
        pipeline = Pipeline(DirectCalls(sectors()), pool)  # type: ignore[arg-type]  # the same calls without a wire
        checks, _ = await pipeline.check_base(region_id)
    return checks


def _finding(check: BaseCheck) -> Finding:
    text = (
        f"{check.label.zh} {check.label.en}: {check.model:.4g} {check.unit} of 2020, statistics have "
        f"{check.statistic:.4g}: {check.difference_share:+.1%}, asked about beyond {check.tolerance_share:.1%}"
    )
    return Finding("", check.check, text, Kind.DOUBTFUL)
