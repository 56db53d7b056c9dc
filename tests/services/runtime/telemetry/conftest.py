"""One embedded gateway with an operator's port and traces, for all tests of telemetry."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.settings import ServeSettings, load_settings
from services.runtime.telemetry import tracing
from services.runtime.telemetry.settings import TelemetrySettings
from tests.gateway.conftest import free_port, running


@dataclass
class Observed:
    """Addresses of the gateway and what it told."""

    grpc: str
    http: str
    operator: str
    spans: InMemorySpanExporter

    def get(self, path: str) -> httpx2.Response:
        """What the operator's port answers."""
        return httpx2.get(f"http://{self.operator}{path}", timeout=30)


@pytest.fixture(scope="session")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    operator, http = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    folder: Path = tmp_path_factory.mktemp("observed")
    spans = InMemorySpanExporter()
    tracing.trace_calls("embedded", TelemetrySettings(sampled_share=1.0), spans)
    given = {
        "listen": "127.0.0.1:0",
        "http": http,
        "telemetry": {"operator": operator},
        "identity": {"keys": str(folder / "identity")},
    }
    settings: ServeSettings = load_settings(None, given, f"sqlite:///{folder / 'batches.sqlite'}")
    with running(settings) as address:
        yield Observed(address, f"http://{http}", operator, spans)
    tracing.trace_no_more()
