"""The section beside peers: it runs with and without rcbsim, and another answer than theirs would be told."""

import importlib.util

import numpy as np
import pytest

from services.buildings.roofs.pv_yield import output_per_kw
from services.buildings.zone_kernels import simulate_zone
from services.common.arrays import FloatArray
from tests.validation.building_checks import quick_comparisons
from validation.comparison import Comparison, Paragraph, Verdict
from validation.context import Context
from validation.sections import peers_buildings
from validation.sections.peers_buildings import SECTION

HERE = importlib.util.find_spec("rcbsim") is not None
needs_rcbsim = pytest.mark.skipif(not HERE, reason="rcbsim is not installed (extra bench)")


def told() -> set[str]:
    pieces = SECTION.run(Context(quick=True))
    return {p.comparison_id for p in pieces if isinstance(p, Comparison) and p.verdict is Verdict.DIFFERS}


def test_every_row_is_told_and_within_its_limits() -> None:
    found = quick_comparisons(SECTION)
    assert any(c.startswith("peers_buildings.pv.") for c in found)
    assert any(c.startswith("peers_buildings.zone.") for c in found) == HERE
    speeds = [c for c in found.values() if c.comparison_id.startswith("peers_buildings.speed.")]
    assert speeds and all(c.figure > 1.0 for c in speeds)


def test_without_rcbsim_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_buildings.importlib.util, "find_spec", lambda name: None)
    first = next(SECTION.run(Context(quick=True)))
    assert isinstance(first, Paragraph) and "rcbsim" in first.text.zh and "rcbsim" in first.text.en


def test_one_per_cent_more_output_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def bright(*given: object) -> FloatArray:
        return np.asarray(1.01 * output_per_kw(*given))  # type: ignore[arg-type]

    monkeypatch.setattr(peers_buildings, "output_per_kw", bright)
    assert "peers_buildings.pv.nanjing.south.same_glass" in told()


@needs_rcbsim
def test_a_millionth_more_heat_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*given: object) -> None:
        simulate_zone(*given)
        given[-1][:] *= 1 + 1e-6  # type: ignore[index]

    monkeypatch.setattr(peers_buildings, "simulate_zone", wrong)
    assert {"peers_buildings.zone.office.heat", "peers_buildings.zone.office.hour"} <= told()
