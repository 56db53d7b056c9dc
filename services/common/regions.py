"""Region files: figures with provenance. A number without source and grade is refused.

Layout: regions/<region>/region.yaml, regions/<region>/<subject>.yaml (leaves), <table>.csv with a side-car
<table>.yaml, regions/<region>/cities/<city>/city.yaml and <subject>.yaml. What a region lacks is looked up in
regions/national: a table as a whole, leaves one by one. Sources are listed in regions/sources/*.yaml.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.common.arrays import FloatArray
from services.common.axes import LAST_YEAR
from services.common.errors import DomainError, Violation, near_names
from services.common.recording import note
from services.common.words import Grade, Label, Place, Provenance

ROOT = Path(__file__).resolve().parents[2] / "regions"
NATIONAL = "national"
OBSERVATIONS = "observations"
# Where each city stands in a schematic map of tiles; a region may have none.
TILES = "tiles"
_PROVENANCE_COLUMNS = ("source", "clause", "derivation", "grade", "note")


class RegionDataError(Exception):
    """Region files that break the rules; lists every problem with its file."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _LabelFile(_Strict):
    zh: str
    en: str

    def label(self) -> Label:
        return Label(self.zh, self.en)


class _ProvenanceFile(_Strict):
    source: str | None = None
    clause: str = ""
    derivation: str = ""
    grade: Grade | None = None
    checked_on: Any = None
    licence: str = ""


class _LeafFile(_ProvenanceFile):
    value: float | int | str | bool | None = None
    values: dict[int, float] | None = None
    unit: str
    label: _LabelFile | None = None
    # An observation is hidden by as_of when its year is later; a parameter or path is not.
    kind: Literal["parameter", "observation", "path"] = "parameter"
    note: str = ""
    as_printed: str = ""

    @model_validator(mode="after")
    def _one_of(self) -> "_LeafFile":
        if (self.value is None) == (self.values is None):
            raise ValueError("give either value or values")
        return self


class _LeavesFile(_Strict):
    provenance: _ProvenanceFile = _ProvenanceFile()
    leaves: dict[str, _LeafFile]


class _ColumnFile(_Strict):
    type: Literal["text", "number", "integer"] = "number"
    unit: str = ""


class _TableFile(_Strict):
    title: _LabelFile
    provenance: _ProvenanceFile = _ProvenanceFile()
    columns: dict[str, _ColumnFile]
    # Rows whose year (in the column named here) is later than as_of are hidden.
    observed_year_column: str = ""
    sha256: str = ""


class _SourceFile(_Strict):
    title: Annotated[str, Field(min_length=3)]
    year: int | str = ""
    licence: str = ""
    note: str = ""


class _PlaceFile(_Strict):
    label: _LabelFile
    adcode: str
    cities: list[str] = []


@dataclass(frozen=True)
class Leaf:
    """One figure: a value, or values by year, with unit and provenance."""

    name: str
    value: float | int | str | bool | None
    values: Mapping[int, float]
    unit: str
    provenance: Provenance
    label: Label = Label("", "")

    def number(self) -> float:
        """The single numeric value; TypeError when the leaf is a series or a text."""
        if self.value is None or isinstance(self.value, str):
            raise TypeError(f"{self.name} is not a single number")
        return float(self.value)

    def path(self, years: tuple[int, ...]) -> FloatArray:
        """Values at the years, linear between the leaf's years, flat outside, [year]."""
        if not self.values:
            return np.full(len(years), self.number())
        known = sorted(self.values)
        return np.interp(years, known, [self.values[y] for y in known])


