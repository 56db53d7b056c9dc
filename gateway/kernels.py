"""Hourly sums of the gateway, compiled."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def peak_by_place(energy_mwh, shares, load_mw, peak_mw):
    """Highest hour of the load of each place and year.

    energy_mwh [p, y, k] by shape, shares [k, h] of a year's energy, load_mw [h] scratch -> peak_mw [p, y].
    """
    places, years, kinds = energy_mwh.shape
    for p in range(places):
        for y in range(years):
            load_mw[:] = 0.0
            for k in range(kinds):
                energy = energy_mwh[p, y, k]
                if energy > 0.0:
                    share = shares[k]
                    for h in range(load_mw.size):
                        load_mw[h] += energy * share[h]
            peak = 0.0
            for h in range(load_mw.size):
                peak = max(peak, load_mw[h])
            peak_mw[p, y] = peak


def warm_up() -> None:
    """Compile, or load from the cache."""
    peak_by_place(np.ones((1, 1, 1)), np.ones((1, 8)), np.empty(8), np.empty((1, 1)))
