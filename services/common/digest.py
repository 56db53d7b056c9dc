"""Digests: equal values have equal digests, on any machine of one kind, in any process."""

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def digest_of(value: Any, *, skip: frozenset[str] = frozenset({"digest", "revision"})) -> str:
    """SHA-256 (hex) over names and bits of a tree of dataclasses, tuples, arrays and plain values.

    Fields named in `skip` are left out at every level. Arrays count by shape and little-endian bytes.
    """
    sha = hashlib.sha256()
    _feed(sha, value, skip)
    return sha.hexdigest()


def array_digest(values: Any) -> str:
    """SHA-256 (hex) of an array's little-endian float64 bytes: the content address of a load shape."""
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f8").tobytes()).hexdigest()


def _feed(sha: Any, value: Any, skip: frozenset[str]) -> None:
    if is_dataclass(value) and not isinstance(value, type):
        sha.update(f"<{type(value).__name__}".encode())
        for f in fields(value):
            if f.name not in skip:
                sha.update(f"|{f.name}=".encode())
                _feed(sha, getattr(value, f.name), skip)
        sha.update(b">")
    elif isinstance(value, np.ndarray):
        kind = "<f8" if value.dtype.kind == "f" else "<i4"
        sha.update(f"{value.shape}{kind}".encode())
        sha.update(np.ascontiguousarray(value, dtype=kind).tobytes())
    elif isinstance(value, (tuple, list)):
        sha.update(f"({len(value)}".encode())
        for item in value:
            _feed(sha, item, skip)
        sha.update(b")")
    elif isinstance(value, dict):
        _feed(sha, tuple(sorted(value.items())), skip)
    else:
        sha.update(f"{type(value).__name__}:{value!r};".encode())