@dataclass(frozen=True)
class Table:
    """A table of region data: columns of equal length, each row with provenance."""

    name: str
    title: Label
    columns: Mapping[str, tuple[Any, ...]]
    units: Mapping[str, str]
    provenance: tuple[Provenance, ...]

    def __len__(self) -> int:
        return len(self.provenance)

    def text(self, column: str) -> tuple[str, ...]:
        """A text column."""
        return self.columns[column]

    def numbers(self, column: str) -> FloatArray:
        """A numeric column, [row]; an empty cell is NaN."""
        return np.array(self.columns[column], dtype=np.float64)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, for reading: every caller sees the same ones."""
        return list(self._rows)

    def by(self, key: str) -> dict[Any, dict[str, Any]]:
        """Rows by the value of a column that is unique; rows are for reading."""
        if key not in self._by_column:
            rows = {row[key]: row for row in self._rows}
            if len(rows) != len(self):
                raise RegionDataError(f"{self.name}: column {key} is not unique")
            self._by_column[key] = rows
        return dict(self._by_column[key])

    @cached_property
    def _rows(self) -> tuple[dict[str, Any], ...]:
        names = list(self.columns)
        return tuple(
            dict(zip(names, values, strict=True)) for values in zip(*self.columns.values(), strict=True)
        )

    @cached_property
    def _by_column(self) -> dict[str, dict[Any, dict[str, Any]]]:
        return {}


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
        self._root = root
        place = _PlaceFile.model_validate(_yaml(root / region_id / "region.yaml"))
        self.place = Place(region_id, place.label.label(), place.adcode)
        self._city_ids = tuple(place.cities)
        tiles = _tiles(root / region_id, root)
        self.cities = tuple(self._city(c, tiles) for c in place.cities)
        # What was looked up, by subject and city: files do not change while we run, and are few.
        self._known_leaves: dict[tuple[str, str], Mapping[str, Leaf]] = {}
        self._known_tables: dict[tuple[str, str], Table] = {}
        self._known_city_numbers: dict[tuple[str, str], FloatArray] = {}
        self._known_observations: dict[str, Mapping[str, Mapping[int, float]]] = {}

    def _city(self, city_id: str, tiles: Mapping[str, Mapping[str, Any]]) -> Place:
        found = _PlaceFile.model_validate(
            _yaml(self._root / self.region_id / "cities" / city_id / "city.yaml")
        )
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
            return _leaves(own, self.as_of_year, self._root)
        return _over(own, shared, self.as_of_year, self._root)

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
            known = _table(self._find(name, ".csv", city), self.as_of_year, self._root)
            self._known_tables[name, city] = known
        return known

    def subjects(self, folder: str) -> tuple[tuple[str, str], ...]:
        """Files of a folder of the region and of the nation, each with its kind: table or leaves; by name."""
        found = {}
        for base in (self._root / NATIONAL / folder, self._root / self.region_id / folder):
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
        return _folder_digest(self._root, (NATIONAL, self.region_id))

    def source_grades(self) -> Mapping[str, tuple[Grade, ...]]:
        """Sources of every figure of the region, its cities and the nation, each with the grades it is used with."""
        found: dict[str, set[Grade]] = {}
        for folder in (NATIONAL, self.region_id):
            for path in sorted((self._root / folder).rglob("*.yaml")):
                for told in _provenances(path, self.as_of_year, self._root):
                    found.setdefault(told.source, set()).add(told.grade)
        return {source: tuple(sorted(grades)) for source, grades in sorted(found.items())}

    def grade_counts(self) -> Mapping[Grade, int]:
        """Figures of the region, its cities and the nation by grade; a row of a table counts as one."""
        counts = dict.fromkeys(Grade, 0)
        for folder in (NATIONAL, self.region_id):
            for path in sorted((self._root / folder).rglob("*.yaml")):
                for told in _each_provenance(path, self.as_of_year, self._root):
                    counts[told.grade] += 1
        return counts

    def _find(self, name: str, ending: str, city: str) -> Path:
        return _found(self._root, self.region_id, name, ending, city)


def _tiles(folder: Path, root: Path) -> Mapping[str, Mapping[str, Any]]:
    """Row, column and initials of each city's tile; empty for a region without a map."""
    path = folder / f"{TILES}.csv"
    return _table(path, 0, root).by("city") if path.is_file() else {}


@lru_cache(maxsize=1024)
def _found(root: Path, region_id: str, name: str, ending: str, city: str) -> Path:
    """The file of a subject: the city's, else the region's, else the nation's. Data files do not move while we run."""
    base = root / region_id
    folders = [base / "cities" / city] if city else [base, root / NATIONAL]
    for folder in folders:
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path
    where = f"{region_id}/{city}" if city else region_id
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


@lru_cache(maxsize=1)
def region_ids() -> tuple[str, ...]:
    """Ids of the regions that have data."""
    return tuple(sorted(p.parent.name for p in ROOT.glob("*/region.yaml")))


@lru_cache(maxsize=1)
def sources(root: Path = ROOT) -> Mapping[str, _SourceFile]:
    """The list of sources by id."""
    found: dict[str, _SourceFile] = {}
    for path in sorted((root / "sources").glob("*.yaml")):
        for key, raw in _yaml(path).items():
            if key in found:
                raise RegionDataError(f"{path.name}: source {key} is listed twice")
            found[key] = _SourceFile.model_validate(raw)
    return found


@lru_cache(maxsize=2048)
def _provenances(path: Path, as_of: int, root: Path) -> frozenset[Provenance]:
    """Where the figures of a file come from."""
    return frozenset(_each_provenance(path, as_of, root))


def _each_provenance(path: Path, as_of: int, root: Path) -> tuple[Provenance, ...]:
    """Where each figure of a file comes from."""
    if path.name in ("region.yaml", "city.yaml", "targets.yaml"):
        return ()
    if path.with_suffix(".csv").is_file():
        return _table(path.with_suffix(".csv"), as_of, root).provenance
    return tuple(leaf.provenance for leaf in _leaves(path, as_of, root).values())


def check_all(root: Path = ROOT) -> list[str]:
    """Read every region file; list all problems (a test holds this empty)."""
    problems: list[str] = []
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_dir() or relative.parts[0] in ("sources", "__pycache__"):
            continue
        try:
            if path.suffix == ".csv":
                _table(path, 0, root)
            elif path.suffix == ".yaml" and not path.with_suffix(".csv").exists():
                if path.name in ("region.yaml", "city.yaml"):
                    _PlaceFile.model_validate(_yaml(path))
                elif path.name not in ("targets.yaml",):
                    _leaves(path, 0, root)
        except (RegionDataError, ValidationError, yaml.YAMLError, KeyError, ValueError) as error:
            problems.append(f"{relative}: {error}")
    return problems


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        raise RegionDataError(f"{path}: missing") from None


