"""Chances from an ensemble that observations reweigh. Pure arithmetic; members stay in their order, sums are exact.

The residual d_i(t) = observed - member i follows d(t) = rho d(t-1) + e, e ~ N(0, sigma^2). A member's weight is the
likelihood of its innovations; a series that is observed with gaps keeps the same process. The forecast of a member is
its own value plus what is left of the last residual, with the variance of the innovations to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt

from gateway.ensemble.distributions import normal_cdf

_BISECTIONS = 60


@dataclass(frozen=True)
class Seen:
    """One observed series: its error (of the logarithm when `logarithmic`) and every member's values beside it."""

    observed: Mapping[int, float]
    members: Sequence[Mapping[int, float]]
    sigma: float
    rho: float
    logarithmic: bool = False


@dataclass(frozen=True)
class Weighed:
    """Weights that sum to 1; `size` is the effective number of members and `exponent` what the likelihood was raised
    to (1: as it is; less: widened so that enough members count)."""

    weights: tuple[float, ...]
    size: float
    exponent: float
    raw_size: float


def residuals(
    observed: Mapping[int, float], member: Mapping[int, float], *, logarithmic: bool
) -> dict[int, float]:
    """Observed less member in the years that both have, ascending."""
    years = sorted(set(observed) & set(member))
    if logarithmic:
        return {t: log(observed[t] / member[t]) for t in years}
    return {t: observed[t] - member[t] for t in years}


def log_likelihood(residual: Mapping[int, float], sigma: float, rho: float) -> float:
    """Sum of -e^2 / 2 sigma^2 over the years, ascending; e(1) = d(1) sqrt(1 - rho^2)."""
    terms, before = [], None
    for year in sorted(residual):
        value = residual[year]
        if before is None:
            innovation = value * sqrt(1 - rho * rho)
        else:
            steps = year - before
            innovation = (value - rho**steps * residual[before]) / sqrt(noise_variance(rho, steps))
        terms.append(-innovation * innovation / (2 * sigma * sigma))
        before = year
    return fsum(terms)


def noise_variance(rho: float, steps: int) -> float:
    """Variance of `steps` innovations, in units of one: the sum of rho^2h for h below `steps`."""
    return fsum(rho ** (2 * h) for h in range(steps))


def temper_of(members_of_series: Sequence[Sequence[float]]) -> float:
    """c = 1 / (1 + (m - 1) r), r the mean absolute correlation of m series over the members (0 where one is flat)."""
    count = len(members_of_series)
    pairs = [
        abs(_correlation(members_of_series[a], members_of_series[b]))
        for a in range(count)
        for b in range(a + 1, count)
    ]
    return 1 / (1 + (count - 1) * fsum(pairs) / len(pairs)) if pairs else 1.0


def weigh(series: Sequence[Seen], count: int, temper: float = 1.0, least_size: float = 0.0) -> Weighed:
    """Weights of `count` members; below `least_size` effective members the likelihood is raised to the largest power
    up to 1 that restores it."""
    logs = []
    for member in range(count):
        parts = [
            log_likelihood(
                residuals(s.observed, s.members[member], logarithmic=s.logarithmic), s.sigma, s.rho
            )
            for s in series
        ]
        logs.append(temper * fsum(parts))
    raw = effective_size(weights_of(logs))
    wanted = min(least_size, float(count))
    exponent = 1.0 if raw >= wanted else _exponent(logs, wanted)
    weights = weights_of([exponent * v for v in logs])
    return Weighed(weights, effective_size(weights), exponent, raw)


def weights_of(logs: Sequence[float]) -> tuple[float, ...]:
    """Weights that sum to 1 out of logarithms, shifted by the largest."""
    top = max(logs)
    raw = [exp(v - top) for v in logs]
    total = fsum(raw)
    return tuple(v / total for v in raw)


def effective_size(weights: Sequence[float]) -> float:
    """(sum w)^2 / sum w^2."""
    return fsum(weights) ** 2 / fsum(w * w for w in weights)


def forecast(
    member_value: float, residual: float, sigma: float, rho: float, steps: int, *, logarithmic: bool
) -> tuple[float, float]:
    """(centre, standard deviation) of a member `steps` years after the last residual; of the logarithm if so."""
    centre = (log(member_value) if logarithmic else member_value) + rho**steps * residual
    return centre, sigma * sqrt(noise_variance(rho, steps))


def chance_above(threshold: float, centre: float, deviation: float) -> float:
    """P(value > threshold) of a normal; without a deviation it is 0 or 1 (equal is not above)."""
    if deviation == 0:
        return 1.0 if centre > threshold else 0.0
    return 1.0 - normal_cdf((threshold - centre) / deviation)


def weighted_chance(chances: Sequence[float], weights: Sequence[float]) -> float:
    """Sum of w p / sum of w."""
    return fsum(w * p for w, p in zip(weights, chances, strict=True)) / fsum(weights)


def _exponent(logs: Sequence[float], wanted: float) -> float:
    """The largest power that leaves `wanted` effective members, by bisection from below."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if effective_size(weights_of([middle * v for v in logs])) >= wanted:
            low = middle
        else:
            high = middle
    return low


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    count = len(one)
    a, b = fsum(one) / count, fsum(other) / count
    cross = fsum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    size = sqrt(fsum((x - a) ** 2 for x in one) * fsum((y - b) ** 2 for y in other))
    return cross / size if size > 0 else 0.0
