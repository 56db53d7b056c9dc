"""The frozen bytes of a projection: its message, compressed; and the projection again from them."""

import hashlib
import zlib
from typing import Any, Final

from dafeng.projection.v1 import projection_pb2
from dafeng.releases import content_of
from gateway.results import Projection
from services.runtime.convert import from_message, to_message

_LEVEL: Final = 6
# A projection takes some megabytes; what unpacks to more than a message may be is none of ours.
_MOST_BYTES: Final = 16 * 1024**2


class BadContentError(Exception):
    """Bytes that are not a frozen projection."""


def frozen(projection: Projection) -> bytes:
    """The bytes of a projection."""
    return content_of(to_message(projection, projection_pb2.Projection()))  # type: ignore[arg-type]  # its own class


def digest_of_content(content: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> bytes:
    """Bytes as they are stored."""
    return zlib.compress(content, _LEVEL)


def unpacked(stored: bytes, digest: str) -> bytes:
    """The bytes again. BadContentError when they do not have their digest."""
    unpack = zlib.decompressobj()
    try:
        content = unpack.decompress(stored, _MOST_BYTES)
    except zlib.error:
        raise BadContentError("cannot be unpacked") from None
    if not unpack.eof or digest_of_content(content) != digest:
        raise BadContentError("does not have its digest")
    return content


def message_of(content: bytes) -> Any:
    """The projection as a message."""
    return projection_pb2.Projection.FromString(content)


def thawed(content: bytes) -> Projection:
    """The projection."""
    return from_message(message_of(content), Projection)
