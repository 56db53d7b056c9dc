"""`dafeng modes` as a process of its own; the same call by client and over HTTP."""

import json

import httpx2
import pytest
from google.protobuf import json_format

from dafeng.client import Client, InvalidInputError
from dafeng.transport.v1 import modes_pb2
from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng, table

NANTONG = EXAMPLES / "modes_nantong.json"


@pytest.fixture(scope="module")
def client(served):
    with Client(served[0]) as made:
        yield made


def nantong_request():
    return json_format.Parse(NANTONG.read_text("utf-8"), modes_pb2.SplitModesRequest())


def test_the_example_is_printed_and_written_before_and_after(served, client, tmp_path):
    printed = dafeng(
        "modes", NANTONG, "--csv", tmp_path, "--json", tmp_path / "reply.json", address=served[0]
    )
    for words in ("containers_to_yangshan", "battery_barge", "nantong_urban", "green travel", "grade C"):
        assert words in printed
    reply = client.split_modes(nantong_request())
    rows = table(tmp_path / "freight.csv")
    assert len(rows) == sum(len(market.modes) for market in reply.freight)
    for market in reply.freight:
        own = [r for r in rows if r["market_id"] == market.market_id]
        for when in ("before", "after"):
            turnover = sum(float(r[f"turnover_{when}_tkm"]) for r in own)
            assert turnover == pytest.approx(sum(m.turnover_before_tkm for m in market.modes), rel=1e-12)
    trips = table(tmp_path / "passengers.csv")
    assert sum(float(r["share_after"]) for r in trips) == pytest.approx(1.0, abs=1e-12)
    written = json.loads((tmp_path / "reply.json").read_text("utf-8"))
    assert written["passengers"][0]["green_share_after"] == reply.passengers[0].green_share_after
    assert reply.revision.model_version


def test_over_http_it_is_the_same(served, client):
    body = json.loads(NANTONG.read_text("utf-8"))
    url = f"{served[1]}/dafeng.transport.v1.TransportService/SplitModes"
    answer = httpx2.post(url, json=body, timeout=60).raise_for_status()
    over_http = json_format.Parse(answer.text, modes_pb2.SplitModesResponse())
    assert over_http == client.split_modes(nantong_request())


def test_what_is_wrong_with_any_market_is_told_at_once(served, client, tmp_path):
    request = nantong_request()
    request.freight[0].turnover_tkm = -1
    request.freight[1].modes[0].share = 0.5
    request.passengers[0].modes[0].mode = "sledge"
    with pytest.raises(InvalidInputError) as caught:
        client.split_modes(request)
    fields = {v.field for v in caught.value.violations}
    assert fields == {"freight[0].turnover_tkm", "freight[1].modes", "passengers[0].modes[0].mode"}
    file = tmp_path / "wrong.json"
    file.write_text(json_format.MessageToJson(request), "utf-8")
    told = dafeng("modes", file, address=served[0], code=2)
    assert all(field in told for field in fields)


def test_a_file_that_cannot_be_read_says_where(tmp_path):
    file = tmp_path / "typo.json"
    file.write_text('{"freight": [{"cargoo": "bulk", "turnover_tkm": "much"}]}', "utf-8")
    told = dafeng("modes", file, code=2)
    assert "did you mean cargo" in told
    assert "turnover_tkm" in told
