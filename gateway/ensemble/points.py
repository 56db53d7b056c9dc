"""Points in the unit cube, block by block: a block is the same whatever was asked before, and however it is cut."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from scipy.stats import qmc

from gateway.ensemble.distributions import normal_cdf, normal_quantile
from services.common.arrays import FloatArray


class Points(Protocol):
    """Points [member, dimension] in [0, 1]."""

    def block(self, first: int, count: int) -> FloatArray:
        """Points first to first + count - 1."""


class SobolPoints:
    """A scrambled Sobol sequence: the first points are the same whatever the count is.

    A block costs its own points and a fast-forward to it. Safe to call from any thread.
    """

    def __init__(self, dimension_count: int, seed: int) -> None:
        self._engine = qmc.Sobol(d=dimension_count, scramble=True, rng=np.random.default_rng(seed))
        self._lock = Lock()

    def block(self, first: int, count: int) -> FloatArray:
        """Points first to first + count - 1."""
        with self._lock:
            self._engine.reset()
            if first and count:
                self._engine.fast_forward(first)
                return np.asarray(self._engine.random(count), dtype=np.float64)
            # The first draw of the engine warns of counts that are no power of two.
            drawn = self._engine.random_base2(max(0, count - 1).bit_length())
            return np.asarray(drawn[:count], dtype=np.float64)


class HeldPoints:
    """Points of a method that makes them all at once; made when first asked for, and kept."""

    def __init__(self, make: Callable[[], FloatArray]) -> None:
        self._make = make
        self._held: FloatArray | None = None
        self._lock = Lock()

    def block(self, first: int, count: int) -> FloatArray:
        """Points first to first + count - 1."""
        with self._lock:
            if self._held is None:
                self._held = np.asarray(self._make(), dtype=np.float64)
        return self._held[first : first + count]


def latin_points(dimension_count: int, count: int, seed: int) -> HeldPoints:
    """A Latin hypercube: in every dimension one point in each of `count` equal strata. Other counts, other points."""
    return HeldPoints(
        lambda: qmc.LatinHypercube(d=dimension_count, rng=np.random.default_rng(seed)).random(count)
    )


def correlated(shares: FloatArray, groups: Sequence[tuple[Sequence[int], float]]) -> FloatArray:
    """Shares with a Gaussian copula inside each group of columns: equal correlation between all pairs of a group.

    The rank correlation is 6/pi * asin(rho/2). `shares` is [member, column] and is left as it is.
    """
    result = shares.copy()
    for columns, rho in groups:
        size = len(columns)
        if size < 2 or rho == 0:
            continue
        matrix = np.full((size, size), rho) + (1 - rho) * np.eye(size)
        mixing = np.linalg.cholesky(matrix).tolist()
        for member in range(shares.shape[0]):
            normal = [normal_quantile(float(shares[member, c])) for c in columns]
            for row, column in enumerate(columns):
                mixed = sum(mixing[row][k] * normal[k] for k in range(row + 1))
                result[member, column] = normal_cdf(mixed)
    return result
