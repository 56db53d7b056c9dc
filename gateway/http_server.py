"""The HTTP door as a server beside the gateway's own: it calls the gateway as any other caller does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

import uvicorn

from gateway.api.http import make_app
from gateway.api.http_door import Door
from gateway.audit.log import AuditLog
from gateway.settings import ServeSettings
from services.common.errors import Violation, invalid
from services.runtime.address import open_channel
from services.runtime.identity.identity import Identity
from services.runtime.identity.transport import http_context
from services.runtime.logs import logger
from services.runtime.telemetry.health import Health
from services.runtime.telemetry.tracing import trace_metadata

# How often the certificate's files are looked at, s.
_LOOK_SECONDS = 5.0


@contextlib.asynccontextmanager
async def running_http(
    gateway_address: str,
    services: Iterable[str],
    settings: ServeSettings,
    who: Identity,
    health: Health,
    audit: AuditLog | None = None,
) -> AsyncIterator[None]:
    """The page and the JSON API for these services of the gateway. DomainError when it cannot listen."""
    host, _, port = settings.http.rpartition(":")
    context = http_context(settings.tls)
    channel = open_channel(gateway_address, providers=[trace_metadata])
    door = Door(who, encrypted=context is not None, audit=audit)
    config = uvicorn.Config(
        make_app(dict.fromkeys(services, channel), door=door, ready=lambda: health.ready()[0]),
        host=host.strip("[]"),
        port=int(port),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        # Where a caller is, is told by what stands in front; where nothing does, callers could tell anything.
        proxy_headers=bool(settings.identity.public_url),
        timeout_graceful_shutdown=max(5, int(settings.drain_grace_seconds)),
    )
    config.load()
    config.ssl = context
    server = _Uvicorn(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await channel.close()
            raise invalid([Violation("http", "cannot listen on this address", settings.http)])
        await asyncio.sleep(0.01)
    looking = asyncio.create_task(_follow(settings, context), name="certificate of the HTTP door")
    try:
        yield
    finally:
        looking.cancel()
        server.should_exit = True
        await task
        await channel.close()


async def _follow(settings: ServeSettings, context: object) -> None:
    """Read certificate and key again when they change: connections from then on show the new one."""
    tls = settings.tls
    if context is None or tls.certificate is None or tls.key is None:
        return
    seen = (tls.certificate.stat().st_mtime_ns, tls.key.stat().st_mtime_ns)
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            found = (tls.certificate.stat().st_mtime_ns, tls.key.stat().st_mtime_ns)
            if found != seen:
                context.load_cert_chain(tls.certificate, tls.key)  # type: ignore[attr-defined]
                seen = found
        except OSError as error:
            logger().error("the HTTP door's certificate cannot be read again", error=str(error))


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
