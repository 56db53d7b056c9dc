"""Part-time use of homes in Nanjing: one room, some rooms, when at home, all day, before standards and after.

Useful heat and cooling, kWh/m2 of all floor, of an independent prototype of the same method on the typical year (CSWD)
of Nanjing, HDD18 1,936 and CDD26 187; the normal year here has the long-term means, HDD18 1,855 and CDD26 140. Towers
from the 65 % standard on, slabs before it, of which our mix has nine in ten or more.
"""

import numpy as np
import pytest

from services.buildings.intensity import COOL, HEAT, intensities
from services.buildings.states import STANDARDS
from services.common.arrays import FloatArray
from services.common.regions import load_region
from services.common.weather import weather_year

REGION = load_region("jiangsu")
NANJING = REGION.city_ids.index("nanjing")
MODES = ("m1", "m2", "m3", "m4")
PROTOTYPE = {
    "pre_standard": ((8.2, 32.5, 60.0, 100.1), (6.4, 19.6, 35.1, 38.5)),
    "saving_65": ((5.4, 19.8, 30.1, 34.2), (6.7, 18.2, 26.1, 24.0)),
    "saving_75": ((4.4, 15.8, 22.8, 22.7), (6.7, 17.8, 24.0, 20.7)),
}
HDD18, CDD26 = 1936.0, 187.0


def urban(standard: str, column: int) -> FloatArray:
    """Urban homes of Nanjing, kWh/m2 [mode 1 to 4, warming]."""
    table = intensities("jiangsu", "normal")
    return table.residential[0, STANDARDS.index(standard), 1:, NANJING, :, column]


def degree_days(warming_k: float) -> tuple[float, float]:
    """HDD18 and CDD26 of the normal year so much warmer."""
    daily = weather_year(REGION, "normal", warming_k).temperature_degc[NANJING].reshape(365, 24).mean(axis=1)
    return float(np.maximum(18 - daily, 0).sum()), float(np.maximum(daily - 26, 0).sum())


def at_warming(values: FloatArray, kelvin: float) -> FloatArray:
    """Along the line through the first two simulated points."""
    step = intensities("jiangsu", "normal").warming_k[1]
    return np.asarray(values[:, 0] + (values[:, 1] - values[:, 0]) * kelvin / step)


@pytest.mark.parametrize("standard", PROTOTYPE)
def test_homes_used_all_day_or_when_at_home_are_those_of_the_prototype(standard: str) -> None:
    heat, cool = PROTOTYPE[standard]
    np.testing.assert_allclose(urban(standard, HEAT)[2:, 0], heat[2:], rtol=0.15)
    np.testing.assert_allclose(urban(standard, COOL)[2:, 0], cool[2:], rtol=0.15)


@pytest.mark.parametrize("standard", PROTOTYPE)
def test_one_room_takes_no_more_and_at_most_a_quarter_less_in_the_milder_normal_year(standard: str) -> None:
    """Single hours of the coldest and hottest days: the fewer degree days of the normal year weigh most here."""
    for column, prototype in zip((HEAT, COOL), PROTOTYPE[standard], strict=True):
        share = urban(standard, column)[:2, 0] / np.array(prototype[:2])
        assert (share > 0.75).all()
        assert (share < 1.0).all()


@pytest.mark.parametrize("standard", PROTOTYPE)
def test_every_mode_is_that_of_the_prototype_at_its_degree_days(standard: str) -> None:
    """15 %, and 1 % for the line between simulated points."""
    heat, cool = PROTOTYPE[standard]
    colder, hotter = -0.40, 0.67
    assert degree_days(colder)[0] == pytest.approx(HDD18, rel=0.01)
    assert degree_days(hotter)[1] == pytest.approx(CDD26, rel=0.01)
    np.testing.assert_allclose(at_warming(urban(standard, HEAT), colder), heat, rtol=0.16)
    np.testing.assert_allclose(at_warming(urban(standard, COOL), hotter), cool, rtol=0.16)


def test_a_better_envelope_saves_little_heat_in_one_room_and_much_all_day() -> None:
    """Prototype: 3.8 against 77.4 kWh/m2 from no standard to 75 %."""
    saved = urban("pre_standard", HEAT)[:, 0] - urban("saving_75", HEAT)[:, 0]
    assert (np.diff(saved) > 0).all()
    assert saved[0] < 0.07 * saved[3]
    assert saved[3] == pytest.approx(100.1 - 22.7, rel=0.10)


def test_the_same_retrofit_saves_a_smaller_share_where_little_is_heated() -> None:
    before, after = urban("pre_standard", HEAT)[:, 0], urban("saving_75", HEAT)[:, 0]
    share = 1 - after / before
    assert (np.diff(share) > 0).all()
    assert share[0] < 0.6 < share[3]


def test_a_better_envelope_hardly_changes_the_cooling_of_one_room() -> None:
    """Prototype: 6.4 to 6.7 kWh/m2; all day it falls from 38.5 to 20.7."""
    before, after = urban("pre_standard", COOL)[:, 0], urban("saving_75", COOL)[:, 0]
    assert after[0] == pytest.approx(before[0], rel=0.10)
    assert after[3] < 0.65 * before[3]
