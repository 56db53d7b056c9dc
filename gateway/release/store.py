"""Releases on disk, in the store of batches: every method one transaction, the same in SQLite and PostgreSQL.

Rules are looked at again inside the transaction that takes a step, so two people at once cannot both take it.
Nothing is ever deleted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from gateway.jobs.store.database import Database, tried_again
from gateway.jobs.store.stamps import moment
from gateway.jobs.store.tables import release_contents, release_end, release_steps, releases
from gateway.jobs.store.writing import ROW_BYTES
from gateway.release.content import BadContentError, digest_of_content, packed, unpacked
from gateway.release.rows import (
    DamagedReleaseError,
    ReleaseRow,
    StepRow,
    facts_text,
    opened_row,
    opened_step,
    release_of,
)
from gateway.release.steps import Act, check_author, check_person, moved, same
from gateway.release.words import Release, ReleaseStep
from services.common.acting import Actor
from services.common.errors import DomainError, Violation, invalid
from services.common.words import ReleaseStatus

# A hook that writes what must stand or fall with a step, in its transaction.
Beside = Callable[[Connection, Release], None]
_GONE: Final = (ReleaseStatus.SUPERSEDED, ReleaseStatus.WITHDRAWN)


def _nothing(connection: Connection, release: Release) -> None:
    """Nothing stands beside a step."""


class ReleaseStore:
    """Releases of all offices in one database."""

    def __init__(self, database: Database, beside: Beside = _nothing) -> None:
        self._database, self._beside = database, beside

    @tried_again
    def submit(self, new: ReleaseRow, content: bytes, who: Actor, reason: str) -> Release:
        """The release as it stands, submitted. DomainError: RELEASE_STATE, SAME_PERSON."""
        with self._transaction() as connection:
            _lock(connection)
            known = _row(connection, new.release_id)
            check_person(Act.SUBMIT, who, _rounds(connection, new.substance))
            if known is not None:
                release = _release(connection, known)
                if release.status is not ReleaseStatus.INTERNAL:
                    return _handed_in_before(release, who)
            row = known or replace(new, seq=_next_seq(connection))
            stored = packed(content)
            self._database.reserve(connection, len(stored) + len(new.manifest.encode()) + ROW_BYTES)
            _keep_content(connection, digest_of_content(content), stored)
            if known is None:
                connection.execute(insert(releases).values(**row.values()))
            return self._step(connection, row, Act.SUBMIT, who, reason)

    @tried_again
    def get(self, release_id: str) -> Release:
        """A release. DomainError: UNKNOWN_RELEASE, STORE_DAMAGED."""
        with self._transaction() as connection:
            return _release(connection, _known(connection, release_id))

    @tried_again
    def rounds(self, release_id: str) -> tuple[ReleaseStep, ...]:
        """Every step that the content of a release has gone through, under any title."""
        with self._transaction() as connection:
            return tuple(_rounds(connection, _known(connection, release_id).substance))

    @tried_again
    def content(self, content_digest: str) -> bytes:
        """The frozen bytes. DomainError(STORE_DAMAGED) when they are not as they were written."""
        asked = select(release_contents.c.content).where(release_contents.c.content_digest == content_digest)
        with self._transaction() as connection:
            stored = connection.execute(asked).scalar()
        if stored is None:
            raise DomainError("STORE_DAMAGED", detail=f"the frozen result {content_digest[:12]} is missing")
        try:
            return unpacked(bytes(stored), content_digest)
        except TypeError:
            raise DomainError(
                "STORE_DAMAGED", detail=f"the frozen result {content_digest[:12]} is no bytes"
            ) from None
        except BadContentError as error:
            raise DomainError(
                "STORE_DAMAGED", detail=f"the frozen result {content_digest[:12]} {error}"
            ) from None

    @tried_again
    def page(
        self, region: str, states: Sequence[ReleaseStatus], limit: int, after: str = ""
    ) -> tuple[Release, ...]:
        """Releases, the newest first, after the release `after`."""
        query = select(releases).order_by(releases.c.seq.desc()).limit(limit)
        if region:
            query = query.where(releases.c.region == region)
        if states:
            query = query.where(releases.c.status.in_([s.value for s in states]))
        with self._transaction() as connection:
            if after:
                query = query.where(releases.c.seq < _seq_of(connection, after))
            rows = [opened_row(found) for found in connection.execute(query).mappings()]
            return tuple(_release(connection, row) for row in rows)

    @tried_again
    def take(self, release_id: str, act: Act, who: Actor, reason: str, **facts: str) -> Release:
        """A step taken. DomainError: RELEASE_STATE, SAME_PERSON, NOT_ALLOWED."""
        with self._transaction() as connection:
            _lock(connection)
            return self._step(connection, _known(connection, release_id), act, who, reason, **facts)

    @tried_again
    def release(
        self, release_id: str, who: Actor, reason: str, signature: str, public_key: str, supersedes: str = ""
    ) -> Release:
        """Released, and in the same moment in place of another one when it is named."""
        with self._transaction() as connection:
            _lock(connection)
            signed = {"signature": signature, "public_key": public_key}
            release = self._step(
                connection, _known(connection, release_id), Act.RELEASE, who, reason, **signed
            )
            if supersedes:
                old = _known(connection, supersedes)
                self._step(connection, old, Act.SUPERSEDE, who, reason, superseded_by=release_id)
            return release

    @tried_again
    def faults(self) -> list[str]:
        """What is not as it was written: the chain of steps, every release, every frozen result."""
        with self._transaction() as connection:
            found = _chain_faults(connection)
            ids = connection.execute(select(releases.c.release_id).order_by(releases.c.seq)).scalars().all()
        for release_id in ids:
            try:
                self.content(self.get(release_id).manifest.content_digest)
            except DomainError as error:
                found.append(error.detail or str(error))
        return found

    def _step(
        self, connection: Connection, row: ReleaseRow, act: Act, who: Actor, reason: str, **facts: str
    ) -> Release:
        status = moved(ReleaseStatus(row.status), act)
        steps = _steps(connection, row.release_id)
        check_person(act, who, _rounds(connection, row.substance))
        if steps:
            check_author(act, release_of(row, steps).author)
        end = connection.execute(select(release_end).where(release_end.c.id == 1)).one()
        step = StepRow(
            seq=end.seq + 1,
            release_id=row.release_id,
            number=row.step_count + 1,
            status=status.value,
            actor=who.user_id,
            at=moment(),
            reason=reason,
            facts=facts_text(**facts),
            previous=end.hash,
        )
        after = row.after(step)
        connection.execute(insert(release_steps).values(**step.values()))
        connection.execute(
            update(release_end).where(release_end.c.id == 1).values(seq=step.seq, hash=step.hash)
        )
        connection.execute(
            update(releases).where(releases.c.release_id == row.release_id).values(**after.values())
        )
        release = release_of(after, [*steps, step])
        self._beside(connection, release)
        return release

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._database.transaction() as connection:
                yield connection
        except DamagedReleaseError as error:
            raise DomainError("STORE_DAMAGED", detail=str(error)) from None


def _next_seq(connection: Connection) -> int:
    """The number of the next release."""
    return (
        int(connection.execute(select(releases.c.seq).order_by(releases.c.seq.desc()).limit(1)).scalar() or 0)
        + 1
    )


def _lock(connection: Connection) -> None:
    """Be the only process that takes a step, until the transaction ends."""
    connection.execute(select(release_end.c.seq).where(release_end.c.id == 1).with_for_update())


def _handed_in_before(release: Release, who: Actor) -> Release:
    if release.status in _GONE:
        text = f"the same was {release.status.value}; hand it in under another title to begin anew"
        raise DomainError("RELEASE_STATE", detail=text)
    if not same(release.author, who.user_id):
        raise DomainError("RELEASE_STATE", detail="the same was handed in by another person of this office")
    return release


def _keep_content(connection: Connection, digest: str, stored: bytes) -> None:
    """Frozen bytes are kept once; damaged ones are made good by whoever brings them again."""
    here = release_contents.c.content_digest == digest
    known = connection.execute(select(release_contents.c.content).where(here)).scalar()
    if known is None:
        connection.execute(insert(release_contents).values(content_digest=digest, content=stored))
    elif bytes(known) != stored:
        connection.execute(update(release_contents).where(here).values(content=stored))


def _row(connection: Connection, release_id: str) -> ReleaseRow | None:
    found = (
        connection.execute(select(releases).where(releases.c.release_id == release_id))
        .mappings()
        .one_or_none()
    )
    return None if found is None else opened_row(found)


def _known(connection: Connection, release_id: str) -> ReleaseRow:
    row = _row(connection, release_id)
    if row is None:
        raise DomainError("UNKNOWN_RELEASE", detail=release_id)
    return row


def _seq_of(connection: Connection, release_id: str) -> int:
    seq = connection.execute(select(releases.c.seq).where(releases.c.release_id == release_id)).scalar()
    if seq is None:
        raise invalid([Violation("page_token", "not a token of this call", release_id)])
    return int(seq)


def _steps(connection: Connection, release_id: str) -> list[StepRow]:
    query = (
        select(release_steps).where(release_steps.c.release_id == release_id).order_by(release_steps.c.number)
    )
    return [opened_step(found) for found in connection.execute(query).mappings()]


def _release(connection: Connection, row: ReleaseRow) -> Release:
    return release_of(row, _steps(connection, row.release_id))


def _rounds(connection: Connection, substance: str) -> list[ReleaseStep]:
    ids = select(releases.c.release_id).where(releases.c.substance == substance)
    query = select(release_steps).where(release_steps.c.release_id.in_(ids)).order_by(release_steps.c.seq)
    return [opened_step(found).step() for found in connection.execute(query).mappings()]


def _chain_faults(connection: Connection) -> list[str]:
    previous, expected = "", 1
    found: list[str] = []
    for row in connection.execute(select(release_steps).order_by(release_steps.c.seq)).mappings():
        try:
            step = opened_step(row)
        except DamagedReleaseError as error:
            found.append(str(error))
        else:
            if (step.seq, step.previous) != (expected, previous):
                found.append(
                    f"release {step.release_id}: step {step.number} does not follow the one before it"
                )
        previous, expected = row["hash"], row["seq"] + 1
    end: Mapping[Any, Any] | None = connection.execute(select(release_end)).mappings().one_or_none()
    if end is None or (end["seq"], end["hash"]) != (expected - 1, previous):
        found.append("the chain of release steps does not end where it is said to end")
    return found
