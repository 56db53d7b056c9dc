"""The audit log; whose batches and kept scenarios are, and where. What stands is the local user's, for its region."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_LOCAL: Final = "local"
_BATCH: Final = (
    "batch_id", "seq", "request_id", "region", "state", "done_count", "failed_count", "done_chunks",
    "stored_bytes", "started_at", "ended_at", "result_digest", "deleted_at",
)  # fmt: skip
_SCENARIO: Final = (
    "scenario_id", "seq", "region", "content", "saved_at", "owner", "model_version", "data_revision",
    "deleted_at",
)  # fmt: skip


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    _own_batches()
    _own_scenarios(postgres)
    _audit()
    for statement in _POSTGRES if postgres else _SQLITE:
        op.execute(sa.text(statement))


def _own_batches() -> None:
    with op.batch_alter_table("batches") as table:
        table.add_column(sa.Column("owner", sa.Text, nullable=False, server_default=_LOCAL))
        table.add_column(sa.Column("scope", sa.Text, nullable=False, server_default=""))
        table.drop_constraint("batches_request_id", type_="unique")
        table.create_unique_constraint("batches_request_id", ["owner", "request_id"])
    with op.batch_alter_table("batches") as table:
        table.alter_column("owner", server_default=None)
        table.alter_column("scope", server_default=None)
    found = op.get_bind().execute(sa.text("SELECT * FROM batches")).mappings().all()
    for row in found:
        after = _sealed_again(row, _BATCH, {"owner": _LOCAL, "scope": row["region"]})
        own = sa.text("UPDATE batches SET scope = :scope, digest = :digest WHERE batch_id = :batch_id")
        op.get_bind().execute(own, {n: after[n] for n in ("scope", "digest", "batch_id")})


def _own_scenarios(postgres: bool) -> None:
    if postgres:
        op.add_column("scenarios", sa.Column("scope", sa.Text, nullable=False, server_default=""))
        op.alter_column("scenarios", "scope", server_default=None)
        op.execute(sa.text("ALTER TABLE scenarios DROP CONSTRAINT scenarios_pkey"))
        op.execute(sa.text("ALTER TABLE scenarios ADD PRIMARY KEY (scenario_id, owner)"))
    else:
        op.drop_index("scenarios_by_owner", "scenarios")
        op.rename_table("scenarios", "scenarios_before")
        op.create_table(
            "scenarios",
            sa.Column("scenario_id", sa.Text, primary_key=True),
            sa.Column("seq", sa.BigInteger, nullable=False),
            sa.Column("region", sa.Text, nullable=False),
            sa.Column("content", sa.Text, nullable=False),
            sa.Column("saved_at", sa.Text, nullable=False),
            sa.Column("owner", sa.Text, primary_key=True),
            sa.Column("model_version", sa.Text, nullable=False),
            sa.Column("data_revision", sa.Text, nullable=False),
            sa.Column("deleted_at", sa.Text, nullable=False),
            sa.Column("digest", sa.Text, nullable=False),
            sa.Column("scope", sa.Text, nullable=False),
            sa.UniqueConstraint("seq", name="scenarios_seq"),
        )
        names = ", ".join((*_SCENARIO, "digest"))
        copy = f"INSERT INTO scenarios ({names}, scope) SELECT {names}, region FROM scenarios_before"
        op.execute(sa.text(copy))
        op.drop_table("scenarios_before")
        op.create_index("scenarios_by_owner", "scenarios", ["owner", "region", "seq"])
    for row in op.get_bind().execute(sa.text("SELECT * FROM scenarios")).mappings().all():
        after = _sealed_again(row, _SCENARIO, {"scope": row["region"]})
        own = sa.text("UPDATE scenarios SET scope = :scope, digest = :digest WHERE seq = :seq")
        op.get_bind().execute(own, {n: after[n] for n in ("scope", "digest", "seq")})


def _sealed_again(row: Mapping[Any, Any], names: tuple[str, ...], more: dict[str, Any]) -> dict[str, Any]:
    """A row with a digest over what it has now; one that did not have its digest keeps it, so that damage shows."""
    plain = {name: row[name] for name in names}
    digest = row["digest"]
    if _digest(plain) == digest:
        digest = _digest(plain | more)
    return plain | more | {"digest": digest}


def _digest(plain: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "audit_end",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("first_seq", sa.BigInteger, nullable=False),
        sa.Column("anchor", sa.Text, nullable=False),
        sa.Column("pruned_at", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO audit_end (id, seq, hash, first_seq, anchor, pruned_at) VALUES (1, 0, '', 1, '', '')"
    )


# Entries are added, never changed; only those before the first that is kept may go. The end moves forward only.
_REFUSED: Final = "the audit log is append-only"
_SQLITE: Final = (
    f"""CREATE TRIGGER audit_entries_change BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries
    WHEN OLD.seq >= (SELECT first_seq FROM audit_end WHERE id = 1)
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER audit_end_change BEFORE UPDATE ON audit_end
    WHEN NEW.seq < OLD.seq OR NEW.first_seq < OLD.first_seq OR NEW.first_seq > NEW.seq + 1
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER audit_end_delete BEFORE DELETE ON audit_end
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
)
_POSTGRES: Final = (
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$""",
    f"""CREATE FUNCTION audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE kept bigint;
    BEGIN
        EXECUTE format('SELECT first_seq FROM %I.audit_end WHERE id = 1', TG_TABLE_SCHEMA) INTO kept;
        IF kept IS NULL OR OLD.seq >= kept THEN
            RAISE EXCEPTION '{_REFUSED}';
        END IF;
        RETURN OLD;
    END $$""",
    f"""CREATE FUNCTION audit_end_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.seq < OLD.seq OR NEW.first_seq < OLD.first_seq OR NEW.first_seq > NEW.seq + 1 THEN
            RAISE EXCEPTION '{_REFUSED}';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER audit_entries_change BEFORE UPDATE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_delete()""",
    """CREATE TRIGGER audit_entries_empty BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_end_change BEFORE UPDATE ON audit_end
    FOR EACH ROW EXECUTE FUNCTION audit_end_move()""",
    """CREATE TRIGGER audit_end_delete BEFORE DELETE ON audit_end
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_end_empty BEFORE TRUNCATE ON audit_end
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)
