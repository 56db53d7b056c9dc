"""What the report takes from the tests: values of a parametrised test, examples of a strategy, how near a test asks for.

So a reference figure stands in one place, the test.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from validation.comparison import at_most

# Of a chart: more would lie on one another.
_MOST_POINTS = 100


def cases(test: Callable[..., object], names: str) -> list[tuple[Any, ...]]:
    """Rows of the parametrisation "a, b" of a test function. LookupError when it has none of these names."""
    wanted = _names(names)
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize" and _names(mark.args[0]) == wanted:
            rows = [getattr(row, "values", row) for row in mark.args[1]]
            return [tuple(row) if len(wanted) > 1 else (_only(row),) for row in rows]
    raise LookupError(f"{test.__name__} is not parametrised by {names}")


def examples(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """The same examples of a strategy whenever and wherever they are drawn."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(one: Any) -> None:
        found.append(one)

    keep()
    return found


def deviation(ours: object, theirs: object, rtol: float, atol: float = 0.0) -> float:
    """Largest relative deviation as a test with both tolerances counts it: at most `rtol` where the test passes."""
    a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    gap = np.abs(a - b)
    held = np.abs(b) + atol / rtol
    return float(np.divide(gap, held, out=np.where(gap > 0, np.inf, 0.0), where=held > 0).max(initial=0.0))


def spread(deviations: Iterable[float], limit: float) -> dict[str, dict[str, float]]:
    """Fields of the comparisons of many deviations: the worst and the middle one, each at most the limit."""
    values = sorted(deviations)
    return {"worst": at_most(values[-1], limit), "median": at_most(float(np.median(values)), limit)}


def digits(deviations: Iterable[float]) -> tuple[list[float], list[float]]:
    """(share of the cases in percent, decimal digits that agree), the worst case first, at most 100 points."""
    values = np.sort(np.fromiter(deviations, dtype=float))[::-1]
    at = np.unique(np.linspace(0, len(values) - 1, min(_MOST_POINTS, len(values))).round().astype(int))
    found = -np.log10(np.clip(values[at], 1e-17, None))
    return [100.0 * (i + 1) / len(values) for i in at], found.tolist()


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    return tuple(part.strip() for part in parts)


def _only(row: object) -> object:
    return row[0] if isinstance(row, tuple) and len(row) == 1 else row
