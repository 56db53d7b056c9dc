"""Compares seals with a chain.

A restore takes the chain back behind its last seals. Its entry in the chain and its line among the seals say so
together; the seals that went with it are not held against the chain, but the restore is always told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gateway.audit.seals import Seal
from gateway.audit.words import AuditEntry, AuditFault

_NOT_SEALED: Final = "与{}的封存不符 / is not the entry that was sealed at {}: the chain was written anew"
_CUT_TAIL: Final = "尾部被截去 / the end was cut off: entry {} was sealed at {}"
_NO_RESTORE: Final = (
    "封存记有恢复而链中没有 / the seals tell a restore here on {}, and the chain has none: the line is forged"
)
_RESTORED: Final = (
    "第 {seq} 条：曾由备份恢复 / entry {seq}: restored on {at} from {copy} by {who}, the chain goes on here"
)
_GONE: Final = "；此前封存的第 {first}-{last} 条已不存在 / : entries {first}..{last} sealed before are gone"
_NOT_TOLD: Final = (
    "；封存未记此次恢复 / ; the seals do not tell it. "
    "If it was lawful: dafeng audit seal --restored --to SEALS"
)
_GOES_ON: Final = (
    "封存延续至第 {last} 条，文件止于第 {end} 条 / the seals go on to entry {last}, this file ends at {end}"
)


@dataclass(frozen=True)
class Seen:
    """What a look at the chain found, as far as seals ask for it."""

    hashes: Mapping[int, str]
    """Of the sealed places that are held."""
    restores: Sequence[AuditEntry]
    first_seq: int
    last_seq: int


@dataclass(frozen=True)
class Compared:
    """What seals say of a chain."""

    faults: tuple[AuditFault, ...]
    notes: tuple[str, ...]
    seal_count: int
    """Seals that were compared with an entry or the end."""


def compared(seals: Sequence[Seal], seen: Seen, *, to_the_end: bool) -> Compared:
    """Every seal beside the chain; `to_the_end`: the last entry seen is the chain's last, not a file's."""
    return _Comparison([s for s in seals if s.seq > 0], seen, to_the_end).result()


def told_restore(entry: AuditEntry) -> str:
    """A restore in words, of its entry."""
    return _RESTORED.format(seq=entry.seq, at=entry.at, copy=entry.object, who=entry.actor)


@dataclass
class _Comparison:
    seals: list[Seal]
    seen: Seen
    to_the_end: bool

    def result(self) -> Compared:
        gone = self._gone
        faults = [*self._forged, *self._changed, *self._cut_tail]
        held = [
            place
            for place, seal in enumerate(self.seals)
            if place not in gone and (seal.seq in self.seen.hashes or self._is_behind(seal))
        ]
        return Compared(tuple(faults), tuple(self._notes(told=not faults)), len(held))

    @cached_property
    def _wrong(self) -> dict[int, Seal]:
        """Seals by their place in the file that the chain does not bear out."""
        return {place: seal for place, seal in enumerate(self.seals) if not self._stands(seal)}

    @cached_property
    def _gone(self) -> dict[int, Seal]:
        """Wrong seals by their place, with the line of the restore that explains each."""
        found: dict[int, Seal] = {}
        for at, line in enumerate(self.seals):
            if not line.restored_from or at in self._wrong or self._is_forged(line):
                continue
            before = {place: seal for place, seal in self._wrong.items() if place < at and place not in found}
            # A copy may be older than an earlier restore: that one's line is wrong now, and what followed it.
            reach = min([line.seq, *(s.seq for s in before.values() if s.restored_from)])
            found |= {p: line for p, s in before.items() if s.seq >= reach and s.at <= line.at}
        return found

    @property
    def _open(self) -> list[Seal]:
        """Wrong seals that no restore explains."""
        return [seal for place, seal in self._wrong.items() if place not in self._gone]

    @property
    def _forged(self) -> list[AuditFault]:
        return [AuditFault(s.seq, _NO_RESTORE.format(s.at)) for s in self.seals if self._is_forged(s)]

    @property
    def _changed(self) -> list[AuditFault]:
        """An entry that is missing is told as that already."""
        wrong = [s for s in self._open if s.seq in self.seen.hashes]
        return [AuditFault(s.seq, _NOT_SEALED.format(s.at, s.at)) for s in wrong]

    @property
    def _cut_tail(self) -> list[AuditFault]:
        latest = self._latest_behind
        if latest is None or not self.to_the_end:
            return []
        return [AuditFault(self.seen.last_seq + 1, _CUT_TAIL.format(latest.seq, latest.at))]

    @property
    def _latest_behind(self) -> Seal | None:
        return max((s for s in self._open if self._is_behind(s)), key=lambda s: s.seq, default=None)

    def _notes(self, *, told: bool) -> list[str]:
        """Each restore; `told`: there is nothing that a missing line would explain."""
        notes = [self._note(entry, told=told) for entry in self.seen.restores]
        known = {entry.seq for entry in self.seen.restores}
        # Retention took the entry away, the line stands.
        lines = dict.fromkeys(line for line in self._gone.values() if line.seq not in known)
        notes += [
            _RESTORED.format(seq=line.seq, at=line.at, copy=line.restored_from, who="?")
            + self._gone_with(line)
            for line in lines
        ]
        latest = self._latest_behind
        if latest is not None and not self.to_the_end:
            notes.append(_GOES_ON.format(last=latest.seq, end=self.seen.last_seq))
        return notes

    def _note(self, entry: AuditEntry, *, told: bool) -> str:
        text = told_restore(entry)
        lines = [s for s in self.seals if s.restored_from and (s.seq, s.hash) == (entry.seq, entry.hash)]
        if lines:
            return text + self._gone_with(*lines)
        return text if told else text + _NOT_TOLD

    def _gone_with(self, *lines: Seal) -> str:
        seqs = [self.seals[place].seq for place, line in self._gone.items() if line in lines]
        return _GONE.format(first=min(seqs), last=max(seqs)) if seqs else ""

    def _stands(self, seal: Seal) -> bool:
        """The entry is as it was sealed, or retention took it away."""
        return seal.seq < self.seen.first_seq - 1 or self.seen.hashes.get(seal.seq) == seal.hash

    def _is_behind(self, seal: Seal) -> bool:
        return seal.seq > self.seen.last_seq and seal.seq not in self.seen.hashes

    def _is_forged(self, line: Seal) -> bool:
        """A restore's line at an entry that is held, is as it was sealed, and tells no restore."""
        held = line.seq >= self.seen.first_seq and self.seen.hashes.get(line.seq) == line.hash
        return bool(line.restored_from) and held and all(e.seq != line.seq for e in self.seen.restores)
