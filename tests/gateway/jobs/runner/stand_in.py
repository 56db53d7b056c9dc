"""Members that cost next to nothing, and members that do to a worker what a member can do. Opened by a child."""

import ctypes
import hashlib
import json
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from gateway.jobs.words import Row
from services.common.errors import Violation, invalid

OPENER = "tests.gateway.jobs.runner.stand_in:open_members"


def spec_text(member_count: int, **more: Any) -> str:
    """A specification: `poison` {member: kind}, `seconds` a member, `silent` does not say members, `open`."""
    return json.dumps({"member_count": member_count} | more, sort_keys=True)


class StandIn:
    """Values drawn by the member's number alone."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec
        self.member_count: int = spec["member_count"]

    def block(self, first: int, count: int, heard: Callable[[int], None]) -> list[Row]:
        """Rows of members."""
        return [self._row(member, heard) for member in range(first, first + count)]

    def _row(self, member: int, heard: Callable[[int], None]) -> Row:
        if not self._spec.get("silent"):
            heard(member)
        time.sleep(self._spec.get("seconds", 0.0))
        values = np.random.Generator(np.random.Philox(key=[7, member])).normal(size=5)
        kind = self._spec.get("poison", {}).get(str(member), "")
        if kind == "nan":
            values[2] = np.nan
        elif kind:
            POISON[kind]()
        return Row.of(member, hashlib.sha256(str(member).encode()).hexdigest(), values)


def _crash() -> None:
    ctypes.string_at(0)


def _endless() -> None:
    while True:
        pass


def _bomb() -> None:
    held = []
    while True:
        held.append(np.ones(4 * 1024 * 1024))  # 32 MiB, touched


def _error() -> None:
    raise ZeroDivisionError


POISON: dict[str, Callable[[], None]] = {
    "crash": _crash,
    "endless": _endless,
    "bomb": _bomb,
    "error": _error,
    "exit": lambda: os._exit(3),
}


def open_members(text: str) -> StandIn:
    """Opens the specification; `open` says how opening fails."""
    spec = json.loads(text)
    how = spec.get("open", "")
    if how == "bad":
        raise invalid([Violation("spec.levers", "no such lever", "x")])
    if how:
        POISON[how]()
    return StandIn(spec)
