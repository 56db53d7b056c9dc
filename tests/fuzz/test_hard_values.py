"""Hard values have one verdict, whichever door they come by: gRPC, JSON, the command line."""

import json
import time

import grpc
import httpx2
import pytest
from google.protobuf import json_format
from typer.testing import CliRunner

from dafeng.cli.app import app
from dafeng.client import Client, InvalidInputError
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from tests.gateway.conftest import served  # noqa: F401 a fixture

PATH = "/dafeng.projection.v1.ProjectionService/Project"
LEVER = "buildings.heat_pump_share_new"
VALUE = "scenario.settings[0].values[0]"
# Value, and whether it is refused.
NUMBERS = {
    "nan": True, "inf": True, "-inf": True, "-0.0": False, "1e308": True, "5e-324": False, "-1": True,
    "1.0000001": True, "0": False, "1": False, "-5e-324": True,
}  # fmt: skip
YEARS = {"0": True, "9999": True, "2061": True, "2019": True, "-1": True, "2060": False}
MARGIN_S = 5.0


def body(settings=(), **frame):
    return projection_pb2.ProjectRequest(
        frame=common_pb2.Frame(**{"region": "jiangsu", "last_year": 2023, **frame}),
        scenario=common_pb2.Scenario(baseline="planned", settings=settings),
        years=[2023],
        only=projection_pb2.ProjectionChoice(fields=["account"]),
    )


def setting(value, years=(2030,), lever_id=LEVER, **more):
    return common_pb2.LeverSetting(
        lever_id=lever_id, years=years, values=[value] * max(1, len(years)), **more
    )


@pytest.fixture(scope="module")
def doors(served):  # noqa: F811
    with Client(served[0]) as client:
        yield Doors(client, served[0], served[1])


class Doors:
    def __init__(self, client, address, http):
        self.client, self.address, self.http = client, address, http

    def by_grpc(self, request):
        try:
            self.client.call(self.client.stub.Project, request)
        except InvalidInputError as error:
            return {v.field for v in error.violations}
        return set()

    def post(self, data, path=PATH):
        return httpx2.post(
            f"{self.http}{path}", content=data, headers={"content-type": "application/json"}, timeout=60
        )

    def by_json(self, request):
        reply = self.post(json_format.MessageToJson(request, indent=None).encode())
        assert reply.status_code in (200, 400), reply.text[:300]
        return fields(reply)

    def by_command(self, *words):
        done = CliRunner().invoke(app, ["project", "jiangsu", "--address", self.address, *words])
        assert done.exit_code in (0, 2), done.output[-500:]
        return done


def fields(reply):
    return {
        v["field"]
        for detail in reply.json().get("details", ())
        for v in detail.get("debug", {}).get("field_violations", ())
    }


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_has_one_verdict_by_every_door(doors, text):
    request = body([setting(float(text))])
    expected = {VALUE} if NUMBERS[text] else set()
    assert doors.by_grpc(request) == expected
    assert doors.by_json(request) == expected
    done = doors.by_command("--set", f"{LEVER}={text}@2030")
    assert (done.exit_code == 2) == NUMBERS[text]
    if expected:
        assert VALUE in done.output


@pytest.mark.parametrize("text", YEARS)
def test_a_year_has_one_verdict_by_every_door(doors, text):
    request = body([setting(0.5, [int(text)])])
    by_grpc = doors.by_grpc(request)
    assert bool(by_grpc) == YEARS[text]
    assert all("settings[0].years" in field for field in by_grpc)
    assert doors.by_json(request) == by_grpc
    assert (doors.by_command("--set", f"{LEVER}=0.5@{text}").exit_code == 2) == YEARS[text]


