"""The section on the arithmetic of decisions: it runs, and effects that do not sum would be told."""

import pytest

import gateway.compare.lmdi
from tests.validation.section_checks import checked, told
from validation.context import Context
from validation.decision import counting, effects
from validation.sections.decisions import SECTION


def test_every_row_is_told_and_within_its_limits() -> None:
    found = checked(SECTION.run(Context(quick=True)), "decisions")
    for kind in ("lmdi", "shapley", "sobol", "morris", "given_data", "percentile", "wilson", "rank", "brier", "reweigh",
                 "calibration", "solve", "annuity", "abatement", "cities", "carbon_peak"):  # fmt: skip
        assert any(c.startswith(f"decisions.{kind}.") for c in found), kind


def test_effects_of_a_millionth_more_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = gateway.compare.lmdi.effects
    monkeypatch.setattr(effects, "effects", lambda *ends: real(*ends) * (1 + 1e-6))
    found = told(effects.rows(Context(quick=True)))
    assert "decisions.lmdi.random.worst" in found and "decisions.lmdi.three_factors.sum" in found
    assert not any("shapley" in c for c in found)


def test_intervals_that_are_too_narrow_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def narrow(count: int, share: float) -> tuple[int, int]:
        return int(count * share), int(count * share) + 1

    monkeypatch.setattr(counting, "rank_interval", narrow)
    assert "decisions.rank.1000.coverage" in told(counting.intervals())
