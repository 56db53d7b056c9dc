"""What sections share: a gateway of this process, and projections that more than one of them looks at."""

from contextlib import ExitStack
from functools import cached_property
from typing import Self

import grpc

from dafeng.client import Client
from dafeng.projection.v1 import projection_pb2
from gateway.settings import ServeSettings
from services.runtime.address import CHANNEL_OPTIONS
from tests.gateway.conftest import running


class Context:
    """Open it with `with`. `quick` asks sections for a part of their cases."""

    def __init__(self, quick: bool = False):
        self.quick = quick
        self._stack = ExitStack()
        self._projections: dict[tuple[str, str], projection_pb2.Projection] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @cached_property
    def client(self) -> Client:
        """A client of a gateway over a real socket, started when it is first asked for."""
        return self._stack.enter_context(Client(self._address, timeout_seconds=600))

    @cached_property
    def channel(self) -> grpc.Channel:
        """A channel to the same gateway, for calls that the client has no method for."""
        return self._stack.enter_context(grpc.insecure_channel(self._address, options=CHANNEL_OPTIONS))

    @cached_property
    def _address(self) -> str:
        return self._stack.enter_context(running(ServeSettings(listen="127.0.0.1:0", http="")))

    def projection(self, region: str, baseline: str) -> projection_pb2.Projection:
        """A projection of a baseline over all years."""
        key = (region, baseline)
        if key not in self._projections:
            self._projections[key] = self.client.project(region, baseline)
        return self._projections[key]
