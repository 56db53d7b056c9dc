"""Rows of releases as they stand on disk: sealed, chained, and opened again only when they are as they were written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from gateway.release.manifest import read_text
from gateway.release.steps import path_fault
from gateway.release.words import Release, ReleaseStep
from services.common.words import ReleaseStatus

_SEAL: Final = "digest"


class DamagedReleaseError(Exception):
    """A release is not as it was written."""


@dataclass(frozen=True)
class ReleaseRow:
    """A row of `releases` without its digest."""

    release_id: str
    seq: int
    manifest_id: str
    substance: str
    region: str
    scope: str
    manifest: str
    status: str = ReleaseStatus.INTERNAL.value
    signature: str = ""
    public_key: str = ""
    superseded_by: str = ""
    step_count: int = 0
    last_hash: str = ""

    def values(self) -> dict[str, Any]:
        """The row with its digest."""
        plain = asdict(self)
        return plain | {_SEAL: _sha256(plain)}

    def after(self, step: "StepRow") -> "ReleaseRow":
        """The row when a step was taken."""
        return replace(
            self, status=step.status, step_count=step.number, last_hash=step.hash, **json.loads(step.facts)
        )


@dataclass(frozen=True)
class StepRow:
    """A row of `release_steps` without its hash, which follows."""

    seq: int
    release_id: str
    number: int
    status: str
    actor: str
    at: str
    reason: str
    facts: str
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over the row, and through `previous` over all before it."""
        return _sha256(asdict(self))

    def values(self) -> dict[str, Any]:
        """The row with its hash."""
        return asdict(self) | {"hash": self.hash}

    def step(self) -> ReleaseStep:
        """The step that it says."""
        return ReleaseStep(ReleaseStatus(self.status), self.actor, self.at, self.reason)


def facts_text(**facts: str) -> str:
    """What a step brings with it: fields of the release's row."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))


_ROW: Final = tuple(f.name for f in fields(ReleaseRow))
_STEP: Final = tuple(f.name for f in fields(StepRow))


def opened_row(found: Mapping[Any, Any]) -> ReleaseRow:
    """A row as read. DamagedReleaseError."""
    row = ReleaseRow(**{name: found[name] for name in _ROW})
    if not _holds(lambda: row.values()[_SEAL] == found[_SEAL]):
        raise _damaged(row.release_id, "its row does not have its digest")
    return row


def opened_step(found: Mapping[Any, Any]) -> StepRow:
    """A step as read. DamagedReleaseError."""
    row = StepRow(**{name: found[name] for name in _STEP})
    if not _holds(lambda: row.hash == found["hash"]):
        raise _damaged(row.release_id, f"step {row.number} does not have its hash")
    return row


def release_of(row: ReleaseRow, steps: Sequence[StepRow]) -> Release:
    """The release of a row and its steps, in order. DamagedReleaseError when they do not belong together."""
    _check_steps(row, steps)
    if hashlib.sha256(row.manifest.encode()).hexdigest() != row.manifest_id:
        raise _damaged(row.release_id, "its manifest does not have its id")
    try:
        manifest = read_text(row.manifest)
    except ValueError:
        raise _damaged(row.release_id, "its manifest cannot be read") from None
    return Release(
        release_id=row.release_id,
        manifest_id=row.manifest_id,
        status=ReleaseStatus(row.status),
        manifest=manifest,
        steps=tuple(s.step() for s in steps),
        scope=row.scope,
        signature=row.signature,
        public_key=row.public_key,
        superseded_by=row.superseded_by,
    )


def _check_steps(row: ReleaseRow, steps: Sequence[StepRow]) -> None:
    if [s.number for s in steps] != list(range(1, row.step_count + 1)):
        raise _damaged(row.release_id, "a step is missing")
    if any(s.release_id != row.release_id for s in steps) or steps[-1].hash != row.last_hash:
        raise _damaged(row.release_id, "its steps are not its own")
    remade = replace(row, status=ReleaseStatus.INTERNAL.value, signature="", public_key="", superseded_by="")
    for step in steps:
        remade = remade.after(step)
    wrong = path_fault([ReleaseStatus(s.status) for s in steps])
    if wrong or remade != row:
        raise _damaged(row.release_id, wrong or "its steps do not lead to its state")


def _damaged(release_id: str, what: str) -> DamagedReleaseError:
    return DamagedReleaseError(f"release {str(release_id)[:64]}: {what}")


def _holds(check: Any) -> bool:
    try:
        return bool(check())
    except (AttributeError, TypeError, ValueError):
        return False


def _sha256(plain: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
