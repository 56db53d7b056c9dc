"""One trace of a call from the HTTP door to the sectors; and what happens when nobody takes it."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import grpc
import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from dafeng.client import Client
from services.common.spans import note, span
from services.runtime.telemetry import tracing
from services.runtime.telemetry.settings import TelemetrySettings
from tests.services.runtime.telemetry.conftest import Observed

ROOT = Path(__file__).resolve().parents[4]
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
BODY = {"frame": {"region": "jiangsu", "last_year": 2030}, "scenario": {}}
PATH = "/dafeng.projection.v1.ProjectionService/Project"


def spans_of(observed: Observed, trace_id: str, last: str) -> list[ReadableSpan]:
    """Spans of a trace when that which ends last has ended, which is after its caller has the answer."""
    until = time.monotonic() + 10
    while True:
        tracing._provider.force_flush(10_000)
        ended = observed.spans.get_finished_spans()
        found = [s for s in ended if f"{s.context.trace_id:032x}" == trace_id]
        if any(s.name == last for s in found) or time.monotonic() > until:
            return found
        time.sleep(0.01)


def test_a_callers_trace_goes_on_through_http_gateway_and_every_sector(observed: Observed) -> None:
    told = httpx2.post(
        observed.http + PATH, json=BODY, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"}, timeout=120
    )
    assert told.status_code == 200, told.text
    found = spans_of(observed, TRACE, "HTTP POST")
    services = {s.attributes["dafeng.service"] for s in found if "dafeng.service" in s.attributes}
    assert services == {"gateway", "buildings", "transport", "industry", "power"}
    assert {"HTTP POST", "sectors", "power", "accounts", PATH[1:]} <= {s.name for s in found}
    assert len({s.attributes["dafeng.request_id"] for s in found if "dafeng.service" in s.attributes}) == 1
    by_id = {s.context.span_id: s for s in found}
    for one in found:
        parent = one.parent.span_id
        assert parent in by_id or f"{parent:016x}" == PARENT, one.name
    (first,) = [s for s in found if s.name == PATH[1:]]
    assert by_id[first.parent.span_id].name == "HTTP POST"
    assert len(first.attributes["dafeng.digest"]) == 64


def test_a_callers_trace_over_grpc_goes_on(observed: Observed) -> None:
    trace, name = "1" * 32, "dafeng.projection.v1.ProjectionService/ListRegions"
    with grpc.insecure_channel(observed.grpc) as channel:
        list_regions = channel.unary_unary(f"/{name}")
        list_regions(b"", metadata=(("traceparent", f"00-{trace}-{PARENT}-01"),), timeout=60)
    assert [s.name for s in spans_of(observed, trace, name)] == [name]


@pytest.mark.parametrize("given", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "x" * 5000])
def test_a_broken_traceparent_begins_a_trace_of_its_own(observed: Observed, given: str) -> None:
    told = httpx2.post(
        observed.http + "/dafeng.projection.v1.ProjectionService/ListRegions",
        json={}, headers={"traceparent": given}, timeout=60,
    )  # fmt: skip
    assert told.status_code == 200


class Broken(SpanExporter):
    """A collector that is not there."""

    def export(self, spans: Any) -> SpanExportResult:
        raise ConnectionError("nobody there")

    def shutdown(self) -> None:
        raise ConnectionError("nobody there")


CODE = """
import sys
from services.common.spans import note, span
from services.runtime.telemetry import tracing
from services.runtime.telemetry.settings import TelemetrySettings
from tests.services.runtime.telemetry.test_traces import Broken
tracing.trace_calls("x", TelemetrySettings(sampled_share=1.0), Broken())
for _ in range(10_000):
    with span("stage"):
        note(digest="d")
tracing.trace_no_more()
print("fine")
"""


def test_a_collector_that_fails_disturbs_nothing_and_says_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout == "fine\n", ended.stderr
    assert ended.stderr == ""


def test_without_a_collector_no_tracer_is_loaded() -> None:
    code = (
        "import sys, gateway.serve\n"
        "from services.runtime.telemetry.tracing import trace_calls\n"
        "from services.runtime.telemetry.settings import TelemetrySettings\n"
        "trace_calls('x', TelemetrySettings())\n"
        "print([m for m in sys.modules if m.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == "[]\n"


def test_stages_outside_any_trace_cost_and_do_nothing() -> None:
    with span("a stage"):
        note(digest="d")
    assert asyncio.run(_nothing()) is None


async def _nothing() -> None:
    with span("a stage"):
        return


def test_a_token_sent_stands_in_no_span(observed: Observed) -> None:
    with Client(observed.grpc) as client:
        client.regions()
    told = httpx2.post(
        observed.http + PATH, json=BODY, headers={"authorization": "Bearer not-a-token-of-ours"}, timeout=60
    )
    assert told.status_code == 401
    tracing._provider.force_flush(10_000)
    assert "not-a-token-of-ours" not in "".join(s.to_json() for s in observed.spans.get_finished_spans())


def test_settings_of_traces_are_bounded() -> None:
    with pytest.raises(ValueError, match="sampled_share"):
        TelemetrySettings(sampled_share=1.5)
