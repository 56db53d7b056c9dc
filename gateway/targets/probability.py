"""The chance that a target is met, counted on the members of an ensemble."""

from collections.abc import Sequence
from math import fsum, sqrt
from typing import Final, NamedTuple

# Two-sided 95 % of the normal distribution.
NORMAL_95: Final = 1.959963984540054


class Chance(NamedTuple):
    """A share with its 95 % Wilson interval, and the share of members that could not be evaluated."""

    share: float | None
    low: float | None
    high: float | None
    share_not_evaluated: float


def p_met(good: Sequence[bool | None], weights: Sequence[float] | None = None) -> Chance:
    """The weighted share of good members among those that can be evaluated (None: it cannot).

    Wilson's score interval; with weights its count is the effective size (sum w)^2 / sum w^2. The share is None when
    no member can be evaluated. Raises ValueError when the weights do not fit.
    """
    weight = [1.0] * len(good) if weights is None else [float(w) for w in weights]
    if len(weight) != len(good) or any(not 0 <= w < float("inf") for w in weight):
        raise ValueError("weights must be finite, not negative, and as many as members")
    total = fsum(weight)
    known = [(g, w) for g, w in zip(good, weight, strict=True) if g is not None]
    counted = fsum(w for _, w in known)
    missing = (total - counted) / total if total else 1.0
    if not counted:
        return Chance(None, None, None, missing)
    share = min(1.0, fsum(w for g, w in known if g) / counted)
    size = counted**2 / fsum(w * w for _, w in known)
    low, high = wilson(share, size)
    return Chance(share, low, high, missing)


def wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's score interval (95 %) of a share out of `size` members (which may be an effective, fractional size)."""
    square = NORMAL_95 * NORMAL_95
    middle = (share + square / (2 * size)) / (1 + square / size)
    half = NORMAL_95 * sqrt(share * (1 - share) / size + square / (4 * size * size)) / (1 + square / size)
    return (0.0 if share == 0 else max(0.0, middle - half), 1.0 if share == 1 else min(1.0, middle + half))
