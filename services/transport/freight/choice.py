"""Mode choice of freight: generalised cost, the pivot logit on it, and its elasticities."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray

_TINY: Final = np.finfo(np.float64).tiny  # a smaller share is none: its reciprocal is not a number


def generalised_cost(
    rate_cny_per_tkm: FloatArray,
    terminal_cny_per_t: FloatArray,
    speed_km_per_h: FloatArray,
    wait_h: FloatArray,
    distance_km: FloatArray | float,
    value_of_time_cny_per_t_h: FloatArray | float,
) -> FloatArray:
    """Rate + terminals / distance + value of time x (1 / speed + wait / distance), CNY/tkm; any shapes that match."""
    time = 1.0 / speed_km_per_h + wait_h / distance_km
    cost: FloatArray = rate_cny_per_tkm + terminal_cny_per_t / distance_km + value_of_time_cny_per_t_h * time
    return cost


def pivot_split(
    turnover_tkm: FloatArray,
    cost_change_cny_per_tkm: FloatArray,
    sensitivity: FloatArray | float,
    contestable_share: FloatArray | float,
) -> FloatArray:
    """Turnover by mode after a change of generalised cost, modes first: [m, ...].

    S'_m = S_m exp(-mu dGC_m) / sum_n S_n exp(-mu dGC_n) on the contestable share, the rest as it was. The sum over
    modes is kept; where no cost changes the turnover is that given, bit by bit.
    """
    whole = turnover_tkm.sum(axis=0)
    present = turnover_tkm > whole * _TINY
    lowest = np.where(present, cost_change_cny_per_tkm, np.inf).min(axis=0)
    weight = np.exp(-sensitivity * np.where(present, cost_change_cny_per_tkm - lowest, 0.0))
    mean = np.divide((turnover_tkm * weight).sum(axis=0), whole, out=np.ones_like(whole), where=whole > 0)
    ratio = np.where(present, weight / mean, 1.0)
    after: FloatArray = turnover_tkm * (1.0 + contestable_share * (ratio - 1.0))
    return after


def rate_elasticities(
    share: FloatArray, rate_cny_per_tkm: FloatArray, sensitivity: float, contestable_share: float
) -> FloatArray:
    """Elasticity of the turnover of mode i to the rate of mode j, at the base, [j, i].

    chi mu r_j (S_j - 1) for i = j, chi mu r_j S_j otherwise: all others gain in proportion, as the logit has it.
    """
    effect: FloatArray = share[:, None] - np.eye(share.size)
    return np.asarray(contestable_share * sensitivity * rate_cny_per_tkm[:, None] * effect)
