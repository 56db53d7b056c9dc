"""Kept scenarios on disk, in the store of batches: every method one transaction, the same in SQLite and PostgreSQL.

A row's id is the digest of its text, and the row has a digest of its own over everything: damage shows when the row is
read. Saving the same scenario again makes a damaged row anew. A deleted scenario leaves its id and the moment behind,
not its text.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from gateway.jobs.store.chain import lock_end
from gateway.jobs.store.database import Database, tried_again
from gateway.jobs.store.kept_rows import DamagedRowError, KeptRow, opened_row
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.tables import scenarios
from gateway.jobs.store.writing import ROW_BYTES
from gateway.scenarios.doors import ID_LENGTH
from gateway.scenarios.words import MOST_KEPT, SavedScenario, id_of, read_text, text_of
from services.common.errors import DomainError, Violation, invalid
from services.common.scenario import Frame, Scenario
from services.common.words import Revision

_AFTER_HEX: Final = "g"  # sorts behind every character of an id
_log = structlog.get_logger()


def moment() -> str:
    """Now, to the second."""
    return stamp()[:19] + "Z"


class ScenarioStore:
    """Scenarios of all owners in one database."""

    def __init__(
        self, database: Database, most_kept: int = MOST_KEPT, now: Callable[[], str] = moment
    ) -> None:
        self._database, self._most_kept, self._now = database, most_kept, now

    @tried_again
    def save(self, frame: Frame, scenario: Scenario, revision: Revision, owner: str) -> SavedScenario:
        """The scenario as it is kept. DomainError(QUOTA) when the owner keeps too many."""
        text = text_of(frame, scenario)
        scenario_id = id_of(text)
        with self._database.transaction() as connection:
            lock_end(connection)  # processes take turns: one number each, one row an id
            known = self._known(connection, scenario_id)
            if known is not None and not known.deleted_at:
                return _saved(known)
            self._check_quota(connection, owner)
            self._database.reserve(connection, len(text.encode()) + ROW_BYTES)
            if known is not None:
                row = replace(known, content=text, deleted_at="")
                connection.execute(update(scenarios).where(_is(scenario_id)).values(**row.values()))
            else:
                facts = (self._now(), owner, revision.model_version, revision.data_revision)
                row = KeptRow(scenario_id, _next_seq(connection), frame.region, text, *facts)
                connection.execute(insert(scenarios).values(**row.values()))
            return _saved(row)

    @tried_again
    def get(self, beginning: str) -> SavedScenario:
        """The scenario whose id begins so.

        DomainError: UNKNOWN_SCENARIO, SCENARIO_DELETED, STORE_DAMAGED; INVALID_INPUT when several begin so.
        """
        with self._database.transaction() as connection:
            found = connection.execute(select(scenarios).where(_begins(beginning)).limit(2)).mappings().all()
        if not found:
            raise DomainError("UNKNOWN_SCENARIO", detail=beginning)
        if len(found) > 1:
            text = "several kept scenarios begin so: give more characters of the id"
            raise invalid([Violation("scenario_id", text, beginning, f"up to {ID_LENGTH} characters")])
        row = _open(found[0])
        if row.deleted_at:
            raise DomainError(
                "SCENARIO_DELETED", detail=f"{row.scenario_id[:12]} was deleted at {row.deleted_at}"
            )
        return _saved(row)

    @tried_again
    def listed(self, region: str, owner: str, limit: int, after: str = "") -> tuple[SavedScenario, ...]:
        """Scenarios of a region, the one first saved last in front, after the scenario `after`."""
        mine = scenarios.c.region == region, scenarios.c.owner == owner, scenarios.c.deleted_at == ""
        query = select(scenarios).where(*mine).order_by(scenarios.c.seq.desc()).limit(limit)
        with self._database.transaction() as connection:
            if after:
                query = query.where(scenarios.c.seq < _seq_of(connection, after, region))
            return tuple(_saved(_open(row)) for row in connection.execute(query).mappings())

    @tried_again
    def delete(self, scenario_id: str) -> None:
        """Take the text away and keep the moment; a second time changes nothing. DomainError(UNKNOWN_SCENARIO)."""
        with self._database.transaction() as connection:
            lock_end(connection)
            found = connection.execute(select(scenarios).where(_is(scenario_id))).mappings().one_or_none()
            if found is None:
                raise DomainError("UNKNOWN_SCENARIO", detail=scenario_id)
            row = _open(found)
            if not row.deleted_at:
                gone = replace(row, content="", deleted_at=self._now())
                connection.execute(update(scenarios).where(_is(scenario_id)).values(**gone.values()))

    def _known(self, connection: Connection, scenario_id: str) -> KeptRow | None:
        """The row of an id; a damaged one is taken out, since the caller brings its text again."""
        found = connection.execute(select(scenarios).where(_is(scenario_id))).mappings().one_or_none()
        if found is None:
            return None
        try:
            return opened_row(found)
        except DamagedRowError as error:
            _log.error("scenario_row_damaged", scenario_id=scenario_id, what=str(error), message="made again")
            connection.execute(delete(scenarios).where(_is(scenario_id)))
            return None

    def _check_quota(self, connection: Connection, owner: str) -> None:
        mine = scenarios.c.owner == owner, scenarios.c.deleted_at == ""
        count = connection.execute(select(func.count()).select_from(scenarios).where(*mine)).scalar_one()
        if count >= self._most_kept:
            text = "as many scenarios are kept as one owner may keep: delete some"
            raise DomainError(
                "QUOTA", [Violation("scenario", text, f"{count:,}", f"at most {self._most_kept:,}")]
            )


def _is(scenario_id: str) -> ColumnElement[bool]:
    return scenarios.c.scenario_id == scenario_id


def _begins(beginning: str) -> ColumnElement[bool]:
    column = scenarios.c.scenario_id
    return (column >= beginning) & (column < beginning + _AFTER_HEX)


def _next_seq(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(scenarios.c.seq), 0))).scalar_one()) + 1


def _seq_of(connection: Connection, scenario_id: str, region: str) -> int:
    """Where a page ended; the scenario may have been deleted since."""
    query = select(scenarios.c.seq).where(_is(scenario_id), scenarios.c.region == region)
    seq = connection.execute(query).scalar()
    if seq is None:
        raise invalid([Violation("page_token", "not a token of this call and region", scenario_id)])
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
    return SavedScenario(row.scenario_id, frame, scenario, row.saved_at, revision, row.owner)
