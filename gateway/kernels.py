"""Hourly sums of the gateway, compiled."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def peak_by_place(energy_mwh, shares, highest, bound_mw, load_mw, peak_mw):
    """Highest hour of the load of each place and year.

    energy_mwh [p, y, k] by shape; shares of the year's energy [g, k, w], hours in groups g of w that are much alike;
    highest [k, g] of them; scratch bound_mw [g], load_mw [w] -> peak_mw [p, y].

    A group's bound takes every shape at its highest. It is summed in the order of the hours' own sums, and rounding
    keeps order, so no hour lies above it: only groups whose bound is above the highest hour yet are looked at.
    """
    places, years, kinds = energy_mwh.shape
    for p in range(places):
        for y in range(years):
            energy = energy_mwh[p, y]
            bound_mw[:] = 0.0
            for k in range(kinds):
                if energy[k] > 0.0:
                    _add_shape(energy[k], highest[k], bound_mw)
            peak = _highest_hour(energy, shares[np.argmax(bound_mw)], load_mw, 0.0)
            for g in range(bound_mw.size):
                if bound_mw[g] > peak:
                    peak = _highest_hour(energy, shares[g], load_mw, peak)
            peak_mw[p, y] = peak


@njit(nogil=True, cache=True)
def _highest_hour(energy_mwh, shares, load_mw, peak):
    """The larger of `peak` and the highest hour of a group: shares [k, w]."""
    load_mw[:] = 0.0
    for k in range(energy_mwh.size):
        if energy_mwh[k] > 0.0:
            _add_shape(energy_mwh[k], shares[k], load_mw)
    for h in range(load_mw.size):
        peak = max(peak, load_mw[h])
    return peak


@njit(nogil=True, cache=True)
def _add_shape(energy_mwh, share, total_mw):
    for h in range(total_mw.size):
        total_mw[h] += energy_mwh * share[h]


def warm_up() -> None:
    """Compile, or load from the cache."""
    ones = np.ones((1, 1, 1))
    peak_by_place(ones, np.ones((2, 1, 4)), np.ones((1, 2)), np.empty(2), np.empty(4), np.empty((1, 1)))
