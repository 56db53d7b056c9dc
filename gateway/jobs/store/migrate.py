"""Brings the store's schema to this version: an older one is upgraded, a newer one refused; or only compares them."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from gateway.jobs.ports import StoreSchemaError

_SCRIPTS: Final = Path(__file__).parent / "migrations"
# Any number will do; it only has to be the same in every process that opens the store.
_MIGRATION_LOCK: Final = 0x0DAFE6


def migrate(connection: Connection, scripts: Path = _SCRIPTS) -> None:
    """Upgrade inside the caller's transaction. StoreSchemaError when the schema is unknown to this version."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    config = _config(connection, scripts)
    known, found = _versions(connection, config)
    names = {script.revision for script in known.walk_revisions()}
    if any(name not in names for name in found):
        raise StoreSchemaError(
            f"the store's schema is {', '.join(found)}; this version knows up to {known.get_current_head()}. "
            "Open it with the version of the software that wrote it, or a later one."
        )
    if set(found) != set(known.get_heads()):
        command.upgrade(config, "head")


def check_version(connection: Connection) -> None:
    """Change nothing. StoreSchemaError when the schema is not exactly this version's."""
    known, found = _versions(connection, _config(connection, _SCRIPTS))
    if set(found) != set(known.get_heads()):
        raise StoreSchemaError(
            f"the store's schema is {', '.join(found) or 'not made'}; this worker's is {known.get_current_head()}. "
            "Gateway and workers have to be of one version; the gateway upgrades the store."
        )


def _config(connection: Connection, scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _versions(connection: Connection, config: Config) -> tuple[ScriptDirectory, tuple[str, ...]]:
    """The versions that this software knows, and those that the store has."""
    context = MigrationContext.configure(connection, opts={"version_table": "schema_version"})
    return ScriptDirectory.from_config(config), tuple(context.get_current_heads())
