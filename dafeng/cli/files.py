"""Files of the command line: messages as JSON and series as CSV in, tables and replies out.

What cannot be read is told all at once, as violations with the place in the file.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from dafeng.cli.output import out
from dafeng.client import InvalidInputError, Violation

# What files say that hold results which were not released.
INTERNAL_MARK = "内部测算 · 不得发布 internal, not for publication"
# A column of clock times, for the reader only.
TIME_COLUMN = "time"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def fill_message(path: Path, message: Message) -> None:
    """Fill a message from its JSON. InvalidInputError lists everything that cannot be read."""
    wrong = read_message(path, message)
    if wrong:
        raise InvalidInputError("files cannot be read", tuple(wrong))


def read_message(path: Path, message: Message, where: str = "") -> list[Violation]:
    """Fill a message from its JSON; returns everything that cannot be read. `where` is the message's own name."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return [Violation(str(path), f"cannot be read: {error}")]
    try:
        json_format.Parse(text, message)
        return []
    except (json_format.ParseError, RecursionError) as error:
        whole = Violation(str(path), str(error))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return [Violation(str(path), f"is not JSON: {error}")]
    return list(_faults(data, message.DESCRIPTOR, where)) or [whole]


def _faults(data: Any, kind: Any, where: str) -> Iterator[Violation]:
    if not isinstance(data, dict):
        yield Violation(where or "file", f"must be an object of {kind.name}, not {_short(data)}")
        return
    fields = {name: field for field in kind.fields for name in (field.name, field.json_name)}
    for key, value in data.items():
        at = f"{where}.{key}" if where else key
        field = fields.get(key)
        if field is None:
            names = [f.name for f in kind.fields]
            near = get_close_matches(key, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join(names)}"
            yield Violation(at, f"no such field of {kind.name}; {hint}")
        elif value is not None:
            yield from _faults_of_value(value, field, at)


def _faults_of_value(value: Any, field: Any, at: str) -> Iterator[Violation]:
    if field.is_repeated and not isinstance(value, list):
        yield Violation(at, f"must be a list, not {_short(value)}")
        return
    items = [(f"{at}[{i}]", item) for i, item in enumerate(value)] if field.is_repeated else [(at, value)]
    if field.message_type is not None:
        for place, item in items:
            yield from _faults(item, field.message_type, place)
        return
    for place, item in items:
        alone = message_factory.GetMessageClass(field.containing_type)()
        try:
            json_format.ParseDict({field.name: [item] if field.is_repeated else item}, alone)
        except (json_format.ParseError, ValueError, TypeError):
            yield Violation(place, f"{_short(item)} is not {_kind_text(field)}")


def _kind_text(field: Any) -> str:
    if field.enum_type is not None:
        return f"one of {', '.join(field.enum_type.values_by_name)}"
    return {
        FieldDescriptor.CPPTYPE_STRING: "a text",
        FieldDescriptor.CPPTYPE_BOOL: "true or false",
        FieldDescriptor.CPPTYPE_INT32: "a whole number",
    }.get(field.cpp_type, "a number")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."


def read_columns(path: Path) -> tuple[dict[str, list[float]], list[Violation]]:
    """Columns of a CSV by their header, and everything that cannot be read.

    Rows that begin with # are remarks; a column named "time" is left out.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            numbered = enumerate(csv.reader(file), start=1)
            rows = [(i, row) for i, row in numbered if row and not row[0].startswith("#")]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return {}, [Violation(str(path), f"cannot be read: {error}")]
    if not rows:
        return {}, [Violation(str(path), "is empty: the first row names the columns")]
    header, body = [name.strip() for name in rows[0][1]], rows[1:]
    wrong = [
        Violation(f"{path.name}, row {i}", f"has {len(row)} cells; the header has {len(header)}")
        for i, row in body
        if len(row) != len(header)
    ]
    columns: dict[str, list[float]] = {}
    for at, name in enumerate(header):
        if not name or name in columns:
            text = f"the name {name!r} is used twice" if name else "a column needs a name"
            wrong.append(Violation(f"{path.name}, column {at + 1}", text))
        elif name != TIME_COLUMN:
            columns[name], unread = _numbers(at, body)
            if unread:
                first, cell = unread[0]
                text = f"{len(unread)} cells are not numbers, first {cell!r} in row {first}"
                wrong.append(Violation(f"{path.name}, column {name}", text))
    return columns, wrong


def _numbers(at: int, body: Sequence[tuple[int, list[str]]]) -> tuple[list[float], list[tuple[int, str]]]:
    values, unread = [], []
    for i, row in body:
        cell = row[at] if at < len(row) else ""
        try:
            values.append(float(cell))
        except ValueError:
            if at < len(row):
                unread.append((i, cell))
    return values, unread


def plain_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: a text that begins like one has an apostrophe before it."""
    if not isinstance(value, str) or not value.startswith(_FORMULA_STARTS):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def write_rows(
    path: Path, rows: Iterable[Sequence[object]], mark: str = INTERNAL_MARK, *, told: bool = True
) -> None:
    """Write a CSV whole or not at all, and say so if `told`. Its first line is a remark: the state of what it holds.

    Only what is no result has an empty mark, and no such line.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8-sig") as file:
        # Not a row: unquoted, so that readers which pass over lines beginning with # do so.
        file.write(f"# {' '.join(mark.split())}\r\n" if mark else "")
        csv.writer(file).writerows(map(plain_cell, row) for row in rows)
    partial.replace(path)
    if told:
        out.print(f"written 已写入 {path}", highlight=False, markup=False)


def write_json(path: Path, message: Message) -> None:
    """Write a reply as JSON, field names as in the contract, whole or not at all, and say so."""
    text = json_format.MessageToJson(message, preserving_proto_field_name=True, ensure_ascii=False)
    _replace(path, text.encode())
    out.print(f"written 已写入 {path}", highlight=False, markup=False)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and say so with its size."""
    _replace(path, content)
    out.print(f"written 已写入 {path} ({len(content):,} bytes)", highlight=False, markup=False)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
