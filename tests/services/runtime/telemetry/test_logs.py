"""Log lines: one JSON object each, with ids, without secrets, and never in the way of the service."""

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.common.acting import Actor, act_as, act_no_more
from services.common.spans import facts_of_a_call, note
from services.runtime import logs
from services.runtime.gates import Gates
from services.runtime.interceptor import CallInterceptor
from services.runtime.telemetry.log_sink import LogSink
from tests.services.runtime.telemetry.test_figures import PROJECT, Context

ROOT = Path(__file__).resolve().parents[4]
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJwbGFubmVyIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is written at debug."""
    written: list[str] = []

    class Sink:
        put = staticmethod(written.append)

    monkeypatch.setattr(logs, "sink", Sink)
    before = structlog.get_config()
    root, level = logging.getLogger(), logging.getLogger().level
    logs.configure_logs("debug", "gateway")
    yield written
    structlog.configure(**before)
    for handler in [h for h in root.handlers if isinstance(h, logs._OtherPackages)]:
        root.removeHandler(handler)
    root.setLevel(level)


def fresh() -> Any:
    """A logger that was not kept from an earlier configuration."""
    return structlog.get_logger()


def test_a_line_says_service_request_user_batch_and_what_is_known(lines: list[str]) -> None:
    token = act_as(Actor("zhang", frozenset(), ()))
    with facts_of_a_call(request_id="r1", service="industry"):
        note(batch_id="b1", digest="d1")
        fresh().info("something", count=3)
    act_no_more(token)
    fresh().info("outside")
    inside, outside = map(json.loads, lines)
    expected = {"service": "industry", "request_id": "r1", "user": "zhang", "batch_id": "b1", "digest": "d1"}
    assert expected.items() <= inside.items()
    assert outside["service"] == "gateway"
    assert not {"request_id", "user", "batch_id"} & set(outside)


@pytest.mark.parametrize(
    "given", ["a\nb", 'a\r\n{"event": "forged"}', "a\u2028b\x1b[31m\x00", '"}, {"level": "x']
)
def test_what_a_caller_sends_cannot_begin_a_line_of_its_own(lines: list[str], given: str) -> None:
    fresh().info("call", method=given)
    (line,) = lines
    assert len(line.split("\n")) == 1
    assert not any(ord(c) < 32 for c in line)
    assert json.loads(line)["method"] == given


@pytest.mark.parametrize(
    "event",
    [
        {"error": f"bad header: Bearer {TOKEN}"},
        {"error": f"jwt {TOKEN[:60]} was cut"},
        {"authorization": "opaque-token-text"},
        {"session_token": "opaque-token-text"},
        {"url": "postgresql://dafeng:opaque-token-text@db/x"},
        {"metadata": (("authorization", f"Bearer {TOKEN}"),)},
        {"error": "authorization: bearer opaque-token-text"},
    ],
)
def test_what_looks_like_a_secret_is_blacked_out(lines: list[str], event: dict[str, Any]) -> None:
    fresh().debug("trouble", **event)
    (line,) = lines
    assert TOKEN[:40] not in line
    assert "opaque-token-text" not in line
    assert logs.BLACKED_OUT in line


def test_lines_of_other_packages_are_of_the_same_form(lines: list[str]) -> None:
    for name in ("uvicorn.error", "grpc.aio", "alembic.runtime"):
        logging.getLogger(name).warning("said %s", f"Bearer {TOKEN}")
    told = [json.loads(line) for line in lines]
    assert [t["logger"] for t in told] == ["uvicorn.error", "grpc.aio", "alembic.runtime"]
    assert all(t["service"] == "gateway" and TOKEN not in t["event"] for t in told)


def test_the_text_of_an_unmapped_error_stands_in_the_log_and_nowhere_else(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.interceptor.logger", fresh)
    told: list[Any] = []

    class Aborting(Context):
        async def abort(self, *said: Any) -> None:
            told.extend(said)
            raise asyncio.CancelledError

    async def fail(_request: Any, _context: Any) -> None:
        raise RuntimeError("the inner secret of this fault")

    door = CallInterceptor(Gates(), "power")
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(door._unary(fail, PROJECT, one=True)(None, Aborting()))
    assert "INTERNAL" in str(told[0])
    assert "inner secret" not in told[1]
    found = [json.loads(line) for line in lines]
    (trouble,) = [t for t in found if "inner secret" in t.get("exception", "")]
    assert trouble["request_id"] in told[1]
    assert trouble["service"] == "power"


class Blocked(io.StringIO):
    """A pipe that nobody reads, until `free`."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def write(self, text: str) -> int:
        self.free.wait(30)
        return super().write(text)


def test_a_blocked_sink_stalls_nobody_and_what_was_dropped_is_counted() -> None:
    pipe = Blocked()
    sink = LogSink(lambda: pipe, most_lines=100)
    started = time.monotonic()
    for number in range(5_000):
        sink.put(f"line {number}")
    assert time.monotonic() - started < 5.0
    assert sink.dropped >= 4_600
    assert not sink.flush(0.05)
    pipe.free.set()
    assert sink.flush(10.0)
    sink.put("after")
    assert sink.flush(10.0)
    written = pipe.getvalue().splitlines()
    told = [json.loads(w)["count"] for w in written if "log lines dropped" in w]
    assert sum(told) == sink.dropped
    assert written[-1] == "after"
    assert len(written) == 5_001 - sink.dropped + len(told)


def test_a_sink_that_is_closed_is_no_trouble() -> None:
    stream = io.StringIO()
    stream.close()
    sink = LogSink(lambda: stream)
    sink.put("x")
    assert sink.flush(10.0)


def test_lines_come_in_the_order_in_which_they_were_said() -> None:
    stream = io.StringIO()
    sink = LogSink(lambda: stream)
    for number in range(3_000):
        sink.put(str(number))
    assert sink.flush(10.0)
    assert stream.getvalue().split() == [str(n) for n in range(3_000)]


def test_a_process_that_ends_writes_what_waits() -> None:
    code = (
        "from services.runtime.logs import configure_logs, logger\n"
        "configure_logs('info', 'x')\n"
        "for n in range(500): logger().info('line', n=n)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert len(ended.stderr.splitlines()) == 500
