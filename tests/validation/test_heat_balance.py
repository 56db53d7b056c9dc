"""The section on the heat balance: it runs, and a kernel that is wrong would be told."""

from dataclasses import replace

import pytest

from tests.services.buildings import steady_states
from tests.services.buildings.network import Course
from tests.validation.building_checks import quick_comparisons
from validation.comparison import Comparison, Verdict
from validation.context import Context
from validation.sections.heat_balance import SECTION

# The one ratio of Standard 140 that lies outside (a reason is written in known.yaml)
OUTSIDE = ("heat_balance.ratio.cool.920_900",)


def test_every_row_is_told_and_within_its_limits() -> None:
    found = quick_comparisons(SECTION, OUTSIDE)
    ratios = [c for c in found if c.startswith("heat_balance.ratio.")]
    assert len(ratios) == 20
    assert sum(c.startswith("heat_balance.room_140.") for c in found) == 24


def test_a_balance_that_heats_a_thousandth_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = steady_states.run_kernel

    def wrong(*given: object) -> Course:
        course = usual(*given)  # type: ignore[arg-type]
        return replace(course, power=1.001 * course.power)

    monkeypatch.setattr(steady_states, "run_kernel", wrong)
    told = []
    for piece in SECTION.run(Context(quick=True)):
        if isinstance(piece, Comparison):
            if piece.comparison_id.startswith("heat_balance.conservation"):
                break
            if piece.verdict is Verdict.DIFFERS:
                told.append(piece.comparison_id)
    assert told == [
        "heat_balance.hour.heated.power",
        "heat_balance.hour.cooled.power",
        "heat_balance.hour.heated-too-little.power",
        "heat_balance.steady.held_power",
    ]
