"""The client's side of every call between our services: who asks, which request it belongs to, and until when.

A channel around a channel of grpc.aio: its calls are made at once, as those of the channel inside are, so that taking
one back and deadlines work as they always do (grpc.aio's own interceptors put a task around each call).
"""

from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Final, Protocol

import grpc

from services.runtime.gates import CLASS_KEY, REQUEST_ID_KEY
from services.runtime.under_way import PASSED_ON_SHARE, under_way

Pair = tuple[str, str | bytes]
# Adds to the metadata of a call, when it is made: the token that vouches for its caller, the trace it belongs to.
Provider = Callable[[], Iterable[Pair]]
# For calls that belong to no call with a deadline.
DEFAULT_DEADLINE_S: Final = 600.0
_LEAST_DEADLINE_S: Final = 1e-3


class Watching(Protocol):
    """Decides whether a call may be made, and hears how it ended (services.runtime.overload.breaker)."""

    def before(self) -> None:
        """DomainError(NOT_READY) when no call may be made now."""

    def after(self, code: grpc.StatusCode, allowed_s: float) -> None:
        """A call ended; it was allowed so many seconds."""


class Outgoing:
    """What every call of one channel is given."""

    def __init__(self, providers: Sequence[Provider] = (), watching: Watching | None = None) -> None:
        self.providers = tuple(providers)
        self.watching = watching

    def make(
        self, call: Any, request: Any, timeout: float | None, metadata: Any, options: dict[str, Any]
    ) -> Any:
        """Make a call: `call` is a method of the channel inside."""
        if self.watching is not None:
            self.watching.before()
        allowed_s = deadline_s(timeout)
        made = call(request, timeout=allowed_s, metadata=self.metadata(metadata), **options)
        if self.watching is not None:
            made.add_done_callback(_Ended(self.watching, allowed_s))
        return made

    def metadata(self, given: Any) -> tuple[Pair, ...]:
        """What the caller gives, the request's id and class, and what the providers say."""
        around = under_way()
        pairs: list[Pair] = list(given or ())
        if around.request_id:
            pairs.append((REQUEST_ID_KEY, around.request_id))
        if around.call_class:
            pairs.append((CLASS_KEY, around.call_class))
        for provider in self.providers:
            pairs.extend(provider())
        return tuple(pairs)


def deadline_s(timeout: float | None) -> float:
    """Seconds for a call: what is asked, at most the share of what is left of the call under way."""
    left = under_way().time_left_s()
    if left is None:
        return DEFAULT_DEADLINE_S if timeout is None else timeout
    left = max(left * PASSED_ON_SHARE, _LEAST_DEADLINE_S)
    return left if timeout is None else min(timeout, left)


class _Ended:
    """Tells how a call ended."""

    __slots__ = ("_allowed_s", "_watching")

    def __init__(self, watching: Watching, allowed_s: float) -> None:
        self._watching, self._allowed_s = watching, allowed_s

    def __call__(self, call: Any) -> None:
        code = _at_once(call.code())
        if code is not None:
            self._watching.after(code, self._allowed_s)


def _at_once(coroutine: Any) -> Any:
    """The result of a coroutine that has nothing to wait for; None when it would wait."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    return None


class _Method:
    """One method of the channel: called as the stubs call it."""

    __slots__ = ("_call", "_outgoing")

    def __init__(self, outgoing: Outgoing, call: Any) -> None:
        self._outgoing, self._call = outgoing, call

    def __call__(
        self, request: Any = None, *, timeout: float | None = None, metadata: Any = None, **options: Any
    ) -> Any:
        return self._outgoing.make(self._call, request, timeout, metadata, options)


class OutgoingChannel(grpc.aio.Channel):
    """A channel whose calls carry what `Outgoing` says."""

    def __init__(self, channel: grpc.aio.Channel, outgoing: Outgoing) -> None:
        self._channel = channel
        self.outgoing = outgoing

    def unary_unary(self, method: str, *args: Any, **options: Any) -> Any:
        """A method with one request and one reply."""
        return _Method(self.outgoing, self._channel.unary_unary(method, *args, **options))

    def unary_stream(self, method: str, *args: Any, **options: Any) -> Any:
        """A method with one request and a stream of replies."""
        return _Method(self.outgoing, self._channel.unary_stream(method, *args, **options))

    def stream_unary(self, method: str, *args: Any, **options: Any) -> Any:
        """A method with a stream of requests and one reply."""
        return _Method(self.outgoing, self._channel.stream_unary(method, *args, **options))

    def stream_stream(self, method: str, *args: Any, **options: Any) -> Any:
        """A method with streams both ways."""
        return _Method(self.outgoing, self._channel.stream_stream(method, *args, **options))

    async def close(self, grace: float | None = None) -> None:
        """Close the channel."""
        await self._channel.close(grace)

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        """The state of the connection."""
        return self._channel.get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Wait until the state is another."""
        await self._channel.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Wait until there is a connection."""
        await self._channel.channel_ready()

    async def __aenter__(self) -> "OutgoingChannel":
        await self._channel.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.__aexit__(kind, error, trace)
