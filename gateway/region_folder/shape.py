"""What the folder of a region holds by name, unit and key, not the figures: read from the regions that are there."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any, Final

from services.common.axes import BASE_YEAR
from services.common.region_files import (
    NATIONAL,
    OWN_SOURCES,
    PLACE_FILE,
    PROVENANCE_COLUMNS,
    ROOT,
    ColumnFile,
    Leaf,
    LeafFile,
    LeavesFile,
    Table,
    TableFile,
    read_leaves,
    read_table,
    read_yaml,
)
from services.common.regions import built_in_ids

CITIES: Final = "cities"
PLACE_FILES: Final = (PLACE_FILE, "city.yaml")
TARGETS_FILE: Final = "targets.yaml"
CITY_COLUMN: Final = "city"
_NEARLY_ALL_SHARE: Final = 0.9
# What the software does without, or takes of the nation, though every region that came along has it.
DISPENSABLE: Final = frozenset(
    ("accounts/reconciliation", "departments", "ensemble/distributions", "warning/backtest")
)


@dataclass(frozen=True)
class LeafShape:
    """A figure by name: unit, label, kind, whether it is a series, and the numbers that regions have for it."""

    unit: str
    file: LeafFile
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class TableShape:
    """A table: columns, key columns with the keys that every region has, and whether one has a row for every city."""

    file: TableFile
    names: tuple[str, ...]
    key: tuple[str, ...]
    rows: frozenset[tuple[Any, ...]]
    covers_cities: bool


@dataclass(frozen=True)
class Shape:
    """Figures and tables by subject ("transport/base"): of the region, and of each of its cities."""

    leaves: Mapping[str, Mapping[str, LeafShape]] = field(default_factory=dict)
    tables: Mapping[str, TableShape] = field(default_factory=dict)

    def subjects(self) -> set[str]:
        """Every subject."""
        return {*self.leaves, *self.tables}


@dataclass(frozen=True)
class Needs:
    """`region` and `city`: what all regions (cities) have; `optional_*`: what any has; `national`: the nation's."""

    region: Shape
    city: Shape
    optional_region: Shape
    optional_city: Shape
    national: frozenset[str]


def needs() -> Needs:
    """What a region's folder has to hold, and may: what the regions that came along hold."""
    folders = [ROOT / region_id for region_id in built_in_ids()]
    city_folders = [c for f in folders for c in sorted((f / CITIES).iterdir()) if c.is_dir()]
    city_ids = {f: {c.name for c in city_folders if c.parent.parent == f} for f in folders}
    regions = [shape_of(f, ROOT, city_ids[f]) for f in folders]
    cities = [shape_of(c, ROOT, set()) for c in city_folders]
    national = frozenset(
        p.relative_to(ROOT / NATIONAL).with_suffix("").as_posix() for p in (ROOT / NATIONAL).rglob("*.yaml")
    )
    return Needs(_in_all(regions), _in_all(_whole(cities)), _in_some(regions), _in_some(cities), national)


def shape_of(folder: Path, root: Path, city_ids: set[str]) -> Shape:
    """The shape of one region's or city's folder. RegionDataError."""
    leaves: dict[str, dict[str, LeafShape]] = {}
    tables: dict[str, TableShape] = {}
    for path in files_of(folder):
        subject = path.relative_to(folder).with_suffix("").as_posix()
        if path.with_suffix(".csv").is_file():
            tables[subject] = _table_shape(path, root, city_ids)
        else:
            raw = LeavesFile.model_validate(read_yaml(path)).leaves
            read = read_leaves(path, 0, root)
            leaves[subject] = {n: LeafShape(read[n].unit, raw[n], numbers_of(read[n])) for n in raw}
    return Shape(leaves, tables)


def files_of(folder: Path) -> Iterable[Path]:
    """YAML files with figures, or beside tables, of a folder; cities' folders have their own."""
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder)
        named = (*PLACE_FILES, TARGETS_FILE, OWN_SOURCES)
        if relative.parts[0] != CITIES and not (len(relative.parts) == 1 and path.name in named):
            yield path


def numbers_of(leaf: Leaf) -> tuple[float, ...]:
    """The numbers of a figure; none for a text."""
    if leaf.values:
        return tuple(leaf.values.values())
    return () if leaf.value is None or isinstance(leaf.value, str) else (float(leaf.value),)


