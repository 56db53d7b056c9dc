"""Storms of calls on a whole gateway with its sectors: identical ones, ones in a hurry, and what callers are told."""

import asyncio
import time

import grpc

from dafeng.batch.v1 import batch_pb2
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from gateway.api.connect import status_reply
from gateway.pipeline import Pipeline
from services.common.errors import DomainError
from services.runtime.convert import to_message
from services.runtime.gates import QUOTA_KEY
from services.runtime.overload.admission import gateway_gate
from services.runtime.overload.paces import Paces
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.statuses import status_of

METHOD = "/dafeng.projection.v1.ProjectionService/Project"


def request_of(name, **choice):
    return projection_pb2.ProjectRequest(
        frame=common_pb2.Frame(region="jiangsu", last_year=2030),
        scenario=common_pb2.Scenario(name=name),
        **choice,
    ).SerializeToString()


def ask(address, requests, timeout):
    """Replies of calls made at once, None for those that failed."""

    async def run():
        options = [("grpc.max_receive_message_length", -1)]
        async with grpc.aio.insecure_channel(address, options=options) as channel:
            call = channel.unary_unary(METHOD)
            found = await asyncio.gather(
                *(call(r, timeout=timeout) for r in requests), return_exceptions=True
            )
        return [f if isinstance(f, bytes) else None for f in found]

    return asyncio.run(run())


def test_five_hundred_identical_projections_are_calculated_once(served, monkeypatch):
    runs = []
    calculate = Pipeline.project_asked

    async def counted(self, *args, **options):
        runs.append(1)
        return await calculate(self, *args, **options)

    monkeypatch.setattr(Pipeline, "project_asked", counted)
    only = projection_pb2.ProjectionChoice(fields=["carbon_peaks"])
    replies = ask(served[0], [request_of("the same", years=[2025], only=only)] * 500, 120)
    assert None not in replies
    assert len(set(replies)) == 1
    assert len(runs) == 1


def test_work_ends_when_the_callers_have_left(served):
    ask(served[0], [request_of("warm")], 120)
    begun = time.process_time()
    replies = ask(served[0], [request_of(f"hurried {i}") for i in range(60)], 0.2)
    in_storm = time.process_time() - begun
    time.sleep(0.5)
    left_over = time.process_time()
    time.sleep(1.0)
    assert replies.count(None) > 50
    assert time.process_time() - left_over <= max(0.2, 0.2 * in_storm)
    assert ask(served[0], [request_of("afterwards")], 120) != [None]


def test_a_refusal_over_http_is_429_with_seconds_to_wait():
    reply = status_reply(status_of(DomainError("CAPACITY", retry_after_s=1.2)))
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "2")
    assert b"retry_after_ms" in reply.body


def test_every_computed_reply_and_the_quotas_tell_the_limits(served):
    with grpc.insecure_channel(served[0]) as channel:
        _, call = channel.unary_unary(METHOD).with_call(request_of("quota", years=[2025]), timeout=120)
        told = dict(call.trailing_metadata())[QUOTA_KEY]
        assert told.startswith("interactive=")


def test_quotas_are_listed_by_class():
    gate = gateway_gate(AdmissionSettings(heavy=3, heavy_queue=10), Paces(), one_caller=False)
    gate.lines.enter("heavy", "me")
    gate.lines.enter("heavy", "other")
    rows = [to_message(q, batch_pb2.ClassQuota()) for q in gate.quotas("me")]
    assert [r.call_class for r in rows] == ["light", "short", "interactive", "heavy", "batch"]
    heavy = rows[3]
    assert (heavy.most_in_flight, heavy.most_waiting, heavy.most_waiting_of_a_caller) == (3, 10, 5)
    assert (heavy.in_flight, heavy.own_in_flight, heavy.waiting) == (2, 1, 0)
