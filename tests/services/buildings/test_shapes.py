"""Hourly shapes: shares of a year, and the load of 2020 they compose."""

import numpy as np
import pytest

from services.buildings.model import MODEL
from services.common.arrays import FloatArray
from services.common.scenario import Frame, Scenario

FRAME = Frame(region="jiangsu", last_year=2020)
SHAPES = {s.shape_id: s for s in MODEL.shapes(FRAME)}
OUTCOME = MODEL.project(FRAME, Scenario(), ())
CAUSES = {"cooling", "space_heating", "hot_water", "cooking", "lighting_appliances", "rooftop_pv"}


def load_gw(prefix: str = "") -> FloatArray:
    return np.asarray(
        sum(
            u.energy_mwh[:, 0].sum() / 1e3 * SHAPES[u.shape_id].hourly_share
            for u in OUTCOME.electricity_uses
            if u.use.startswith(prefix)
        )
    )


def test_every_shape_is_a_year_of_shares() -> None:
    assert len(SHAPES) <= 12
    for shape in SHAPES.values():
        assert shape.hourly_share.shape == (8760,)
        assert (shape.hourly_share >= 0).all()
        assert shape.hourly_share.sum() == pytest.approx(1, abs=1e-12)
    assert {s.cause for s in SHAPES.values()} == CAUSES


def test_every_use_names_a_shape_that_exists() -> None:
    assert {u.shape_id for u in OUTCOME.electricity_uses} <= set(SHAPES)
    assert {g.shape_id for g in OUTCOME.on_site_generations} <= set(SHAPES)


def test_summer_maximum_of_2020_is_45_to_50_gw_in_the_day_and_cooling_is_two_thirds_of_it() -> None:
    load, cooling = load_gw(), load_gw("cooling")
    hour = int(load.argmax())
    assert 45 <= load.max() <= 50
    assert 11 <= hour % 24 <= 16
    assert 150 < hour // 24 < 243
    assert 0.6 < cooling[hour] / load[hour] < 0.8


def test_spring_is_quiet_and_winter_evenings_are_not() -> None:
    load = load_gw()
    assert load[90 * 24 : 120 * 24].mean() == pytest.approx(12.5, abs=1.5)
    winter = load[: 59 * 24]
    assert 35 < winter.max() < load.max()
    assert int(winter.argmax()) % 24 in range(18, 22)


def test_another_weather_year_has_other_shapes() -> None:
    hot = {s.shape_id: s for s in MODEL.shapes(Frame(region="jiangsu", weather_year="hot"))}
    assert set(hot) == set(SHAPES)
    name = "buildings.cooling_residential"
    assert hot[name].digest != SHAPES[name].digest
