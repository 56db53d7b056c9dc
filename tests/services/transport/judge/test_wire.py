"""The three calls over real sockets: gRPC and HTTP give what the doors give; bad bytes, types and sizes are refused."""

import json
import math

import grpc
import httpx2
import pytest
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2

from dafeng.common.v1 import common_pb2
from dafeng.transport.v1 import charging_pb2, modes_pb2, transport_pb2, transport_pb2_grpc
from tests.services.transport.judge.calls import ask
from tests.services.transport.judge.test_charging import cars
from tests.services.transport.judge.test_project_fleet import fleet, train
from tests.services.transport.judge.test_split_modes import usual

SERVICE = "dafeng.transport.v1.TransportService"
MESSAGES = {
    "ProjectFleet": transport_pb2.ProjectFleetRequest,
    "SplitModes": modes_pb2.SplitModesRequest,
    "ChargingProfile": charging_pb2.ChargingProfileRequest,
}
BODIES = {
    "ProjectFleet": fleet(train("gasoline", sales_share=[0.3]), train("phev", sales_share=[0.7])),
    "SplitModes": {
        "freight": [usual(road={"rate_change_cny_per_tkm": 0.05})],
        "passengers": [
            {"market_id": "city", "tier": "A", "population_count": 5e6,
             "modes": [{"mode": "car", "cost_change_cny": 5.0}]}
        ],
    },
    "ChargingProfile": {"region": "jiangsu", "fleets": [cars(smart_share=0.5)], "city": "nantong"},
}  # fmt: skip


@pytest.fixture(scope="module")
def stub(served):
    with grpc.insecure_channel(served[0], options=[("grpc.max_receive_message_length", 64 << 20)]) as channel:
        yield transport_pb2_grpc.TransportServiceStub(channel)


@pytest.fixture(scope="module")
def post(served):
    with httpx2.Client(timeout=60) as http:
        yield lambda method, **kinds: http.post(f"{served[1]}/{SERVICE}/{method}", **kinds)


def sent(method, body):
    """The body as it is sent: a fleet of the caller's stands in its field."""
    return {"fleet": body} if method == "ProjectFleet" else body


def answered(method, reply):
    return reply.own_fleet if method == "ProjectFleet" else reply


def message(method, body):
    return json_format.ParseDict(sent(method, body), MESSAGES[method]())


def told(value, path=""):
    """Leaves of a reply by path; what is 0 or empty counts as absent."""
    if isinstance(value, dict):
        return {k: v for name, one in value.items() for k, v in told(one, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {k: v for i, one in enumerate(value) for k, v in told(one, f"{path}[{i}]").items()}
    return {} if value in (0, "", None, False) else {path: value}


def same(ours, wire):
    ours = {k: v for k, v in told(ours).items() if not k.startswith(".revision")}
    wire = {k: v for k, v in told(wire).items() if not k.startswith(".revision")}
    assert ours.keys() == wire.keys()
    for path, value in ours.items():
        if isinstance(value, str):
            assert wire[path] == value
        else:
            assert float(wire[path]) == value, path  # to the bit


@pytest.mark.parametrize("method", BODIES)
def test_grpc_gives_what_the_door_gives(stub, method):
    reply = answered(method, getattr(stub, method)(message(method, BODIES[method]), timeout=60))
    same(ask(method, BODIES[method]), json_format.MessageToDict(reply, preserving_proto_field_name=True))
    assert reply.revision.ByteSize() > 0


@pytest.mark.parametrize("method", BODIES)
def test_http_gives_what_grpc_gives(stub, post, method):
    reply = post(method, json=sent(method, BODIES[method]))
    assert reply.status_code == 200, reply.text[:500]
    over_grpc = getattr(stub, method)(message(method, BODIES[method]), timeout=60)
    assert json_format.ParseDict(reply.json(), type(over_grpc)()) == over_grpc


WRONG = {
    "ProjectFleet": (
        fleet(train("gasoline", sales_share=[0.4]), mileage_km=-1.0),
        ["fleet.vehicle_classes[0].mileage_km"],
    ),
    "SplitModes": ({"freight": [{**usual(), "distance_km": -1}, usual(road={"share": 7})]},
                   ["freight[0].distance_km", "freight[1].modes[0].share"]),
    "ChargingProfile": ({"region": "jiangsu", "fleets": [cars(vehicle_count=-1.0), cars(smart_share=2.0)]},
                        ["fleets[0].vehicle_count", "fleets[1].smart_share"]),
}  # fmt: skip


def violations(error):
    status = status_pb2.Status()
    raw = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
    status.ParseFromString(raw)
    found = []
    for detail in status.details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            found += [v.field for v in bad.field_violations]
    return found


@pytest.mark.parametrize("method", WRONG)
def test_every_fault_is_told_over_both_ways(stub, post, method):
    body, fields = WRONG[method]
    with pytest.raises(grpc.RpcError) as caught:
        getattr(stub, method)(message(method, body), timeout=60)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert set(fields) <= set(violations(caught.value)) or all(f in caught.value.details() for f in fields)
    reply = post(method, json=sent(method, body))
    assert reply.status_code == 400
    for field in fields:
        assert field in reply.text


@pytest.mark.parametrize("method", MESSAGES)
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e308, -0.0])
def test_numbers_that_are_none_are_refused_or_answered_but_never_break(stub, method, number):
    request = message(method, BODIES[method])
    if method == "ProjectFleet":
        request.fleet.vehicle_classes[0].stock_count[0] = number
    elif method == "SplitModes":
        request.freight[0].turnover_tkm = number
    else:
        request.fleets[0].vehicle_count = number
    try:
        getattr(stub, method)(request, timeout=60)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error.details()


