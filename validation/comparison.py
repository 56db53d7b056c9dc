"""What a section of the report is made of: comparisons with their verdicts, charts and paragraphs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf, isfinite

from services.common.words import Label
from validation.context import Context


class Verdict(StrEnum):
    """What a comparison says."""

    AGREES = "agrees"
    KNOWN = "known"  # outside its limit for a reason that is written down
    DIFFERS = "differs"  # outside its limit: the report fails
    SHOWN = "shown"  # no limit can be given; the remark says why


@dataclass(frozen=True)
class Comparison:
    """One figure of ours beside its reference.

    `low` and `high` bound what is compared: the figure itself. `source` says where the reference comes from, `grade`
    is A, B or C for data, "exact" for what follows from arithmetic, "method" for another method or program of the
    same input. `comparison_id` is unique in the report.
    """

    comparison_id: str
    label: Label
    figure: float
    reference: float
    unit: str
    source: str
    grade: str
    low: float = -inf
    high: float = inf
    remark: Label | None = None
    known: Label | None = field(default=None)

    @property
    def difference(self) -> float:
        """Figure less reference."""
        return self.figure - self.reference

    @property
    def difference_share(self) -> float | None:
        """Difference over the reference; None where that is 0."""
        return self.difference / abs(self.reference) if self.reference else None

    @property
    def within(self) -> bool:
        """Whether the figure lies within its bounds; one that is not finite never does."""
        return isfinite(self.figure) and self.low <= self.figure <= self.high

    @property
    def verdict(self) -> Verdict:
        """A known difference that has gone is an agreement."""
        if self.low == -inf and self.high == inf:
            return Verdict.SHOWN if isfinite(self.figure) else Verdict.DIFFERS
        if self.within:
            return Verdict.AGREES
        return Verdict.KNOWN if self.known is not None else Verdict.DIFFERS


def near(figure: float, reference: float, *, share: float = 0.0, absolute: float = 0.0) -> dict[str, float]:
    """Fields of a comparison that holds within a share of the reference or an absolute distance, the wider."""
    width = max(share * abs(reference), absolute)
    return {"figure": figure, "reference": reference, "low": reference - width, "high": reference + width}


def at_most(figure: float, limit: float) -> dict[str, float]:
    """Fields of a comparison that holds up to a limit."""
    return {"figure": figure, "reference": limit, "high": limit}


def at_least(figure: float, limit: float) -> dict[str, float]:
    """Fields of a comparison that holds from a limit."""
    return {"figure": figure, "reference": limit, "low": limit}


@dataclass(frozen=True)
class Series:
    """A row of points of a chart; x are numbers, names, or names in both languages."""

    label: Label
    x: Sequence[float] | Sequence[str] | Sequence[Label]
    y: Sequence[float]


@dataclass(frozen=True)
class Chart:
    """A picture of a section. Kinds: "lines", "bars" (horizontal, x are names), "match" (figure over reference)."""

    chart_id: str
    kind: str
    title: Label
    x_label: Label
    y_label: Label
    series: Sequence[Series]


@dataclass(frozen=True)
class Paragraph:
    """Text between comparisons."""

    text: Label


Piece = Comparison | Chart | Paragraph


@dataclass(frozen=True)
class Section:
    """A part of the report. `run` yields its pieces in the order they are shown; `minutes` is what it takes, about."""

    section_id: str
    title: Label
    about: Label
    run: Callable[[Context], Iterator[Piece]]
    minutes: float = 0.1
