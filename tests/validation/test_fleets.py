"""The section on vehicles: it runs, and a fleet that is a millionth too large would be told."""

from typing import Any

import pytest

from tests.services.transport.judge.calls import ask
from tests.validation.section_checks import checked, told
from validation.context import Context
from validation.fleet import cohorts
from validation.sections.fleets import SECTION


def test_every_row_is_told_and_within_its_limits() -> None:
    found = checked(SECTION.run(Context(quick=True)), "fleets")
    for kind in ("region", "random", "closed", "choice", "literature", "charging", "counted", "targets"):
        assert any(c.startswith(f"fleets.{kind}.") for c in found), kind


def test_a_stock_of_a_millionth_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(method: str, body: dict[str, Any]) -> Any:
        reply = ask(method, body)
        for one in reply["series"]:
            one["stock_count"] = [n * (1 + 1e-6) for n in one["stock_count"]]
        return reply

    monkeypatch.setattr(cohorts, "ask", wrong)
    found = told(cohorts.closed_rows())
    assert "fleets.closed.retirement" in found
    assert sum(c.startswith("fleets.closed.stationary.") for c in found) == 6
    assert not any("sales" in c for c in found)
