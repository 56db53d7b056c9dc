"""Every method with every role in its own region and another: the servers answer as the table says, nobody else."""

import asyncio
import sys

import grpc
import pytest
from google.protobuf import descriptor_pool, message_factory

from gateway.api.connect import import_contract
from gateway.api.services import SERVICES
from services.common.access import access_table, rule_of
from services.common.acting import GATEWAY
from services.runtime.identity.vouching import GATEWAY_ITSELF, SECTORS
from services.runtime.sectors import sectors
from tests.gateway.identity.conftest import OTHER, OWN, PEOPLE

REFUSED = grpc.StatusCode.PERMISSION_DENIED
UNKNOWN = grpc.StatusCode.UNAUTHENTICATED
# Allowed calls may come to an end for any other reason: real work that one has begun is not waited for.
SECONDS, WORK_SECONDS = 20.0, 0.5
CITY_SCOPE = "jiangsu/nantong"


def methods_of(service):
    import_contract(service)
    return list(descriptor_pool.Default().FindServiceByName(service).methods)


def sector_services(entry):
    own = (entry.service,) if entry.service else ()
    return (*own, "dafeng.sector.v1.SectorService")


GATEWAY_SERVICES = (*(s.name for s in SERVICES), *(e.service for e in sectors() if e.service))


def test_every_method_of_every_server_has_a_rule_and_every_rule_a_method():
    found = {f"/{s}/{m.name}" for s in GATEWAY_SERVICES for m in methods_of(s)}
    found |= {f"/{s}/{m.name}" for e in sectors() for s in sector_services(e) for m in methods_of(s)}
    assert sorted(m for m in found if rule_of(m) is None) == []
    listed = {f"/{s}/{name}" for s, rules in access_table().methods.items() for name in rules}
    described = {f"/{s}/{m.name}" for s in access_table().methods for m in methods_of(s)}
    assert sorted(listed - described) == []


def request_for(method, place, region):
    """A request for a place that is refused as soon as its content is read: what is asked costs nothing."""
    request = message_factory.GetMessageClass(method.input_type)()
    if place == "region":
        request.region = region
    elif place:
        frame = request.frame if place == "frame" else request.spec.frame
        frame.region, frame.first_year, frame.last_year = region, 9999, 1
    return request.SerializeToString()


def expected(rule, role, scope, region):
    """What the table's words mean, said once more and simply."""
    if rule.act == "public":
        return True
    reach = None if role is None else access_table().roles[role].may.get(rule.act)
    if reach is None:
        return False
    return reach == "any" or not rule.place or "*" in scope or region in (scope, scope.partition("/")[0])


async def code_of(channel, path, method, request, metadata, seconds=SECONDS):
    """The code that a call ends with."""
    kinds = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }
    made = kinds[bool(method.client_streaming), bool(method.server_streaming)](path)
    asked = iter([request]) if method.client_streaming else request
    call = made(asked, metadata=metadata, timeout=seconds)
    try:
        if method.server_streaming:
            await call.read()
            call.cancel()
        else:
            await call
    except grpc.aio.AioRpcError as error:
        return error.code()
    return grpc.StatusCode.OK


async def tried(address, services, callers):
    """(cells tried, what did not answer as the table says) at one address."""
    wrong, cells = [], []
    async with grpc.aio.insecure_channel(address) as channel:
        for service in services:
            for method in methods_of(service):
                path = f"/{service}/{method.name}"
                rule = rule_of(path)
                for name, role, scope, metadata in callers:
                    for region in (OWN, OTHER) if rule.place else ("",):
                        cells.append((path, rule, method, name, role, scope, metadata, region))
        places = asyncio.Semaphore(8)

        async def one(path, rule, method, name, role, scope, metadata, region):
            allowed = expected(rule, role, scope, region)
            seconds = WORK_SECONDS if allowed and rule.place == "region" else SECONDS
            async with places:
                request = request_for(method, rule.place, region)
                code = await code_of(channel, path, method, request, metadata, seconds)
            refusal = UNKNOWN if role is None and name == "nobody" else REFUSED
            if (code in (REFUSED, UNKNOWN)) if allowed else (code != refusal):
                wrong.append(f"{name} {path} {region}: {code.name}, allowed by the table: {allowed}")

        await asyncio.gather(*(one(*cell) for cell in cells))
    return len(cells), wrong


def callers_of(site, reader):
    found = [("nobody", None, "", ())]
    named = [(role, role, OWN) for role in PEOPLE]
    named += [
        ("city_planner", "planner", CITY_SCOPE),
        ("other_planner", "planner", OTHER),
        ("nothing", None, ""),
    ]
    for user, role, scope in named:
        found.append((user, role, scope, (("authorization", f"Bearer {site.token(user)}"),)))
    found.append(("gateway", "gateway", "*", site.identity.vouching.metadata_for(GATEWAY, reader)))
    return found


def test_the_gateway_answers_every_method_and_role_as_the_table_says(site, capsys):
    count, wrong = asyncio.run(tried(site.gateway, GATEWAY_SERVICES, callers_of(site, GATEWAY_ITSELF)))
    with capsys.disabled():
        sys.stdout.write(f"\naccess matrix: {count} calls of the gateway tried\n")
    assert wrong == [] and count > 1000


def test_a_sector_called_directly_answers_every_method_and_role_as_the_table_says(site, capsys):
    total = 0
    for entry in sectors():
        address = site.sectors[entry.sector_id]
        count, wrong = asyncio.run(tried(address, sector_services(entry), callers_of(site, SECTORS)))
        assert wrong == []
        total += count
    with capsys.disabled():
        sys.stdout.write(f"\naccess matrix: {total} calls of the sectors tried\n")
    assert total > 200


def test_a_method_that_is_not_listed_is_refused(site, monkeypatch):
    rules = dict(access_table().methods["dafeng.factors.v1.FactorService"])
    monkeypatch.delitem(access_table().methods["dafeng.factors.v1.FactorService"], "ListFactors")
    assert "ListFactors" in rules
    method = next(m for m in methods_of("dafeng.factors.v1.FactorService") if m.name == "ListFactors")

    async def ask():
        async with grpc.aio.insecure_channel(site.gateway) as channel:
            path = "/dafeng.factors.v1.FactorService/ListFactors"
            return await code_of(
                channel, path, method, b"", (("authorization", f"Bearer {site.token('analyst')}"),)
            )

    assert asyncio.run(ask()) is REFUSED


@pytest.mark.parametrize("user", ["other_planner", "city_planner", "viewer"])
def test_another_users_draft_is_neither_shown_nor_deleted(site, user):
    from dafeng.client import Client, NotAllowedError, ServiceError
    from dafeng.common.v1 import common_pb2

    frame = common_pb2.Frame(region=OWN, first_year=2020, last_year=2022)
    with Client(site.gateway, token=site.token("planner")) as mine:
        saved = mine.kept_scenarios.save(frame, common_pb2.Scenario(name="draft", baseline="planned"))
        assert mine.kept_scenarios.open(saved.scenario_id)
        with Client(site.gateway, token=site.token(user)) as theirs:
            for reach in (theirs.kept_scenarios.open, theirs.kept_scenarios.delete):
                with pytest.raises(ServiceError) as refused:
                    reach(saved.scenario_id)
                assert isinstance(refused.value, NotAllowedError) or refused.value.code == "NOT_FOUND"
        assert mine.kept_scenarios.open(saved.scenario_id)
