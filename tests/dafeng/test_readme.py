"""What the README shows runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

from tests.gateway.conftest import served  # noqa: F401 the embedded gateway

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_python_example_runs_and_prints_a_peak_and_a_violation(served):  # noqa: F811
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    done = subprocess.run(
        [sys.executable, "-c", code.replace("127.0.0.1:50050", served[0])],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"CO2 peaks in 20\d\d at \d+ Mt", done.stdout)
    assert "scenario.settings[0].values[0]" in done.stdout


def test_every_command_shown_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^|`)make (\w+)", README, re.M):
        assert f"\n{target}:" in makefile, target
    from dafeng.cli.app import app

    names = {c.callback.__name__ for c in app.registered_commands}
    for name in re.findall(r"dafeng (regions|levers|project|hindcast|targets|compare|serve|scenarios)\b", README):
        assert name in names
