"""Weather that callers name: cities against their stations' statistics, hours of their own, bad input."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.climate.doors import HourlyWeather, WeatherSource
from services.buildings.climate.place import place_weather
from services.buildings.climate.source import read_weather, report
from services.common.axes import MONTH_DAYS
from services.common.errors import DomainError
from services.common.regions import load_region
from services.common.weather import city_normals

pytestmark = pytest.mark.filterwarnings("ignore")
REGION = load_region("jiangsu")
STATIONS = REGION.table("weather/stations").by("station")
MONTH = np.repeat(np.arange(12), np.array(MONTH_DAYS) * 24)
# Cities that have one station: its typical year is from Chinese Standard Weather Data (CMA and Tsinghua, 2005).
# The cities are synthesised from long-term means 1982-2006, which differ from the typical year's months.
SINGLE = {"nanjing": "NANJING", "xuzhou": "XUZHOU", "lianyungang": "GANYU", "huaian": "HUAIAN"}
# Heating and cooling degree days to base 18.3 degC, 1982-2006 (ASHRAE Handbook 2009 design data), K d.
DEGREE_DAYS_18_3 = {
    "nanjing": (1913, 1080),
    "xuzhou": (2180, 998),
    "lianyungang": (2344, 838),
    "huaian": (2166, 921),
}
HOURS: dict[str, Any] = {
    "latitude_deg": 32.0,
    "longitude_deg": 118.8,
    "outdoor_degc": (10.0,) * 8760,
    "global_horizontal_w_per_m2": (0.0,) * 8760,
}


def read(**source: Any) -> Any:
    return read_weather(WeatherSource.model_validate(source))


def refused(**source: Any) -> str:
    with pytest.raises(DomainError) as error:
        read(**source)
    return str(error.value)


def degree_days_of_normals(city: str, base: float = 18.0, sign: float = 1.0) -> float:
    """Degree days expected of a Gaussian day around each month's normal: what the synthesis is meant to keep."""
    normals = city_normals(REGION, city)
    rng = np.random.default_rng(1)
    day = rng.standard_normal(20_000)
    days = np.array(MONTH_DAYS)
    return float(
        sum(
            n * np.maximum(sign * (base - (m + s * day)), 0).mean()
            for n, m, s in zip(
                days, normals["mean_temperature_degc"], normals["daily_mean_deviation_k"], strict=True
            )
        )
    )


@pytest.mark.parametrize("city", REGION.city_ids)
def test_every_city_keeps_its_normals(city: str) -> None:
    weather = place_weather(REGION, city, "normal", 0.0)
    normals = city_normals(REGION, city)
    told = report(weather)
    assert told.global_horizontal_kwh_per_m2 == pytest.approx(
        normals["global_radiation_kwh_per_m2"].sum(), rel=0.01
    )
    assert told.hdd18_k_d == pytest.approx(degree_days_of_normals(city), rel=0.03)
    for m in range(12):
        mean = weather.outdoor_degc[m == MONTH].mean()
        assert mean == pytest.approx(normals["mean_temperature_degc"][m], abs=0.25)
        assert weather.wind_m_per_s[m == MONTH].mean() == pytest.approx(normals["wind_m_per_s"][m], rel=1e-6)
    assert told.closure_ratio == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(("city", "station"), SINGLE.items())
def test_cities_of_one_station_have_its_sun_and_its_degree_days_of_25_years(city: str, station: str) -> None:
    weather, known = place_weather(REGION, city, "normal", 0.0), STATIONS[station]
    told = report(weather)
    assert told.global_horizontal_kwh_per_m2 == pytest.approx(known["global_radiation_kwh_per_m2"], rel=0.01)
    assert told.elevation_m == known["elevation_m"]
    daily = weather.outdoor_degc.reshape(365, 24).mean(axis=1)
    heating, cooling = DEGREE_DAYS_18_3[city]
    assert np.maximum(18.3 - daily, 0).sum() == pytest.approx(heating, rel=0.03)
    assert np.maximum(daily - 18.3, 0).sum() == pytest.approx(cooling, rel=0.03)


@pytest.mark.parametrize("city", REGION.city_ids)
def test_days_above_26_degrees_are_those_of_a_gaussian_summer_or_a_little_fewer(city: str) -> None:
    """Clipped anomalies lose a little of the tail; typical years lie 16 to 30 % higher (87 to 187 K d)."""
    found = report(place_weather(REGION, city, "normal", 0.0)).cdd26_k_d
    expected = degree_days_of_normals(city, 26.0, -1.0)
    assert 0.9 * expected < found < 1.03 * expected


@pytest.mark.parametrize(("city", "station"), SINGLE.items())
def test_extreme_years_go_beyond_the_design_temperatures(city: str, station: str) -> None:
    hot = place_weather(REGION, city, "hot", 0.0).outdoor_degc
    cold = place_weather(REGION, city, "cold", 0.0).outdoor_degc
    normal = place_weather(REGION, city, "normal", 0.0).outdoor_degc
    assert np.quantile(hot, 0.996) > np.quantile(normal, 0.996) + 1
    assert np.quantile(hot, 0.996) > STATIONS[station]["cooling_design_degc"]
    assert np.quantile(cold, 0.004) < np.quantile(normal, 0.004) - 1
    assert np.quantile(cold, 0.004) < STATIONS[station]["heating_design_degc"] + 0.5


