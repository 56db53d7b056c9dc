"""The store against a plain model of itself: any order of calls, with reopening in between."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.store.blobs import result_digest
from gateway.jobs.words import ENDED, BatchState, Lease
from tests.gateway.jobs.store.cases import new_batch, row, rows, same_rows
from tests.gateway.jobs.store.conftest import fresh_schema

MEMBERS, CHUNK = 7, 3
FAILING = frozenset({5})


@dataclass
class _Known:
    """What the model says of a batch: chunks done, and who holds which attempt."""

    batch_id: str
    done: set[int] = field(default_factory=set)
    held: dict[int, int] = field(default_factory=dict)
    begun: bool = False
    paused: bool = False
    cancelled: bool = False

    @property
    def state(self) -> BatchState:
        if self.cancelled:
            return BatchState.CANCELLED
        if len(self.done) == 3:
            return BatchState.COMPLETE_WITH_FAILURES
        if self.paused:
            return BatchState.PAUSED
        return BatchState.RUNNING if self.begun else BatchState.QUEUED

    @property
    def runs(self) -> bool:
        return self.state in (BatchState.QUEUED, BatchState.RUNNING)


class Machine(RuleBasedStateMachine):
    """Calls in any order."""

    urls: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.url = self.urls()
        self.store: SqlStore = open_store(self.url)
        self.known: list[_Known] = []
        self.leases: list[Lease] = []

    def teardown(self) -> None:
        self.store.close()

    @rule()
    def create(self) -> None:
        if len(self.known) < 3:
            batch, fresh = self.store.create(new_batch(f"r-{len(self.known)}", MEMBERS, CHUNK))
            assert fresh
            self.known.append(_Known(batch.batch_id))

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2))
    def create_again(self, which: int) -> None:
        which %= len(self.known)
        batch, fresh = self.store.create(new_batch(f"r-{which}", MEMBERS, CHUNK))
        assert (batch.batch_id, fresh) == (self.known[which].batch_id, False)

    @rule()
    def lease_any(self) -> None:
        lease = self.store.lease("any")
        waits = [
            (b, n) for b in self.known if b.runs for n in range(3) if n not in b.done and n not in b.held
        ]
        if not waits:
            assert lease is None
            return
        known, number = waits[0]
        assert lease is not None and (lease.chunk.batch_id, lease.chunk.number) == (known.batch_id, number)
        self._holds(known, lease)

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2), number=st.integers(0, 2))
    def lease_one(self, which: int, number: int) -> None:
        known = self.known[which % len(self.known)]
        lease = self.store.lease("one", known.batch_id, number)
        if not known.runs or number in known.done:
            assert lease is None
            return
        assert lease is not None and lease.attempt != known.held.get(number)
        self._holds(known, lease)

    def _holds(self, known: _Known, lease: Lease) -> None:
        known.begun = True
        known.held[lease.chunk.number] = lease.attempt
        self.leases.append(lease)

    def _current(self, lease: Lease) -> _Known | None:
        known = next(b for b in self.known if b.batch_id == lease.chunk.batch_id)
        return known if known.held.get(lease.chunk.number) == lease.attempt and not known.cancelled else None

    @precondition(lambda self: self.leases)
    @rule(which=st.integers(0, 20))
    def commit(self, which: int) -> None:
        lease = self.leases[which % len(self.leases)]
        known = self._current(lease)
        assert self.store.commit(lease, rows(lease.chunk, failing=FAILING)) is (known is not None)
        if known is not None:
            known.done.add(lease.chunk.number)
            del known.held[lease.chunk.number]

    @precondition(lambda self: self.leases)
    @rule(which=st.integers(0, 20))
    def give_back(self, which: int) -> None:
        lease = self.leases[which % len(self.leases)]
        self.store.give_back(lease)
        known = self._current(lease)
        if known is not None:
            del known.held[lease.chunk.number]

    @rule()
    def release_all(self) -> None:
        self.store.release_all()
        for known in self.known:
            known.held.clear()

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2), paused=st.booleans())
    def pause(self, which: int, paused: bool) -> None:
        known = self.known[which % len(self.known)]
        batch = self.store.pause(known.batch_id, paused=paused)
        if known.state not in ENDED:
            known.paused = paused
        assert batch.state is known.state

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2))
    def cancel(self, which: int) -> None:
        known = self.known[which % len(self.known)]
        known.cancelled = known.cancelled or known.state not in ENDED
        assert self.store.cancel(known.batch_id).state is known.state

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.url)
        self.store.release_all()
        for known in self.known:
            known.held.clear()

    @invariant()
    def agrees(self) -> None:
        found = {b.batch_id: b for b in self.store.batches()}
        assert list(found) == [b.batch_id for b in reversed(self.known)]
        for known in self.known:
            batch = found[known.batch_id]
            members = [m for m in range(MEMBERS) if m // CHUNK in known.done]
            expected = [row(m, failing=FAILING) for m in members]
            assert batch.state is known.state
            assert (batch.done_count, batch.failed_count) == (
                len(set(members) - FAILING),
                len(FAILING & set(members)),
            )
            assert same_rows(list(self.store.rows(known.batch_id)), expected)
            whole = len(known.done) == 3 and not known.cancelled
            assert batch.result_digest == (result_digest(r.digest for r in expected) if whole else "")


def _run(urls: Any, examples: int) -> None:
    machine = type("Store", (Machine,), {"urls": staticmethod(urls)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=25))


def test_any_order_of_calls_agrees_with_the_model_in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> None:
    _run(lambda: f"sqlite:///{tmp_path_factory.mktemp('model')}/s.sqlite", 8)


@pytest.mark.slow
def test_any_order_of_calls_agrees_with_the_model_in_postgresql(postgres_url: str) -> None:
    _run(lambda: fresh_schema(postgres_url), 15)


@pytest.mark.slow
@pytest.mark.thorough
def test_many_orders_of_calls_agree_with_the_model(tmp_path_factory: pytest.TempPathFactory) -> None:
    _run(lambda: f"sqlite:///{tmp_path_factory.mktemp('model')}/s.sqlite", 60)
