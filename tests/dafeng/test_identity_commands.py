"""`dafeng identity`, and who the command line is to a gateway: by real commands over real sockets."""

import os
import subprocess
import sys

import jwt
import pytest

from dafeng.releases import fingerprint
from gateway.release.signing import Signer, public_half
from gateway.settings import ServeSettings
from services.runtime.identity.settings import IdentitySettings
from tests.gateway.conftest import ROOT, free_port
from tests.gateway.identity.conftest import in_thread, make_users
from tests.gateway.identity.small_gateway import small_gateway


def run(*arguments, **environment):
    """(exit code, output, errors) of a command."""
    found = subprocess.run(
        [sys.executable, "-m", "dafeng.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **environment},
        timeout=120,
        check=False,
    )
    return found.returncode, found.stdout, found.stderr


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """(address, key folder) of a gateway that wants tokens."""
    root = tmp_path_factory.mktemp("commands")
    make_users(root / "keys")
    settings = ServeSettings(
        http=f"127.0.0.1:{free_port()}",
        log_level="error",
        identity=IdentitySettings(mode="local", keys=str(root / "keys")),
    )
    with in_thread(small_gateway(settings, root)) as server:
        yield server.address, root / "keys"


def test_keys_and_users_are_kept_by_commands(tmp_path):
    keys = ("--keys", str(tmp_path / "keys"))
    assert run("identity", "init", *keys)[0] == 0
    code, shown, _ = run("identity", "user", "add", "li", "--role", "planner", "--scope", "jiangsu", *keys)
    assert code == 0 and "planner" in shown
    code, _, told = run("identity", "user", "add", "x", "--role", "planer", "--role", "king", *keys)
    assert code == 2 and "planer" in told and "king" in told
    assert run("identity", "rotate", *keys)[0] == 0
    assert len(run("identity", "keys", "--public", str(tmp_path / "public"), *keys)[1].split()) == 4
    code, token, _ = run("identity", "token", "--user", "li", "--hours", "1", *keys)
    assert code == 0 and token.count(".") == 2
    assert run("identity", "user", "block", "li", *keys)[0] == 0
    assert run("identity", "token", "--user", "li", *keys)[0] == 2


def test_a_command_tells_the_gateway_who_asks(gateway, tmp_path):
    address, keys = gateway
    code, shown, _ = run("identity", "whoami", "--address", address)
    assert code == 0 and "nobody" in shown
    code, token, _ = run("identity", "token", "--user", "viewer", "--keys", str(keys))
    file = tmp_path / "token"
    file.write_text(token)
    for options, environment in (((), {"DAFENG_TOKEN": token}), (("--token-file", str(file)), {})):
        code, shown, _ = run(*options, "identity", "whoami", "--address", address, **environment)
        assert code == 0 and "viewer" in shown and "查看者" in shown and "until 2" in shown


def test_not_signed_in_and_not_allowed_have_an_exit_code_of_their_own(gateway):
    address, keys = gateway
    command = ("factors", "jiangsu", "--address", address)
    code, _, told = run(*command)
    assert code == 5 and "not signed in" in told
    assert run(*command, DAFENG_TOKEN="x.y.z")[0] == 5
    token = run("identity", "token", "--user", "nothing", "--keys", str(keys))[1]
    code, _, told = run(*command, DAFENG_TOKEN=token)
    assert code == 5 and "not allowed" in told
    token = run("identity", "token", "--user", "viewer", "--keys", str(keys))[1]
    assert run(*command, DAFENG_TOKEN=token)[0] == 0
    code, shown, _ = run("--help")
    assert code == 0 and "5 not signed in" in shown


def test_a_token_that_the_gateway_would_refuse_is_not_made(tmp_path):
    keys = ("--keys", str(tmp_path / "keys"))
    run("identity", "user", "add", "li", "--role", "planner", "--scope", "jiangsu", *keys)
    for hours in ("100", "0", "nan"):
        code, shown, told = run("identity", "token", "--user", "li", "--hours", hours, *keys)
        assert code == 2 and not shown and "hours" in told and hours in told and "up to 12" in told
    settings = tmp_path / "dafeng.toml"
    settings.write_text("[identity]\nmost_token_seconds = 604800\naudience = 'other'\n")
    code, shown, _ = run(
        "identity", "token", "--user", "li", "--hours", "100", "--config", str(settings), *keys
    )
    claims = jwt.decode(shown.strip(), options={"verify_signature": False})
    assert code == 0 and claims["aud"] == "other" and claims["exp"] - claims["iat"] == 100 * 3600


def test_a_user_who_stays_blocked_or_could_do_nothing_is_told(tmp_path):
    keys = ("--keys", str(tmp_path / "keys"))
    code, _, told = run("identity", "user", "add", "li", "--role", "planner", *keys)
    assert code == 2 and "scopes" in told and "planner" in told
    assert "li" not in run("identity", "user", "list", *keys)[1].split()
    for role in ("auditor", "viewer"):
        assert run("identity", "user", "add", role, "--role", role, *keys)[0] == 0
    assert run("identity", "user", "block", "viewer", *keys)[0] == 0
    code, _, told = run("identity", "user", "add", "viewer", "--role", "viewer", *keys)
    assert code == 0 and "still blocked" in told and "dafeng identity user block viewer --undo" in told


def test_a_key_of_releases_is_given_out_only_when_there_is_one(tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    file = tmp_path / "key.pem"
    command = ("release", "public-key", str(file), "--keys", str(folder))
    code, _, told = run(*command)
    assert code == 2 and "no key of releases here yet" in told
    assert not file.exists() and not list(folder.iterdir())
    Signer(folder).sign("0" * 64)
    code, shown, _ = run(*command)
    assert code == 0 and fingerprint(public_half(folder).public_bytes_raw()) in shown
    assert b"BEGIN PUBLIC KEY" in file.read_bytes()
