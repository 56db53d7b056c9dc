"""The chain: each entry's hash is over all it says, its number, and the hash of the entry before it."""

import hashlib
import json
from dataclasses import asdict, fields
from typing import Final

from gateway.audit.words import AuditEntry, Told

_HASHED: Final = tuple(f.name for f in fields(AuditEntry) if f.name != "hash")


def hash_of(entry: AuditEntry, seq: int | None = None) -> str:
    """The hash that an entry must have; with `seq`, if it stood at that place. Empty: an unknown algorithm."""
    said = [getattr(entry, name) for name in _HASHED]
    if seq is not None:
        said[0] = seq
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    try:
        return hashlib.new(entry.algorithm, text.encode("utf-8", "surrogatepass")).hexdigest()
    except ValueError:
        return ""


def chained(told: Told, seq: int, previous: str, algorithm: str) -> AuditEntry:
    """An entry in its place."""
    plain = asdict(told) | {"outcome": told.outcome.value}
    open_entry = AuditEntry(seq=seq, previous=previous, hash="", algorithm=algorithm, **plain)
    return AuditEntry(**asdict(open_entry) | {"hash": hash_of(open_entry)})
