"""Addresses and channels: unix sockets inside a machine, TCP between pods; one set of options for both."""

from typing import Any, Final

import grpc

MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024
# A status may list thousands of violations.
MAX_STATUS_BYTES: Final = 4 * 1024 * 1024

SERVER_OPTIONS: Final[list[tuple[str, Any]]] = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
]

# All our calls are pure, so a call that never reached a service may be repeated.
_SERVICE_CONFIG: Final = """{
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "2s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
}"""

CHANNEL_OPTIONS: Final[list[tuple[str, Any]]] = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_metadata_size", 2 * MAX_STATUS_BYTES),
    ("grpc.absolute_max_metadata_size", 2 * MAX_STATUS_BYTES),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.service_config", _SERVICE_CONFIG),
    ("grpc.enable_retries", 1),
]


def open_channel(address: str) -> grpc.aio.Channel:
    """A channel to "unix:/path" or "host:port" (plain text: loopback and unix sockets only for now)."""
    return grpc.aio.insecure_channel(address, options=CHANNEL_OPTIONS)


def is_loopback(address: str) -> bool:
    """True for unix sockets and loopback hosts."""
    host = address.rpartition(":")[0].strip("[]")
    return address.startswith("unix:") or host in ("127.0.0.1", "localhost", "::1")
