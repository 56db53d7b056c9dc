"""Tasks in whole steps, so that cities keep their numbers and years their sums."""

from collections.abc import Sequence
from math import floor, fsum, isnan, nan

from gateway.cities.problem import Problem
from gateway.cities.rounding import controlled_rounding, largest_remainder
from gateway.targets.data import Form


def rounded_tasks(
    problem: Problem,
    table: Sequence[Sequence[float]],
    numbers: Sequence[float],
    done: Sequence[float | None],
    codes: Sequence[str],
    step: float,
) -> list[tuple[float, ...]]:
    """Whole steps: a flow both ways (cities keep their number, years their sum), levels year by year, rates singly."""
    units = [[v / step for v in row] for row in table]
    if problem.target.form is Form.CUMULATIVE_FLOW:
        rows = [
            max(0, round(n / step) - floor((d or 0.0) / step + 0.5))
            for n, d in zip(numbers, done, strict=True)
        ]
        scaled = [
            [u * r / whole if (whole := fsum(row)) else 0.0 for u in row]
            for row, r in zip(units, rows, strict=True)
        ]
        whole_units = controlled_rounding(scaled, codes, row_totals=rows)
        return [tuple(decimal(u * step) for u in row) for row in whole_units]
    if problem.kind == "amount":
        columns: list[tuple[float, ...]] = []
        for column in zip(*units, strict=True):
            if any(isnan(u) for u in column):
                columns.append((nan,) * len(column))
                continue
            columns.append(largest_remainder(column, floor(fsum(column) + 0.5), codes))
        return [tuple(decimal(u * step) for u in row) for row in zip(*columns, strict=True)]
    return [tuple(nearest(v, step) for v in row) for row in table]


def nearest(value: float, step: float) -> float:
    """The nearest whole step; a value that is not known stays so."""
    return value if isnan(value) else decimal(floor(value / step + 0.5) * step)


def decimal(value: float) -> float:
    """A multiple of a step as the decimal number it is."""
    return round(value, 12)
