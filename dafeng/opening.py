"""Channels of the client: plain text or TLS, with a token or a certificate that says who calls."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import grpc

Metadata = Sequence[tuple[str, str]]


def open_channel(
    address: str,
    options: Sequence[tuple[str, Any]],
    *,
    token: str | Callable[[], str] = "",
    metadata: Metadata = (),
    roots: str | Path = "",
    certificate: str | Path = "",
    key: str | Path = "",
    encrypted: bool = False,
) -> grpc.Channel:
    """A channel; TLS when `encrypted` is said, or when roots or a certificate are given (PEM files)."""
    if encrypted or roots or certificate:
        credentials = grpc.ssl_channel_credentials(
            Path(roots).read_bytes() if roots else None,
            Path(key).read_bytes() if key else None,
            Path(certificate).read_bytes() if certificate else None,
        )
        channel = grpc.secure_channel(address, credentials, options=options)
    else:
        channel = grpc.insecure_channel(address, options=options)
    if not token and not metadata:
        return channel
    given = token if callable(token) else lambda: token
    return grpc.intercept_channel(channel, _Adding(given, tuple(metadata)))


class _Adding(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Adds the token, as it is at the moment of the call, and metadata to every call."""

    def __init__(self, token: Callable[[], str], metadata: Metadata) -> None:
        self._token, self._metadata = token, metadata

    def _with(self, details: Any) -> Any:
        token = self._token()
        own = [("authorization", f"Bearer {token}")] if token else []
        pairs = [*(details.metadata or ()), *self._metadata, *own]
        return _Details(details.method, details.timeout, pairs, details.credentials, details.wait_for_ready)

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """One request, one reply."""
        return continuation(self._with(client_call_details), request)

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """One request, many replies."""
        return continuation(self._with(client_call_details), request)

    def intercept_stream_unary(
        self, continuation: Any, client_call_details: Any, request_iterator: Any
    ) -> Any:
        """Many requests, one reply."""
        return continuation(self._with(client_call_details), request_iterator)

    def intercept_stream_stream(
        self, continuation: Any, client_call_details: Any, request_iterator: Any
    ) -> Any:
        """Many requests, many replies."""
        return continuation(self._with(client_call_details), request_iterator)


class _Details(grpc.ClientCallDetails):
    """A call's details with more metadata."""

    def __init__(
        self, method: str, timeout: float | None, metadata: Any, credentials: Any, wait_for_ready: Any
    ) -> None:
        self.method, self.timeout, self.metadata = method, timeout, metadata
        self.credentials, self.wait_for_ready, self.compression = credentials, wait_for_ready, None
