"""Addresses and channels: unix sockets inside a machine, TCP between pods; one set of options for both."""

from collections.abc import Sequence
from typing import Any, Final

import grpc

from services.runtime.outgoing import Outgoing, OutgoingChannel, Provider, Watching

MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024
# A status may list thousands of violations.
MAX_STATUS_BYTES: Final = 4 * 1024 * 1024

SERVER_OPTIONS: Final[list[tuple[str, Any]]] = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
    # Clients look up a name's addresses again when a connection ends: replicas added later get their share. Calls under
    # way go on to their end.
    ("grpc.max_connection_age_ms", 300_000),
]

# All our calls to services are pure, so one that found nobody may be repeated: here, and nowhere else. gRPC waits a
# random time between attempts, never repeats a stream that has answered, and stops repeating where most calls fail.
_SERVICE_CONFIG: Final = """{
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"]
    }
  }],
  "retryThrottling": {"maxTokens": 50, "tokenRatio": 0.5}
}"""

CHANNEL_OPTIONS: Final[list[tuple[str, Any]]] = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_metadata_size", 2 * MAX_STATUS_BYTES),
    ("grpc.absolute_max_metadata_size", 2 * MAX_STATUS_BYTES),
    # A service that is frozen, or behind a network that swallows everything, is noticed without a deadline.
    # The answer to a ping has a time of its own, one minute by default, which the keepalive's does not shorten.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 8_000),
    ("grpc.http2.ping_timeout_ms", 8_000),
    # Replicas that are replaced one after another: the default of 30 s would keep addresses that are gone.
    ("grpc.dns_min_time_between_resolutions_ms", 5_000),
    ("grpc.service_config", _SERVICE_CONFIG),
    ("grpc.enable_retries", 1),
    # A service that was away is found again soon after it is back.
    ("grpc.initial_reconnect_backoff_ms", 200),
    # Also the time that one try to connect has: a line that takes two seconds each way must do.
    ("grpc.min_reconnect_backoff_ms", 5_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
]


def open_channel(
    address: str,
    *,
    providers: Sequence[Provider] = (),
    watching: Watching | None = None,
    credentials: grpc.ChannelCredentials | None = None,
) -> grpc.aio.Channel:
    """A channel to an address (see `target_of`), in plain text where there are no credentials, and to unix sockets.

    Its calls carry the id, class and deadline of the call under way and what the providers add; `watching` stops them
    where a service is away.
    """
    if credentials is None or address.startswith("unix:"):
        channel = grpc.aio.insecure_channel(target_of(address), options=CHANNEL_OPTIONS)
    else:
        channel = grpc.aio.secure_channel(target_of(address), credentials, options=CHANNEL_OPTIONS)
    return OutgoingChannel(channel, Outgoing(providers, watching))


def target_of(address: str) -> str:
    """The gRPC target of "unix:/path", "host:port", "dns:///name:port", or of replicas "ip:port,ip:port".

    Calls go to all addresses behind a target in turn. A list takes addresses of IPv4: names are for "dns:///".
    """
    return f"ipv4:{address}" if "," in address else address


def is_loopback(address: str) -> bool:
    """True for unix sockets and loopback hosts."""
    return all(_is_loopback(one) for one in address.split(","))


def _is_loopback(address: str) -> bool:
    host = address.removeprefix("dns:///").rpartition(":")[0].strip("[]")
    return address.startswith("unix:") or host in ("127.0.0.1", "localhost", "::1")
