"""The heat balance of archetypes against standards and reason."""

import numpy as np

from services.buildings.base import stock_base
from services.buildings.intensity import COOL, HEAT, intensities
from services.buildings.states import DEPTHS, SAVING_75, STANDARDS, state_index

BASE = stock_base("jiangsu")
TABLE = intensities("jiangsu", "normal")
PLACE = {city: p for p, city in enumerate(BASE.region.city_ids)}
CONTINUOUS = -1


def test_a_better_standard_needs_less_heat_in_every_city_and_mode() -> None:
    heat = TABLE.residential[:, : len(STANDARDS), 1:, :, 0, HEAT]  # as built
    assert (np.diff(heat, axis=1) < 0).all()


def test_the_75_level_saves_most_of_the_heat_of_the_first_homes_when_used_all_day() -> None:
    heat = TABLE.residential[0, :, CONTINUOUS, PLACE["nanjing"], 0, HEAT]
    assert 80 < heat[0] < 115
    assert 0.65 < 1 - heat[SAVING_75] / heat[0] < 0.85


def test_a_deeper_retrofit_needs_less_heat_than_a_lighter_one() -> None:
    for standard in ("pre_standard", "saving_30", "saving_50"):
        states = [state_index(standard, depth) for depth in DEPTHS]
        heat = TABLE.residential[..., 0, HEAT][:, states, 1:]
        # the light package also shades, which can cost a sunny part-time room a little winter sun
        assert (heat[:, 1] < 1.005 * heat[:, 0]).all()
        assert (np.diff(heat[:, 1:], axis=1) < 0).all()


def test_part_time_use_takes_a_fraction_and_saves_less() -> None:
    one_room = TABLE.residential[0, :, 1, PLACE["nanjing"], 0, HEAT]
    all_day = TABLE.residential[0, :, CONTINUOUS, PLACE["nanjing"], 0, HEAT]
    assert one_room[0] < all_day[0] / 5
    assert all_day[0] - all_day[SAVING_75] > 5 * (one_room[0] - one_room[SAVING_75])


def test_warming_lowers_heat_and_raises_cooling() -> None:
    for values in (TABLE.residential[:, :, 1:], TABLE.public):
        assert (np.diff(values[..., HEAT], axis=-1) <= 0).all()
        assert (np.diff(values[..., COOL], axis=-1) > 0).all()


def test_the_north_needs_more_heat_than_the_south_in_the_same_standard() -> None:
    heat = TABLE.residential[1, 1, CONTINUOUS, :, 0, HEAT]
    assert heat[PLACE["xuzhou"]] > heat[PLACE["suzhou"]]
