"""A ledger from a projection, and a scenario set against it, with the real services."""

import pytest

from gateway.budget.doors import CompareBudgetDoor, OpenBudgetDoor
from gateway.budget.ledger import check
from gateway.budget.memo import compare_budget
from gateway.budget.opening import open_budget
from services.common.errors import DomainError
from services.common.scenario import Frame, Scenario

FRAME = Frame(region="jiangsu", last_year=2030)
OPENING = {
    "first_year": 2026, "last_year": 2027, "ledger_id": "js", "author": "li", "approver": "wang",
    "business_date": "2026-01-01", "recorded_at": "2026-01-01T00:00:00Z",
}  # fmt: skip


def result(shop, stage, door, scenario=None):
    async def last():
        return [p async for p in stage(shop.pipeline.runs, FRAME, scenario or Scenario(), door)][-1]

    return shop.do(last())


def test_a_budget_is_issued_reserved_and_allocated_to_the_last_tonne(shop):
    budgets = ({"year": 2026, "budget_tco2": 680_000_001},)
    door = OpenBudgetDoor.model_validate({**OPENING, "budgets": budgets, "reserve_share": 0.05})
    report = result(shop, open_budget, door)
    first, second = report.state.years
    assert first.issued_tco2 == 680_000_001 and first.reserve_tco2 == 34_000_000
    assert first.province_available_tco2 == 0
    assert first.city_available_tco2 == 680_000_001 - 34_000_000
    assert first.sum_tco2 == second.sum_tco2 == 0
    assert check(report.ledger) == report.state
    assert len(report.ledger.cities) == 13


def test_the_scenario_that_made_a_budget_meets_it_and_a_faster_one_stays_below(shop):
    report = result(shop, open_budget, OpenBudgetDoor.model_validate({**OPENING, "reserve_share": 0.0}))
    door = CompareBudgetDoor(ledger=report.ledger)
    same = result(shop, compare_budget, door)
    assert [abs(y.over_tco2) <= 1 for y in same.years] == [True, True]
    faster = result(shop, compare_budget, door, Scenario(baseline="accelerated"))
    assert faster.years[-1].over_tco2 < 0
    for memo in (same, faster):
        for y in memo.years:
            lines = [x for x in memo.lines if x.year == y.year]
            assert sum(x.over_tco2 for x in lines) == y.over_tco2
            assert sum(x.shown_wan_tco2 for x in lines) == y.shown_wan_tco2
            assert y.over_tco2 == y.projected_tco2 - y.available_tco2 - y.committed_tco2
    assert check(report.ledger) == report.state, "a memo posts nothing"


def test_a_reserve_of_the_whole_budget_leaves_nothing_to_allocate(shop):
    budgets = tuple({"year": y, "budget_tco2": 1} for y in (2026, 2027))
    door = OpenBudgetDoor.model_validate({**OPENING, "budgets": budgets, "reserve_share": 0.6})
    report = result(shop, open_budget, door)
    assert [(y.reserve_tco2, y.city_available_tco2) for y in report.state.years] == [(1, 0), (1, 0)]


def test_years_and_people_are_checked_together(shop):
    door = OpenBudgetDoor.model_validate(
        {**OPENING, "last_year": 2031, "approver": "li", "budgets": ({"year": 2025, "budget_tco2": 1},)}
    )
    with pytest.raises(DomainError) as caught:
        result(shop, open_budget, door)
    assert {v.field for v in caught.value.violations} == {"last_year", "approver", "budgets[0].year"}
