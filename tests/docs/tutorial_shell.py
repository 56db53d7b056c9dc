"""Shell blocks of a tutorial, run one after the other as in one terminal: variables stay from block to block.

Words behind the fence's language: `exit=2` is the exit code of the block, `background` a program that goes on beside
the others once it has printed "ready", as in a terminal of its own.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.docs.tutorial_site import ROOT

# So long may a program of its own take until it is ready, on a busy machine.
_START_SECONDS = 240
_BLOCK_SECONDS = 280


class Terminal:
    """Runs blocks in a folder that has the project's docs; `replaced` are texts of the page, such as addresses."""

    def __init__(self, folder, replaced, **environment):
        self.folder, self._replaced = Path(folder), dict(replaced)
        (self.folder / "docs").symlink_to(ROOT / "docs")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self._environment = {**os.environ, "COLUMNS": "160", **environment, "PATH": path}
        self._kept = self.folder / ".variables"
        self._beside = []

    def run(self, block):
        """What a block prints, errors too. AssertionError when its exit code is another than the page says."""
        text = self._text(block)
        if "background" in block.words:
            return self._start(block, text)
        expected = next((int(w.removeprefix("exit=")) for w in block.words if w.startswith("exit=")), 0)
        script = f"set -a; [ -f {self._kept} ] && . {self._kept}; set -eo pipefail\n{text}\nexport -p > {self._kept}\n"
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=self._environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=_BLOCK_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == expected, f"{block.page}:{block.line}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def variable(self, name):
        """What a variable holds now, as a terminal would say it."""
        script = f'. {self._kept}; printf %s "${name}"'
        return subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, text=True, check=True).stdout

    def close(self):
        """End what goes on beside."""
        for process in self._beside:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)

    def _text(self, block):
        text = block.text
        for old, new in self._replaced.items():
            text = text.replace(old, new)
        return text

    def _start(self, block, text):
        log = self.folder / f".beside-{len(self._beside)}"
        with log.open("w") as file:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {text}"], cwd=self.folder, env=self._environment, stdout=file,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._beside.append(process)
        end = time.monotonic() + _START_SECONDS
        while "ready" not in (said := log.read_text("utf-8")):
            assert process.poll() is None and time.monotonic() < end, f"{block.page}:{block.line}\n{said}"
            time.sleep(0.2)
        return said
