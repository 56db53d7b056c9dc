"""Mutated messages to a running gateway over its socket, as bytes: the whole way, with deadlines."""

import asyncio
import random
import time
from typing import Any, Final

import grpc

from services.runtime.address import CHANNEL_OPTIONS
from tests.fuzz.figures import (
    ANSWERED,
    CRASHES,
    HANGS,
    NON_FINITE,
    REFUSED,
    UNKNOWN,
    Figures,
    non_finite,
)
from tests.fuzz.inside import one_message
from tests.fuzz.seeds import SECTOR_CONTRACT, Target, targets

DEADLINE_S: Final = 5.0
# Two cores that others use too.
MARGIN_S: Final = 5.0
AT_A_TIME: Final = 4
# What a caller may be told of: refusals, a busy service, and a deadline of its own that ran out.
_WRONG: Final = {
    grpc.StatusCode.INTERNAL: CRASHES,
    grpc.StatusCode.DATA_LOSS: CRASHES,
    grpc.StatusCode.UNKNOWN: UNKNOWN,
}
# A frame that is cut short is told by the library's own reader, as INTERNAL.
_READERS_WORDS: Final = "Exception deserializing request"


async def fuzz_over_wire(address: str, messages: int, seed: int) -> Figures:
    """So many messages over all methods in turn."""
    figures, chance = Figures(), random.Random(seed)
    # The gateway answers the sectors' shared contract at their own addresses only.
    every = [t for t in targets() if t.service != SECTOR_CONTRACT]
    pieces = [s for t in every for s in t.seeds if s]
    given = iter(
        [
            (target, one_message(target, pieces, chance))
            for target in (every[n % len(every)] for n in range(messages))
        ]
    )
    async with grpc.aio.insecure_channel(address, options=_without_retries()) as channel:

        async def work() -> None:
            for target, data in given:
                await _tell(channel, target, data, figures)

        await asyncio.gather(*(work() for _ in range(AT_A_TIME)))
    return figures


def _without_retries() -> list[tuple[str, Any]]:
    return [o for o in CHANNEL_OPTIONS if o[0] not in ("grpc.service_config", "grpc.enable_retries")]


async def _tell(channel: grpc.aio.Channel, target: Target, data: bytes, figures: Figures) -> None:
    started = time.monotonic()
    outcome, why = await _outcome(channel, target, data)
    seconds = time.monotonic() - started
    if seconds > DEADLINE_S + MARGIN_S:
        outcome, why = HANGS, f"{seconds:.1f} s"
    figures.tell(outcome, target.path, data, why)


async def _outcome(channel: grpc.aio.Channel, target: Target, data: bytes) -> tuple[str, str]:
    try:
        async for reply in _replies(channel, target, data):
            places = list(non_finite(target.reply.FromString(reply)))
            if places:
                return NON_FINITE, ", ".join(places[:5])
    except grpc.aio.AioRpcError as error:
        told = error.details() or ""
        if error.code() is grpc.StatusCode.INTERNAL and told.startswith(_READERS_WORDS):
            return REFUSED, ""
        return _WRONG.get(error.code(), REFUSED), f"{error.code().name} {told[:300]}"
    return ANSWERED, ""


async def _replies(channel: grpc.aio.Channel, target: Target, data: bytes) -> Any:
    if target.takes_stream:
        method = channel.stream_stream if target.streams else channel.stream_unary
        call: Any = method(target.path)(iter([data]), timeout=DEADLINE_S)
    else:
        method = channel.unary_stream if target.streams else channel.unary_unary
        call = method(target.path)(data, timeout=DEADLINE_S)
    if not target.streams:
        yield await call
        return
    async for reply in call:
        yield reply
