"""Results of one chunk as they are stored: member digests, failures and values, with digests of their own."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gateway.jobs.words import Row
from services.common.arrays import FloatArray

DIGEST_BYTES: Final = 32


class DamagedResultError(Exception):
    """A stored result that does not have its digest."""


@dataclass(frozen=True)
class ChunkHead:
    """What is known of a stored chunk without its values; `failures` are (member, reason, detail)."""

    number: int
    first: int
    count: int
    column_count: int
    digests: bytes
    failures: tuple[tuple[int, str, str], ...]
    values_digest: bytes

    @property
    def failed(self) -> int:
        """Members without values."""
        return len(self.failures)

    @property
    def stored_bytes(self) -> int:
        """Bytes of digests and values."""
        return len(self.digests) + 8 * self.column_count * (self.count - self.failed)

    def members(self) -> list[int]:
        """Members that have values, in order."""
        without = {member for member, _, _ in self.failures}
        return [m for m in range(self.first, self.first + self.count) if m not in without]

    def digest_of(self, member: int) -> str:
        """A member's digest, hex."""
        at = (member - self.first) * DIGEST_BYTES
        return self.digests[at : at + DIGEST_BYTES].hex()

    def values(self, blob: bytes) -> FloatArray:
        """[member with values, column], read-only. DamagedResultError when the bytes do not have their digest."""
        if not isinstance(blob, bytes) or hashlib.sha256(blob).digest() != self.values_digest:
            raise DamagedResultError(f"values of chunk {self.number}")
        return np.frombuffer(blob, dtype="<f8").reshape(self.count - self.failed, self.column_count)

    def rows(self, found: FloatArray) -> Iterator[Row]:
        """Rows in order of members, from what `values` gave."""
        values = iter(found)
        why = {member: (reason, detail) for member, reason, detail in self.failures}
        for member in range(self.first, self.first + self.count):
            reason, detail = why.get(member, ("", ""))
            row = np.empty(0) if reason else next(values)
            yield Row(member, row, self.digest_of(member), reason, detail)

    def failed_rows(self) -> Iterator[Row]:
        """Rows of the members without values."""
        for member, reason, detail in self.failures:
            yield Row(member, np.empty(0), self.digest_of(member), reason, detail)


def pack(
    batch_id: str, number: int, first: int, count: int, column_count: int, rows: Sequence[Row]
) -> dict[str, Any]:
    """The stored row of a chunk. ValueError when the rows are not its members in order, whole and well-formed."""
    if [row.member for row in rows] != list(range(first, first + count)):
        raise ValueError(f"rows are not members {first} to {first + count - 1} in order")
    for row in rows:
        if row.values.shape != ((0,) if row.failure else (column_count,)):
            raise ValueError(f"member {row.member} has {row.values.size} values, expected {column_count}")
    digests = b"".join(bytes.fromhex(row.digest) for row in rows)
    if len(digests) != DIGEST_BYTES * count:
        raise ValueError("a digest of a member is not a SHA-256")
    good = [row.values for row in rows if not row.failure]
    values = np.ascontiguousarray(good, dtype="<f8").tobytes()
    plain: dict[str, Any] = {
        "batch_id": batch_id,
        "number": number,
        "first": first,
        "count": count,
        "failed": count - len(good),
        "column_count": column_count,
        "digests": digests,
        "failures": json.dumps([[r.member, r.failure, r.detail] for r in rows if r.failure]),
        "values_digest": hashlib.sha256(values).digest(),
    }
    return plain | {"head_digest": _head_digest(plain), "values": values}


def open_head(stored: Mapping[str, Any], batch_id: str, number: int, first: int, count: int) -> ChunkHead:
    """The head of a stored row, known to be that of this chunk. DamagedResultError when it is not."""
    try:
        sound = (
            stored["head_digest"] == _head_digest(stored)
            and (stored["batch_id"], stored["number"]) == (batch_id, number)
            and (stored["first"], stored["count"]) == (first, count)
        )
        if sound:
            failures = tuple((m, reason, detail) for m, reason, detail in json.loads(stored["failures"]))
            return ChunkHead(
                number, first, count, stored["column_count"], bytes(stored["digests"]), failures,
                bytes(stored["values_digest"]),
            )  # fmt: skip
    except (TypeError, ValueError, AttributeError):
        pass
    raise DamagedResultError(f"head of chunk {number}")


def result_digest(digests: Iterable[str]) -> str:
    """SHA-256 (hex) over the digests of all members in order, each as its 64 characters."""
    total = hashlib.sha256()
    for digest in digests:
        total.update(digest.encode())
    return total.hexdigest()


def _head_digest(plain: Mapping[str, Any]) -> bytes:
    numbers = [plain[n] for n in ("batch_id", "number", "first", "count", "failed", "column_count")]
    body = json.dumps([*numbers, plain["failures"]]).encode()
    return hashlib.sha256(body + b"\0" + bytes(plain["digests"]) + bytes(plain["values_digest"])).digest()
