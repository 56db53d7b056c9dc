"""Sums over powertrains against plain sums, and mileage in one pass."""

import numpy as np
import pytest

from services.transport.base import BEV, NEW_ENERGY, PHEV, POWERTRAINS
from services.transport.fleet.sum_kernels import apply_mileage
from services.transport.fleet.sums import kinds, over_powertrains

RNG = np.random.default_rng(1)
FLEET = RNG.random((3, 2, len(POWERTRAINS), 5))  # [p, c, k, y]


def test_counted_powertrains_are_added_in_their_order() -> None:
    found = over_powertrains(FLEET, kinds(NEW_ENERGY, (PHEV, BEV)))
    for n, members in enumerate((NEW_ENERGY, (PHEV, BEV))):
        plain = sum(FLEET[:, :, k] for k in members)
        assert np.array_equal(found[n], np.asarray(plain).transpose(1, 0, 2))


def test_weights_may_differ_by_class_and_year() -> None:
    weight = RNG.random((1, 2, len(POWERTRAINS), 5))
    plain = np.einsum("pcky,ncky->ncpy", FLEET, weight)
    np.testing.assert_allclose(over_powertrains(FLEET, weight), plain, rtol=1e-14)


def test_weights_of_other_years_are_refused() -> None:
    with pytest.raises(ValueError, match="weights have 4 years, the fleet 5"):
        over_powertrains(FLEET, np.ones((1, 2, len(POWERTRAINS), 4)))


def test_mileage_scales_distance_and_exhaust_and_batteries_have_none() -> None:
    use = np.ones(
        (2, 1, 1, 2, 1)
    )  # distance and one pollutant of an engine and a battery vehicle, one year and place
    use[1, 0, 0, 1] = 0.0
    out = np.empty((2, 1, 1, 1))
    mileage = np.array([3.0, 5.0]).reshape(1, 2, 1, 1)
    apply_mileage(use, np.array([[2.0, 1.0]]), mileage, np.array([0, 1]), 1, 0.5, np.empty(1), out)
    assert use[0].ravel().tolist() == [6.0, 5.0]  # 2 x 3 and 1 x 5
    assert use[1].ravel().tolist() == [3.0, 0.0]  # 2 x 3 x 0.5
    assert out.ravel().tolist() == [11.0, 3.0]
