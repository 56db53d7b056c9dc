"""Yearly tasks: rates, remaining tasks, shapes."""

import pytest

from gateway.cities.problem import remaining_fall
from gateway.cities.profiles import equal_rate_fall, equal_rate_level, own_parts, parts, yearly_rate


@pytest.mark.parametrize(("fall", "rate"), [(14, 2.971417), (18, 3.891285), (20.5, 4.484594)])
def test_p2_the_yearly_rate_of_a_five_year_fall(fall, rate):
    assert 100 * yearly_rate(fall / 100, 5) == pytest.approx(rate, abs=5e-7)


def test_w4_what_remains_of_a_fall_in_mid_course():
    left = remaining_fall(0.18, 0.06)
    assert 100 * left == pytest.approx(12.765957, abs=5e-7)
    assert 100 * yearly_rate(left, 3) == pytest.approx(4.450446, abs=5e-7)
    path = equal_rate_fall(0.06, 0.18, 3)
    assert path[-1] == pytest.approx(0.18, abs=1e-15)
    assert 1 - (1 - path[0]) / (1 - 0.06) == pytest.approx(0.04450446, abs=5e-9)


def test_every_profile_ends_at_the_whole_way():
    for profile in ("linear", "front", "back"):
        found = parts(profile, 5, 2.0)
        assert found[-1] == 1 and list(found) == sorted(found)
    assert parts("front", 4, 2.0)[1] == 0.75 and parts("back", 4, 2.0)[1] == 0.25
    assert equal_rate_level(100, 200, 2)[0] == pytest.approx(2**0.5 - 1)
    assert equal_rate_level(0, 200, 2) == ()


def test_a_citys_own_shape_is_scaled_and_one_that_turns_is_refused():
    assert own_parts((10, 12, 20)) == (0.2, 1.0)
    assert own_parts((10, 25, 20)) == () == own_parts((10, 10))
    assert own_parts((20, 15, 10)) == (0.5, 1.0)
