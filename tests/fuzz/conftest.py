"""Counts of the fuzzing in the summary of the run."""

import pytest

_LINES = pytest.StashKey[list]()


@pytest.fixture
def told(request):
    """Takes lines for the terminal's summary."""
    return request.config.stash.setdefault(_LINES, []).append


def pytest_terminal_summary(terminalreporter, config):
    lines = config.stash.get(_LINES, [])
    if lines:
        terminalreporter.section("fuzzing")
        for line in lines:
            terminalreporter.write_line(line)
