"""Digests: equal values have equal digests, on any machine of one kind, in any process."""

import hashlib
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np


def digest_of(value: Any, *, skip: frozenset[str] = frozenset({"digest", "revision"})) -> str:
    """SHA-256 (hex) over names and bits of a tree of dataclasses, tuples, arrays and plain values.

    Fields named in `skip` are left out at every level. Arrays count by shape and little-endian bytes.
    """
    parts: list[bytes] = []
    _feed(parts, value, skip)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def array_digest(values: Any) -> str:
    """SHA-256 (hex) of an array's little-endian float64 bytes: the content address of a load shape."""
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f8").tobytes()).hexdigest()


def _feed(parts: list[bytes], value: Any, skip: frozenset[str]) -> None:
    """Append the bytes of a value; an outcome has thousands of small parts, so they are hashed in one go."""
    if isinstance(value, np.ndarray):
        kind = "<f8" if value.dtype.kind == "f" else "<i4"
        parts.append(f"{value.shape}{kind}".encode())
        parts.append(np.ascontiguousarray(value, dtype=kind).tobytes())
        return
    kind_of: Any = type(value)
    marks = _marks(kind_of)
    if marks is not None:
        opening, names = marks
        parts.append(opening)
        for name, mark in names:
            if name not in skip:
                parts.append(mark)
                _feed(parts, getattr(value, name), skip)
        parts.append(b">")
    elif isinstance(value, (tuple, list)):
        parts.append(f"({len(value)}".encode())
        for item in value:
            _feed(parts, item, skip)
        parts.append(b")")
    elif isinstance(value, dict):
        _feed(parts, tuple(sorted(value.items())), skip)
    else:
        parts.append(f"{type(value).__name__}:{value!r};".encode())


@lru_cache(maxsize=1024)
def _marks(kind: Any) -> tuple[bytes, tuple[tuple[str, bytes], ...]] | None:
    """What a dataclass' name and fields look like in the bytes; None for any other type."""
    if not is_dataclass(kind):
        return None
    opening = f"<{kind.__name__}".encode()  # type: ignore[union-attr]  # a type, so it has a name
    names = tuple((f.name, f"|{f.name}=".encode()) for f in fields(kind))
    return opening, names
