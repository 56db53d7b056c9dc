"""Whether cities add up to their region, where they do in the regions that are there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from gateway.region_folder.findings import Finding, Kind
from gateway.region_folder.shape import CITIES
from services.common.axes import BASE_YEAR
from services.common.region_files import (
    OBSERVATIONS,
    PLACE_FILE,
    ROOT,
    RegionDataError,
    read_table,
    read_yaml,
)
from services.common.regions import built_in_ids

# Statistics of cities and province differ by so much where they mean the same, and are asked about beyond twice that.
_SAME: Final = 0.10
_ASKED: Final = 0.25


def check_sums(folder: Path, root: Path, cities: tuple[str, ...]) -> Iterator[Finding]:
    """Observations of 2020 whose sum over the cities is far from the region's."""
    try:
        ratios = _ratios(folder, root, cities)
    except (RegionDataError, OSError, ValueError):
        return  # what cannot be read is told elsewhere
    for metric in sorted(_additive() & set(ratios)):
        if abs(ratios[metric] - 1.0) > _ASKED:
            text = f"the cities' sum of {BASE_YEAR} is {ratios[metric]:.2f} times the region's"
            yield Finding(f"{OBSERVATIONS}.csv", metric, text, Kind.DOUBTFUL)


def _additive() -> frozenset[str]:
    """Metrics whose cities add up in every region that has both."""
    known: dict[str, list[float]] = {}
    for region_id in built_in_ids():
        folder = ROOT / region_id
        cities = tuple(read_yaml(folder / PLACE_FILE)["cities"])
        for metric, ratio in _ratios(folder, ROOT, cities).items():
            known.setdefault(metric, []).append(ratio)
    return frozenset(m for m, each in known.items() if all(abs(r - 1.0) <= _SAME for r in each))


def _ratios(folder: Path, root: Path, cities: tuple[str, ...]) -> dict[str, float]:
    """Sum of the cities over the region by metric, where all cities have it."""
    whole = _observed(folder / f"{OBSERVATIONS}.csv", root)
    each = [_observed(folder / CITIES / city / f"{OBSERVATIONS}.csv", root) for city in cities]
    shared = [m for m in whole if whole[m] and each and all(m in one for one in each)]
    return {m: sum(one[m] for one in each) / whole[m] for m in shared}


def _observed(path: Path, root: Path) -> Mapping[str, float]:
    rows: list[Mapping[str, Any]] = read_table(path, 0, root).rows()
    return {row["metric"]: row["value"] for row in rows if row["year"] == BASE_YEAR}
