"""Digests: equal values have equal digests, on any machine of one kind, in any process."""

import hashlib
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# What stands beside an outcome and follows from the same input: hours that a caller asked for, and hydrogen told apart
# later than outcomes were first kept by their digests.
_BESIDE = frozenset({"digest", "revision", "year_hours", "hydrogen_gj"})


def digest_of(value: Any, *, skip: frozenset[str] = _BESIDE) -> str:
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
    kind: Any = type(value)
    if kind is np.ndarray:
        parts += _array_parts(value)
        return
    marks = _marks(kind)
    if marks is not None:
        opening, names = marks
        parts.append(opening)
        for name, mark in names:
            if name not in skip:
                parts.append(mark)
                item = getattr(value, name)
                # What most fields are, without another call.
                if type(item) is str:
                    parts.append(f"str:{item!r};".encode())
                elif type(item) is np.ndarray:
                    parts += _array_parts(item)
                else:
                    _feed(parts, item, skip)
        parts.append(b">")
    elif isinstance(value, (tuple, list)):
        parts.append(f"({len(value)}".encode())
        for item in value:
            _feed(parts, item, skip)
        parts.append(b")")
    elif isinstance(value, dict):
        _feed(parts, tuple(sorted(value.items())), skip)
    elif isinstance(value, np.ndarray):
        parts += _array_parts(value)
    else:
        parts.append(f"{kind.__name__}:{value!r};".encode())


def _array_parts(value: NDArray[Any]) -> tuple[bytes, bytes]:
    """Shape and kind, and the bytes in row-major order."""
    kind, opening = _array_kind(value.shape, value.dtype)
    return opening, value.tobytes() if value.dtype == kind else value.astype(kind).tobytes()


@lru_cache(maxsize=1024)
def _array_kind(shape: tuple[int, ...], given: np.dtype[Any]) -> tuple[np.dtype[Any], bytes]:
    """The kind in which an array's items count, and what stands before them."""
    kind = "<f8" if given.kind == "f" else "<i4"
    return np.dtype(kind), f"{shape}{kind}".encode()


@lru_cache(maxsize=1024)
def _marks(kind: Any) -> tuple[bytes, tuple[tuple[str, bytes], ...]] | None:
    """What a dataclass' name and fields look like in the bytes; None for any other type."""
    if not is_dataclass(kind):
        return None
    opening = f"<{kind.__name__}".encode()  # type: ignore[union-attr]  # a type, so it has a name
    names = tuple((f.name, f"|{f.name}=".encode()) for f in fields(kind))
    return opening, names
