"""A long call as a stream: messages with `progress` on the way, one with `result` at the end."""

from collections.abc import AsyncIterator
from typing import Any

from services.common.words import Progress
from services.runtime.convert import to_message


async def streamed(reply: type[Any], parts: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """Each part as a message of type `reply`: a Progress in its field `progress`, anything else in `result`."""
    async for part in parts:
        message = reply()
        to_message(part, message.progress if isinstance(part, Progress) else message.result)
        yield message
