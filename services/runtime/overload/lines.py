"""Lines of calls by class: how many are computed at a time, how many wait, and whose turn it is. No clock, no loop."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from services.common.access import CLASSES, CallClass


class State(Enum):
    """Where a ticket stands."""

    WAITING = "waiting"
    STARTED = "started"
    REFUSED = "refused"
    """Another caller, who holds fewer places, was given its place."""
    LEFT = "left"


@dataclass(eq=False)
class Ticket:
    """One call's place in a line; `tell` is called when it starts, or is refused after all."""

    caller: str
    line: "Line"
    state: State = State.WAITING
    tell: Callable[[], None] = lambda: None


@dataclass(eq=False)
class Line:
    """One class: at most `limit` calls at a time, at most `room` waiting.

    One caller holds at most `share` of the waiting places (of the slots, where nobody can wait), so that there is one
    for the next caller.
    """

    limit: int
    room: int
    share: float
    in_flight: int = 0
    waiting: int = 0
    started_by: dict[str, int] = field(default_factory=dict)
    waiting_by: "OrderedDict[str, deque[Ticket]]" = field(default_factory=OrderedDict)

    def place(self, caller: str) -> Ticket | None:
        """A waiting place for a caller, None when there is none for them."""
        if not self.has_place_for(caller):
            return None
        if self.waiting >= self.room:
            self._refuse(self._newest_of_most())
        ticket = Ticket(caller, self)
        self.waiting_by.setdefault(caller, deque()).append(ticket)
        self.waiting += 1
        return ticket

    def has_place_for(self, caller: str) -> bool:
        """Whether a caller may wait: there is a place, or somebody holds more of them than the caller will."""
        mine = len(self.waiting_by.get(caller, ()))
        if self.room == 0 or mine >= _part(self.share, self.room):
            return False
        return self.waiting < self.room or max(map(len, self.waiting_by.values())) > mine + 1

    def next(self) -> Ticket:
        """The ticket whose turn it is, taken out of the line: callers take turns, each one's calls in order."""
        caller, tickets = next(iter(self.waiting_by.items()))
        ticket = tickets.popleft()
        self.waiting -= 1
        if tickets:
            self.waiting_by.move_to_end(caller)
        else:
            del self.waiting_by[caller]
        return ticket

    def take_out(self, ticket: Ticket) -> None:
        """Take a waiting ticket out."""
        tickets = self.waiting_by[ticket.caller]
        tickets.remove(ticket)
        self.waiting -= 1
        if not tickets:
            del self.waiting_by[ticket.caller]

    def start(self, ticket: Ticket) -> None:
        """The ticket's call is computed from now on."""
        ticket.state = State.STARTED
        self.in_flight += 1
        self.started_by[ticket.caller] = self.started_by.get(ticket.caller, 0) + 1

    def end(self, ticket: Ticket) -> None:
        """The ticket's call is over."""
        self.in_flight -= 1
        left = self.started_by[ticket.caller] - 1
        if left:
            self.started_by[ticket.caller] = left
        else:
            del self.started_by[ticket.caller]

    def has_slot_for(self, caller: str) -> bool:
        """Whether a call of this caller may be computed now, as far as this line goes."""
        if self.in_flight >= self.limit:
            return False
        return self.room > 0 or self.started_by.get(caller, 0) < _part(self.share, self.limit)

    def _newest_of_most(self) -> Ticket:
        """The newest call of whoever holds most places."""
        return max(self.waiting_by.values(), key=len)[-1]

    def _refuse(self, ticket: Ticket) -> None:
        """Refuse a call that waits, after all."""
        self.take_out(ticket)
        ticket.state = State.REFUSED
        ticket.tell()


class Lines:
    """All lines of one server. Calls of batches wait for interactive ones, but never stop altogether."""

    def __init__(self, lines: Mapping[CallClass, Line]) -> None:
        self.lines = dict(lines)

    def enter(self, name: CallClass, caller: str) -> Ticket | None:
        """A ticket that has started or waits; None: refused."""
        line = self.lines[name]
        if self._starts(name, caller):
            ticket = Ticket(caller, line)
            line.start(ticket)
            return ticket
        return line.place(caller)

    def has_room(self, name: CallClass, caller: str) -> bool:
        """Whether `enter` would give a ticket now."""
        return self._starts(name, caller) or self.lines[name].has_place_for(caller)

    def leave(self, ticket: Ticket) -> None:
        """Give back what a ticket holds, whatever it is; again does nothing."""
        before, ticket.state = ticket.state, State.LEFT
        if before is State.STARTED:
            ticket.line.end(ticket)
        elif before is State.WAITING:
            ticket.line.take_out(ticket)
        else:
            return
        self._fill()

    def _fill(self) -> None:
        for name in CLASSES:
            line = self.lines[name]
            while line.waiting and line.in_flight < line.limit and self._open(name):
                ticket = line.next()
                line.start(ticket)
                ticket.tell()

    def _starts(self, name: CallClass, caller: str) -> bool:
        line = self.lines[name]
        return not line.waiting and self._open(name) and line.has_slot_for(caller)

    def _open(self, name: CallClass) -> bool:
        """Whether a line may start anything now."""
        line = self.lines[name]
        return name != "batch" or line.in_flight == 0 or not self.lines["interactive"].waiting


def _part(share: float, count: int) -> int:
    return max(1, math.ceil(share * count))
