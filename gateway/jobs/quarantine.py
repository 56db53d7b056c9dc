"""Finding the member that breaks a worker, so that it fails alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.jobs.words import Failure, Row

# A member fails when a worker broke at it twice, at least once with it alone. A worker that somebody else killed
# (the system short of memory, an operator) says less: then once more.
_TIMES: Final = 2
_TIMES_KILLED_FROM_OUTSIDE: Final = 3


@dataclass(frozen=True)
class Breakdown:
    """A worker that gave no rows: why, and the member it had last said, if any."""

    failure: Failure
    detail: str
    suspect: int | None = None
    from_outside: bool = False
    worker_is_well: bool = False


@dataclass(frozen=True)
class _Piece:
    first: int
    count: int
    failures: int = 0  # breakdowns that spoke against a single member
    by_halves: bool = False  # the member that was last said has proved innocent


Attempt = Callable[[int, int], list[Row] | Breakdown]


def settle(first: int, count: int, attempt: Attempt) -> list[Row]:
    """A row of every member, whatever some of them do to the worker.

    The member that a broken worker had said last is tried alone; when it proves guilty the rest goes on without it.
    When it proves innocent the rest is halved until the guilty one stands alone. So a guilty member costs two
    breakdowns, or three and the halvings of the piece when workers do not say rightly where they are.
    """
    rows: dict[int, Row] = {}
    waiting = [_Piece(first, count)]
    while waiting:
        piece = waiting.pop()
        found = attempt(piece.first, piece.count)
        if isinstance(found, list):
            rows.update({row.member: row for row in found})
        elif piece.count == 1:
            waiting += _again(piece, found, rows)
        elif found.suspect is None or piece.by_halves:
            waiting += _halves(piece)
        else:
            rows |= {found.suspect: _alone(found.suspect, attempt)}
            innocent = not rows[found.suspect].failure
            waiting += _around(piece, found.suspect, innocent=innocent)
    return [rows[member] for member in range(first, first + count)]


def _alone(member: int, attempt: Attempt) -> Row:
    rows: dict[int, Row] = {}
    waiting = [_Piece(member, 1, failures=1)]
    while waiting:
        piece = waiting.pop()
        found = attempt(member, 1)
        if isinstance(found, list):
            return found[0]
        waiting += _again(piece, found, rows)
    return rows[member]


def _again(piece: _Piece, found: Breakdown, rows: dict[int, Row]) -> list[_Piece]:
    """One member broke the worker alone: it fails, or is tried once more."""
    failures = piece.failures + 1
    if failures >= (_TIMES_KILLED_FROM_OUTSIDE if found.from_outside else _TIMES):
        rows[piece.first] = Row.failed(piece.first, found.failure, found.detail)
        return []
    return [_Piece(piece.first, 1, failures)]


def _halves(piece: _Piece) -> list[_Piece]:
    half = piece.count // 2
    return [
        _Piece(piece.first + half, piece.count - half, by_halves=True),
        _Piece(piece.first, half, by_halves=True),
    ]


def _around(piece: _Piece, member: int, *, innocent: bool) -> list[_Piece]:
    """What is left of a piece without a member."""
    end = piece.first + piece.count
    parts = [(member + 1, end - member - 1), (piece.first, member - piece.first)]
    return [_Piece(start, n, by_halves=innocent) for start, n in parts if n > 0]
