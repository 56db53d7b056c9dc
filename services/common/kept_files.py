"""What takes seconds to calculate and depends on data and code alone, kept in the cache folder across processes.

A file is named after everything it was made of (the caller's words, the sources of the code, numpy, the processor
type) and holds its own digest, so that a stale or damaged file is never used. The reads that made it are kept with
it: a recording hears the same whether it was calculated or read. A folder that cannot be written costs time only.
Files of other code and data are never read again: a folder keeps those that were used last.
"""

import contextlib
import hashlib
import io
import json
import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from services.cache_place import cache_dir
from services.common.recording import Read, heard_again, recording

T = TypeVar("T")
# Files of a kind: those of a few regions and weather years, by a few versions of the code.
_MOST_FILES: Final = 48
# What a process that was ended left half written, s.
_LEFT_SECONDS: Final = 86_400.0
_READS, _DIGEST = "__reads__", "__digest__"


def kept_in_file(
    kind: str,
    words: Iterable[str],
    packages: Iterable[str],
    subjects: Iterable[str],
    cls: type[T],
    make: Callable[[], T],
) -> T:
    """`make()`, a dataclass of arrays and floats, or the same bits from the file that an earlier call left.

    `words` name what goes in (region, data revision, weather ...), `packages` the folders under services/ whose code
    makes it, `subjects` the data files whose revision is among the words: what read others as well is not kept, since
    nobody would notice that they changed. Arrays come back read-only.
    """
    path = cache_dir() / kind / f"{_name(tuple(words), tuple(packages))}.npz"
    found = _read(path, cls)
    if found is None:
        with recording() as heard:
            made = make()
        if {read.subject for read in heard} <= set(subjects):
            _write(path, made, heard)
            _thin(path)
        found = made, frozenset(heard)
    heard_again(found[1])
    return found[0]


def _name(words: tuple[str, ...], packages: tuple[str, ...]) -> str:
    parts = [*words, _sources(packages), np.__version__, platform.processor() or platform.machine()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@lru_cache(maxsize=8)
def _sources(packages: tuple[str, ...]) -> str:
    sha = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            sha.update(path.name.encode() + path.read_bytes())
    return sha.hexdigest()


def _read(path: Path, cls: type[T]) -> tuple[T, frozenset[Read]] | None:
    """What a file holds; None when there is none, or it is damaged."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            values = {name: stored[name] for name in stored.files}
        if str(values.pop(_DIGEST)) != _digest(values):
            return None
        reads = frozenset(Read(*row) for row in json.loads(str(values.pop(_READS))))
        made: dict[str, Any] = {}
        for f in fields(cls):  # type: ignore[arg-type]  # a dataclass
            value = values[f.name]
            value.flags.writeable = False
            made[f.name] = value if value.ndim else float(value)
        found = cls(**made), reads
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    except Exception as error:  # a torn archive fails in its own ways
        if type(error).__module__ in ("zipfile", "zlib"):
            return None
        raise
    with contextlib.suppress(OSError):
        os.utime(path)  # used now: see `_thin`
    return found


def _write(path: Path, made: Any, heard: set[Read]) -> None:
    values = {f.name: np.asarray(getattr(made, f.name)) for f in fields(made)}
    rows = [[r.kind, r.subject, r.name, r.place, r.stage] for r in sorted(heard)]
    values[_READS] = np.asarray(json.dumps(rows))
    values[_DIGEST] = np.asarray(_digest(values))
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("wb") as file:
            np.savez(file, **values)  # type: ignore[arg-type]  # names are ours
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _thin(new: Path) -> None:
    """Delete the files beside a new one that were used longest ago; what cannot be deleted stays."""
    used: list[tuple[float, Path]] = []
    try:
        now = new.stat().st_mtime
    except OSError:  # it could not be written
        return
    for path in _listed(new.parent):
        with contextlib.suppress(OSError):
            at = path.stat().st_mtime
            if path.suffix == ".npz" and path != new:
                used.append((at, path))
            elif path.suffix == ".part" and at < now - _LEFT_SECONDS:
                path.unlink()
    for _, path in sorted(used, reverse=True)[_MOST_FILES - 1 :]:
        with contextlib.suppress(OSError):
            path.unlink()


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _digest(values: dict[str, Any]) -> str:
    sha = hashlib.sha256()
    for name in sorted(values):
        value = np.ascontiguousarray(values[name])
        sha.update(f"{name}{value.dtype}{value.shape}".encode() + value.tobytes())
    return sha.hexdigest()
