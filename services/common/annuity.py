"""Annual cost of what is bought: capital recovery factor, payments of vintages, and of stocks that are renewed."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from services.common.arrays import FloatArray

_SMALL: Final = 1e-6


def capital_recovery_factor(rate: float, lifetime_years: int) -> float:
    """Yearly payment per CNY of investment over the lifetime at a real rate, 1/yr; 1/n at rate 0.

    r (1 + r)^n / ((1 + r)^n - 1).
    """
    if rate == 0.0:
        return 1 / lifetime_years
    if rate < _SMALL:
        # (1 + r)^n - 1 would lose its digits
        return rate / -math.expm1(-lifetime_years * math.log1p(rate))
    growth = (1 + rate) ** lifetime_years
    return rate * growth / (growth - 1)


def payments(bought_cny: FloatArray, rate: float, lifetime_years: int) -> FloatArray:
    """Annuities due in each year for what was bought since the second year, [..., y].

    A vintage is paid from the year it is bought for `lifetime_years`. What was bought in the first year is common to
    all scenarios and left out.
    """
    return np.asarray(payments_by_class(bought_cny[None], rate, (lifetime_years,))[0])


def payments_by_class(bought_cny: FloatArray, rate: float, lifetimes_years: Sequence[int]) -> FloatArray:
    """The same of classes with a lifetime each, [c, ..., y]."""
    running = bought_cny.copy()
    running[..., 0] = 0.0
    running = np.cumsum(running, axis=-1)
    paid = running.copy()
    for c, years in enumerate(lifetimes_years):
        paid[c, ..., years:] -= running[c, ..., :-years]
        paid[c] *= capital_recovery_factor(rate, years)
    return np.asarray(paid)


def renewed(stock_cny: FloatArray, rate: float, lifetime_years: int) -> FloatArray:
    """Annuities of a stock at constant prices that is renewed at the end of its life, above that of the first year.

    stock_cny [..., y] -> [..., y]. Below zero where less stands than in the first year: renewals that are saved.
    """
    return np.asarray((stock_cny - stock_cny[..., :1]) * capital_recovery_factor(rate, lifetime_years))
