"""A restore told in the restored chain and among the seals, so that it is neither taken for a forgery nor hidden."""

from pathlib import Path
from typing import Final

from gateway.audit import seals
from gateway.audit.spool import AT_COMMAND_LINE, local_user
from gateway.audit.store import AuditStore
from gateway.audit.words import RESTORED, AuditEntry, Outcome, Told
from gateway.jobs.store.stamps import stamp

_MOST_TEXT: Final = 200


def tell_restore(store: AuditStore, copy: str, digest: str = "") -> AuditEntry:
    """Write the entry at which a restored chain goes on: who put back which copy (its SHA-256 in hex)."""
    told = Told(
        stamp(),
        local_user(),
        RESTORED,
        Outcome.DONE,
        object=copy[-_MOST_TEXT:],
        address=AT_COMMAND_LINE,
        digest=digest,
    )
    store.append([told])
    return store.listed(act=RESTORED, limit=1)[0]


def seal_restore(path: Path, entry: AuditEntry, *, just_now: bool) -> seals.Seal:
    """Tell a restore among the seals. OSError.

    `just_now`: no gateway has written seals since, so all that stand there are older, whatever the clocks said.
    """
    at = max([entry.at, *(s.at for s in seals.read(path))]) if just_now else entry.at
    line = seals.Seal(at, entry.seq, entry.hash, entry.object)
    seals.add(path, line, create=False)
    return line


def is_told(path: Path, entry: AuditEntry) -> bool:
    """Whether the seals tell this restore already. OSError."""
    return any(s.restored_from and (s.seq, s.hash) == (entry.seq, entry.hash) for s in seals.read(path))
