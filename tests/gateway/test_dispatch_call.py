"""The general dispatch over real sockets: alone, through the gateway, streamed, over HTTP, and with bad input."""

import grpc
import httpx2
import numpy as np
import pytest
from google.protobuf import json_format

from dafeng.power.v1 import dispatch_pb2, modes_pb2, power_pb2_grpc
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance
from services.runtime.convert import from_message
from services.runtime.statuses import domain_error_of, status_of_rpc_error


def day() -> dispatch_pb2.DispatchRequest:
    """Two plants, PV, a battery and a reserve over a day."""
    hour = np.arange(24)
    sun = np.maximum(np.sin((hour - 6) / 12 * np.pi), 0.0)
    request = dispatch_pb2.DispatchRequest(with_steps=True)
    instance = request.instance
    instance.name = "day"
    instance.load_mw.extend(100 + 40 * np.sin((hour - 12) / 24 * 2 * np.pi))
    instance.series.add(series_id="sun", values=sun)
    instance.generators.add(
        generator_id="coal", capacity_mw=90, cost_cny_per_mwh=300, tco2_per_mwh=0.8, reserve_eligible=True
    )
    instance.generators.add(generator_id="gas", capacity_mw=60, cost_cny_per_mwh=550, tco2_per_mwh=0.4)
    instance.generators.add(generator_id="pv", capacity_mw=80, availability_series="sun", variable=True)
    instance.storages.add(
        storage_id="battery",
        charge_mw=20,
        discharge_mw=20,
        energy_mwh=40,
        charge_efficiency_share=0.93,
        discharge_efficiency_share=0.93,
    )
    instance.reserve.load_share = 0.05
    instance.reserve.shortage_cost_cny_per_mwh = 1000
    return request


async def test_a_fleet_is_dispatched_through_the_gateway_as_in_the_library(served) -> None:
    async with grpc.aio.insecure_channel(served[0]) as channel:
        reply = await power_pb2_grpc.PowerServiceStub(channel).Dispatch(day())
    result = reply.result
    alone = dispatch(from_message(day().instance, DispatchInstance), with_steps=True)
    assert result.digest == alone.digest
    assert result.method == dispatch_pb2.DISPATCH_METHOD_EXACT_WALK
    assert result.lower_bound_cny <= result.cost_cny
    assert result.gap_share < 1e-6
    series = {s.series_id: np.array(s.values) for s in result.series}
    served_mw = sum(series[f"{name}.output_mw"] for name in ("coal", "gas", "pv"))
    served_mw += series["battery.discharge_mw"] - series["battery.charge_mw"] + series["unserved_mw"]
    assert served_mw == pytest.approx(np.array(day().instance.load_mw) + series["surplus_mw"])


async def test_a_streamed_instance_gives_the_same_result(served) -> None:
    async def parts():
        whole = day()
        series = list(whole.instance.series)
        del whole.instance.series[:]
        yield dispatch_pb2.DispatchStreamRequest(request=whole)
        for item in series:
            yield dispatch_pb2.DispatchStreamRequest(series=item)

    async with grpc.aio.insecure_channel(served[0]) as channel:
        stub = power_pb2_grpc.PowerServiceStub(channel)
        whole = (await stub.Dispatch(day())).result
        answer = [part async for part in stub.DispatchStream(parts())]
    assert answer[0].result.cost_cny == whole.cost_cny
    got = {part.series.series_id: list(part.series.values) for part in answer[1:]}
    assert got == {s.series_id: list(s.values) for s in whole.series}


async def test_every_fault_of_an_instance_is_told_at_once(served) -> None:
    request = day()
    request.mode = modes_pb2.DISPATCH_MODE_FAST
    request.instance.generators[0].capacity_mw = -1
    request.instance.generators[1].cost_cny_per_mwh = float("nan")
    request.instance.generators[2].availability_series = "sum"
    request.instance.storages[0].charge_efficiency_share = 1.2
    request.instance.series[0].values.append(1.0)
    request.instance.generators.add(generator_id="stiff", capacity_mw=10, minimum_mw=20)
    async with grpc.aio.insecure_channel(served[0]) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await power_pb2_grpc.PowerServiceStub(channel).Dispatch(request)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    error = domain_error_of(status_of_rpc_error(caught.value))
    fields = {v.field for v in error.violations}
    assert fields >= {
        "instance.generators[0].capacity_mw",
        "instance.generators[1].cost_cny_per_mwh",
        "instance.generators[2].availability_series",
        "instance.storages[0].charge_efficiency_share",
        "instance.series[0].values",
        "instance.generators[3].minimum_mw",
    }


def test_the_same_fleet_over_http_in_json(http) -> None:
    path = "/dafeng.power.v1.PowerService/Dispatch"
    body = json_format.MessageToDict(day())
    answer = httpx2.post(f"{http}{path}", json=body, timeout=60)
    assert answer.status_code == 200
    alone = dispatch(from_message(day().instance, DispatchInstance), with_steps=True)
    assert answer.json()["result"]["digest"] == alone.digest
    body["instance"]["storages"][0]["energyMwh"] = -5
    bad = httpx2.post(f"{http}{path}", json=body, timeout=60)
    assert bad.status_code == 400
    assert "instance.storages[0].energy_mwh" in bad.text
