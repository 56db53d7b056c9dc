"""The restore drill: a backup is put back into an empty place, checked, and part of its results calculated again.

`python -m gateway.jobs.drill BACKUP [--share 0.01]`. The serving store is not touched.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.jobs.members import open_members
from gateway.jobs.ports import StoreAwayError, StoreDamagedError, StoreFullError, StoreRefusedError
from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.store.backup import restore
from gateway.jobs.store.kept_rows import damaged_rows
from gateway.jobs.words import ENDED, Batch
from services.common.errors import DomainError

_PAGE = 200


@dataclass(frozen=True)
class Drilled:
    """What the drill found of one batch."""

    batch_id: str
    compared: int
    differing: tuple[int, ...]
    left_out: str = ""


def drill(
    backup: Path, folder: Path, share: float, tell: Callable[[str], None] = lambda _: None
) -> list[Drilled]:
    """Restore into `folder` and compare every 1/share-th member of each ended batch with itself calculated now.

    StoreDamagedError, StoreRefusedError as `restore`.
    """
    url = f"sqlite:///{folder / 'drill.sqlite'}"
    restore(backup, url)
    store = open_store(url)
    try:
        with store.database.transaction() as connection:
            if damaged := damaged_rows(connection):
                raise StoreDamagedError(f"{len(damaged)} kept scenarios are damaged")
        found = []
        for batch in _ended(store):
            found.append(_compared(store, batch, share))
            tell(f"{batch.batch_id}: {_words(found[-1])}")
        return found
    finally:
        store.close()


def _ended(store: SqlStore) -> list[Batch]:
    found: list[Batch] = []
    while page := store.batches("", list(ENDED), _PAGE, found[-1].batch_id if found else ""):
        found += page
    return found


def _compared(store: SqlStore, batch: Batch, share: float) -> Drilled:
    try:
        stored = {row.member: row for row in store.rows(batch.batch_id) if not row.failure}
        chosen = sorted(stored)[:: max(1, round(1 / share))]
        if not chosen:
            return Drilled(batch.batch_id, 0, (), "no results")
        members = open_members(store.spec_text(batch.batch_id))
    except DomainError as error:  # made by another version, or its results were deleted by retention
        return Drilled(batch.batch_id, 0, (), error.reason)
    try:
        differing = [m for m in chosen if members.block(m, 1)[0].digest != stored[m].digest]
    finally:
        members.close()
    return Drilled(batch.batch_id, len(chosen), tuple(differing))


def _words(one: Drilled) -> str:
    if one.left_out:
        return f"未比较 left out ({one.left_out})"
    if one.differing:
        return f"不一致 {len(one.differing)} of {one.compared} differ: {list(one.differing)[:10]}"
    return f"一致 {one.compared} members equal"


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: restored, sound and equal; 1: not."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.jobs.drill", description="恢复演练 / restore drill of a backup of the store"
    )
    parser.add_argument("backup", type=Path)
    parser.add_argument("--share", type=float, default=0.01, help="of members that are calculated again")
    asked = parser.parse_args(arguments)
    if not 0 < asked.share <= 1:
        parser.error("--share: above 0 and at most 1")
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="dafeng-drill-"))
    try:
        found = drill(asked.backup, folder, asked.share, lambda line: print(line, flush=True))  # noqa: T201
    except (StoreDamagedError, StoreRefusedError, StoreFullError, StoreAwayError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wrong = sum(len(one.differing) for one in found)
    compared = sum(one.compared for one in found)
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"批次 batches {len(found)}, 重算 calculated again {compared}, 不一致 differing {wrong}, {seconds:.0f} s\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
