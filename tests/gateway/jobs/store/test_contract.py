"""What every store promises, in SQLite and in PostgreSQL alike."""

import contextlib

import numpy as np
import pytest

from gateway.jobs.doors import BatchIdRequest, ListBatchesRequest
from gateway.jobs.store import SqlStore
from gateway.jobs.words import BatchState
from services.common.door import open_door
from services.common.errors import DomainError
from services.common.scenario import Door
from tests.gateway.jobs.store.cases import new_batch, row, rows, run_all, same_rows


def test_a_batch_goes_from_queued_to_complete_and_gives_every_member_once(store: SqlStore) -> None:
    batch, fresh = store.create(new_batch())
    assert (fresh, batch.state, batch.chunk_count) == (True, BatchState.QUEUED, 3)
    lease = store.lease("w", batch.batch_id)
    assert lease is not None and lease.spec_text == new_batch().spec_text
    assert store.get(batch.batch_id).state is BatchState.RUNNING
    assert store.commit(lease, rows(lease.chunk))
    assert run_all(store) == 2
    after = store.get(batch.batch_id)
    assert (after.state, after.done_count, after.failed_count) == (BatchState.COMPLETE, 10, 0)
    assert after.result_digest and after.started_at and after.ended_at
    assert same_rows(list(store.rows(batch.batch_id)), [row(m) for m in range(10)])


def test_members_that_failed_are_told_with_their_reason(store: SqlStore) -> None:
    batch, _ = store.create(new_batch())
    failing = frozenset({2, 9})
    run_all(store, failing=failing)
    after = store.get(batch.batch_id)
    assert (after.state, after.done_count, after.failed_count) == (BatchState.COMPLETE_WITH_FAILURES, 8, 2)
    assert same_rows(list(store.rows(batch.batch_id)), [row(m, failing=failing) for m in range(10)])
    assert [r.member for r in store.rows(batch.batch_id, failed_only=True)] == [2, 9]


def test_a_repeated_request_gives_the_same_batch_and_another_body_is_refused(store: SqlStore) -> None:
    first, _ = store.create(new_batch())
    again, fresh = store.create(new_batch())
    assert (again.batch_id, fresh) == (first.batch_id, False)
    with pytest.raises(DomainError) as refused:
        store.create(new_batch(body_digest="other"))
    assert refused.value.reason == "REQUEST_ID_REUSED"
    assert len(store.batches()) == 1


def test_results_of_an_older_attempt_are_not_taken(store: SqlStore) -> None:
    batch, _ = store.create(new_batch())
    old = store.lease("a", batch.batch_id, 1)
    new = store.lease("b", batch.batch_id, 1)
    assert old is not None and new is not None and new.attempt > old.attempt
    assert not store.commit(old, rows(old.chunk))
    assert store.commit(new, rows(new.chunk))
    assert not store.commit(new, rows(new.chunk))
    assert store.get(batch.batch_id).done_count == 4


def test_columns_of_all_members_are_read_as_one_array(store: SqlStore) -> None:
    batch, _ = store.create(new_batch())
    run_all(store, failing=frozenset({3}))
    members, values = store.columns(batch.batch_id, [4, 0], first=2, count=6)
    assert members.tolist() == [2, 4, 5, 6, 7]
    expected = np.array([row(m).values[[4, 0]] for m in members])
    assert values.tobytes() == expected.tobytes()


def test_a_text_that_a_database_cannot_hold_harms_nobody_else(store: SqlStore) -> None:
    batch, _ = store.create(new_batch(title="a\0b"))
    for ask in (lambda: store.get("b-\0"), lambda: store.batches("\0"), lambda: store.batches(after="\0")):
        with contextlib.suppress(ValueError, DomainError):
            ask()
    assert store.get(batch.batch_id).title == "a\0b"


@pytest.mark.parametrize(
    ("door", "given"),
    [
        (BatchIdRequest, {"batch_id": "b-\0"}),
        (ListBatchesRequest, {"region": "\n"}),
        (ListBatchesRequest, {"page_token": "\0"}),
    ],
)
def test_control_characters_are_refused_at_the_door(door: type[Door], given: dict[str, str]) -> None:
    with pytest.raises(DomainError) as refused:
        open_door(door, given)
    assert [v.field for v in refused.value.violations] == list(given)
