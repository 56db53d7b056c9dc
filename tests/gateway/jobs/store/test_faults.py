"""Full disks, failing disks and killed processes (R-05, R-07, R-08): accepted is kept, each result is there once."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.jobs.ports import StoreBrokenError, StoreFullError
from gateway.jobs.store import FAILPOINTS, SqlStore, open_store
from gateway.jobs.store import store as store_module
from gateway.jobs.words import BatchState
from tests.gateway.jobs.store.cases import new_batch, row, rows, run_all, same_rows
from tests.gateway.jobs.store.conftest import fresh_schema

_SOURCE = Path(__file__).with_name("failing_writes.c")


@pytest.fixture(scope="module")
def failing_writes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes writes fail."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler")
    library = tmp_path_factory.mktemp("library") / "failing_writes.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl"], check=True)
    return library


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "how"),
    [
        pytest.param(errno.ENOSPC, "on", id="ENOSPC-on"),
        pytest.param(errno.EIO, "once", id="EIO-once", marks=pytest.mark.thorough),
        pytest.param(errno.ENOSPC, "once", id="ENOSPC-once", marks=pytest.mark.thorough),
        pytest.param(errno.EIO, "on", id="EIO-on", marks=pytest.mark.thorough),
    ],
)
def test_whichever_write_fails_what_was_acknowledged_stands(
    tmp_path: Path, failing_writes: Path, number: int, how: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.gateway.jobs.store.failing_writes", str(tmp_path), str(number), how],
        env=os.environ | {"LD_PRELOAD": str(failing_writes)},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 20, "so many writes at least: else none was failed"


def _killed_at(url: str, place: str) -> list[str]:
    """A process that creates, works, cancels, and is killed at a place; what it was told before."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ["DAFENG_PROFILE"], os.environ["DAFENG_FAILPOINTS"] = "test", f"{place}=kill"
        try:
            store = open_store(url)
            batch, _ = store.create(new_batch("r-1"))
            os.write(theirs, f"created {batch.batch_id}\n".encode())
            while (lease := store.lease("w", batch.batch_id)) is not None:
                assert store.commit(lease, rows(lease.chunk))
                os.write(theirs, f"committed {lease.chunk.number}\n".encode())
            store.cancel(store.create(new_batch("r-2"))[0].batch_id)
        finally:
            os._exit(3)
    os.close(theirs)
    with os.fdopen(ours) as told:
        lines = told.read().splitlines()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, "the place was never reached"
    return lines


@pytest.mark.parametrize("place", FAILPOINTS)
def test_a_process_killed_anywhere_loses_and_doubles_nothing(
    url: str, opens: Callable[..., SqlStore], place: str
) -> None:
    told = _killed_at(url, place)
    store = opens(url)
    store.release_all()
    # The caller who was not answered asks again: the same batch, once.
    batch, _ = store.create(new_batch("r-1"))
    if told:
        assert told[0] == f"created {batch.batch_id}"
    assert batch.done_count >= sum(10 - 4 * 2 if line[-1] == "2" else 4 for line in told[1:])
    run_all(store)
    assert len([b for b in store.batches() if b.request_id == "r-1"]) == 1
    assert same_rows(list(store.rows(batch.batch_id)), [row(m) for m in range(10)])
    after = store.get(batch.batch_id)
    assert (after.state, after.done_count) == (BatchState.COMPLETE, 10)


