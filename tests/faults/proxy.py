"""A TCP proxy with faults, in a thread of its own: what a network does to connections, on any machine.

The network's queue disciplines are not everywhere; a proxy between the two ends is.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

_PIECE_BYTES: Final = 16 * 1024
_THROTTLED_PIECE_BYTES: Final = 100
_FLAP_S: Final = 0.4
# What may be on the line at once.
_UNDER_WAY_PIECES: Final = 256


class Kind(Enum):
    """What happens to connections through the proxy."""

    NONE = "none"
    REFUSE = "refuse"
    """Nobody listens; connections that were open are reset."""
    BLACKHOLE = "blackhole"
    """Nothing comes through; what was sent arrives when it ends, as a network's own repetition has it."""
    FORGOTTEN = "forgotten"
    """Nothing comes through, and connections that were open stay dead when it ends, without a word."""
    DELAY = "delay"
    """Everything comes later, and as much as before: a long line, not a narrow one."""
    RESET = "reset"
    """After so many bytes of the answering side the connection is reset."""
    HALF_CLOSE = "half-close"
    """The answering side says that it is done, and still listens."""
    THROTTLE = "throttle"
    """So many bytes a second come through."""
    FLAPPING = "flapping"
    """Refused and well in turn, more than once a second."""


@dataclass(frozen=True)
class Fault:
    """A kind of fault with its size: seconds, bytes or bytes a second."""

    kind: Kind
    size: float = 0.0


WELL: Final = Fault(Kind.NONE)
EVERY_FAULT: Final = (
    Fault(Kind.REFUSE),
    Fault(Kind.BLACKHOLE),
    Fault(Kind.DELAY, 2.0),
    Fault(Kind.RESET, 700),
    Fault(Kind.HALF_CLOSE),
    Fault(Kind.THROTTLE, 1000),
    Fault(Kind.FLAPPING),
)


class FaultProxy:
    """Listens on loopback and passes on to `target`, with the fault that is set."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._loop = asyncio.new_event_loop()
        self._fault = WELL
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._forgotten: set[asyncio.StreamWriter] = set()
        self._changed = asyncio.Event()
        self._flapping: asyncio.Task[None] | None = None
        self._port = 0
        self.accepted = 0

    @property
    def address(self) -> str:
        """Where it listens, host:port."""
        return f"127.0.0.1:{self._port}"

    @property
    def open_connections(self) -> int:
        """Connections of both sides that are open."""
        return len(self._writers)

    def set(self, fault: Fault) -> None:
        """From now on this fault; `WELL` ends it."""
        asyncio.run_coroutine_threadsafe(self._set(fault), self._loop).result(10)

    @contextlib.contextmanager
    def running(self) -> Iterator["FaultProxy"]:
        """Listens inside."""
        thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)
            self._loop.close()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._reset_all()

    async def _close(self) -> None:
        await self._set(WELL)
        await self._shut()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    async def _set(self, fault: Fault) -> None:
        if self._flapping is not None:
            self._flapping.cancel()
            self._flapping = None
        if self._fault.kind is Kind.FORGOTTEN:
            self._forgotten |= self._writers
        self._fault = fault
        self._changed.set()
        self._changed = asyncio.Event()
        if fault.kind is Kind.REFUSE:
            await self._shut()
        else:
            await self._listen()
        if fault.kind is Kind.FLAPPING:
            self._flapping = asyncio.create_task(self._flap())
        if fault.kind is Kind.HALF_CLOSE:
            for writer in self._writers:
                if writer.get_extra_info("sockname")[1] == self._port:
                    _say_done(writer)

    async def _flap(self) -> None:
        while True:
            await self._shut()
            await asyncio.sleep(_FLAP_S)
            await self._listen()
            await asyncio.sleep(_FLAP_S)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._writers.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            far_reader, far = await asyncio.open_connection(*self._target)
            self._writers.add(far)
            if self._fault.kind is Kind.HALF_CLOSE:
                _say_done(writer)
            await asyncio.gather(
                self._pass_on(reader, far, answers=False), self._pass_on(far_reader, writer, answers=True)
            )
        except (OSError, asyncio.CancelledError):
            pass  # the connection is over either way
        finally:
            for one in (writer, far):
                if one is not None:
                    self._forget(one)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        under_way: asyncio.Queue[tuple[float, bytes | None]] = asyncio.Queue(_UNDER_WAY_PIECES)
        taking_in = asyncio.create_task(_take_in(reader, under_way))
        try:
            await self._hand_out(under_way, writer, answers=answers)
        finally:
            taking_in.cancel()

    async def _hand_out(
        self,
        under_way: asyncio.Queue[tuple[float, bytes | None]],
        writer: asyncio.StreamWriter,
        *,
        answers: bool,
    ) -> None:
        passed = 0
        while True:
            came_at, piece = await under_way.get()
            if piece is None:
                raise ConnectionResetError
            while self._stuck(writer):
                await self._changed.wait()
            fault = self._fault
            if not piece:
                _say_done(writer)
                return
            if fault.kind is Kind.DELAY:
                await asyncio.sleep(max(0.0, came_at + fault.size - self._loop.time()))
            if fault.kind is Kind.HALF_CLOSE and answers:
                continue
            if fault.kind is Kind.RESET and answers and passed + len(piece) > fault.size:
                writer.write(piece[: max(0, int(fault.size) - passed)])
                await writer.drain()
                self._reset(writer)
                raise ConnectionResetError
            if fault.kind is Kind.THROTTLE:
                await self._slowly(piece, writer)
            else:
                writer.write(piece)
                await writer.drain()
            passed += len(piece)

    async def _slowly(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        while piece:
            fault = self._fault
            size = _THROTTLED_PIECE_BYTES if fault.kind is Kind.THROTTLE else len(piece)
            writer.write(piece[:size])
            await writer.drain()
            piece = piece[size:]
            if fault.kind is Kind.THROTTLE:
                await asyncio.sleep(size / fault.size)

    def _stuck(self, writer: asyncio.StreamWriter) -> bool:
        return self._fault.kind in (Kind.BLACKHOLE, Kind.FORGOTTEN) or writer in self._forgotten

    def _reset_all(self) -> None:
        for writer in list(self._writers):
            self._reset(writer)

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        """End a connection as a crashed machine does: no farewell, and the other side is told at once."""
        found: Any = writer.get_extra_info("socket")
        if found is not None:
            with contextlib.suppress(OSError):
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._forget(writer)

    def _forget(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        self._forgotten.discard(writer)
        writer.transport.abort()


async def _take_in(
    reader: asyncio.StreamReader, under_way: asyncio.Queue[tuple[float, bytes | None]]
) -> None:
    """Pieces with the time each came; at the end an empty one, or None where the connection was reset."""
    piece: bytes | None = b"-"
    while piece:
        try:
            piece = await reader.read(_PIECE_BYTES)
        except OSError:
            piece = None
        await under_way.put((asyncio.get_running_loop().time(), piece))


def _say_done(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, RuntimeError):
        if writer.can_write_eof() and not writer.transport.is_closing():
            writer.write_eof()
