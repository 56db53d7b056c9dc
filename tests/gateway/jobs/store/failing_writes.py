"""Run with the library of failing_writes.c preloaded: fails each write of a small history in turn, and judges.

Arguments: folder, errno, "once" or "on". Writes the number of trials; an AssertionError says what was broken.
"""

import ctypes
import os
import shutil
import sys
from pathlib import Path

from gateway.jobs.ports import StoreBrokenError, StoreFullError
from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.words import ENDED, BatchState
from tests.gateway.jobs.store.cases import new_batch, row, rows, run_all, same_rows

MOST_TRIALS = 400


def main(folder: Path, number: int, from_then_on: bool) -> int:
    faults = ctypes.CDLL(None)
    prepared = folder / "prepared.sqlite"
    store = open_store(f"sqlite:///{prepared}")
    store.create(new_batch("before", 4, 2))
    store.close()
    for trial in range(1, MOST_TRIALS):
        path = folder / f"trial-{trial}.sqlite"
        shutil.copy(prepared, path)
        acknowledged, touched = _in_child(path, faults, trial, number, from_then_on)
        _judge(path, acknowledged)
        for rest in folder.glob(f"{path.name}*"):
            rest.unlink()
        if not touched:
            return trial
    raise AssertionError("no history without a fault")


def _in_child(path: Path, faults: ctypes.CDLL, trial: int, number: int, on: bool) -> tuple[list[str], bool]:
    """What a process was told before it ended, and whether a fault met it. It ends as if killed: nothing is closed."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        try:
            store = open_store(f"sqlite:///{path}")
            faults.fault_arm(trial, number, int(on))
            _history(store, theirs, retries=not on)
            os.write(theirs, b"end\n")
        except (StoreFullError, StoreBrokenError) as error:
            os.write(theirs, f"stopped {type(error).__name__}\n".encode())
        except BaseException as error:
            os.write(theirs, f"wrong {type(error).__name__}: {error}\n".encode())
        os.write(theirs, f"count {faults.fault_count()}\n".encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as told:
        lines = told.read().splitlines()
    os.waitpid(child, 0)
    wrong = [line for line in lines if line.startswith("wrong")]
    assert not wrong, wrong
    return lines, int(lines[-1].split()[1]) >= trial


def _history(store: SqlStore, told: int, retries: bool) -> None:
    def do(what: str, act: object) -> object:
        before = [(b.state, b.done_count) for b in store.batches()]
        try:
            found = act()  # type: ignore[operator]
        except StoreFullError:
            # Full: nothing was changed, reads go on, and the same again does it when there is room.
            assert [(b.state, b.done_count) for b in store.batches()] == before
            if not retries:
                raise
            found = act()  # type: ignore[operator]
        os.write(told, f"{what}\n".encode())
        return found

    batch, _ = do("created", lambda: store.create(new_batch("new", 4, 2)))  # type: ignore[misc]
    for number in (0, 1):
        lease = (
            store.lease("w", batch.batch_id, number)
            if number
            else do("begun", lambda: store.lease("w", batch.batch_id, 0))
        )
        assert lease is not None
        assert do(f"committed {number}", lambda lease=lease: store.commit(lease, rows(lease.chunk)))
    do("cancelled", lambda: store.cancel(store.find_request("before").batch_id))  # type: ignore[union-attr]


def _judge(path: Path, told: list[str]) -> None:
    """What was acknowledged stands after opening again; the rest can be done; every number is right."""
    store = open_store(f"sqlite:///{path}")
    try:
        found = store.find_request("new")
        assert found is not None or "created" not in told
        done = sum(line.startswith("committed") for line in told)
        assert found is None or found.done_count >= 2 * done
        if "cancelled" in told:
            before = store.find_request("before")
            assert before is not None and before.state is BatchState.CANCELLED
        batch, _ = store.create(new_batch("new", 4, 2))
        run_all(store)
        assert all(b.state in ENDED for b in store.batches()) and len(store.batches()) == 2
        assert same_rows(list(store.rows(batch.batch_id)), [row(m) for m in range(4)])
        assert store.get(batch.batch_id).state is BatchState.COMPLETE
    finally:
        store.close()


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == 'on')}\n")
