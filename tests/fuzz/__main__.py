"""The long form: python -m tests.fuzz --messages 1000000 --handlers 20000 [--http 20] [--seed 1]

`--messages` are read and validated by every method's handler in this process, shared among processes; `--handlers`
go the whole way to a running gateway; `--http` are made for every method from the API's description. Prints the
counts, then every message that went wrong; the exit code is 0 when there are none.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from loadtests.servers import running
from tests.fuzz.figures import Figures
from tests.fuzz.inside import inside_share
from tests.fuzz.over_http import fuzz_over_http
from tests.fuzz.over_wire import fuzz_over_wire
from tests.fuzz.seeds import targets


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing went wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Mutated messages to every method."
    )
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--handlers", type=int, default=20_000)
    parser.add_argument("--http", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    found: list[Figures] = []
    if asked.messages:
        started, whole = time.monotonic(), Figures()
        share = -(-asked.messages // asked.processes)
        with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
            seeds = range(asked.seed, asked.seed + asked.processes)
            for one in pool.map(inside_share, [share] * asked.processes, seeds):
                whole.add(one)
        found.append(whole)
        _say(f"{len(targets())} methods, {time.monotonic() - started:.0f} s")
        _say(whole.line("read and validated"))
    if asked.handlers:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="dafeng-fuzz-") as folder, running(Path(folder)) as servers:
            over = asyncio.run(fuzz_over_wire(servers.grpc, asked.handlers, asked.seed))
        found.append(over)
        _say(f"{time.monotonic() - started:.0f} s")
        _say(over.line("over the wire"))
    if asked.http:
        with tempfile.TemporaryDirectory(prefix="dafeng-fuzz-") as folder, running(Path(folder)) as servers:
            said = fuzz_over_http(servers.http, asked.http, asked.seed)
        found.append(said.figures)
        _say(said.figures.line("over HTTP, from the API's description"))
        _say(f"over HTTP: {said.line}")
    for figures in found:
        for line in figures.wrong:
            _say(line)
    return 0 if all(f.well for f in found) else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
