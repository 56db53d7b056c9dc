"""Encrypted transport over real sockets: who gets through, who does not, and certificates that change."""

import os
import socket
import ssl
import time

import httpx2
import pytest
from cryptography import x509

from dafeng.client import Client, NotReadyError, NotSignedInError
from gateway.settings import ServeSettings
from services.common.errors import DomainError
from services.runtime.identity.readers import LocalTokens
from services.runtime.identity.settings import IdentitySettings, SystemIdentity, TlsSettings
from services.runtime.identity.transport import Certificates
from tests.dafeng.test_identity_commands import run
from tests.gateway.conftest import free_port
from tests.gateway.identity.authority import Authority
from tests.gateway.identity.conftest import in_thread, make_users
from tests.gateway.identity.small_gateway import small_gateway, small_sector


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    return Authority("roots", folder), Authority("strangers", folder)


@pytest.fixture(scope="module")
def served(pki, tmp_path_factory):
    """(gRPC address, HTTP address, systems' address, key folder) of a gateway with TLS."""
    root = tmp_path_factory.mktemp("tls")
    make_users(root / "keys")
    certificate, key = pki[0].issue("dafeng-gateway")
    http, systems = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    settings = ServeSettings(
        http=http,
        log_level="error",
        identity=IdentitySettings(
            mode="local",
            keys=str(root / "keys"),
            systems=(SystemIdentity(name="grid", roles=("viewer",), scopes=("jiangsu",)),),
        ),
        tls=TlsSettings(certificate=certificate, key=key, client_roots=pki[0].roots, systems_listen=systems),
    )
    with in_thread(small_gateway(settings, root)) as server:
        yield server.address, http, systems, root / "keys"


@pytest.fixture(scope="module")
def sector(pki, tmp_path_factory):
    """Address of a sector that asks for the gateway's certificate, and the key folder that it trusts."""
    root = tmp_path_factory.mktemp("sector")
    make_users(root / "keys")
    certificate, key = pki[0].issue("power")
    settings = ServeSettings(
        log_level="error",
        identity=IdentitySettings(mode="local", keys=str(root / "keys")),
        tls=TlsSettings(certificate=certificate, key=key, client_roots=pki[0].roots),
    )
    with in_thread(small_sector(settings)) as server:
        yield server.address, root / "keys"


def token(folder, user="viewer"):
    return LocalTokens(folder, IdentitySettings()).issue(user, 600)


def ask(address, **options):
    with Client(address, timeout_seconds=5.0, **options) as client:
        return client.factors.sets("jiangsu")


def test_tls_with_a_token_is_answered_and_plain_text_is_not(served, pki):
    address, _, _, folder = served
    assert ask(address, roots=pki[0].roots, token=token(folder))
    with pytest.raises(NotSignedInError):
        ask(address, roots=pki[0].roots)
    with pytest.raises(NotReadyError):
        ask(address, token=token(folder))
    with pytest.raises(NotReadyError):  # a client that trusts other roots does not talk to it
        ask(address, roots=pki[1].roots, token=token(folder))


def test_a_sector_answers_the_gateways_certificate_alone(sector, pki):
    address, folder = sector
    known = {"roots": pki[0].roots, "token": token(folder)}
    certificate, key = pki[0].issue("dafeng-gateway", "as-gateway")
    assert ask(address, certificate=certificate, key=key, **known)
    for name in ("transport", "dafeng-gateway.evil", "grid"):
        certificate, key = pki[0].issue(name)
        with pytest.raises(NotSignedInError):
            ask(address, certificate=certificate, key=key, **known)
    certificate, key = pki[1].issue("dafeng-gateway", "stranger")
    for wrong in ({"certificate": certificate, "key": key}, {}):
        with pytest.raises(NotReadyError):
            ask(address, **wrong, **known)
    with pytest.raises(NotReadyError):
        ask(address, token=token(folder))


def test_another_system_is_known_by_its_certificate_at_an_address_of_its_own(served, pki):
    address, _, systems, _ = served
    certificate, key = pki[0].issue("grid")
    shown = {"roots": pki[0].roots, "certificate": certificate, "key": key}
    assert ask(systems, **shown)
    with Client(systems, **shown) as client:
        who = client.identity.who_am_i()
        assert (who.user_id, who.kind, list(who.scopes)) == ("grid", "system", ["jiangsu"])
        assert list(who.acts) == ["public", "reference"]
    with pytest.raises(NotSignedInError):  # nobody asks for its certificate here
        ask(address, **shown)
    certificate, key = pki[0].issue("unlisted")
    with pytest.raises(NotSignedInError):
        ask(systems, roots=pki[0].roots, certificate=certificate, key=key)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("door", ["gRPC", "HTTP", "systems"])
