"""Turns of workers between batches."""

from typing import cast

from gateway.jobs.supervisor import Supervisor
from gateway.jobs.turns import Run, Turns


class Idle:
    """A supervisor that does nothing."""

    def stop(self) -> None:
        """Nothing to stop."""

    def go_on(self) -> None:
        """Nothing was stopped."""


WORKER = cast(Supervisor, Idle())


def test_a_batch_that_comes_during_a_turn_has_the_next_one() -> None:
    turns = Turns()
    large, small = Run("large", lambda: None), Run("small", lambda: None)
    turns.add(large)
    assert turns.next(WORKER, 0.0) is large
    turns.add(small)
    turns.leave(large, WORKER)
    assert turns.next(WORKER, 0.0) is small


def test_two_workers_take_different_batches() -> None:
    turns = Turns()
    runs = [Run(name, lambda: None) for name in "ab"]
    for run in runs:
        turns.add(run)
    assert [turns.next(WORKER, 0.0), turns.next(WORKER, 0.0)] == runs


def test_a_run_ends_when_nothing_waits_and_nobody_is_at_work_on_it() -> None:
    turns, ended = Turns(), []
    run = Run("a", lambda: ended.append(1))
    turns.add(run)
    turns.next(WORKER, 0.0)
    turns.next(WORKER, 0.0)
    run.drained = True
    turns.leave(run, WORKER)
    assert not ended
    turns.leave(run, WORKER)
    assert ended == [1]
    assert turns.next(WORKER, 0.0) is None
