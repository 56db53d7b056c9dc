"""Settings and command lines of the deployment are those that the software takes."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer.main
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dafeng.cli.app import app
from gateway.jobs.kubernetes import KubernetesSettings
from gateway.settings import DEFAULT_PORTS, load_settings
from services.common.errors import DomainError
from services.runtime.address import target_of
from tests.k8s import policies
from tests.k8s.kustomize import build

K8S = Path(__file__).resolve().parents[2] / "k8s"


@pytest.fixture(scope="module", params=["dev", "production"])
def objects(request):
    return build(K8S / "overlays" / request.param)


@pytest.fixture(scope="module")
def certificate():
    """(certificate, key), signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "dafeng-gateway")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM), key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def texts(objects):
    return {n: t for m in policies.of_kind(objects, "ConfigMap") for n, t in m["data"].items()}


@pytest.fixture
def stood_in(tmp_path, certificate):
    """Writes a file of settings with stand-ins for the files that it names."""

    def write(name, text):
        for folder in ("tls", "identity", "gateway-keys", "oidc"):
            (tmp_path / folder).mkdir(exist_ok=True, mode=0o700)
        (tmp_path / "tls" / "tls.crt").write_bytes(certificate[0])
        (tmp_path / "tls" / "ca.crt").write_bytes(certificate[0])
        (tmp_path / "tls" / "tls.key").write_bytes(certificate[1])
        (tmp_path / "oidc" / "client-secret").write_text("stand-in")
        (tmp_path / name).write_text(text.replace("/etc/dafeng", str(tmp_path)), "utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize("name", ["sector.toml", "gateway.toml"])
def test_settings_load_with_the_addresses_and_the_store_of_the_pod(objects, stood_in, name):
    listen = {"listen": "0.0.0.0:50050", "http": "0.0.0.0:8080"}
    settings = load_settings(
        stood_in(name, texts(objects)[name]), listen, "postgresql+psycopg://dafeng@db/dafeng"
    )
    assert settings.listen == "0.0.0.0:50050"
    if settings.profile == "production":
        assert settings.identity.mode == "oidc"
        assert not settings.reflection
        assert None not in (settings.tls.certificate, settings.tls.key)
    if name == "gateway.toml":
        assert set(settings.sectors) == set(DEFAULT_PORTS) - {"gateway"}
        assert all(target_of(a).startswith("dns:///") for a in settings.sectors.values())
        if settings.batches.kubernetes:
            launched = KubernetesSettings.model_validate(settings.batches.kubernetes)
            assert launched.namespace == "dafeng"
            assert launched.store_secret.key in policies.SECRETS[launched.store_secret.name]


def test_settings_with_an_unknown_word_are_refused(objects, stood_in):
    text = texts(objects)["sector.toml"].replace("reflection", "reflexion")
    with pytest.raises(DomainError, match="reflexion"):
        load_settings(stood_in("sector.toml", text), {})


def test_every_argument_is_an_option_of_the_command(objects):
    serve = typer.main.get_command(app).commands["serve"]
    known = {o for p in serve.params for o in p.opts}
    for name, _, container in policies.pods(objects):
        first, service, *rest = container["args"]
        assert (first, service) == ("serve", name.partition("/")[0])
        assert set(rest[::2]) <= known
        said = dict(zip(rest[::2], rest[1::2], strict=True))
        assert said["--listen"] == f"0.0.0.0:{DEFAULT_PORTS[service]}"
        ports = {p["name"]: p["containerPort"] for p in container["ports"]}
        assert ports["grpc"] == DEFAULT_PORTS[service]
        assert said.get("--http", "none").rpartition(":")[2] == str(ports.get("http", "none"))
        settings = dict(policies.settings_of(objects))[Path(said["--config"]).name]
        assert settings["telemetry"]["operator"].endswith(f":{ports['operator']}")


def test_the_store_comes_from_the_environment(objects):
    serve = typer.main.get_command(app).commands["serve"]
    variables = {p.envvar for p in serve.params if p.envvar}
    for _, _, container in policies.pods(objects):
        assert {v["name"] for v in container.get("env", ())} <= variables


def test_no_secret_is_kept_in_the_folder():
    found = subprocess.run(
        ["grep", "-rlE", "BEGIN [A-Z ]*PRIVATE KEY|kind: Secret$", str(K8S)], capture_output=True, text=True
    )
    assert found.stdout == ""
