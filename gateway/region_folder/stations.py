"""Checks that every city of a region has stations whose normals are there, and whose weights make a whole."""

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Final

from gateway.region_folder.findings import Finding
from gateway.region_folder.station import CITY_STATIONS, LIGHT, NORMALS, STATIONS
from services.common.errors import near_names
from services.common.region_files import NATIONAL, RegionDataError, Table, read_table

_ROUNDING: Final = 1e-6
_FILE: Final = f"{CITY_STATIONS}.csv"


def check_stations(folder: Path, root: Path, cities: tuple[str, ...]) -> Iterator[Finding]:
    """Stations that some table lacks, and cities whose weights do not make 1."""
    try:
        weights = _table(folder, root, CITY_STATIONS)
        known = {s: set(_table(folder, root, s).text("station")) for s in (NORMALS, STATIONS, LIGHT)}
        rows = weights.rows()
    except (RegionDataError, KeyError, ValueError):
        return  # what cannot be read is told elsewhere
    given = [
        row for row in rows if row["station"] and not isnan(row["weight_share"])
    ]  # others are told as empty
    for station in dict.fromkeys(row["station"] for row in given):
        for subject in (s for s, there in known.items() if station not in there):
            yield Finding(
                _FILE, station, f"no such station in {subject}{near_names(station, known[subject])}"
            )
    for city in cities:
        each = [row["weight_share"] for row in given if row["city"] == city]
        total = sum(each)
        if each and abs(total - 1.0) > _ROUNDING:
            yield Finding(_FILE, city, f"the weights of its stations make {total:g}, not 1")


def _table(folder: Path, root: Path, subject: str) -> Table:
    own = folder / f"{subject}.csv"
    return read_table(own if own.is_file() else root / NATIONAL / f"{subject}.csv", 0, root)
