"""Checks a table with its side-car, row by row."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from gateway.region_folder.findings import Finding, Kind
from gateway.region_folder.ranges import impossible
from gateway.region_folder.shape import CITY_COLUMN, TableShape
from services.common.errors import near_names
from services.common.region_files import (
    PROVENANCE_COLUMNS,
    ProvenanceFile,
    RegionDataError,
    TableFile,
    provenance_of,
    read_cell,
    read_yaml,
)
from services.common.words import Grade

# Rows of one table that are told one by one.
_MOST_ROWS: Final = 20


def check_table(
    file: str,
    side_car: Path,
    root: Path,
    needed: TableShape | None,
    known: TableShape | None,
    cities: Sequence[str],
    grades: dict[Grade, int],
) -> list[Finding]:
    """Findings of one table; `grades` counts its rows."""
    path, file = side_car.with_suffix(".csv"), f"{file}.csv"
    try:
        meta = TableFile.model_validate(read_yaml(side_car))
    except ValidationError as error:
        return [Finding(file.replace(".csv", ".yaml"), "", str(error))]
    content = path.read_bytes()
    found = []
    if meta.sha256 and hashlib.sha256(content).hexdigest() != meta.sha256:
        found.append(Finding(file, "", f"its contents differ from the sha256 in {side_car.name}"))
    reader = csv.DictReader(content.decode("utf-8-sig").splitlines())
    rows, names = list(reader), list(reader.fieldnames or ())
    found += _columns(file, meta, names, needed, known)
    table = _Rows(file, meta, rows, root, grades)
    found += table.check()
    found += table.keys(needed)
    if needed is not None and needed.covers_cities and CITY_COLUMN in names:
        there = {row[CITY_COLUMN] for row in rows}
        found += [Finding(file, c, "no row for the city", Kind.MISSING) for c in cities if c not in there]
    if CITY_COLUMN in names and cities:
        strangers = sorted({row[CITY_COLUMN] or "" for row in rows} - {*cities, ""})
        found += [Finding(file, c, f"no such city here{near_names(c, cities)}") for c in strangers]
    return found


def _columns(
    file: str, meta: TableFile, names: Sequence[str], needed: TableShape | None, known: TableShape | None
) -> Iterator[Finding]:
    for name in names:
        if name not in meta.columns and name not in PROVENANCE_COLUMNS:
            yield Finding(file, name, "the column is not declared in the side-car")
    for name in meta.columns:
        if name not in names:
            yield Finding(file, name, "the column is declared in the side-car and not there")
    for name, column in (needed.file.columns if needed else {}).items():
        if name not in meta.columns:
            yield Finding(file, name, f"no such column: {column.unit or column.type}", Kind.MISSING)
    for name, column in (known.file.columns if known else {}).items():
        here = meta.columns.get(name)
        if here is not None and (here.unit, here.type) != (column.unit, column.type):
            text = f"{here.type} in {here.unit or 'no unit'}, where {column.type} in {column.unit or 'no unit'} is read"
            yield Finding(file, name, text)


class _Rows:
    def __init__(
        self, file: str, meta: TableFile, rows: Sequence[dict[str, Any]], root: Path, grades: dict[Grade, int]
    ) -> None:
        self._file, self._meta, self._rows, self._root, self._grades = file, meta, rows, root, grades

    def check(self) -> list[Finding]:
        """Cells and sources; what is the same fault again and again is counted."""
        found: list[Finding] = []
        for number, row in enumerate(self._rows, start=2):
            found += self._row(f"line {number}", row)
        estimates = [f for f in found if f.kind is Kind.ESTIMATE]
        faults = [f for f in found if f.kind is not Kind.ESTIMATE]
        if len(faults) > _MOST_ROWS:
            rest = Finding(
                self._file, "", f"and {len(faults) - _MOST_ROWS:,} more rows", faults[_MOST_ROWS].kind
            )
            faults = [*faults[:_MOST_ROWS], rest]
        return [*faults, *estimates]

    def _row(self, where: str, row: dict[str, Any]) -> Iterator[Finding]:
        if None in row or None in row.values():
            yield Finding(self._file, where, "has more or fewer cells than the table has columns")
            return
        for name, column in self._meta.columns.items():
            try:
                cell = read_cell(row.get(name, ""), column.type, self._file, name)
            except RegionDataError as error:
                yield Finding(self._file, where, str(error).removeprefix(f"{self._file}: "))
                continue
            if isinstance(cell, float):
                for text in impossible([cell], column.unit):
                    yield Finding(self._file, where, f"{name}: {text}")
        numbers = [n for n, c in self._meta.columns.items() if c.type == "number"]
        if numbers and not any(row.get(n) for n in numbers):
            yield Finding(self._file, where, f"no value yet: {', '.join(numbers)}", Kind.MISSING)
            return
        yield from self._source(where, row)

    def _source(self, where: str, row: dict[str, Any]) -> Iterator[Finding]:
        try:
            own = ProvenanceFile.model_validate(
                {
                    "source": row.get("source") or None,
                    "clause": row.get("clause", ""),
                    "derivation": row.get("derivation", "") or row.get("note", ""),
                    "grade": row.get("grade") or None,
                }
            )
            told = provenance_of(own, self._meta.provenance, "", self._root)
        except ValidationError:
            yield Finding(self._file, where, f"grade {row.get('grade')!r}: A, B or C", Kind.NO_SOURCE)
            return
        except RegionDataError as error:
            yield Finding(self._file, where, str(error).removeprefix(": "), Kind.NO_SOURCE)
            return
        self._grades[told.grade] += 1
        if told.grade is Grade.C:
            yield Finding(self._file, where, told.derivation, Kind.ESTIMATE)

    def keys(self, needed: TableShape | None) -> Iterator[Finding]:
        """Rows that every region has, and keys that stand twice."""
        if needed is None or not needed.key or any(n not in self._meta.columns for n in needed.key):
            return
        there: dict[tuple[Any, ...], int] = {}
        for row in self._rows:
            key = tuple(str(row.get(n, "")) for n in needed.key)
            there[key] = there.get(key, 0) + 1
        lacking = [key for key in sorted(needed.rows, key=str) if tuple(map(str, key)) not in there]
        for key in lacking[:_MOST_ROWS]:
            yield Finding(self._file, _named(needed.key, key), "no such row", Kind.MISSING)
        if len(lacking) > _MOST_ROWS:
            yield Finding(self._file, "", f"and {len(lacking) - _MOST_ROWS:,} more rows", Kind.MISSING)
        for key, count in there.items():
            if count > 1:
                yield Finding(self._file, _named(needed.key, key), f"{count} rows with this key")


def _named(names: Sequence[str], key: Sequence[Any]) -> str:
    return ", ".join(f"{n} {k}" for n, k in zip(names, key, strict=True))
