"""Seals: the chain's end written to a second place from time to time, so that a cut tail or a rewritten chain shows."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Seal:
    """Which entry was the last at a moment, and its hash."""

    at: str
    seq: int
    hash: str


def add(path: Path, seal: Seal) -> None:
    """Append a seal; it is on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(json.dumps(asdict(seal)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[Seal]:
    """Seals, the oldest first; a line that cannot be read (torn by a crash) is left out."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                plain = json.loads(line)
                yield Seal(str(plain["at"]), int(plain["seq"]), str(plain["hash"]))
            except (ValueError, KeyError, TypeError):
                continue
