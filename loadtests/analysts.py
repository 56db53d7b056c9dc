"""Analysts with small batches: they create one, watch it, read its rows; some cancel theirs."""

import random
import time
import uuid
from typing import Any, Final

import grpc
from locust import between, task

from dafeng.batch.v1 import batch_pb2, batch_pb2_grpc
from loadtests import asked, telling
from loadtests.records import OK
from loadtests.users import DEADLINE_SECONDS, GrpcUser

# A batch of a few members waits for others at most so long.
_WATCH_SECONDS: Final = 120.0
_CANCELLED_SHARE: Final = 0.25


class Analyst(GrpcUser):
    """One batch after another."""

    weight = 1
    wait_time = between(1.0, 3.0)

    def on_start(self) -> None:
        """Open the channel."""
        super().on_start()
        self.batches = batch_pb2_grpc.BatchServiceStub(self.stubs.channel)
        self._open = ""

    def on_stop(self) -> None:
        """Cancel what still runs."""
        if self._open:
            self._cancel()
        super().on_stop()

    @task
    def run_a_batch(self) -> None:
        """Create, watch to its end or cancel, read."""
        request = batch_pb2.CreateBatchRequest(
            request_id=uuid.uuid4().hex, spec=asked.small_batch(), title="load test"
        )
        reply = self.told.call("CreateBatch", self.batches.CreateBatch, request)
        if reply is None:
            return
        self._open = reply.batch.batch_id
        if random.random() < _CANCELLED_SHARE:
            self._cancel()
            return
        watch = batch_pb2.WatchBatchRequest(batch_id=self._open)
        if self._stream("WatchBatch", self.batches.WatchBatch, watch, _WATCH_SECONDS):
            rows = batch_pb2.StreamResultsRequest(batch_id=self._open)
            self._stream("StreamResults", self.batches.StreamResults, rows, DEADLINE_SECONDS)
            self._open = ""
        else:
            self._cancel()

    def _cancel(self) -> None:
        request = batch_pb2.CancelBatchRequest(batch_id=self._open)
        self.told.call("CancelBatch", self.batches.CancelBatch, request)
        self._open = ""

    def _stream(self, name: str, method: Any, request: Any, seconds: float) -> bool:
        """True when the stream came to its end."""
        started, size = time.monotonic(), 0
        try:
            for part in method(request, timeout=seconds):
                size += part.ByteSize()
        except grpc.RpcError as error:
            self.told.tell(name, started, *telling.of_error(error))
            return False
        self.told.tell(name, started, OK, "", size)
        return True
