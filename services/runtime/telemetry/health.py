"""Whether this process lives and is ready: what each service of it says, and the heartbeat of the event loop."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from services.runtime.telemetry.metrics import metrics

BEAT_SECONDS: Final = 0.5
# An event loop that was not seen for so long is stuck: the process is to be started again.
STUCK_SECONDS: Final = 20.0

Check = Callable[[], str]
"""Empty when all is well, else what is wrong, in a few words without secrets. Called in a thread."""


@dataclass
class _Watch:
    """A check that is asked; one that was well once may not be needed later."""

    check: Check
    needed_later: bool
    was_well: bool = False

    def ask(self) -> tuple[str, bool]:
        """What is wrong, and whether that is in the way of calls."""
        try:
            wrong = self.check()
        except Exception as error:
            wrong = f"the check failed: {type(error).__name__}"
        self.was_well = self.was_well or not wrong
        return wrong, bool(wrong) and (self.needed_later or not self.was_well)


@dataclass
class _Service:
    states: dict[str, str] = field(default_factory=dict)
    checks: dict[str, _Watch] = field(default_factory=dict)


class Health:
    """What probes ask. One for the process; services put their states into it."""

    def __init__(self) -> None:
        self._services: dict[str, _Service] = {}
        self._lock = threading.Lock()
        self._beaten_at = time.monotonic()

    def expect(self, service: str, *states: str) -> None:
        """The service will have these states; until each is `well`, nothing is ready."""
        with self._lock:
            self._services[service] = _Service(dict.fromkeys(states, "not yet"))

    def say(self, service: str, state: str, wrong: str = "") -> None:
        """A state of a service: what is wrong, empty when all is well."""
        with self._lock:
            self._services.setdefault(service, _Service()).states[state] = wrong
            ready = not any(self._services[service].states.values())
        metrics().ready.labels(service).set(ready)

    def watch(self, service: str, name: str, check: Check, *, needed_later: bool = True) -> None:
        """Ask `check` at each probe. Not `needed_later`: trouble after it was well is told and takes nothing away."""
        with self._lock:
            self._services.setdefault(service, _Service()).checks[name] = _Watch(check, needed_later)

    def draining(self, service: str) -> None:
        """No new calls: readiness goes off at once."""
        self.say(service, "serving", "draining")

    def forget(self, service: str) -> None:
        """The service has ended."""
        with self._lock:
            self._services.pop(service, None)

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether calls may come, and every check by service."""
        with self._lock:
            services = {k: (dict(v.states), dict(v.checks)) for k, v in self._services.items()}
        told: dict[str, dict[str, str]] = {}
        ready = bool(services) and not self._stuck()
        for service, (states, checks) in services.items():
            asked = {name: check.ask() for name, check in checks.items()}
            ready = ready and not any(states.values()) and not any(hinders for _, hinders in asked.values())
            found = states | {name: wrong for name, (wrong, _) in asked.items()}
            told[service] = {name: wrong or "ok" for name, wrong in found.items()}
        return ready, {"ready": ready, "services": told}

    def live(self) -> tuple[bool, dict[str, Any]]:
        """Whether the event loop turns."""
        stuck = self._stuck()
        age = round(time.monotonic() - self._beaten_at, 1)
        return not stuck, {"live": not stuck, "heartbeat_age_s": age}

    async def beat(self) -> None:
        """The heartbeat, for as long as the loop turns."""
        lag = metrics().loop_lag.labels("process")
        while True:
            asked = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            self._beaten_at = time.monotonic()
            lag.set(max(0.0, self._beaten_at - asked - BEAT_SECONDS))

    def _stuck(self) -> bool:
        return time.monotonic() - self._beaten_at > STUCK_SECONDS


@contextlib.asynccontextmanager
async def beating(health: Health) -> AsyncIterator[None]:
    """The heartbeat goes on inside."""
    task = asyncio.create_task(health.beat(), name="heartbeat")
    try:
        yield
    finally:
        task.cancel()
