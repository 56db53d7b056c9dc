"""Looks at the whole chain, and names each place where it is not as it was written."""

from collections.abc import Iterable, Iterator
from typing import Final

from gateway.audit.chain import hash_of
from gateway.audit.compare import Seen, compared
from gateway.audit.seals import Seal
from gateway.audit.store import AuditStore, End
from gateway.audit.words import CUT, RESTORED, AuditEntry, AuditFault, VerifyResult

_MOST_FAULTS: Final = 100
_CHANGED: Final = "内容被改动 / changed after it was written"
_MISSING: Final = "缺失 / missing: taken out"
_BROKEN: Final = (
    "与前一条不衔接 / does not follow the entry before it: inserted, or the one before was replaced"
)
_PLACE: Final = "位置被调换 / stands at another place than it was written: it was entry {}"
_AFTER: Final = "在链尾之后 / stands after the end of the chain: inserted"
_CUT_HEAD: Final = "开头被截去 / the beginning was cut off, and no entry of retention tells it"


def verify(store: AuditStore, seals: Iterable[Seal] = ()) -> VerifyResult:
    """The whole chain beside its end and its seals."""
    end = store.end()
    return verify_entries(_up_to(end, store), end, seals, of_store=True)


def _up_to(end: End, store: AuditStore) -> Iterator[AuditEntry]:
    """Every entry, but none that a serving gateway has written since the end was asked for."""
    for entry in store.each():
        if end.seq < entry.seq <= store.end().seq:
            return
        yield entry


def verify_entries(
    entries: Iterable[AuditEntry], end: End, seals: Iterable[Seal] = (), *, of_store: bool = False
) -> VerifyResult:
    """Entries in order, from the first that is kept to the end.

    `of_store`: an entry among them says who took away those before the first, and the last is the chain's last; in a
    file others may have come before and after.
    """
    seals = tuple(seals)
    sealed = {seal.seq for seal in seals}
    hashes = {end.first_seq - 1: end.anchor} if end.first_seq > 1 else {}
    restores: list[AuditEntry] = []
    found: list[AuditFault] = []
    count, expected, previous, first, last = 0, end.first_seq, end.anchor, 0, 0
    told = not of_store or end.first_seq == 1
    for entry in entries:
        count += 1
        first = first or entry.seq
        told = told or (entry.act == CUT and entry.object.endswith(f"-{end.first_seq - 1}"))
        found += _missing(expected, entry.seq)
        if entry.seq > end.seq:
            found.append(AuditFault(entry.seq, _AFTER))
        else:
            found += _own_faults(entry, previous if entry.seq == expected else None)
        if entry.seq in sealed:
            hashes[entry.seq] = entry.hash
        if entry.act == RESTORED:
            restores.append(entry)
        previous, expected, last = entry.hash, entry.seq + 1, entry.seq
    found += _missing(expected, end.seq + 1)
    if last == end.seq and previous != end.hash:
        found.append(AuditFault(end.seq, _CHANGED))
    if not told:
        found.append(AuditFault(end.first_seq - 1, _CUT_HEAD))
    said = compared(seals, Seen(hashes, restores, end.first_seq, max(last, end.seq)), to_the_end=of_store)
    faults = (*found, *said.faults)[:_MOST_FAULTS]
    return VerifyResult(count, first or end.first_seq, last, previous, faults, said.seal_count, said.notes)


def _own_faults(entry: AuditEntry, previous: str | None) -> list[AuditFault]:
    """What is wrong with an entry by itself, or with how it follows; `previous` None: the one before is missing."""
    if hash_of(entry) != entry.hash:
        written = _written_at(entry)
        return [AuditFault(entry.seq, _PLACE.format(written) if written else _CHANGED)]
    if previous is not None and entry.previous != previous:
        return [AuditFault(entry.seq, _BROKEN)]
    return []


def _written_at(entry: AuditEntry) -> int:
    """The place that the hash of a moved entry tells; 0: none near."""
    near = (entry.seq + step for size in range(1, 51) for step in (-size, size))
    return next((seq for seq in near if seq > 0 and hash_of(entry, seq) == entry.hash), 0)


def _missing(expected: int, found: int) -> list[AuditFault]:
    return [AuditFault(seq, _MISSING) for seq in range(expected, min(found, expected + _MOST_FAULTS))]
