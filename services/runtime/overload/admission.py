"""The gate of admission: bounded work, short lines, and a quick refusal beyond them."""

import asyncio
import math
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from services.common.access import CLASSES, CallClass
from services.common.errors import DomainError
from services.runtime.gates import QUOTA_KEY, Call
from services.runtime.overload.classes import class_of
from services.runtime.overload.lines import Line, Lines, State, Ticket
from services.runtime.overload.paces import Paces
from services.runtime.overload.quotas import ClassQuota, quotas_here
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.under_way import under_way

_LEAST_RETRY_S = 0.2
_MOST_RETRY_S = 30.0
_RETRY_STEP_S = 0.05
# Callers that are refused together do not come back together.
_JITTER = (0.75, 1.5)


# Calls of milliseconds that wait, for each that is computed: a fifth of a second in all.
_SHORT_WAITING = 32


class AdmissionGate:
    """Lets a call be computed when its class has a slot and it is its caller's turn."""

    def __init__(self, lines: Lines, paces: Paces | None, deadlines_s: dict[CallClass, float]) -> None:
        """`paces`: refuse calls that have no time, by what was learned; None where the caller saw to that."""
        self.lines, self._paces, self._deadlines_s = lines, paces, deadlines_s
        self._pace = paces or Paces()

    @asynccontextmanager
    async def pass_through(self, call: Call) -> AsyncIterator[None]:
        """The call in its slot, which is given back however it ends."""
        name = class_of(call)
        self._check_time(call.method)
        caller = call.actor.user_id
        ticket = self.lines.enter(name, caller)
        if ticket is None:
            raise self._refusal(name, call.method)
        try:
            if ticket.state is State.WAITING:
                if not await _granted(ticket):
                    raise self._refusal(name, call.method)
                self._check_time(call.method)
            call.trailing.append((QUOTA_KEY, self._in_short(name)))
            token = quotas_here.set(partial(self.quotas, caller))
            started = time.monotonic()
            try:
                yield
            except asyncio.CancelledError:
                self._cut(call.method, time.monotonic() - started)
                raise
            finally:
                with suppress(ValueError):
                    quotas_here.reset(token)
            self._pace.took(call.method, time.monotonic() - started)
        finally:
            self.lines.leave(ticket)

    def check(self, call: Call) -> None:
        """DomainError when the call would be refused now: no task, no place and no wait for what is refused."""
        name = class_of(call)
        self._check_time(call.method)
        if not self.lines.has_room(name, call.actor.user_id):
            raise self._refusal(name, call.method)

    def quotas(self, caller: str) -> tuple[ClassQuota, ...]:
        """What a caller is granted and uses."""
        return tuple(self._quota(name, caller) for name in CLASSES)

    def _quota(self, name: CallClass, caller: str) -> ClassQuota:
        line = self.lines.lines[name]
        return ClassQuota(
            name,
            line.limit,
            line.room,
            math.ceil(line.share * line.room),
            line.in_flight,
            line.waiting,
            line.started_by.get(caller, 0),
            len(line.waiting_by.get(caller, ())),
            self._deadlines_s.get(name, 0.0),
        )

    def _in_short(self, name: CallClass) -> str:
        line = self.lines.lines[name]
        return f"{name}={line.limit};in-flight={line.in_flight};waiting={line.waiting};room={line.room}"

    def _check_time(self, method: str) -> None:
        left_s = under_way().time_left_s()
        if self._paces is not None:
            self._paces.check(method, left_s)
        elif left_s is not None and left_s <= 0:
            raise DomainError("NO_TIME", detail="its time was over before it was begun")

    def _cut(self, method: str, seconds: float) -> None:
        """A call that was cancelled tells something only when its time was over."""
        left_s = under_way().time_left_s()
        if left_s is not None and left_s <= 0:
            self._pace.ran_out(method, seconds)

    def _refusal(self, name: CallClass, method: str) -> DomainError:
        line = self.lines.lines[name]
        ahead = (line.waiting + line.in_flight) / line.limit
        wait_s = min(max(ahead * self._pace.usual_s(method), _LEAST_RETRY_S), _MOST_RETRY_S)
        # In steps, so that the status of most refusals is one that was made before.
        steps = round(wait_s * random.uniform(*_JITTER) / _RETRY_STEP_S)
        return DomainError(
            "CAPACITY",
            detail=f"{line.in_flight} {name} calls are under way and {line.waiting} wait",
            retry_after_s=max(steps, 1) * _RETRY_STEP_S,
        )


async def _granted(ticket: Ticket) -> bool:
    """Wait until the ticket starts, or is refused after all."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ticket.tell = lambda: None if future.done() else future.set_result(None)
    await future
    return ticket.state is State.STARTED


def gateway_gate(settings: AdmissionSettings, paces: Paces, *, one_caller: bool) -> AdmissionGate:
    """Admission of the gateway. `one_caller`: nobody signs in, so that everybody is one caller, who may have all."""
    cores = os.cpu_count() or 1
    share = 1.0 if one_caller else settings.caller_share
    interactive = settings.interactive or max(2, cores)
    short = settings.short or max(2, cores)
    lines: dict[CallClass, Line] = {
        "light": Line(settings.light, 0, share),
        "short": Line(short, settings.short_queue or _SHORT_WAITING * short, share),
        "interactive": Line(interactive, settings.interactive_queue or interactive, share),
        "heavy": Line(settings.heavy or cores, settings.heavy_queue, share),
        "batch": Line(settings.batch or cores, settings.batch_queue, share),
    }
    return AdmissionGate(Lines(lines), paces, deadlines_of(settings))


# A sector computes what gateways admitted: it refuses nothing that they could have sent, but keeps classes apart.
_SECTOR_ROOM = 8192
_SECTOR_LIGHT = 4096


def sector_gate(settings: AdmissionSettings) -> AdmissionGate:
    """Admission of a sector."""
    cores = os.cpu_count() or 1
    lines: dict[CallClass, Line] = {
        "light": Line(_SECTOR_LIGHT, 0, 1.0),
        "short": Line(8 * cores, _SECTOR_ROOM, 1.0),
        "interactive": Line(8 * cores, _SECTOR_ROOM, 1.0),
        "heavy": Line(2 * cores, _SECTOR_ROOM, 1.0),
        "batch": Line(2 * cores, _SECTOR_ROOM, 1.0),
    }
    return AdmissionGate(Lines(lines), None, deadlines_of(settings))


def deadlines_of(settings: AdmissionSettings) -> dict[CallClass, float]:
    """Seconds that a call of a class has when it comes without a deadline; none for light ones."""
    return {
        "short": settings.interactive_deadline_s,
        "interactive": settings.interactive_deadline_s,
        "heavy": settings.heavy_deadline_s,
        "batch": settings.batch_deadline_s,
    }
