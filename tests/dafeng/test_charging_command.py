"""`dafeng charging` as a process of its own; the same call by client and over HTTP."""

import json

import httpx2
import pytest
from google.protobuf import json_format

from dafeng.client import Client, InvalidInputError
from dafeng.transport.v1 import charging_pb2
from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng, table

FILE = EXAMPLES / "charging_suzhou.json"


def request():
    return json_format.Parse(FILE.read_text("utf-8"), charging_pb2.ChargingProfileRequest())


def test_charging_is_printed_and_its_hours_add_up_to_the_energy(served, tmp_path):
    printed = dafeng(
        "charging", FILE, "--csv", tmp_path, "--json", tmp_path / "reply.json", address=served[0]
    )
    for words in ("private_cars", "bus_depot", "controlled", "█", "23"):
        assert words in printed
    with Client(served[0]) as client:
        reply = client.charging_profile(request())
    hours = table(tmp_path / "hours.csv")
    assert len(hours) == 8760
    assert sum(float(r["load_mw"]) for r in hours) == pytest.approx(reply.energy_mwh, rel=1e-9)
    assert len(table(tmp_path / "days.csv")) == 72
    assert len(table(tmp_path / "groups.csv")) == len(reply.groups) == 5
    assert len(table(tmp_path / "places.csv")) == len(reply.series)
    written = json.loads((tmp_path / "reply.json").read_text("utf-8"))
    assert len(written["controlled_load_mw"]) == 8760
    assert reply.controlled_system_peak_mw < reply.system_peak_mw
    assert not reply.load_mw


def test_the_call_over_http_answers_the_same(served):
    url = f"http://{served[1].removeprefix('http://')}/dafeng.transport.v1.TransportService/ChargingProfile"
    body = json.loads(FILE.read_text("utf-8"))
    answered = httpx2.post(url, json=body, timeout=60)
    assert answered.status_code == 200
    with Client(served[0]) as client:
        assert answered.json()["peak_mw"] == client.charging_profile(request()).peak_mw
    body["fleets"][0]["smart_share"] = 3
    body["city"] = "nantnog"
    refused = httpx2.post(url, json=body, timeout=60)
    assert refused.status_code == 400
    assert "fleets[0].smart_share" in refused.text


def test_what_is_wrong_is_told_by_client_and_command(served, tmp_path):
    wrong = request()
    wrong.city = "nantnog"
    wrong.fleets[1].fleet_id = wrong.fleets[0].fleet_id
    with Client(served[0]) as client, pytest.raises(InvalidInputError) as caught:
        client.charging_profile(wrong)
    assert {v.field for v in caught.value.violations} == {"city", "fleets[1].fleet_id"}
    body = json.loads(FILE.read_text("utf-8"))
    body["fleets"][0]["smart_shar"] = 0.5
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(body), "utf-8")
    assert "smart_share" in dafeng("charging", broken, address=served[0], code=2)
