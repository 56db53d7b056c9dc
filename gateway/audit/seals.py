"""Seals: the chain's end written to a second place from time to time, so that a cut tail or a rewritten chain shows."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Seal:
    """Which entry was the last at a moment, and its hash."""

    at: str
    seq: int
    hash: str
    restored_from: str = ""
    """The copy, where a restore wrote the line: the chain goes on at this entry; later ones sealed before are gone."""


def add(path: Path, seal: Seal, *, create: bool = True) -> None:
    """Append a seal; it is on disk when this returns. OSError.

    No folder is made, and without `create` no file: where a share is not mounted, seals would end on the wrong disk.
    """
    plain = {name: value for name, value in asdict(seal).items() if value != ""}
    with os.fdopen(_opened(path, create=create), "w", encoding="utf-8") as file:
        file.write(json.dumps({"hash": "", **plain}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def check(path: Path) -> None:
    """OSError when seals cannot be written there; an empty file is made where there is none."""
    os.close(_opened(path, create=True))


def read(path: Path) -> list[Seal]:
    """Seals, the oldest first; a line that cannot be read (torn by a crash) is left out. OSError."""
    found = []
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                plain = json.loads(line)
                copy = str(plain.get("restored_from", ""))
                found.append(Seal(str(plain["at"]), int(plain["seq"]), str(plain["hash"]), copy))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
    return found


def _opened(path: Path, *, create: bool) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | (os.O_CREAT if create else 0), 0o600)
