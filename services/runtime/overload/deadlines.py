"""Every call has an end: the caller's, or the one that its class has; the calls that it makes are told."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.common.errors import DomainError
from services.runtime.gates import Call
from services.runtime.overload.admission import deadlines_of
from services.runtime.overload.classes import class_of
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.under_way import UnderWay, is_under_way


class DeadlineGate:
    """Sets what is under way, and ends calls that came without a deadline when their class says so.

    A light call may be a stream that stays open (a batch that is watched): without a deadline it has no end.
    """

    def __init__(self, settings: AdmissionSettings) -> None:
        self._default_s = deadlines_of(settings)

    @asynccontextmanager
    async def pass_through(self, call: Call) -> AsyncIterator[None]:
        """The call with its end."""
        call_class = class_of(call)
        given_s = seconds_left(call.context)
        left_s = self._default_s.get(call_class) if given_s is None else given_s
        ends_at = None if left_s is None else time.monotonic() + left_s
        with is_under_way(UnderWay(call.request_id, call_class, ends_at)):
            if given_s is not None or left_s is None:
                yield
                return
            try:
                async with asyncio.timeout(left_s):
                    yield
            except TimeoutError:
                detail = f"this kind of call ends after {left_s:g} s where no deadline is given"
                raise DomainError("NO_TIME", detail=detail) from None


def seconds_left(context: Any) -> float | None:
    """Seconds until the caller's deadline; None when there is none."""
    remaining: float | None = getattr(context, "time_remaining", lambda: None)()
    # gRPC tells "no deadline" as None or as a time in the far future.
    return None if remaining is None or remaining > 10 * 365 * 86_400 else remaining
