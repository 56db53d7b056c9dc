"""The section on dispatch: it runs, and a dearer, an impossible or a broken schedule would be told."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.power.instance.solve import dispatch
from tests.services.power.random_fleets import random_instance
from tests.services.power.schedule_check import TOLERANCE_SHARE
from tests.validation.section_checks import checked
from validation.comparison import Comparison, Verdict
from validation.context import Context
from validation.sections import dispatch_fleets
from validation.sections.dispatch import SECTION
from validation.sections.dispatch_rows import MODES, Case, rows, solved
from validation.sections.schedule_misses import BALANCE, CONTENT, misses_of


def test_every_row_is_told_and_within_its_limits() -> None:
    found = checked(SECTION.run(Context(quick=True)), "dispatch")
    for kind in ("by_hand", "cost.jiangsu_2030", "captured", "published_gap", "limits", "faults", "fleets"):
        assert any(c.startswith(f"dispatch.{kind}.") for c in found), kind


@pytest.mark.parametrize("factor", [1.0001, 0.9999])
def test_fleets_that_cost_more_or_less_than_they_can_are_told(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*given: Any) -> Any:
        found = dispatch(*given)
        return replace(found, cost_cny=factor * found.cost_cny)

    monkeypatch.setattr(dispatch_fleets, "dispatch", wrong)
    monkeypatch.setattr(dispatch_fleets, "LIMITS", {"no store": (1e-9, 1e-9), "one store": (1e-9, 1e-9)})
    monkeypatch.setattr(dispatch_fleets, "QUICK_KINDS", 1)
    told = {p.comparison_id for p in dispatch_fleets.fleets(True) if _differs(p)}
    kinds = {f"dispatch.fleets.{kind}.{mode.value}" for kind in ("no_store", "one_store") for mode in MODES}
    assert kinds <= told
    assert "dispatch.fleets.faults" in told
    assert ("dispatch.fleets.below.fast" in told) == (factor < 1)


def test_a_case_whose_optimum_is_lower_than_it_is_told_to_be_fails() -> None:
    instance = random_instance("one store", 2)
    results = solved(Case("c", SECTION.title, instance, 1.0, "made up", (1e-9, 1e-9)))
    best = results[0].cost_cny
    case = Case("c", SECTION.title, instance, best, "made up", (1e-9, 1e-9), 0.97)
    assert not any(_differs(row) for row in rows(case, results))
    told = [r.comparison_id for r in rows(replace(case, best_cny=0.999 * best), results) if _differs(r)]
    assert "dispatch.cost.c.fast" in told
    told = [r.comparison_id for r in rows(replace(case, best_cny=1.001 * best), results) if _differs(r)]
    assert "dispatch.cost.c.fast" in told


def test_a_schedule_that_breaks_balance_or_content_has_a_miss_above_the_tolerance() -> None:
    instance = random_instance("one store", 2)
    result = dispatch(instance, MODES[0], True)
    assert max(misses_of(instance, result).worst_share.values()) < TOLERANCE_SHARE
    for name, kind in (("unserved_mw", BALANCE), ("s0.content_mwh", CONTENT)):
        broken = tuple(
            replace(s, values=s.values + np.eye(1, s.values.size, 5)[0]) if s.series_id == name else s
            for s in result.series
        )
        assert misses_of(instance, replace(result, series=broken)).worst_share[kind] > TOLERANCE_SHARE


def _differs(piece: object) -> bool:
    return isinstance(piece, Comparison) and piece.verdict is Verdict.DIFFERS
