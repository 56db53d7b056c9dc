"""How a metric row of buildings is written."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Label, Metric

R = TypeVar("R")
# How the values of metrics are made, by name: those that nobody asks for are not made.
Recipes = dict[str, Callable[[], FloatArray]]
# Shares, as (part, whole).
ShareRecipes = dict[str, Callable[[], tuple[FloatArray, FloatArray]]]


def row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    """The metric "buildings.<name>"."""
    return Metric(f"buildings.{name}", Label(zh, en), unit, policy_refs)


def in_every_year(values: Iterable[float], years: int) -> FloatArray:
    """Values that are the same in every year, [k, y]."""
    return np.repeat(np.array(tuple(values)), years).reshape(-1, years)


def once(make: Callable[[], R]) -> Callable[[], R]:
    """What several recipes start from: made when the first of them asks, and held for the others."""
    found: list[R] = []

    def made() -> R:
        if not found:
            found.append(make())
        return found[0]

    return made
