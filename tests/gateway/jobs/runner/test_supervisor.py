"""A worker process and its guard: a member that breaks it fails alone, and nothing else changes."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gateway.jobs.supervisor import BadSpecError, StoppedError, Supervisor, WorkerFailedError
from gateway.jobs.words import Failure, Row
from gateway.jobs.worker_settings import WorkerSettings
from tests.gateway.jobs.runner.stand_in import OPENER, spec_text

LIMITS = WorkerSettings(member_seconds=30.0, memory_bytes=400 * 1024**2)
# Far above what a stand-in takes, even on a busy machine.
SHORT = WorkerSettings(member_seconds=2.0)


@pytest.fixture(scope="module")
def supervisor() -> Iterator[Supervisor]:
    one = Supervisor(LIMITS, OPENER)
    yield one
    one.close()


def rows_of(supervisor: Supervisor, spec: str, first: int = 0, count: int = 256) -> list[Row]:
    return supervisor.calculate(spec, first, count)


def test_members_have_the_same_bits_in_every_cut(supervisor: Supervisor) -> None:
    spec = spec_text(100)
    whole = rows_of(supervisor, spec, 0, 100)
    cut = [row for first in range(0, 100, 7) for row in rows_of(supervisor, spec, first, min(7, 100 - first))]
    assert [r.digest for r in whole] == [r.digest for r in cut]
    assert all(a.values.tobytes() == b.values.tobytes() for a, b in zip(whole, cut, strict=True))


#
@pytest.mark.parametrize(
    ("kind", "failure", "most_starts"),
    [
        ("crash", Failure.CRASH, 3),
        pytest.param("exit", Failure.CRASH, 3, marks=pytest.mark.slow),
        pytest.param("endless", Failure.TIME_LIMIT, 3, marks=pytest.mark.slow),
        pytest.param("bomb", Failure.MEMORY, 3, marks=pytest.mark.slow),
        ("error", Failure.CRASH, 1),
        ("nan", Failure.NOT_FINITE, 1),
    ],
)
def test_a_poison_member_fails_alone_with_its_reason(kind: str, failure: Failure, most_starts: int) -> None:
    supervisor = Supervisor(SHORT if kind == "endless" else LIMITS, OPENER)
    try:
        rows = rows_of(supervisor, spec_text(256, poison={137: kind}))
        clean = rows_of(supervisor, spec_text(256))
    finally:
        supervisor.close()
    assert [r.member for r in rows if r.failure] == [137]
    assert rows[137].failure == failure
    assert rows[137].detail
    assert [r.digest for r in rows if not r.failure] == [r.digest for r in clean if r.member != 137]
    assert supervisor.starts <= most_starts


def test_a_poison_member_is_found_when_the_worker_does_not_say_where_it_is(supervisor: Supervisor) -> None:
    rows = rows_of(supervisor, spec_text(32, poison={21: "exit"}, silent=True), 0, 32)
    assert [r.member for r in rows if r.failure] == [21]


def test_every_poison_member_of_a_chunk_fails_and_every_other_is_right(supervisor: Supervisor) -> None:
    rows = rows_of(supervisor, spec_text(64, poison={0: "exit", 1: "crash", 40: "nan", 63: "exit"}), 0, 64)
    assert [r.member for r in rows if r.failure] == [0, 1, 40, 63]


def test_a_failed_member_has_the_same_digest_however_it_was_found(supervisor: Supervisor) -> None:
    spec = spec_text(8, poison={3: "exit"})
    assert rows_of(supervisor, spec, 0, 8)[3].digest == rows_of(supervisor, spec, 3, 1)[0].digest


def test_a_worker_killed_from_outside_costs_no_member(supervisor: Supervisor) -> None:
    spec = spec_text(40, seconds=0.01)
    killed = []

    def heard(member: int) -> None:
        if member == 20 and len(killed) < 2 and supervisor.pid is not None:
            killed.append(member)
            os.kill(supervisor.pid, signal.SIGKILL)

    rows = supervisor.calculate(spec, 0, 40, heard)
    assert killed == [20, 20]
    assert not [r for r in rows if r.failure]


def test_a_worker_that_died_while_idle_is_replaced(supervisor: Supervisor) -> None:
    rows_of(supervisor, spec_text(3), 0, 3)
    assert supervisor.pid is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    assert len(rows_of(supervisor, spec_text(3), 0, 3)) == 3


@pytest.mark.slow
def test_an_answer_torn_in_the_middle_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAFENG_PROFILE", "test")
    monkeypatch.setenv("DAFENG_FAILPOINTS", "member.reply=torn-write@2")
    supervisor = Supervisor(LIMITS, OPENER)
    try:
        parts = [rows_of(supervisor, spec_text(48), first, 16) for first in (0, 16, 32)]
        rows = [row for part in parts for row in part]
    finally:
        supervisor.close()
    assert [r.member for r in rows] == list(range(48))
    assert not [r for r in rows if r.failure]
    assert supervisor.starts > 1


def test_a_specification_that_cannot_be_opened_is_told_with_its_reason(supervisor: Supervisor) -> None:
    with pytest.raises(BadSpecError, match="no such lever"):
        rows_of(supervisor, spec_text(3, open="bad"), 0, 3)


def test_a_worker_that_dies_while_opening_fails_no_member(supervisor: Supervisor) -> None:
    with pytest.raises(WorkerFailedError):
        rows_of(supervisor, spec_text(3, open="crash"), 0, 3)
    assert not rows_of(supervisor, spec_text(3), 0, 3)[0].failure


def test_stopping_ends_endless_work_within_half_a_second() -> None:
    supervisor = Supervisor(WorkerSettings(), OPENER)
    rows_of(supervisor, spec_text(2), 0, 2)
    timer = threading.Timer(0.3, supervisor.stop)
    started = time.monotonic()
    timer.start()
    with pytest.raises(StoppedError):
        rows_of(supervisor, spec_text(2, poison={1: "endless"}), 0, 2)
    assert time.monotonic() - started < 0.8
    supervisor.go_on()
    assert len(rows_of(supervisor, spec_text(2), 0, 2)) == 2
    supervisor.close()


def test_a_stopped_worker_stays_warm_when_it_can_stop_between_members(supervisor: Supervisor) -> None:
    rows_of(supervisor, spec_text(2), 0, 2)
    pid = supervisor.pid
    threading.Timer(0.2, supervisor.stop).start()
    started = time.monotonic()
    with pytest.raises(StoppedError):
        rows_of(supervisor, spec_text(200, seconds=0.02), 0, 200)
    assert time.monotonic() - started < 0.7
    supervisor.go_on()
    assert len(rows_of(supervisor, spec_text(9), 0, 9)) == 9
    assert supervisor.pid == pid


def test_a_worker_that_is_being_started_can_be_stopped() -> None:
    supervisor = Supervisor(LIMITS, OPENER)
    threading.Timer(0.05, supervisor.stop).start()
    started = time.monotonic()
    with pytest.raises(StoppedError):
        rows_of(supervisor, spec_text(2, open="endless"), 0, 2)
    assert time.monotonic() - started < 0.55
    supervisor.close()


def test_a_worker_stands_back_and_uses_one_thread(supervisor: Supervisor) -> None:
    rows_of(supervisor, spec_text(2), 0, 2)
    pid = supervisor.pid
    assert pid is not None
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + LIMITS.nice)
    environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    assert b"NUMBA_NUM_THREADS=1" in environment


def test_values_pass_the_pipe_bit_for_bit() -> None:
    from gateway.jobs import frames

    values = np.array([-0.0, 5e-324, 1e308, np.nan, np.inf, 1 / 3])
    rows = [Row(5, values, "d"), Row(6, np.empty(0), "e", "CRASH", "x")]
    buffer = frames.FrameBuffer()
    for byte in frames.pack_rows(rows):
        assert buffer.take() is None
        buffer.feed(bytes([byte]))
    frame = buffer.take()
    assert frame is not None
    back = frames.rows_of(frame)
    assert back[0].values.tobytes() == values.tobytes()
    assert back[1] == Row(6, back[1].values, "e", "CRASH", "x")
