"""Server start-up and shutdown: health, reflection, interceptor, limits, graceful drain."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.runtime import failpoints
from services.runtime.address import SERVER_OPTIONS
from services.runtime.gates import Gates
from services.runtime.interceptor import CallInterceptor
from services.runtime.logs import logger

# The last line behind admission, which refuses with reasons long before: memory for this many calls is there.
MOST_CALLS: Final = 16_384
# Threads that hold the interpreter give it up this often (Python: 5 ms): the loop that answers, and refuses, waits for
# several of them in turn when the pools are full.
SWITCH_S: Final = 0.5e-3


@dataclass(frozen=True)
class Servicer:
    """A servicer with how to add it to a server and its full service name."""

    service_name: str
    add: Callable[[Any, Any], None]
    implementation: Any


@dataclass(frozen=True)
class Inside:
    """How this process calls its own gateway: an address in a private folder, and metadata that says who it is."""

    address: str
    metadata: Callable[[], Sequence[tuple[str, str]]]


class Server:
    """One gRPC server with its servicers; NOT_SERVING until `ready`, and again while it drains."""

    def __init__(
        self,
        name: str,
        address: str,
        servicers: Sequence[Servicer],
        *,
        with_reflection: bool,
        gates: Gates = Gates(),  # noqa: B008 frozen
        credentials: grpc.ServerCredentials | None = None,
        also: Sequence[tuple[str, grpc.ServerCredentials | None]] = (),
    ) -> None:
        """`also`: further addresses with what they ask of callers. None instead of credentials: plain text."""
        failpoints.refuse_outside_tests()
        self.name = name
        self.inside: Inside | None = None
        self._servicers = servicers
        self._server = grpc.aio.server(
            interceptors=[CallInterceptor(gates, name)],
            options=SERVER_OPTIONS,
            maximum_concurrent_rpcs=MOST_CALLS,
        )
        self._health = health.aio.HealthServicer()
        for servicer in servicers:
            servicer.add(servicer.implementation, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if with_reflection:
            names = [s.service_name for s in servicers] + [health.SERVICE_NAME, reflection.SERVICE_NAME]
            reflection.enable_server_reflection(names, self._server)
        self.address = self._listen(address, credentials)
        self.also = tuple(self._listen(one, theirs) for one, theirs in also)

    def _listen(self, address: str, credentials: grpc.ServerCredentials | None) -> str:
        if credentials is None or address.startswith("unix:"):
            port = self._server.add_insecure_port(address)
        else:
            port = self._server.add_secure_port(address, credentials)
        return f"{address.removesuffix('0')}{port}" if address.endswith(":0") else address

    async def start(self) -> None:
        """Start to listen; calls are answered, health says NOT_SERVING."""
        sys.setswitchinterval(SWITCH_S)
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        await self._server.start()

    async def ready(self) -> None:
        """Say SERVING: kernels are warm."""
        await self._set_health(health_pb2.HealthCheckResponse.SERVING)
        logger().info("serving", service=self.name, address=self.address)

    async def drain(self, notice_seconds: float = 0.0, grace_seconds: float = 10.0) -> None:
        """Say NOT_SERVING, wait for callers to notice, finish calls under way, stop."""
        await self.leave(notice_seconds)
        await self._server.stop(grace_seconds)
        logger().info("stopped", service=self.name)

    async def leave(self, notice_seconds: float) -> None:
        """Say NOT_SERVING and wait for callers to notice; calls are still answered."""
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        await asyncio.sleep(notice_seconds)

    async def _set_health(self, status: Any) -> None:
        for name in ["", *(s.service_name for s in self._servicers)]:
            await self._health.set(name, status)


def worker_pool(threads: int = 0) -> ThreadPoolExecutor:
    """The pool that runs kernels: `threads`, or one a core when 0 (kernels release the GIL)."""
    return ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1, thread_name_prefix="model")
