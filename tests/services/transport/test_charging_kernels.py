"""Water-filling and feeding back of days against hand-worked days and a linear programme."""

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.transport.charging.kernels import feed_back_days, fill_days

HOURS = 24


def fill(load, need, cap):
    out = np.empty((1, HOURS))
    fill_days(np.array([load], float), np.array([need], float), np.array([cap], float), out)
    return out[0]


def feed_back(load, give_cap, take_cap, limit, round_trip=0.85):
    give, take = np.empty((1, HOURS)), np.empty((1, HOURS))
    as_day = [np.array([np.broadcast_to(x, HOURS)], float).copy() for x in (load, give_cap, take_cap)]
    feed_back_days(*as_day, np.array([float(limit)]), round_trip, give, take)
    return give[0], take[0]


def lowest_peak(load, need, cap):
    """Least highest hour of load + x with sum x = need and 0 <= x <= cap, by a linear programme."""
    lp = highspy.Highs()
    lp.silent()
    x = [lp.addVariable(lb=0.0, ub=float(c)) for c in cap]
    top = lp.addVariable(lb=-highspy.kHighsInf)
    for h in range(HOURS):
        lp.addConstr(top - x[h] >= float(load[h]))
    lp.addConstr(sum(x) == float(need))
    lp.minimize(top)
    return lp.getObjectiveValue()


def test_a_day_worked_by_hand():
    # 20 h at 10 MW, hours 2, 3, 4 at 4, 6, 8 MW and one at 30: 15 MWh lift the three to level 11 (7 + 5 + 3), if
    # hours at 10 did not begin to fill: above 10 all 23 hours share. 12 MWh reach 10, the other 3 spread over 23 hours.
    load = np.full(HOURS, 10.0)
    load[[2, 3, 4, 20]] = 4, 6, 8, 30
    out = fill(load, 15.0, np.full(HOURS, 100.0))
    np.testing.assert_allclose(out[[2, 3, 4, 20]], [6 + 3 / 23, 4 + 3 / 23, 2 + 3 / 23, 0], rtol=1e-12)
    np.testing.assert_allclose(out[5:20], 3 / 23, rtol=1e-12)
    # the charger of hour 2 takes 5 MW only; what is left rises over the other 22 hours
    cap = np.full(HOURS, 100.0)
    cap[2] = 5.0
    out = fill(load, 15.0, cap)
    np.testing.assert_allclose(out[[2, 3, 5]], [5, 4 + 4 / 22, 4 / 22], rtol=1e-12)


def test_a_day_fed_back_by_hand():
    # One hour at 20, one at 0, the others at 10: 4 MWh fed back in the high one, 4 / 0.8 = 5 charged in the low one.
    load = np.full(HOURS, 10.0)
    load[[3, 20]] = 0, 20
    give, take = feed_back(load, 50.0, 50.0, 4.0, 0.8)
    assert give[20] == pytest.approx(4) and give.sum() == pytest.approx(4)
    assert take[3] == pytest.approx(5) and take.sum() == pytest.approx(5)
    # power of 3 MW binds there, and the other 22 hours give the fourth MWh
    give, _ = feed_back(load, 3.0, 50.0, 4.0, 0.8)
    assert give[20] == pytest.approx(3) and give[10] == pytest.approx(1 / 22)
    # a battery without limit stops where valley and peak meet
    give, take = feed_back(load, 50.0, 50.0, 1e9, 0.8)
    after = load - give + take
    assert after[20] == pytest.approx(after.max()) and after[20] >= after[3] - 1e-9


def test_nothing_is_fed_back_of_a_flat_day_or_an_empty_battery():
    for load, limit in ((np.full(HOURS, 7.0), 10.0), (np.arange(HOURS), 0.0)):
        give, take = feed_back(load, 5.0, 5.0, limit)
        assert give.sum() == pytest.approx(0, abs=1e-9) and take.sum() == pytest.approx(0, abs=1e-9)


day = st.lists(st.floats(-1e3, 1e4), min_size=HOURS, max_size=HOURS)
power = st.lists(st.floats(0, 500), min_size=HOURS, max_size=HOURS)


@settings(max_examples=60, deadline=None)
@given(load=day, cap=power, part=st.floats(0, 1))
def test_filling_meets_energy_and_power_and_the_linear_programme(load, cap, part):
    need = part * sum(cap)
    out = fill(load, need, cap)
    assert out.sum() == pytest.approx(need, rel=1e-9, abs=1e-9)
    assert (out >= 0).all() and (out <= np.array(cap) * (1 + 1e-9) + 1e-9).all()
    assert (np.array(load) + out).max() == pytest.approx(lowest_peak(load, need, cap), rel=1e-6, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(load=day, give_cap=power, take_cap=power, limit=st.floats(0, 2000), trip=st.floats(0.5, 1))
def test_feeding_back_balances_and_never_raises_the_peak(load, give_cap, take_cap, limit, trip):
    load = np.array(load)
    give, take = feed_back(load, give_cap, take_cap, limit, trip)
    assert give.sum() == pytest.approx(trip * take.sum(), rel=1e-9, abs=1e-9)
    assert give.sum() <= limit * (1 + 1e-9) + 1e-9
    assert (give <= np.array(give_cap) + 1e-9).all() and (
        take <= np.array(take_cap) * (1 + 1e-9) + 1e-9
    ).all()
    assert (load - give + take).max() <= load.max() + 1e-6
    assert not ((give > 1e-6) & (take > 1e-6)).any()