def test_warming_shifts_temperature_and_leaves_the_sun() -> None:
    now, later = (place_weather(REGION, "suzhou", "normal", k) for k in (0.0, 2.0))
    assert later.outdoor_degc - now.outdoor_degc == pytest.approx(2.0, abs=1e-9)
    assert (later.direct_normal_w_per_m2 == now.direct_normal_w_per_m2).all()
    assert later.humidity_ratio_kg_per_kg.mean() > now.humidity_ratio_kg_per_kg.mean()


def test_a_place_reads_as_the_city() -> None:
    weather = read(place={"region": "jiangsu", "city": "nanjing"})
    assert (weather.outdoor_degc == place_weather(REGION, "nanjing", "normal", 0.0).outdoor_degc).all()


def test_exactly_one_source() -> None:
    assert "exactly one" in refused()
    assert "place, hourly" in refused(place={"region": "jiangsu", "city": "nanjing"}, hourly=HOURS)
    assert "did you mean nanjing" in refused(place={"region": "jiangsu", "city": "nanjin"})
    told = refused(place={"region": "jiangsi", "city": "nanjing"})
    assert "weather.place.region" in told and "jiangsu" in told.partition("did you mean ")[2]


def test_hours_of_a_caller_are_kept_and_split() -> None:
    place = place_weather(REGION, "nanjing", "normal", 0.0)
    weather = read(
        hourly=HOURS
        | {
            "latitude_deg": place.latitude_deg,
            "outdoor_degc": tuple(place.outdoor_degc),
            "global_horizontal_w_per_m2": tuple(place.global_w_per_m2),
        }
    )
    assert weather.direct_normal_w_per_m2 == pytest.approx(place.direct_normal_w_per_m2)
    assert (weather.humidity_ratio_kg_per_kg == 0).all()
    assert (weather.wind_m_per_s == 2.0).all()
    assert any("Erbs" in note for note in weather.notes)


def test_every_wrong_series_is_named_at_once() -> None:
    text = refused(
        hourly=HOURS
        | {
            "outdoor_degc": (10.0,) * 8759 + (90.0,),
            "global_horizontal_w_per_m2": (0.0,) * 8759,
            "direct_normal_w_per_m2": (0.0,) * 8760,
            "relative_humidity_share": (60.0,) * 8760,
            "wind_m_per_s": (-1.0,) * 8760,
            "utc_offset_hours": -5.0,
        }
    )
    for name in (
        "outdoor_degc: beyond what weather can be",
        "90 at hour 8759",
        "global_horizontal_w_per_m2: one year of hours, 8760 values (given: 8759 values)",
        "diffuse_horizontal_w_per_m2: direct and diffuse radiation come together",
        "relative_humidity_share",
        "wind_m_per_s",
        "utc_offset_hours",
    ):
        assert name in text


def test_parts_that_do_not_close_are_kept_and_told() -> None:
    weather = read(
        hourly=HOURS
        | {
            "global_horizontal_w_per_m2": (100.0,) * 8760,
            "direct_normal_w_per_m2": (0.0,) * 8760,
            "diffuse_horizontal_w_per_m2": (90.0,) * 8760,
        }
    )
    assert weather.closure_ratio == pytest.approx(0.9)
    assert any("0.900 of global" in note for note in weather.notes)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["outdoor_degc", "global_horizontal_w_per_m2", "wind_m_per_s"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 9000),
)
def test_any_value_or_length_is_taken_or_refused_by_name(name: str, value: float, length: int) -> None:
    given_hours = HOURS | {name: (value,) * min(length, 8760)}
    try:
        weather = read(hourly=given_hours)
    except DomainError as error:
        assert all(name in v.field for v in error.violations)
    else:
        assert np.isfinite(weather.wind_m_per_s).all()


def test_a_year_of_nonsense_is_one_violation_a_series() -> None:
    nothing = (float("nan"),) * 8760
    wrong = HourlyWeather(
        latitude_deg=32.0, longitude_deg=120.0, outdoor_degc=nothing, global_horizontal_w_per_m2=nothing
    )
    with pytest.raises(DomainError) as error:
        read_weather(WeatherSource(hourly=wrong))
    assert [v.field for v in error.value.violations] == [
        "weather.hourly.outdoor_degc",
        "weather.hourly.global_horizontal_w_per_m2",
    ]


def test_global_radiation_of_zeros_beside_its_parts_is_refused() -> None:
    told = refused(
        hourly=HourlyWeather(
            latitude_deg=32.0,
            longitude_deg=120.0,
            outdoor_degc=(20.0,) * 8760,
            global_horizontal_w_per_m2=(0.0,) * 8760,
            direct_normal_w_per_m2=(300.0,) * 8760,
            diffuse_horizontal_w_per_m2=(50.0,) * 8760,
        )
    )
    assert "weather.hourly.global_horizontal_w_per_m2" in told
