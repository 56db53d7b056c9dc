"""A warm province projection through the gateway, end to end, beside a bare echo of the same bytes.

python -m benchmarks.bench_projection
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc

from dafeng.common.v1 import common_pb2
from dafeng.power.v1 import modes_pb2
from dafeng.projection.v1 import projection_pb2, projection_pb2_grpc
from gateway.serve import embedded
from gateway.settings import ServeSettings
from services.runtime.address import SERVER_OPTIONS, open_channel
from services.runtime.logs import configure_logs
from services.runtime.overload.settings import AdmissionSettings

RUNS = 9


def main() -> None:
    """Print medians and ratios."""
    configure_logs("error")
    asyncio.run(_run())


async def _run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Nothing is kept of earlier replies, so that every call calculates.
        admission = AdmissionSettings(kept_replies_bytes=0)
        address = f"unix:{Path(folder) / 'gateway.sock'}"
        settings = ServeSettings(listen=address, http="", admission=admission)
        async with embedded(settings) as server:
            channel = open_channel(server.address)
            stub = projection_pb2_grpc.ProjectionServiceStub(channel)
            request = projection_pb2.ProjectRequest(frame=common_pb2.Frame(region="jiangsu"))
            reply = await stub.Project(request)
            for name in ("FAST", "FAST_COMMITMENT"):
                request.mode = modes_pb2.DispatchMode.Value(f"DISPATCH_MODE_{name}")
                ms = await _median_ms(lambda: stub.Project(request))
                hours = len(reply.projection.years) * 8760
                print(f"province, {len(reply.projection.years)} years x 8,760 h, {name.lower()}: {ms:.0f} ms "
                      f"({ms * 1e6 / hours:.0f} ns an hour of dispatch)")  # fmt: skip
            # Of different names: identical calls under way would be computed once.
            chunk = [projection_pb2.ProjectRequest(frame=request.frame, mode=request.mode) for _ in range(4)]
            for number, one in enumerate(chunk):
                one.scenario.name = f"bench {number}"
            both = await _median_ms(lambda: asyncio.gather(*(stub.Project(r) for r in chunk)))
            print(f"four at once / four in turn: {both / (4 * ms):.2f}")
            echo_ms = await _echo_ms(Path(folder), reply.SerializeToString())
            print(f"reply {reply.ByteSize() / 1024:.0f} KiB; bare echo of it {echo_ms:.1f} ms, "
                  f"projection / echo {ms / echo_ms:.0f}")  # fmt: skip
            await channel.close()


async def _median_ms(call: Callable[[], Awaitable[Any]]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        await call()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


async def _echo_ms(folder: Path, body: bytes) -> float:
    """A bare server that sends the same bytes."""

    async def answer(request: bytes, context: Any) -> bytes:
        return body

    handler = grpc.method_handlers_generic_handler(
        "echo.Echo", {"Echo": grpc.unary_unary_rpc_method_handler(answer)}
    )
    server = grpc.aio.server(options=SERVER_OPTIONS)
    server.add_generic_rpc_handlers((handler,))
    address = f"unix:{folder / 'echo.sock'}"
    server.add_insecure_port(address)
    await server.start()
    channel = open_channel(address)
    echo = channel.unary_unary("/echo.Echo/Echo")
    ms = await _median_ms(lambda: echo(b"x"))
    await channel.close()
    await server.stop(None)
    return ms


if __name__ == "__main__":
    main()
