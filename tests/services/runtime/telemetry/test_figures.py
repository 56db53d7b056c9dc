"""Figures of a process: what gates count, what rooms register, and that looking never fails."""

import asyncio
from typing import Any

import pytest

from services.common.access import rule_of
from services.common.errors import DomainError
from services.runtime.gates import Call, Gates
from services.runtime.interceptor import CallInterceptor
from services.runtime.overload.breaker import Breaker
from services.runtime.telemetry import metrics as held_by_process
from services.runtime.telemetry.gate import TelemetryGate, tell_lines
from services.runtime.telemetry.metrics import Metrics

PROJECT = "/dafeng.projection.v1.ProjectionService/Project"


def call_of(method: str) -> Call:
    return Call(method, None, rule=rule_of(method))


def end(gate: TelemetryGate, method: str, outcome: str) -> None:
    async def pass_on() -> None:
        call = call_of(method)
        async with gate.pass_through(call):
            call.outcome = outcome

    asyncio.run(pass_on())


def value(held: Metrics, name: str, **labels: str) -> float:
    return held.registry.get_sample_value(name, labels) or 0.0


def test_calls_are_counted_by_method_class_and_outcome() -> None:
    held = Metrics()
    gate = TelemetryGate("gateway", held)
    for outcome in ("ok", "ok", "INVALID_INPUT"):
        end(gate, PROJECT, outcome)
    labels = {"service": "gateway", "method": PROJECT[1:], "class": "interactive"}
    assert value(held, "dafeng_calls_total", **labels, outcome="ok") == 2
    assert value(held, "dafeng_calls_total", **labels, outcome="INVALID_INPUT") == 1
    assert value(held, "dafeng_call_seconds_count", **labels) == 3
    assert value(held, "dafeng_calls_under_way", service="gateway", **{"class": "interactive"}) == 0


@pytest.mark.parametrize("reason", ["CAPACITY", "NO_TIME", "UNAUTHENTICATED", "NOT_ALLOWED", "AUDIT_AWAY"])
def test_the_time_of_a_refusal_is_no_time_of_a_call(reason: str) -> None:
    held = Metrics()
    end(TelemetryGate("gateway", held), PROJECT, reason)
    assert value(held, "dafeng_refusals_total", service="gateway", reason=reason) == 1
    assert value(held, "dafeng_refusal_seconds_count", service="gateway") == 1
    assert b"dafeng_call_seconds_count" not in held.text().replace(b"# ", b"") or not value(
        held, "dafeng_call_seconds_count", service="gateway", method=PROJECT[1:], **{"class": "interactive"}
    )


def test_methods_that_nobody_listed_make_no_figures_of_their_own() -> None:
    held = Metrics()
    gate = TelemetryGate("gateway", held)
    for number in range(50):
        end(gate, f"/dafeng.made.v1.Up/Method{number}", "NOT_ALLOWED")
    told = held.text().decode()
    assert "Method" not in told
    labels = {"service": "gateway", "method": "unlisted", "class": "unlisted", "outcome": "NOT_ALLOWED"}
    assert value(held, "dafeng_calls_total", **labels) == 50


class Context:
    """What a call needs of gRPC's."""

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return ()

    def set_trailing_metadata(self, _: Any) -> None:
        pass

    async def abort(self, *_: Any) -> None:
        raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DomainError("CAPACITY"), "CAPACITY"),
        (ValueError("x"), "internal"),
        (asyncio.CancelledError(), "cancelled"),
    ],
)
def test_gates_see_how_a_call_ended_whoever_ended_it(error: BaseException, outcome: str) -> None:
    held = Metrics()
    door = CallInterceptor(Gates((TelemetryGate("gateway", held),)), "gateway")

    async def fail(_request: Any, _context: Any) -> None:
        raise error

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(door._unary(fail, PROJECT, one=True)(None, Context()))
    found = value(
        held,
        "dafeng_calls_total",
        service="gateway",
        method=PROJECT[1:],
        outcome=outcome,
        **{"class": "interactive"},
    )
    assert found == 1


def test_a_registered_figure_is_asked_for_at_each_look_and_can_be_taken_back() -> None:
    held = Metrics()
    numbers = iter((1.0, 2.0))
    take_back = held.register("dafeng_made_up", "Made up.", lambda: next(numbers))
    assert b"dafeng_made_up 1.0" in held.text()
    assert b"dafeng_made_up 2.0" in held.text()
    take_back()
    assert b"dafeng_made_up" not in held.text()


def test_the_later_of_two_figures_of_one_name_stays_when_the_earlier_is_taken_back() -> None:
    held = Metrics()
    first = held.register("dafeng_made_up", "Made up.", lambda: 1.0)
    held.register("dafeng_made_up", "Made up.", lambda: {("b",): 2.0}, labels=("a",), kind="counter")
    first()
    assert b'dafeng_made_up_total{a="b"} 2.0' in held.text()


def test_a_figure_that_cannot_be_read_leaves_the_others() -> None:
    held = Metrics()
    held.register("dafeng_broken", "Broken.", lambda: 1 / 0)
    held.register("dafeng_sound", "Sound.", lambda: 3.0)
    told = held.text()
    assert b"dafeng_sound 3.0" in told
    assert b"dafeng_broken 1" not in told


def test_lines_are_told_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Metrics()
    monkeypatch.setattr(held_by_process, "_metrics", held)

    class Line:
        waiting = 4
        in_flight = 2

    tell_lines("gateway", {"batch": Line()})
    assert value(held, "dafeng_queue_length", service="gateway", **{"class": "batch"}) == 4
    assert value(held, "dafeng_calls_computing", service="gateway", **{"class": "batch"}) == 2


def test_a_breaker_tells_its_three_states() -> None:
    import grpc

    now = [0.0]
    breaker = Breaker("power", clock=lambda: now[0])
    assert breaker.state == 0.0
    for _ in range(20):
        breaker.after(grpc.StatusCode.UNAVAILABLE, 10.0)
    assert breaker.state == 2.0
    now[0] = 5.0
    assert breaker.state == 1.0
