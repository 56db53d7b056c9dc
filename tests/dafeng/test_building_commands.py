"""`dafeng stock`, `dafeng zone`, `dafeng rooftop` as processes of their own; the same calls by client and over HTTP."""

import base64
import json
import re

import httpx2
import pytest
from google.protobuf import json_format

from dafeng.buildings.v1 import rooftop_pb2, zone_pb2
from dafeng.client import Client, InvalidInputError
from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng, table

ZONE = EXAMPLES / "zone_nanjing_75.json"
ROOFS = EXAMPLES / "roofs_suzhou.json"


@pytest.fixture(scope="module")
def client(served):
    with Client(served[0]) as made:
        yield made


def zone_request():
    return json_format.Parse(ZONE.read_text("utf-8"), zone_pb2.SimulateZoneRequest())


def roofs_request():
    return json_format.Parse(ROOFS.read_text("utf-8"), rooftop_pb2.EstimateRooftopPvRequest())


def test_the_stock_is_printed_and_written_segment_by_segment(served, tmp_path):
    printed = dafeng("stock", "jiangsu", "--csv", tmp_path / "stock.csv", address=served[0])
    for words in ("urban_residential", "saving_75", "completed", "demolished", "retrofitted", "2060"):
        assert words in printed
    rows = table(tmp_path / "stock.csv")
    urban = sum(
        float(r["floor_area_m2"])
        for r in rows
        if (r["building_type"], r["year"]) == ("urban_residential", "2020")
    )
    shown = re.search(r"^urban_residential\D+([\d,]+)", printed, re.M).group(1)
    assert urban / 1e6 == pytest.approx(float(shown.replace(",", "")), abs=0.5)


def test_the_stock_of_one_city_is_part_of_the_region(served):
    refused = dafeng("stock", "jiangsu", "--city", "nantnog", address=served[0], code=2)
    assert "nantong" in refused
    assert "nantong" in dafeng("stock", "jiangsu", "--city", "nantong", address=served[0])


def test_a_zone_is_simulated_and_its_hours_add_up_to_the_headline(served, client, tmp_path):
    printed = dafeng("zone", ZONE, "--csv", tmp_path, address=served[0])
    assert "heating" in printed and "residual" in printed
    hours = table(tmp_path / "hours.csv")
    assert len(hours) == 8760
    reply = client.simulate_zone(zone_request())
    assert sum(float(r["heating_w"]) for r in hours) / 1e3 == pytest.approx(reply.heating_kwh, rel=1e-9)
    assert not reply.HasField("hours")
    months = table(tmp_path / "flows.csv")
    total = sum(float(value) for row in months for name, value in row.items() if name != "month")
    assert abs(total) < 1e-6 * reply.heating_kwh


def test_a_hot_year_needs_more_cooling_in_the_same_zone(client):
    normal, hot = zone_request(), zone_request()
    hot.weather.place.weather_year = "hot"
    assert client.simulate_zone(hot).sensible_cooling_kwh > client.simulate_zone(normal).sensible_cooling_kwh


def test_what_is_wrong_with_a_zone_is_told_at_once(client):
    request = zone_request()
    request.zone.floor_area_m2 = -1
    request.weather.place.city = "atlantis"
    request.zone.heat_recovery_share = 1.5
    with pytest.raises(InvalidInputError) as caught:
        client.simulate_zone(request)
    fields = {v.field for v in caught.value.violations}
    assert {"zone.floor_area_m2", "zone.heat_recovery_share"} <= fields


def test_a_file_that_is_no_epw_is_refused_over_http_and_by_the_command(served, tmp_path):
    body = json.loads(ZONE.read_text("utf-8"))
    body["weather"] = {"epw_file": base64.b64encode(b"\x00\x01 not a file").decode()}
    url = f"http://{served[1].removeprefix('http://')}/dafeng.buildings.v1.BuildingsService/SimulateZone"
    refused = httpx2.post(url, json=body, timeout=60)
    assert refused.status_code == 400
    assert "weather.epw_file" in refused.text
    broken = tmp_path / "broken.epw"
    broken.write_bytes(b"\x00\x01 not a file")
    assert "epw" in dafeng("zone", ZONE, "--epw", broken, address=served[0], code=2)


def test_options_of_weather_that_cannot_go_together_are_refused(served, tmp_path):
    told = dafeng("zone", ZONE, "--epw", tmp_path / "a.epw", "--city", "jiangsu/suzhou", address=served[0], code=2)  # fmt: skip
    assert "one of the two" in told
    assert "region/city" in dafeng("zone", ZONE, "--city", "suzhou", address=served[0], code=2)


def test_roofs_are_estimated_and_what_is_used_and_exported_is_all(served, client, tmp_path):
    printed = dafeng("rooftop", ROOFS, "--csv", tmp_path, address=served[0])
    assert "workshop" in printed and "village_houses" in printed
    reply = client.estimate_rooftop_pv(roofs_request())
    for roof in (*reply.yields, reply.total):
        assert roof.self_used_kwh + roof.exported_kwh == pytest.approx(roof.energy_kwh)
        assert 0 < roof.coverage_share <= 0.7
    assert len(table(tmp_path / "hours.csv")) == 8760
    output = sum(float(r["workshop_kw"]) for r in table(tmp_path / "hours.csv"))
    assert output == pytest.approx(reply.yields[0].energy_kwh, rel=1e-9)


def test_what_is_wrong_with_roofs_is_told_at_once(client):
    request = roofs_request()
    request.roofs[0].roof_area_m2 = float("nan")
    request.roofs[1].roof_kind = "tent"
    request.roofs[2].coverage_share = 2
    with pytest.raises(InvalidInputError) as caught:
        client.estimate_rooftop_pv(request)
    fields = {v.field for v in caught.value.violations}
    assert {"roofs[0].roof_area_m2", "roofs[1].roof_kind", "roofs[2].coverage_share"} <= fields
