"""Start-up: one service alone, the gateway alone, or all in one process (embedded). The same stubs in each."""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

from gateway.api.passthrough import Passthrough
from gateway.api.services import SERVICES
from gateway.audit.running import running_audit
from gateway.calls import SectorCalls
from gateway.guard import first_keys, gates_of, identity_of, key_folder
from gateway.http_server import running_http
from gateway.jobs.running import running_batches
from gateway.jobs.settings import data_dir
from gateway.known_answers import warm_gateway
from gateway.pipeline import Pipeline
from gateway.safety import check_safe
from gateway.settings import DEFAULT_PORTS, ServeSettings
from services.common.acting import GATEWAY as THE_GATEWAY
from services.common.errors import Violation, invalid
from services.common.self_test import WrongAnswersError
from services.runtime.collector import keep_what_is_warm
from services.runtime.identity.identity import Identity
from services.runtime.identity.transport import channel_credentials, server_credentials
from services.runtime.identity.vouching import GATEWAY_ITSELF
from services.runtime.logs import configure_logs
from services.runtime.sectors import SectorEntry, sectors
from services.runtime.serve import Inside, Server, Servicer, worker_pool
from services.runtime.telemetry.health import Health
from services.runtime.telemetry.log_sink import flush_logs
from services.runtime.telemetry.serving import EXIT_WRONG_ANSWERS, SERVING, warmed, watched
from services.runtime.telemetry.tracing import trace_calls, trace_metadata, trace_no_more

GATEWAY: Final = "gateway"


@contextlib.asynccontextmanager
async def running_sector(
    entry: SectorEntry,
    address: str,
    settings: ServeSettings,
    identity: Identity | None = None,
    health: Health | None = None,
) -> AsyncIterator[Server]:
    """A sector service that is warm and serving. WrongAnswersError when it computes wrong numbers."""
    who = identity or identity_of(settings)
    async with (
        watched(settings.telemetry, entry.sector_id, health=health) as told,
        _sector(entry, address, settings, who, told) as server,
    ):
        yield server


@contextlib.asynccontextmanager
async def _sector(
    entry: SectorEntry, address: str, settings: ServeSettings, who: Identity, health: Health
) -> AsyncIterator[Server]:
    pool = worker_pool(settings.threads)
    server = Server(
        entry.sector_id,
        address,
        entry.servicers(pool),
        with_reflection=settings.reflection,
        gates=gates_of(entry.sector_id, settings, identity=who),
        credentials=server_credentials(settings.tls, ask=settings.tls.client_roots is not None),
    )
    await server.start()
    try:
        await warmed(entry.sector_id, entry.warm_up, health)
        await server.ready()
        health.say(entry.sector_id, SERVING)
        yield server
    finally:
        health.draining(entry.sector_id)
        await server.drain(settings.drain_notice_seconds, settings.drain_grace_seconds)
        pool.shutdown(cancel_futures=True)


@contextlib.asynccontextmanager
async def running_gateway(
    address: str,
    sector_addresses: dict[str, str],
    settings: ServeSettings,
    identity: Identity | None = None,
    health: Health | None = None,
) -> AsyncIterator[Server]:
    """A gateway that serves gRPC, and HTTP when the settings name an address. WrongAnswersError as a sector's."""
    who = identity or identity_of(settings)
    async with (
        watched(settings.telemetry, GATEWAY, health=health) as told,
        _gateway(address, sector_addresses, settings, who, told) as server,
    ):
        yield server


