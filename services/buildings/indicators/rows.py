"""How a metric row of buildings is written."""

from collections.abc import Iterable

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Label, Metric


def row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    """The metric "buildings.<name>"."""
    return Metric(f"buildings.{name}", Label(zh, en), unit, policy_refs)


def in_every_year(values: Iterable[float], years: int) -> FloatArray:
    """Values that are the same in every year, [k, y]."""
    return np.repeat(np.array(tuple(values)), years).reshape(-1, years)
