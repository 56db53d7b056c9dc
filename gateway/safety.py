"""What a service refuses to start with: settings that would leave it open. Everything at once, with how to mend it."""

import os
from collections.abc import Iterator
from pathlib import Path

from gateway.jobs.settings import DEFAULT, NO_STORE, BatchSettings
from gateway.settings import ServeSettings
from services.common.errors import DomainError, Violation, invalid
from services.runtime import failpoints
from services.runtime.address import is_loopback
from services.runtime.identity.identity import systems_of
from services.runtime.identity.key_folder import KeyFolder, check_private
from services.runtime.identity.oidc import check_issuer
from services.runtime.identity.transport import tls_violations


def check_safe(settings: ServeSettings, service: str, keys: Path) -> None:
    """DomainError(INVALID_INPUT) with everything that is not safe. `service`: embedded, gateway or a sector's id."""
    found = [*_anywhere(settings), *tls_violations(settings.tls)]
    if settings.profile == "production":
        found += [*_in_production(settings, service), *_keys_in_production(settings, service, keys)]
    if found:
        raise invalid(found)


def remote_addresses(settings: ServeSettings) -> list[tuple[str, str]]:
    """Addresses that others than this machine reach, with their settings' names."""
    named = {
        "listen": settings.listen,
        "http": settings.http,
        "tls.systems_listen": settings.tls.systems_listen,
    }
    return [(name, address) for name, address in named.items() if address and not is_loopback(address)]


def _anywhere(settings: ServeSettings) -> Iterator[Violation]:
    remote = remote_addresses(settings)
    encrypted = settings.tls.certificate is not None
    for name, address in remote:
        if settings.identity.mode == "open":
            text = "open sign-in is for loopback addresses only"
            yield Violation(name, text, address, 'identity.mode = "local" or "oidc"')
        if not encrypted and not settings.allow_remote:
            text = "not a loopback address, and no certificate"
            mend = "tls.certificate and tls.key; or allow_remote = true behind something that ends TLS"
            yield Violation(name, text, address, mend)
    yield from _always_plain(settings)
    if settings.identity.mode == "oidc":
        yield from _told(lambda: check_issuer(settings.identity.issuer))
        if settings.identity.client_id and not settings.identity.public_url:
            yield Violation("identity.public_url", "sign-in by an issuer sends browsers back here: say where")
    yield from _told(lambda: systems_of(settings.identity))
    yield from _store_url(settings.batches)
    yield from _backup_folder(settings.batches)
    if settings.identity.systems and not settings.tls.systems_listen:
        text = "other systems are named, but there is no address where they show their certificates"
        yield Violation("tls.systems_listen", text)


def _backup_folder(batches: BatchSettings) -> Iterator[Violation]:
    """A folder that cannot take copies is known before the first is due."""
    if not batches.backup_folder:
        return
    folder = Path(batches.backup_folder)
    at = folder if folder.exists() else folder.parent
    if not at.is_dir() or not os.access(at, os.W_OK | os.X_OK):
        text = "copies cannot be written there: is the disk mounted?"
        yield Violation(
            "batches.backup_folder", text, str(folder), "a folder that this process may write, or its parent"
        )


def _store_url(batches: BatchSettings) -> Iterator[Violation]:
    if batches.store in ("", DEFAULT, NO_STORE):
        return
    # Sectors, which keep nothing, do without the database's code.
    from gateway.jobs.store.open import check_store_url

    yield from _told(lambda: check_store_url(batches.url))


def _always_plain(settings: ServeSettings) -> Iterator[Violation]:
    """Addresses that speak plain text whatever the certificate: off loopback only where the settings say so."""
    if settings.allow_remote:
        return
    mend = "a loopback address; or allow_remote = true where the network keeps strangers out"
    for name in ("operator", "otlp"):
        address = getattr(settings.telemetry, name)
        if address and not is_loopback(address.partition("://")[2] or address):
            yield Violation(
                f"telemetry.{name}", "not a loopback address, and always plain text", address, mend
            )
    if settings.profile == "production" or settings.tls.certificate or settings.tls.server_roots:
        return
    for sector_id, address in settings.sectors.items():
        if not is_loopback(address):
            yield Violation(f"sectors.{sector_id}", "plain text to a service off loopback", address, mend)


def _in_production(settings: ServeSettings, service: str) -> Iterator[Violation]:
    encrypted = settings.tls.certificate is not None
    if settings.identity.mode == "open":
        yield Violation("identity.mode", "open sign-in is not for production", "open", "local, oidc")
    if settings.reflection:
        yield Violation("reflection", "reflection is not for production", "true", "false")
    if failpoints.named():
        yield Violation(failpoints.PLACES, "failpoints are for tests only", "", "unset it")
    if not encrypted:
        for name, address in remote_addresses(settings):
            yield Violation(
                name, "plain text off loopback is not for production", address, "tls.certificate, tls.key"
            )
    own = service in ("embedded", "gateway")
    if not own and not is_loopback(settings.listen or "127.0.0.1:0") and settings.tls.client_roots is None:
        text = "a sector service off loopback answers the gateway's certificate only"
        yield Violation("tls.client_roots", text)
    if service == "gateway" and settings.tls.certificate is None and settings.tls.server_roots is None:
        for sector_id, address in settings.sectors.items():
            if not is_loopback(address):
                text = "plain text to a service off loopback is not for production"
                yield Violation(
                    f"sectors.{sector_id}", text, address, "tls.server_roots, tls.certificate, tls.key"
                )
    yield from _issuer_in_production(settings)


def _issuer_in_production(settings: ServeSettings) -> Iterator[Violation]:
    identity = settings.identity
    if identity.mode != "oidc":
        return
    for name, address in (("identity.issuer", identity.issuer), ("identity.public_url", identity.public_url)):
        if address and not address.startswith("https://"):
            yield Violation(name, "not https", address, "https://...")
    if identity.client_secret_file:
        yield from _told(
            lambda: check_private(Path(identity.client_secret_file)), "identity.client_secret_file"
        )


def _keys_in_production(settings: ServeSettings, service: str, keys: Path) -> Iterator[Violation]:
    """Services that trust each other's keys are given them: a key made at the start is known to one of them only."""
    if service == "embedded":
        return
    if service != "gateway" and settings.identity.gateway_keys:
        if not any(Path(settings.identity.gateway_keys).glob("*.pub.pem")):
            text = "no public key of the gateway here"
            mend = "dafeng identity keys --public FOLDER on the gateway's side"
            yield Violation("identity.gateway_keys", text, settings.identity.gateway_keys, mend)
        return
    found: list[Violation] = list(_told(lambda: KeyFolder(keys).keys()))
    yield from found
    if not found and not KeyFolder(keys).keys():
        yield Violation(
            "identity.keys", "no signing key: services share one", str(keys), "dafeng identity init"
        )


def _told(check: object, field: str = "") -> Iterator[Violation]:
    """The violations that a check raises."""
    try:
        check()  # type: ignore[operator]
    except DomainError as error:
        yield from (Violation(field or v.field, v.description, v.given, v.allowed) for v in error.violations)
    except OSError as error:
        yield Violation(field or "identity", str(error))
