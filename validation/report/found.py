"""What a run of the report found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from validation.comparison import Chart, Comparison, Piece, Section, Verdict


@dataclass(frozen=True)
class SectionFound:
    """Pieces of a section; `fault` is the error that ended it, "" if none did."""

    section: Section
    pieces: Sequence[Piece]
    seconds: float
    fault: str = ""

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Its comparisons, in order."""
        return tuple(p for p in self.pieces if isinstance(p, Comparison))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Its charts, in order."""
        return tuple(p for p in self.pieces if isinstance(p, Chart))

    @property
    def counts(self) -> dict[Verdict, int]:
        """Comparisons by verdict, every verdict there."""
        counted = Counter(c.verdict for c in self.comparisons)
        return {verdict: counted[verdict] for verdict in Verdict}


@dataclass(frozen=True)
class Found:
    """All of a report. `revision` names software and data; `gone` are known differences that nothing needs."""

    sections: Sequence[SectionFound]
    revision: str
    gone: Sequence[str]
    quick: bool

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Comparisons of all sections."""
        return tuple(c for s in self.sections for c in s.comparisons)

    @property
    def passed(self) -> bool:
        """Whether no section broke and no comparison differs without a reason."""
        whole = all(not s.fault for s in self.sections)
        return whole and all(c.verdict is not Verdict.DIFFERS for c in self.comparisons)
