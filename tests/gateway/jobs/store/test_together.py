"""Several at once: threads on one store, processes on one PostgreSQL database."""

import os
import threading
from collections.abc import Callable

from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.words import BatchState
from tests.gateway.jobs.store.cases import new_batch, row, rows, run_all, same_rows
from tests.gateway.jobs.store.conftest import fresh_schema


def _at_once(count: int, work: Callable[[int], None]) -> None:
    faults: list[BaseException] = []

    def guarded(which: int) -> None:
        try:
            work(which)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=guarded, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


def test_threads_that_lease_and_commit_do_every_chunk_once(store: SqlStore) -> None:
    batch, _ = store.create(new_batch(members=60, chunk_size=2))
    done: list[int] = []

    def work(which: int) -> None:
        while (lease := store.lease(f"w{which}", batch.batch_id)) is not None:
            assert store.commit(lease, rows(lease.chunk))
            done.append(lease.chunk.number)

    _at_once(4, work)
    assert sorted(done) == list(range(30))
    assert store.get(batch.batch_id).state is BatchState.COMPLETE
    assert same_rows(list(store.rows(batch.batch_id)), [row(m) for m in range(60)])


def test_one_request_sent_many_times_at_once_is_one_batch(store: SqlStore) -> None:
    found: list[tuple[str, bool]] = []

    def work(_: int) -> None:
        batch, fresh = store.create(new_batch())
        found.append((batch.batch_id, fresh))

    _at_once(6, work)
    assert len({batch_id for batch_id, _ in found}) == 1
    assert sum(fresh for _, fresh in found) == 1


def test_a_cancelled_batch_takes_no_result_whoever_is_at_work(store: SqlStore) -> None:
    batch, _ = store.create(new_batch(members=200, chunk_size=2))
    cancelled = threading.Event()
    after: list[bool] = []

    def work(which: int) -> None:
        if which == 0:
            store.cancel(batch.batch_id)
            cancelled.set()
            return
        while (lease := store.lease(f"w{which}", batch.batch_id)) is not None:
            late = cancelled.is_set()
            after.append(store.commit(lease, rows(lease.chunk)) and late)

    _at_once(4, work)
    assert not any(after)
    found = store.get(batch.batch_id)
    assert found.state is BatchState.CANCELLED
    assert len(list(store.rows(batch.batch_id))) == found.done_count


def test_processes_share_a_postgresql_store(postgres_url: str) -> None:
    url = fresh_schema(postgres_url)
    children = []
    for which in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                # All open at once, the schema is made once; all create, one batch stands.
                store = open_store(url)
                batch, _ = store.create(new_batch(members=120, chunk_size=3))
                while (lease := store.lease(f"p{which}", batch.batch_id)) is not None:
                    assert store.commit(lease, rows(lease.chunk))
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    store = open_store(url)
    (batch,) = store.batches()
    assert run_all(store) == 0
    assert (batch.state, batch.done_count) == (BatchState.COMPLETE, 120)
    assert same_rows(list(store.rows(batch.batch_id)), [row(m) for m in range(120)])
    store.close()


def test_a_store_opens_while_another_process_accepts_batches(postgres_url: str) -> None:
    url = fresh_schema(postgres_url)
    store, other = open_store(url), open_store(url)
    enough = threading.Event()

    def work(which: int) -> None:
        if which == 0:
            for number in range(10_000):
                if enough.is_set():
                    return
                other.create(new_batch(f"r-{number}"))
        try:
            for _ in range(5):
                open_store(url).close()  # would call the newest record missing, or the chain's end wrong
        finally:
            enough.set()

    _at_once(2, work)
    store.close()
    other.close()
