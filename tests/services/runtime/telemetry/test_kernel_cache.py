"""A damaged cache of compiled kernels costs time, not a start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
CODE = """
from services.sound_cache import guard_kernel_cache
guard_kernel_cache()
from services.industry.known_answers import known_answers
from services.common.self_test import check_answers
print(check_answers(known_answers()))
"""


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"} | {"DAFENG_CACHE_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that one process filled."""
    folder = tmp_path_factory.mktemp("cache")
    assert run(folder).stdout == "3\n"
    assert list(folder.rglob("*.nbi"))
    assert list(folder.rglob("*.nbc"))
    return folder


@pytest.mark.parametrize(
    ("ending", "content"),
    [("nbi", None), ("nbi", b"nonsense"), ("nbc", None)],
)
def test_a_file_that_ends_early_or_holds_nonsense_is_made_again(
    warm: Path, ending: str, content: bytes | None
) -> None:
    for path in warm.rglob(f"*.{ending}"):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    ended = run(warm)
    assert ended.stdout == "3\n", ended.stderr
    assert "is compiled again" in ended.stderr


def test_a_folder_that_cannot_be_written_is_replaced(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("no folder")
    assert run(taken / "cache").stdout == "3\n"
