"""A ledger as a JSON-lines file: the head, then one transaction a line. Lines are only ever added."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from google.protobuf import json_format

from dafeng.budget.v1 import budget_pb2
from dafeng.client import InvalidInputError, Violation


def read_ledger(path: Path) -> tuple[budget_pb2.Ledger, bytes]:
    """The ledger and the file's bytes. InvalidInputError lists every line that cannot be read."""
    try:
        content = path.read_bytes()
        lines = content.decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError("ledger", (Violation(str(path), f"cannot be read: {error}"),)) from None
    ledger, wrong = budget_pb2.Ledger(), []
    for at, line in enumerate(lines, start=1):
        message = ledger if at == 1 else ledger.transactions.add()
        try:
            json_format.Parse(line, message)
        except json_format.ParseError as error:
            wrong.append(Violation(f"{path.name}, line {at}", str(error)))
    if not lines or len(ledger.transactions) != len(lines) - 1:
        wrong.append(
            Violation(path.name, "the first line is the ledger's head, each other line a transaction")
        )
    if wrong:
        raise InvalidInputError("ledger", tuple(wrong))
    return ledger, content


def create_ledger(path: Path, ledger: budget_pb2.Ledger) -> None:
    """Write a new ledger whole. InvalidInputError when the file exists: history is never written over."""
    with _one_writer(path):
        if path.exists():
            text = "exists: a ledger is never written over; post to it, or open another file"
            raise InvalidInputError("ledger", (Violation(str(path), text),))
        head = budget_pb2.Ledger()
        head.CopyFrom(ledger)
        head.ClearField("transactions")
        _replace(path, _line(head) + b"".join(_line(t) for t in ledger.transactions))


def append_ledger(path: Path, before: bytes, ledger: budget_pb2.Ledger, known_count: int) -> None:
    """Add the transactions after the first `known_count`.

    InvalidInputError when the file changed since it was read: read it again and repeat.
    """
    with _one_writer(path):
        if path.read_bytes() != before:
            text = "changed since it was read: repeat the command"
            raise InvalidInputError("ledger", (Violation(str(path), text),))
        whole = before if before.endswith(b"\n") else before + b"\n"
        _replace(path, whole + b"".join(_line(t) for t in ledger.transactions[known_count:]))


def _line(message: budget_pb2.Ledger | budget_pb2.Transaction) -> bytes:
    text = json_format.MessageToJson(
        message, preserving_proto_field_name=True, ensure_ascii=False, indent=None
    )
    return f"{text}\n".encode()


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextlib.contextmanager
def _one_writer(path: Path) -> Iterator[None]:
    """One writer in the folder at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
