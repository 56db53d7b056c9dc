"""Stores of both kinds for the audit log, as the tests of batches have them."""

import pytest

from gateway.audit.store import AuditStore
from gateway.audit.words import Outcome, Told
from gateway.jobs.store import SqlStore
from tests.gateway.jobs.store.conftest import opens, postgres_url, store, tmp_path, url

__all__ = ["opens", "postgres_url", "store", "tmp_path", "url"]


def told(number: int = 1, at: str = "2026-01-01T00:00:00.000Z", **more: object) -> Told:
    """Something to be written."""
    plain: dict[str, object] = {"actor": "张三 zhang", "act": "dafeng.x.v1.X/Do", "outcome": Outcome.DONE}
    return Told(at=at, **plain | {"object": f"o-{number}"} | more)  # type: ignore[arg-type]


@pytest.fixture
def log(store: SqlStore) -> AuditStore:
    """A log with 12 entries."""
    made = AuditStore(store.database)
    made.append([told(n) for n in range(1, 6)])
    made.append([told(n) for n in range(6, 13)])
    return made
