"""`dafeng export` and ExportProjection by the typed client and over HTTP: one file, the same bytes."""

import base64

import httpx2
import openpyxl
import pytest

from dafeng.client import Client, InvalidInputError
from dafeng.common.v1 import common_pb2
from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng

SCENARIO = EXAMPLES / "scenario_jiangsu.json"


def test_the_command_writes_a_workbook_of_a_scenario_file(served, tmp_path):
    file = tmp_path / "js.xlsx"
    asked = ("--scenario", SCENARIO, "--out", file, "--language", "en", "--to", "2035")
    printed = dafeng("export", "jiangsu", *asked, address=served[0])
    assert "written" in printed and "digest" in printed
    book = openpyxl.load_workbook(file)
    assert book["Cover"]["B5"].value == "wind and electric cars"
    assert book["Changes"]["A5"].value == "power.offshore_wind_capacity"
    assert not (tmp_path / "js.partial").exists()


def test_client_and_http_give_the_same_bytes_and_the_projections_digest(served):
    frame = common_pb2.Frame(region="jiangsu", first_year=2020, last_year=2030, weather_year="normal")
    plain = {"region": "jiangsu", "first_year": 2020, "last_year": 2030, "weather_year": "normal"}
    with Client(served[0]) as client:
        reply = client.reports.export(frame, common_pb2.Scenario(baseline="planned"))
        digest = client.project("jiangsu", last_year=2030).digest
    assert reply.digest == digest and reply.file_name.endswith(f"{digest[:12]}.xlsx")
    with httpx2.Client(base_url=served[1], timeout=60) as http:
        route = "/dafeng.report.v1.ReportService/ExportProjection"
        found = http.post(route, json={"frame": plain, "scenario": {"baseline": "planned"}}).json()
    assert base64.b64decode(found["content"]) == reply.content
    assert found["media_type"] == reply.media_type


def test_everything_wrong_is_told_at_once(served):
    frame = common_pb2.Frame(region="jiangsu", first_year=2020, last_year=2030, weather_year="wet")
    with Client(served[0]) as client, pytest.raises(InvalidInputError) as told:
        client.reports.export(frame, common_pb2.Scenario(baseline="no such"), language="fr")
    assert {v.field for v in told.value.violations} == {"language", "frame.weather_year", "scenario.baseline"}
