"""Brings the store's schema to this version: an older one is upgraded, a newer one refused."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from gateway.jobs.ports import StoreRefusedError

_SCRIPTS: Final = Path(__file__).parent / "migrations"
# Any number will do; it only has to be the same in every process that opens the store.
_MIGRATION_LOCK: Final = 0x0DAFE6


def migrate(connection: Connection, scripts: Path = _SCRIPTS) -> None:
    """Upgrade inside the caller's transaction. StoreRefusedError when the schema is unknown to this version."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = ScriptDirectory.from_config(config)
    found = MigrationContext.configure(
        connection, opts={"version_table": "schema_version"}
    ).get_current_heads()
    names = {script.revision for script in known.walk_revisions()}
    if any(name not in names for name in found):
        raise StoreRefusedError(
            f"the store's schema is {', '.join(found)}; this version knows up to {known.get_current_head()}. "
            "Open it with the version of the software that wrote it, or a later one."
        )
    if set(found) != set(known.get_heads()):
        command.upgrade(config, "head")
