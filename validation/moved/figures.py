"""Groups of grade-C figures of the region files, and copies of these files in which one group is moved.

A group is what is moved at once: all of a file (of all cities, where each has one), then one leaf, one column or one
lever of it. Only numbers of grade C are moved, each by the same share of itself; dates stay.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from services.common.region_files import ROOT, read_leaves, read_table, read_yaml
from services.common.words import Grade

_SHARES = frozenset({"share", "ratio"})
_DATES = frozenset({"year", "hour", "month", "day"})
_LEVER = "lever_id"


@dataclass(frozen=True)
class Group:
    """Grade-C figures of the side-cars that a pattern names, relative to the region files; of one part where given."""

    pattern: str
    part: str = ""

    @property
    def name(self) -> str:
        """As the report names it."""
        return f"{self.pattern}: {self.part}" if self.part else self.pattern

    def files(self) -> list[Path]:
        """The side-cars."""
        return sorted(ROOT.glob(self.pattern))


def groups_of(folder: str) -> list[Group]:
    """Groups of the side-cars in a folder of the region files that hold grade-C numbers.

    The same file of all cities is one group.
    """
    side_cars = [
        path for path in (ROOT / folder).rglob("*.yaml") if {"leaves", "columns"} & set(read_yaml(path))
    ]
    patterns = {_of_all_cities(path.relative_to(ROOT).as_posix()) for path in side_cars}
    return [group for group in map(Group, sorted(patterns)) if parts_of(group)]


def parts_of(group: Group) -> list[Group]:
    """The leaves, columns or levers that hold grade-C numbers."""
    names = dict.fromkeys(name for path in group.files() for name in _parts(path))
    return [Group(group.pattern, name) for name in names]


@dataclass(frozen=True)
class Written:
    """How many numbers were moved, and how many of them the other way."""

    count: int = 0
    turned_count: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.count + other.count, self.turned_count + other.turned_count)


def write_moved(group: Group, root: Path, share: float) -> Written:
    """A copy of the region files under `root` with the group moved by a share.

    A part of shares of which one would be more than 1 is moved the other way.
    """
    moved = {path: _moved_text(path, group.part, share) for path in group.files()}
    written = {
        path.with_suffix(".csv") if _is_table(path) else path: text for path, (text, _) in moved.items()
    }
    for path in ROOT.rglob("*"):
        if path.is_file():
            copy = root / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path in written:
                copy.write_text(written[path], encoding="utf-8")
            else:
                copy.symlink_to(path)
    return sum((count for _, count in moved.values()), Written())


def _of_all_cities(path: str) -> str:
    region, *rest = path.split("/")
    return "/".join((region, "cities", "*", rest[-1])) if rest[0] == "cities" else path


def _is_table(side_car: Path) -> bool:
    return side_car.with_suffix(".csv").is_file()


def _parts(side_car: Path) -> list[str]:
    if not _is_table(side_car):
        return [
            name
            for name, leaf in read_leaves(side_car, 0, ROOT).items()
            if leaf.provenance.grade is Grade.C and leaf.unit not in _DATES and _is_number(leaf)
        ]
    table = read_table(side_car.with_suffix(".csv"), 0, ROOT)
    if _is_of_levers(table.columns):
        graded = zip(table.text(_LEVER), table.provenance, strict=True)
        return list(dict.fromkeys(lever for lever, told in graded if told.grade is Grade.C))
    return [name for name in _number_columns(side_car) if _rows(side_car, name)]


def _is_of_levers(columns: Iterable[str]) -> bool:
    """Paths of levers by row, which are moved lever by lever."""
    return {_LEVER, "value"} <= set(columns)


def _is_number(leaf: Any) -> bool:
    return bool(leaf.values) or (isinstance(leaf.value, float | int) and not isinstance(leaf.value, bool))


def _moved_text(side_car: Path, part: str, share: float) -> tuple[str, Written]:
    """The file of a side-car with its numbers moved (the table, where it has one), and how many were."""
    names = [part] if part else _parts(side_car)
    return (_table if _is_table(side_car) else _leaves)(
        side_car, [n for n in names if n in _parts(side_car)], share
    )


def _leaves(side_car: Path, names: list[str], share: float) -> tuple[str, Written]:
    plain = yaml.safe_load(side_car.read_text("utf-8"))
    count = Written()
    for name in names:
        leaf = plain["leaves"][name]
        years = list(leaf.get("values") or ())
        values = [leaf["values"][y] for y in years] if years else [leaf["value"]]
        moved, written = _moved(values, leaf["unit"], share)
        if years:
            leaf["values"] = dict(zip(years, moved, strict=True))
        else:
            (leaf["value"],) = moved
        count += written
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), count


def _table(side_car: Path, names: list[str], share: float) -> tuple[str, Written]:
    data = side_car.with_suffix(".csv")
    with data.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = list(reader.fieldnames or ()), list(reader)
    columns = _columns(side_car)
    count = Written()
    for name in names:
        if _is_of_levers(columns):
            column, at = "value", [i for i in _rows(side_car, "value") if rows[i][_LEVER] == name]
            unit = rows[at[0]].get("unit", "") if at else ""
        else:
            column, at, unit = name, _rows(side_car, name), columns[name].get("unit", "")
        moved, written = _moved([float(rows[i][column]) for i in at], unit, share)
        for i, value in zip(at, moved, strict=True):
            rows[i][column] = repr(value)
        count += written
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue(), count


def _columns(side_car: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(side_car.read_text("utf-8"))["columns"]
    return found


def _number_columns(side_car: Path) -> list[str]:
    return [
        name
        for name, column in _columns(side_car).items()
        if column.get("type", "number") == "number" and column.get("unit", "") not in _DATES
    ]


def _rows(side_car: Path, column: str) -> list[int]:
    """Rows of grade C whose number in the column is there and not 0."""
    table = read_table(side_car.with_suffix(".csv"), 0, ROOT)
    told = zip(table.columns[column], table.provenance, strict=True)
    return [i for i, (v, p) in enumerate(told) if p.grade is Grade.C and v is not None and v == v and v != 0]


def _moved(values: list[float], unit: str, share: float) -> tuple[list[float], Written]:
    turned = unit in _SHARES and any(v <= 1 < v * (1 + share) for v in values)
    factor = 1 - share if turned else 1 + share
    return [v * factor for v in values], Written(len(values), len(values) if turned else 0)
