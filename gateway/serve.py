"""The gateway: alone, or with every sector in one process (embedded). The same stubs in each."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from gateway.api.passthrough import Passthrough
from gateway.api.services import SERVICES
from gateway.audit.gate import AuditGate, ChangeGate
from gateway.audit.running import running_audit
from gateway.calls import SectorCalls
from gateway.guard import GATEWAY, gates_of, identity_of
from gateway.http_server import running_http
from gateway.jobs.running import running_batches
from gateway.jobs.settings import data_dir
from gateway.known_answers import warm_gateway
from gateway.pipeline import Pipeline
from gateway.serve_sector import running_sector
from gateway.settings import ServeSettings
from services.common.acting import GATEWAY as THE_GATEWAY
from services.runtime.identity.identity import Identity
from services.runtime.identity.transport import channel_credentials, server_credentials
from services.runtime.identity.vouching import GATEWAY_ITSELF
from services.runtime.sectors import sectors
from services.runtime.serve import Inside, Server, Servicer, worker_pool
from services.runtime.telemetry.health import Health
from services.runtime.telemetry.serving import SERVING, warmed, watched
from services.runtime.telemetry.tracing import trace_metadata


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
                gates=gates_of(
                    GATEWAY,
                    settings,
                    identity=who,
                    first=(AuditGate(audit.log),),
                    last=(ChangeGate(audit.log),),
                ),
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


def _sector_services(calls: SectorCalls) -> dict[str, Any]:
    """Channels of the sectors that have a service of their own, by its full name."""
    return {e.service: calls.channels[e.sector_id] for e in calls.entries if e.service}


def _add_passthrough(handler: Any, server: Any) -> None:
    server.add_generic_rpc_handlers((handler,))


def _for_systems(settings: ServeSettings) -> list[tuple[str, Any]]:
    """The address where other systems show their certificates, when there is one."""
    address = settings.tls.systems_listen
    return [(address, server_credentials(settings.tls, ask=True))] if address else []
