"""What probes and collectors of figures are told."""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from services.common.errors import DomainError
from services.common.self_test import KnownAnswer, WrongAnswersError
from services.runtime.telemetry import health as beats
from services.runtime.telemetry.health import Health
from services.runtime.telemetry.operator import operator_port
from services.runtime.telemetry.serving import warmed
from services.runtime.telemetry.settings import TelemetrySettings
from tests.services.runtime.telemetry.conftest import Observed


def ask(address: str, path: str) -> httpx2.Response:
    return httpx2.get(f"http://{address}{path}", timeout=10)


def test_a_gateway_that_serves_is_ready_and_names_every_check_of_every_service(observed: Observed) -> None:
    told = observed.get("/readyz")
    assert told.status_code == 200
    services = told.json()["services"]
    assert set(services) == {"buildings", "transport", "industry", "power", "gateway"}
    for checks in services.values():
        assert {"kernels", "known_answers", "data", "serving"} <= set(checks)
        assert set(checks.values()) == {"ok"}
    assert services["gateway"]["store"] == "ok"
    assert observed.get("/livez").json()["live"] is True


def test_the_public_door_tells_no_details_and_no_figures(observed: Observed) -> None:
    told = httpx2.get(f"{observed.http}/readyz")
    assert (told.status_code, told.json()) == (200, {"status": "ready"})
    assert httpx2.get(f"{observed.http}/livez").status_code == 200
    assert httpx2.get(f"{observed.http}/metrics").status_code == 404


def test_nothing_is_ready_before_every_expected_state_is_well() -> None:
    health = Health()
    assert not health.ready()[0]
    health.expect("a", "kernels")
    health.expect("b", "kernels")
    health.say("a", "kernels")
    assert not health.ready()[0]
    health.say("b", "kernels")
    assert health.ready()[0]
    health.draining("a")
    assert health.ready() == (
        False,
        {
            "ready": False,
            "services": {"a": {"kernels": "ok", "serving": "draining"}, "b": {"kernels": "ok"}},
        },
    )


def test_a_store_that_goes_away_later_is_told_but_takes_no_projections_away() -> None:
    health, trouble = Health(), ["not yet"]
    health.expect("gateway")
    health.watch("gateway", "store", lambda: trouble[0], needed_later=False)
    assert not health.ready()[0]
    trouble[0] = ""
    assert health.ready()[0]
    trouble[0] = "away"
    ready, told = health.ready()
    assert ready
    assert told["services"]["gateway"]["store"] == "away"


def test_a_check_that_fails_itself_tells_only_its_kind() -> None:
    health = Health()
    health.watch("gateway", "store", lambda: {}["password=hidden"])
    ready, told = health.ready()
    assert not ready
    assert told["services"]["gateway"]["store"] == "the check failed: KeyError"


def test_liveness_is_the_heartbeat_of_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(beats, "STUCK_SECONDS", 0.3)
    health = Health()

    async def blocked(address: str) -> tuple[int, int]:
        async with beats.beating(health):
            await asyncio.sleep(0.05)
            with ThreadPoolExecutor(1) as pool:
                turning = await asyncio.wrap_future(pool.submit(lambda: ask(address, "/livez").status_code))
                stuck = pool.submit(lambda: (time.sleep(0.6), ask(address, "/livez").status_code)[1])
                time.sleep(1.0)  # the loop does nothing else meanwhile
                return turning, stuck.result()

    with operator_port("127.0.0.1:0", health) as address:
        assert asyncio.run(blocked(address)) == (200, 503)


def test_the_port_answers_others_while_some_hold_their_connections(observed: Observed) -> None:
    host, port = observed.operator.split(":")
    held = [socket.create_connection((host, int(port))) for _ in range(12)]
    try:
        assert observed.get("/livez").status_code == 200
    finally:
        for one in held:
            one.close()
    assert observed.get("/livez").status_code == 200


def test_only_three_paths_are_there(observed: Observed) -> None:
    for path in ("/", "/debug", "/metrics/../etc", "/readyz/x"):
        assert observed.get(path).status_code == 404
    assert httpx2.post(f"http://{observed.operator}/metrics").status_code in (405, 501)


def test_an_address_that_is_taken_refuses_the_start(observed: Observed) -> None:
    with pytest.raises(DomainError) as refused, operator_port(observed.operator, Health()):
        pass
    assert refused.value.violations[0].field == "telemetry.operator"


def test_wrong_answers_are_told_and_never_become_ready() -> None:
    health = Health()
    health.expect("industry", "known_answers")

    def wrong() -> int:
        raise WrongAnswersError([KnownAnswer("coal left, GJ", 361.0, 360.0, "by hand")])

    with pytest.raises(WrongAnswersError):
        asyncio.run(warmed("industry", wrong, health))
    ready, told = health.ready()
    assert not ready
    assert "coal left, GJ: computed 361.0, known 360.0" in told["services"]["industry"]["known_answers"]


def test_telemetry_is_off_unless_it_is_asked_for() -> None:
    assert TelemetrySettings() == TelemetrySettings(operator="", otlp="")