@pytest.mark.parametrize("method", MESSAGES)
def test_an_empty_request_is_bad_input(stub, method):
    with pytest.raises(grpc.RpcError) as caught:
        getattr(stub, method)(MESSAGES[method](), timeout=60)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("method", MESSAGES)
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe\x00", b'{"no_such_field": 1}', b'{"name": {"a": 1}}',
     b'{"fleets": "many", "freight": 3, "fleet": {"vehicle_classes": "all"}}', b"[" * 5000],
)  # fmt: skip
def test_bytes_that_are_no_request_are_refused(post, method, content):
    reply = post(method, content=content, headers={"content-type": "application/json"})
    assert 400 <= reply.status_code < 500, (reply.status_code, reply.text[:200])
    json.loads(reply.text)


def test_lists_that_are_too_long_are_refused(post):
    market = usual()
    reply = post("SplitModes", json={"freight": [{**market, "market_id": str(i)} for i in range(501)]})
    assert reply.status_code == 400
    many = [cars(fleet_id=str(i)) for i in range(101)]
    assert post("ChargingProfile", json={"region": "jiangsu", "fleets": many}).status_code == 400
    one = fleet(train("gasoline"))["vehicle_classes"][0]
    body = fleet(train("gasoline")) | {"vehicle_classes": [{**one, "class_id": str(i)} for i in range(41)]}
    assert post("ProjectFleet", json={"fleet": body}).status_code == 400


def test_the_largest_requests_are_answered(post):
    market = usual()
    reply = post("SplitModes", json={"freight": [{**market, "market_id": str(i)} for i in range(500)]})
    assert reply.status_code == 200, reply.text[:300]
    assert len(reply.json()["freight"]) == 500
    one = fleet(train("gasoline"), years=60)["vehicle_classes"][0]
    body = fleet(train("gasoline"), years=60)
    body |= {"vehicle_classes": [{**one, "class_id": str(i)} for i in range(40)], "with_ages": True}
    reply = post("ProjectFleet", json={"fleet": body})
    assert reply.status_code == 200, reply.text[:300]
    assert len(reply.json()["own_fleet"]["series"]) == 40


def test_the_region_fleet_has_standards_that_add_up(stub):
    request = transport_pb2.ProjectFleetRequest(frame=common_pb2.Frame(region="jiangsu"))
    reply = stub.ProjectFleet(request, timeout=60)
    assert len(reply.places) == 13
    assert len(reply.standards) > 20
    # electric bicycles need no standard
    for name in {s.vehicle_class for s in reply.segments} - {"e_bike"}:
        stock = sum(sum(s.stock_count) for s in reply.segments if s.vehicle_class == name)
        by_standard = sum(sum(s.stock_count) for s in reply.standards if s.vehicle_class == name)
        assert by_standard == pytest.approx(stock, rel=1e-9), name


def test_a_fleet_of_ones_own_and_a_region_at_once_are_refused(stub):
    request = message("ProjectFleet", BODIES["ProjectFleet"])
    request.frame.region = "jiangsu"
    with pytest.raises(grpc.RpcError) as caught:
        stub.ProjectFleet(request, timeout=60)
    assert violations(caught.value) == ["fleet"]
