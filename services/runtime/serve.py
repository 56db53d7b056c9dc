"""Server start-up and shutdown: health, reflection, interceptor, limits, graceful drain."""

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.runtime import failpoints
from services.runtime.address import SERVER_OPTIONS
from services.runtime.interceptor import ErrorInterceptor
from services.runtime.logs import logger


@dataclass(frozen=True)
class Servicer:
    """A servicer with how to add it to a server and its full service name."""

    service_name: str
    add: Callable[[Any, Any], None]
    implementation: Any


class Server:
    """One gRPC server with its servicers; NOT_SERVING until `ready`, and again while it drains."""

    def __init__(
        self, name: str, address: str, servicers: Sequence[Servicer], *, with_reflection: bool
    ) -> None:
        failpoints.refuse_outside_tests()
        self.name = name
        self.address = address
        self._servicers = servicers
        self._server = grpc.aio.server(interceptors=[ErrorInterceptor()], options=SERVER_OPTIONS)
        self._health = health.aio.HealthServicer()
        for servicer in servicers:
            servicer.add(servicer.implementation, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if with_reflection:
            names = [s.service_name for s in servicers] + [health.SERVICE_NAME, reflection.SERVICE_NAME]
            reflection.enable_server_reflection(names, self._server)
        port = self._server.add_insecure_port(address)
        if address.endswith(":0"):
            self.address = f"{address.removesuffix('0')}{port}"

    async def start(self) -> None:
        """Start to listen; calls are answered, health says NOT_SERVING."""
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        await self._server.start()

    async def ready(self) -> None:
        """Say SERVING: kernels are warm."""
        await self._set_health(health_pb2.HealthCheckResponse.SERVING)
        logger().info("serving", service=self.name, address=self.address)

    async def drain(self, notice_seconds: float = 0.0, grace_seconds: float = 10.0) -> None:
        """Say NOT_SERVING, wait for callers to notice, finish calls under way, stop."""
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        await asyncio.sleep(notice_seconds)
        await self._server.stop(grace_seconds)
        logger().info("stopped", service=self.name)

    async def _set_health(self, status: Any) -> None:
        for name in ["", *(s.service_name for s in self._servicers)]:
            await self._health.set(name, status)


def worker_pool(threads: int = 0) -> ThreadPoolExecutor:
    """The pool that runs kernels: `threads`, or one a core when 0 (kernels release the GIL)."""
    return ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1, thread_name_prefix="model")
