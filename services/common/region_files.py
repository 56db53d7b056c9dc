"""Files of region data: leaves, tables with a side-car, sources. A number without source and grade is refused."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.common.arrays import FloatArray
from services.common.words import Grade, Label, Provenance
from services.own_regions import VARIABLE, own_regions_folder

ROOT = Path(__file__).resolve().parents[2] / "regions"
NATIONAL = "national"
PLACE_FILE = "region.yaml"
# Sources that a region's folder brings along, beside regions/sources.
OWN_SOURCES = "sources.yaml"
OBSERVATIONS = "observations"
PROVENANCE_COLUMNS = ("source", "clause", "derivation", "grade", "note")


class RegionDataError(Exception):
    """Region files that break the rules; lists every problem with its file."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelFile(_Strict):
    zh: str
    en: str

    def label(self) -> Label:
        return Label(self.zh, self.en)


class ProvenanceFile(_Strict):
    source: str | None = None
    clause: str = ""
    derivation: str = ""
    grade: Grade | None = None
    checked_on: Any = None
    licence: str = ""


class LeafFile(ProvenanceFile):
    value: float | int | str | bool | None = None
    values: dict[int, float] | None = None
    unit: str
    label: LabelFile | None = None
    # An observation is hidden by as_of when its year is later; a parameter or path is not.
    kind: Literal["parameter", "observation", "path"] = "parameter"
    note: str = ""
    as_printed: str = ""

    @model_validator(mode="after")
    def _one_of(self) -> "LeafFile":
        if (self.value is None) == (self.values is None):
            raise ValueError("give either value or values")
        return self


class LeavesFile(_Strict):
    provenance: ProvenanceFile = ProvenanceFile()
    leaves: dict[str, LeafFile]


class ColumnFile(_Strict):
    type: Literal["text", "number", "integer"] = "number"
    unit: str = ""


class TableFile(_Strict):
    title: LabelFile
    provenance: ProvenanceFile = ProvenanceFile()
    columns: dict[str, ColumnFile]
    # Rows whose year (in the column named here) is later than as_of are hidden.
    observed_year_column: str = ""
    sha256: str = ""


class SourceFile(_Strict):
    title: Annotated[str, Field(min_length=3)]
    year: int | str = ""
    licence: str = ""
    note: str = ""


class PlaceFile(_Strict):
    label: LabelFile
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

    def rows(self) -> list[Mapping[str, Any]]:
        """The rows by column. Every caller sees the same ones: they cannot be changed."""
        return list(self._rows)

    def by(self, key: str) -> dict[Any, Mapping[str, Any]]:
        """Rows, as those of `rows`, by the value of a column. RegionDataError when it is not unique."""
        if key not in self._by_column:
            rows = {row[key]: row for row in self._rows}
            if len(rows) != len(self):
                raise RegionDataError(f"{self.name}: column {key} is not unique")
            self._by_column[key] = rows
        return dict(self._by_column[key])

    @cached_property
    def _rows(self) -> tuple[Mapping[str, Any], ...]:
        names = list(self.columns)
        return tuple(
            MappingProxyType(dict(zip(names, values, strict=True)))
            for values in zip(*self.columns.values(), strict=True)
        )

    @cached_property
    def _by_column(self) -> dict[str, dict[Any, Mapping[str, Any]]]:
        return {}


@lru_cache(maxsize=1)
def own_regions() -> Mapping[str, Path]:
    """Folders of regions of one's own by id: those with a region.yaml in the folder that DAFENG_REGIONS names.

    RegionDataError when there is no such folder, or an id is that of a region that came along.
    """
    parent = own_regions_folder()
    if parent is None:
        return {}
    if not parent.is_dir():
        raise RegionDataError(f"{VARIABLE}: {parent} is not a folder")
    found = {p.name: p for p in sorted(parent.iterdir()) if (p / PLACE_FILE).is_file()}
    taken = sorted(name for name in found if is_taken(name))
    if taken:
        raise RegionDataError(
            f"{VARIABLE}: {', '.join(taken)}: such a region came along; give the folder another name"
        )
    return found


def is_taken(name: str) -> bool:
    """Whether a region of one's own cannot be called so: something that came along is."""
    return (ROOT / name).exists()


def region_folder(region_id: str, root: Path = ROOT) -> Path:
    """The folder of a region's files: of one's own, else among those of `root`. RegionDataError as `own_regions`."""
    if root != ROOT or is_taken(region_id):
        return root / region_id
    return own_regions().get(region_id, root / region_id)


