"""A city's own weather station in a region's folder: the normals of its weather file, and the city that takes them."""

import csv
import io
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from gateway.region_folder.normals import StationYear, monthly_normals, yearly_figures
from gateway.region_folder.shape import CITIES
from services.common.errors import Violation, invalid
from services.common.region_files import NATIONAL, PLACE_FILE, PROVENANCE_COLUMNS, ROOT, PlaceFile, read_yaml
from services.common.words import Grade

NORMALS: Final = "weather/station_normals"
STATIONS: Final = "weather/stations"
LIGHT: Final = "buildings/pv_light"
CITY_STATIONS: Final = "weather/city_stations"
_ID: Final = re.compile(r"[A-Z][A-Z0-9_]{1,31}")
# A station farther away than that is most likely the file of another city.
_FARTHEST_DEG: Final = 1.5
_DIGITS: Final = {"vapour_pressure_pa": 0, "hdd18_k_d": 0, "cdd26_k_d": 0, "global_radiation_kwh_per_m2": 1}


@dataclass(frozen=True)
class Provenance:
    """Where the file comes from: a source that the folder's `sources.yaml` lists, a clause, a grade."""

    source: str
    clause: str
    grade: Grade


def put_station(
    folder: Path, city: str, station: str, year: StationYear, told: Provenance, warming_k: float = 0.0
) -> tuple[str, ...]:
    """Give a city the normals of one year of hours; the files written. DomainError(INVALID_INPUT).

    `warming_k`: by how much the hours are warmer than 1982 to 2006; taken off, since a projection adds its own.
    """
    _check(folder, city, station, year, told)
    how = f"computed from the {len(year.outdoor_degc):,} hours of {year.name}"
    if warming_k:
        year = replace(year, outdoor_degc=year.outdoor_degc - warming_k)
        how += f"; temperatures less {warming_k:g} K, by which they are warmer than 1982 to 2006"
    own = {"source": told.source, "clause": told.clause, "derivation": how, "grade": told.grade.value}
    normals = monthly_normals(year)
    label = {"label_zh": year.name, "label_en": year.name, "wmo": ""}
    figures = {n: _rounded(n, v) for n, v in yearly_figures(year).items()}
    light = own | {
        "derivation": "1: PV counts all global radiation of the file; its direct part was not judged"
    }

    def of_station(row: Mapping[str, Any]) -> bool:
        return bool(row["station"] == station)

    by_month = [
        {"station": station, "month": m + 1, **{n: _rounded(n, v[m]) for n, v in normals.items()}, **own}
        for m in range(len(normals["wind_m_per_s"]))
    ]
    _replace_rows(folder, NORMALS, of_station, by_month)
    _replace_rows(folder, STATIONS, of_station, [{"station": station, **label, **figures, **own}])
    _replace_rows(folder, LIGHT, of_station, [{"station": station, "pv_light_share": 1.0, **light}])
    weight = {
        "city": city,
        "station": station,
        "weight_share": 1.0,
        **own,
        "derivation": "the city's own station",
    }
    _replace_rows(folder, CITY_STATIONS, lambda row: bool(row["city"] == city), [weight])
    return tuple(f"{subject}.csv" for subject in (NORMALS, STATIONS, LIGHT, CITY_STATIONS))


def _rounded(name: str, value: float) -> float:
    return round(float(value), _DIGITS.get(name, 2))


def _check(folder: Path, city: str, station: str, year: StationYear, told: Provenance) -> None:
    found = []
    if not (folder / PLACE_FILE).is_file():
        raise invalid([Violation("folder", f"no {PLACE_FILE}: not the folder of a region", str(folder))])
    known = PlaceFile.model_validate(read_yaml(folder / PLACE_FILE)).cities
    if city not in known:
        found.append(Violation("city", "no such city in this folder", city, ", ".join(known)))
    else:
        found += _place_faults(folder / CITIES / city / "weather.yaml", year)
    if not _ID.fullmatch(station):
        found.append(
            Violation("station", "capital letters, digits and _, at most 32", station, "NANTONG_OWN")
        )
    elif station in {row["station"] for row in _rows(ROOT / NATIONAL / f"{STATIONS}.csv")[1]}:
        found.append(Violation("station", "such a station came along: give yours another name", station))
    if not told.source:
        found.append(Violation("source", f"say which source of {folder.name}/sources.yaml the file is"))
    for name, values, text in (
        ("humidity", year.humidity_ratio_kg_per_kg, "the file has no humidity"),
        ("global radiation", year.global_w_per_m2, "the file has no radiation"),
        ("wind", year.wind_m_per_s, "the file has no wind"),
    ):
        if not np.any(values) or (name == "wind" and np.ptp(values) == 0.0):
            found.append(Violation(f"file, {name}", text))
    if found:
        raise invalid(found)


def _place_faults(path: Path, year: StationYear) -> list[Violation]:
    """Whether the file's place is the city's."""
    leaves = read_yaml(path)["leaves"]
    here = [leaves[f"{name}_deg"]["value"] for name in ("latitude", "longitude")]
    apart = max(abs(year.latitude_deg - here[0]), abs(year.longitude_deg - here[1]))
    if apart <= _FARTHEST_DEG:
        return []
    text = f"its place lies {apart:.1f} degrees from the city's ({here[0]:g} north, {here[1]:g} east)"
    given = f"{year.latitude_deg:g} north, {year.longitude_deg:g} east"
    return [Violation("file, place", text, given, f"within {_FARTHEST_DEG:g} degrees")]


def _replace_rows(
    folder: Path, subject: str, old: Callable[[Mapping[str, Any]], bool], new: Sequence[Mapping[str, Any]]
) -> None:
    """Put rows in the place of old ones; what the folder lacks is the nation's table, copied as it is."""
    path = folder / f"{subject}.csv"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        for ending in (".csv", ".yaml"):
            shutil.copyfile(ROOT / NATIONAL / f"{subject}{ending}", path.with_suffix(ending))
    names, rows = _rows(path)
    names = [*names, *(n for n in PROVENANCE_COLUMNS if n not in names and any(n in row for row in new))]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*(row for row in rows if not old(row)), *new])
    path.write_text(out.getvalue(), encoding="utf-8")


def _rows(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or ()), rows