@contextlib.asynccontextmanager
async def _gateway(
    address: str, sector_addresses: dict[str, str], settings: ServeSettings, who: Identity, health: Health
) -> AsyncIterator[Server]:
    await who.start()
    pool = worker_pool(settings.threads)
    calls = SectorCalls(
        sectors(),
        sector_addresses,
        providers=[who.vouching.metadata, trace_metadata],
        credentials=channel_credentials(settings.tls),
    )
    pipeline = Pipeline(calls, pool)
    passed_on = [
        Servicer(name, _add_passthrough, Passthrough(name, channel))
        for name, channel in _sector_services(calls).items()
    ]
    try:
        async with (
            running_batches(pipeline, settings.batches, health) as desk,
            running_audit(desk.store.database if desk else None, settings.audit, data_dir()) as audit,
            contextlib.AsyncExitStack() as stack,
        ):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dafeng-"))
            inside = f"unix:{folder}/gateway-inside.sock"
            if desk is not None:
                desk.audit = audit.desk
            own = [Servicer(s.name, s.add, s.make(pipeline, desk, settings)) for s in SERVICES]
            server = Server(
                GATEWAY,
                address,
                [*own, *passed_on],
                with_reflection=settings.reflection,
                gates=gates_of("gateway", settings, identity=who, audit=audit.log),
                credentials=server_credentials(settings.tls, ask=False),
                also=[(inside, None), *_for_systems(settings)],
            )
            server.inside = Inside(inside, lambda: who.vouching.metadata_for(THE_GATEWAY, GATEWAY_ITSELF))
            await server.start()
            try:
                await warmed(GATEWAY, warm_gateway, health)
                await server.ready()
                async with contextlib.AsyncExitStack() as doors:
                    if settings.http:
                        # By the gateway's own address: HTTP passes the same gates as every other caller.
                        names = [s.service_name for s in (*own, *passed_on)]
                        await doors.enter_async_context(
                            running_http(inside, names, settings, who, health, audit.log)
                        )
                    health.say(GATEWAY, SERVING)
                    try:
                        yield server
                    finally:
                        # Load balancers see it while every door still answers.
                        health.draining(GATEWAY)
                        await server.leave(settings.drain_notice_seconds)
            finally:
                await server.drain(0.0, settings.drain_grace_seconds)
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
    who = identity_of(settings, one_process=True)
    names = (*(e.sector_id for e in sectors()), GATEWAY)
    async with (
        watched(settings.telemetry, *names) as health,
        _sectors_here(settings, who, tell, health) as (folder, addresses),
    ):
        listen = settings.listen or f"unix:{folder}/gateway.sock"
        async with running_gateway(listen, addresses, settings, who, health) as server:
            yield server


@contextlib.asynccontextmanager
async def workshop(settings: ServeSettings) -> AsyncIterator[Pipeline]:
    """All sectors in this process and a pipeline over them, for callers that use the gateway as a library."""
    who = identity_of(settings, one_process=True)
    async with _sectors_here(settings, who) as (_, addresses):
        pool = worker_pool(settings.threads)
        calls = SectorCalls(sectors(), addresses, providers=[who.vouching.metadata, trace_metadata])
        try:
            await asyncio.to_thread(warm_gateway)
            yield Pipeline(calls, pool)
        finally:
            await calls.close()
            pool.shutdown(cancel_futures=True)


@contextlib.asynccontextmanager
async def _sectors_here(
    settings: ServeSettings,
    who: Identity,
    tell: Callable[[str], None] = lambda _: None,
    health: Health | None = None,
) -> AsyncIterator[tuple[Path, dict[str, str]]]:
    """Every sector serving on a unix socket in a private folder; the folder and the sockets' addresses."""
    # Nobody but the gateway of this process calls them, and it has ended before.
    alone = settings.model_copy(update={"drain_notice_seconds": 0.0})
    health = health or Health()
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dafeng-")))
        addresses = {e.sector_id: f"unix:{folder / e.sector_id}.sock" for e in sectors()}
        for entry in sectors():
            address = addresses[entry.sector_id]
            await stack.enter_async_context(running_sector(entry, address, alone, who, health))
            tell(entry.sector_id)
        yield folder, addresses


async def serve(
    name: str,
    settings: ServeSettings,
    on_ready: Callable[[Server], None],
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve one service by name, or "embedded", until SIGTERM or SIGINT; then drain.

    DomainError(INVALID_INPUT) lists every setting that is not safe.
    """
    check_safe(settings, name, key_folder(settings))
    if name in ("embedded", "gateway"):
        first_keys(settings)
    configure_logs(settings.log_level, name)
    trace_calls(name, settings.telemetry)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with _running(name, settings, tell) as server:
            keep_what_is_warm()
            on_ready(server)
            await stop.wait()
    except WrongAnswersError:
        raise SystemExit(EXIT_WRONG_ANSWERS) from None
    finally:
        await asyncio.to_thread(trace_no_more)
        flush_logs()


def _running(
    name: str, settings: ServeSettings, tell: Callable[[str], None]
) -> contextlib.AbstractAsyncContextManager[Server]:
    if name == "embedded":
        return embedded(settings, tell)
    listen = settings.listen or f"127.0.0.1:{DEFAULT_PORTS[name]}"
    if name == GATEWAY:
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


def _for_systems(settings: ServeSettings) -> list[tuple[str, Any]]:
    """The address where other systems show their certificates, when there is one."""
    address = settings.tls.systems_listen
    return [(address, server_credentials(settings.tls, ask=True))] if address else []
