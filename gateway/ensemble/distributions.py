"""Inverse cumulative distributions, in code of our own so that an update of a library changes no bit.

Every distribution here has bounds: what lies outside a lever's bounds is refused when the data are read, not cut off
when members are drawn. `low`, `middle`, `high` by kind: uniform: lowest, -, highest; triangular: lowest, mode, highest;
truncated_normal: lowest, mean, highest with `spread` the standard deviation before truncation; lognormal: lowest,
median, highest with `spread` the standard deviation of the logarithm; discrete: values with weights.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, isfinite, log, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from services.common.arrays import FloatArray

KINDS: Final = ("uniform", "triangular", "truncated_normal", "lognormal", "discrete")
_NORMAL: Final = NormalDist()
# The standard normal is never asked outside this share of either end.
SMALLEST: Final = 2.0**-53


@dataclass(frozen=True)
class Distribution:
    """A bounded distribution; `low` and `high` are inclusive."""

    kind: str
    low: float
    middle: float
    high: float
    spread: float = 0.0
    values: tuple[float, ...] = field(default=())
    weights: tuple[float, ...] = field(default=())

    def faults(self) -> list[str]:
        """What is wrong with the parameters; none when they make a distribution."""
        if self.kind not in KINDS:
            return [f"{self.kind} is no distribution; there are {', '.join(KINDS)}"]
        if self.kind == "discrete":
            return _discrete_faults(self.values, self.weights)
        found = []
        if not all(isfinite(v) for v in (self.low, self.middle, self.high, self.spread)):
            return ["parameters must be finite"]
        if not self.low <= self.middle <= self.high:
            found.append(f"low {self.low:g} <= middle {self.middle:g} <= high {self.high:g} does not hold")
        if self.kind in ("truncated_normal", "lognormal") and self.spread <= 0:
            found.append(f"{self.kind} needs a spread above 0")
        if self.kind == "lognormal" and self.low <= 0:
            found.append("lognormal needs a low above 0")
        return found

    def quantile(self, u: float) -> float:
        """The value below which a share `u` (0 <= u < 1) lies."""
        if self.kind == "uniform":
            return self.low + u * (self.high - self.low)
        if self.kind == "triangular":
            return _triangular(u, self.low, self.middle, self.high)
        if self.kind == "truncated_normal":
            return _truncated(u, self.low, self.middle, self.high, self.spread)
        if self.kind == "lognormal":
            return exp(_truncated(u, log(self.low), log(self.middle), log(self.high), self.spread))
        return pick(u, self.values, self.weights)

    def quantiles(self, u: FloatArray) -> FloatArray:
        """`quantile` of every share, the same bits: only what IEEE 754 rounds exactly is calculated on arrays."""
        if self.kind == "uniform":
            return np.asarray(self.low + u * (self.high - self.low))
        if self.kind == "triangular":
            return _triangulars(u, self.low, self.middle, self.high)
        inverse = self._inverse()
        return np.array([inverse(share) for share in u.tolist()], dtype=np.float64)

    @property
    def lowest(self) -> float:
        """The smallest value that can be drawn."""
        return min(self.values) if self.kind == "discrete" else self.low

    @property
    def highest(self) -> float:
        """The largest value that can be drawn."""
        return max(self.values) if self.kind == "discrete" else self.high

    def _inverse(self) -> Callable[[float], float]:
        """`quantile` of the other kinds, with what does not depend on the share calculated once."""
        if self.kind == "truncated_normal":
            return _truncated_inverse(self.low, self.middle, self.high, self.spread)
        if self.kind == "lognormal":
            logarithm = _truncated_inverse(log(self.low), log(self.middle), log(self.high), self.spread)
            return lambda u: exp(logarithm(u))
        total, bounds, last = (
            sum(self.weights),
            list(accumulate(self.weights, initial=0.0))[1:],
            self.values[-1],
        )
        places = (*self.values, last)
        return lambda u: places[bisect_right(bounds, u * total)]


def normal_cdf(z: float) -> float:
    """Standard normal distribution function."""
    return _NORMAL.cdf(z)


def normal_quantile(u: float) -> float:
    """Its inverse; `u` is kept away from 0 and 1 by 2^-53."""
    return _NORMAL.inv_cdf(min(max(u, SMALLEST), 1.0 - SMALLEST))


def pick(u: float, values: Sequence[float], weights: Sequence[float]) -> float:
    """The value whose share of the summed weights holds `u`."""
    total, below = sum(weights), 0.0
    for value, weight in zip(values, weights, strict=True):
        below += weight
        if u * total < below:
            return value
    return values[-1]


def _triangular(u: float, low: float, mode: float, high: float) -> float:
    width = high - low
    if width == 0:
        return low
    share = (mode - low) / width
    if u < share:
        return low + sqrt(u * width * (mode - low))
    return high - sqrt((1 - u) * width * (high - mode))


def _triangulars(u: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    width = high - low
    if width == 0:
        return np.full(u.shape, low)
    left = low + np.sqrt(u * width * (mode - low))
    right = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u < (mode - low) / width, left, right)


def _truncated(u: float, low: float, mean: float, high: float, spread: float) -> float:
    return _truncated_inverse(low, mean, high, spread)(u)


def _truncated_inverse(low: float, mean: float, high: float, spread: float) -> Callable[[float], float]:
    first, last = normal_cdf((low - mean) / spread), normal_cdf((high - mean) / spread)
    share = last - first

    def inverse(u: float) -> float:
        # The inverse carries rounding: a draw in the last bit beyond a bound is that bound.
        return min(max(mean + spread * normal_quantile(first + u * share), low), high)

    return inverse


def _discrete_faults(values: Sequence[float], weights: Sequence[float]) -> list[str]:
    found = []
    if not values or len(values) != len(weights):
        found.append("discrete needs as many weights as values, at least one")
    if not all(isfinite(v) for v in (*values, *weights)):
        found.append("values and weights must be finite")
    elif any(w < 0 for w in weights) or (weights and sum(weights) <= 0):
        found.append("weights must not be negative, and not all 0")
    return found
