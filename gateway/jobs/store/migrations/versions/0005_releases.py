"""Results on their way to release and released ones."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("release_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("manifest_id", sa.Text, nullable=False),
        sa.Column("substance", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("superseded_by", sa.Text, nullable=False),
        sa.Column("step_count", sa.Integer, nullable=False),
        sa.Column("last_hash", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.UniqueConstraint("seq", name="releases_seq"),
    )
    op.create_index("releases_by_region", "releases", ["region", "seq"])
    op.create_index("releases_by_substance", "releases", ["substance"])
    op.create_table(
        "release_steps",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("release_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.UniqueConstraint("release_id", "number", name="release_steps_number"),
    )
    end = op.create_table(
        "release_end",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.bulk_insert(end, [{"id": 1, "seq": 0, "hash": ""}])
    op.create_table(
        "release_contents",
        sa.Column("content_digest", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
