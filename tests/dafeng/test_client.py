"""The typed client's calls for fleets of other systems: whole, streamed, and with bad input."""

import math
import subprocess
import sys

import grpc
import httpx2
import pytest

from dafeng import client as module
from dafeng.calling import error_of
from dafeng.client import Client, InvalidInputError
from dafeng.power.v1 import adequacy_pb2, dispatch_pb2, modes_pb2, power_pb2_grpc

DAY = 24


@pytest.fixture
def dafeng(served):
    with Client(served[0]) as made:
        yield made


def fleet(steps: int, units: int) -> dispatch_pb2.DispatchInstance:
    """Units of 100 MW, each with an availability of its own, one of them a must-run, and a battery."""
    load = [units * (60 + 20 * math.sin(2 * math.pi * t / DAY)) for t in range(steps)]
    instance = dispatch_pb2.DispatchInstance(name="fleet", load_mw=load)
    for k in range(units):
        name = f"unit_{k}"
        instance.generators.add(
            generator_id=name, capacity_mw=100, cost_cny_per_mwh=300 + k, availability_series=name
        )
        instance.series.add(series_id=name, values=[0.9 + 0.1 * math.sin(t / DAY + k) for t in range(steps)])
    return instance


def test_a_streamed_dispatch_is_the_same_to_the_bit(dafeng, monkeypatch):
    instance = fleet(2 * DAY, 3)
    instance.storages.add(
        storage_id="battery", charge_mw=40, discharge_mw=40, energy_mwh=80,
        charge_efficiency_share=0.9, discharge_efficiency_share=0.9,
    )  # fmt: skip
    whole = dafeng.dispatch(instance, with_steps=True)
    monkeypatch.setattr(module, "_STREAM_ABOVE_BYTES", 0)
    assert dafeng.dispatch(instance, with_steps=True) == whole
    assert len(whole.series) == 4 + 3 + 3
    assert len(instance.series) == 3, "the caller's instance is left as it was"


def test_a_fleet_too_large_for_one_message_goes_by_itself(dafeng):
    instance = fleet(26_280, 90)
    assert instance.ByteSize() > 16 * 1024 * 1024
    result = dafeng.dispatch(instance, mode=modes_pb2.DISPATCH_MODE_FAST, with_steps=True)
    assert len(result.series) == 4 + 90
    assert all(len(s.values) == 26_280 for s in result.series)
    assert result.unserved_mwh == 0
    assert result.lower_bound_cny == pytest.approx(result.cost_cny)


def test_a_small_request_with_a_large_reply_goes_by_itself_too(dafeng):
    instance = fleet(26_280, 90)
    del instance.series[:]
    for generator in instance.generators:
        generator.availability_series = ""
    assert instance.ByteSize() < 1024 * 1024
    assert len(dafeng.dispatch(instance, with_steps=True).series) == 94
    assert not dafeng.dispatch(instance).series


@pytest.mark.parametrize("streamed", [False, True])
def test_bad_input_is_told_alike_whole_and_streamed(dafeng, monkeypatch, streamed):
    if streamed:
        monkeypatch.setattr(module, "_STREAM_ABOVE_BYTES", 0)
    instance = fleet(DAY, 3)
    instance.generators[0].capacity_mw = -1
    instance.generators[1].availability_series = "unit_9"
    instance.series[2].values.append(1)
    with pytest.raises(InvalidInputError) as caught:
        dafeng.dispatch(instance, gap_tolerance_share=0.01)
    fields = {v.field for v in caught.value.violations}
    assert fields >= {
        "instance.generators[0].capacity_mw",
        "instance.generators[1].availability_series",
        "instance.series[2].values",
    }
    with pytest.raises(InvalidInputError) as caught:
        dafeng.dispatch(fleet(DAY, 3), gap_tolerance_share=0)
    assert [v.field for v in caught.value.violations] == ["gap_tolerance_share"]


@pytest.mark.parametrize("streamed", [False, True])
def test_hundreds_of_violations_arrive_all(dafeng, monkeypatch, streamed):
    if streamed:
        monkeypatch.setattr(module, "_STREAM_ABOVE_BYTES", 0)
    instance = fleet(DAY, 300)
    for generator in instance.generators:
        generator.tco2_per_mwh = -1
    with pytest.raises(InvalidInputError) as caught:
        dafeng.dispatch(instance)
    assert len(caught.value.violations) == 300


def test_a_bare_stub_hears_the_first_of_hundreds_of_violations_and_how_many_are_left(served):
    instance = fleet(DAY, 300)
    for generator in instance.generators:
        generator.availability_series = "一个没有的序列"
    with (
        grpc.insecure_channel(served[0]) as channel,
        pytest.raises(grpc.RpcError) as caught,
    ):
        power_pb2_grpc.PowerServiceStub(channel).Dispatch(dispatch_pb2.DispatchRequest(instance=instance))
    error = error_of(caught.value)
    assert isinstance(error, InvalidInputError)
    *told, last = error.violations
    assert [v.field for v in told] == [
        f"instance.generators[{k}].availability_series" for k in range(len(told))
    ]
    assert len(told) > 20
    assert last.description.startswith(f"{300 - len(told)} more violations")


def test_over_http_hundreds_of_violations_arrive_all(served):
    body = {"instance": {"load_mw": [1], "generators": [{"generator_id": str(k)} for k in range(300)]}}
    for generator in body["instance"]["generators"]:
        generator["tco2_per_mwh"] = -1
    path = "/dafeng.power.v1.PowerService/Dispatch"
    answer = httpx2.post(f"{served[1]}{path}", json=body, timeout=60)
    assert answer.status_code == 400
    (told,) = [d["debug"] for d in answer.json()["details"] if "field_violations" in d["debug"]]
    assert len(told["field_violations"]) == 300


def test_adequacy_of_two_units_by_hand(dafeng):
    request = adequacy_pb2.AssessAdequacyRequest(load_mw=[90] * DAY, standard_hours=1)
    request.units.add(unit_id="a", capacity_mw=100, forced_outage_share=0.1, count=1)
    request.units.add(unit_id="b", capacity_mw=60, forced_outage_share=0.2, count=1)
    reply = dafeng.assess_adequacy(request)
    assert reply.lole_hours == pytest.approx(DAY * 0.1)
    assert reply.eens_mwh == pytest.approx(DAY * (0.1 * 0.8 * 30 + 0.1 * 0.2 * 90))
    request.units[0].forced_outage_share = 2
    request.units[1].count = 0
    with pytest.raises(InvalidInputError) as caught:
        dafeng.assess_adequacy(request)
    assert {v.field for v in caught.value.violations} == {"units[0].forced_outage_share", "units[1].count"}


def test_client_and_command_line_need_no_numerical_libraries():
    code = (
        "import sys\n"
        "for name in ('numpy', 'numba', 'services', 'gateway', 'regions'): sys.modules[name] = None\n"
        "import dafeng, dafeng.cli.app\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
