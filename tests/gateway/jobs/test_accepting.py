"""Accepting a batch: what came before is found, and quotas are looked at, before any work is done."""

import asyncio
import time
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from gateway.jobs import desk as desk_module
from gateway.jobs.desk import BatchDesk
from gateway.jobs.settings import BatchSettings
from services.common.errors import DomainError

RAW = {"request_id": "again", "spec": {"frame": {"region": "jiangsu"}, "random": {"member_count": 3}}}


def desk_of(open_count, known=None):
    store = Mock()
    store.find_request.return_value = known
    store.batches.return_value = [None] * open_count
    # Without a pipeline every attempt to work fails.
    settings = BatchSettings(most_open_batches=2)
    return BatchDesk(None, store, Mock(), settings, ("local",), 1), store


def test_a_repeated_request_is_answered_before_work_and_quotas():
    batch = SimpleNamespace(batch_id="b-1")
    desk, store = desk_of(2, batch)
    assert asyncio.run(desk.create(RAW)) is batch
    name, digest, owner = store.find_request.call_args.args
    assert name == "again" and len(digest) == 64 and owner == "local"
    store.create.assert_not_called()


def test_too_many_open_batches_are_refused_before_work():
    desk, store = desk_of(2)
    with pytest.raises(DomainError, match="too many wait or run"):
        asyncio.run(desk.create(RAW))
    store.create.assert_not_called()


def test_requests_at_the_same_time_do_not_pass_the_quota_together(monkeypatch):
    desk, store = desk_of(0)
    made = []
    store.batches.side_effect = lambda *_: list(made)
    store.create.side_effect = lambda new: (made.append(new) or SimpleNamespace(batch_id="b"), True)

    async def prepare(*_):
        await asyncio.sleep(0.01)

    monkeypatch.setattr(desk_module, "prepare", prepare)
    monkeypatch.setattr(BatchDesk, "_new", lambda *_: SimpleNamespace())

    async def five():
        return await asyncio.gather(*(desk.create(RAW) for _ in range(5)), return_exceptions=True)

    ended = asyncio.run(five())
    assert len(made) == 2
    assert sum(isinstance(e, DomainError) and e.reason == "QUOTA" for e in ended) == 3


def test_callers_that_go_away_while_their_batch_is_written_do_not_open_the_quota(monkeypatch):
    desk, store = desk_of(0)
    made = []
    store.batches.side_effect = lambda *_: list(made)

    begun = []

    def slow(new):
        begun.append(new)
        time.sleep(0.05)
        made.append(new)
        return SimpleNamespace(batch_id="b"), True

    store.create.side_effect = slow

    async def prepare(*_):
        pass

    monkeypatch.setattr(desk_module, "prepare", prepare)
    monkeypatch.setattr(BatchDesk, "_new", lambda *_: SimpleNamespace())

    async def impatient():
        for _ in range(5):
            before = len(begun)
            call = asyncio.create_task(desk.create(RAW))
            while len(begun) == before and not call.done():
                await asyncio.sleep(0.001)
            call.cancel()
            await asyncio.wait([call])
        for _ in range(1_000):
            if desk._runner.wake.call_count == len(begun):
                return
            await asyncio.sleep(0.002)

    asyncio.run(impatient())
    assert len(begun) == len(made) == 2
