"""Which records of a damaged chain can be kept: sound ones, and those that the chain itself proves how to mend."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.jobs.store.chain import Fault, Kind, fault_of, hash_of

MOST_CUT: Final = 64  # records that may be cut off the end


@dataclass(frozen=True)
class Plan:
    """Records to keep, by number; what was mended; what is lost."""

    kept: Mapping[int, dict[str, Any]]
    mended: tuple[Fault, ...]
    lost: tuple[Fault, ...]

    @property
    def last(self) -> int:
        """Where the chain ends: damaged records at the end are cut off."""
        return max(self.kept, default=0)


def plan(found: Mapping[int, dict[str, Any]], end: int, given_up: frozenset[int]) -> Plan:
    """What to keep of the records that could be read; those given up before are not lost again.

    `end` is where the chain is said to end, which may be damaged too: it is believed as far as it is near.
    """
    sound = max(
        (seq for seq, row in found.items() if not fault_of(row, frozenset([row["batch_id"]]))), default=0
    )
    last = max(sound, min(end, sound + MOST_CUT))
    forgotten = frozenset(
        row["batch_id"] for row in found.values() if row["kind"] == Kind.FORGOTTEN and not fault_of(row)
    )
    kept: dict[int, dict[str, Any]] = {}
    mended, lost = [], []
    for seq in range(1, last + 1):
        row = found.get(seq)
        if row is None:
            if seq not in given_up:
                lost.append(Fault(seq, "", "missing"))
            continue
        whole, what = _whole(row, seq, found, forgotten)
        if whole is None:
            lost.append(Fault(seq, str(row["batch_id"]), what))
            continue
        kept[seq] = whole
        if what:
            mended.append(Fault(seq, str(row["batch_id"]), what))
    return Plan(kept, tuple(mended), tuple(lost))


def _whole(
    row: dict[str, Any], seq: int, found: Mapping[int, Mapping[str, Any]], forgotten: frozenset[Any]
) -> tuple[dict[str, Any] | None, str]:
    """The record, mended where its neighbours prove how, and what was wrong with it."""
    what = fault_of(row, forgotten)
    if not what:
        return row, ""
    before = found.get(seq - 1, {}).get("hash") if seq > 1 else ""
    after = found.get(seq + 1, {}).get("previous")
    for one in _candidates(row, before, after):
        if not fault_of(one, forgotten) and one["hash"] in (row["hash"], after):
            return one, what
    return None, what


def _candidates(row: dict[str, Any], before: Any, after: Any) -> list[dict[str, Any]]:
    """The record with one thing put back that can be derived again."""
    found: list[dict[str, Any]] = []
    if isinstance(row.get("head"), str):
        body = row["head"].encode()
        found.append(row | {"length": len(body), "digest": hashlib.sha256(body).hexdigest()})
    if isinstance(before, str):
        found.append(row | {"previous": before})
    if isinstance(after, str) and hash_of(row) == after:
        found.append(row | {"hash": after})
    return found
