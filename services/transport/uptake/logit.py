"""Two-level nested logit over powertrains, whole and as a pivot from given shares.

Axis [k] powertrains is the last but one, years last. The nests are engines (with hybrids that are not charged) and
new-energy vehicles; each has a dissimilarity in (0, 1], 1 being the plain multinomial logit.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.transport.base import COMBUSTION, NEW_ENERGY

_ENGINES: Final = slice(COMBUSTION[0], COMBUSTION[-1] + 1)
_CHARGED: Final = slice(NEW_ENERGY[0], NEW_ENERGY[-1] + 1)
Dissimilarity = tuple[float, float]  # of the nests (engines, new-energy)


def nested_shares(utility: FloatArray, dissimilarity: Dissimilarity) -> FloatArray:
    """Shares [..., k, y] that sum to 1 over k; utility -inf marks what is not on offer.

    P_n = exp(lambda_n IV_n) / sum, IV_n = ln sum exp(V / lambda_n) (McFadden 1978; Train, Discrete Choice Methods).
    """
    finite = np.isfinite(utility).any(axis=-2, keepdims=True)
    top = np.where(finite, utility.max(axis=-2, keepdims=True), 0.0)
    shares = np.empty_like(utility)
    for nest, width in zip((_ENGINES, _CHARGED), dissimilarity, strict=True):
        inner = np.exp((utility[..., nest, :] - top) / width)
        whole = inner.sum(axis=-2, keepdims=True)
        shares[..., nest, :] = inner * _power(whole, width - 1.0)
    return np.asarray(shares / shares.sum(axis=-2, keepdims=True))


def pivoted_shares(base: FloatArray, change: FloatArray, dissimilarity: Dissimilarity) -> FloatArray:
    """Base shares [..., k, y] moved by a change of utility; where nothing changes they are the base to the bit.

    The same as adding the change to the utilities of a nested logit that has the base as its shares.
    """
    moved = np.empty(np.broadcast_shapes(base.shape, change.shape))
    top = change.max(axis=-2, keepdims=True)
    for nest, width in zip((_ENGINES, _CHARGED), dissimilarity, strict=True):
        start = np.broadcast_to(base[..., nest, :], moved[..., nest, :].shape)
        inner = start * np.exp((change[..., nest, :] - top) / width)
        ratio = _power(inner.sum(axis=-2, keepdims=True), width - 1.0)
        moved[..., nest, :] = inner * ratio * _power(start.sum(axis=-2, keepdims=True), 1.0 - width)
    moved /= moved.sum(axis=-2, keepdims=True)
    return np.where((change != 0.0).any(axis=-2, keepdims=True), moved, base)


def _power(values: FloatArray, exponent: float) -> FloatArray:
    """values ** exponent, 0 for an empty nest whatever the exponent."""
    return np.power(values, exponent, out=np.zeros_like(values), where=values > 0)


def own_utility_response(shares: FloatArray, k: int, dissimilarity: Dissimilarity) -> FloatArray:
    """d ln P_k / d V_k of shares [k, y], [y]: (1 - P_k|n) / lambda + P_k|n (1 - P_n)."""
    nest, width = (_CHARGED, dissimilarity[1]) if k in NEW_ENERGY else (_ENGINES, dissimilarity[0])
    whole = shares[nest].sum(axis=0)
    within = np.divide(shares[k], whole, out=np.ones_like(whole), where=whole > 0)
    return np.asarray((1.0 - within) / width + within * (1.0 - whole))
