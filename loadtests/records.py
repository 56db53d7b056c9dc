"""What was asked and how it ended: one row a call, as CSV."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Final

OK: Final = "ok"
REFUSED: Final = "refused"
FAILED: Final = "failed"
# Codes that no caller's doing explains.
FAULTS: Final = frozenset({"UNKNOWN", "INTERNAL", "DATA_LOSS", "HTTP 500"})


@dataclass(frozen=True)
class Record:
    """One call. `at_s` and `late_ms` (how late it was sent, where it had a time to be sent at) are the client's."""

    at_s: float
    ms: float
    phase: str
    user: str
    method: str
    outcome: str
    reason: str
    reply_bytes: int
    late_ms: float


@dataclass(frozen=True)
class Phase:
    """A stretch of a run: its name, when it was, s from the start, and how many calls a second were sent by plan."""

    name: str
    start_s: float
    end_s: float
    rate_per_s: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.end_s - self.start_s


class RecordFile:
    """Records as they come."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._file)
        self._rows.writerow([f.name for f in fields(Record)])

    def add(self, record: Record) -> None:
        """One more."""
        row: list[Any] = list(astuple(record))
        row[0], row[1], row[-1] = f"{record.at_s:.4f}", f"{record.ms:.3f}", f"{record.late_ms:.2f}"
        self._rows.writerow(row)

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


def read_records(path: Path) -> Iterator[Record]:
    """The records of a file."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Record(
                float(row["at_s"]),
                float(row["ms"]),
                row["phase"],
                row["user"],
                row["method"],
                row["outcome"],
                row["reason"],
                int(row["reply_bytes"]),
                float(row["late_ms"]),
            )


def write_rows(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A table as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(list(header))
        writer.writerows(rows)
