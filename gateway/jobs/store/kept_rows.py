"""The row of a kept scenario: how it is sealed with a digest, and how a damaged one is told."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from gateway.jobs.store.tables import scenarios


class DamagedRowError(Exception):
    """A row is not as it was written."""


@dataclass(frozen=True)
class KeptRow:
    """The row without its digest; a deleted scenario has no content."""

    scenario_id: str
    seq: int
    region: str
    content: str
    saved_at: str
    owner: str
    model_version: str
    data_revision: str
    deleted_at: str = ""
    scope: str = ""

    def values(self) -> dict[str, Any]:
        """The row with its digest."""
        plain = asdict(self)
        return plain | {"digest": _digest(plain)}


_NAMES: Final = tuple(f.name for f in fields(KeptRow))
_SCOPE: Final = "scope"


def _digest(plain: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def opened_row(row: Mapping[Any, Any]) -> KeptRow:
    """A row as read; one of a schema before scopes is its region's. DamagedRowError that names the scenario."""
    shown = str(row["scenario_id"])[:64]
    plain = {name: row[name] for name in _NAMES if name != _SCOPE or _SCOPE in row}
    kept = KeptRow(**{_SCOPE: row["region"], **plain})
    try:
        sealed = _digest(plain) == row["digest"]
        named = bool(kept.deleted_at) or hashlib.sha256(kept.content.encode()).hexdigest() == kept.scenario_id
    except (AttributeError, TypeError, ValueError):
        raise DamagedRowError(f"the kept scenario {shown} cannot be read") from None
    if not sealed or not named:
        raise DamagedRowError(f"the kept scenario {shown} does not have its digest")
    return kept


def damaged_rows(connection: Connection) -> list[dict[str, Any]]:
    """Every kept scenario that is not as it was written."""
    found = []
    for row in connection.execute(select(scenarios).order_by(scenarios.c.seq)).mappings():
        try:
            opened_row(row)
        except DamagedRowError:
            found.append(dict(row))
    return found


def give_up(connection: Connection, rows: list[dict[str, Any]]) -> list[str]:
    """Take damaged rows out; a line for each."""
    for row in rows:
        connection.execute(delete(scenarios).where(scenarios.c.seq == row["seq"]))
    return [lost_text(row) for row in rows]


def lost_text(row: Mapping[str, Any]) -> str:
    """What is told of a row that cannot be kept."""
    return f"情景丢失 / kept scenario {str(row.get('scenario_id'))[:64]} is lost"
