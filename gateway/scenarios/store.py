"""Kept scenarios on disk, in the store of batches: every method one transaction, the same in SQLite and PostgreSQL.

A row's id is the digest of its text, and the row has a digest of its own over everything: damage shows when the row is
read. Saving the same scenario again makes a damaged row anew. A deleted scenario leaves its id and the moment behind,
not its text. Two owners who keep the same have a row each; who sees both is given one's own first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from gateway.jobs.store.chain import lock_end
from gateway.jobs.store.database import Database, tried_again
from gateway.jobs.store.kept_rows import DamagedRowError, KeptRow, opened_row
from gateway.jobs.store.sights import seen
from gateway.jobs.store.stamps import moment
from gateway.jobs.store.tables import scenarios
from gateway.jobs.store.writing import ROW_BYTES
from gateway.owning import EVERYTHING, HiddenError, Sight
from gateway.scenarios.doors import ID_LENGTH
from gateway.scenarios.words import MOST_KEPT, SavedScenario, id_of, read_text, text_of
from services.common.access import Subject
from services.common.errors import DomainError, Violation, invalid
from services.common.scenario import Frame, Scenario
from services.common.words import Revision

_AFTER_HEX: Final = "g"  # sorts behind every character of an id
_MOST_ALIKE: Final = 1_000  # rows looked at for one beginning: owners of one content
_log = structlog.get_logger()


class ScenarioStore:
    """Scenarios of all owners in one database."""

    def __init__(
        self, database: Database, most_kept: int = MOST_KEPT, now: Callable[[], str] = moment
    ) -> None:
        self._database, self._most_kept, self._now = database, most_kept, now

    @tried_again
    def save(
        self, frame: Frame, scenario: Scenario, revision: Revision, owner: str, scope: str = ""
    ) -> SavedScenario:
        """The scenario as its owner keeps it, in the whole region or in `scope`. DomainError(QUOTA): too many."""
        text = text_of(frame, scenario)
        scenario_id = id_of(text)
        with self._database.transaction() as connection:
            lock_end(connection)  # processes take turns: one number each, one row an id
            known = self._known(connection, scenario_id, owner)
            if known is not None and not known.deleted_at:
                return _saved(known)
            self._check_quota(connection, owner)
            self._database.reserve(connection, len(text.encode()) + ROW_BYTES)
            if known is not None:
                row = replace(known, content=text, deleted_at="")
                connection.execute(update(scenarios).where(*_own(scenario_id, owner)).values(**row.values()))
            else:
                facts = (self._now(), owner, revision.model_version, revision.data_revision)
                seq, where = _next_seq(connection), scope or frame.region
                row = KeptRow(scenario_id, seq, frame.region, text, *facts, scope=where)
                connection.execute(insert(scenarios).values(**row.values()))
            return _saved(row)

    @tried_again
    def get(self, beginning: str, sight: Sight = EVERYTHING) -> SavedScenario:
        """The scenario whose id begins so, as far as it is seen.

        DomainError: UNKNOWN_SCENARIO, SCENARIO_DELETED, STORE_DAMAGED; INVALID_INPUT when several begin so.
        """
        with self._database.transaction() as connection:
            candidates = _candidates(connection, beginning, sight)
        row = candidates.best(sight.owner, beginning)
        if row.deleted_at:
            raise DomainError(
                "SCENARIO_DELETED", detail=f"{row.scenario_id[:12]} was deleted at {row.deleted_at}"
            )
        return _saved(row)

    @tried_again
    def listed(
        self, region: str, sight: Sight = EVERYTHING, limit: int = 50, after: str = ""
    ) -> tuple[SavedScenario, ...]:
        """Scenarios of a region that are seen, the one first saved last in front, after the token `after`."""
        there = scenarios.c.region == region, scenarios.c.deleted_at == "", _seen(sight)
        query = select(scenarios).where(*there).order_by(scenarios.c.seq.desc()).limit(limit)
        with self._database.transaction() as connection:
            if after:
                query = query.where(scenarios.c.seq < _seq_of(connection, after, region, sight))
            return tuple(_saved(_open(row)) for row in connection.execute(query).mappings())

    @tried_again
    def delete(
        self, scenario_id: str, sight: Sight = EVERYTHING, check: Callable[[Subject], None] = lambda _: None
    ) -> None:
        """Take the text away and keep the moment; a second time changes nothing.

        Of several owners' one's own comes first. DomainError: UNKNOWN_SCENARIO, or what `check` raises.
        """
        with self._database.transaction() as connection:
            lock_end(connection)
            candidates = _candidates(connection, scenario_id, sight)
            if candidates.damaged:  # it may be one's own: another's is not taken instead
                raise DomainError("STORE_DAMAGED", detail=candidates.damaged)
            row = candidates.own(sight.owner) or candidates.best(sight.owner, scenario_id)
            check(Subject(row.scope, row.owner))
            if not row.deleted_at:
                gone = replace(row, content="", deleted_at=self._now())
                own = _own(row.scenario_id, row.owner)
                connection.execute(update(scenarios).where(*own).values(**gone.values()))

    def _known(self, connection: Connection, scenario_id: str, owner: str) -> KeptRow | None:
        """An owner's row of an id; a damaged one is taken out, since the caller brings its text again."""
        own = _own(scenario_id, owner)
        found = connection.execute(select(scenarios).where(*own)).mappings().one_or_none()
        if found is None:
            return None
        try:
            return opened_row(found)
        except DamagedRowError as error:
            _log.error("scenario_row_damaged", scenario_id=scenario_id, what=str(error), message="made again")
            connection.execute(delete(scenarios).where(*own))
            return None

    def _check_quota(self, connection: Connection, owner: str) -> None:
        mine = scenarios.c.owner == owner, scenarios.c.deleted_at == ""
        count = connection.execute(select(func.count()).select_from(scenarios).where(*mine)).scalar_one()
        if count >= self._most_kept:
            text = "as many scenarios are kept as one owner may keep: delete some"
            raise DomainError(
                "QUOTA", [Violation("scenario", text, f"{count:,}", f"at most {self._most_kept:,}")]
            )


