"""Tokens of readers: nothing is lost while a batch runs."""

import asyncio
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest

from gateway.jobs.desk import BatchDesk
from gateway.jobs.doors import StreamResultsRequest
from gateway.jobs.settings import BatchSettings
from gateway.jobs.words import BatchState, Row


def read(state, done, **asked):
    """Tokens of a batch of 8 read two members at a time, of which `done` are there."""
    batch = SimpleNamespace(batch_id="b-1", state=state, member_count=8)
    store = Mock()
    store.get.return_value = batch
    store.rows.side_effect = lambda _, first, count, failed_only: [
        Row.of(n, "", np.empty(0)) for n in range(first, first + count) if n in done
    ]
    desk = BatchDesk(None, store, Mock(), BatchSettings(), ("local",), 1)
    desk._specs["b-1"] = SimpleNamespace(columns=())

    async def all_tokens():
        request = StreamResultsRequest(batch_id="b-1", **asked)
        return [token async for _, token in desk.rows(request, page=2)]

    return asyncio.run(all_tokens())


@pytest.mark.parametrize(
    ("state", "done", "expected"),
    [
        (BatchState.COMPLETE, range(8), ["b-1.2", "b-1.4", "b-1.6", "b-1.8"]),
        (BatchState.CANCELLED, [4, 5], ["b-1.6"]),
        (BatchState.RUNNING, range(4), ["b-1.2", "b-1.4"]),
        (BatchState.RUNNING, [0, 1, 2, 6, 7], ["b-1.2", "b-1.3", "b-1.3"]),
        (BatchState.RUNNING, [4, 5, 6, 7], ["b-1.0", "b-1.0"]),
        (BatchState.RUNNING, [1], ["b-1.0"]),
    ],
)
def test_a_token_never_passes_a_member_that_may_still_come(state, done, expected):
    assert read(state, done) == expected


def test_failed_members_of_a_running_batch_may_still_come_before_those_sent():
    assert read(BatchState.RUNNING, [3, 5], failed_only=True) == ["b-1.0", "b-1.0"]
