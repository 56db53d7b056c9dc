"""The server process of bench_rpc: services with all gates, the same without gates, and a bare server, on one core.

The bare server does what a service cannot do without: it takes the request's bytes, runs the same model on the same
kind of thread, and answers with bytes as many as the real reply's. It reads and checks nothing, and writes no message.
"""

import asyncio
import contextlib
import json
import os
import pickle
import sys
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc

import gateway.serve
import gateway.serve_sector
from benchmarks.rpc_cases import Case, cases
from gateway.guard import gates_of
from gateway.kernels import warm_up
from gateway.serve import running_gateway
from gateway.serve_sector import running_sector
from gateway.settings import ServeSettings
from services.runtime.address import SERVER_OPTIONS, open_channel
from services.runtime.gates import Gates
from services.runtime.logs import configure_logs
from services.runtime.sectors import sectors
from services.runtime.serve import worker_pool


async def serve(folder: Path, core: int | None, found: Sequence[Case]) -> None:
    """Serve all three until the standard input ends; what the client needs goes to `folder`/cases."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    pool = worker_pool(1)
    async with contextlib.AsyncExitStack() as stack:
        addresses = {}
        for kind, gates in (("open", lambda *_, **__: Gates()), ("gated", gates_of)):
            addresses[kind] = await stack.enter_async_context(_services(folder, kind, gates))
        replies = {c.name: await _reply(addresses["open"][c.service], c) for c in found}
        addresses["bare"] = await stack.enter_async_context(_bare(folder, found, replies, pool))
        rows = [
            (c.name, c.service, c.path, c.streams, list(c.requests), c.aim, len(replies[c.name]))
            for c in found
        ]
        (folder / "cases").write_bytes(pickle.dumps((addresses, rows)))
        print(json.dumps({"pid": os.getpid()}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


@contextlib.asynccontextmanager
async def _services(folder: Path, kind: str, gates: Any) -> AsyncIterator[dict[str, str]]:
    """Sectors and gateway with these gates; their addresses."""
    settings = ServeSettings(http="", log_level="error", threads=1)
    gateway.serve.gates_of = gateway.serve_sector.gates_of = gates
    async with contextlib.AsyncExitStack() as stack:
        addresses = {e.sector_id: f"unix:{folder}/{kind}_{e.sector_id}.sock" for e in sectors()}
        for entry in sectors():
            await stack.enter_async_context(running_sector(entry, addresses[entry.sector_id], settings))
        await asyncio.to_thread(warm_up)
        listen = f"unix:{folder}/{kind}_gateway.sock"
        await stack.enter_async_context(running_gateway(listen, addresses, settings))
        yield {**addresses, "gateway": listen}


@contextlib.asynccontextmanager
async def _bare(
    folder: Path, found: Sequence[Case], replies: dict[str, bytes], pool: ThreadPoolExecutor
) -> AsyncIterator[dict[str, str]]:
    """One server of grpc.aio for all calls; a call's number is in its method's name, its turn in the metadata."""
    server = grpc.aio.server(options=SERVER_OPTIONS)
    handlers = {}
    for number, case in enumerate(found):
        handlers[f"Call{number}"] = _echo(case, replies[case.name], pool)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bare.Bare", handlers),))
    address = f"unix:{folder}/bare.sock"
    server.add_insecure_port(address)
    await server.start()
    yield {"all": address}
    await server.stop(None)


def _echo(case: Case, reply: bytes, pool: ThreadPoolExecutor) -> Any:
    computes = case.aim

    async def answer(request: bytes, context: Any) -> bytes:
        if computes:
            ((_, turn),) = (m for m in context.invocation_metadata() if m[0] == "turn")
            await asyncio.get_running_loop().run_in_executor(pool, case.work, int(turn))
        return reply

    async def answers(request: bytes, context: Any) -> AsyncIterator[bytes]:
        yield await answer(request, context)

    if case.streams:
        return grpc.unary_stream_rpc_method_handler(answers)
    return grpc.unary_unary_rpc_method_handler(answer)


async def _reply(address: str, case: Case) -> bytes:
    """The real reply, from the service itself."""
    channel = open_channel(address)
    try:
        if case.streams:
            parts = [part async for part in channel.unary_stream(case.path)(case.requests[-1])]
            return bytes(b"".join(parts))
        return bytes(await channel.unary_unary(case.path)(case.requests[-1]))
    finally:
        await channel.close()


def main() -> None:
    """Run with: folder, core or "", projections, wholes."""
    configure_logs("error")
    folder, core, projections, wholes = sys.argv[1:]
    found = list(cases(int(projections), int(wholes)))
    for case in found:
        case.work(len(case.requests) - 1)
    asyncio.run(serve(Path(folder), int(core) if core else None, found))


if __name__ == "__main__":
    main()
