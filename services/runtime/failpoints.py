"""Named places where a test can make the software fail.

Nothing happens unless the environment names the place (DAFENG_FAILPOINTS) and says that this is a test
(DAFENG_PROFILE=test); a server refuses to start with failpoints in any other profile. Written as

    place=action[:argument][@which], separated by semicolons

Actions: `kill` (SIGKILL to this process), `stop` (SIGSTOP), `sleep:seconds`, `raise:ENOSPC` (OSError with that errno),
`torn-write` (half of what is written, then kill: only where `write` is used), `execute-then-fail:EIO` (the work is
done and its answer lost: only where `around` is used). Which: every time; `@3` for the third time the place is
reached; `@member=137` where the place says that number.
"""

import contextlib
import errno
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from services.common.errors import Violation, invalid

PLACES: Final = "DAFENG_FAILPOINTS"
PROFILE: Final = "DAFENG_PROFILE"
_ACTIONS: Final = ("kill", "stop", "sleep", "raise", "torn-write", "execute-then-fail")


class Sink(Protocol):
    """What `write` writes to."""

    def write(self, data: bytes, /) -> int | None:
        """Write."""

    def flush(self) -> None:
        """Hand on what was written."""


@dataclass(frozen=True)
class _Point:
    place: str
    action: str
    argument: str
    which: str  # "", "3" or "member=137"


_reached: Counter[str] = Counter()


def named() -> str:
    """Failpoints as the environment names them; empty: none."""
    return os.environ.get(PLACES, "")


def refuse_outside_tests() -> None:
    """DomainError(INVALID_INPUT) when failpoints are set outside the test profile, or cannot be read."""
    text = os.environ.get(PLACES, "")
    if not text:
        return
    if os.environ.get(PROFILE) != "test":
        allowed = f"unset, or {PROFILE}=test"
        raise invalid([Violation(PLACES, "failpoints are for tests only", text, allowed)])
    _points(text)


def hit(place: str, **at: int) -> None:
    """This place is reached; `at` are numbers a failpoint may choose by."""
    point = _due(place, at)
    if point is not None:
        _act(point)


@contextlib.contextmanager
def around(place: str, **at: int) -> Iterator[None]:
    """As `hit` before the work; `execute-then-fail` lets the work be done and then raises."""
    point = _due(place, at)
    if point is not None and point.action != "execute-then-fail":
        _act(point)
    yield
    if point is not None and point.action == "execute-then-fail":
        raise _os_error(point)


def write(place: str, sink: Sink, data: bytes) -> None:
    """Write and flush; `torn-write` writes the first half and kills this process."""
    point = _due(place, {})
    if point is not None and point.action == "torn-write":
        sink.write(data[: len(data) // 2])
        sink.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    elif point is not None:
        _act(point)
    sink.write(data)
    sink.flush()


def _due(place: str, at: dict[str, int]) -> _Point | None:
    text = os.environ.get(PLACES)
    if not text or os.environ.get(PROFILE) != "test":
        return None
    _reached[place] += 1
    for point in _points(text):
        if point.place == place and _chosen(point.which, at, _reached[place]):
            return point
    return None


def _chosen(which: str, at: dict[str, int], times: int) -> bool:
    if not which:
        return True
    key, _, number = which.rpartition("=")
    return at.get(key) == int(number) if key else times == int(number)


def _act(point: _Point) -> None:
    if point.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif point.action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif point.action == "sleep":
        time.sleep(float(point.argument or "1"))
    else:
        raise _os_error(point)


def _os_error(point: _Point) -> OSError:
    number = getattr(errno, point.argument or "EIO")
    return OSError(number, f"{os.strerror(number)} (failpoint {point.place})")


@lru_cache(maxsize=4)
def _points(text: str) -> tuple[_Point, ...]:
    points, wrong = [], []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        place, _, rest = entry.partition("=")
        deed, _, which = rest.partition("@")
        action, _, argument = deed.partition(":")
        point = _Point(place, action, argument, which)
        if _sound(point):
            points.append(point)
        else:
            wrong.append(
                Violation(PLACES, "not a failpoint", entry, f"place=action, of {', '.join(_ACTIONS)}")
            )
    if wrong:
        raise invalid(wrong)
    return tuple(points)


def _sound(point: _Point) -> bool:
    if point.action not in _ACTIONS or not point.place:
        return False
    if (
        point.action in ("raise", "execute-then-fail")
        and point.argument
        and not hasattr(errno, point.argument)
    ):
        return False
    try:
        float(point.argument or "0") if point.action == "sleep" else None
        int(point.which.rpartition("=")[2] or "0")
    except ValueError:
        return False
    return True
