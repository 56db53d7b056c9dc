"""The section on the building stock: it runs, and area that comes from nowhere would be told."""

from dataclasses import replace

import pytest

from services.buildings.stock import Stock, turn_over_stock
from tests.services.buildings.test_stock_kernels import Result, small_stock
from tests.validation.building_checks import quick_comparisons
from validation.comparison import Comparison, Verdict
from validation.context import Context
from validation.sections import stock
from validation.sections.stock import SECTION


def test_every_row_is_told_and_within_its_limits() -> None:
    found = quick_comparisons(SECTION)
    for kind in ("year_by_hand", "long_run", "survival", "years_left", "parcels", "balance"):
        assert any(c.startswith(f"stock.{kind}.") for c in found), kind


def test_a_millionth_more_completed_than_stands_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*given: object) -> Stock:
        found = turn_over_stock(*given)  # type: ignore[arg-type]
        return replace(found, completed_m2=found.completed_m2 * (1 + 1e-6))

    def small() -> Result:
        found = small_stock()
        return replace(found, demolished=found.demolished * (1 + 1e-6))

    monkeypatch.setattr(stock, "turn_over_stock", wrong)
    monkeypatch.setattr(stock, "small_stock", small)
    pieces = SECTION.run(Context(quick=True))
    told = [p.comparison_id for p in pieces if isinstance(p, Comparison) and p.verdict is Verdict.DIFFERS]
    assert told == ["stock.year_by_hand.demolished", "stock.balance.jiangsu.planned.turnover"]
