"""The line that a service logs for every call."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from services.common.errors import DomainError
from services.runtime import interceptor
from services.runtime.gates import Call, Gates

DOOR = interceptor.CallInterceptor(Gates())


class Context:
    """What a call needs of gRPC's."""

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return ()

    def set_trailing_metadata(self, _: Any) -> None:
        pass


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Outcomes as they are logged."""
    found: list[str] = []

    class Log:
        def info(self, _: str, *, outcome: str, **__: Any) -> None:
            found.append(outcome)

    monkeypatch.setattr(interceptor, "logger", Log)
    return found


async def _replies(_request: Any, _context: Any) -> AsyncIterator[int]:
    yield 1
    await asyncio.sleep(60)
    yield 2


def test_a_stream_that_is_left_is_logged_as_cancelled(outcomes: list[str]) -> None:
    async def leave() -> None:
        replies = DOOR._stream(_replies, "/x/Y", one=True)(None, Context())
        assert await anext(replies) == 1
        await replies.aclose()

    asyncio.run(leave())
    assert outcomes == ["cancelled"]


def test_a_call_that_is_taken_back_is_logged_as_cancelled(outcomes: list[str]) -> None:
    async def work(_request: Any, _context: Any) -> int:
        await asyncio.sleep(60)
        return 1

    async def take_back() -> None:
        task = asyncio.ensure_future(DOOR._unary(work, "/x/Y", one=True)(None, Context()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(take_back())
    assert outcomes == ["cancelled"]


def test_a_call_that_ends_is_logged_as_ok(outcomes: list[str]) -> None:
    async def work(_request: Any, _context: Any) -> int:
        return 1

    assert asyncio.run(DOOR._unary(work, "/x/Y", one=True)(None, Context())) == 1
    assert outcomes == ["ok"]


def test_a_refused_stream_of_requests_is_read_out_so_that_its_caller_hears_why() -> None:
    sent: list[int] = []

    class Refused(Context):
        async def abort(self, code: Any, _details: str, _trailing: Any = ()) -> None:
            raise RuntimeError(f"aborted after {len(sent)}")

    async def requests() -> AsyncIterator[int]:
        for number in range(3):
            sent.append(number)
            yield number

    async def refusing(_requests: Any, _context: Any) -> AsyncIterator[int]:
        raise DomainError("NOT_ALLOWED")
        yield 1

    async def ask() -> None:
        async for _ in DOOR._stream(refusing, "/x/Y", one=False)(requests(), Refused()):
            pass

    with pytest.raises(RuntimeError, match="aborted after 3"):
        asyncio.run(ask())


class _LetInAtFirst:
    """A gate whose caller is let in until the stream has begun."""

    @contextlib.asynccontextmanager
    async def pass_through(self, call: Call) -> AsyncIterator[None]:
        def look_again() -> None:
            raise DomainError("UNAUTHENTICATED")

        call.look_again = look_again
        yield


def test_a_stream_ends_when_its_caller_is_not_let_in_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interceptor, "_LOOK_AGAIN_SECONDS", 0.02)
    told: list[Any] = []

    class RefusedError(Exception):
        pass

    class Told(Context):
        async def abort(self, code: Any, *_: Any) -> None:
            told.append(code)
            raise RefusedError

    async def replies(_request: Any, _context: Any) -> AsyncIterator[int]:
        yield 1
        await asyncio.sleep(0.05)
        yield 2

    async def watch() -> list[int]:
        door = interceptor.CallInterceptor(Gates((_LetInAtFirst(),)))
        seen = []
        with pytest.raises(RefusedError):
            async for one in door._stream(replies, "/x/Y", one=True)(None, Told()):
                seen.append(one)
        return seen

    assert asyncio.run(watch()) == [1] and told == [grpc.StatusCode.UNAUTHENTICATED]
