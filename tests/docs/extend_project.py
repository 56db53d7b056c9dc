"""A copy of the project in a folder of its own, in which a page's steps are followed as a developer would.

Code and data that pages edit are copied, all else is linked. Commands run with this Python and the copy on its path;
kernels that are compiled already are found through links, because their cache is named after the folder of the code.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from numba.core.caching import UserProvidedCacheLocator

from services.cache_place import place_kernel_cache
from tests.docs.extend_steps import Command, Edit, Step

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("services", "regions", "k8s", "tests/architecture")
_LINKED = ("gateway", "dafeng", "proto")
_FILES = ("pyproject.toml", "tests/__init__.py", "tests/conftest.py")
_SECONDS = 240
_NOT_OURS = ("DAFENG_ADDRESS", "DAFENG_REGIONS", "NUMBA_CACHE_DIR")
# What a page's commands begin with, and what runs instead.
_PROGRAMS = {
    "dafeng": (sys.executable, "-m", "dafeng.cli"),
    "python": (sys.executable,),
    "lint-imports": (str(Path(sys.executable).with_name("lint-imports")),),
    "cp": ("cp",),
    "sed": ("sed",),
}


class Copy:
    """The copy at `root`: follows steps, one after the other; ends the services that it started when it is closed."""

    def __init__(self, root: Path, also: Iterable[str] = ()) -> None:
        """`also`: further folders or files that the page edits."""
        self.root = root / "dafeng"
        for name in (*_COPIED, *_FILES, *also):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                # Other processes may be writing compiled modules there.
                shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("*.pyc.*"))
            else:
                shutil.copy2(ROOT / name, self.root / name)
        for name in _LINKED:
            (self.root / name).symlink_to(ROOT / name, target_is_directory=True)
        self._environment = {k: v for k, v in os.environ.items() if k not in _NOT_OURS} | {
            "PYTHONPATH": str(self.root),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NUMBA_CACHE_DIR": str(_linked_kernels(root / "kernels", self.root)),
            "DAFENG_DATA_DIR": str(root / "data"),
            "DAFENG_STORE": "none",
            "COLUMNS": "240",  # tables are not folded, whatever the terminal
        }
        self._server: subprocess.Popen[str] | None = None

    def follow(self, steps: Iterable[Step]) -> None:
        """Follow steps; AssertionError where one does not show what the page says."""
        for step in steps:
            if isinstance(step, Edit):
                step.apply(self.root)
            elif step.words[:2] == ("dafeng", "serve"):
                self._serve(step)
            else:
                self.run(step)

    def run(self, command: Command) -> None:
        """Run a command and check what it shows."""
        name, *words = command.words
        done = subprocess.run(
            [*_PROGRAMS[name], *words],
            cwd=self.root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
        )
        command.check(done.stdout, done.returncode)

    def _serve(self, command: Command) -> None:
        """Start the services beside, at a free port; later commands ask them."""
        self.close()
        address = f"127.0.0.1:{_free_port()}"
        self._server = subprocess.Popen(
            [*_PROGRAMS["dafeng"], *command.words[1:], "--listen", address],
            cwd=self.root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._server.stdout is not None
        told = ""
        too_late = threading.Timer(_SECONDS, self._server.kill)
        too_late.start()
        for line in self._server.stdout:
            told += line
            if "ready" in line:
                break
        too_late.cancel()
        command.check(told, self._server.poll() or 0)
        self._environment["DAFENG_ADDRESS"] = address

    def close(self) -> None:
        """End the services."""
        if self._server is not None:
            self._server.terminate()
            self._server.communicate(timeout=30)
            self._server = None


@contextlib.contextmanager
def copied(root: Path, *also: str) -> Iterator[Copy]:
    """A copy of the project below `root`."""
    copy = Copy(root, also)
    try:
        yield copy
    finally:
        copy.close()


def _linked_kernels(folder: Path, copy: Path) -> Path:
    """A folder of links to the compiled kernels, under the names that they have for the copy's code."""
    place_kernel_cache()
    kept = Path(os.environ["NUMBA_CACHE_DIR"])
    folder.mkdir()
    sources = [path for top in ("services", "gateway") for path in (ROOT / top).rglob("*.py")]
    for code in {path.parent for path in sources if b"njit" in path.read_bytes()}:
        own = kept / UserProvidedCacheLocator.get_suitable_cache_subpath(str(code / "x.py"))
        same = UserProvidedCacheLocator.get_suitable_cache_subpath(
            str(copy / code.relative_to(ROOT) / "x.py")
        )
        own.mkdir(parents=True, exist_ok=True)
        (folder / same).symlink_to(own, target_is_directory=True)
    return folder


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
