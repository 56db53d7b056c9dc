"""Regions of one's own, looked at before they are served: what `dafeng region check` holds against one is told."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from gateway.region_folder.check import check_folder
from gateway.region_folder.findings import BLOCKING
from services.common.errors import Violation, invalid
from services.common.region_files import PLACE_FILE, RegionDataError, is_taken, own_regions, sources
from services.common.regions import use_own_regions
from services.own_regions import VARIABLE

# Findings of one region that are told; the rest is counted.
_MOST: Final = 40
_SETTING: Final = "regions"


def open_own_regions(folder: Path) -> tuple[str, ...]:
    """Serve the regions of a folder from now on; their ids. DomainError(INVALID_INPUT) with all that is wrong."""
    found = list(_folder_faults(folder))
    if not found:
        for each in _regions_in(folder):
            found += _region_faults(each)
    if found:
        raise invalid(found)
    try:
        use_own_regions(folder)
        sources()
    except RegionDataError as error:
        use_own_regions(None)
        raise invalid([Violation(_SETTING, str(error))]) from None
    return tuple(own_regions())


def check_far_workers(kubernetes: Mapping[str, Any]) -> None:
    """DomainError(INVALID_INPUT) unless the pods that calculate batches are told of a folder of regions too."""
    environment = kubernetes.get("environment")
    if not kubernetes or (isinstance(environment, Mapping) and environment.get(VARIABLE)):
        return
    raise invalid(
        [
            Violation(
                "batches.kubernetes.environment",
                "pods that calculate batches would not know the regions of one's own",
                "",
                f'{VARIABLE} = "the same files as pods see them": in their image, or in the shared folder',
            )
        ]
    )


def _folder_faults(folder: Path) -> Iterator[Violation]:
    """What is wrong with the folder as a whole."""
    if not folder.is_dir():
        yield Violation(_SETTING, "is not a folder", str(folder))
    elif (folder / PLACE_FILE).is_file():
        text = "is the folder of one region: name the folder that holds it"
        yield Violation(_SETTING, text, str(folder), str(folder.resolve().parent))
    elif not _regions_in(folder):
        yield Violation(
            _SETTING, "holds no region", str(folder), "folders as `dafeng region template` makes them"
        )
    else:
        for each in _regions_in(folder):
            if is_taken(each.name):
                text = "such a region came along: give the folder another name"
                yield Violation(f"{_SETTING}.{each.name}", text, str(each))


def _regions_in(folder: Path) -> list[Path]:
    """Every folder is taken for a region, so that none is left out unseen; hidden ones are somebody's tools."""
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def _region_faults(folder: Path) -> Iterator[Violation]:
    """What keeps one region from being used."""
    blocking = [f for f in check_folder(folder).findings if f.kind in BLOCKING]
    for one in blocking[:_MOST]:
        where = "/".join(part for part in (folder.name, one.file) if part)
        yield Violation(f"{where}, {one.what}" if one.what else where, f"{one.kind.value}: {one.text}")
    if len(blocking) > _MOST:
        text = f"and {len(blocking) - _MOST:,} more: dafeng region check {folder}"
        yield Violation(folder.name, text)
