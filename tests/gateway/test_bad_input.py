"""Bad input is refused the same way over gRPC, HTTP and the command line: every violation at once, nothing lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import grpc
import httpx2
import pytest

from dafeng.client import InvalidInputError, ServiceError, setting
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2

NAN = float("nan")
BAD_SETTINGS = [
    setting("buildings.heat_pump_share_nwe", {2030: 0.5}),
    common_pb2.LeverSetting(lever_id="buildings.heat_pump_share_new", years=[2040, 2030], values=[0.5, 1.5]),
    setting("drivers.coal_price", {2030: NAN}),
    setting("transport.nev_sales_share_private_car", {2030: 0.5}, "atlantis"),
]
BAD_FIELDS = {
    "frame.last_year",
    "scenario.baseline",
    "scenario.settings[0].lever_id",
    "scenario.settings[1].years",
    "scenario.settings[1].values[1]",
    "scenario.settings[2].values[0]",
    "scenario.settings[3].place",
}
PROJECT = "/dafeng.projection.v1.ProjectionService/Project"
BAD_JSON = {
    "frame": {"region": "jiangsu", "last_year": 2060},
    "scenario": {
        "baseline": "planned",
        "settings": [
            {"lever_id": "buildings.heat_pump_share_nwe", "years": [2030], "values": [0.5]},
            {"lever_id": "drivers.coal_price", "years": [2030], "values": ["NaN"]},
            {"lever_id": "drivers.gas_price", "years": [2030], "values": [99]},
        ],
    },
}


def post(http, body, kind="application/json", path=PROJECT):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx2.post(f"{http}{path}", content=data, headers={"content-type": kind}, timeout=60)


def fields_of(reply):
    return {
        v["field"]
        for detail in reply.json()["details"]
        for v in detail.get("debug", {}).get("field_violations", [])
    }


def test_grpc_lists_every_violation(client):
    with pytest.raises(InvalidInputError) as caught:
        client.project("jiangsu", "best", BAD_SETTINGS, last_year=2099)
    assert {v.field for v in caught.value.violations} == BAD_FIELDS
    assert any("did you mean buildings.heat_pump_share_new" in v.description for v in caught.value.violations)
    assert any("0 to 1 share" in v.description for v in caught.value.violations)


def test_http_lists_the_same_violations_with_status_400(http):
    reply = post(http, BAD_JSON)
    assert reply.status_code == 400
    assert reply.json()["code"] == "invalid_argument"
    assert fields_of(reply) == {
        "scenario.settings[0].lever_id",
        "scenario.settings[1].values[0]",
        "scenario.settings[2].values[0]",
    }


def test_an_unknown_region_is_named_with_what_there_is(client, http):
    with pytest.raises(InvalidInputError) as caught:
        client.project("jiangsuu")
    assert caught.value.violations[0].field == "frame.region"
    assert "jiangsu" in caught.value.violations[0].description
    assert post(http, {"frame": {"region": "mars"}}).status_code == 400


@pytest.mark.parametrize("method", ["ListScenarios", "ListLevers", "CheckBase"])
def test_lists_refuse_an_unknown_region(http, method):
    reply = post(http, {"region": "mars"}, path=f"/dafeng.projection.v1.ProjectionService/{method}")
    assert reply.status_code == 400
    assert fields_of(reply)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"frame": 3}', b'{"frme": {}}', b"\xff\xfe", b'{"a":' * 5000]
)
def test_malformed_json_is_told_and_not_half_read(http, body):
    reply = post(http, body)
    assert reply.status_code == 400
    assert fields_of(reply) == {"body"}


def test_a_malformed_binary_message_is_told(http):
    reply = post(http, b"\xff\xff\xff\xff", kind="application/proto")
    assert reply.status_code == 400


def test_other_content_and_methods_are_refused(http):
    assert post(http, b"{}", kind="text/plain").status_code == 415
    assert post(http, {}, path="/dafeng.projection.v1.ProjectionService/Nothing").status_code == 404


def test_an_oversized_message_is_refused_by_both_doors(client, http):
    huge = "x" * (17 * 1024 * 1024)
    with pytest.raises(ServiceError) as caught:
        client.project(huge)
    assert caught.value.code == "RESOURCE_EXHAUSTED"
    reply = post(http, {"frame": {"region": huge}})
    assert reply.status_code == 400
    assert fields_of(reply) == {"body"}
    assert client.regions()  # still there


def test_an_unknown_dispatch_mode_is_refused(client):
    request = projection_pb2.ProjectRequest(frame={"region": "jiangsu"})
    request.mode = 77
    with pytest.raises(grpc.RpcError) as caught:
        client.stub.Project(request, timeout=60)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_too_many_or_too_few_scenarios_to_compare_are_refused(client):
    with pytest.raises(InvalidInputError):
        client.compare("jiangsu", [common_pb2.Scenario(baseline="planned")])
    with pytest.raises(InvalidInputError):
        client.compare("jiangsu", [common_pb2.Scenario(baseline="planned")] * 9)


def dafeng(*arguments, address=""):
    command = [str(Path(sys.executable).with_name("dafeng")), *arguments]
    environment = {**os.environ, "DAFENG_ADDRESS": address, "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def test_the_command_line_lists_the_same_violations_with_exit_code_2(served):
    done = dafeng(
        "project", "jiangsu", "--set", "buildings.heat_pump_share_nwe=0.5@2030",
        "--set", "drivers.gas_price=99@2030", "--set", "drivers.coal_price=nan@2030", address=served[0],
    )  # fmt: skip
    assert done.returncode == 2
    for field in (
        "scenario.settings[0].lever_id",
        "scenario.settings[1].values[0]",
        "scenario.settings[2].values[0]",
    ):
        assert field in done.stderr
    assert done.stdout == ""


def test_settings_that_cannot_be_read_are_told_together():
    done = dafeng("project", "jiangsu", "--set", "x", "--set", "a=b@2030", "--set", "a=1@soon")
    assert done.returncode == 2
    assert done.stderr.count("--set") == 3


def test_the_command_line_says_when_nobody_answers():
    done = dafeng("regions", address="127.0.0.1:1")
    assert done.returncode == 3


@pytest.mark.parametrize(
    "path",
    [
        "targets.v1.TargetService/EvaluateTargets",
        "cost.v1.CostService/ReportCost",
        "report.v1.ReportService/ReportPeakLoad",
        "trace.v1.TraceService/GetTrace",
        "solve.v1.SolveService/Solve",
        "comparison.v1.ComparisonService/Attribute",
    ],
)
def test_a_mode_that_does_not_exist_is_told_with_every_other_fault(http, path):
    body = {"frame": {"region": "jiangsu", "first_year": 1999}, "mode": 99}
    reply = httpx2.post(f"{http}/dafeng.{path}", json=body, timeout=60)
    assert reply.status_code == 400
    fields = {
        v["field"]
        for detail in reply.json()["details"]
        for v in detail.get("debug", {}).get("field_violations", ())
    }
    assert {"frame.first_year", "mode"} <= fields
