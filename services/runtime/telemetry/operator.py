"""The operator's port: /livez, /readyz, /metrics over plain HTTP, answered by threads of its own.

It answers also while the event loop is busy or stuck: that is what a probe wants to know. It is for probes and
collectors inside the operator's own network, never for the public.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST

from services.common.errors import Violation, invalid
from services.runtime.telemetry.health import Health
from services.runtime.telemetry.metrics import metrics

JSON: Final = "application/json"
_MOST_CONNECTIONS: Final = 16
_REQUEST_SECONDS: Final = 5.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = _MOST_CONNECTIONS

    def __init__(self, address: tuple[str, int], health: Health) -> None:
        self.health = health
        self._room = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """One thread a connection, and no more than a few."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, then make room."""
        threading.current_thread().name = "operator"
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who breaks off is no event."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _REQUEST_SECONDS
    server_version = "dafeng"
    sys_version = ""

    def do_GET(self) -> None:
        """One of the three."""
        path = self.path.partition("?")[0]
        if path == "/metrics":
            self._answer(200, metrics().text(), CONTENT_TYPE_LATEST)
        elif path in ("/livez", "/readyz"):
            health = self.server.health
            well, told = health.live() if path == "/livez" else health.ready()
            self._answer(200 if well else 503, json.dumps(told, ensure_ascii=False).encode(), JSON)
        else:
            self._answer(404, b'{"error": "not here"}', JSON)

    do_HEAD = do_GET  # noqa: N815 named by the library

    def log_message(self, *_: Any) -> None:
        """Probes are not worth a line."""

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextlib.contextmanager
def operator_port(address: str, health: Health) -> Iterator[str]:
    """Answer at host:port inside (port 0: any that is free); yields the address. DomainError when it cannot listen."""
    host, _, port = address.rpartition(":")
    try:
        server = _Server((host.strip("[]"), int(port)), health)
    except (OSError, ValueError, OverflowError) as error:
        raise invalid(
            [Violation("telemetry.operator", f"cannot listen on this address: {error}", address)]
        ) from None
    thread = threading.Thread(target=server.serve_forever, args=(0.2,), name="operator port", daemon=True)
    thread.start()
    try:
        yield f"{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
