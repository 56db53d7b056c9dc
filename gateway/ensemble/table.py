"""A caller's table of members, CSV or Parquet: bytes from outside, read without trust.

Nothing in a table is ever evaluated: a heading is matched against a pattern, a cell is a decimal number or the name
of a weather year. Sizes are looked at before anything is unpacked.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gateway.ensemble.doors import MOST_MEMBERS, TableFormat
from gateway.ensemble.overlay import Column
from services.common.arrays import FloatArray
from services.common.errors import Violation
from services.common.scenario import WEATHER_YEARS

WEATHER_COLUMN: Final = "weather_year"
MOST_COLUMNS: Final = 1000
# 32 MB of numbers.
MOST_CELLS: Final = 4_000_000
# What a Parquet file may unpack to; a file of compressed zeros grows a thousandfold.
MOST_UNPACKED_BYTES: Final = 128 * 1024 * 1024
# Limits of the file's own description (thrift), whose lengths a hostile file may make up.
_THRIFT_STRING, _THRIFT_CONTAINER = 8 * 1024 * 1024, 1_000_000
# Cells told one by one; the rest is counted.
MOST_TOLD: Final = 50
_LONGEST_CELL: Final = 60
_HEADING: Final = re.compile(r"([A-Za-z0-9_.]{1,120})(?::([A-Za-z0-9_]{1,60}))?(?:@([0-9]{4}))?")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Table:
    """What a table holds: points, their values (NaN: left as it is) and weather years ("": the frame's)."""

    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    values: FloatArray  # [row, column]
    weather_years: tuple[str, ...] | None


def read_table(data: bytes, form: TableFormat, where: str) -> tuple[Table | None, list[Violation]]:
    """The table, or None with what is wrong: not of its form, too large, headings, cells by row and column.

    Rows are counted from 1 below the heading.
    """
    try:
        raw = _csv(data, where) if form is TableFormat.CSV else _parquet(data, where)
    except _UnreadableError as error:
        return None, error.violations
    found = _heading_violations(raw.headings, where)
    table, wrong = _cells(raw, where)
    return (None, [*found, *wrong]) if found or wrong else (table, [])


def shown(text: str) -> str:
    """Text from outside, safe to be shown: short, and without what is not printed."""
    return "".join(c if c.isprintable() else "?" for c in text[:_LONGEST_CELL])


def cell(where: str, row: int, heading: str, text: str, given: str = "", allowed: str = "") -> Violation:
    """A wrong cell; `row` from 0."""
    return Violation(f"{where}[{row}]", f"row {row + 1}, column {shown(heading)}: {text}", given, allowed)


def told(found: Iterator[Violation], where: str) -> list[Violation]:
    """The first of many violations of cells; the rest is counted."""
    kept: list[Violation] = []
    left = 0
    for one in found:
        if len(kept) < MOST_TOLD:
            kept.append(one)
        else:
            left += 1
    return [*kept, Violation(where, f"and {left:,} more cells")] if left else kept


class _UnreadableError(Exception):
    def __init__(self, *violations: Violation) -> None:
        super().__init__()
        self.violations = list(violations)


@dataclass(frozen=True)
class _Raw:
    """Columns as they came: numbers, or texts that should be."""

    headings: tuple[str, ...]
    row_count: int
    columns: tuple[Any, ...]  # FloatArray, or a sequence of texts


def _check_size(rows: int, columns: int, where: str) -> None:
    if rows < 1 or columns < 1:
        raise _UnreadableError(Violation(where, "the table has no row or no column"))
    limits = (
        (rows, MOST_MEMBERS, "rows"),
        (columns, MOST_COLUMNS, "columns"),
        (rows * columns, MOST_CELLS, "cells"),
    )
    found = [
        Violation(where, f"too many {name}", f"{given:,}", f"at most {most:,}")
        for given, most, name in limits
        if given > most
    ]
    if found:
        raise _UnreadableError(*found)


def _csv(data: bytes, where: str) -> _Raw:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnreadableError(Violation(where, f"not UTF-8 at byte {error.start}")) from None
    try:
        lines = _csv_lines(text, where)
    except csv.Error as error:
        raise _UnreadableError(Violation(where, f"not CSV: {error}")) from None
    if not lines:
        raise _UnreadableError(Violation(where, "the table has no row or no column"))
    headings = tuple(h.strip() for h in lines[0])
    rows = lines[1:]
    _check_size(len(rows), len(headings), where)
    uneven = (
        Violation(
            f"{where}[{k}]",
            f"row {k + 1}: {len(row)} cells",
            str(len(row)),
            f"{len(headings)} as the heading",
        )
        for k, row in enumerate(rows)
        if len(row) != len(headings)
    )
    if found := told(uneven, where):
        raise _UnreadableError(*found)
    return _Raw(headings, len(rows), tuple(zip(*rows, strict=True)))


def _csv_lines(text: str, where: str) -> list[list[str]]:
    """Lines with something in them; read no further than a table may be large."""
    lines: list[list[str]] = []
    cells = 0
    for line in csv.reader(io.StringIO(text, newline=""), strict=True):
        if line:
            lines.append(line)
            cells += len(line)
            # With the heading.
            if len(lines) > MOST_MEMBERS + 1:
                raise _UnreadableError(Violation(where, "too many rows", "", f"at most {MOST_MEMBERS:,}"))
            if cells > MOST_CELLS + MOST_COLUMNS:
                raise _UnreadableError(Violation(where, "too many cells", "", f"at most {MOST_CELLS:,}"))
    return lines


def _parquet(data: bytes, where: str) -> _Raw:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def opened(dictionaries: Sequence[str]) -> Any:
        return pq.ParquetFile(
            pa.BufferReader(data),
            read_dictionary=list(dictionaries),
            thrift_string_size_limit=_THRIFT_STRING,
            thrift_container_size_limit=_THRIFT_CONTAINER,
            page_checksum_verification=True,
        )

    try:
        file = opened(())
        described = file.metadata
        headings = tuple(str(n) for n in file.schema_arrow.names)
        _check_size(described.num_rows, len(headings), where)
        _check_unpacked(described, where)
        if headings.count(WEATHER_COLUMN) == 1 and _is_text(pa, file.schema_arrow.field(WEATHER_COLUMN).type):
            file = opened([WEATHER_COLUMN])
        columns = tuple(
            _column(pa, heading, field.type, file, where)
            for heading, field in zip(headings, file.schema_arrow, strict=True)
        )
    except _UnreadableError:
        raise
    except Exception as error:
        # Whatever the reader stumbles over in bytes from outside is the caller's fault; its words may hold the bytes.
        text = shown(str(error).splitlines()[0] if str(error) else type(error).__name__)
        raise _UnreadableError(Violation(where, f"not Parquet: {text}")) from None
    if any(len(c) != described.num_rows for c in columns):
        raise _UnreadableError(Violation(where, "not Parquet: columns of different lengths"))
    return _Raw(headings, described.num_rows, columns)


def _is_text(pa: Any, kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _check_unpacked(described: Any, where: str) -> None:
    size = sum(
        described.row_group(g).column(c).total_uncompressed_size
        for g in range(described.num_row_groups)
        for c in range(described.num_columns)
    )
    if size > MOST_UNPACKED_BYTES:
        raise _UnreadableError(
            Violation(
                where, "the table unpacks to too much", f"{size:,}", f"at most {MOST_UNPACKED_BYTES:,} bytes"
            )
        )


def _column(pa: Any, heading: str, kind: Any, file: Any, where: str) -> Any:
    """One column: numbers with NaN for nothing, or the names of weather years."""
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)
    is_weather = heading == WEATHER_COLUMN and pa.types.is_dictionary(kind) and _is_text(pa, kind.value_type)
    if not is_number and not is_weather:
        allowed = "text" if heading == WEATHER_COLUMN else "integers or floating-point numbers"
        text = f"column {shown(heading)}: cells of type {shown(str(kind))}"
        raise _UnreadableError(Violation(where, text, "", allowed))
    held = file.read(columns=[heading], use_threads=False).column(0)
    if is_number:
        values = held.cast(pa.float64(), safe=False)
        missing = values.is_null().to_numpy(zero_copy_only=False)
        numbers = np.array(values.fill_null(0.0).to_numpy(), dtype=np.float64)
        if not np.isfinite(numbers).all():
            row = int(np.flatnonzero(~np.isfinite(numbers))[0])
            raise _UnreadableError(cell(where, row, heading, "not a finite number", str(numbers[row])))
        numbers[missing] = np.nan
        return numbers
    names: list[str] = []
    for chunk in held.chunks:
        # Names stay a dictionary: a long one repeated is held once.
        words = [str(w) for w in chunk.dictionary.to_pylist()]
        names += ["" if k is None else words[k] for k in chunk.indices.to_pylist()]
    return tuple(names)


def _heading_violations(headings: Sequence[str], where: str) -> list[Violation]:
    found = []
    for k, heading in enumerate(headings):
        if heading in headings[:k]:
            found.append(Violation(where, f"column {k + 1}: {shown(heading)} stands twice"))
        if heading != WEATHER_COLUMN and not _HEADING.fullmatch(heading):
            found.append(
                Violation(
                    where,
                    f"column {k + 1}: not a heading",
                    shown(heading),
                    "lever_id, lever_id@year, lever_id:city@year or weather_year",
                )
            )
    return found


def _cells(raw: _Raw, where: str) -> tuple[Table, list[Violation]]:
    columns, headings, values = [], [], []
    weather: tuple[str, ...] | None = None
    wrong: list[Iterator[Violation]] = []
    for heading, held in zip(raw.headings, raw.columns, strict=True):
        if heading == WEATHER_COLUMN:
            weather = tuple(str(n).strip() for n in held) if not isinstance(held, np.ndarray) else None
            wrong.append(_weather_violations(held, where))
            continue
        match = _HEADING.fullmatch(heading)
        if isinstance(held, np.ndarray):
            values.append(held)
        else:
            numbers, faults = _numbers(held, heading, where)
            values.append(numbers)
            wrong.append(faults)
        if match:
            columns.append(Column(match[1], match[2] or "", int(match[3] or 0)))
            headings.append(heading)
    found = told((v for faults in wrong for v in faults), where)
    grid = np.column_stack(values) if values else np.empty((raw.row_count, 0))
    return Table(tuple(columns), tuple(headings), grid, weather), found


def _weather_violations(held: Any, where: str) -> Iterator[Violation]:
    allowed = ", ".join(WEATHER_YEARS)
    for row, name in enumerate(held):
        # A column of numbers without any number is a column left empty.
        text = str(name).strip() if isinstance(name, str) else "" if np.isnan(name) else str(name)
        if text and text not in WEATHER_YEARS:
            yield cell(where, row, WEATHER_COLUMN, "no such weather year", shown(text), allowed)


def _numbers(texts: Sequence[str], heading: str, where: str) -> tuple[FloatArray, Iterator[Violation]]:
    """Texts as numbers, NaN where there is none, and what is no number."""
    result = np.full(len(texts), np.nan)
    wrong: list[tuple[int, str]] = []
    for row, text in enumerate(texts):
        bare = text.strip()
        if not bare:
            continue
        value = float(bare) if len(bare) <= _LONGEST_CELL and _NUMBER.fullmatch(bare) else np.nan
        if np.isfinite(value):
            result[row] = value
        else:
            wrong.append((row, bare))
    return result, (
        cell(where, row, heading, "not a number", shown(bare), "a decimal number, or nothing")
        for row, bare in wrong
    )
