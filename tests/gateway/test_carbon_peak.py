"""The rules of the carbon peak on synthetic series."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.account_settings import PeakRules, peak_rules
from gateway.carbon_peak import Boundary, carbon_peak, neutral_index, steady_fall_index
from services.common.regions import load_region
from services.common.words import Label

RULES = PeakRules(plateau_share=0.02, clear_span_count=3, run_count=3, window_years=10)


def found(values, sectors=None):
    years = tuple(range(2020, 2020 + len(values)))
    series = np.array(values, dtype=float)
    boundary = Boundary("territorial", Label("本地", "territorial"), series)
    return carbon_peak(years, boundary, sectors or {"all": series}, RULES)


def test_a_triangle_is_a_clear_peak():
    peak = found([80, 90, 100, 90, 80, 70])
    assert (peak.year, peak.level_tco2, peak.in_span, peak.clear) == (2022, 100.0, True, True)
    assert (peak.plateau_first_year, peak.plateau_last_year) == (2022, 2022)
    # first fall after the maximum, followed by two more
    assert peak.steady_fall_year == 2023


def test_a_flat_top_of_six_years_is_a_plateau():
    peak = found([90, 99.5, 99.5, 100, 99.5, 99.5, 99.5, 90, 80, 70])
    assert peak.year == 2023
    assert (peak.plateau_first_year, peak.plateau_last_year) == (2021, 2026)
    assert not peak.clear
    assert peak.second_peak_year == 0
    # 2024 falls, 2025 and 2026 stand still: the run begins in 2027
    assert peak.steady_fall_year == 2027


def test_a_w_shape_is_a_double_peak():
    peak = found([90, 100, 95, 99, 90, 80, 70])
    assert peak.year == 2021
    assert peak.second_peak_year == 2023
    assert peak.steady_fall_year == 2024


def test_a_series_that_only_rises_has_no_peak_within_the_span():
    peak = found([70, 80, 90, 100])
    assert not peak.in_span
    assert peak.steady_fall_year == 0


def test_the_earliest_of_equal_maxima_counts():
    assert found([90, 100, 95, 100, 80, 70, 60]).year == 2021


def test_two_falls_at_the_end_are_not_yet_a_steady_fall():
    assert found([90, 100, 95, 90]).steady_fall_year == 0


def test_the_sector_that_turns_sets_the_peak():
    power = [10, 20, 30, 25, 20]
    steel = [50, 45, 40, 30, 20]
    total = np.add(power, steel)
    peak = found(total, {"power": np.array(power, float), "steel": np.array(steel, float)})
    assert peak.year == 2022
    # power rises 10 a year and falls 5 a year: turns by 15; steel falls 5, then 10 a year: turns by 5
    assert peak.leading_sector == "power"


def test_neutrality_must_hold_to_the_end():
    assert neutral_index(np.array([3.0, -1.0, 1.0, 0.0, -2.0])) == 3
    assert neutral_index(np.array([3.0, 1.0])) is None
    assert neutral_index(np.array([-1.0, -2.0])) == 0


@pytest.mark.parametrize("run", [1, 2, 3, 5])
@given(st.lists(st.floats(1, 100), min_size=2, max_size=20))
def test_a_steady_fall_is_a_run_of_falls_after_the_peak(run, values):
    series = np.array(values)
    peak = int(np.argmax(series))
    at = steady_fall_index(series, peak, run)
    if at is not None:
        assert at > peak
        assert (np.diff(series)[at - 1 : at - 1 + run] < 0).all()


def test_thresholds_are_data():
    assert peak_rules(load_region("jiangsu")) == RULES
