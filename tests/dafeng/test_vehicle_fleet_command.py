"""`dafeng fleet` as a process of its own; the same call by client and over HTTP."""

import json

import httpx2
import pytest
from google.protobuf import json_format

from dafeng.client import Client, InvalidInputError
from dafeng.transport.v1 import fleet_pb2, transport_pb2
from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng, table

BUSES = EXAMPLES / "fleet_buses.json"


@pytest.fixture(scope="module")
def client(served):
    with Client(served[0]) as made:
        yield made


def buses():
    return json_format.Parse(BUSES.read_text("utf-8"), fleet_pb2.OwnFleet())


def test_the_example_is_printed_and_written(served, client, tmp_path):
    printed = dafeng("fleet", BUSES, "--csv", tmp_path, "--json", tmp_path / "reply.json", address=served[0])
    for words in ("city_bus", "hydrogen", "nox", "2040", "note"):
        assert words in printed
    reply = client.project_fleet(buses())
    rows = table(tmp_path / "series.csv")
    assert len(rows) == len(reply.series) * len(reply.years)
    last = [float(r["stock_count"]) for r in rows if r["year"] == "2040"]
    assert sum(last) == pytest.approx(2100.0, rel=1e-12)
    standards = table(tmp_path / "standards.csv")
    assert sum(float(r["stock_count"]) for r in standards) == pytest.approx(
        sum(float(r["stock_count"]) for r in rows), rel=1e-12
    )
    written = json.loads((tmp_path / "reply.json").read_text("utf-8"))
    assert written["nev_stock_share"][-1] == reply.nev_stock_share[-1]


def test_over_http_it_is_the_same(served, client):
    body = json.loads(BUSES.read_text("utf-8"))
    url = f"{served[1]}/dafeng.transport.v1.TransportService/ProjectFleet"
    answer = httpx2.post(url, json={"fleet": body}, timeout=60).raise_for_status()
    reply = json_format.Parse(answer.text, transport_pb2.ProjectFleetResponse())
    assert reply.own_fleet == client.project_fleet(buses())


def test_everything_wrong_is_told_at_once(served, client, tmp_path):
    request = buses()
    own = request.vehicle_classes[0]
    own.powertrains[0].sales_share.append(0.5)
    own.powertrains[3].fuel_per_100km = 30.0
    own.retirements[0].to_year = 2020
    request.month_degc.pop()
    with pytest.raises(InvalidInputError) as caught:
        client.project_fleet(request)
    fields = {v.field for v in caught.value.violations}
    at = "fleet.vehicle_classes[0]"
    assert fields == {
        "fleet.month_degc",
        f"{at}.powertrains",
        f"{at}.powertrains[3].fuel_per_100km",
        f"{at}.retirements[0].to_year",
    }
    file = tmp_path / "wrong.json"
    file.write_text(json_format.MessageToJson(request), "utf-8")
    told = dafeng("fleet", file, address=served[0], code=2)
    assert all(field in told for field in fields)


def test_a_regions_fleet_comes_by_powertrain_and_by_standard_and_both_add_up(client):
    reply = client.project_region_fleet("jiangsu", "planned", first_year=2030, last_year=2031)
    for vehicle_class in ("private_car", "heavy_truck", "urban_bus"):
        by_powertrain = sum(sum(s.stock_count) for s in reply.segments if s.vehicle_class == vehicle_class)
        by_standard = sum(sum(s.stock_count) for s in reply.standards if s.vehicle_class == vehicle_class)
        assert by_powertrain == pytest.approx(by_standard, rel=1e-9)
    assert len(reply.places) == 13
    assert list(reply.years) == [2030, 2031]
