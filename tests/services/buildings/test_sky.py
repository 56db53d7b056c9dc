"""Sun and sky: energy on planes, the sky model against pvlib used directly, splits that add up."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.climate.place import place_weather
from services.buildings.climate.sky import incidence_cosine, plane_irradiance, split_global, sun, sun_at
from services.common.regions import load_region
from tests.services.buildings.pvlib_direct import on_plane, sun_position

pytestmark = pytest.mark.filterwarnings("ignore")
REGION = load_region("jiangsu")
WEATHER = place_weather(REGION, "nanjing", "normal", 0.0)
UP = sun(WEATHER).zenith_cosine > 0


def test_the_sun_stands_where_the_solar_position_algorithm_puts_it() -> None:
    """NREL's algorithm is good to 0.0003 degrees; ours must be far finer than an hour's mean needs."""
    exact_zenith, exact_azimuth = sun_position(32.06, 118.8)
    zenith = np.degrees(np.arccos(sun(WEATHER).zenith_cosine))
    assert zenith == pytest.approx(exact_zenith, abs=0.02)
    turn = (sun(WEATHER).azimuth_deg - exact_azimuth + 180) % 360 - 180
    assert np.abs(turn[UP]).max() < 0.2  # azimuth is loose when the sun is overhead


def test_noon_stands_in_the_south_and_highest_at_midsummer() -> None:
    where = sun_at(32.0, 120.0, 8.0, 0.0)
    noon = where.zenith_cosine.reshape(365, 24)[:, 12]
    assert 170 <= int(np.argmax(noon)) <= 174
    assert np.degrees(np.arccos(noon.max())) == pytest.approx(32.0 - 23.44, abs=0.3)
    assert where.azimuth_deg.reshape(365, 24)[80, 12] == pytest.approx(180, abs=4)


def test_split_parts_make_the_whole_every_hour() -> None:
    direct, diffuse = split_global(WEATHER.global_w_per_m2, sun(WEATHER))
    whole = direct * np.maximum(sun(WEATHER).zenith_cosine, 0) + diffuse
    assert whole == pytest.approx(WEATHER.global_w_per_m2, abs=1e-9)
    assert (direct >= 0).all()
    assert (diffuse >= 0).all()
    assert direct.max() < 1100


@pytest.mark.parametrize("city", ["nanjing", "xuzhou", "suzhou"])
def test_a_flat_plane_gets_the_global_radiation(city: str) -> None:
    weather = place_weather(REGION, city, "normal", 0.0)
    flat = plane_irradiance(weather, 180.0, 0.0, 0.2)
    assert flat.total.sum() == pytest.approx(weather.global_w_per_m2.sum(), rel=0.01)
    assert flat.ground.max() == 0


PLANES = ((0.0, 90.0), (90.0, 90.0), (180.0, 25.0), (250.0, 60.0))


@pytest.mark.parametrize(("azimuth", "tilt"), PLANES)
def test_planes_agree_with_pvlib_used_directly(azimuth: float, tilt: float) -> None:
    total = on_plane(WEATHER, azimuth, tilt, 0.2)
    ours = plane_irradiance(WEATHER, azimuth, tilt, 0.2)
    high = sun(WEATHER).zenith_cosine > 0.02
    assert ours.beam[high] == pytest.approx(total["poa_direct"][high], abs=1e-6)
    assert ours.total[high] == pytest.approx(total["poa_global"][high], abs=1e-6)


def test_walls_rank_as_in_jiangsu_and_shade_has_no_beam() -> None:
    north, east, south, west = (
        plane_irradiance(WEATHER, a, 90.0, 0.2).total.sum() for a in (0.0, 90.0, 180.0, 270.0)
    )
    assert north < min(east, west) < south
    assert east == pytest.approx(west, rel=0.05)
    south_wall = plane_irradiance(WEATHER, 180.0, 90.0, 0.2)
    behind = np.cos(np.radians(sun(WEATHER).azimuth_deg - 180)) < 0
    assert south_wall.beam[behind].max() == 0
    assert south_wall.beam[~UP].max() == 0


def test_light_before_sunrise_comes_evenly_from_the_sky() -> None:
    dusk = replace(
        WEATHER,
        global_w_per_m2=np.full(8760, 10.0),
        direct_normal_w_per_m2=np.full(8760, 500.0),
        diffuse_w_per_m2=np.full(8760, 10.0),
    )
    wall = plane_irradiance(dusk, 180.0, 90.0, 0.0)
    assert (wall.sky[~UP] == 5.0).all()
    assert (wall.beam[~UP] == 0.0).all()


def test_equal_weather_is_reckoned_once_and_other_weather_anew() -> None:
    first = plane_irradiance(WEATHER, 180.0, 25.0, 0.2)
    same = plane_irradiance(replace(WEATHER, outdoor_degc=WEATHER.outdoor_degc + 1), 180.0, 25.0, 0.2)
    assert same is first
    brighter = replace(WEATHER, diffuse_w_per_m2=WEATHER.diffuse_w_per_m2 * 1.1)
    assert plane_irradiance(brighter, 180.0, 25.0, 0.2).total.sum() > first.total.sum()
    assert not first.beam.flags.writeable


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(-60, 120),
    st.floats(0, 360),
    st.floats(0, 90),
    st.floats(0, 1),
)
def test_any_place_and_plane_gets_finite_light_and_no_more_than_the_sky_has(
    latitude: float, longitude: float, minute: float, azimuth: float, tilt: float, albedo: float
) -> None:
    weather = replace(
        WEATHER,
        latitude_deg=latitude,
        longitude_deg=longitude,
        utc_offset_hours=round(longitude / 15),
        sun_minute=minute,
    )
    plane = plane_irradiance(weather, azimuth, tilt, albedo)
    for part in (plane.beam, plane.sky, plane.ground, plane.incidence_cosine):
        assert np.isfinite(part).all()
        assert (part >= 0).all()
    assert (plane.beam <= weather.direct_normal_w_per_m2 + 1e-9).all()
    assert (incidence_cosine(sun(weather), azimuth, tilt) <= 1).all()
