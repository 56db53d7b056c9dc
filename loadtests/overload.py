"""Overload, open loop: capacity is found first, then calls come at multiples of it whether or not others were answered.

Capacity is what is answered while as many calls as the gateway computes at a time are always under way.
A call has a time to be sent at; how late the client itself was is recorded beside it.
"""

import random
from collections.abc import Callable
from typing import Any, Final

import gevent
from gevent.pool import Group

from dafeng.client import Client
from loadtests import asked
from loadtests.figures import goodput_per_s
from loadtests.records import Phase
from loadtests.users import DEADLINE_SECONDS, Told
from services.runtime.gates import QUOTA_KEY

# Phases: name, times capacity, share of the run's time.
PLAN: Final = (
    ("0.8x", 0.8, 0.14),
    ("1x", 1.0, 0.14),
    ("3x", 3.0, 0.16),
    ("10x", 10.0, 0.16),
    ("before the pulse", 0.5, 0.06),
    ("pulse", 10.0, 0.06),
    ("after the pulse", 0.5, 0.12),
)
_WARM_SHARE: Final = 0.04
_CAPACITY_SHARE: Final = 0.12
_CHANNELS: Final = 8


def run_overload(driver: Any, plan: dict[str, Any]) -> None:
    """All phases, one after another; each begins when the calls of the one before have ended, but for the pulse's."""
    seconds = float(plan["seconds"])
    callers = [Client(plan["grpc"]) for _ in range(_CHANNELS)]
    clients = computed_at_once(callers[0])
    told = Told(driver.environment, "open loop")
    turn = 0

    def send(late_ms: float) -> None:
        nonlocal turn
        turn += 1
        stub = callers[turn % _CHANNELS].stub
        told.call("Project first answer", stub.Project, asked.projection(), late_ms=late_ms)

    closed_loop(driver, "warm-up", seconds * _WARM_SHARE, clients, send)
    found = closed_loop(driver, "capacity", seconds * _CAPACITY_SHARE, clients, send)
    capacity = goodput_per_s(driver.records, found)
    driver.tell(capacity=capacity)
    if not capacity:
        raise SystemExit(
            "no call was answered while the capacity was looked for: nothing to be a multiple of"
        )
    under_way = Group()
    for name, times, share in PLAN:
        if "pulse" not in name:
            under_way.join(timeout=DEADLINE_SECONDS)
        open_loop(driver, name, times * capacity, seconds * share, send, under_way)
    under_way.join(timeout=DEADLINE_SECONDS)
    for caller in callers:
        caller.close()


def computed_at_once(caller: Client) -> int:
    """How many calls like ours the gateway computes at a time, as it tells with a reply; more would be refused."""
    _, call = caller.stub.Project.with_call(asked.projection(), timeout=DEADLINE_SECONDS)
    told = dict(call.trailing_metadata() or ())[QUOTA_KEY]
    return int(told.partition(";")[0].partition("=")[2])


def closed_loop(driver: Any, name: str, seconds: float, clients: int, send: Callable[[float], None]) -> Phase:
    """Clients that send their next call when the last was answered."""
    start = driver.enter(name)

    def client() -> None:
        while driver.now_s() < start + seconds:
            send(0.0)

    workers = [gevent.spawn(client) for _ in range(clients)]
    while not all(w.dead for w in workers):
        gevent.joinall(workers, timeout=0.5)
        driver.tell(progress=[driver.now_s(), len(driver.records), clients])
    phase = Phase(name, start, start + seconds)
    driver.done(phase)
    return phase


def open_loop(
    driver: Any, name: str, rate_per_s: float, seconds: float, send: Callable[[float], None], under_way: Group
) -> None:
    """Calls at random times, so many a second on average, whatever became of those before."""
    start = driver.enter(name)
    at, told = start, start
    while at < start + seconds:
        at += random.expovariate(rate_per_s)
        wait = at - driver.now_s()
        if wait > 0:
            gevent.sleep(wait)
        elif under_way:
            gevent.sleep(0)
        under_way.spawn(send, max(driver.now_s() - at, 0.0) * 1e3)
        if driver.now_s() > told + 0.5:
            told = driver.now_s()
            driver.tell(progress=[told, len(driver.records), len(under_way)])
    driver.done(Phase(name, start, driver.now_s(), rate_per_s))
