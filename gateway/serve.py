"""Start-up: one service alone, the gateway alone, or all in one process (embedded). The same stubs in each."""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import uvicorn

from gateway.api.http import make_app
from gateway.api.passthrough import Passthrough
from gateway.api.services import SERVICES
from gateway.calls import SectorCalls
from gateway.jobs.running import running_batches
from gateway.kernels import warm_up
from gateway.pipeline import Pipeline
from gateway.settings import DEFAULT_PORTS, ServeSettings
from services.common.errors import Violation, invalid
from services.runtime.address import open_channel
from services.runtime.logs import configure_logs
from services.runtime.sectors import SectorEntry, sectors
from services.runtime.serve import Server, Servicer, worker_pool


@contextlib.asynccontextmanager
async def running_sector(entry: SectorEntry, address: str, settings: ServeSettings) -> AsyncIterator[Server]:
    """A sector service that is warm and serving."""
    pool = worker_pool(settings.threads)
    server = Server(entry.sector_id, address, entry.servicers(pool), with_reflection=settings.reflection)
    await server.start()
    try:
        await asyncio.to_thread(entry.warm_up)
        await server.ready()
        yield server
    finally:
        await server.drain(settings.drain_notice_seconds)
        pool.shutdown(cancel_futures=True)


@contextlib.asynccontextmanager
async def running_gateway(
    address: str, sector_addresses: dict[str, str], settings: ServeSettings
) -> AsyncIterator[Server]:
    """A gateway that serves gRPC, and HTTP when the settings name an address."""
    pool = worker_pool(settings.threads)
    calls = SectorCalls(sectors(), sector_addresses)
    pipeline = Pipeline(calls, pool)
    passed_on = [
        Servicer(name, _add_passthrough, Passthrough(name, channel))
        for name, channel in _sector_services(calls).items()
    ]
    try:
        async with running_batches(pipeline, settings.batches) as desk:
            own = [Servicer(s.name, s.add, s.make(pipeline, desk)) for s in SERVICES]
            server = Server("gateway", address, [*own, *passed_on], with_reflection=settings.reflection)
            await server.start()
            try:
                await asyncio.to_thread(warm_up)
                await server.ready()
                async with contextlib.AsyncExitStack() as stack:
                    if settings.http:
                        await stack.enter_async_context(_running_http(server.address, calls, settings.http))
                    yield server
            finally:
                await server.drain(settings.drain_notice_seconds)
    finally:
        await calls.close()
        pool.shutdown(cancel_futures=True)


@contextlib.asynccontextmanager
async def embedded(
    settings: ServeSettings, tell: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Server]:
    """All services and the gateway in this process, over unix sockets in a private folder.

    `tell` hears the name of each service when it is warm.
    """
    async with _sectors_here(settings, tell) as (folder, addresses):
        listen = settings.listen or f"unix:{folder}/gateway.sock"
        async with running_gateway(listen, addresses, settings) as server:
            yield server


@contextlib.asynccontextmanager
async def workshop(settings: ServeSettings) -> AsyncIterator[Pipeline]:
    """All sectors in this process and a pipeline over them, for callers that use the gateway as a library."""
    async with _sectors_here(settings) as (_, addresses):
        pool = worker_pool(settings.threads)
        calls = SectorCalls(sectors(), addresses)
        try:
            await asyncio.to_thread(warm_up)
            yield Pipeline(calls, pool)
        finally:
            await calls.close()
            pool.shutdown(cancel_futures=True)


@contextlib.asynccontextmanager
async def _sectors_here(
    settings: ServeSettings, tell: Callable[[str], None] = lambda _: None
) -> AsyncIterator[tuple[Path, dict[str, str]]]:
    """Every sector serving on a unix socket in a private folder; the folder and the sockets' addresses."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dafeng-")))
        addresses = {e.sector_id: f"unix:{folder / e.sector_id}.sock" for e in sectors()}
        for entry in sectors():
            await stack.enter_async_context(running_sector(entry, addresses[entry.sector_id], settings))
            tell(entry.sector_id)
        yield folder, addresses


async def serve(
    name: str,
    settings: ServeSettings,
    on_ready: Callable[[Server], None],
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve one service by name, or "embedded", until SIGTERM or SIGINT; then drain."""
    configure_logs(settings.log_level)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with _running(name, settings, tell) as server:
        on_ready(server)
        await stop.wait()


def _running(
    name: str, settings: ServeSettings, tell: Callable[[str], None]
) -> contextlib.AbstractAsyncContextManager[Server]:
    if name == "embedded":
        return embedded(settings, tell)
    listen = settings.listen or f"127.0.0.1:{DEFAULT_PORTS[name]}"
    if name == "gateway":
        addresses = {e.sector_id: f"127.0.0.1:{DEFAULT_PORTS[e.sector_id]}" for e in sectors()}
        unknown = set(settings.sectors) - set(addresses)
        if unknown:
            raise invalid([Violation("sectors", "no such sector", s, ", ".join(addresses)) for s in unknown])
        return running_gateway(listen, addresses | settings.sectors, settings)
    entry = next(e for e in sectors() if e.sector_id == name)
    return running_sector(entry, listen, settings)


def _sector_services(calls: SectorCalls) -> dict[str, Any]:
    """Channels of the sectors by the full name of their own service."""
    return {
        f"dafeng.{e.sector_id}.v1.{e.sector_id.capitalize()}Service": calls.channels[e.sector_id]
        for e in calls.entries
    }


def _add_passthrough(handler: Any, server: Any) -> None:
    server.add_generic_rpc_handlers((handler,))


@contextlib.asynccontextmanager
async def _running_http(gateway_address: str, calls: SectorCalls, http: str) -> AsyncIterator[None]:
    host, _, port = http.rpartition(":")
    channel = open_channel(gateway_address)
    channels = {s.name: channel for s in SERVICES} | _sector_services(calls)
    config = uvicorn.Config(
        make_app(channels),
        host=host.strip("[]"),
        port=int(port),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = _Uvicorn(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await channel.close()
            raise invalid([Violation("http", "cannot listen on this address", http)])
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task
        await channel.close()


class _Uvicorn(uvicorn.Server):
    """uvicorn without signal handlers of its own: `serve` handles signals for everything."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """Leave signals alone."""
        yield

    async def serve(self, sockets: object = None) -> None:
        """Serve; a failed start ends quietly so that the caller can tell it."""
        with contextlib.suppress(SystemExit):
            await super().serve(sockets)  # type: ignore[arg-type]
