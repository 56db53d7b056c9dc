"""Biproportional balancing (RAS, iterative proportional fitting) of a table to its margins."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray

_MOST_ROUNDS: Final = 1000
_CLOSE: Final = 1e-13


def balanced(seed: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """The table r_i seed_ij s_j whose rows add up to `rows` [i] and columns to `columns` [j].

    Cells of zero stay zero. The columns are met to rounding, the rows as closely as the rounds bring them.
    ValueError for negative cells, margins with different sums, or a seed that cannot reach its margins
    (Bacharach, Biproportional matrices and input-output change, 1970).
    """
    if (seed < 0).any() or (rows < 0).any() or (columns < 0).any():
        raise ValueError("seed and margins must be at least 0")
    if not np.isclose(rows.sum(), columns.sum(), rtol=1e-9):
        raise ValueError(f"rows add up to {rows.sum()}, columns to {columns.sum()}")
    table = seed.astype(np.float64)
    for _ in range(_MOST_ROUNDS):
        table = table * _over(rows, table.sum(axis=1))[:, None]
        table = table * _over(columns, table.sum(axis=0))
        if np.abs(table.sum(axis=1) - rows).max() <= _CLOSE * rows.sum():
            return table
    raise ValueError("the seed cannot be balanced to these margins: too many of its cells are zero")


def _over(wanted: FloatArray, have: FloatArray) -> FloatArray:
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)
