"""When retention last ran: a clock far ahead of it is not believed at once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "retention",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pruned_at", sa.Text, nullable=False),
    )
    op.execute("INSERT INTO retention (id, pruned_at) VALUES (1, '')")