REQUESTS = {
    "reversed years": (body([setting(0.5, [2040, 2030])]), {"scenario.settings[0].years"}),
    "a year twice": (body([setting(0.5, [2030, 2030])]), {"scenario.settings[0].years"}),
    "a lever twice": (body([setting(0.5), setting(0.6)]), {"scenario.settings[1]"}),
    "an unknown lever": (body([setting(0.5, lever_id="x")]), {"scenario.settings[0].lever_id"}),
    "an unknown place": (body([setting(0.5, place="atlantis")]), {"scenario.settings[0].place"}),
    "an unknown region": (body(region="mars"), {"frame.region"}),
    "nothing": (projection_pb2.ProjectRequest(), {"frame.region"}),
    "no values": (body([common_pb2.LeverSetting(lever_id=LEVER)]), {"scenario.settings[0].values"}),
    "a frame that ends before it begins": (body(first_year=2050, last_year=2030), {"frame"}),
    "a million points": (body([setting(0.5, range(1_000_000))]), {"scenario.settings[0].years"}),
    "a text of a megabyte": (body(region="苏" * 350_000), {"frame.region"}),
    "a megabyte for a lever": (body([setting(0.5, lever_id="x" * 1_000_000)]), {"scenario.settings[0].lever_id"}),
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_has_one_verdict_by_both_doors_and_soon(doors, name):
    request, expected = REQUESTS[name]
    started = time.monotonic()
    by_grpc = doors.by_grpc(request)
    assert time.monotonic() - started < MARGIN_S
    assert doors.by_json(request) == by_grpc
    assert all(any(told.startswith(field) for told in by_grpc) for field in expected), by_grpc


@pytest.mark.parametrize(
    "data",
    [
        b'{"frame": {"region": "\xff\xfe"}}',
        b'{"frame":' * 100_000,
        b'{"frame": {"region": "jiangsu", "lastYear": true}}',
        b'{"frame": {"region": "jiangsu", "lastYear": "soon"}}',
        b'{"frame": {"region": "jiangsu", "lastYear": 2030.5}}',
        b'{"frame": {"region": "jiangsu", "lastYear": 1e99}}',
        b'{"frame": {"region": true}}',
        b'{"scenario": {"settings": [{"leverId": "x", "values": [true]}]}}',
        b'{"scenario": {"settings": [{"leverId": "x", "values": [null]}]}}',
        b'{"scenario": {"settings": [{"leverId": "x", "values": ["half"]}]}}',
        b'{"frame": {"region": "jiangsu"}, "frame": {"region": "jiangsu"}}',
        b'{"frame": NaN}',
        b"null",
        b"\x00",
    ],
    ids=lambda data: data[:40].decode("latin-1"),
)
def test_json_that_is_no_request_is_refused_with_its_field(doors, data):
    reply = doors.post(data)
    assert reply.status_code == 400, reply.text[:300]
    assert fields(reply)


def test_numbers_as_text_are_numbers_in_json_as_its_mapping_has_it(doors):
    given = json.loads(json_format.MessageToJson(body([setting(0.5)])))
    given["scenario"]["settings"][0]["values"] = ["0.5"]
    assert doors.post(json.dumps(given).encode()).status_code == 200


@pytest.mark.parametrize("header", ["²", "9" * 5000, "-1", "1e3", "", "0"])
def test_a_deadline_that_is_no_number_is_no_fault_of_the_service(doors, header):
    reply = httpx2.post(
        f"{doors.http}/dafeng.projection.v1.ProjectionService/ListRegions",
        content=b"{}",
        headers=[(b"content-type", b"application/json"), (b"connect-timeout-ms", header.encode("latin-1"))],
        timeout=60,
    )
    assert reply.status_code in (200, 400, 431, 504), reply.text[:300]


def test_bytes_that_are_no_text_are_refused_over_grpc(served):  # noqa: F811
    with grpc.insecure_channel(served[0]) as channel:
        with pytest.raises(grpc.RpcError) as caught:
            channel.unary_unary(PATH)(b"\x0a\x04\x0a\x02\xff\xfe", timeout=20)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        told = dict(caught.value.trailing_metadata())
        assert told["dafeng-request-id"] and "not a valid message" in caught.value.details()
