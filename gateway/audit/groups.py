"""Counting refusals together, so that a flood of them cannot fill the disk, and none goes uncounted."""

from dataclasses import dataclass, replace
from typing import Final

from gateway.audit.words import Told

# Capacity is refused often and means little by itself: counted from the first.
CAPACITY: Final = frozenset({"CAPACITY", "NO_TIME", "QUOTA", "AUDIT_AWAY"})
IDENTITY: Final = frozenset({"UNAUTHENTICATED", "NOT_ALLOWED", "SAME_PERSON"})
_WINDOW_SECONDS: Final = 10.0
_SINGLE: Final = 100  # refusals of identity and access that are entries of their own, in a window
_MOST_KINDS: Final = 200  # kinds counted apart in a window; the rest together


@dataclass
class _Group:
    told: Told
    count: int = 0


class Groups:
    """Refusals of one short time, by who, what and why."""

    def __init__(self) -> None:
        self._began = 0.0
        self._single = 0
        self._groups: dict[tuple[str, str, str, str], _Group] = {}

    def counted(self, told: Told, now: float) -> bool:
        """True: it is counted here. False: it is to be an entry of its own."""
        if not self._groups and not self._single:
            self._began = now
        if told.reason not in CAPACITY and self._single < _SINGLE:
            self._single += 1
            return False
        key = (told.actor, told.act, told.reason, told.address.rpartition(":")[0])
        if key not in self._groups and len(self._groups) >= _MOST_KINDS:
            key = ("", "", told.reason, "")
            told = replace(told, actor="", act="", address="")
        group = self._groups.get(key)
        if group is None:
            # Which of them the request id and digest are of would be chance.
            plain = replace(told, object="", scope="", request_id="", digest="")
            group = self._groups[key] = _Group(plain)
        group.count += told.count
        return True

    def due(self, now: float) -> list[Told]:
        """The counted ones of a time that is over."""
        return self.all() if now - self._began >= _WINDOW_SECONDS else []

    def all(self) -> list[Told]:
        """The counted ones so far; counting begins anew."""
        found = [replace(g.told, count=g.count) for g in self._groups.values()]
        self._groups, self._single = {}, 0
        return found
