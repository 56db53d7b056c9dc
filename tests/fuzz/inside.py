"""Mutated messages into the handlers themselves, without sockets: read, validated, and stopped before long work.

What belongs to one projection stands still at the first call of a sector or of a sector's model; methods that take a
caller's own data run to their end.
"""

import asyncio
import contextlib
import faulthandler
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from unittest import mock

import grpc
from google.protobuf.message import DecodeError

from gateway.api.services import SERVICES
from gateway.direct import DirectCalls
from gateway.jobs.running import running_batches
from gateway.jobs.settings import BatchSettings
from gateway.pipeline import Pipeline
from gateway.settings import ServeSettings
from services.common.access import access_table
from services.common.acting import Actor, act_as
from services.runtime.interceptor import domain_error
from services.runtime.logs import configure_logs
from services.runtime.sectors import sectors
from tests.fuzz.figures import (
    ANSWERED,
    CRASHES,
    HANGS,
    NON_FINITE,
    PASSED,
    REFUSED,
    UNKNOWN,
    UNREADABLE,
    Figures,
    non_finite,
)
from tests.fuzz.mutate import mutated, shaken
from tests.fuzz.seeds import Target, targets

# A message that is read and validated takes far less; the machine has other work.
LONGEST_S: Final = 20.0
# Longer than any share of the messages takes.
_HANGS_AFTER_S: Final = 3600
# Enough to see that a stream goes on well.
_MOST_REPLIES: Final = 4


class StoppedHereError(Exception):
    """The message was found sound, and what follows is the calculation itself."""


class InlinePool(ThreadPoolExecutor):
    """Runs what it is given at once."""

    def submit(self, function: Any, /, *args: Any, **named: Any) -> Any:
        """Run it."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **named))
        except BaseException as error:
            future.set_exception(error)
        return future


class NoSectors(DirectCalls):
    """The sectors' levers and what they publish; nothing is calculated."""

    def __init__(self) -> None:
        super().__init__(sectors())
        self.waits = True  # type: ignore[misc]
        self._levers: dict[str, Any] = {}

    async def levers(self, region_id: str) -> Any:
        """Kept: they are asked with every message."""
        if region_id not in self._levers:
            self._levers[region_id] = await super().levers(region_id)
        return self._levers[region_id]

    async def shapes(self, *_: Any) -> Any:
        """Not here."""
        raise StoppedHereError

    async def project(self, *_: Any, **__: Any) -> Any:
        """Not here."""
        raise StoppedHereError

    async def project_power(self, *_: Any, **__: Any) -> Any:
        """Not here."""
        raise StoppedHereError

    async def reads(self, *_: Any) -> Any:
        """Not here."""
        raise StoppedHereError


class _Context:
    """What a handler sees of its call."""

    def __init__(self) -> None:
        self._code: Any = None

    async def abort(self, code: Any, *_: Any) -> None:
        """End the call with a code."""
        self._code = code
        raise grpc.aio.AbortError

    def set_trailing_metadata(self, *_: Any) -> None:
        """Nobody reads it."""

    def invocation_metadata(self) -> tuple[()]:
        """None."""
        return ()

    def trailing_metadata(self) -> tuple[()]:
        """None."""
        return ()

    def time_remaining(self) -> None:
        """No deadline."""

    def peer(self) -> str:
        """Nobody."""
        return "ipv4:127.0.0.1:1"

    def code(self) -> Any:
        """The code it was ended with."""
        return self._code


@contextlib.contextmanager
def nothing_long() -> Iterator[None]:
    """What a sector calculates for a whole region stops at its beginning."""

    def stop(*_: Any, **__: Any) -> Any:
        raise StoppedHereError

    import services.buildings.servicer as buildings
    import services.industry.servicer as industry
    import services.transport.servicer as transport

    with contextlib.ExitStack() as stack:
        for module in (buildings, transport, industry):
            for name in ("project", "shapes"):
                stack.enter_context(mock.patch.object(type(module.MODEL), name, stop))
        for module, name in (
            (buildings, "project_stock"),
            (transport, "project_fleet"),
            (industry, "project_branches"),
        ):
            if hasattr(module, name):
                stack.enter_context(mock.patch.object(module, name, stop))
        import services.power.servicer as power

        stack.enter_context(mock.patch.object(type(power.MODEL), "reads", stop))
        yield


