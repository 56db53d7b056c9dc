"""The section on peers of power: it runs without and with PyPSA, and a dearer dispatch would be told."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.bench_peers import own_run
from tests.validation.section_checks import checked
from validation.comparison import Comparison, Paragraph, Verdict
from validation.context import Context
from validation.sections import peers_power
from validation.sections.peers_power import SECTION

_SOLVED: dict[str, Any] = {}


@pytest.fixture
def solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick run has one year: its programme is solved once for the tests that run it."""

    def kept(name: str, solve: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            if name not in _SOLVED:
                _SOLVED[name] = solve(*given)
            return _SOLVED[name]

        return call

    for name in ("highs", "optimum"):
        monkeypatch.setattr(peers_power, name, kept(name, getattr(peers_power, name)))


@pytest.mark.usefixtures("solved_once")
def test_every_row_is_told_and_within_its_limits() -> None:
    found = checked(SECTION.run(Context(quick=True)), "peers_power")
    for kind in ("cost", "captured", "blocks", "cycles", "speed"):
        assert any(c.startswith(f"peers_power.{kind}.highs.2025") for c in found), kind
    assert found["peers_power.speed.highs.2025.kernel"].figure > 10


@pytest.mark.usefixtures("solved_once")
def test_a_dispatch_that_is_half_a_per_cent_dearer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*given: object) -> tuple[float, float, float]:
        cost, alone, seconds = own_run(*given)  # type: ignore[arg-type]
        return 1.005 * cost, alone, seconds

    monkeypatch.setattr(peers_power, "own_run", wrong)
    pieces = [p for p in SECTION.run(Context(quick=True)) if isinstance(p, Comparison)]
    told = {c.comparison_id for c in pieces if c.verdict is Verdict.DIFFERS}
    assert told == {"peers_power.cost.highs.2025.kernel", "peers_power.captured.highs.2025"}


def test_without_pypsa_a_full_run_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_power.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(peers_power, "YEARS", ())
    texts = [p.text.en for p in SECTION.run(Context(quick=False)) if isinstance(p, Paragraph)]
    assert any("PyPSA is not installed" in text for text in texts)


def test_pypsa_finds_what_we_find(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypsa")
    monkeypatch.setattr(peers_power, "YEARS", ("2025",))
    pieces = [p for p in SECTION.run(Context(quick=False)) if isinstance(p, Comparison)]
    assert any(c.comparison_id == "peers_power.blocks.pypsa.2025.to_optimum" for c in pieces)
    assert [c.comparison_id for c in pieces if c.verdict is Verdict.DIFFERS] == []
