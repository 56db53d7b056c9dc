"""Who may open a store, and which stores are opened."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from gateway.jobs.ports import StoreDamagedError, StoreRefusedError
from gateway.jobs.store import SqlStore, migrate, open_store
from gateway.jobs.store import open as opening
from gateway.jobs.store.database import Database
from tests.gateway.jobs.store.cases import new_batch, run_all

_LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("batches", sa.Column("later", sa.Text, nullable=True))
"""


def _later() -> str:
    """A migration after the last one."""
    head = max(script.name[:4] for script in migrate._SCRIPTS.glob("versions/0*.py"))
    return _LATER.replace("{head}", head)


def test_a_second_process_is_told_who_holds_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/s.sqlite"
    store = open_store(url)
    code = f"from gateway.jobs.store import open_store; open_store({url!r})"
    second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert second.returncode != 0
    assert "StoreRefusedError" in second.stderr and "is held by process" in second.stderr
    assert "PostgreSQL" in second.stderr
    store.create(new_batch())
    store.close()
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_the_same_process_cannot_open_the_file_twice(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite")
    with pytest.raises(StoreRefusedError, match="held by process"):
        open_store(f"sqlite:///{tmp_path}/s.sqlite")
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense"])
def test_only_files_and_postgresql_are_stores(url: str) -> None:
    with pytest.raises(StoreRefusedError):
        open_store(url)


def test_an_older_schema_is_upgraded_and_a_newer_one_refused(
    url: str, opens: Callable[..., SqlStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(url)
    batch, _ = store.create(new_batch())
    run_all(store)
    digest = store.get(batch.batch_id).result_digest
    store.close()
    # A later version of the software has one migration more.
    scripts = tmp_path / "later"
    shutil.copytree(migrate._SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_later.py").write_text(_later())
    with monkeypatch.context() as patch:
        patch.setattr(opening, "migrate", lambda connection: migrate.migrate(connection, scripts))
        later = open_store(url)
        assert later.get(batch.batch_id).result_digest == digest
        with later.database.transaction() as connection:
            assert connection.execute(text("SELECT later FROM batches")).all() == [(None,)]
        later.close()
    with pytest.raises(StoreRefusedError, match="schema is 9999; this version knows up to 00"):
        opens(url)


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    url: str, opens: Callable[..., SqlStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(url).close()
    scripts = tmp_path / "later"
    shutil.copytree(migrate._SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_later.py").write_text(_later() + "    raise RuntimeError('half way')\n")
    with monkeypatch.context() as patch:
        patch.setattr(opening, "migrate", lambda connection: migrate.migrate(connection, scripts))
        with pytest.raises(RuntimeError, match="half way"):
            open_store(url)
    opens(url).create(new_batch())


def test_the_migrations_make_the_tables_that_the_store_uses(url: str, opens: Callable[..., SqlStore]) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from gateway.jobs.store.tables import metadata

    store = opens(url)
    database: Database = store.database
    with database.transaction() as connection:
        options = {"version_table": "schema_version", "compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    # A SQLite store keeps its chunks in memory.
    of_chunks = [d for d in found if "chunks" in str(d)]
    assert found == of_chunks and (not found or url.startswith("sqlite"))


def test_a_file_of_another_software_is_not_taken_for_a_store(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/other.sqlite")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (body TEXT)"))
    engine.dispose()
    before = (tmp_path / "other.sqlite").read_bytes()
    with pytest.raises(StoreDamagedError, match="not marked as a store"):
        open_store(f"sqlite:///{tmp_path}/other.sqlite")
    assert (tmp_path / "other.sqlite").read_bytes() == before


def test_acknowledged_means_on_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite")
    with store.database.transaction() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "locking_mode")
        }
    store.close()
    assert found == {"journal_mode": "truncate", "synchronous": 2, "locking_mode": "exclusive"}
    assert (tmp_path / "s.sqlite").stat().st_mode & 0o077 == 0


def test_a_new_file_is_on_disk_under_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brought: list[str] = []
    to_disk = os.fsync

    def heard(handle: int) -> None:
        brought.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        to_disk(handle)

    monkeypatch.setattr(os, "fsync", heard)
    open_store(f"sqlite:///{tmp_path}/s.sqlite").close()
    # The file before it is renamed, then its folder, which holds the name.
    assert brought == [f"{tmp_path}/s.sqlite.new", str(tmp_path)]


def test_a_place_that_cannot_be_written_is_told_and_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "a folder").mkdir()
    for place in ("a file/s.sqlite", "a folder"):
        with pytest.raises(StoreRefusedError, match="cannot be opened"):
            open_store(f"sqlite:///{tmp_path}/{place}")
