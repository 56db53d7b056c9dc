"""What goes through the pipe between a supervisor and its child: a JSON head and bytes, each with its length.

No pickle: a child that went wrong can send nonsense, and nonsense is only refused.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

import numpy as np

from gateway.jobs.words import Row

_LENGTHS: Final = struct.Struct("<II")
# A list of a hundred thousand members fits; a length read from nonsense does not.
MOST_BYTES: Final = 256 * 1024 * 1024

Frame = tuple[dict[str, Any], bytes]


class BadFrameError(Exception):
    """What came is no frame."""


def pack(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(head, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def read(stream: BinaryIO) -> Frame | None:
    """The next frame of a blocking stream; None at its end."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head, body = _LENGTHS.unpack(lengths)
    data = stream.read(head + body)
    return (json.loads(data[:head]), data[head:]) if len(data) == head + body else None


class FrameBuffer:
    """Bytes as they come, taken out as frames."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """More bytes."""
        self._data += data

    def take(self) -> Frame | None:
        """The next whole frame, or None. BadFrameError."""
        if len(self._data) < _LENGTHS.size:
            return None
        head, body = _LENGTHS.unpack_from(self._data)
        if head + body > MOST_BYTES:
            raise BadFrameError(f"a frame of {head + body} bytes")
        end = _LENGTHS.size + head + body
        if len(self._data) < end:
            return None
        text = bytes(self._data[_LENGTHS.size : _LENGTHS.size + head])
        data = bytes(self._data[_LENGTHS.size + head : end])
        del self._data[:end]
        try:
            parsed = json.loads(text)
        except ValueError as error:
            raise BadFrameError(str(error)) from None
        if not isinstance(parsed, dict):
            raise BadFrameError("no head")
        return parsed, data


def pack_rows(rows: Sequence[Row]) -> bytes:
    """A frame "rows": values as they are, bit for bit."""
    heads = [[r.member, r.values.size, r.digest, r.failure, r.detail] for r in rows]
    body = b"".join(np.ascontiguousarray(r.values, dtype="<f8").tobytes() for r in rows)
    return pack({"kind": "rows", "rows": heads}, body)


def rows_of(frame: Frame) -> list[Row]:
    """Rows of a frame "rows". BadFrameError."""
    head, body = frame
    try:
        values = np.frombuffer(body, dtype="<f8")
        ends = np.cumsum([0, *(int(size) for _, size, *_ in head["rows"])])
        if ends[-1] != values.size:
            raise BadFrameError("values are missing")
        return [
            Row(int(member), values[ends[i] : ends[i + 1]].copy(), str(digest), str(failure), str(detail))
            for i, (member, _, digest, failure, detail) in enumerate(head["rows"])
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise BadFrameError(str(error)) from None
