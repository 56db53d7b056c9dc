"""The guide for other systems: every example runs as it stands and prints what is shown; what is said of JSON holds."""

import json
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dafeng import Client
from gateway.jobs.settings import BatchSettings
from gateway.safety import check_safe
from gateway.settings import ServeSettings, load_settings
from tests.docs.api_contracts import SERVICES
from tests.docs.api_pages import NAMES, page
from tests.docs.api_shell import shell
from tests.docs.blocks import blocks, run, run_python
from tests.gateway.conftest import free_port, running
from tests.gateway.identity.authority import Authority


def python(replaced):
    """A runner of one page's Python, in one namespace."""
    space = {"__name__": "__main__"}

    def runner(block):
        text = block.text
        for old, new in replaced.items():
            text = text.replace(old, new)
        return run_python(block, text, space)

    return runner


def run_page(name, folder, replaced, environment=None):
    run(page(name), {"python": python(replaced), "sh": shell(folder, replaced, environment or {})})


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """(gRPC address, HTTP address) of a gateway that keeps batches, as `make run` starts it."""
    store = f"sqlite:///{tmp_path_factory.mktemp('guide') / 'store.sqlite'}"
    http = f"127.0.0.1:{free_port()}"
    settings = ServeSettings(listen="127.0.0.1:0", http=http, batches=BatchSettings(store=store, workers=1))
    with running(settings) as address:
        yield address, http


@pytest.mark.parametrize("name", [name for name in NAMES if name != "signing_in"])
def test_every_example_of_the_page_runs_and_prints_what_is_shown(name, gateway, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_page(name, tmp_path, {"127.0.0.1:50050": gateway[0], "127.0.0.1:8080": gateway[1]})


def test_every_example_of_signing_in_runs_against_the_settings_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    authority = Authority("ca", tmp_path)
    authority.roots.rename("ca.crt")
    authority.issue("dafeng-gateway", "tls")
    authority.issue("energy-platform", "platform")
    (settings_shown,) = blocks(page("signing_in"), "toml")
    places = {port: f"127.0.0.1:{free_port()}" for port in ("50050", "8443", "50443")}
    text = settings_shown.text
    for port, place in places.items():
        text = text.replace(f"0.0.0.0:{port}", place)
    Path("office.toml").write_text(text, "utf-8")
    environment = {"DAFENG_DATA_DIR": str(tmp_path / "data"), "DAFENG_STORE": "none"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(Path("office.toml"), {"log_level": "error"}, store="none")
    check_safe(
        ServeSettings.model_validate(tomllib.loads(settings_shown.text)), "embedded", tmp_path / "data"
    )
    with running(settings):
        replaced = {f"dafeng.example:{port}": place for port, place in places.items()}
        run_page("signing_in", tmp_path, replaced, environment)


def test_replies_are_about_as_large_as_told(gateway):
    with Client(gateway[0]) as client:
        plain, whole = client.project("jiangsu"), client.project("jiangsu", with_city_metrics=True)
    assert 0.5e6 < plain.ByteSize() < 2e6 < whole.ByteSize() < 4e6


def post(http, method, body, **headers):
    """(HTTP status, headers, parsed body)."""
    request = urllib.request.Request(
        f"http://{http}/{method}", body.encode(), {"content-type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.headers, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.load(error)


def test_json_is_as_the_table_says(gateway):
    quotas = post(gateway[1], "dafeng.batch.v1.BatchService/GetQuotas", "{}")[2]["quotas"]
    assert type(quotas["most_table_bytes"]) is int  # 64 bits
    project = "dafeng.projection.v1.ProjectionService/Project"
    body = {
        "frame": {"region": "jiangsu", "lastYear": 2050},
        "scenario": {"baseline": "planned"},
        "years": [2030],
        "only": {"fields": ["carbon_peaks", "targets"]},
        "mode": 1,
    }
    status, headers, reply = post(gateway[1], project, json.dumps(body))
    assert status == 200
    projection = reply["projection"]
    assert projection["frame"]["last_year"] == 2050
    assert (
        projection["digest"] == "" and projection["targets"] == []
    )  # without a value, and there all the same
    assert "account" not in projection  # a message that is not set
    assert {"call", "encode"} <= {part.split(";")[0] for part in headers["server-timing"].split(", ")}
    assert headers["dafeng-release-status"] == "internal"
    status, _, reply = post(gateway[1], project, json.dumps({**body, "scenarios": []}))
    assert status == 400 and "scenarios" in json.dumps(reply)


def test_the_one_method_that_takes_a_stream_is_not_served_over_http(gateway):
    streams = {f"{s}/{m}" for s, of in SERVICES.items() for m, one in of.items() if one.client_streaming}
    assert streams == {"dafeng.power.v1.PowerService/DispatchStream"}
    assert post(gateway[1], *streams, "{}")[0] == 404