@dataclass(frozen=True)
class _Candidates:
    """Rows that a caller may mean, sound ones opened, in the order they were first saved."""

    sound: tuple[KeptRow, ...]
    ids: int
    """How many scenarios they are; damaged ones too."""
    damaged: str
    """What is wrong with the first damaged one; empty when none is."""
    hidden: bool
    """Whether there are others, which the caller does not see."""

    def own(self, owner: str) -> KeptRow | None:
        """The owner's own row."""
        return next((row for row in self.sound if row.owner == owner), None)

    def best(self, owner: str, asked: str) -> KeptRow:
        """What stands before what was deleted, one's own before another's. DomainError."""
        if self.ids > 1:
            text = "several kept scenarios begin so: give more characters of the id"
            raise invalid([Violation("scenario_id", text, asked, f"up to {ID_LENGTH} characters")])
        if self.sound:
            return min(self.sound, key=lambda row: (bool(row.deleted_at), row.owner != owner, row.seq))
        if self.damaged:
            raise DomainError("STORE_DAMAGED", detail=self.damaged)
        error = HiddenError if self.hidden else DomainError
        raise error("UNKNOWN_SCENARIO", detail=asked)


def _candidates(connection: Connection, beginning: str, sight: Sight) -> _Candidates:
    """What is seen of what begins so. Whether more is there is asked always, so that it takes no other time."""
    query = select(scenarios).where(_begins(beginning))
    found = connection.execute(query.where(_seen(sight)).order_by(scenarios.c.seq).limit(_MOST_ALIKE))
    sound, damaged, ids = [], "", set()
    for row in found.mappings():
        ids.add(row["scenario_id"])
        try:
            sound.append(opened_row(row))
        except DamagedRowError as error:
            damaged = damaged or str(error)
    hidden = connection.execute(select(scenarios.c.seq).where(_begins(beginning), ~_seen(sight)).limit(1))
    return _Candidates(tuple(sound), len(ids), damaged, hidden.first() is not None)


def _own(scenario_id: str, owner: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return scenarios.c.scenario_id == scenario_id, scenarios.c.owner == owner


def _seen(sight: Sight) -> ColumnElement[bool]:
    return seen(sight, scenarios.c.owner, scenarios.c.scope)


def _begins(beginning: str) -> ColumnElement[bool]:
    column = scenarios.c.scenario_id
    return (column >= beginning) & (column < beginning + _AFTER_HEX)


def _next_seq(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(scenarios.c.seq), 0))).scalar_one()) + 1


def _seq_of(connection: Connection, token: str, region: str, sight: Sight) -> int:
    """Where a page ended; the scenario may have been deleted since."""
    scenario_id, _, owner = token.partition(":")
    there = scenarios.c.region == region, _seen(sight)
    seq = connection.execute(select(scenarios.c.seq).where(*_own(scenario_id, owner), *there)).scalar()
    if seq is None:
        raise invalid([Violation("page_token", "not a token of this call and region", token)])
    return int(seq)


def _open(row: Mapping[Any, Any]) -> KeptRow:
    try:
        return opened_row(row)
    except DamagedRowError as error:
        raise DomainError("STORE_DAMAGED", detail=str(error)) from None


def _saved(row: KeptRow) -> SavedScenario:
    try:
        frame, scenario = read_text(row.content)
    except ValueError:
        here = f"kept with model {row.model_version}, whose scenarios had another form"
        raise DomainError("REVISION_DIFFERS", detail=here) from None
    revision = Revision(row.model_version, row.data_revision)
    return SavedScenario(row.scenario_id, frame, scenario, row.saved_at, revision, row.owner, row.scope)
