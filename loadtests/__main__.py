"""Start Dafeng on loopback, load it for a bounded time, judge and report, stop it.

    python -m loadtests [steady|step|pulse|soak|overload] --seconds 60 --users 12 --report FOLDER

Exit code 1 when an aim is missed.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from loadtests.aims import judged
from loadtests.records import Phase, read_records
from loadtests.report import Run, write
from loadtests.servers import Servers, refuse_remote, running, wait_until_serving
from loadtests.watch import Watch, metrics_text

KINDS: Final = ("steady", "step", "pulse", "soak", "overload")
MOST_SECONDS, MOST_USERS, MOST_REQUESTS = 3600, 200, 1_000_000
# Planners, other systems and analysts that keep a core busy, and do not overload it.
USERS_A_CORE: Final = 3
# What is left to the driver after its time is over.
_GRACE_SECONDS: Final = 90.0


def main(words: list[str] | None = None) -> int:
    """Run, print the aims, write the report; the exit code."""
    options = _options(words)
    # Asked to stop, the servers and the driver are ended on the way out.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with contextlib.ExitStack() as stack:
        folder = Path(options.report or Path("var") / "loadtest" / time.strftime("%Y%m%d-%H%M%S"))
        folder.mkdir(parents=True, exist_ok=True)
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dafeng-load-")))
        servers = _servers(stack, options, place)
        print(
            f"serving at {servers.grpc}; {options.kind} for {options.seconds} s, {options.users} users",
            flush=True,
        )
        run = _run(options, servers, folder)
    write(run, folder)
    for aim in run.aims:
        mark = {True: "met", False: "MISSED", None: "not told"}[aim.met]
        print(f"{mark:9}{aim.name}: {aim.figure} (aim {aim.aim})")
    print(f"report: {folder / 'report.html'}")
    return 1 if any(a.met is False for a in run.aims) else 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="loadtests", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=KINDS, default="steady")
    parser.add_argument("--seconds", type=float, default=60, help=f"at most {MOST_SECONDS}")
    parser.add_argument(
        "--users", type=int, default=USERS_A_CORE * (os.cpu_count() or 1),
        help=f"at most {MOST_USERS}; {USERS_A_CORE} a core by default",
    )  # fmt: skip
    parser.add_argument("--requests", type=int, default=0, help="end after so many calls")
    parser.add_argument("--report", default="", help="folder of the report; var/loadtest/<time> by default")
    parser.add_argument("--separate", action="store_true", help="a process for each service")
    parser.add_argument("--threads", type=int, default=0, help="threads of each server that run kernels")
    parser.add_argument("--no-batches", action="store_true", help="no users with batches")
    parser.add_argument("--grpc", default="", help="aim at a gateway on loopback that runs already")
    parser.add_argument("--http", default="", help="its HTTP address, http://127.0.0.1:port")
    options = parser.parse_args(words)
    options.seconds = min(max(options.seconds, 1.0), MOST_SECONDS)
    options.users = min(max(options.users, 1), MOST_USERS)
    options.requests = min(max(options.requests, 0), MOST_REQUESTS)
    try:
        for address in (options.grpc, options.http):
            if address:
                refuse_remote(address)
    except ValueError as error:
        parser.error(str(error))
    return options


def _servers(stack: contextlib.ExitStack, options: argparse.Namespace, place: Path) -> Servers:
    if options.grpc:
        wait_until_serving(options.grpc)
        return Servers(options.grpc, options.http or "http://127.0.0.1:8080")
    return stack.enter_context(running(place, separate=options.separate, threads=options.threads))


def _run(options: argparse.Namespace, servers: Servers, folder: Path) -> Run:
    """Drive the load in a process of its own and gather what was found."""
    start = time.monotonic()
    plan = {
        "kind": options.kind, "seconds": options.seconds, "users": options.users, "requests": options.requests,
        "batches": not options.no_batches, "grpc": servers.grpc, "http": servers.http, "start": start,
        "records": str(folder / "requests.csv"),
    }  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(plan, indent=1), encoding="utf-8")
    with Watch(servers.pids, start) as watch:
        told = _driven(folder / "plan.json", options.seconds)
    seconds = time.monotonic() - start
    if servers.metrics and (text := metrics_text(servers.metrics)):
        (folder / "metrics.txt").write_text(text, encoding="utf-8")
    records = sorted(read_records(folder / "requests.csv"), key=lambda r: r.at_s)
    aims = judged(options.kind, records, told.phases, watch.samples, told.capacity)
    words = f"{seconds:.0f} s, {options.users} users, {'a process a service' if options.separate else 'one process'}"
    figures = {"capacity": f"{told.capacity:.2f} projections a second"} if told.capacity else {}
    return Run(options.kind, words, seconds, records, told.phases, watch.samples, aims, figures)


@dataclass
class _Told:
    phases: list[Phase] = field(default_factory=list)
    capacity: float = 0.0


def _driven(plan: Path, seconds: float) -> _Told:
    """Run the driver; progress is shown, phases are kept."""
    told = _Told()
    command = [sys.executable, "-m", "loadtests.drive", str(plan)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    shown = 0.0
    try:
        for line in _lines(process, seconds + _GRACE_SECONDS):
            if "phase" in line:
                told.phases.append(Phase(*line["phase"]))
                print(f"{line['phase'][2]:7.0f} s  {line['phase'][0]} ended", flush=True)
            elif "capacity" in line:
                told.capacity = line["capacity"]
                print(f"capacity: {told.capacity:.2f} a second", flush=True)
            elif "progress" in line and line["progress"][0] > shown + 5:
                shown, calls, busy = line["progress"]
                print(f"{shown:7.0f} s  {calls:,} calls, {busy} at once", flush=True)
        code = process.wait(_GRACE_SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code:
        raise SystemExit(f"the driver of the load ended with {code}")
    return told


def _lines(process: "subprocess.Popen[str]", most_seconds: float) -> Iterator[dict[str, Any]]:
    """What the driver tells; what is late by far is ended."""
    end = time.monotonic() + most_seconds
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            yield json.loads(line)
        if time.monotonic() > end:
            raise SystemExit("the driver of the load did not end in time")


if __name__ == "__main__":
    sys.exit(main())
