"""Words of the audit log (dafeng.audit.v1, same names), and what is written before it has its place in the chain."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CUT: Final = "audit.cut"
"""The act that retention leaves in the chain; its object names the first and last entry that went ("1-120")."""
RESTORED: Final = "restore_store"
"""The act that a restore leaves in the restored chain, which goes on at this entry; its object is the copy."""


class Outcome(StrEnum):
    """How an act ended, as far as the entry knows."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Told:
    """What is to be written: who did what to what, and how it ended. No tokens, no bodies."""

    at: str
    actor: str
    act: str
    outcome: Outcome
    object: str = ""
    scope: str = ""
    reason: str = ""
    request_id: str = ""
    address: str = ""
    digest: str = ""
    count: int = 1


@dataclass(frozen=True)
class AuditEntry:
    """One entry of the chain."""

    seq: int
    at: str
    actor: str
    act: str
    object: str
    scope: str
    outcome: str
    reason: str
    request_id: str
    address: str
    digest: str
    previous: str
    hash: str
    count: int
    algorithm: str


@dataclass(frozen=True)
class AuditFault:
    """A place where the chain is not as it was written."""

    seq: int
    what: str


@dataclass(frozen=True)
class ListEntriesResult:
    """A page of entries, the newest first."""

    entries: tuple[AuditEntry, ...]
    next_page_token: str


@dataclass(frozen=True)
class VerifyResult:
    """What was found in the whole chain."""

    entry_count: int
    first_seq: int
    last_seq: int
    last_hash: str
    faults: tuple[AuditFault, ...]
    seal_count: int
    notes: tuple[str, ...]
