"""Playing a game: asks for the coalitions it needs, tells how far it is, and ends with Shapley values.

Exact where the coalitions are few; else from sampled orders, pair by pair, until the standard error is small enough or
the runs allowed are used up.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.compare.settings import CompareSettings
from gateway.compare.shapley import (
    Structure,
    edge_masks,
    exact,
    exact_masks,
    last_in,
    order_masks,
    order_of,
    sampled,
    standalone,
)
from services.common.arrays import FloatArray
from services.common.errors import Violation, invalid
from services.common.words import Label, Progress

EXACT, SAMPLED = "exact", "sampled"
STAGE = Label("逐一运行情景组合", "running combinations of levers")
Ask = Callable[[Sequence[int]], AsyncIterator[FloatArray]]


@dataclass(frozen=True)
class Rules:
    """How a game is played: method ("" chooses), runs allowed, seed, and the columns whose error ends sampling."""

    method: str
    run_limit: int
    seed: int
    columns: slice
    settings: CompareSettings


@dataclass(frozen=True)
class Played:
    """A game that was played; arrays [player, column], ends [column]."""

    values: dict[int, FloatArray]
    contributions: FloatArray
    standalone: FloatArray
    last_in: FloatArray
    errors: FloatArray
    method: str
    pair_count: int
    error_share: float
    converged: bool


def runs_needed(structure: Structure, method: str) -> int:
    """The fewest runs that a method needs: all coalitions, or one pair of orders and the edges."""
    if method == EXACT:
        return structure.exact_count
    return 2 * max(structure.count - 1, 0) + 2 * structure.count + 2


def method_of(structure: Structure, rules: Rules) -> str:
    """The method played: the one asked for, else exact where coalitions are few enough."""
    if rules.method:
        return rules.method
    few = structure.exact_count <= min(rules.settings.exact_coalition_max, rules.run_limit)
    return EXACT if few else SAMPLED


def check_limit(structure: Structure, rules: Rules) -> None:
    """INVALID_INPUT when the runs allowed are too few for the method."""
    method = method_of(structure, rules)
    needed = runs_needed(structure, method)
    if needed > rules.run_limit:
        text = (
            f"{structure.count} contributors need at least {needed} runs ({method}): allow more, join levers in "
            "groups" + (", or sample" if method == EXACT else "")
        )
        raise invalid([Violation("run_limit", text, str(rules.run_limit), f"{needed} and more")])


async def play(
    structure: Structure, ids: Sequence[str], ask: Ask, rules: Rules
) -> AsyncIterator[Progress | Played]:
    """Play the game; `ask` gives the vectors of coalitions in their order."""
    check_limit(structure, rules)
    values: dict[int, FloatArray] = {}
    method = method_of(structure, rules)
    exactly = method == EXACT
    masks = exact_masks(structure) if exactly else edge_masks(structure)
    total = len(masks) if exactly else rules.run_limit
    async for progress in _fill(values, masks, ask, total):
        yield progress
    if exactly:
        found = await asyncio.to_thread(exact, structure, values)
        yield _played(structure, values, found, np.zeros_like(found), EXACT, 0, 0.0, True)
        return
    orders: list[tuple[int, ...]] = []
    while True:
        order = order_of(structure, ids, rules.seed, len(orders) // 2)
        new = dict.fromkeys(m for o in (order, order[::-1]) for m in order_masks(o) if m not in values)
        if orders and len(values) + len(new) > rules.run_limit:
            break
        async for progress in _fill(values, list(new), ask, total):
            yield progress
        orders += [order, order[::-1]]
        found, errors = await asyncio.to_thread(sampled, orders, values)
        share = error_share(found[:, rules.columns], errors[:, rules.columns])
        enough = len(orders) // 2 >= rules.settings.pair_count_min
        if enough and share <= rules.settings.standard_error_share:
            break
    pairs = len(orders) // 2
    converged = pairs >= rules.settings.pair_count_min and share <= rules.settings.standard_error_share
    yield _played(structure, values, found, errors, SAMPLED, pairs, share, converged)


def error_share(found: FloatArray, errors: FloatArray) -> float:
    """The largest standard error over the total of its column; over the sum of sizes where the total is 0."""
    total = np.abs(found.sum(axis=0))
    size = np.where(total > 0, total, np.abs(found).sum(axis=0))
    shares = np.divide(errors, size, out=np.zeros_like(errors), where=(size > 0) & (errors > 0))
    return float(shares.max(initial=0.0))


async def _fill(
    values: dict[int, FloatArray], masks: Sequence[int], ask: Ask, total: int
) -> AsyncIterator[Progress]:
    position = 0
    async for vector in ask(masks):
        values[masks[position]] = vector
        position += 1
        yield Progress(len(values), total, STAGE)


def _played(
    structure: Structure,
    values: dict[int, FloatArray],
    found: FloatArray,
    errors: FloatArray,
    method: str,
    pairs: int,
    share: float,
    converged: bool,
) -> Played:
    alone, last = standalone(structure, values), last_in(structure, values)
    return Played(values, found, alone, last, errors, method, pairs, share, converged)
