"""Pivot (incremental) nested logit: shares of the base year moved by changes of utility.

    s'(m|n) = s(m|n) e^(dU/l) / sum over n;   dIV = ln sum s(m|n) e^(dU/l);   s'(n) = s(n) e^(l dIV) / sum

Ben-Akiva and Lerman 1985, Discrete Choice Analysis, chapters 5 and 10. A dissimilarity l of 1 gives the multinomial
logit. Nothing changes where no utility does, to the last bit.
"""

import numpy as np

from services.common.arrays import FloatArray

Nests = tuple[tuple[int, ...], ...]


def pivot_nested_logit(
    share: FloatArray, nests: Nests, utility: FloatArray, dissimilarity: float
) -> FloatArray:
    """Shares after, of the shape of `utility` [m, ...]; `share` [m, ...] broadcasts to it and sums to 1 over m.

    A mode without a share stays without one. Differences are taken from the best mode of each nest, so that no
    utility overflows however small the dissimilarity (above 0).
    """
    felt = np.where(share > 0, utility, -np.inf)
    best = [felt[list(nest)].max(axis=0) for nest in nests]
    top = np.maximum.reduce(best)
    moved = np.empty_like(felt)
    for nest, nest_best in zip(nests, best, strict=True):
        members = list(nest)
        level = np.where(np.isfinite(nest_best), nest_best, 0.0)  # a nest that nobody uses
        with np.errstate(over="ignore"):  # a tiny dissimilarity: all but the best get nothing
            weight = share[members] * np.exp((felt[members] - level) / dissimilarity)
        before, after = share[members].sum(axis=0), weight.sum(axis=0)
        gain = np.divide(after, before, out=np.ones_like(after), where=before > 0)
        moved[members] = weight / gain * (np.exp(level - top) * gain**dissimilarity)
    scaled: FloatArray = moved * (share.sum(axis=0) / moved.sum(axis=0))
    return scaled


def group_response(
    share: FloatArray, nests: Nests, group: tuple[int, ...], dissimilarity: float
) -> FloatArray:
    """Rise of the logarithm of the trips of `group` per unit of utility that all its modes gain, at the base.

    d ln s(m) / dU = 1/l - (1/l - 1) sum of s(k|n) over the group's modes in the nest of m - sum of s(k) over the
    group; weighted over the group's modes by their shares. `share` [m, p], answer [p]; 1 where the group is empty.
    """
    chosen = share[list(group)]
    total = chosen.sum(axis=0)
    response = np.zeros_like(total)
    for nest in nests:
        inside = [m for m in group if m in nest]
        if inside:
            nest_total = share[list(nest)].sum(axis=0)
            part = share[inside].sum(axis=0)
            within = np.divide(part, nest_total, out=np.zeros_like(part), where=nest_total > 0)
            response += part * (1.0 / dissimilarity - (1.0 / dissimilarity - 1.0) * within - total)
    mean: FloatArray = np.divide(response, total, out=np.ones_like(total), where=total > 0)
    return mean
