"""The gateway's compiled sums."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gateway.assemble import place_peak_load_mw
from gateway.kernels import peak_by_place
from services.common.axes import HOURS
from services.common.words import Label, LoadShape
from tests.gateway.small_outcomes import PLACES, YEARS, outcome


def plain_peak(energy: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Every hour of every place and year [p, y, k] x [k, h], one shape after the other."""
    load = np.zeros((*energy.shape[:2], shares.shape[1]))
    for k in range(energy.shape[2]):
        load = load + energy[:, :, k, None] * shares[k]
    return load.max(axis=2)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 7))
def test_the_highest_hour_is_that_of_all_hours_bit_for_bit(seed, kinds, width):
    draw = np.random.default_rng(seed)
    groups = 9
    shares = draw.random((groups, kinds, width)) ** 3
    energy = draw.random((2, 3, kinds)) * (draw.random((2, 3, kinds)) > 0.2)
    peak = np.empty((2, 3))
    highest = np.ascontiguousarray(shares.max(axis=2).T)
    peak_by_place(energy, shares, highest, np.empty(groups), np.empty(width), peak)
    hours = shares.transpose(1, 0, 2).reshape(kinds, -1)
    assert peak.tolist() == plain_peak(energy, hours).tolist()


def test_a_citys_peak_is_the_highest_of_the_years_hours_with_losses():
    draw = np.random.default_rng(1)
    shares = draw.random(HOURS)
    shares[-1] = 2.0  # the last day stands in a group of its own
    shape = LoadShape("homes.flat", "x", "other", Label("", ""), shares / shares.sum())
    one = outcome("homes", electricity=[("light", 13.0)])
    peak = place_peak_load_mw([one], {"homes.flat": shape}, np.array([1.0, 2.0]))
    assert peak.shape == (len(PLACES), len(YEARS))
    np.testing.assert_allclose(peak[0], (13.0 / len(PLACES)) * shape.hourly_share[-1] * np.array([1.0, 2.0]))
