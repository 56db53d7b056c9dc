"""Project of a sector: the choice of metrics and the digest that may be left out reach the model."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from dafeng.common.v1 import common_pb2
from dafeng.sector.v1 import sector_pb2
from services.common.scenario import Frame, Scenario
from services.runtime.convert import to_message
from services.runtime.sector_servicer import SectorServicer
from services.transport.model import MODEL

FRAME = Frame(region="jiangsu", last_year=2022)
STOCK, CARS = "transport.vehicle_stock_count", "transport.private_car_stock_count"


def asked(**fields):
    request = sector_pb2.ProjectRequest(**fields)
    to_message(FRAME, request.frame)
    to_message(Scenario(), request.scenarios.add().scenario)

    async def replies():
        with ThreadPoolExecutor(1) as pool:
            return [reply async for reply in SectorServicer(MODEL, pool).Project(request, None)]

    (reply,) = asyncio.run(replies())
    return sector_pb2.ProjectResponse.FromString(reply).outcome


@pytest.fixture(scope="module")
def whole():
    return asked()


def test_a_request_says_every_metric_and_a_digest_unless_it_asks_otherwise(whole):
    assert [i.metric_id for i in whole.indicators] == [m.metric_id for m in MODEL.metrics]
    assert len(whole.digest) == 64


@pytest.mark.parametrize("ids", [(), (STOCK,), (CARS, STOCK, "transport.no_such", "power.wind_capacity_mw")])
def test_metrics_named_are_those_of_the_whole_and_all_else_is_there(whole, ids):
    outcome = asked(only=common_pb2.MetricChoice(metric_ids=ids), without_digest=True)
    assert list(outcome.indicators) == [i for i in whole.indicators if i.metric_id in ids]
    assert outcome.digest == ""
    for field in ("electricity_uses", "fuel_uses", "flexible_loads", "places", "years"):
        assert getattr(outcome, field) == getattr(whole, field)


def test_the_digest_of_named_metrics_is_their_own(whole):
    assert asked(only=common_pb2.MetricChoice()).digest not in ("", whole.digest)
