"""A linear programme put together from blocks of columns and rows, solved by HiGHS, its bound certified here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from services.common.arrays import FloatArray
from services.common.errors import DomainError, Violation, invalid

Index = NDArray[np.int64]
INF: Final = np.inf
# Above this a solver needs many minutes and gigabytes.
MOST_VARIABLES: Final = 3_000_000


@dataclass(frozen=True)
class Solution:
    """Values by column, prices by row (change of the cost per unit of the row), and a certified bound of the cost."""

    values: FloatArray
    prices: FloatArray
    cost: float
    bound: float

    def at(self, columns: Index) -> FloatArray:
        """Values of a block of columns in its shape; 0 where it has no column."""
        return np.asarray(np.where(columns >= 0, self.values[columns], 0.0))


@dataclass
class Programme:
    """min cost.x with lower <= x <= upper and low <= A x <= high; every x has finite limits, so that a bound exists."""

    reason: str  # why it is needed
    costs: list[FloatArray] = field(default_factory=list)
    lowers: list[FloatArray] = field(default_factory=list)
    uppers: list[FloatArray] = field(default_factory=list)
    lows: list[FloatArray] = field(default_factory=list)
    highs: list[FloatArray] = field(default_factory=list)
    entries: list[tuple[Index, Index, FloatArray]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def variables(self, cost: ArrayLike, lower: ArrayLike, upper: FloatArray) -> Index:
        """Columns in the shape of `upper`, -1 (no column) where both limits are 0.

        Raises DomainError(INVALID_INPUT) when the programme grows too large.
        """
        low = np.broadcast_to(np.asarray(lower, dtype=np.float64), upper.shape)
        there = (upper != 0.0) | (low != 0.0)
        count = int(there.sum())
        if self.columns + count > MOST_VARIABLES:
            raise too_large(self.reason)
        self.costs.append(np.broadcast_to(np.asarray(cost, dtype=np.float64), upper.shape)[there])
        self.lowers.append(low[there])
        self.uppers.append(upper[there])
        found = np.full(upper.shape, -1, dtype=np.int64)
        found[there] = np.arange(self.columns, self.columns + count)
        self.columns += count
        return found

    def constraints(self, low: ArrayLike, high: ArrayLike) -> Index:
        """Rows in the common shape of both limits."""
        a, b = np.broadcast_arrays(np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64))
        self.lows.append(a.ravel().copy())
        self.highs.append(b.ravel().copy())
        self.rows += a.size
        return np.arange(self.rows - a.size, self.rows).reshape(a.shape)

    def put(self, rows: Index, columns: Index, values: ArrayLike) -> None:
        """Put values where rows meet columns (all of one shape by broadcasting); values at one place add up."""
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        there = (c >= 0) & (v != 0.0)
        self.entries.append((r[there], c[there], v[there]))

    def solve(self) -> Solution | None:
        """The optimum; None when nothing keeps all rows. Raises DomainError(BALANCE) when the solver gives up."""
        row, column, value = self._matrix()
        parts = (self.costs, self.lowers, self.uppers, self.lows, self.highs)
        cost, lower, upper, low, high = (_joined(p) for p in parts)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        solver.setOptionValue("threads", 1)
        # Quicker on these programmes than the interior-point method with crossover, years with commitment included.
        solver.setOptionValue("solver", "simplex")
        solver.passModel(_model(cost, lower, upper, low, high, row, column, value))
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            raise DomainError("BALANCE", detail=f"linear programme: {solver.modelStatusToString(status)}")
        found = solver.getSolution()
        x = np.clip(np.array(found.col_value), lower, upper)
        # A one-sided row has a price of one sign; rounding must not leave another.
        y = np.array(found.row_dual)
        y = np.where(np.isinf(low), np.minimum(y, 0.0), np.where(np.isinf(high), np.maximum(y, 0.0), y))
        reduced = cost - np.bincount(column, value * y[row], self.columns)
        bound = _least(reduced, lower, upper) + _least(-y, -_finite(high), -_finite(low))
        return Solution(x, y, float(cost @ x), bound)

    def _matrix(self) -> tuple[Index, Index, FloatArray]:
        """Entries sorted by row and column, those at one place added."""
        row, column = (np.concatenate([e[i] for e in self.entries]).astype(np.int64) for i in range(2))
        value = np.concatenate([e[2] for e in self.entries])
        place, at = np.unique(row * self.columns + column, return_inverse=True)
        return (
            place // self.columns,
            place % self.columns,
            np.bincount(at.ravel(), value, place.size).astype(np.float64),
        )


def too_large(reason: str) -> DomainError:
    """The refusal of a programme that no solver should be asked for."""
    mend = "fewer steps, units or stores, or no ramp limits on units that never reach them"
    return invalid(
        [
            Violation(
                "instance",
                f"{reason}: too large for the linear programme this needs",
                "",
                f"at most {MOST_VARIABLES:,} variables: {mend}",
            )
        ]
    )


def _joined(parts: Sequence[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.zeros(0)


def _finite(limit: FloatArray) -> FloatArray:
    return np.where(np.isinf(limit), 0.0, limit)


def _least(price: FloatArray, low: FloatArray, high: FloatArray) -> float:
    """Least of price.v with low <= v <= high."""
    return float((price * np.where(price > 0.0, low, high)).sum())


def _model(
    cost: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    low: FloatArray,
    high: FloatArray,
    row: Index,
    column: Index,
    value: FloatArray,
) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = cost.size, low.size
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = cost.size, low.size
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=low.size))])
    model.a_matrix_.start_ = start.astype(np.int32)
    model.a_matrix_.index_ = column.astype(np.int32)
    model.a_matrix_.value_ = value
    return model
