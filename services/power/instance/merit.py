"""Pieces of generation as a merit order: rows of a stack for the search, the split of reserve, output by piece."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.reduce import Index, Piece
from services.power.step_kernels import fill_pieces

# Above this many distinct costs, or cells of costs x steps, a common order of blocks is dearer than one order a step.
MOST_COMMON_COSTS = 1024
MOST_CELLS = 20_000_000


@dataclass(frozen=True)
class Stack:
    """Blocks in rising cost. price, cap [m, k] by period, per [n] the period of a step; free_mw [n] at cost 0."""

    price: FloatArray
    cap: FloatArray
    per: Index
    common: bool  # the same prices in every period
    free_mw: FloatArray


def make_stack(pieces: Sequence[Piece], steps: int) -> Stack:
    """Blocks of equal cost merged; what costs nothing is kept apart, for it lies where surplus begins."""
    free = np.zeros(steps)
    rest = []
    for piece in pieces:
        if piece.cost.size == 1 and piece.cost[0] == 0.0:
            free = free + piece.cap_mw
        else:
            rest.append(piece)
    distinct = np.unique(np.concatenate([p.cost for p in rest])) if rest else np.zeros(0)
    if distinct.size <= MOST_COMMON_COSTS and distinct.size * steps <= MOST_CELLS:
        return _common(rest, distinct, steps, free)
    price = np.array([np.broadcast_to(p.cost, steps) for p in rest]).T
    cap = np.array([np.broadcast_to(p.cap_mw, steps) for p in rest]).T
    order = np.argsort(price, axis=1, kind="stable")
    return Stack(
        np.ascontiguousarray(np.take_along_axis(price, order, axis=1)),
        np.ascontiguousarray(np.take_along_axis(cap, order, axis=1)),
        np.arange(steps, dtype=np.int64),
        False,
        free,
    )


def _common(pieces: Sequence[Piece], distinct: FloatArray, steps: int, free: FloatArray) -> Stack:
    cap = np.zeros((steps, distinct.size))
    for piece in pieces:
        if piece.cost.size == 1:
            cap[:, np.searchsorted(distinct, piece.cost[0])] += piece.cap_mw
        else:
            cap[np.arange(steps), np.searchsorted(distinct, piece.cost)] += piece.cap_mw
    rows, per = _distinct_rows(cap)
    price = np.ascontiguousarray(np.broadcast_to(distinct, rows.shape))
    return Stack(price, rows, per, True, free)


def _distinct_rows(cap: FloatArray) -> tuple[FloatArray, Index]:
    """Rows that differ, and which one each step has."""
    if cap.shape[1] == 0 or (cap == cap[0]).all():
        return np.ascontiguousarray(cap[:1]), np.zeros(cap.shape[0], dtype=np.int64)
    # Rows are told apart by a weighted sum; two that differ and have the same sum are kept apart all the same.
    _, first, per = np.unique(
        (cap * np.sqrt(np.arange(2.0, cap.shape[1] + 2.0))).sum(axis=1),
        return_index=True,
        return_inverse=True,
    )
    rows = np.ascontiguousarray(cap[first])
    if not (rows[per] == cap).all():
        return np.ascontiguousarray(cap), np.arange(cap.shape[0], dtype=np.int64)
    return rows, per.ravel().astype(np.int64)


def split_reserve(
    pieces: Sequence[Piece], reserve_mw: FloatArray, cost: float
) -> tuple[tuple[Piece, ...], FloatArray]:
    """The dearest `reserve_mw` [n] of eligible capacity set apart at its cost plus that of a shortage.

    Exact for a reserve from free capacity: every MW that runs there is missing from the reserve. What is dearest is
    asked step by step, for costs may change places. Returns the pieces and what no eligible capacity can give [n].
    """
    if not reserve_mw.any():
        return tuple(pieces), np.zeros(reserve_mw.size)
    eligible = [p for p in pieces if p.eligible]
    kept: list[Piece] = [p for p in pieces if not p.eligible]
    if not eligible:
        return tuple(kept), reserve_mw.copy()
    n = reserve_mw.size
    cap = np.array([np.broadcast_to(p.cap_mw, n) for p in eligible])
    width = 1 if all(p.cost.size == 1 for p in eligible) else n
    dearest = np.argsort(-np.array([np.broadcast_to(p.cost, width) for p in eligible]), axis=0, kind="stable")
    ordered = np.take_along_axis(cap, np.broadcast_to(dearest, cap.shape), axis=0)
    before = np.cumsum(ordered, axis=0) - ordered
    taken = np.clip(reserve_mw - before, 0.0, ordered)
    parts = np.empty_like(cap)
    np.put_along_axis(parts, np.broadcast_to(dearest, cap.shape), taken, axis=0)
    # At equal cost what is taken from the reserve comes last.
    kept += [replace(p, cap_mw=whole - part) for p, whole, part in zip(eligible, cap, parts, strict=True)]
    kept += [
        replace(p, cap_mw=part, cost=p.cost + cost, short=True)
        for p, part in zip(eligible, parts, strict=True)
    ]
    return tuple(kept), np.maximum(reserve_mw - cap.sum(axis=0), 0.0)


def outputs(pieces: Sequence[Piece], load_mw: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Output of every piece [p, n] in merit order, and what is left of the load [n] (< 0: surplus)."""
    n = load_mw.size
    if not pieces:
        return np.zeros((0, n)), load_mw.copy()
    cap = np.ascontiguousarray([np.broadcast_to(p.cap_mw, n) for p in pieces])
    same = all(p.cost.size == 1 for p in pieces)
    cost = np.array([np.broadcast_to(p.cost, 1 if same else n) for p in pieces])
    order = np.ascontiguousarray(np.argsort(cost, axis=0, kind="stable")).astype(np.int64)
    out = np.zeros((len(pieces), n))
    left = fill_pieces(np.ascontiguousarray(load_mw), order, same, cap, out)
    return out, left
