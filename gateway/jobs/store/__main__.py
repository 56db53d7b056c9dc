"""`python -m gateway.jobs.store check|repair|backup|restore URL [FILE]`: for the operator, with the gateway stopped."""

import argparse
import sys
from pathlib import Path

from gateway.jobs.ports import StoreAwayError, StoreDamagedError, StoreFullError, StoreRefusedError
from gateway.jobs.store.backup import copy_of, restore
from gateway.jobs.store.kept_rows import damaged_rows
from gateway.jobs.store.open import open_store
from gateway.jobs.store.repair import repair


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: sound or repaired; 1: damaged, or it cannot be opened."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.jobs.store",
        description="检查、修复、备份或恢复存储 / Check, repair, back up or restore the store",
    )
    parser.add_argument("act", choices=("check", "repair", "backup", "restore"))
    parser.add_argument("url", help="sqlite:///path/file.sqlite, postgresql+psycopg://user@host/database")
    parser.add_argument("file", nargs="?", type=Path, help="备份文件 / the copy, for backup and restore")
    asked = parser.parse_args(arguments)
    if asked.act in ("backup", "restore") and asked.file is None:
        parser.error(f"{asked.act} needs the file of the copy")
    try:
        lines = _done(asked.act, asked.url, asked.file)
    except (StoreDamagedError, StoreRefusedError, StoreFullError, StoreAwayError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _done(act: str, url: str, file: Path) -> list[str]:
    if act == "repair":
        return repair(url)
    if act == "restore":
        return restore(file, url)
    return _copied(url, file) if act == "backup" else _checked(url)


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
