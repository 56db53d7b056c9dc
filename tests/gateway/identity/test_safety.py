"""Settings that would leave a service open: refused before it starts, all at once."""

import pytest

from gateway.safety import check_safe
from gateway.settings import ServeSettings, load_settings
from services.common.errors import DomainError
from services.runtime.identity.key_folder import KeyFolder
from tests.gateway.identity.authority import Authority


def wrong(service="embedded", keys=None, **settings):
    """Fields that are refused."""
    try:
        check_safe(ServeSettings.model_validate(settings), service, keys)
    except DomainError as error:
        return {v.field for v in error.violations}
    return set()


@pytest.fixture
def keys(tmp_path):
    KeyFolder(tmp_path / "keys").make()
    return tmp_path / "keys"


@pytest.fixture
def tls(tmp_path):
    certificate, key = Authority("roots", tmp_path).issue("a")
    return {"certificate": str(certificate), "key": str(key)}


LOCAL = {"mode": "local"}
SAFE = {"profile": "production", "reflection": False, "identity": LOCAL}


def test_the_defaults_on_loopback_are_safe(keys):
    for service in ("embedded", "gateway", "power"):
        assert wrong(service, keys) == set()


def test_open_sign_in_and_plain_text_are_for_loopback(keys, tls):
    remote = {"listen": "0.0.0.0:50050", "http": "0.0.0.0:8080"}
    assert wrong(keys=keys, **remote) == {"listen", "http"}
    assert wrong(keys=keys, allow_remote=True, **remote) == {"listen", "http"}
    assert wrong(keys=keys, identity=LOCAL, **remote) == {"listen", "http"}
    assert wrong(keys=keys, identity=LOCAL, allow_remote=True, **remote) == set()
    assert wrong(keys=keys, identity=LOCAL, tls=tls, **remote) == set()


def test_what_is_always_plain_text_leaves_this_machine_only_where_the_settings_say_so(keys, tls):
    far = {"operator": "0.0.0.0:9090", "otlp": "collector:4317"}
    assert wrong(keys=keys, telemetry=far) == {"telemetry.operator", "telemetry.otlp"}
    assert wrong(keys=keys, identity=LOCAL, tls=tls, telemetry=far) == {
        "telemetry.operator",
        "telemetry.otlp",
    }
    assert wrong(keys=keys, telemetry=far, allow_remote=True) == set()
    near = {"operator": "127.0.0.1:0", "otlp": "http://localhost:4317"}
    assert wrong(keys=keys, telemetry=near) == set()
    sectors = {"power": "10.0.0.7:50054", "transport": "127.0.0.1:1"}
    assert wrong("gateway", keys, sectors=sectors) == {"sectors.power"}
    assert wrong("gateway", keys, sectors=sectors, tls=tls) == set()


def test_production_refuses_what_is_for_trying_out_all_at_once(keys, monkeypatch):
    monkeypatch.setenv("DAFENG_FAILPOINTS", "x=kill")
    found = wrong(keys=keys, profile="production", listen="0.0.0.0:1", allow_remote=True)
    assert found == {"identity.mode", "reflection", "DAFENG_FAILPOINTS", "listen"}
    monkeypatch.delenv("DAFENG_FAILPOINTS")
    assert wrong(keys=keys, **SAFE) == set()


def test_production_never_speaks_plain_text_off_loopback(keys, tls):
    far = {"power": "dns:///power:50054", "transport": "127.0.0.1:1"}
    assert wrong("gateway", keys, sectors=far, **SAFE) == {"sectors.power"}
    assert wrong("gateway", keys, sectors=far, tls=tls, **SAFE) == set()
    assert wrong("power", keys, listen="0.0.0.0:1", tls=tls, **SAFE) == {"tls.client_roots"}
    asks = tls | {"client_roots": tls["certificate"]}
    assert wrong("power", keys, listen="0.0.0.0:1", tls=asks, **SAFE) == set()


def test_services_that_share_keys_are_given_them_in_production(tmp_path, keys):
    assert wrong("gateway", tmp_path / "none", **SAFE) == {"identity.keys"}
    assert wrong("power", tmp_path / "none", **SAFE) == {"identity.keys"}
    named = {**SAFE, "identity": LOCAL | {"gateway_keys": str(tmp_path)}}
    assert wrong("power", tmp_path / "none", **named) == {"identity.gateway_keys"}
    assert wrong("embedded", tmp_path / "none", **SAFE) == set()
    keys.chmod(0o755)
    assert wrong("gateway", keys, **SAFE) == {"identity.keys"}


def test_an_issuer_is_https_and_knows_the_way_back(keys, tmp_path):
    oidc = {"mode": "oidc", "issuer": "https://sso.example", "client_id": "dafeng"}
    assert wrong(keys=keys, identity=oidc) == {"identity.public_url"}
    assert wrong(keys=keys, identity=oidc | {"issuer": "http://sso.example"}) >= {"identity.issuer"}
    secret = tmp_path / "secret"
    secret.write_text("s")
    secret.chmod(0o644)
    found = oidc | {"public_url": "http://x.example", "client_secret_file": str(secret)}
    assert wrong(keys=keys, **{**SAFE, "identity": found}) == {
        "identity.public_url",
        "identity.client_secret_file",
    }


def test_other_systems_need_sound_rights_and_an_address(keys):
    systems = [{"name": "grid", "roles": ["emperor"], "scopes": ["mars"]}]
    found = wrong(keys=keys, identity=LOCAL | {"systems": systems})
    assert found == {"identity.systems.grid.roles", "identity.systems.grid.scopes", "tls.systems_listen"}
    assert "tls.client_roots" in wrong(keys=keys, tls={"client_roots": "x"})


def test_files_of_tls_and_the_url_of_a_store_are_told_with_all_else(keys, tls, tmp_path):
    missing = tls | {"key": str(tmp_path / "missing.key"), "client_roots": str(tmp_path / "missing.pem")}
    found = wrong(keys=keys, profile="production", tls=missing, batches={"store": "mysql://x/y"})
    assert found == {"identity.mode", "reflection", "tls.key", "tls.client_roots", "batches.store"}
    _, other = Authority("others", tmp_path).issue("b")
    assert wrong(keys=keys, tls=tls | {"key": str(other)}) == {"tls.certificate"}
    for store in ("sqlite:////tmp/x.sqlite", "postgresql+psycopg://u@host/db", "default", "none"):
        assert wrong(keys=keys, batches={"store": store}) == set()


def test_a_folder_for_backups_that_cannot_be_written_is_refused(keys, tmp_path):
    def at(folder):
        return wrong(keys=keys, batches={"backup_folder": str(folder)})

    (tmp_path / "file").write_text("")
    assert at(tmp_path) == at(tmp_path / "new") == set()
    for folder in (tmp_path / "not mounted" / "dafeng", tmp_path / "file"):
        assert at(folder) == {"batches.backup_folder"}


def test_a_file_of_settings_that_is_wrong_says_how_to_mend_it(tmp_path):
    file = tmp_path / "dafeng.toml"
    with pytest.raises(DomainError) as caught:
        load_settings(file, {})
    assert caught.value.violations[0].given == str(file)
    file.write_text('htp = "none"\n[identity]\nmod = "local"\n[batches.worker]\nnise = 3\n', "utf-8")
    with pytest.raises(DomainError) as caught:
        load_settings(file, {})
    told = {v.field: v.description for v in caught.value.violations}
    assert "did you mean http" in told["config.htp"]
    assert "did you mean mode" in told["config.identity.mod"]
    assert "did you mean nice" in told["config.batches.worker.nise"]
