"""The section on industry: it runs, and a branch that emits a millionth more would be told."""

from dataclasses import replace

import pytest

from services.common.scenario import Frame, Scenario
from services.industry.model import BranchProjection, project_branches
from tests.validation.section_checks import checked, told
from validation.context import Context
from validation.industry import base_2020
from validation.sections.industry import SECTION


def test_every_row_is_told_and_within_its_limits() -> None:
    found = checked(SECTION.run(Context(quick=True)), "industry")
    for kind in ("energy", "co2", "branch", "process", "primary", "output", "reconciled", "inventory"):
        assert any(c.startswith(f"industry.jiangsu.{kind}.") for c in found), kind
    for kind in ("branch_by_hand", "random", "steel", "answer", "sums"):
        assert any(c.startswith(f"industry.{kind}.") for c in found), kind


def test_a_branch_that_emits_a_millionth_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(frame: Frame, scenario: Scenario) -> BranchProjection:
        found = project_branches(frame, scenario)
        first, *others = found.branches
        return replace(found, branches=(replace(first, energy_tco2=first.energy_tco2 * (1 + 1e-6)), *others))

    monkeypatch.setattr(base_2020, "project_branches", wrong)
    assert told(base_2020.rows(quick=True)) == ["industry.jiangsu.branch.steel_bf_bof.co2"]