class Inside:
    """Every service's handlers in this process."""

    def __init__(self, handlers: dict[str, list[Any]]) -> None:
        self._handlers = handlers

    async def tell(self, target: Target, data: bytes, chance: random.Random, figures: Figures) -> None:
        """One message."""
        try:
            request = target.request.FromString(data)
        except (DecodeError, RecursionError):
            figures.tell(UNREADABLE, target.path)
            return
        handler = chance.choice(self._handlers[target.service])
        started = time.monotonic()
        outcome, why = await _outcome(getattr(handler, target.name), target, request)
        if time.monotonic() - started > LONGEST_S:
            outcome, why = HANGS, f"{time.monotonic() - started:.1f} s"
        figures.tell(outcome, f"{type(handler).__name__}{target.path}", data, why)


async def _outcome(behaviour: Any, target: Target, request: Any) -> tuple[str, str]:
    context = _Context()
    try:
        async for reply in _replies(behaviour, target, request, context):
            message = target.reply.FromString(reply) if isinstance(reply, bytes) else reply
            places = list(non_finite(message))
            if places:
                return NON_FINITE, ", ".join(places[:5])
        return ANSWERED, ""
    except grpc.aio.AbortError:
        code = context.code()
        return (UNKNOWN, "") if code is grpc.StatusCode.UNKNOWN else (REFUSED, "")
    except BaseExceptionGroup as group:
        if group.split(StoppedHereError)[1] is None:
            return PASSED, ""
        return CRASHES, repr(group)[:500]
    except StoppedHereError:
        return PASSED, ""
    except Exception as error:
        known = domain_error(error)
        if known is None:
            import traceback

            return CRASHES, "".join(traceback.format_exception(error)[-3:]).replace("\n", " | ")[-700:]
        return REFUSED, ""


async def _replies(behaviour: Any, target: Target, request: Any, context: _Context) -> AsyncIterator[Any]:
    given: Any = request
    if target.takes_stream:

        async def one() -> AsyncIterator[Any]:
            yield request

        given = one()
    if not target.streams:
        yield await behaviour(given, context)
        return
    count = 0
    async with contextlib.aclosing(behaviour(given, context)) as replies:
        async for reply in replies:
            yield reply
            count += 1
            if count >= _MOST_REPLIES:
                return


@contextlib.asynccontextmanager
async def inside(folder: Path) -> AsyncIterator[Inside]:
    """The handlers, over a store in this folder."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)
    pool = InlinePool()
    loop.set_default_executor(pool)
    opened = access_table().open
    act_as(Actor(opened.user_id, frozenset({*opened.roles, "reviewer", "releaser"}), tuple(opened.scopes)))
    settings = ServeSettings(
        http="",
        log_level="error",
        batches=BatchSettings(store=f"sqlite:///{folder / 'store.sqlite'}", workers=1),
    )
    pipeline = Pipeline(NoSectors(), pool)  # type: ignore[arg-type]
    handlers: dict[str, list[Any]] = {}
    for entry in sectors():
        for servicer in entry.servicers(pool):
            handlers.setdefault(servicer.service_name, []).append(servicer.implementation)
    with nothing_long():
        async with running_batches(pipeline, settings.batches) as desk:
            for service in SERVICES:
                handlers[service.name] = [service.make(pipeline, desk, settings)]
            yield Inside(handlers)


def one_message(target: Target, pieces: list[bytes], chance: random.Random) -> bytes:
    """Half of the messages have changed bytes, half changed fields."""
    seed = chance.choice(target.seeds)
    if chance.random() < 0.5:
        return mutated(seed, chance.choice(pieces), chance)
    return shaken(target.request.FromString(seed), chance)


async def fuzz(
    folder: Path, messages: int, seed: int, chosen: tuple[Target, ...] = (), each: Any = None
) -> Figures:
    """So many mutated messages over all methods in turn; the same seed gives the same messages."""
    figures, chance = Figures(), random.Random(seed)
    every = chosen or targets()
    pieces = [s for t in every for s in t.seeds if s]
    async with inside(folder) as handlers:
        for number in range(messages):
            target = every[number % len(every)]
            data = one_message(target, pieces, chance)
            if each is not None:
                each(target, data)
            await handlers.tell(target, data, chance, figures)
    return figures


def inside_share(messages: int, seed: int) -> Figures:
    """A share of the messages, in a process of its own; a hang ends it with where it stood."""
    faulthandler.dump_traceback_later(_HANGS_AFTER_S, exit=True)
    configure_logs("critical")
    with tempfile.TemporaryDirectory(prefix="dafeng-fuzz-") as folder:
        return asyncio.run(fuzz(Path(folder), messages, seed))
