"""Load shapes: shares of a year, and the composite of 2020 against the provincial curve."""

import numpy as np
import pytest

from services.common.arrays import FloatArray
from services.common.scenario import Frame, Scenario
from services.industry.model import MODEL

FRAME = Frame(region="jiangsu", last_year=2020)
SHAPES = {s.shape_id: s for s in MODEL.shapes(FRAME)}
MONTH = np.repeat(np.arange(12), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31))


def composite_gw() -> FloatArray:
    outcome = MODEL.project(FRAME, Scenario(), ())
    hourly = np.zeros(8760)
    for use in outcome.electricity_uses:
        hourly += use.energy_mwh[:, 0].sum() * SHAPES[use.shape_id].hourly_share
    return hourly / 1e3


def test_every_shape_is_a_year_of_shares() -> None:
    assert len(SHAPES) <= 12
    for shape in SHAPES.values():
        assert shape.hourly_share.shape == (8760,)
        assert (shape.hourly_share >= 0).all()
        assert shape.hourly_share.sum() == pytest.approx(1, abs=1e-12)
        assert shape.cause in {"industry", "agriculture_construction", "data_centres", "heat"}


def test_every_use_and_heat_supply_names_a_shape_that_exists() -> None:
    outcome = MODEL.project(FRAME, Scenario(), ())
    assert {u.shape_id for u in outcome.electricity_uses} <= set(SHAPES)
    assert {h.shape_id for h in outcome.heat_supplies} <= set(SHAPES)


def test_composite_of_2020_meets_the_check_of_mean_maximum_and_minimum() -> None:
    load = composite_gw()
    assert load.mean() == pytest.approx(48.5, abs=0.1)
    assert load.max() == pytest.approx(57.8, rel=0.02)
    assert load.min() == pytest.approx(22.1, rel=0.02)


def test_festival_trough_lies_about_30_january_at_23_gw() -> None:
    daily = composite_gw().reshape(365, 24).mean(axis=1)
    assert daily.min() == pytest.approx(22.9, rel=0.02)
    assert 28 <= int(daily.argmin()) <= 33


def test_months_of_the_composite_meet_the_provincial_check_within_two_per_cent() -> None:
    daily = composite_gw().reshape(365, 24).mean(axis=1)
    expected = [43.1, 40.3, 49.5, 49.2, 48.7, 50.3, 52.2, 52.0, 50.4, 46.8, 49.5, 49.9]
    months = [daily[m == MONTH].mean() for m in range(12)]
    assert months == pytest.approx(expected, rel=0.02)


def test_sundays_lie_below_midweek_in_spring_and_autumn() -> None:
    daily = composite_gw().reshape(365, 24).mean(axis=1)
    weekday = (np.arange(365) + 2) % 7
    season = np.isin(MONTH, (3, 4, 10))
    sunday = daily[season & (weekday == 6)].mean()
    midweek = daily[season & np.isin(weekday, (1, 2, 3))].mean()
    assert sunday / midweek - 1 == pytest.approx(-0.069, abs=0.015)


def test_heat_is_level_within_a_day_and_higher_in_winter() -> None:
    heat = SHAPES["industry.heat"].hourly_share.reshape(365, 24)
    assert (heat == heat[:, :1]).all()
    assert heat[345].mean() / heat[130].mean() == pytest.approx(1.15, rel=0.05)


def test_shapes_do_not_depend_on_the_weather_year() -> None:
    hot = MODEL.shapes(Frame(region="jiangsu", weather_year="hot"))
    assert [s.digest for s in hot] == [s.digest for s in MODEL.shapes(FRAME)]
