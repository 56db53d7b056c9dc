"""A service that computes wrong numbers never serves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.known_answers import known_answers as of_the_gateway
from services.buildings.known_answers import known_answers as of_buildings
from services.common.self_test import KnownAnswer, WrongAnswersError, check_answers
from services.industry.known_answers import known_answers as of_industry
from services.power.known_answers import known_answers as of_power
from services.transport.known_answers import known_answers as of_transport
from tests.gateway.conftest import free_port

ROOT = Path(__file__).resolve().parents[4]
ALL = (of_buildings, of_transport, of_industry, of_power, of_the_gateway)

# An industry service whose kernel is wrong in the seventh digit.
WRONG_BITS = """
import sys
from services.industry import known_answers
right = known_answers.project_branches
def wrong(*given):
    right(*given)
    given[-2][:] *= 1 + 1e-7
known_answers.project_branches = wrong
from dafeng.cli import main
main("serve", "industry", *sys.argv[1:])
"""


@pytest.mark.parametrize("answers", ALL)
def test_what_is_computed_is_what_is_known(answers) -> None:
    assert check_answers(answers()) >= 3


@pytest.mark.parametrize(
    ("found", "known", "met"),
    [
        (1.0 + 5e-10, 1.0, True),
        (1.0 + 2e-9, 1.0, False),
        (float("nan"), float("nan"), False),
        (float("inf"), float("inf"), False),
        (1e-10, 0.0, True),
        (1e-8, 0.0, False),
    ],
)
def test_an_answer_is_met_within_a_billionth(found: float, known: float, met: bool) -> None:
    answer = KnownAnswer("x", found, known, "made up")
    assert answer.met is met
    if not met:
        with pytest.raises(WrongAnswersError, match="made up"):
            check_answers([answer])


def test_wrong_bits_in_the_seventh_digit_refuse_readiness_and_end_the_process_with_a_clear_line() -> None:
    operator = f"127.0.0.1:{free_port()}"
    config = f'log_level = "info"\n[telemetry]\noperator = "{operator}"\n'
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"dafeng-wrong-{os.getpid()}.toml"
    path.write_text(config)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", WRONG_BITS, "--listen", f"127.0.0.1:{free_port()}", "--config", str(path)],
            cwd=ROOT, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
    finally:
        path.unlink()
    assert ended.returncode == 70, ended.stderr
    assert "known answers were not met; the service does not serve" in ended.stderr
    assert "coal left, GJ" in ended.stderr
    assert '"event": "serving"' not in ended.stderr
    assert "ready" not in ended.stdout
