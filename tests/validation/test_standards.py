"""The section on efficiency standards: it runs, and an envelope that keeps no limit would be told."""

import pytest

from tests.services.buildings.standard_conditions import Demand, demand
from tests.validation.building_checks import quick_comparisons
from validation.comparison import Comparison, Verdict
from validation.context import Context
from validation.sections import standards
from validation.sections.standards import SECTION


def test_every_row_is_told_and_within_its_limits() -> None:
    found = quick_comparisons(SECTION)
    for kind in ("limit_2001", "average_2021", "near_zero", "saving", "step", "typical_year"):
        assert any(c.startswith(f"standards.{kind}.") for c in found), kind


def test_homes_that_need_half_as_much_again_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(city: str, zone: str, standard: str, form: str = "mid", shade: float = 1.0) -> Demand:
        return Demand(*(1.5 * kwh for kwh in demand(city, zone, standard, form, shade)))

    monkeypatch.setattr(standards, "demand", leaky)
    pieces = SECTION.run(Context(quick=True))
    told = {p.comparison_id for p in pieces if isinstance(p, Comparison) and p.verdict is Verdict.DIFFERS}
    assert {
        "standards.limit_2001.nanjing.saving_50.mid",
        "standards.average_2021.nanjing.electricity",
        "standards.typical_year.cold.xuzhou.mid.saving_75.heat",
    } <= told
