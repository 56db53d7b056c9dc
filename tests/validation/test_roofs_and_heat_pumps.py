"""The section on roofs, heat pumps and weather: it runs, and panels or pumps that give more would be told."""

import numpy as np
import pytest

from services.buildings.equipment import heat_pump_cop
from services.buildings.roofs.pv_yield import output_per_kw
from services.common.arrays import FloatArray
from tests.validation.building_checks import quick_comparisons
from validation.comparison import Comparison, Verdict
from validation.context import Context
from validation.sections import heat_pump_rows, roofs_and_heat_pumps
from validation.sections.roofs_and_heat_pumps import SECTION


def test_every_row_is_told_and_within_its_limits() -> None:
    found = quick_comparisons(SECTION)
    kinds = (
        "sun",
        "plane",
        "chain",
        "yield",
        "cop",
        "carnot",
        "season",
        "hot_water",
        "weather",
        "weather_file",
    )
    for kind in kinds:
        assert any(c.startswith(f"roofs_and_heat_pumps.{kind}.") for c in found), kind


def test_one_per_cent_more_output_or_a_tenth_more_heat_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def bright(*given: object) -> FloatArray:
        return np.asarray(1.01 * output_per_kw(*given))  # type: ignore[arg-type]

    def strong(*given: object) -> FloatArray:
        return np.asarray(1.1 * heat_pump_cop(*given))  # type: ignore[arg-type]

    monkeypatch.setattr(roofs_and_heat_pumps, "output_per_kw", bright)
    monkeypatch.setattr(heat_pump_rows, "heat_pump_cop", strong)
    pieces = SECTION.run(Context(quick=True))
    told = {p.comparison_id for p in pieces if isinstance(p, Comparison) and p.verdict is Verdict.DIFFERS}
    assert {f"roofs_and_heat_pumps.{k}" for k in ("chain.nanjing.yield", "cop.38.7", "cop.55.-10")} <= told
