"""A sector service alone: warm, with its gates, serving. It needs nothing of the gateway's own."""

import contextlib
from collections.abc import AsyncIterator

from gateway.guard import gates_of, identity_of
from gateway.settings import ServeSettings
from services.runtime.identity.identity import Identity
from services.runtime.identity.transport import server_credentials
from services.runtime.sectors import SectorEntry
from services.runtime.serve import Server, worker_pool
from services.runtime.telemetry.health import Health
from services.runtime.telemetry.serving import SERVING, warmed, watched


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
