"""Encrypted transport: certificates of servers, read again when their files change, and of the calls we make."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc

from services.common.errors import DomainError, Violation, invalid
from services.runtime.identity.settings import TlsSettings
from services.runtime.logs import logger


class Certificates:
    """The certificate, key and roots of a service, as its files hold them now."""

    def __init__(self, settings: TlsSettings) -> None:
        """DomainError when a file is missing, or certificate and key do not belong together."""
        self.settings = settings
        self._seen = self._stamps()
        self.content = self._read()
        check_pair(settings)

    def changed(self) -> bool:
        """Whether files have changed and are whole; then `content` is new. A broken change is logged and waits."""
        stamps = self._stamps()
        if stamps == self._seen:
            return False
        self._seen = stamps
        try:
            content = self._read()
            check_pair(self.settings)
        except Exception as error:  # the connection goes on with what was read before
            logger().error("certificates have changed and cannot be read", error=str(error))
            return False
        self.content = content
        return True

    def server_configuration(self, *, ask: bool) -> Any:
        """What a gRPC server shows; with `ask` a caller must show a certificate that the roots sign."""
        certificate, key, roots = self.content
        return grpc.ssl_server_certificate_configuration([(key, certificate)], roots if ask else None)

    def _files(self) -> tuple[Path | None, ...]:
        return (self.settings.certificate, self.settings.key, self.settings.client_roots)

    def _stamps(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_stamp(f) for f in self._files())

    def _read(self) -> tuple[bytes, bytes, bytes | None]:
        certificate, key, roots = (None if f is None else read_file(f) for f in self._files())
        if certificate is None or key is None:
            raise invalid([Violation("tls", "certificate and key belong together: name both, or none")])
        return certificate, key, roots


def server_credentials(settings: TlsSettings, *, ask: bool) -> grpc.ServerCredentials | None:
    """Credentials of a server that follow their files; None: plain text. With `ask` callers must show a certificate.

    gRPC speaks TLS 1.2 and above only.
    """
    if settings.certificate is None:
        return None
    files = Certificates(settings)

    def fetch() -> Any:
        return files.server_configuration(ask=ask) if files.changed() else None

    first = files.server_configuration(ask=ask)
    made: grpc.ServerCredentials = grpc.dynamic_ssl_server_credentials(
        first, fetch, require_client_authentication=ask
    )
    return made


def channel_credentials(settings: TlsSettings) -> grpc.ChannelCredentials | None:
    """Credentials of our calls to our services; None: plain text."""
    if settings.server_roots is None and settings.certificate is None:
        return None
    shown = settings.certificate is not None and settings.key is not None
    return grpc.ssl_channel_credentials(
        read_file(settings.server_roots) if settings.server_roots is not None else None,
        read_file(settings.key) if shown and settings.key is not None else None,
        read_file(settings.certificate) if shown and settings.certificate is not None else None,
    )


def http_context(settings: TlsSettings) -> ssl.SSLContext | None:
    """The context of the HTTP door, TLS 1.2 and above; None: plain text."""
    if settings.certificate is None:
        return None
    check_pair(settings)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.certificate, settings.key)
    return context


def check_pair(settings: TlsSettings) -> None:
    """DomainError when certificate and key cannot be used together."""
    if settings.certificate is None or settings.key is None:
        raise invalid([Violation("tls", "certificate and key belong together: name both, or none")])
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as error:
        text = f"certificate and key cannot be used: {error}"
        raise invalid([Violation("tls.certificate", text, str(settings.certificate))]) from None


def read_file(path: Path) -> bytes:
    """A file's content. DomainError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise invalid([Violation("tls", str(error.strerror or error), str(path))]) from None


def tls_violations(settings: TlsSettings) -> Sequence[Violation]:
    """Everything wrong with the table [tls] by itself, files that cannot be read among it."""
    found = []
    for name in ("certificate", "key", "client_roots", "server_roots"):
        path = getattr(settings, name)
        if path is None:
            continue
        try:
            path.open("rb").close()
        except OSError as error:
            text = f"cannot be read: {error.strerror}"
            found.append(Violation(f"tls.{name}", text, str(path), "a PEM file that this process may read"))
    if (settings.certificate is None) != (settings.key is None):
        found.append(Violation("tls", "certificate and key belong together: name both, or none"))
    if settings.client_roots is not None and settings.certificate is None:
        found.append(Violation("tls.client_roots", "callers' certificates need one of this service's own"))
    if settings.systems_listen and settings.client_roots is None:
        text = "an address for other systems needs the roots that sign their certificates"
        found.append(Violation("tls.systems_listen", text, settings.systems_listen, "tls.client_roots"))
    if not found and settings.certificate is not None:
        try:
            check_pair(settings)
        except DomainError as error:
            found += error.violations
    return found


def _stamp(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
