"""Paths of a lever with an input drawn, for many members at once.

What does not depend on the draw (the central path, between which anchors each year lies) is calculated once. Every
member's numbers are its own: no sum runs over members, and exponentials are taken row by row, so that a member has
the same bits in any block.
"""

from collections.abc import Callable
from math import log
from typing import Final

import numpy as np

from gateway.ensemble.distributions import Distribution
from gateway.ensemble.words import KnownThen, UncertainInput
from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths, last_known_year
from services.common.words import Lever, LeverKind

Draw = Callable[[Distribution], float]
_NO_YEARS: Final[tuple[int, ...]] = ()
# Of a lever's range: what adding and multiplying may leave.
_ROUNDING: Final = 1e-12


class InputPaths:
    """An input on its lever's central path. `paths` starts in 2020.

    A deviation grows linearly from the last known year to the first anchor year, is linear between anchors and stays
    as it is after the last. A step (a growth rate) deviates at once; a constant has one value.
    """

    def __init__(self, one: UncertainInput, lever: Lever, paths: LeverPaths, as_of_year: int = 0) -> None:
        self.one, self.lever = one, lever
        self.distributions = tuple(d for _, d in one.anchors)
        years = np.array(paths.years)
        known = last_known_year(lever, as_of_year)
        self.central = paths.path(one.lever_id)
        if one.known_then is not None:
            self.central = _as_known(one.known_then, self.central, paths, as_of_year or known, as_of_year)
        if lever.kind is LeverKind.CONSTANT:
            self.is_later = np.ones(years.size, dtype=np.bool_)
            self.years = _NO_YEARS
            return
        self.is_later = years > known
        self.years = tuple(years[self.is_later].tolist())
        at = [y for y, _ in one.anchors]
        self._level = [float(np.interp(y, years, self.central)) for y in at]
        self._grows = lever.kind is LeverKind.PATH and known < at[0]
        self._between = Between(np.array([known, *at] if self._grows else at), years[self.is_later])

    def values(self, draws: FloatArray) -> FloatArray:
        """The setting's values: one of a constant, else those of the years that are not known, [member, value].

        `draws` [member, anchor] are drawn from `distributions`.
        """
        if self.lever.kind is LeverKind.CONSTANT:
            return _changed(self.one.mode, float(self.central[0]), draws[:, :1])
        deviations = self._deviations(draws)
        if self._grows:
            deviations = np.hstack([np.zeros((len(draws), 1)), deviations])
        spread = self._between.values(deviations)
        central = self.central[self.is_later]
        if self.one.mode == "scale":
            return np.asarray(central * (1 + spread))
        if self.one.mode == "odds":
            factor = np.empty_like(spread)
            for row, exponent in zip(factor, spread, strict=True):
                np.exp(exponent, out=row)
            return np.asarray(factor * central / (1 - central + factor * central))
        return np.asarray(central + spread)

    def at(self, shares: FloatArray) -> FloatArray:
        """Values of members by their shares, [member, value].

        Only a last bit beyond the lever's bounds is cut off: what lies further outside is for others to refuse.
        """
        values = self.values(np.column_stack([d.quantiles(shares) for d in self.distributions]))
        low, high = self.lever.low, self.lever.high
        slack = _ROUNDING * (high - low)
        values = np.where((values < low) & (values >= low - slack), low, values)
        return np.where((values > high) & (values <= high + slack), high, values)

    def ends(self) -> FloatArray:
        """Values at the lowest and at the highest draw, [2, value]: every other draw lies between."""
        ends = [[d.lowest for d in self.distributions], [d.highest for d in self.distributions]]
        return self.values(np.array(ends))

    def _deviations(self, draws: FloatArray) -> FloatArray:
        mode = self.one.mode
        if mode == "scale":
            return draws - 1.0
        if mode == "odds":
            return np.array([[log(d) for d in row] for row in draws.tolist()])
        return draws - np.array(self._level) if mode == "level" else draws


class Between:
    """Linear interpolation between fixed points for many rows, flat outside: bits as of `np.interp`."""

    def __init__(self, at: IntArray, years: IntArray) -> None:
        places = np.clip(np.searchsorted(at, years, side="right") - 1, 0, at.size - 1)
        self._places = places
        self._exact = (years <= at[places]) | (places == at.size - 1)
        self._left = np.minimum(places, max(0, at.size - 2))
        self._offset = (years - at[places]).astype(np.float64)
        self._width = np.diff(at).astype(np.float64)

    def values(self, rows: FloatArray) -> FloatArray:
        """[row, year] from [row, point]."""
        held = rows[:, self._places]
        if not self._width.size:
            return held
        slopes = (rows[:, 1:] - rows[:, :-1]) / self._width
        return np.where(self._exact, held, slopes[:, self._left] * self._offset + held)


def drawn_path(
    one: UncertainInput, lever: Lever, paths: LeverPaths, draw: Draw, as_of_year: int = 0
) -> FloatArray:
    """The lever's whole path, [year], with the input drawn; unchanged up to the last known year."""
    prepared = InputPaths(one, lever, paths, as_of_year)
    path = prepared.central.copy()
    path[prepared.is_later] = prepared.values(np.array([[draw(d) for d in prepared.distributions]]))[0]
    return path


def _as_known(
    then: KnownThen, central: FloatArray, paths: LeverPaths, start_year: int, as_of_year: int
) -> FloatArray:
    """The path as it was seen at the end of a past year, before the statistic that anchors it was published."""
    if not as_of_year or as_of_year >= then.anchor_year:
        return central
    years = np.array(paths.years)
    free = (years > start_year) & (years <= then.anchor_year)
    grown = np.cumprod(np.where(free, 1 + then.elasticity * paths.path(then.driver_id), 1.0))
    start = central[paths.years.index(start_year)]
    anchor = central[min(then.anchor_year - BASE_YEAR, years.size - 1)]
    later = np.where(years <= then.anchor_year, start, start * central / anchor) * grown
    return np.where(years <= start_year, central, later)


def _changed(mode: str, value: float, draws: FloatArray) -> FloatArray:
    if mode == "level":
        return draws
    if mode == "odds":
        return np.asarray(draws * value / (1 - value + draws * value))
    return np.asarray(value * draws if mode == "scale" else value + draws)
