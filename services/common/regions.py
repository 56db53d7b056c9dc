"""Region files: figures with provenance. A number without source and grade is refused.

Layout: regions/<region>/region.yaml, regions/<region>/<subject>.yaml (leaves), <table>.csv with a side-car
<table>.yaml, regions/<region>/cities/<city>/city.yaml and <subject>.yaml. What a region lacks is looked up in
regions/national: a table as a whole, leaves one by one. Sources are listed in regions/sources/*.yaml. Regions of one's
own lie in a folder elsewhere (`use_own_regions`), laid out like the others.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import ValidationError

from services.common.arrays import FloatArray
from services.common.axes import LAST_YEAR
from services.common.errors import DomainError, Violation, near_names
from services.common.recording import note
from services.common.region_files import (
    NATIONAL,
    OBSERVATIONS,
    OWN_SOURCES,
    ROOT,
    Leaf,
    PlaceFile,
    RegionDataError,
    Table,
    own_regions,
    read_leaves,
    read_over,
    read_table,
    read_yaml,
    region_folder,
    sources,
)
from services.common.words import Grade, Place, Provenance
from services.own_regions import name_own_regions

# Where each city stands in a schematic map of tiles; a region may have none.
TILES = "tiles"
# Places, targets (read by the gateway) and sources: files without figures of their own.
_NO_FIGURES = ("region.yaml", "city.yaml", "targets.yaml", OWN_SOURCES)


class Region:
    """A region's data as known at the end of `as_of_year` (0: all that is known).

    `factor_set` names the emission factors its CO2 is counted with ("": those in force).

    Subjects are paths without ending, for example leaf("transport/parameters", "x") or table("power/fleet").
    """

    def __init__(
        self, region_id: str, as_of_year: int = 0, root: Path = ROOT, *, factor_set: str = ""
    ) -> None:
        self.region_id = region_id
        self.factor_set = factor_set
        self.as_of_year = as_of_year
        self._root, self._folder = root, region_folder(region_id, root)
        place = PlaceFile.model_validate(read_yaml(self._folder / "region.yaml"))
        self.place = Place(region_id, place.label.label(), place.adcode)
        self._city_ids = tuple(place.cities)
        tiles = _tiles(self._folder, root)
        self.cities = tuple(self._city(c, tiles) for c in place.cities)
        # What was looked up, by subject and city: files do not change while we run, and are few.
        self._known_leaves: dict[tuple[str, str], Mapping[str, Leaf]] = {}
        self._known_tables: dict[tuple[str, str], Table] = {}
        self._known_city_numbers: dict[tuple[str, str], FloatArray] = {}
        self._known_observations: dict[str, Mapping[str, Mapping[int, float]]] = {}

    def _city(self, city_id: str, tiles: Mapping[str, Mapping[str, Any]]) -> Place:
        found = PlaceFile.model_validate(read_yaml(self._folder / "cities" / city_id / "city.yaml"))
        place = Place(city_id, found.label.label(), found.adcode)
        tile = tiles.get(city_id)
        if tile is None:
            return place
        return replace(place, tile_row=tile["row"], tile_column=tile["column"], initials=tile["initials"])

    @property
    def city_ids(self) -> tuple[str, ...]:
        """City ids in the order of the place axis."""
        return self._city_ids

    def leaves(self, subject: str, city: str = "") -> Mapping[str, Leaf]:
        """All leaves of a subject of the region, or of one of its cities; what its file leaves out is the nation's."""
        note("leaves", subject, "", city)
        return self._leaves(subject, city)

    def _leaves(self, subject: str, city: str) -> Mapping[str, Leaf]:
        known = self._known_leaves.get((subject, city))
        if known is None:
            known = self._known_leaves[subject, city] = self._read_leaves(subject, city)
        return known

    def _read_leaves(self, subject: str, city: str) -> Mapping[str, Leaf]:
        own = self._find(subject, ".yaml", city)
        shared = self._root / NATIONAL / f"{subject}.yaml"
        if city or own == shared:
            return read_leaves(own, self.as_of_year, self._root)
        return read_over(own, shared, self.as_of_year, self._root)

    def leaf(self, subject: str, name: str, city: str = "") -> Leaf:
        """One leaf; RegionDataError names near leaves when it is missing."""
        note("leaf", subject, name, city)
        return self._leaf(subject, name, city)

    def _leaf(self, subject: str, name: str, city: str) -> Leaf:
        leaves = self._leaves(subject, city)
        if name not in leaves:
            raise RegionDataError(f"{subject}: no leaf {name}{near_names(name, leaves)}")
        return leaves[name]

    def number(self, subject: str, name: str, city: str = "") -> float:
        """A single numeric leaf."""
        return self.leaf(subject, name, city).number()

    def city_numbers(self, subject: str, name: str) -> FloatArray:
        """A numeric leaf of every city, [place]."""
        for city in self._city_ids:
            note("leaf", subject, name, city)
        known = self._known_city_numbers.get((subject, name))
        if known is None:
            known = np.array([self._leaf(subject, name, c).number() for c in self._city_ids])
            self._known_city_numbers[subject, name] = known
        return known.copy()

    def table(self, name: str, city: str = "") -> Table:
        """A table of the region, else of the nation."""
        note("table", name, "", city)
        return self._table(name, city)

    def _table(self, name: str, city: str) -> Table:
        known = self._known_tables.get((name, city))
        if known is None:
            known = read_table(self._find(name, ".csv", city), self.as_of_year, self._root)
            self._known_tables[name, city] = known
        return known

    def subjects(self, folder: str) -> tuple[tuple[str, str], ...]:
        """Files of a folder of the region and of the nation, each with its kind: table or leaves; by name."""
        found = {}
        for base in (self._root / NATIONAL / folder, self._folder / folder):
            for path in sorted(base.glob("*.yaml")):
                found[f"{folder}/{path.stem}"] = "table" if path.with_suffix(".csv").is_file() else "leaves"
        return tuple(sorted(found.items()))

    def has(self, name: str, ending: str = ".csv", city: str = "") -> bool:
        """True when the region, city or nation has such a file."""
        try:
            self._find(name, ending, city)
        except RegionDataError:
            return False
        return True

    def observed(self, metric: str, city: str = "") -> Mapping[int, float]:
        """Observed values of a metric by year, from observations.csv; empty when none is known."""
        note("observed", OBSERVATIONS, metric, city)
        known = self._known_observations.get(city)
        if known is None:
            known = self._known_observations[city] = _observations(self._table(OBSERVATIONS, city))
        return dict(known.get(metric, {}))

    @cached_property
    def data_revision(self) -> str:
        """SHA-256 over every file of the region and the nation, names and contents."""
        return _folder_digest((self._root / NATIONAL, self._folder))

    def revision_of(self, *subjects: str) -> str:
        """SHA-256 over the region's places and the files of these subjects alone: `calendar`, `buildings/pv`.

        A city's file has the name that it has in every city: `buildings`. For what is kept and reads nothing else:
        it stays when other data change.
        """
        return _folder_digest((self._root / NATIONAL, self._folder), (*subjects, "region", "city"))

    def source_grades(self) -> Mapping[str, tuple[Grade, ...]]:
        """Sources of every figure of the region, its cities and the nation, each with the grades it is used with."""
        found: dict[str, set[Grade]] = {}
        for folder in (self._root / NATIONAL, self._folder):
            for path in sorted(folder.rglob("*.yaml")):
                for told in _provenances(path, self.as_of_year, self._root):
                    found.setdefault(told.source, set()).add(told.grade)
        return {source: tuple(sorted(grades)) for source, grades in sorted(found.items())}

    def grade_counts(self) -> Mapping[Grade, int]:
        """Figures of the region, its cities and the nation by grade; a row of a table counts as one."""
        counts = dict.fromkeys(Grade, 0)
        for folder in (self._root / NATIONAL, self._folder):
            for path in sorted(folder.rglob("*.yaml")):
                for told in _each_provenance(path, self.as_of_year, self._root):
                    counts[told.grade] += 1
        return counts

    def _find(self, name: str, ending: str, city: str) -> Path:
        return _found(self._folder, self._root, name, ending, city)


