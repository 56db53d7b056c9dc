"""Planners at work: mostly projections of a few years, now and then the lists. Run by `make loadtest`."""

import random
import time
from collections.abc import Callable
from typing import Any

import grpc
import grpc.experimental.gevent as grpc_gevent
from locust import User, between, task

grpc_gevent.init_gevent()

from dafeng.client import Client, setting  # noqa: E402 gRPC must be prepared for gevent first


class RecordCalls(grpc.UnaryUnaryClientInterceptor):  # type: ignore[misc]
    """Report every call to locust, failed ones too."""

    def __init__(self, environment: Any) -> None:
        self._environment = environment

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        """Time the call until its reply."""
        started, error, size = time.perf_counter(), None, 0
        reply = continuation(details, request)
        try:
            size = reply.result().ByteSize()
        except grpc.RpcError as failed:
            error = failed
        self._environment.events.request.fire(
            request_type="grpc",
            name=details.method.rpartition("/")[2],
            response_time=(time.perf_counter() - started) * 1e3,
            response_length=size,
            exception=error,
        )
        return reply


class Planner(User):
    """Moves a lever, waits a moment, moves the next."""

    wait_time = between(0.2, 1.0)

    def on_start(self) -> None:
        """Open a channel of its own."""
        self.client_of = Client(self.host)
        self.client_of.channel = grpc.intercept_channel(self.client_of.channel, RecordCalls(self.environment))
        from dafeng.projection.v1 import projection_pb2_grpc

        self.client_of.stub = projection_pb2_grpc.ProjectionServiceStub(self.client_of.channel)

    @task(6)
    def move_a_lever(self) -> None:
        """A whole projection with one lever changed."""
        share = round(random.random(), 2)
        self.client_of.project(
            "jiangsu", settings=[setting("transport.nev_sales_share_private_car", {2030: share})]
        )

    @task(1)
    def look_at_the_lists(self) -> None:
        """Levers with their paths."""
        self.client_of.levers("jiangsu")
