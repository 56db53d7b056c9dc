"""A long piece of work that tells its progress: an asynchronous generator of progress, then the result."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from services.common.words import Label, Progress

T = TypeVar("T")
Tell = Callable[[int, Label], None]


async def told(work: Callable[[Tell], Awaitable[T]]) -> AsyncIterator[Progress | T]:
    """Run `work`, which tells how many runs are done; whoever leaves off stops it."""
    queue: asyncio.Queue[Progress] = asyncio.Queue()

    def tell(done_count: int, stage: Label) -> None:
        queue.put_nowait(Progress(done_count, 0, stage))

    task = asyncio.ensure_future(work(tell))
    try:
        while not task.done():
            heard = asyncio.ensure_future(queue.get())
            await asyncio.wait({task, heard}, return_when=asyncio.FIRST_COMPLETED)
            if heard.done():
                yield heard.result()
            else:
                heard.cancel()
        while not queue.empty():
            yield queue.get_nowait()
        yield await task
    finally:
        task.cancel()
