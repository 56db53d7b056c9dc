"""The weather year keeps its normals, and is one weather for all."""

import numpy as np
import pytest

from services.common.axes import MONTH_DAYS
from services.common.errors import DomainError
from services.common.regions import load_region
from services.common.weather import city_normals, weather_year

REGION = load_region("jiangsu")
MONTH_OF_HOUR = np.repeat(np.arange(12), np.array(MONTH_DAYS) * 24)


@pytest.mark.parametrize("city", ["nanjing", "nantong", "xuzhou"])
def test_monthly_means_of_temperature_and_sun_are_the_normals(city):
    year = weather_year(REGION, "normal")
    p = REGION.city_ids.index(city)
    normals = city_normals(REGION, city)
    for m in range(12):
        hours = m == MONTH_OF_HOUR
        mean = year.temperature_degc[p][hours].mean()
        assert mean == pytest.approx(normals["mean_temperature_degc"][m], abs=0.25)
        radiation = year.global_radiation_w_per_m2[p][hours].sum() / 1e3
        assert radiation == pytest.approx(normals["global_radiation_kwh_per_m2"][m], rel=1e-6)


def test_nanjing_has_the_degree_days_of_its_station():
    year = weather_year(REGION, "normal")
    daily = year.temperature_degc[0].reshape(365, 24).mean(axis=1)
    assert np.maximum(18 - daily, 0).sum() == pytest.approx(
        1880, rel=0.05
    )  # 1,913 K d (base 18.3) in 1982-2006
    assert 120 < np.maximum(daily - 26, 0).sum() < 240  # 187 K d in the typical year


def test_bright_summer_days_are_hot_days_in_every_city():
    year = weather_year(REGION, "normal")
    summer = slice(181 * 24, 243 * 24)
    sun = year.pv_share[summer].reshape(-1, 24).sum(axis=1)
    for p in range(len(REGION.city_ids)):
        daily = year.temperature_degc[p][summer].reshape(-1, 24).mean(axis=1)
        assert np.corrcoef(sun, daily)[0, 1] > 0.25


def test_the_extreme_years_are_hotter_colder_and_stiller():
    normal, hot = weather_year(REGION, "normal"), weather_year(REGION, "hot")
    cold, low = weather_year(REGION, "cold"), weather_year(REGION, "low_wind")
    assert (hot.temperature_degc.max(axis=1) > normal.temperature_degc.max(axis=1) + 0.5).all()
    assert (cold.temperature_degc.min(axis=1) < normal.temperature_degc.min(axis=1) - 1).all()
    assert low.onshore_wind_share.mean() < 0.9 * normal.onshore_wind_share.mean()
    assert (low.temperature_degc == normal.temperature_degc).all()
    assert (hot.onshore_wind_share <= normal.onshore_wind_share).all()


def test_values_are_physical_and_night_is_dark():
    year = weather_year(REGION, "hot", 2.0)
    for values in (year.pv_share, year.onshore_wind_share, year.offshore_wind_share):
        assert ((values >= 0) & (values <= 1)).all()
    assert (year.global_radiation_w_per_m2 >= 0).all()
    assert year.global_radiation_w_per_m2.max() < 1361
    assert (year.global_radiation_w_per_m2[:, 0::24] == 0).all()  # midnight
    assert ((year.humidity_ratio_kg_per_kg > 0) & (year.humidity_ratio_kg_per_kg < 0.04)).all()


def test_warming_lifts_every_hour_by_as_much():
    base, warm = weather_year(REGION, "normal"), weather_year(REGION, "normal", 1.5)
    assert np.allclose(warm.temperature_degc - base.temperature_degc, 1.5)


def test_it_is_the_same_weather_every_time():
    from services.common.weather import _made

    first = weather_year(REGION, "normal").temperature_degc.tobytes()
    _made.cache_clear()
    assert weather_year(REGION, "normal").temperature_degc.tobytes() == first


def test_an_unknown_name_is_refused():
    with pytest.raises(DomainError):
        weather_year(REGION, "mild")