def _table_shape(side_car: Path, root: Path, city_ids: set[str]) -> TableShape:
    file = TableFile.model_validate(read_yaml(side_car))
    table = read_table(side_car.with_suffix(".csv"), 0, root)
    names = tuple(table.columns)
    key = _key(table, file.columns)
    rows = frozenset(_keys(table, key, file.observed_year_column)) if key else frozenset()
    there = set(table.columns.get(CITY_COLUMN, ()))
    return TableShape(file, names, key, rows, bool(city_ids) and city_ids <= there)


def _key(table: Table, columns: Mapping[str, ColumnFile]) -> tuple[str, ...]:
    """The fewest leading columns of text or whole numbers that tell all rows apart; none when they do not."""
    named = [
        n
        for n in table.columns
        if n in columns and columns[n].type != "number" and n not in PROVENANCE_COLUMNS
    ]
    for count in range(1, len(named) + 1):
        keys = list(zip(*(table.columns[n] for n in named[:count]), strict=True))
        if len(set(keys)) == len(keys):
            return tuple(named[:count])
    return ()


def _keys(table: Table, key: Sequence[str], year_column: str) -> Iterable[tuple[Any, ...]]:
    """Keys of rows; of observations those of the base year alone, since later years are for comparison."""
    for row in table.rows():
        if not year_column or row[year_column] == BASE_YEAR:
            yield tuple(row[name] for name in key)


def _whole(cities: Sequence[Shape]) -> Sequence[Shape]:
    """Without those that lack what nearly all have: they are to be told of it, not to lower what is asked."""
    each = [_keys_of(city) for city in cities]
    counts = Counter(key for keys in each for key in keys)
    usual = {key for key, count in counts.items() if count >= _NEARLY_ALL_SHARE * len(cities)}
    return [city for city, keys in zip(cities, each, strict=True) if usual <= keys] or cities


def _keys_of(shape: Shape) -> set[tuple[Any, ...]]:
    figures = {(subject, name) for subject, found in shape.leaves.items() for name in found}
    return figures | {(subject, *row) for subject, table in shape.tables.items() for row in table.rows}


def _in_all(shapes: Sequence[Shape]) -> Shape:
    subjects = reduce(set.intersection, (s.subjects() for s in shapes)) - DISPENSABLE
    leaves = {}
    for subject in sorted(subjects & {x for s in shapes for x in s.leaves}):
        each = [s.leaves[subject] for s in shapes]
        shared = reduce(set.intersection, (set(one) for one in each))
        leaves[subject] = {n: _merged([one[n] for one in each]) for n in each[0] if n in shared}
    tables = {
        x: _merged_table([s.tables[x] for s in shapes]) for x in sorted(subjects) if x in shapes[0].tables
    }
    return Shape(leaves, tables)


def _in_some(shapes: Sequence[Shape]) -> Shape:
    """Everything that any has, with the numbers of those that have it."""
    leaves: dict[str, dict[str, list[LeafShape]]] = {}
    tables: dict[str, TableShape] = {}
    for shape in shapes:
        for subject, found in shape.leaves.items():
            for name, leaf in found.items():
                leaves.setdefault(subject, {}).setdefault(name, []).append(leaf)
        tables |= shape.tables
    return Shape({s: {n: _merged(each) for n, each in found.items()} for s, found in leaves.items()}, tables)


def _merged(each: Sequence[LeafShape]) -> LeafShape:
    numbers = tuple(x for one in each for x in one.numbers if math.isfinite(x))
    return LeafShape(each[0].unit, each[0].file, numbers)


def _merged_table(each: Sequence[TableShape]) -> TableShape:
    first = each[0]
    shared = [n for n in first.names if all(n in one.names for one in each)]
    columns = {n: c for n, c in first.file.columns.items() if n in shared}
    same_key = all(one.key == first.key for one in each)
    rows = reduce(frozenset.intersection, (one.rows for one in each)) if same_key else frozenset()
    file = first.file.model_copy(update={"columns": columns, "sha256": ""})
    return TableShape(
        file, tuple(shared), first.key if same_key else (), rows, any(one.covers_cities for one in each)
    )