def _tiles(folder: Path, root: Path) -> Mapping[str, Mapping[str, Any]]:
    """Row, column and initials of each city's tile; empty for a region without a map."""
    path = folder / f"{TILES}.csv"
    return read_table(path, 0, root).by("city") if path.is_file() else {}


@lru_cache(maxsize=1024)
def _found(base: Path, root: Path, name: str, ending: str, city: str) -> Path:
    """The file of a subject: the city's, else the region's, else the nation's. Data files do not move while we run."""
    folders = [base / "cities" / city] if city else [base, root / NATIONAL]
    for folder in folders:
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path
    where = f"{base.name}/{city}" if city else base.name
    raise RegionDataError(f"{where}: no file {name}{ending}")


@lru_cache(maxsize=64)
def load_region(region_id: str, as_of_year: int = 0, factor_set: str = "") -> Region:
    """The region's data; DomainError(UNKNOWN_REGION) with near names when there is no such region."""
    known = region_ids()
    if region_id not in known:
        raise DomainError(
            "UNKNOWN_REGION",
            [
                Violation(
                    "region",
                    f"no such region{near_names(region_id, known)}",
                    given=region_id,
                    allowed=", ".join(known),
                )
            ],
        )
    known_at = 0 if as_of_year >= LAST_YEAR else as_of_year
    return Region(region_id, known_at, factor_set=factor_set)


