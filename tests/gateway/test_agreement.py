"""One projection is made of one version of model and data; a replica of another version is refused, never mixed in."""

import asyncio
from dataclasses import replace

import grpc
import pytest

from dafeng.sector.v1 import sector_pb2, sector_pb2_grpc
from gateway.agreement import check_data, check_model
from gateway.calls import SectorCalls
from services.common.errors import DomainError
from services.common.regions import load_region
from services.common.revision import MODEL_VERSION, revision_of
from services.common.scenario import Frame, Scenario
from services.runtime.address import is_loopback, open_channel, target_of
from services.runtime.convert import to_message
from services.runtime.sectors import SectorEntry

REGION = "jiangsu"
HERE = revision_of(load_region(REGION))
OTHER_DATA = replace(HERE, data_revision="f" * 64)
OTHER_MODEL = replace(HERE, model_version="0.0.9")


class Replica(sector_pb2_grpc.SectorServiceServicer):
    """A sector that answers as one of some version would, and counts its calls."""

    def __init__(self, revision, sector="industry"):
        self.revision, self.sector, self.calls = revision, sector, 0

    def _told(self, reply, field):
        self.calls += 1
        to_message(self.revision, field)
        return reply

    async def Describe(self, request, context):  # noqa: N802
        reply = sector_pb2.DescribeResponse(sector=self.sector)
        return self._told(reply, reply.revision)

    async def ListLevers(self, request, context):  # noqa: N802
        reply = sector_pb2.ListLeversResponse()
        return self._told(reply, reply.revision)

    async def ListShapes(self, request, context):  # noqa: N802
        reply = sector_pb2.ListShapesResponse()
        yield self._told(reply, reply.revision)

    async def Project(self, request, context):  # noqa: N802
        reply = sector_pb2.ProjectResponse()
        reply.outcome.sector = "industry"
        yield self._told(reply, reply.outcome.revision)


async def serve(replica):
    server = grpc.aio.server()
    sector_pb2_grpc.add_SectorServiceServicer_to_server(replica, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, f"127.0.0.1:{port}"


def calls_to(address):
    entries = [SectorEntry("industry", 1, ""), SectorEntry("power", 2, "")]
    return SectorCalls(entries, {e.sector_id: address for e in entries})


ASKED = {
    "describe": lambda calls: calls.describe("industry"),
    "levers": lambda calls: calls.levers(REGION),
    "shapes": lambda calls: calls.shapes("industry", Frame(region=REGION)),
    "project": lambda calls: calls.project("industry", Frame(region=REGION), (Scenario(),), ((),)),
}


@pytest.mark.parametrize("revision", [OTHER_DATA, OTHER_MODEL], ids=["data", "model"])
@pytest.mark.parametrize("asked", ASKED)
async def test_what_a_sector_of_another_version_answers_is_refused(asked, revision):
    if asked == "describe" and revision is OTHER_DATA:
        pytest.skip("what a sector is does not depend on a region's data")
    server, address = await serve(Replica(revision))
    calls = calls_to(address)
    try:
        for _ in range(2):  # nor is it kept
            with pytest.raises(DomainError) as refused:
                await ASKED[asked](calls)
            assert refused.value.reason == "REVISION_DIFFERS"
            assert "industry" in refused.value.detail
    finally:
        await calls.close()
        await server.stop(0)


async def test_replicas_old_and_new_are_never_mixed():
    """In turn one of this version and one of another: each projection is whole or refused."""
    old, new = Replica(HERE), Replica(OTHER_DATA)
    servers = [await serve(old), await serve(new)]
    calls = calls_to(",".join(address for _, address in servers))
    refused, whole = 0, 0
    try:
        async with asyncio.timeout(20):
            while not (refused and whole):
                try:
                    await ASKED["project"](calls)
                    whole += 1
                except DomainError as error:
                    assert error.reason == "REVISION_DIFFERS"
                    refused += 1
    finally:
        await calls.close()
        for server, _ in servers:
            await server.stop(0)
    assert (old.calls, new.calls) == (whole, refused)


async def test_calls_go_to_all_addresses_of_a_service_in_turn():
    replicas = [Replica(HERE) for _ in range(3)]
    servers = [await serve(r) for r in replicas]
    async with open_channel(",".join(address for _, address in servers)) as channel:
        stub = sector_pb2_grpc.SectorServiceStub(channel)
        async with asyncio.timeout(20):
            while not all(r.calls >= 5 for r in replicas):
                await stub.Describe(sector_pb2.DescribeRequest(), wait_for_ready=True)
    for server, _ in servers:
        await server.stop(0)


@pytest.mark.parametrize("asked", ["describe", "levers"])
async def test_addresses_of_two_sectors_the_wrong_way_round_are_told_by_every_call(asked):
    """Levers are read at the beginning of every call with a scenario."""
    servers = {name: await serve(Replica(HERE, name)) for name in ("industry", "power")}
    there = {name: address for name, (_, address) in servers.items()}
    entries = [SectorEntry("industry", 1, ""), SectorEntry("power", 2, "")]
    swapped = SectorCalls(entries, {"industry": there["power"], "power": there["industry"]})
    right = SectorCalls(entries, there)
    try:
        for _ in range(2):  # nor is it kept
            with pytest.raises(DomainError) as refused:
                await ASKED[asked](swapped)
            assert refused.value.reason == "NOT_READY"
            assert "given for industry power answers" in refused.value.detail
            assert "--sector industry=" in refused.value.detail
        await ASKED[asked](right)
        # Mended by nothing but the right address: another sector is asked as before.
        with pytest.raises(DomainError, match="given for power industry answers"):
            await swapped.describe("power")
    finally:
        for calls in (swapped, right):
            await calls.close()
        for server, _ in servers.values():
            await server.stop(0)


async def test_an_address_where_no_sector_answers_is_told_with_the_sectors_name():
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    calls = calls_to(f"127.0.0.1:{port}")
    try:
        with pytest.raises(DomainError) as refused:
            await calls.describe("industry")
        assert refused.value.reason == "NOT_READY" and "industry" in refused.value.detail
    finally:
        await calls.close()
        await server.stop(0)


def test_the_same_version_is_accepted():
    check_data("power", HERE, REGION)
    check_model("power", replace(HERE, data_revision=""))
    assert HERE.model_version == MODEL_VERSION


@pytest.mark.parametrize(
    ("address", "target", "here"),
    [
        ("127.0.0.1:1", "127.0.0.1:1", True),
        ("unix:/tmp/a.sock", "unix:/tmp/a.sock", True),
        ("127.0.0.1:1,127.0.0.1:2", "ipv4:127.0.0.1:1,127.0.0.1:2", True),
        ("127.0.0.1:1,10.0.0.1:2", "ipv4:127.0.0.1:1,10.0.0.1:2", False),
        ("dns:///power-headless:50054", "dns:///power-headless:50054", False),
        ("dns:///localhost:50054", "dns:///localhost:50054", True),
    ],
)
def test_addresses_are_those_of_one_service_or_of_its_replicas(address, target, here):
    assert target_of(address) == target
    assert is_loopback(address) is here
