"""LMDI-I, additive: the change of a sum of products, part by part of its factors, without a residual.

C = sum_i prod_k x_ki; the effect of factor k is sum_i L(C_i1, C_i0) ln(x_ki1 / x_ki0) with the logarithmic mean L (Ang
2004, 2005, 2015). Zeros are taken to their limits (Ang, Zhang and Choi 1998; Ang and Liu 2007), never replaced by small
numbers; terms below zero have no logarithm and are told apart by the caller.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from services.common.arrays import FloatArray

_SERIES_BELOW = 1e-6


def log_mean(a: float, b: float) -> float:
    """L(a, b) = (a - b) / (ln a - ln b); L(a, a) = a; L(a, 0) = 0. Both at least 0."""
    if a < 0 or b < 0:
        raise ValueError("the logarithmic mean needs numbers of at least 0")
    if a == 0 or b == 0:
        return 0.0
    u = (a - b) / b
    if abs(u) < _SERIES_BELOW:
        return b * (1 + u / 2 - u * u / 12)
    if 0.5 < a / b < 2:
        return b * u / math.log1p(u)
    return (a - b) / (math.log(a) - math.log(b))


def effects(before: FloatArray, after: FloatArray) -> FloatArray:
    """Effect of each factor in each term between two points, [factor, term].

    before, after [factor, term], at least 0. Columns sum to the term's change. A term that is zero at both ends has no
    effect; one that is zero at one end gives its whole change to the factors that are zero there, in equal parts.
    """
    found = np.zeros_like(before)
    for i in range(before.shape[1]):
        found[:, i] = _term(before[:, i].tolist(), after[:, i].tolist())
    return found


def chained(points: Sequence[FloatArray]) -> FloatArray:
    """Effects summed over the steps from point to point, [factor, term]; each point [factor, term]."""
    steps = [effects(a, b) for a, b in pairwise(points)]
    found = np.array(
        [[math.fsum(s[k, i] for s in steps) for i in range(steps[0].shape[1])] for k in range(len(steps[0]))]
    )
    changes = np.prod(points[-1], axis=0) - np.prod(points[0], axis=0)
    return _closed(found, changes)


def _term(before: Sequence[float], after: Sequence[float]) -> list[float]:
    old, new = math.prod(before), math.prod(after)
    change = new - old
    if old == 0 or new == 0:
        if old == new:
            return [0.0] * len(before)
        zero = [x == 0 for x in (before if old == 0 else after)]
        # A product may also be 0 because it is too small for a number: then all factors share it.
        share = change / (sum(zero) or len(zero))
        return [share if z or not any(zero) else 0.0 for z in zero]
    mean = log_mean(new, old)
    parts = [mean * math.log(b / a) for a, b in zip(before, after, strict=True)]
    return _with_rest(parts, change)


def _closed(found: FloatArray, changes: FloatArray) -> FloatArray:
    return np.array([_with_rest(found[:, i].tolist(), float(changes[i])) for i in range(found.shape[1])]).T


def _with_rest(parts: list[float], total: float) -> list[float]:
    """The parts with the residue of floating point on the largest."""
    largest = max(range(len(parts)), key=lambda k: abs(parts[k]))
    if parts[largest]:
        parts[largest] += math.fsum((total, *(-p for p in parts)))
    return parts
