"""The section on CO2 factors of electricity: it runs, and factors that are off by a thousandth would be told."""

from typing import Any

import pytest

from services.power.grid_factors import provincial_factors
from tests.validation.section_checks import checked
from validation.comparison import Comparison, Verdict
from validation.context import Context
from validation.sections import grid, grid_books
from validation.sections.grid import SECTION


def test_every_row_is_told_and_within_its_limits() -> None:
    found = checked(SECTION.run(Context(quick=True)), "grid")
    for kind in ("factor.jiangsu", "formula", "identity", "by_hand", "marginal", "air", "cost", "building"):
        assert any(c.startswith(f"grid.{kind}.") for c in found), kind


def test_wrong_factors_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "provincial_factors", lambda *given: 1.001 * provincial_factors(*given))
    given = grid.stated_and_measured

    def wrong(*asked: Any) -> tuple[float, float]:
        stated, measured = given(*asked)
        return 1.2 * stated, measured

    monkeypatch.setattr(grid, "stated_and_measured", wrong)
    monkeypatch.setattr(grid_books, "nox_ratio", lambda load: 1.0)
    pieces = [p for p in SECTION.run(Context(quick=True)) if isinstance(p, Comparison)]
    told = {c.comparison_id for c in pieces if c.verdict is Verdict.DIFFERS}
    assert {f"grid.by_hand.{name}" for name in ("sender", "receiver", "mutual_a", "mutual_b")} <= told
    assert sum(name.startswith("grid.marginal.") for name in told) == len(grid.LIMITS)
    assert {f"grid.air.nox_part_load.{load}" for load in (40, 35, 30, 25)} <= told
