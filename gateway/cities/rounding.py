"""Rounding that keeps sums: largest remainder, two-way controlled rounding, and rates that still make the province."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, fsum

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from gateway.cities.sharing import Combination

# Numbers closer than this to a whole number are that number; remainders are compared to as many digits.
_DIGITS = 9
_TIE = 1e-6


def largest_remainder(
    quotas: Sequence[float | Fraction], total: int, codes: Sequence[str]
) -> tuple[int, ...]:
    """Whole numbers next to the quotas that sum to `total`: the largest remainders are rounded up, ties by code.

    Quotas must sum to about `total` (the largest remainders fill up what the floors leave). ValueError otherwise.
    """
    floors, remainders = _split(quotas)
    left = total - sum(floors)
    ups = sorted((i for i, r in enumerate(remainders) if r > 0), key=lambda i: (-remainders[i], codes[i]))
    if not 0 <= left <= len(ups):
        raise ValueError(f"quotas sum to {float(sum(quotas))}, not to {total}")
    chosen = set(ups[:left])
    return tuple(n + (i in chosen) for i, n in enumerate(floors))


def apportion(total: int, weights: Sequence[float | int], codes: Sequence[str]) -> tuple[int, ...]:
    """A whole number shared by weights (not negative, one above 0) by largest remainder; quotas are exact."""
    exact = [Fraction(w) for w in weights]
    whole = sum(exact)
    return largest_remainder([total * w / whole for w in exact], total, codes)


def shown(amounts: Sequence[int], unit: int, codes: Sequence[str]) -> tuple[int, ...]:
    """Whole amounts in a coarser unit for display: their sum is the rounded sum; ties by code."""
    quotas = [Fraction(a, unit) for a in amounts]
    return largest_remainder(quotas, floor(sum(quotas, Fraction(1, 2))), codes)


def controlled_rounding(
    table: Sequence[Sequence[float]],
    codes: Sequence[str],
    row_totals: Sequence[int] | None = None,
    column_totals: Sequence[int] | None = None,
) -> tuple[tuple[int, ...], ...]:
    """Each cell of a table up or down so that rows, columns and the whole keep their (rounded) sums.

    `codes` order the rows for ties. Totals that are not given are rounded by largest remainder where a table with them
    exists, else up or down so that one does (one always exists; Cox 1987). A transport problem with whole corners,
    solved by HiGHS' dual simplex on one thread. ValueError when the given totals allow no table.
    """
    order = sorted(range(len(table)), key=lambda i: codes[i])
    cells = [[float(x) for x in table[i]] for i in order]
    rows = _totals([fsum(r) for r in cells], [row_totals[i] for i in order] if row_totals else None)
    columns = _totals([fsum(c) for c in zip(*cells, strict=True)], column_totals)
    grand = sum(row_totals) if row_totals else floor(fsum(x for r in cells for x in r) + 0.5)
    rounded = _transport(cells, rows, columns, grand)
    back = {i: rounded[at] for at, i in enumerate(order)}
    return tuple(back[i] for i in range(len(table)))


def round_rates(
    values: Sequence[float],
    step: float,
    codes: Sequence[str],
    combination: Combination,
    wanted: float,
    sign: int,
    low: Sequence[float],
    high: Sequence[float],
    moving: Sequence[bool],
) -> tuple[int, ...]:
    """Rates in whole steps that still make the province: the city rounded against it most moves by a step, repeated.

    values, low, high are in the unit of `step`; combination takes them so. sign +1: the province needs at least
    `wanted`, -1 at most. Ties by code. Only cities that are `moving` do. Stops, short of it, when all of them stand at
    their bounds.
    """
    steps = [floor(v / step + 0.5) for v in values]
    top = [h if sign > 0 else -lo for lo, h in zip(low, high, strict=True)]
    for i, n in enumerate(steps):  # a bound between two steps: the step inside
        while n * step > high[i] + _slack(step):
            n -= 1
        while n * step < low[i] - _slack(step):
            n += 1
        steps[i] = n

    def fails() -> bool:
        return sign * (wanted - combination.value([n * step for n in steps])) > _slack(step)

    while fails():
        free = [i for i, n in enumerate(steps) if sign * (n + sign) * step <= top[i] + _slack(step)]
        free = [i for i in free if combination.coefficients[i] > 0 and moving[i]]
        if not free:
            break
        against = {i: round(sign * (values[i] / step - steps[i]), _DIGITS) for i in free}
        moved = min(free, key=lambda i: (-against[i], codes[i]))
        steps[moved] += sign
    return tuple(steps)


def _slack(step: float) -> float:
    return step * 10.0**-_DIGITS


def _split(quotas: Sequence[float | Fraction]) -> tuple[list[int], list[float]]:
    """Whole parts and remainders; what is within rounding of the next whole number is that number."""
    floors, remainders = [], []
    for q in quotas:
        below = floor(q)
        rest = round(float(q - below), _DIGITS)
        floors.append(below + (rest >= 1))
        remainders.append(0.0 if rest >= 1 else rest)
    return floors, remainders


def _totals(sums: Sequence[float], given: Sequence[int] | None) -> list[tuple[int, int, int]]:
    """(lowest, highest, preferred) of each total."""
    if given is not None:
        return [(t, t, t) for t in given]
    floors, remainders = _split(sums)
    order = [f"{i:06d}" for i in range(len(sums))]
    whole = floor(fsum(sums) + 0.5)
    preferred = largest_remainder(sums, whole, order)
    return [(f, f + (r > 0), p) for f, r, p in zip(floors, remainders, preferred, strict=True)]


def _transport(
    cells: Sequence[Sequence[float]],
    rows: Sequence[tuple[int, int, int]],
    columns: Sequence[tuple[int, int, int]],
    grand: int,
) -> list[tuple[int, ...]]:
    """Network flow: grand total -> rows -> cells -> columns; preferred totals first, then the nearest cells."""
    n, m = len(rows), len(columns)
    floors, remainders = _split([x for row in cells for x in row])
    penalty = 2.0 * n * m + 1
    costs = [1 - 2 * r + _TIE * i for i, r in enumerate(remainders)]
    bounds = [(f, f + (r > 0)) for f, r in zip(floors, remainders, strict=True)]
    for lowest, highest, preferred in (*rows, *columns):
        costs.append(0.0 if lowest == highest else penalty if preferred == lowest else -penalty)
        bounds.append((lowest, highest))
    equal = lil_matrix((n + m + 1, n * m + n + m))
    for i in range(n):
        for j in range(m):
            equal[i, i * m + j] = equal[n + j, i * m + j] = 1
        equal[i, n * m + i] = -1
        equal[n + m, n * m + i] = 1
    for j in range(m):
        equal[n + j, n * m + n + j] = -1
    right = np.zeros(n + m + 1)
    right[n + m] = grand
    found = linprog(costs, A_eq=equal.tocsc(), b_eq=right, bounds=bounds, method="highs-ds")
    if found.x is None:
        raise ValueError("no table has these totals: they must be the sums rounded up or down")
    whole = [round(x) for x in found.x[: n * m]]
    table = [tuple(whole[i * m : (i + 1) * m]) for i in range(n)]
    if any(abs(x - w) > _TIE for x, w in zip(found.x, whole, strict=False)) or sum(whole) != grand:
        raise ValueError("the transport problem did not end at a whole corner")
    return table
