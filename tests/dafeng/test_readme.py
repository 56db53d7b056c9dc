"""What the README shows runs as it stands."""

import ast
import json
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PROJECTION, FLEET = re.findall(r"```python\n(.*?)```", README, re.S)
FLEET_COMMANDS = re.findall(
    r"^\.venv/bin/dafeng ((?:dispatch|adequacy|zone|rooftop|stock|charging) .*)$", README, re.M
)


def run_python(code: str, address: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code.replace("127.0.0.1:50050", address)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_example_runs_and_prints_a_peak_and_a_violation(served):
    printed = run_python(PROJECTION, served[0])
    assert re.search(r"CO2 peaks in 20\d\d at \d+ Mt", printed)
    assert "scenario.settings[0].values[0]" in printed


def test_the_example_of_a_fleet_runs_by_typed_client_and_bare_stub(served):
    money, units = run_python(FLEET, served[0]).splitlines()
    cost, bound = map(int, re.match(r"(\d+) CNY, at least (\d+);", money).groups())
    assert cost == bound > 0
    # 340 MWh of load less 48 MWh of sun, and the battery's losses on top.
    energy = dict(ast.literal_eval(units))
    assert energy["pv"] == 48
    assert energy["coal"] + energy["gas"] > 292


def test_the_fleet_shown_for_curl_is_answered(served):
    path, body = re.search(r"(/dafeng\.power\.v1\.\S+).*?-d '(.*?)'", README, re.S).groups()
    request = urllib.request.Request(
        served[1] + path, body.encode(), {"content-type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        result = json.load(answer)["result"]
    # 70 MWh and 100 MWh of coal at 300, 30 MWh of gas at 550.
    assert result["cost_cny"] == pytest.approx(170 * 300 + 30 * 550)


@pytest.mark.parametrize("command", FLEET_COMMANDS)
def test_the_commands_for_fleets_run(served, tmp_path, command):
    words = shlex.split(command.replace(" out/", f" {tmp_path}"), comments=True)
    done = subprocess.run(
        [sys.executable, "-m", "dafeng.cli", *words, "--address", served[0]],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr


def test_every_command_shown_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^|`)make (\w+)", README, re.M):
        assert f"\n{target}:" in makefile, target
    from dafeng.cli.app import app

    names = {c.name or c.callback.__name__ for c in app.registered_commands}
    names |= {g.name for g in app.registered_groups}
    shown = set(re.findall(r"(?:\.venv/bin/|`)dafeng ([\w-]+)", README))
    assert shown >= {"dispatch", "adequacy", "hindcast"}
    assert shown <= names
