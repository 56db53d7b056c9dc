"""The dispatch of a stack with stores as a linear programme, solved by HiGHS: what the kernels are held against."""

import highspy
import numpy as np

from services.common.arrays import FloatArray

INF = highspy.kHighsInf


def least_cost(
    residual: FloatArray,
    price: FloatArray,
    cap: FloatArray,
    voll: float,
    stores: FloatArray,
    ends: FloatArray | None = None,
) -> float:
    """Least cost of cap [h, k] blocks and stores [i, 6]; ends [i] fixes first and last content, None is cyclic."""
    n, k_count = cap.shape
    count = stores.shape[0]
    per = (
        k_count + 2 + 3 * count
    )  # blocks, unserved, surplus, then charge, discharge, content at the end of the hour
    cost = np.zeros((n, per))
    upper = np.full((n, per), INF)
    cost[:, :k_count], upper[:, :k_count] = price, cap
    cost[:, k_count] = voll
    for i, (charge, discharge, size, _, _, vom) in enumerate(stores):
        at = k_count + 2 + 3 * i
        cost[:, at : at + 2] = vom
        upper[:, at], upper[:, at + 1], upper[:, at + 2] = charge, discharge, size
    lower = np.zeros((n, per))
    rows, cols, values, low, high = [], [], [], [], []
    row = 0
    for h in range(n):
        base = h * per
        entries = [(base + k, 1.0) for k in range(k_count + 1)] + [(base + k_count + 1, -1.0)]
        for i in range(count):
            at = base + k_count + 2 + 3 * i
            entries += [(at, -1.0), (at + 1, 1.0)]
        _add(rows, cols, values, row, entries)
        low.append(residual[h])
        high.append(residual[h])
        row += 1
    for i, (_, _, _, ec, ed, _) in enumerate(stores):
        for h in range(n):
            at = h * per + k_count + 2 + 3 * i
            before = ((h - 1) % n) * per + k_count + 2 + 3 * i + 2
            entries = [(at + 2, 1.0), (at, -ec), (at + 1, 1.0 / ed)]
            right = 0.0
            if h > 0 or ends is None:
                entries.append((before, -1.0))
            else:
                right = float(ends[i])
            _add(rows, cols, values, row, entries)
            low.append(right)
            high.append(right)
            row += 1
        if ends is not None:
            last = (n - 1) * per + k_count + 2 + 3 * i + 2
            lower.ravel()[last] = upper.ravel()[last] = ends[i]
    return _solve(
        cost.ravel(), lower.ravel(), upper.ravel(), rows, cols, values, np.array(low), np.array(high)
    )


def _add(
    rows: list[int], cols: list[int], values: list[float], row: int, entries: list[tuple[int, float]]
) -> None:
    for col, value in entries:
        rows.append(row)
        cols.append(col)
        values.append(value)


def _solve(
    cost: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    rows: list[int],
    cols: list[int],
    values: list[float],
    low: FloatArray,
    high: FloatArray,
) -> float:
    solver = highspy.Highs()
    solver.silent()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = cost.size, low.size
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
    model.row_lower_, model.row_upper_ = low, high
    counts = np.bincount(rows, minlength=low.size)
    order = np.argsort(rows, kind="stable")
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    model.a_matrix_.index_ = np.array(cols, dtype=np.int32)[order]
    model.a_matrix_.value_ = np.array(values)[order]
    solver.passModel(model)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)
