"""Weights of cities by named rules, and of rules in a composite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log


@dataclass(frozen=True)
class CityBase:
    """What rules read of each city [place]; a figure that is not known is an empty tuple.

    gdp_cny and population_count stand in the base year, later_population_count in the target's year; current, history
    and potential are in any one unit, not negative.
    """

    gdp_cny: tuple[float, ...]
    population_count: tuple[float, ...]
    later_population_count: tuple[float, ...]
    current: tuple[float, ...] = ()
    history: tuple[float, ...] = ()
    potential: tuple[float, ...] = ()


def ability(base: CityBase, power: float) -> tuple[float, ...]:
    """GDP per head over the province's, to a power."""
    mean = fsum(base.gdp_cny) / fsum(base.population_count)
    return tuple((g / p / mean) ** power for g, p in zip(base.gdp_cny, base.population_count, strict=True))


def shares(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights over their sum; empty when none is above 0."""
    whole = fsum(weights)
    return tuple(w / whole for w in weights) if whole > 0 else ()


def amount_weights(rule: str, base: CityBase, power: float, converged_share: float) -> tuple[float, ...]:
    """Share of each city in an amount by one rule; empty when the rule lacks its figures.

    ability_to_pay is GDP x (GDP per head over the mean) ** power, so that size counts too. equal_per_head moves from
    the current shares to those of the population; converged_share (0 to 1) says how far.
    """
    if rule == "equal_per_head":
        now, later = shares(base.current), shares(base.later_population_count)
        if not now and converged_share < 1:
            return ()
        return tuple(
            converged_share * after + (1 - converged_share) * (now[i] if now else 0.0)
            for i, after in enumerate(later)
        )
    raw: Mapping[str, Sequence[float]] = {
        "gdp": base.gdp_cny,
        "population": base.population_count,
        "current": base.current,
        "history": base.history,
        "potential": base.potential,
        "ability_to_pay": tuple(g * a for g, a in zip(base.gdp_cny, ability(base, power), strict=True)),
        "equal": tuple(1.0 for _ in base.gdp_cny),
    }
    return shares(raw[rule])


def effort_weights(rule: str, base: CityBase, power: float) -> tuple[float, ...]:
    """Effort of each city in a share or a fall by one rule, mean 1; empty when the rule lacks its figures."""
    raw: Mapping[str, Sequence[float]] = {
        "equal": tuple(1.0 for _ in base.gdp_cny),
        "ability_to_pay": ability(base, power),
        "current": base.current,
        "potential": base.potential,
    }
    whole = fsum(raw[rule])
    return tuple(w * len(raw[rule]) / whole for w in raw[rule]) if whole > 0 else ()


def composite(columns: Sequence[Sequence[float]], weights: Sequence[float]) -> tuple[float, ...]:
    """sum_k w_k z_ik, weights over their sum; columns [rule][place]."""
    whole = fsum(weights)
    return tuple(
        fsum(w / whole * z for w, z in zip(weights, row, strict=True)) for row in zip(*columns, strict=True)
    )


def min_max(column: Sequence[float]) -> tuple[float, ...]:
    """(x - lowest) / (highest - lowest); zeros when all are equal."""
    low, high = min(column), max(column)
    return tuple((x - low) / (high - low) if high > low else 0.0 for x in column)


def entropies(columns: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Shannon entropy of each column after min-max, over its largest (ln n); 0 ln 0 = 0; 1 for a flat column."""
    found = []
    for column in columns:
        parts = shares(min_max(column))
        size = len(column)
        found.append(-fsum(p * log(p) for p in parts if p > 0) / log(size) if parts and size > 1 else 1.0)
    return tuple(found)


def entropy_weights(columns: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """(1 - e_k) over their sum: columns that tell the cities apart weigh more; equal when none does.

    Sensitive to outliers and to a city more or less: offered, never the default.
    """
    spread = [1 - e for e in entropies(columns)]
    return shares(spread) or tuple(1 / len(columns) for _ in columns)
