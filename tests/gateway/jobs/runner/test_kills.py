"""A process killed at any moment loses nothing: started again it resumes, and the bits are the same."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gateway.jobs.store.open import open_store
from tests.gateway.jobs.runner.memory_store import new_batch
from tests.gateway.jobs.runner.stand_in import open_members, spec_text

MEMBERS = 2048
ROOT = Path(__file__).parents[4]


def start(folder: Path, points: str = "", workers: int = 2, seconds: float = 0.0, chunk: int = 64) -> Any:
    """The host on the store of this folder."""
    env = os.environ | {"DAFENG_PROFILE": "test", "DAFENG_FAILPOINTS": points}
    given = [f"sqlite:///{folder / 'store.sqlite'}", MEMBERS, chunk, workers, seconds]
    command = [sys.executable, "-m", "tests.gateway.jobs.runner.host", *map(str, given)]
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: Any) -> tuple[int, dict[str, Any]]:
    """Exit code, and what the host said of the batch's end."""
    try:
        said, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    lines = said.splitlines()
    if process.returncode == 0:
        return 0, json.loads(lines[-1])
    return process.returncode, {"errors": errors}


def finished(folder: Path, **how: Any) -> dict[str, Any]:
    code, said = finish(start(folder, **how))
    assert code == 0, said
    return said


@pytest.fixture(scope="module")
def clean_digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Digest of the batch made by one call, in this process, with no worker, runner or kill."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('clean') / 'store.sqlite'}")
    text = spec_text(MEMBERS)
    batch, _ = store.create(new_batch(text, MEMBERS, MEMBERS, spec_digest="0" * 64))
    lease = store.lease("test", batch.batch_id)
    assert lease is not None
    assert store.commit(lease, open_members(text).block(0, MEMBERS, lambda _: None))
    digest = store.get(batch.batch_id).result_digest
    store.close()
    return digest


def check(said: dict[str, Any], digest: str) -> None:
    """Each member once, and the same bits."""
    assert said["state"] == "complete"
    assert said["members"] == list(range(MEMBERS))
    assert said["digest"] == digest


# each point is reached in the first run; the second has no failpoint.
POINTS = [
    "accept.after_commit=kill",
    "runner.after_compute=kill@6",
    "runner.before_commit=kill@1",
    *(
        pytest.param(point, marks=pytest.mark.thorough)
        for point in (
            "accept.before_commit=kill",
            "runner.after_lease=kill@5",
            "runner.after_commit=kill@9",
            "runner.before_finish=kill",
        )
    ),
]


def test_killed_after_a_commit_the_batch_resumes_with_the_same_bits(
    tmp_path: Path, clean_digest: str
) -> None:
    code, _ = finish(start(tmp_path, "runner.after_commit=kill@7"))
    assert code == -signal.SIGKILL
    check(finished(tmp_path), clean_digest)


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_named_point_the_batch_resumes_with_the_same_bits(
    tmp_path: Path, clean_digest: str, point: str
) -> None:
    code, _ = finish(start(tmp_path, point))
    assert code == -signal.SIGKILL
    check(finished(tmp_path), clean_digest)


#
@pytest.mark.slow
def test_a_lost_acknowledgement_gives_the_same_batch_when_the_request_is_repeated(
    tmp_path: Path, clean_digest: str
) -> None:
    code, _ = finish(start(tmp_path, "accept.after_commit=kill"))
    assert code == -signal.SIGKILL
    check(finished(tmp_path), clean_digest)
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    assert len(store.batches()) == 1
    store.close()


@pytest.mark.slow
def test_a_commit_whose_answer_is_lost_counts_once(tmp_path: Path, clean_digest: str) -> None:
    check(finished(tmp_path, points="runner.commit=execute-then-fail:EIO@3"), clean_digest)


@pytest.mark.slow
def test_a_disk_that_is_full_for_a_while_costs_nothing(tmp_path: Path, clean_digest: str) -> None:
    check(finished(tmp_path, points="runner.before_commit=raise:ENOSPC@3"), clean_digest)


@pytest.mark.slow
def test_a_worker_that_dies_again_and_again_costs_nothing(tmp_path: Path, clean_digest: str) -> None:
    check(finished(tmp_path, points="member.compute=kill@200"), clean_digest)


@pytest.mark.slow
@pytest.mark.thorough  # tests/faults/test_kills.py kills at random too
@pytest.mark.parametrize(("chunk", "workers"), [(7, 2), (1000, 1)])
def test_killed_and_resumed_five_times_at_random_the_bits_are_the_same(
    tmp_path: Path, clean_digest: str, chunk: int, workers: int
) -> None:
    moments = random.Random(chunk)
    for _ in range(5):
        process = start(tmp_path, seconds=0.004, chunk=chunk, workers=workers)
        assert process.stdout.readline() == "accepted\n"
        time.sleep(moments.uniform(0.3, 1.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    check(finished(tmp_path, seconds=0.004, chunk=chunk, workers=workers), clean_digest)


def test_workers_end_when_the_process_that_owns_them_is_killed() -> None:
    program = (
        "from gateway.jobs.supervisor import Supervisor\n"
        "from tests.gateway.jobs.runner.stand_in import OPENER, spec_text\n"
        "s = Supervisor(opener=OPENER)\n"
        "s.calculate(spec_text(2, poison={1: 'endless'}), 0, 2, lambda m: m and print(s.pid, flush=True))\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    worker = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    end = time.monotonic() + 2.0
    while _runs(worker):
        assert time.monotonic() < end, "the worker outlives its owner"
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