def test_tls_below_1_2_is_refused_and_above_is_not(served, pki, door):
    address = dict(zip(("gRPC", "HTTP", "systems"), served[:3], strict=True))[door]

    def handshake(version):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(pki[0].roots)
        context.load_cert_chain(*pki[0].issue("grid", "of-grid"))
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.set_alpn_protocols(["h2", "http/1.1"])
        context.minimum_version = context.maximum_version = version
        host, _, port = address.rpartition(":")
        with (
            socket.create_connection((host, int(port)), 5) as raw,
            context.wrap_socket(raw, server_hostname="localhost") as made,
        ):
            return made.version()

    with pytest.raises((ssl.SSLError, OSError)):
        handshake(ssl.TLSVersion.TLSv1_1)
    assert handshake(ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert handshake(ssl.TLSVersion.TLSv1_3) == "TLSv1.3"


def test_the_page_is_served_by_https_with_cookies_that_go_nowhere_else(served, pki):
    _, http, _, folder = served
    trusted = ssl.create_default_context(cafile=str(pki[0].roots))
    reply = httpx2.post(
        f"https://{http}/sign-in",
        data={"token": token(folder)},
        headers={"origin": f"https://{http}"},
        verify=trusted,
    )
    assert reply.status_code == 303
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith("__Host-dafeng-session=") and "Secure" in cookie and "SameSite=Strict" in cookie
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(f"http://{http}/sign-in")


def test_a_certificate_that_is_renewed_is_shown_without_a_restart(pki, tmp_path):
    make_users(tmp_path / "keys")
    certificate, key = pki[0].issue("renewed")
    settings = ServeSettings(
        log_level="error",
        identity=IdentitySettings(mode="local", keys=str(tmp_path / "keys")),
        tls=TlsSettings(certificate=certificate, key=key),
    )

    def serial(address):
        host, _, port = address.rpartition(":")
        context = ssl.create_default_context(cafile=str(pki[0].roots))
        with (
            socket.create_connection((host, int(port)), 5) as raw,
            context.wrap_socket(raw, server_hostname="localhost") as made,
        ):
            return x509.load_der_x509_certificate(made.getpeercert(True)).serial_number

    with in_thread(small_sector(settings)) as server:
        first = serial(server.address)
        key.write_bytes(b"half written")  # a broken change is waited out
        assert serial(server.address) == first
        pki[0].issue("renewed")
        os.utime(certificate, ns=(time.time_ns(), time.time_ns()))
        assert serial(server.address) != first
        assert ask(server.address, roots=pki[0].roots, token=token(tmp_path / "keys"))


def test_certificate_and_key_that_do_not_belong_together_are_refused_at_the_start(pki):
    certificate, _ = pki[0].issue("a")
    _, key = pki[0].issue("b")
    with pytest.raises(DomainError, match="cannot be used"):
        Certificates(TlsSettings(certificate=certificate, key=key))
    with pytest.raises(DomainError):
        Certificates(TlsSettings(certificate=certificate, key=certificate.with_name("missing")))


def test_the_command_line_says_what_to_do_where_transports_do_not_agree(served, pki):
    """And nothing else: no line of gRPC's own from the depth of a library."""
    command = ("identity", "whoami", "--address", served[0])
    code, _, told = run("--tls", *command)
    assert code == 3 and "no encrypted connection" in told and "--roots FILE, DAFENG_ROOTS" in told
    assert "ssl_transport_security.cc" not in told
    code, _, told = run(*command)
    assert code == 3 and "--tls" in told and "--roots FILE" in told
    assert run("--roots", str(pki[0].roots), *command)[0] == 0
    assert run(*command, DAFENG_ROOTS=str(pki[0].roots))[0] == 0


def test_a_plain_port_that_is_asked_by_tls_is_told(pki, tmp_path):
    make_users(tmp_path / "keys")
    settings = ServeSettings(
        http=f"127.0.0.1:{free_port()}",
        log_level="error",
        identity=IdentitySettings(mode="local", keys=str(tmp_path / "keys")),
    )
    with in_thread(small_gateway(settings, tmp_path)) as server:
        code, _, told = run("--roots", str(pki[0].roots), "identity", "whoami", "--address", server.address)
    assert code == 3 and "plain text" in told and "ssl_transport_security.cc" not in told


def test_whoami_of_a_certificate_says_that_it_is_one(served, pki):
    certificate, key = pki[0].issue("grid", "grid-whoami")
    shown = run(
        *("--roots", str(pki[0].roots), "--certificate", str(certificate), "--key", str(key)),
        *("identity", "whoami", "--address", served[2]),
    )[1]
    assert "grid" in shown and "client certificate" in shown and "local" not in shown
