"""Tables of the store, as the latest migration leaves them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData()

# What cannot be calculated again, in one chain: each record holds the hash of the one before. `spec` may be cleared
# when a later record says so; `head` never.
records: Final = Table(
    "records",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("head", Text, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("spec", LargeBinary),
    Index("records_by_batch", "batch_id"),
)

# One row: the end of the chain, so that a missing last record shows, and so that processes append by turns.
chain_end: Final = Table(
    "chain_end",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)

# One row: when retention last ran with a clock that it believed; processes that prune take turns by it.
retention: Final = Table(
    "retention",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("pruned_at", Text, nullable=False),
)

# How far batches are. `digest` is over the whole row; a row that does not have it is made again from records, chunks
# and results.
batches: Final = Table(
    "batches",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("done_count", Integer, nullable=False),
    Column("failed_count", Integer, nullable=False),
    Column("done_chunks", Integer, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
    Column("result_digest", Text, nullable=False),
    Column("deleted_at", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("scope", Text, nullable=False),
    UniqueConstraint("owner", "request_id", name="batches_request_id"),
    UniqueConstraint("seq", name="batches_seq"),
)

# Which chunks wait, are held or done. In PostgreSQL processes share it; a SQLite store has one process, which makes it
# in memory from the results when it opens: giving out a chunk then waits for no disk.
chunks: Final = Table(
    "chunks",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Index("chunks_by_state", "batch_id", "state", "number"),
    sqlite_with_rowid=False,
)

# One row a chunk. `head_digest` is over all that stands before it, `values_digest` over the values, which stand last:
# reading the rest then does not touch their pages.
results: Final = Table(
    "results",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("column_count", Integer, nullable=False),
    Column("digests", LargeBinary, nullable=False),
    Column("failures", Text, nullable=False),
    Column("values_digest", LargeBinary, nullable=False),
    Column("head_digest", LargeBinary, nullable=False),
    Column("values", LargeBinary, nullable=False),
)

# Scenarios that users keep. `scenario_id` is the SHA-256 of `content`, `digest` that of the whole row; a deleted one
# has no content. Two owners who keep the same each have a row.
scenarios: Final = Table(
    "scenarios",
    metadata,
    Column("scenario_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("region", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    Column("owner", Text, primary_key=True),
    Column("model_version", Text, nullable=False),
    Column("data_revision", Text, nullable=False),
    Column("deleted_at", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scope", Text, nullable=False),
    UniqueConstraint("seq", name="scenarios_seq"),
    Index("scenarios_by_owner", "owner", "region", "seq"),
)

# The audit log: entries in a chain of their own, added and never changed (triggers see to it); see gateway.audit.
audit_entries: Final = Table(
    "audit_entries",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("algorithm", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# One row: where the audit log ends; the first entry that is kept, and the hash of the one before it (`anchor`).
audit_end: Final = Table(
    "audit_end",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("pruned_at", Text, nullable=False),
)

# Results on their way to release and released ones: never deleted. `manifest` is a canonical text with `manifest_id` as
# its SHA-256, `substance` what it is about whatever its title, `digest` over the whole row; state, signature and the
# rest follow from the steps.
releases: Final = Table(
    "releases",
    metadata,
    Column("release_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("manifest_id", Text, nullable=False),
    Column("substance", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("superseded_by", Text, nullable=False),
    Column("step_count", Integer, nullable=False),
    Column("last_hash", Text, nullable=False),
    Column("digest", Text, nullable=False),
    UniqueConstraint("seq", name="releases_seq"),
    Index("releases_by_region", "region", "seq"),
    Index("releases_by_substance", "substance"),
)

# The steps of all releases in one chain: each holds the hash of the one before. `facts` is what the step brought with
# it (signature, key, the release that takes its place), as JSON.
release_steps: Final = Table(
    "release_steps",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("release_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("release_id", "number", name="release_steps_number"),
)

# One row: the end of that chain; processes append by turns.
release_end: Final = Table(
    "release_end",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)

# Frozen projections, compressed, under the SHA-256 of their bytes.
release_contents: Final = Table(
    "release_contents",
    metadata,
    Column("content_digest", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# States of a chunk.
WAITING: Final = "waiting"
HELD: Final = "held"
DONE: Final = "done"
