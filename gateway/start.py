"""Start-up of one service by name, or of all in one process, until it is told to stop."""

import asyncio
import contextlib
import signal
from collections.abc import Callable

from gateway.guard import GATEWAY, first_keys, key_folder
from gateway.safety import check_safe
from gateway.settings import DEFAULT_PORTS, ServeSettings
from services.common.errors import Violation, invalid
from services.common.self_test import WrongAnswersError
from services.runtime.collector import keep_what_is_warm
from services.runtime.logs import configure_logs
from services.runtime.sectors import sectors
from services.runtime.serve import Server
from services.runtime.telemetry.log_sink import flush_logs
from services.runtime.telemetry.serving import EXIT_WRONG_ANSWERS
from services.runtime.telemetry.tracing import trace_calls, trace_no_more


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
    if name in ("embedded", GATEWAY):
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
    """What each imports is read only where it runs: a sector has no use for the gateway's libraries."""
    if name == "embedded":
        from gateway.serve import embedded

        return embedded(settings, tell)
    listen = settings.listen or f"127.0.0.1:{DEFAULT_PORTS[name]}"
    if name == GATEWAY:
        from gateway.serve import running_gateway

        addresses = {e.sector_id: f"127.0.0.1:{DEFAULT_PORTS[e.sector_id]}" for e in sectors()}
        unknown = set(settings.sectors) - set(addresses)
        if unknown:
            raise invalid([Violation("sectors", "no such sector", s, ", ".join(addresses)) for s in unknown])
        return running_gateway(listen, addresses | settings.sectors, settings)
    from gateway.serve_sector import running_sector

    entry = next(e for e in sectors() if e.sector_id == name)
    return running_sector(entry, listen, settings)