@lru_cache(maxsize=8)
def sources(root: Path = ROOT) -> Mapping[str, SourceFile]:
    """The list of sources by id: those of regions/sources, and those that a region's folder brings along.

    RegionDataError when an id is listed twice; regions of one's own may list the same source, in the same words.
    """
    found: dict[str, SourceFile] = {}
    for path in (*sorted((root / "sources").glob("*.yaml")), *sorted(root.glob(f"*/{OWN_SOURCES}"))):
        for key, one in read_sources(path).items():
            if key in found:
                raise RegionDataError(f"{path.name}: source {key} is listed twice")
            found[key] = one
    came_along = frozenset(found)
    for folder in own_regions().values() if root == ROOT else ():
        for key, one in read_sources(folder / OWN_SOURCES).items():
            if key in came_along or found.setdefault(key, one) != one:
                text = "is listed elsewhere, and means another"
                raise RegionDataError(f"{folder.name}/{OWN_SOURCES}: source {key} {text}")
    return found


def read_sources(path: Path) -> Mapping[str, SourceFile]:
    """The sources that a file lists, none when it is not there. ValidationError when an entry is wrong."""
    raw = read_yaml(path) if path.is_file() else None
    return {key: SourceFile.model_validate(one) for key, one in (raw or {}).items()}


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. RegionDataError when it is missing."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        raise RegionDataError(f"{path}: missing") from None


def provenance_of(own: ProvenanceFile, default: ProvenanceFile, where: str, root: Path) -> Provenance:
    """Where a figure comes from, its file's default for what it leaves out. RegionDataError when that is not enough."""
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
def read_leaves(path: Path, as_of: int, root: Path) -> Mapping[str, Leaf]:
    """The leaves of a file, observations up to the end of `as_of` (0: all). RegionDataError."""
    try:
        read = LeavesFile.model_validate(read_yaml(path))
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
            provenance_of(raw, read.provenance, f"{path.name}: {name}", root),
            raw.label.label() if raw.label else Label("", ""),
        )
    return leaves


@lru_cache(maxsize=256)
def read_over(own: Path, shared: Path, as_of: int, root: Path) -> Mapping[str, Leaf]:
    """The leaves of a region's file, and those of the nation's that it does not name."""
    below = read_leaves(shared, as_of, root) if shared.is_file() else {}
    return {**below, **read_leaves(own, as_of, root)}


@lru_cache(maxsize=1024)
def read_table(path: Path, as_of: int, root: Path) -> Table:
    """A table with its side-car, observed rows up to the end of `as_of` (0: all). RegionDataError."""
    side_car = path.with_suffix(".yaml")
    if not side_car.exists():
        raise RegionDataError(f"{path.name}: no side-car {side_car.name}")
    try:
        meta = TableFile.model_validate(read_yaml(side_car))
    except ValidationError as error:
        raise RegionDataError(f"{side_car.name}: {error}") from None
    content = path.read_bytes()
    if meta.sha256 and hashlib.sha256(content).hexdigest() != meta.sha256:
        raise RegionDataError(f"{path.name}: contents differ from the sha256 of {side_car.name}")
    reader = csv.DictReader(content.decode("utf-8").splitlines())
    rows, names = list(reader), list(reader.fieldnames or ())
    undeclared = [n for n in names if n not in meta.columns and n not in PROVENANCE_COLUMNS]
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
            own = ProvenanceFile(
                source=key[0] or None,
                clause=key[1],
                derivation=key[2] or key[4],
                grade=Grade(key[3]) if key[3] else None,
            )
            shared[key] = provenance_of(own, meta.provenance, f"{path.name} line {number}", root)
        provenance.append(shared[key])
    columns: dict[str, tuple[Any, ...]] = {}
    for name in names:
        kind = meta.columns[name].type if name in meta.columns else "text"
        columns[name] = tuple(read_cell(row[name], kind, path.name, name) for row in kept)
    units = {name: column.unit for name, column in meta.columns.items()}
    return Table(path.stem, meta.title.label(), columns, units, tuple(provenance))


def read_cell(text: str, kind: str, file: str, column: str) -> Any:
    """A cell as its column's kind; an empty number is NaN, an empty integer None. RegionDataError."""
    if kind == "text":
        return text
    if text == "":
        return float("nan") if kind == "number" else None
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        raise RegionDataError(f"{file}: {column} holds {text!r}, not a {kind}") from None
