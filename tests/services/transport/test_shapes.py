"""Hourly shapes of transport."""

import numpy as np
import pytest

from services.common.arrays import FloatArray
from services.common.axes import FIRST_WEEKDAY, HOURS
from services.common.scenario import Frame
from services.transport.model import MODEL

SHAPES = {s.shape_id.partition(".")[2]: s for s in MODEL.shapes(Frame(region="jiangsu"))}
CHARGING = [name for name in SHAPES if name.startswith("charging_")]


def daily(name: str) -> FloatArray:
    return np.asarray(SHAPES[name].hourly_share.reshape(365, 24).sum(axis=1))


def weekday_mean(name: str, first: int, last: int) -> float:
    days = np.arange(first, last)
    working = days[(days + FIRST_WEEKDAY) % 7 < 5]
    return float(daily(name)[working].mean())


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_8760_shares_of_a_year(name: str) -> None:
    share = SHAPES[name].hourly_share
    assert share.shape == (HOURS,)
    assert share.min() >= 0
    assert share.sum() == pytest.approx(1.0, abs=1e-12)


def test_causes_tell_charging_from_the_rest() -> None:
    for name, shape in SHAPES.items():
        assert shape.cause == ("ev_charging" if name in CHARGING else "other_transport")


@pytest.mark.parametrize("name", CHARGING)
def test_charging_is_highest_in_winter_and_higher_in_july_than_in_may(name: str) -> None:
    winter, may, july = weekday_mean(name, 5, 20), weekday_mean(name, 125, 150), weekday_mean(name, 185, 210)
    assert winter > july > may


def test_valley_charging_peaks_late_and_home_charging_in_the_evening() -> None:
    by_hour = {n: SHAPES[n].hourly_share.reshape(365, 24).sum(axis=0).argmax() for n in SHAPES}
    assert by_hour["charging_home_valley"] in (22, 23)
    assert by_hour["charging_home"] in (19, 20)
    assert by_hour["charging_work"] in (9, 10)


def test_the_spring_festival_empties_depots_and_fills_public_chargers() -> None:
    festival = slice(24, 31)
    before = weekday_mean("charging_truck_depot", 10, 24)
    assert daily("charging_truck_depot")[festival].mean() < 0.6 * before
    assert daily("charging_public_fast")[festival].mean() > weekday_mean("charging_public_fast", 10, 24)


def test_a_cold_year_moves_charging_towards_winter() -> None:
    cold = {s.shape_id: s for s in MODEL.shapes(Frame(region="jiangsu", weather_year="cold"))}
    normal = SHAPES["charging_home"]
    winter = slice(0, 31 * 24)
    assert cold[normal.shape_id].hourly_share[winter].sum() > normal.hourly_share[winter].sum()
    traction = SHAPES["rail_metro"]
    assert cold[traction.shape_id].digest == traction.digest