def _provenance(own: _ProvenanceFile, default: _ProvenanceFile, where: str, root: Path) -> Provenance:
    source = own.source if own.source is not None else default.source
    grade = own.grade if own.grade is not None else default.grade
    clause = own.clause or default.clause
    derivation = own.derivation or default.derivation
    if not source:
        raise RegionDataError(f"{where}: no source")
    if source not in sources(root):
        raise RegionDataError(f"{where}: source {source} is not listed in regions/sources")
    if grade is None:
        raise RegionDataError(f"{where}: no grade")
    if not clause and not derivation:
        raise RegionDataError(f"{where}: no clause or derivation")
    if grade is Grade.C and not derivation:
        raise RegionDataError(f"{where}: grade C needs a derivation")
    return Provenance(source, clause, derivation, grade)


@lru_cache(maxsize=1024)
def _leaves(path: Path, as_of: int, root: Path) -> Mapping[str, Leaf]:
    try:
        read = _LeavesFile.model_validate(_yaml(path))
    except ValidationError as error:
        raise RegionDataError(f"{path.name}: {error}") from None
    leaves = {}
    for name, raw in read.leaves.items():
        values = raw.values or {}
        if as_of and raw.kind == "observation":
            values = {y: v for y, v in values.items() if y <= as_of}
        leaves[name] = Leaf(
            name,
            raw.value,
            values,
            raw.unit,
            _provenance(raw, read.provenance, f"{path.name}: {name}", root),
            raw.label.label() if raw.label else Label("", ""),
        )
    return leaves


@lru_cache(maxsize=256)
def _over(own: Path, shared: Path, as_of: int, root: Path) -> Mapping[str, Leaf]:
    """The leaves of a region's file, and those of the nation's that it does not name."""
    below = _leaves(shared, as_of, root) if shared.is_file() else {}
    return {**below, **_leaves(own, as_of, root)}


@lru_cache(maxsize=1024)
def _table(path: Path, as_of: int, root: Path) -> Table:
    side_car = path.with_suffix(".yaml")
    if not side_car.exists():
        raise RegionDataError(f"{path.name}: no side-car {side_car.name}")
    try:
        meta = _TableFile.model_validate(_yaml(side_car))
    except ValidationError as error:
        raise RegionDataError(f"{side_car.name}: {error}") from None
    content = path.read_bytes()
    if meta.sha256 and hashlib.sha256(content).hexdigest() != meta.sha256:
        raise RegionDataError(f"{path.name}: contents differ from the sha256 of {side_car.name}")
    rows = list(csv.DictReader(content.decode("utf-8").splitlines()))
    names = list(rows[0]) if rows else []
    undeclared = [n for n in names if n not in meta.columns and n not in _PROVENANCE_COLUMNS]
    missing = [n for n in meta.columns if n not in names]
    if undeclared or missing:
        raise RegionDataError(
            f"{path.name}: columns not declared {undeclared}, declared but missing {missing}"
        )
    provenance = []
    kept = []
    shared: dict[tuple[str, ...], Provenance] = {}
    for number, row in enumerate(rows, start=2):
        if as_of and meta.observed_year_column and int(row[meta.observed_year_column]) > as_of:
            continue
        kept.append(row)
        key = tuple(row.get(c, "") for c in ("source", "clause", "derivation", "grade", "note"))
        if key not in shared:
            own = _ProvenanceFile(
                source=key[0] or None,
                clause=key[1],
                derivation=key[2] or key[4],
                grade=Grade(key[3]) if key[3] else None,
            )
            shared[key] = _provenance(own, meta.provenance, f"{path.name} line {number}", root)
        provenance.append(shared[key])
    columns: dict[str, tuple[Any, ...]] = {}
    for name in names:
        kind = meta.columns[name].type if name in meta.columns else "text"
        columns[name] = tuple(_cell(row[name], kind, path.name, name) for row in kept)
    units = {name: column.unit for name, column in meta.columns.items()}
    return Table(path.stem, meta.title.label(), columns, units, tuple(provenance))


def _cell(text: str, kind: str, file: str, column: str) -> Any:
    if kind == "text":
        return text
    if text == "":
        return float("nan") if kind == "number" else None
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        raise RegionDataError(f"{file}: {column} holds {text!r}, not a {kind}") from None


def _observations(table: Table) -> Mapping[str, Mapping[int, float]]:
    """Observed values by metric and year."""
    found: dict[str, dict[int, float]] = {}
    for metric, year, value in zip(
        table.columns["metric"], table.columns["year"], table.columns["value"], strict=True
    ):
        found.setdefault(metric, {})[year] = value
    return found


@lru_cache(maxsize=32)
def _folder_digest(root: Path, folders: tuple[str, ...]) -> str:
    sha = hashlib.sha256()
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in (".yaml", ".csv"):
                sha.update(str(path.relative_to(root)).encode())
                sha.update(path.read_bytes())
    return sha.hexdigest()
