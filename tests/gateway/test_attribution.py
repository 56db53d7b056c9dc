"""Attribution loses nothing and counts nothing twice, whatever the sectors look like."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from gateway.attribution import UserEnergy, attribute

amounts = st.floats(0, 1e9, allow_nan=False) | st.just(0.0)
users = st.lists(st.tuples(*[amounts] * 5), min_size=1, max_size=6)


def user(direct, electricity, heat, making_tco2, making_mwh) -> UserEnergy:
    return UserEnergy(*(np.array([v]) for v in (direct, electricity, heat, making_tco2, making_mwh)))


@settings(max_examples=200, deadline=None)
@given(users, amounts)
def test_attributed_co2_sums_to_all_co2(rows, electricity_tco2):
    found, left = attribute([user(*r) for r in rows], np.array([electricity_tco2]))
    total = sum(r[0] + r[3] for r in rows) + electricity_tco2
    assert_allclose(sum(float(f[0]) for f in found) + float(left[0]), total, rtol=1e-9, atol=1e-6)


@settings(max_examples=100, deadline=None)
@given(users, amounts)
def test_nobody_is_given_negative_co2(rows, electricity_tco2):
    found, left = attribute([user(*r) for r in rows], np.array([electricity_tco2]))
    assert all(f[0] >= 0 for f in found)
    assert left[0] >= 0


def test_heat_that_nobody_buys_stays_with_its_maker():
    maker = user(0.0, 10.0, 0.0, 100.0, 10.0)
    (kept,), left = attribute([maker], np.array([40.0]))
    # 40 t over 20 MWh: 20 t for its own use, 20 t for the heat it cannot sell, 100 t of fuel
    assert_allclose(kept, 140.0)
    assert_allclose(left, 0.0)


def test_power_keeps_its_co2_when_nobody_uses_electricity():
    (kept,), left = attribute([user(5.0, 0.0, 0.0, 0.0, 0.0)], np.array([40.0]))
    assert_allclose(kept, 5.0)
    assert_allclose(left, 40.0)


def test_twice_the_electricity_is_twice_the_share():
    a, b = user(0.0, 10.0, 0.0, 0.0, 0.0), user(0.0, 20.0, 0.0, 0.0, 0.0)
    (of_a, of_b), _ = attribute([a, b], np.array([30.0]))
    assert_allclose([of_a[0], of_b[0]], [10.0, 20.0])
