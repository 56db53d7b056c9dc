"""The member that breaks a worker is found, with few breakdowns, and nobody else fails."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.jobs.quarantine import Breakdown, settle
from gateway.jobs.words import Failure, Row

GOOD = np.zeros(1)


def worker(
    guilty: set[int], says: Callable[[int, range], int | None]
) -> tuple[Callable[[int, int], list[Row] | Breakdown], list[int]]:
    """A worker that breaks at guilty members and says of itself where it is; and its breakdowns."""
    broken: list[int] = []

    def attempt(first: int, count: int) -> list[Row] | Breakdown:
        members = range(first, first + count)
        found = sorted(guilty & set(members))
        if found:
            broken.append(found[0])
            return Breakdown(Failure.CRASH, "signal", says(found[0], members))
        return [Row.of(m, "x", GOOD) for m in members]

    return attempt, broken


@given(st.sets(st.integers(0, 63), max_size=6))
def test_each_guilty_member_costs_two_breakdowns_when_the_worker_says_where_it_is(guilty: set[int]) -> None:
    attempt, broken = worker(guilty, lambda member, _: member)
    rows = settle(0, 64, attempt)
    assert [r.member for r in rows] == list(range(64))
    assert {r.member for r in rows if r.failure} == guilty
    assert len(broken) <= 2 * len(guilty)


@given(st.integers(0, 63), st.integers(0, 63))
def test_a_worker_that_says_a_wrong_member_costs_halvings_and_wrongs_nobody(guilty: int, said: int) -> None:
    attempt, broken = worker({guilty}, lambda _, members: said if said in members else None)
    rows = settle(0, 64, attempt)
    assert {r.member for r in rows if r.failure} == {guilty}
    assert len(broken) <= 10


def test_a_member_that_broke_a_worker_once_only_is_innocent() -> None:
    attempt, broken = worker({5}, lambda member, _: member)

    def once(first: int, count: int) -> list[Row] | Breakdown:
        return (
            attempt(first, count)
            if not broken
            else [Row.of(m, "x", GOOD) for m in range(first, first + count)]
        )

    assert not [r for r in settle(0, 8, once) if r.failure]


@pytest.mark.parametrize(("from_outside", "kills"), [(True, 3), (False, 2)])
def test_a_kill_from_outside_is_believed_later_than_a_crash(from_outside: bool, kills: int) -> None:
    tries = []

    def attempt(first: int, count: int) -> list[Row] | Breakdown:
        tries.append(first)
        return Breakdown(Failure.CRASH, "signal SIGKILL", first, from_outside)

    (row,) = settle(7, 1, attempt)
    assert row.failure == Failure.CRASH
    assert len(tries) == kills


def test_breakdowns_in_company_speak_against_nobody() -> None:
    """Somebody kills workers again and again: every piece of several, and each single member once."""
    alone: list[int] = []

    def attempt(first: int, count: int) -> list[Row] | Breakdown:
        if count == 1 and first in alone:
            return [Row.of(first, "x", GOOD)]
        alone.extend([first] * (count == 1))
        return Breakdown(Failure.CRASH, "signal SIGKILL", None, from_outside=True)

    assert not [r for r in settle(0, 16, attempt) if r.failure]
