"""A linear programme put together from blocks of columns and rows, solved by HiGHS."""

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from services.common.arrays import FloatArray

INF = highspy.kHighsInf
Index = NDArray[np.int64]


@dataclass
class Programme:
    """min cost.x, lower <= x <= upper, low <= A x <= high."""

    costs: list[FloatArray] = field(default_factory=list)
    lowers: list[FloatArray] = field(default_factory=list)
    uppers: list[FloatArray] = field(default_factory=list)
    lows: list[FloatArray] = field(default_factory=list)
    highs: list[FloatArray] = field(default_factory=list)
    entries: list[tuple[Index, Index, FloatArray]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def variables(
        self, count: int, cost: ArrayLike = 0.0, lower: ArrayLike = 0.0, upper: ArrayLike = INF
    ) -> Index:
        """Add columns and return their numbers."""
        for kept, value in ((self.costs, cost), (self.lowers, lower), (self.uppers, upper)):
            kept.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)).copy())
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def constraints(self, count: int, low: ArrayLike, high: ArrayLike) -> Index:
        """Add rows and return their numbers."""
        for kept, value in ((self.lows, low), (self.highs, high)):
            kept.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)).copy())
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def put(self, rows: Index, columns: Index, values: ArrayLike) -> None:
        """Put values in the matrix; values at the same place add up."""
        broadcast = np.broadcast_to(np.asarray(values, dtype=np.float64), rows.shape)
        self.entries.append((rows, columns, broadcast))

    def solve(self, method: str = "choose") -> "Solution":
        """The optimum; AssertionError when there is none."""
        solver = highspy.Highs()
        solver.silent()
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("solver", method)
        solver.passModel(self._model())
        solver.run()
        status = solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, solver.modelStatusToString(status)
        found = solver.getSolution()
        return Solution(
            float(solver.getInfo().objective_function_value),
            np.array(found.col_value),
            np.array(found.row_dual),
        )

    def _model(self) -> highspy.HighsLp:
        row = np.concatenate([e[0] for e in self.entries])
        column = np.concatenate([e[1] for e in self.entries])
        value = np.concatenate([e[2] for e in self.entries])
        place, at = np.unique(row * self.columns + column, return_inverse=True)
        value = np.bincount(at, weights=value)
        row, column = place // self.columns, place % self.columns
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, self.rows
        model.col_cost_ = np.concatenate(self.costs)
        model.col_lower_, model.col_upper_ = np.concatenate(self.lowers), np.concatenate(self.uppers)
        model.row_lower_, model.row_upper_ = np.concatenate(self.lows), np.concatenate(self.highs)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        counts = np.bincount(row, minlength=self.rows)
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        model.a_matrix_.index_, model.a_matrix_.value_ = column.astype(np.int32), value
        return model


@dataclass(frozen=True)
class Solution:
    """Least cost, value of every column and dual of every row."""

    objective: float
    values: FloatArray
    duals: FloatArray
