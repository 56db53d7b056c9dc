"""Old bugs, put back one at a time into a copy of the software: the tests that found them find them again.

See TRACK_RECORD.md. When a change moves the lines that are put back, move the entry with them.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNNER = "tests/gateway/jobs/runner"


@dataclass(frozen=True)
class OldBug:
    """Text of a file as it is, as it was with the bug, and the test that tells."""

    name: str
    file: str
    now: str
    then: str
    test: str


BUGS = (
    OldBug(
        "blamed-in-company",
        "gateway/jobs/quarantine.py",
        "_Piece(piece.first, half, by_halves=True)",
        "_Piece(piece.first, half, piece.failures + 1, by_halves=True)",
        f"{RUNNER}/test_quarantine.py::test_breakdowns_in_company_speak_against_nobody",
    ),
    OldBug(
        "second-turn-first",
        "gateway/jobs/turns.py",
        "            if run in self._runs:\n                self._to_the_end(run)",
        "            if not self._runs:\n                self._to_the_end(run)",
        f"{RUNNER}/test_turns.py::test_a_batch_that_comes_during_a_turn_has_the_next_one",
    ),
    OldBug(
        "never-released",
        "gateway/jobs/runner.py",
        "                count = await asyncio.to_thread(self._store.release_all, OWNER_PREFIX)\n",
        "                self._released = True\n"
        "                count = await asyncio.to_thread(self._store.release_all, OWNER_PREFIX)\n",
        f"{RUNNER}/test_runner.py::"
        "test_what_a_dead_process_held_is_released_even_when_the_store_was_full_at_the_start",
    ),
    OldBug(
        "close-of-a-broken-store",
        "gateway/jobs/local.py",
        "contextlib.suppress(StoreFullError, StoreAwayError, StoreBrokenError, DomainError)",
        "contextlib.suppress(StoreFullError, StoreAwayError, DomainError)",
        f"{RUNNER}/test_runner.py::test_a_broken_store_is_told_as_fatal",
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "bug",
    [
        pytest.param(bug, id=bug.name, marks=() if bug in (BUGS[0], BUGS[-1]) else pytest.mark.thorough)
        for bug in BUGS
    ],
)
def test_an_old_bug_is_found_again(bug: OldBug, tmp_path: Path) -> None:
    for part in ("gateway", "services", "tests", "dafeng", "pyproject.toml"):
        _copy(ROOT / part, tmp_path / part)
    changed = tmp_path / bug.file
    text = changed.read_text("utf-8")
    assert text.count(bug.now) == 1, f"{bug.file} has changed: mend the entry {bug.name}"
    changed.write_text(text.replace(bug.now, bug.then), "utf-8")
    assert _pytest(tmp_path, bug.test) == 1


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules", "web"))
    else:
        shutil.copy(source, target)


def _pytest(folder: Path, test: str) -> int:
    """Exit code: 0 passed, 1 failed."""
    env = os.environ | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "pytest", "-q", "--noconftest", test]
    return subprocess.run(
        command, cwd=folder, env=env, check=False, capture_output=True, timeout=80
    ).returncode
