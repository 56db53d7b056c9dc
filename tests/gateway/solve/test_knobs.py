"""Knobs: what a value in one year does to the path of a lever."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.solve.knobs import YEARS, Knob, first_moved_year, path_of, scenario_at
from services.common.levers import resolve
from services.common.scenario import Frame, LeverSetting, Scenario
from services.power.levers import LEVERS

FRAME = Frame(region="jiangsu")
LEVER = next(r for r in LEVERS if r.lever_id == "power.offshore_wind_capacity").in_region("jiangsu")


def made(*years, scenario=None, place=""):
    scenario = scenario or Scenario()
    path = path_of(FRAME, scenario, LEVER, place)
    knobs = [Knob(LEVER, place, y, 1.0, LEVER.low, LEVER.high, False, path.at(y)) for y in years]
    return scenario, knobs, [path] * len(knobs)


def yearly(scenario):
    return resolve([LEVER], "jiangsu", scenario, YEARS).path(LEVER.lever_id)


def test_an_unmoved_knob_leaves_the_scenario_as_it_is():
    own = Scenario(settings=(LeverSetting(lever_id=LEVER.lever_id, years=(2032,), values=(40.0,)),))
    for scenario in (Scenario(), own):
        _, knobs, paths = made(2030, 2040, scenario=scenario)
        assert scenario_at(scenario, knobs, paths, np.array([k.start for k in knobs])) == scenario


@given(st.floats(0, 1), st.sampled_from([2030, 2033, 2045]))
def test_a_moved_knob_is_hit_what_was_before_stays_and_what_comes_later_runs_parallel(x, year):
    scenario, knobs, paths = made(year)
    moved = yearly(scenario_at(scenario, knobs, paths, np.array([x])))
    base = yearly(scenario)
    at = year - 2020
    assert moved[at] == pytest.approx(knobs[0].value(x), rel=1e-12)
    first = first_moved_year(knobs[0], paths[0]) - 2020
    assert moved[:first].tolist() == base[:first].tolist()
    shift = moved[at] - base[at]
    anchors = [y - 2020 for y in paths[0].points if y > year]
    assert moved[anchors] == pytest.approx(np.clip(base[anchors] + shift, LEVER.low, LEVER.high), rel=1e-12)
    assert ((moved >= LEVER.low - 1e-9) & (moved <= LEVER.high + 1e-9)).all()


def test_between_two_knobs_the_shift_changes_in_a_straight_line():
    scenario, knobs, paths = made(2030, 2040)
    base = yearly(scenario)
    x = np.array([knobs[0].start, knobs[1].scaled(base[20] + 10.0)])
    moved = yearly(scenario_at(scenario, knobs, paths, x))
    assert moved[10] == base[10]
    assert moved[15] - base[15] == pytest.approx(5.0)
    assert moved[20] - base[20] == pytest.approx(10.0)


def test_points_that_the_scenario_sets_itself_before_the_knob_are_kept():
    own = Scenario(settings=(LeverSetting(lever_id=LEVER.lever_id, years=(2028, 2036), values=(20.0, 50.0)),))
    _, knobs, paths = made(2032, scenario=own)
    moved = yearly(scenario_at(own, knobs, paths, np.array([knobs[0].scaled(45.0)])))
    assert moved[8] == 20.0
    assert moved[12] == pytest.approx(45.0)
    assert moved[16] == pytest.approx(50.0 + 45.0 - yearly(own)[12])
