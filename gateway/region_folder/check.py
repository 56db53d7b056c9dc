"""Checks the folder of a region: what is missing, wrong or without source, what is doubtful, what was derived."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from gateway.region_folder.beside import beside_the_nation
from gateway.region_folder.findings import Finding, Kind
from gateway.region_folder.leaves import check_leaves
from gateway.region_folder.shape import CITIES, TARGETS_FILE, Needs, Shape, files_of, needs
from gateway.region_folder.stations import check_stations
from gateway.region_folder.sums import check_sums
from gateway.region_folder.tables import check_table
from gateway.targets.data import read_targets
from services.common.errors import near_names
from services.common.region_files import (
    OWN_SOURCES,
    PLACE_FILE,
    PlaceFile,
    RegionDataError,
    SourceFile,
    read_yaml,
    sources,
)
from services.common.words import Grade

# Ids of regions and cities.
ID: Final = re.compile(r"[a-z][a-z0-9_]{1,31}")
ID_RULE: Final = "a region's id is its folder's name: small letters, digits and _, at most 32"
_ADCODE: Final = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Checked:
    """What was found in a folder, and how many figures have which grade."""

    region_id: str
    findings: tuple[Finding, ...]
    grades: Mapping[Grade, int]

    def of(self, kind: Kind) -> list[Finding]:
        """Findings of one kind, by file."""
        return [f for f in self.findings if f.kind is kind]


def check_folder(folder: Path) -> Checked:
    """Everything there is to say about a folder; it is only read."""
    region_id = folder.resolve().name
    if not folder.is_dir():
        return Checked(region_id, (Finding("", "", f"{folder} is not a folder", Kind.MISSING),), {})
    if not ID.fullmatch(region_id):
        return Checked(region_id, (Finding("", "", f"{region_id}: {ID_RULE}"),), {})
    with beside_the_nation(folder, region_id) as root:
        check = _Check(root / region_id, root, needs())
        check.run()
    return Checked(
        region_id, tuple(sorted(check.found, key=lambda f: (f.file, f.what, f.text))), check.grades
    )


class _Check:
    def __init__(self, folder: Path, root: Path, wanted: Needs) -> None:
        self._folder, self._root, self._wanted = folder, root, wanted
        self.found: list[Finding] = []
        self.grades = dict.fromkeys(Grade, 0)

    def run(self) -> None:
        if not self._sources():
            return
        cities = self._places()
        self._part(self._folder, "", self._wanted.region, self._wanted.optional_region, cities)
        for city in cities:
            folder = self._folder / CITIES / city
            if folder.is_dir():
                self._part(folder, f"{CITIES}/{city}/", self._wanted.city, self._wanted.optional_city, ())
        self._targets()
        self.found += check_stations(self._folder, self._root, cities)
        self.found += check_sums(self._folder, self._root, cities)

    def _say(self, file: str, what: str, text: str, kind: Kind = Kind.WRONG) -> None:
        self.found.append(Finding(file, what, text, kind))

    def _sources(self) -> bool:
        """False when sources cannot be read, so that nothing could be said of any figure."""
        path = self._folder / OWN_SOURCES
        try:
            for key, raw in (read_yaml(path) or {}).items() if path.is_file() else ():
                SourceFile.model_validate(raw)
                if not isinstance(key, str):
                    raise RegionDataError(f"{key}: an id is a text")
            sources(self._root)
        except (RegionDataError, ValidationError, yaml.YAMLError, AttributeError) as error:
            self._say(OWN_SOURCES, "", f"cannot be read: {error}")
            return False
        return True

    def _places(self) -> tuple[str, ...]:
        place = self._place(PLACE_FILE)
        listed = tuple(place.cities) if place is not None else ()
        if place is not None and not listed:
            self._say(PLACE_FILE, "cities", "no city is listed: the model reckons by cities", Kind.MISSING)
        there = {p.name for p in (self._folder / CITIES).glob("*") if p.is_dir()}
        for city in listed:
            if city not in there:
                self._say(
                    f"{CITIES}/{city}",
                    "",
                    "the city is listed in region.yaml and has no folder",
                    Kind.MISSING,
                )
            else:
                self._place(f"{CITIES}/{city}/city.yaml")
        for city in sorted(there - set(listed)):
            self._say(f"{CITIES}/{city}", "", "the city is not listed in region.yaml, so nothing reads it")
        for city in sorted({c for c in listed if listed.count(c) > 1}):
            self._say(PLACE_FILE, city, "the city is listed twice")
        return listed

    def _place(self, file: str) -> PlaceFile | None:
        path = self._folder / file
        if not path.is_file():
            self._say(file, "", "label in two languages, adcode, cities", Kind.MISSING)
            return None
        try:
            place = PlaceFile.model_validate(read_yaml(path))
        except (ValidationError, yaml.YAMLError) as error:
            self._say(file, "", str(error))
            return None
        if not _ADCODE.fullmatch(place.adcode):
            self._say(file, "adcode", f"{place.adcode}: six digits (GB/T 2260), in quotes")
        return place

    def _part(self, folder: Path, before: str, wanted: Shape, optional: Shape, cities: Sequence[str]) -> None:
        """Files of the region, or of one city."""
        there = {p.relative_to(folder).with_suffix("").as_posix(): p for p in files_of(folder)}
        for path in sorted(folder.rglob("*.csv")):
            subject = path.relative_to(folder).with_suffix("").as_posix()
            if CITIES not in path.relative_to(folder).parts[:1] and subject not in there:
                self._say(
                    f"{before}{subject}.csv", "", f"no side-car {path.stem}.yaml: title, columns, provenance"
                )
        for subject in sorted(wanted.subjects() - set(there)):
            ending = ".csv and .yaml" if subject in wanted.tables else ".yaml"
            self._say(
                f"{before}{subject}",
                "",
                f"no file {subject}{ending}: {_holds(subject, wanted)}",
                Kind.MISSING,
            )
        for subject in sorted(optional.subjects() - wanted.subjects() - set(there)):
            if not before and subject in self._wanted.national:
                self._say(subject, "", "the nation's figures are taken", Kind.FROM_NATION)
        for subject, path in there.items():
            self._file(f"{before}{subject}", subject, path, wanted, optional, cities)

    def _file(
        self, file: str, subject: str, path: Path, wanted: Shape, optional: Shape, cities: Sequence[str]
    ) -> None:
        known = optional.subjects() | set(self._wanted.national)
        if subject not in known:
            self._say(file, "", f"nothing reads it{near_names(subject, sorted(known))}", Kind.DOUBTFUL)
        try:
            if path.with_suffix(".csv").is_file():
                needed = wanted.tables.get(subject)
                found = check_table(
                    file, path, self._root, needed, optional.tables.get(subject), cities, self.grades
                )
            else:
                needed_leaves = wanted.leaves.get(subject, {})
                given = optional.leaves.get(subject, {})
                national = subject in self._wanted.national
                found = check_leaves(
                    file, path, self._root, needed_leaves, given, self.grades, national=national
                )
            self.found += found
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            self._say(file, "", f"cannot be read: {error}")

    def _targets(self) -> None:
        path = self._folder / TARGETS_FILE
        if not path.is_file():
            self._say(TARGETS_FILE, "", "no file: no policy target will be judged", Kind.DOUBTFUL)
            return
        try:
            read_targets(self._folder.name, self._root)
        except (RegionDataError, yaml.YAMLError) as error:
            self._say(TARGETS_FILE, "", str(error))


def _holds(subject: str, shape: Shape) -> str:
    """In words what a file holds."""
    if subject in shape.tables:
        table = shape.tables[subject]
        return f"{table.file.title.zh} {table.file.title.en}; columns {', '.join(table.file.columns)}"
    labels = [f"{n} ({leaf.unit})" for n, leaf in shape.leaves[subject].items()]
    more = f" and {len(labels) - 6} more" if len(labels) > 6 else ""
    return ", ".join(labels[:6]) + more


def estimates(found: Sequence[Finding]) -> Iterator[tuple[str, int, list[str]]]:
    """Derived figures by file: how many, and by which rules."""
    by_file: dict[str, list[Finding]] = {}
    for one in found:
        if one.kind is Kind.ESTIMATE:
            by_file.setdefault(one.file, []).append(one)
    for file, each in by_file.items():
        yield file, len(each), sorted({one.text for one in each})
