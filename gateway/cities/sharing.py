"""One factor for all cities: x_i = clip(start_i + factor * direction_i, low_i, high_i) so that the province is met.

An amount (water-filling), a weighted share and a fall per GDP all are this problem: the province's value is linear in
the cities' numbers. The factor comes by bisection to the last bit; sums are exact (math.fsum), so that the order of
cities changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum, isfinite, nextafter

# Doubling covers every float; halving ends when no float lies between.
_DOUBLINGS = 1100


@dataclass(frozen=True)
class Combination:
    """The province's value: constant + sum of coefficient_i * x_i, coefficients not negative."""

    coefficients: tuple[float, ...]
    constant: float = 0.0

    def value(self, numbers: Sequence[float]) -> float:
        """The province's value of the cities' numbers."""
        return fsum(
            (self.constant, *(a * x for a, x in zip(self.coefficients, numbers, strict=True) if a)),
        )


@dataclass(frozen=True)
class Line:
    """A city's number as a function of the factor: where it starts, how fast it moves, between which bounds."""

    start: float
    direction: float
    low: float
    high: float

    def at(self, factor: float) -> float:
        """The number at a factor."""
        moved = self.start + factor * self.direction if self.direction else self.start
        return min(max(moved, self.low), self.high)

    def end(self, sign: int) -> float:
        """The number at a factor without end."""
        if not self.direction:
            return self.at(0.0)
        return self.high if sign > 0 else self.low


@dataclass(frozen=True)
class Solution:
    """The factor, the cities' numbers and what they make; not feasible: the nearest that the bounds allow."""

    factor: float
    numbers: tuple[float, ...]
    reached: float
    feasible: bool


def solve(combination: Combination, lines: Sequence[Line], wanted: float) -> Solution:
    """The factor at which the province makes `wanted`. Directions are not negative."""
    for sign in (1, -1):
        ends = tuple(line.end(sign) for line in lines)
        if all(isfinite(x) for x in ends):
            reached = combination.value(ends)
            if sign * (wanted - reached) >= 0:
                factor = _factor_of(lines, sign)
                return Solution(factor, ends, reached, wanted == reached)

    def lacking(factor: float) -> float:
        return wanted - combination.value([line.at(factor) for line in lines])

    low, high = _bracket(lacking)
    while low < (middle := low + (high - low) / 2) < high:
        if lacking(middle) > 0:
            low = middle
        else:
            high = middle
    factor = min((high, low), key=lambda f: abs(lacking(f)))
    numbers = tuple(line.at(factor) for line in lines)
    return Solution(factor, numbers, combination.value(numbers), True)


def _factor_of(lines: Sequence[Line], sign: int) -> float:
    """Smallest factor (in size) at which every city is at its end."""
    ends = [((x.high if sign > 0 else x.low) - x.start) / x.direction for x in lines if x.direction]
    return sign * max((sign * e for e in ends), default=0.0)


def _bracket(lacking: Callable[[float], float]) -> tuple[float, float]:
    """Two factors, the lower lacking something, the upper nothing."""
    step = 1.0
    if lacking(0.0) > 0:
        for _ in range(_DOUBLINGS):
            if lacking(step) <= 0:
                return 0.0, step
            step *= 2
    else:
        for _ in range(_DOUBLINGS):
            if lacking(-step) > 0:
                return -step, nextafter(0.0, 1.0)
            step *= 2
    raise ValueError("no factor reaches the number: a coefficient or direction is not finite")


def fall_combination(
    base_amounts: Sequence[float], base_gdp: Sequence[float], later_gdp: Sequence[float]
) -> Combination:
    """The province's fall per GDP from the cities' falls (all in shares of 1).

    F = 1 - sum_i I_i0 (1 - f_i) G_i1 / ((sum E0 / sum G0) sum G1): cities whose base is intensive and who grow fast
    count more, so that falls do not average.
    """
    denominator = fsum(base_amounts) / fsum(base_gdp) * fsum(later_gdp)
    parts = tuple(
        e / g0 * g1 / denominator for e, g0, g1 in zip(base_amounts, base_gdp, later_gdp, strict=True)
    )
    return Combination(parts, 1 - fsum(parts))