def region_ids() -> tuple[str, ...]:
    """Ids of the regions that have data: those that came along, then one's own.

    Figures that hold for the whole nation are read through the first, which is never one's own.
    """
    return (*built_in_ids(), *own_regions())


def built_in_ids() -> tuple[str, ...]:
    """Ids of the regions that came along."""
    return _ids_in(ROOT)


@lru_cache(maxsize=4)
def _ids_in(root: Path) -> tuple[str, ...]:
    return tuple(sorted(p.parent.name for p in root.glob("*/region.yaml")))


def use_own_regions(folder: Path | None) -> None:
    """Serve the regions of a folder beside those that came along, here and in processes that start from here.

    Before the first of them is read: data files do not move while we run. RegionDataError as `own_regions`.
    """
    name_own_regions(folder)
    own_regions.cache_clear()
    sources.cache_clear()
    own_regions()


@lru_cache(maxsize=2048)
def _provenances(path: Path, as_of: int, root: Path) -> frozenset[Provenance]:
    """Where the figures of a file come from."""
    return frozenset(_each_provenance(path, as_of, root))


def _each_provenance(path: Path, as_of: int, root: Path) -> tuple[Provenance, ...]:
    """Where each figure of a file comes from."""
    if path.name in _NO_FIGURES:
        return ()
    if path.with_suffix(".csv").is_file():
        return read_table(path.with_suffix(".csv"), as_of, root).provenance
    return tuple(leaf.provenance for leaf in read_leaves(path, as_of, root).values())


def check_all(root: Path = ROOT) -> list[str]:
    """Read every region file; list all problems (a test holds this empty)."""
    problems: list[str] = []
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_dir() or relative.parts[0] in ("sources", "__pycache__"):
            continue
        try:
            if path.suffix == ".csv":
                read_table(path, 0, root)
            elif path.suffix == ".yaml" and not path.with_suffix(".csv").exists():
                if path.name in ("region.yaml", "city.yaml"):
                    PlaceFile.model_validate(read_yaml(path))
                elif path.name not in _NO_FIGURES:
                    read_leaves(path, 0, root)
        except (RegionDataError, ValidationError, yaml.YAMLError, KeyError, ValueError) as error:
            problems.append(f"{relative}: {error}")
    return problems


def _observations(table: Table) -> Mapping[str, Mapping[int, float]]:
    """Observed values by metric and year."""
    found: dict[str, dict[int, float]] = {}
    for metric, year, value in zip(
        table.columns["metric"], table.columns["year"], table.columns["value"], strict=True
    ):
        found.setdefault(metric, {})[year] = value
    return found


@lru_cache(maxsize=64)
def _folder_digest(folders: tuple[Path, ...], subjects: tuple[str, ...] = ()) -> str:
    """Of every file, or of those of some subjects."""
    sha = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.suffix not in (".yaml", ".csv") or not path.is_file():
                continue
            if subjects and _subject(name) not in subjects:
                continue
            sha.update(str(path.relative_to(folder.parent)).encode())
            sha.update(path.read_bytes())
    return sha.hexdigest()


def _subject(name: Path) -> str:
    """buildings/pv of buildings/pv.yaml, buildings of cities/nantong/buildings.yaml: as a recording names them."""
    parts = name.with_suffix("").parts
    return "/".join(parts[2:] if parts[0] == "cities" else parts)
