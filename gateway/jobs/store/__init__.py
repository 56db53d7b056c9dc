"""The store of batches: SQLite by default, PostgreSQL by URL. `open_store` is its door, `join_store` a worker's."""

from gateway.jobs.store.open import join_store, open_store
from gateway.jobs.store.store import SqlStore

# What a served store holds back on its disk: enough for the journal of any pause, cancellation or deletion.
BALLAST_BYTES = 64 * 1024**2

# Places where tests stop a process (services.runtime.failpoints).
FAILPOINTS = (
    "store.accept.before_commit",
    "store.accept.after_commit",
    "store.lease.after_commit",
    "store.before_commit",
    "store.before_finish",
    "store.after_commit",
    "store.cancel.before_commit",
)

__all__ = ["BALLAST_BYTES", "FAILPOINTS", "SqlStore", "join_store", "open_store"]
