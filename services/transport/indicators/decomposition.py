"""Change of an intensity split into structure, energy efficiency and fuel: additive log-mean Divisia index.

    CI = sum over g of w e f,  w share of turnover, e energy per turnover, f CO2 per energy
    effect of x = sum over g of L(wef, w0 e0 f0) ln(x / x0),  L(a, b) = (a - b) / (ln a - ln b), L(a, a) = a

The three effects sum to the change (Ang 2005). A zero is replaced by a small number, which is the index' limit.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray

EFFECTS: Final = ("structure", "efficiency", "fuel")
_SMALL: Final = 1e-100


def log_mean(a: FloatArray, b: FloatArray) -> FloatArray:
    """Logarithmic mean of positive numbers, elementwise."""
    ratio = np.log(a) - np.log(b)
    near = np.abs(ratio) < 1e-8
    mean: FloatArray = np.where(near, (a + b) / 2, (a - b) / np.where(near, 1.0, ratio))
    return mean


def effects_since_start(turnover: FloatArray, energy: FloatArray, emission: FloatArray) -> FloatArray:
    """Effects on emission per turnover against the first year, [effect, y]; arguments are [g, y], not negative.

    Groups without turnover in the first year bring no effect before they have one and are treated at the limit.
    """
    t, e, c = (np.maximum(x, _SMALL) for x in (turnover, energy, emission))
    share = t / t.sum(axis=0)
    weight = log_mean(share * c / t, (share * c / t)[:, :1])
    terms = np.log(np.stack([share, e / t, c / e]))
    found: FloatArray = (weight * (terms - terms[:, :, :1])).sum(axis=1)
    return found
