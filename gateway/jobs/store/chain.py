"""Records that cannot be calculated again, in a chain: each with length, SHA-256 and the hash of the one before.

A record is never changed. The specification that hangs on it is cleared when a later record says that the batch is
forgotten; a record that was damaged is named by a later one as lost.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from gateway.jobs.store.tables import chain_end, records


class Kind(StrEnum):
    """What a record says."""

    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    DELETED = "deleted"
    """Its results were deleted by retention; the head holds how the batch ended."""
    FORGOTTEN = "forgotten"
    """Its request id may be used again; its specification is cleared."""
    LOST = "lost"
    """A record was found damaged and given up."""


@dataclass(frozen=True)
class Fault:
    """A record that is not as it was written."""

    seq: int
    batch_id: str
    what: str

    def __str__(self) -> str:
        of = f" (batch {self.batch_id})" if self.batch_id else ""
        return f"record {self.seq}{of}: {self.what}"


SPEC_DIGEST: Final = "spec_text_sha256"


def append(
    connection: Connection, kind: Kind, batch_id: str, head: Mapping[str, Any], spec: bytes | None = None
) -> int:
    """Write the next record; its number. Processes take turns at the end of the chain."""
    end = connection.execute(select(chain_end).where(chain_end.c.id == 1).with_for_update()).one()
    text = json.dumps(dict(head) | _spec_facts(spec), sort_keys=True, separators=(",", ":"))
    body = text.encode()
    plain: dict[str, Any] = {
        "seq": end.seq + 1,
        "kind": kind.value,
        "batch_id": batch_id,
        "head": text,
        "length": len(body),
        "digest": hashlib.sha256(body).hexdigest(),
        "previous": end.hash,
    }
    plain["hash"] = hash_of(plain)
    connection.execute(insert(records).values(**plain, spec=spec))
    connection.execute(
        update(chain_end).where(chain_end.c.id == 1).values(seq=plain["seq"], hash=plain["hash"])
    )
    return int(plain["seq"])


def lock_end(connection: Connection) -> None:
    """Be the only process that appends, until the transaction ends."""
    connection.execute(select(chain_end.c.seq).where(chain_end.c.id == 1).with_for_update())


def faults(connection: Connection) -> list[Fault]:
    """Every record that is damaged or missing, unless a later one names it as lost."""
    found, known = [], _given_up(connection)
    previous, expected = "", 1
    for row in _each(connection):
        for missing in range(expected, row["seq"]):
            found.append(Fault(missing, "", "missing"))
        what = fault_of(row, known.get("forgotten", frozenset()))
        if (
            not what
            and row["seq"] == expected
            and row["previous"] != previous
            and expected - 1 not in known["lost"]
        ):
            what = "does not follow the record before it"
        if what:
            found.append(Fault(row["seq"], str(row["batch_id"]), what))
        previous, expected = row["hash"], row["seq"] + 1
    end = connection.execute(
        select(chain_end.c.seq, chain_end.c.hash).where(chain_end.c.id == 1)
    ).one_or_none()
    if end is None:
        found.append(Fault(expected - 1, "", "the end of the chain is missing"))
    elif (end.seq, end.hash) != (expected - 1, previous):
        found += [Fault(s, "", "missing") for s in range(expected, min(int(end.seq), expected + 99) + 1)] or [
            Fault(expected - 1, "", "is not where the chain is said to end")
        ]
    return [f for f in found if f.seq not in known["lost"]]


def fault_of(row: Mapping[str, Any], forgotten: frozenset[Any] = frozenset()) -> str:
    """What is wrong with a record by itself; empty when nothing is."""
    try:
        body = row["head"].encode()
        if len(body) != row["length"] or hashlib.sha256(body).hexdigest() != row["digest"]:
            return "its text does not have its digest"
        if hash_of(row) != row["hash"]:
            return "it does not have its hash"
        spec = row["spec"]
        if row["kind"] != Kind.ACCEPTED or (spec is None and row["batch_id"] in forgotten):
            return ""
        if spec is None or hashlib.sha256(spec).hexdigest() != json.loads(row["head"])[SPEC_DIGEST]:
            return "its specification does not have its digest"
    except (AttributeError, KeyError, TypeError, ValueError):
        return "cannot be read"
    return ""


def hash_of(plain: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a record, over its number, kind, batch, length, digest and the hash before it."""
    parts = (str(plain[n]) for n in ("seq", "kind", "batch_id", "length", "digest", "previous"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _spec_facts(spec: bytes | None) -> dict[str, str]:
    return {} if spec is None else {SPEC_DIGEST: hashlib.sha256(spec).hexdigest()}


def _given_up(connection: Connection) -> dict[str, frozenset[Any]]:
    """Batches whose specification was cleared, and records given up; told by sound records only."""
    told = connection.execute(
        select(records).where(records.c.kind.in_([Kind.FORGOTTEN.value, Kind.LOST.value]))
    ).mappings()
    sound = [row for row in map(dict, told) if not fault_of(row)]
    forgotten = frozenset(row["batch_id"] for row in sound if row["kind"] == Kind.FORGOTTEN)
    lost = frozenset(s for row in sound if row["kind"] == Kind.LOST for s in json.loads(row["head"])["seqs"])
    return {"forgotten": forgotten, "lost": lost}


def _each(connection: Connection) -> Iterator[Mapping[str, Any]]:
    """Records in order, one in memory at a time."""
    numbers = connection.execute(select(records.c.seq).order_by(records.c.seq)).scalars().all()
    for seq in numbers:
        row = connection.execute(select(records).where(records.c.seq == seq)).mappings().one_or_none()
        if row is not None:
            yield dict(row)
