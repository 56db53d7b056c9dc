"""Shapley and Owen values of a game whose values are vectors: every metric and year at once.

phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)) (Shapley 1953): it sums to the total, gives
equal players equal parts and idle players exactly 0, whatever the order. Players that stand in one group enter one
after another (Owen 1977): exact on groups, then inside a group with every other group in or out. A coalition is a bit
mask over the players; a game is its values by mask, each [column].
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from services.common.arrays import FloatArray

Values = Mapping[int, FloatArray]


@dataclass(frozen=True)
class Structure:
    """Players by group, by their number; groups of one player each are the plain game."""

    groups: tuple[tuple[int, ...], ...]

    @property
    def count(self) -> int:
        """Number of players."""
        return sum(len(g) for g in self.groups)

    @property
    def whole(self) -> int:
        """The mask of everybody."""
        return (1 << self.count) - 1

    @property
    def exact_count(self) -> int:
        """Coalitions that exact values need: those of the groups, and the parts of each group beside them."""
        m = len(self.groups)
        return int(2**m + sum(2 ** (m - 1) * (2 ** len(g) - 2) for g in self.groups))


def plain(count: int) -> Structure:
    """The structure of a game without groups."""
    return Structure(tuple((i,) for i in range(count)))


def mask_of(players: Sequence[int]) -> int:
    """The bit mask of players."""
    return sum(1 << i for i in players)


def exact_masks(structure: Structure) -> list[int]:
    """Every coalition that `exact` reads, ascending."""
    read = {m | extra for group in structure.groups for m, _, extra in _steps(structure, group)}
    return sorted({0, structure.whole, *read})


def exact(structure: Structure, values: Values) -> FloatArray:
    """The Owen values (Shapley without groups), [player, column]; sums to v(all) - v(none)."""
    first = values[0]
    found = np.zeros((structure.count, len(first)))
    for group in structure.groups:
        steps = list(_steps(structure, group))
        for i in group:
            bit = 1 << i
            terms = [
                weight * (values[mask | inside | bit] - values[mask | inside])
                for mask, weight, inside in _weighted(structure, group, steps)
                if not inside & bit
            ]
            found[i] = _column_sums(np.array(terms))
    return balanced(found, values[structure.whole] - first)


def standalone(structure: Structure, values: Values) -> FloatArray:
    """v(i) - v(none), [player, column]: what a player does alone. Not to be summed."""
    return _rows([values[1 << i] - values[0] for i in range(structure.count)], values)


def last_in(structure: Structure, values: Values) -> FloatArray:
    """v(all) - v(all but i), [player, column]: what is lost without a player. Not to be summed."""
    whole = structure.whole
    return _rows([values[whole] - values[whole & ~(1 << i)] for i in range(structure.count)], values)


def edge_masks(structure: Structure) -> list[int]:
    """Coalitions of nobody, one, all but one and all."""
    whole, bits = structure.whole, [1 << i for i in range(structure.count)]
    return sorted({0, whole, *bits, *(whole & ~b for b in bits)})


def order_of(structure: Structure, ids: Sequence[str], seed: int, index: int) -> tuple[int, ...]:
    """The permutation of (seed, index); groups stay together.

    Players are sorted by a hash of seed, index and id, so that the order in which they are listed changes nothing.
    """

    def key(text: str) -> bytes:
        return hashlib.blake2b(f"{seed}:{index}:{text}".encode(), digest_size=16).digest()

    groups = sorted(structure.groups, key=lambda g: key("|" + "|".join(sorted(ids[i] for i in g))))
    return tuple(i for g in groups for i in sorted(g, key=lambda i: key(ids[i])))


def order_masks(order: Sequence[int]) -> list[int]:
    """The coalitions met when players enter in an order, from nobody to all."""
    found = [0]
    for i in order:
        found.append(found[-1] | 1 << i)
    return found


def marginals(order: Sequence[int], values: Values) -> FloatArray:
    """What each player adds when they enter in an order, [player, column]; telescopes to the total."""
    found = np.zeros((len(order), len(values[0])))
    for i, before, after in zip(order, order_masks(order), order_masks(order)[1:], strict=False):
        found[i] = values[after] - values[before]
    return found


def sampled(orders: Sequence[tuple[int, ...]], values: Values) -> tuple[FloatArray, FloatArray]:
    """Values and standard errors from permutations, each followed by its reverse, both [player, column].

    Castro, Gomez and Tejada 2009 for sampling; Mitchell et al. 2022 for the pairs. The error is over the pairs' means;
    infinite with a single pair.
    """
    each = np.array([marginals(order, values) for order in orders])
    pairs = (each[0::2] + each[1::2]) / 2
    count = len(pairs)
    found = np.array([_column_sums(pairs[:, i]) / count for i in range(pairs.shape[1])])
    total = values[(1 << len(orders[0])) - 1] - values[0]
    if count < 2:
        error = np.where(np.ptp(each, axis=0) > 0, np.inf, 0.0)
    else:
        error = pairs.std(axis=0, ddof=1) / math.sqrt(count)
    return balanced(found, total), error


def balanced(found: FloatArray, total: FloatArray) -> FloatArray:
    """The values with the residue of floating point put on the largest of each column, [player, column]."""
    fixed = found.copy()
    for c in range(found.shape[1] if len(found) else 0):
        largest = int(np.argmax(np.abs(found[:, c])))
        rest = math.fsum((total[c], *(-v for v in found[:, c])))
        if fixed[largest, c]:
            fixed[largest, c] += rest
    return fixed


def _steps(structure: Structure, group: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, int], int]]:
    """(mask of other groups, (number of them, number inside), mask inside the group), all combinations."""
    others = [mask_of(g) for g in structure.groups if g != group]
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            for inside_size in range(len(group) + 1):
                for inside in combinations(group, inside_size):
                    yield sum(chosen), (size, inside_size), mask_of(inside)


def _weighted(
    structure: Structure, group: tuple[int, ...], steps: Sequence[tuple[int, tuple[int, int], int]]
) -> Iterator[tuple[int, float, int]]:
    m, k = len(structure.groups), len(group)
    for mask, (size, inside_size), inside in steps:
        if inside_size < k:
            yield mask, _weight(size, m) * _weight(inside_size, k), inside


def _weight(size: int, count: int) -> float:
    """|S|! (n - |S| - 1)! / n!"""
    return 1.0 / (count * math.comb(count - 1, size))


def _rows(rows: Sequence[FloatArray], values: Values) -> FloatArray:
    return np.array(rows).reshape(len(rows), len(values[0]))


def _column_sums(terms: FloatArray) -> FloatArray:
    """Exact sums of the rows, [column]."""
    return np.array([math.fsum(column) for column in terms.T.tolist()])