def test_results_state_and_counts_stand_or_fall_together(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, _ = store.create(new_batch())
    lease = store.lease("w", batch.batch_id)
    assert lease is not None

    def fail(place: str) -> None:
        raise ZeroDivisionError(place)

    monkeypatch.setattr(store_module, "hit", fail)
    with pytest.raises(ZeroDivisionError):
        store.commit(lease, rows(lease.chunk))
    monkeypatch.undo()
    with store.database.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM results")).scalar_one() == 0
        state = text("SELECT state FROM chunks WHERE number = 0")
        assert connection.execute(state).scalar_one() == "held"
    assert store.get(batch.batch_id).done_count == 0
    assert store.commit(lease, rows(lease.chunk))


def test_a_full_file_changes_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite")
    batch, _ = store.create(new_batch(members=400, chunk_size=40, column_count=200))

    def limit(pages: int) -> None:
        with store.database.transaction() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    limit(store.size_bytes() // 4096 + 40)
    with pytest.raises(StoreFullError):
        run_all(store)
    full = store.get(batch.batch_id)
    assert 0 < full.done_count < 400 and full.state is BatchState.RUNNING
    assert len(list(store.rows(batch.batch_id))) == full.done_count
    with pytest.raises(StoreFullError):
        store.create(new_batch("long", spec_text="x" * 1_000_000))
    assert store.find_request("long") is None
    assert store.pause(batch.batch_id, paused=True).state is BatchState.PAUSED
    limit(1_000_000)
    store.pause(batch.batch_id, paused=False)
    store.release_all()
    run_all(store)
    assert store.get(batch.batch_id).state is BatchState.COMPLETE
    assert same_rows(list(store.rows(batch.batch_id)), [row(m, 200) for m in range(400)])
    store.close()


def test_the_stores_own_quota_holds_in_both_kinds(url: str, opens: Callable[..., SqlStore]) -> None:
    store = opens(url, most_bytes=400_000)
    batch, _ = store.create(new_batch(members=400, chunk_size=40, column_count=200))
    with pytest.raises(StoreFullError, match="quota"):
        run_all(store)
    assert 0 < store.get(batch.batch_id).done_count < 400
    assert store.size_bytes() <= 400_000
    store.cancel(batch.batch_id)


def test_a_full_disk_of_the_server_changes_nothing(postgres_url: str, opens: Callable[..., SqlStore]) -> None:
    store = opens(fresh_schema(postgres_url))
    batch, _ = store.create(new_batch())
    refuse = (
        "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'could not extend file' "
        "USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql"
    )
    trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON results FOR EACH ROW EXECUTE FUNCTION refuse()"
    with store.database.transaction() as connection:
        connection.execute(text(refuse))
        connection.execute(text(trigger))
    lease = store.lease("w", batch.batch_id)
    assert lease is not None
    with pytest.raises(StoreFullError):
        store.commit(lease, rows(lease.chunk))
    assert store.get(batch.batch_id).done_count == 0
    with store.database.transaction() as connection:
        connection.execute(text("DROP TRIGGER full_disk ON results"))
    assert store.commit(lease, rows(lease.chunk))


def test_an_unknown_error_of_the_database_ends_the_store(url: str, opens: Callable[..., SqlStore]) -> None:
    store = opens(url)
    batch, _ = store.create(new_batch())
    with pytest.raises(StoreBrokenError), store.database.transaction() as connection:
        connection.execute(text("INSERT INTO records (seq) VALUES (1)"))
    for _ in range(2):
        with pytest.raises(StoreBrokenError):
            store.get(batch.batch_id)
    store.close()
    assert opens(url).get(batch.batch_id) == batch


def test_the_ballast_is_given_up_when_full_and_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAFENG_PROFILE", "test")
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite", ballast_bytes=1024**2)
    ballast = tmp_path / "s.sqlite.ballast"
    assert ballast.stat().st_blocks * 512 >= 1024**2, "real blocks, not a hole"
    batch, _ = store.create(new_batch())
    monkeypatch.setenv("DAFENG_FAILPOINTS", "store.before_commit=raise:ENOSPC")
    lease = store.lease("w")
    assert lease is not None
    with pytest.raises(StoreFullError):
        store.commit(lease, rows(lease.chunk))
    assert not ballast.exists()
    # Its room lets small things be written while results are refused for want of the ballast.
    monkeypatch.setattr(os, "posix_fallocate", _no_room)
    monkeypatch.delenv("DAFENG_FAILPOINTS")
    with pytest.raises(StoreFullError):
        store.commit(lease, rows(lease.chunk))
    assert store.pause(batch.batch_id, paused=True).state is BatchState.PAUSED
    monkeypatch.undo()
    assert store.commit(lease, rows(lease.chunk))
    assert ballast.exists()
    store.close()


def _no_room(*_: int) -> None:
    raise OSError(errno.ENOSPC, "no room")
