"""The line that a service logs for every call."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.runtime import interceptor


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
        replies = interceptor._stream(_replies, "/x/Y")(None, None)
        assert await anext(replies) == 1
        await replies.aclose()

    asyncio.run(leave())
    assert outcomes == ["cancelled"]


def test_a_call_that_is_taken_back_is_logged_as_cancelled(outcomes: list[str]) -> None:
    async def work(_request: Any, _context: Any) -> int:
        await asyncio.sleep(60)
        return 1

    async def take_back() -> None:
        task = asyncio.ensure_future(interceptor._unary(work, "/x/Y")(None, None))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(take_back())
    assert outcomes == ["cancelled"]


def test_a_call_that_ends_is_logged_as_ok(outcomes: list[str]) -> None:
    async def work(_request: Any, _context: Any) -> int:
        return 1

    assert asyncio.run(interceptor._unary(work, "/x/Y")(None, None)) == 1
    assert outcomes == ["ok"]
