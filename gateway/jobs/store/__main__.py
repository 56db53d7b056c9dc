"""`python -m gateway.jobs.store check|repair|backup|restore URL [FILE]`: for the operator, with the gateway stopped."""

import argparse
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.jobs.ports import StoreAwayError, StoreDamagedError, StoreFullError, StoreRefusedError
from gateway.jobs.store.backup import copy_of, restore
from gateway.jobs.store.database import Database
from gateway.jobs.store.kept_rows import damaged_rows
from gateway.jobs.store.open import open_store, parse
from gateway.jobs.store.repair import repair
from services.common.errors import DomainError

if TYPE_CHECKING:
    from gateway.audit.words import AuditEntry


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: sound or repaired; 1: damaged, or it cannot be opened."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.jobs.store",
        description="检查、修复、备份或恢复存储 / Check, repair, back up or restore the store",
    )
    parser.add_argument("act", choices=("check", "repair", "backup", "restore"))
    parser.add_argument("url", help="sqlite:///path/file.sqlite, postgresql+psycopg://user@host/database")
    parser.add_argument("file", nargs="?", type=Path, help="备份文件 / the copy, for backup and restore")
    parser.add_argument(
        "--seal",
        type=Path,
        help="restore: 审计封存 / the seals of the audit log (audit.seal_file), which are told of it",
    )
    parser.add_argument(
        "--config", type=Path, help="restore: 网关设置 / the gateway's settings, which name the seals"
    )
    asked = parser.parse_args(arguments)
    if asked.act in ("backup", "restore") and asked.file is None:
        parser.error(f"{asked.act} needs the file of the copy")
    try:
        if asked.act == "restore":
            lines = _restored(asked.url, asked.file, asked.seal, asked.config)
        else:
            lines = _done(asked.act, asked.url, asked.file)
    except (StoreDamagedError, StoreRefusedError, StoreFullError, StoreAwayError, DomainError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _done(act: str, url: str, file: Path) -> list[str]:
    if act == "repair":
        return repair(url)
    return _copied(url, file) if act == "backup" else _checked(url)


def _restored(url: str, copy: Path, named: Path | None, config: Path | None) -> list[str]:
    """The audit log is told of it: an entry in the restored chain, and a line among its seals."""
    from gateway.audit.restoring import (
        seal_restore,
        tell_restore,
    )  # it stands above the store, as releases do
    from gateway.audit.store import AuditStore

    seals = _seals_of(url, named, config)
    told: list[AuditEntry] = []

    def tell(database: Database) -> None:
        with copy.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        told.append(tell_restore(AuditStore(database), str(copy.absolute()), digest))

    lines = restore(copy, url, tell)
    (entry,) = told
    lines.append(
        f"审计链自第 {entry.seq} 条续写 / the audit chain goes on at entry {entry.seq}, which tells the restore"
    )
    later = "dafeng audit seal --restored --to SEALS"
    if seals is None:
        return [*lines, f"未找到封存 / no seals were found to be told; where the gateway has them: {later}"]
    try:
        seal_restore(seals, entry, just_now=True)
    except OSError as error:
        return [*lines, f"未能写入封存 / the seals could not be told, mend it with `{later}`: {error}"]
    return [*lines, f"已记入封存 / told in the seals {seals}"]


def _seals_of(url: str, named: Path | None, config: Path | None) -> Path | None:
    """The seals: named, of the settings, or beside the store where some are. StoreRefusedError: they are not there."""
    if named is None and config is not None:
        from gateway.settings import load_settings

        set_file = load_settings(config, {}).audit.seal_file
        named = Path(set_file) if set_file else None
    if named is None:
        beside = Path(f"{parse(url).database}.seals")
        return beside if beside.is_file() else None
    if not (named.is_file() and os.access(named, os.R_OK | os.W_OK)):
        raise StoreRefusedError(
            f"没有可写的封存文件 / there is no file of seals that can be written: {named}. Without --seal and --config "
            "the restore goes on, and `dafeng audit seal --restored --to SEALS` tells them later"
        )
    return named


def _copied(url: str, file: Path) -> list[str]:
    store = open_store(url)
    try:
        return [f"已备份 / copied to {copy_of(store.database, file)}"]
    finally:
        store.close()


def _checked(url: str) -> list[str]:
    """Opening checks all that batches need; kept scenarios are looked at one by one."""
    from gateway.release.store import ReleaseStore  # it stands above the store that it keeps its rows in

    store = open_store(url)
    try:
        with store.database.transaction() as connection:
            damaged = damaged_rows(connection)
        broken = ReleaseStore(store.database).faults()
    finally:
        store.close()
    if damaged:
        names = ", ".join(str(row["scenario_id"])[:12] for row in damaged)
        raise StoreDamagedError(
            f"情景损坏 / kept scenarios are damaged: {names}. Save them again, put back a backup, or run repair."
        )
    if broken:
        raise StoreDamagedError(
            f"发布件损坏 / releases are damaged; put back a backup: {'; '.join(broken[:20])}"
        )
    return ["存储完好 / the store is sound"]


if __name__ == "__main__":
    sys.exit(main())
