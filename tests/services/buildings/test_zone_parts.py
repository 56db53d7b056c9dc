"""Constructions, glass, shades and profiles of a zone against hand-worked values and independent forms."""

import math

import numpy as np
import pytest

from services.buildings.climate.sky import plane_irradiance, sun
from services.buildings.climate.source import read_weather
from services.buildings.climate.weather import Sun
from services.buildings.zone.constructions import heat_capacity, transmittance
from services.buildings.zone.doors import OpaqueSurface, Shade, Window
from services.buildings.zone.glass import beam_factor, incidence_curve
from services.buildings.zone.network import encloses, inner_surface_area, mass_of
from services.buildings.zone.profiles import MONTH, ground_hours, hours_of
from services.buildings.zone.shade import diffuse_shares, sunlit_share
from services.buildings.zone.sun import window_gain
from tests.services.buildings.zone_cases import BOARD, CONCRETE, FOAM, HOURS, box, made_year, plain, run

YEAR = read_weather(made_year())
SOUTH = {"window_id": "w", "area_m2": 1.0, "azimuth_deg": 180.0, "u_value_w_per_m2_k": 2.0}
GLASS = Window.model_validate(SOUTH | {"solar_heat_gain_share": 0.6})


def surface(**fields: object) -> OpaqueSurface:
    return OpaqueSurface.model_validate(
        {"surface_id": "s", "boundary": "outdoor", "area_m2": 1.0} | dict(fields)
    )


def test_transmittance_is_one_over_the_sum_of_films_and_layers() -> None:
    wall = surface(layers=[CONCRETE, FOAM])
    assert transmittance(wall) == pytest.approx(1 / (0.04 + 0.2 / 1.7 + 0.1 / 0.04 + 0.13))
    roof = surface(layers=[{"resistance_m2_k_per_w": 2.0}], tilt_deg=0.0)
    assert transmittance(roof) == pytest.approx(1 / 2.14)
    floor = surface(layers=[{"resistance_m2_k_per_w": 2.0}], boundary="ground")
    assert transmittance(floor) == pytest.approx(1 / 2.17)
    told = surface(layers=[CONCRETE], outer_resistance_m2_k_per_w=0.0, inner_resistance_m2_k_per_w=0.25)
    assert transmittance(told) == pytest.approx(1 / (0.25 + 0.2 / 1.7))


def test_layers_count_to_the_first_insulation() -> None:
    lining = 0.012 * 950 * 840
    for hidden in ([FOAM], [CONCRETE, FOAM], [CONCRETE, {"resistance_m2_k_per_w": 2.0}]):
        assert heat_capacity(surface(layers=[*hidden, BOARD])) == pytest.approx(lining)
    assert heat_capacity(surface(layers=[CONCRETE, FOAM])) == 0.0


def test_layers_count_to_ten_centimetres_and_to_half_of_the_element() -> None:
    per_metre = 2400 * 900
    assert heat_capacity(surface(layers=[FOAM, CONCRETE])) == pytest.approx(0.1 * per_metre)
    thin = CONCRETE | {"thickness_m": 0.06}
    assert heat_capacity(surface(layers=[thin])) == pytest.approx(0.03 * per_metre)
    assert heat_capacity(surface(layers=[FOAM, thin])) == pytest.approx(0.06 * per_metre)
    # Insulation, not the middle, parts the room's mass from that outside.
    assert heat_capacity(surface(layers=[{"resistance_m2_k_per_w": 2.0}, thin])) == pytest.approx(
        0.06 * per_metre
    )


def test_each_side_of_a_partition_sees_half_of_it() -> None:
    thin = CONCRETE | {"thickness_m": 0.06}
    assert heat_capacity(surface(boundary="internal", layers=[thin])) == pytest.approx(0.03 * 2400 * 900)


def test_a_warmer_sky_takes_less_heat() -> None:
    by_sky = [
        run(plain(heating_setpoint_degc=[20.0], **sky), made_year()).heating_kwh
        for sky in ({"sky_difference_k": 20.0}, {}, {"sky_difference_k": 0.0})
    ]
    assert by_sky == sorted(by_sky, reverse=True)
    assert by_sky[0] > by_sky[2]


def test_mass_area_is_the_whole_area_of_equal_surfaces_and_less_of_unequal_ones() -> None:
    from services.buildings.zone.doors import Zone

    equal = mass_of(Zone.model_validate(plain(thermal_mass=None) | {"surfaces": _with_kappa(5e4, 5e4)}))
    assert equal.mass_area_m2 == pytest.approx(100)
    assert equal.heat_capacity_j_per_k == pytest.approx(5e6)
    unequal = mass_of(Zone.model_validate(plain(thermal_mass=None) | {"surfaces": _with_kappa(1e5, 0.0)}))
    assert unequal.mass_area_m2 == pytest.approx(50)


def test_inner_surface_is_the_sum_of_a_closed_zone_and_at_least_four_and_a_half_floors_else() -> None:
    from services.buildings.zone.doors import Zone

    closed = Zone.model_validate(box([FOAM, CONCRETE]))
    assert encloses(closed)
    assert inner_surface_area(closed) == pytest.approx(2 * 48 + 28 * 2.7)
    parted = box([FOAM, CONCRETE])
    parted["surfaces"].append(
        {"surface_id": "p", "boundary": "internal", "area_m2": 20.0, "layers": [CONCRETE]}
    )
    assert inner_surface_area(Zone.model_validate(parted)) == pytest.approx(2 * 48 + 28 * 2.7 + 20)
    opened = box([FOAM, CONCRETE])
    opened["surfaces"] = opened["surfaces"][:-1]
    assert not encloses(Zone.model_validate(opened))
    assert inner_surface_area(Zone.model_validate(opened)) == pytest.approx(4.5 * 48)


def test_clear_double_glass_has_the_gain_that_tables_give_it() -> None:
    from services.buildings.zone.glass import _gain

    # Clear 3 mm glass: about 0.86 single, 0.76 to 0.79 double, 0.68 to 0.71 triple at normal incidence.
    for panes, low, high in ((1, 0.84, 0.88), (2, 0.75, 0.80), (3, 0.67, 0.73)):
        assert low < _gain(panes, np.zeros(1))[0] < high


@pytest.mark.parametrize("panes", [1, 2, 3])
def test_glass_lets_less_through_the_more_the_sun_grazes_it(panes: int) -> None:
    factor = beam_factor(panes, np.cos(np.radians(np.arange(0, 91))))
    assert factor[0] == pytest.approx(1, abs=1e-9)
    assert factor[-1] == pytest.approx(0, abs=1e-9)
    assert (np.diff(factor) < 1e-9).all()
    assert 0.96 < factor[40] < 1 and 0.84 < factor[60] < 0.93
    diffuse = incidence_curve(panes)[2]
    assert factor[70] < diffuse < factor[50]
    if panes > 1:
        assert diffuse < incidence_curve(panes - 1)[2]


def _at(height_deg: float, azimuth_deg: float) -> Sun:
    return Sun(np.array([math.sin(math.radians(height_deg))]), np.array([azimuth_deg]))


def test_an_overhang_shades_by_its_depth_times_the_tangent_of_the_profile_angle() -> None:
    shade = Shade(overhang_depth_m=1.0, overhang_gap_m=0.5, window_height_m=2.0)
    assert sunlit_share(shade, _at(45, 180), 180, 90) == pytest.approx(0.75)
    profile = math.tan(math.radians(45)) / math.cos(math.radians(60))
    assert sunlit_share(shade, _at(45, 240), 180, 90) == pytest.approx(1 - (profile - 0.5) / 2)
    assert sunlit_share(shade, _at(80, 180), 180, 90) == pytest.approx(0)
    assert sunlit_share(shade, _at(20, 180), 180, 90) == pytest.approx(1)


def test_fins_shade_the_sun_from_the_side() -> None:
    shade = Shade(fin_depth_m=0.5, window_width_m=2.0)
    assert sunlit_share(shade, _at(30, 225), 180, 90) == pytest.approx(0.75)
    assert sunlit_share(shade, _at(30, 135), 180, 90) == pytest.approx(0.75)
    assert sunlit_share(shade, _at(30, 180), 180, 90) == pytest.approx(1)


def test_an_endless_overhang_hides_the_whole_sky_and_leaves_the_ground() -> None:
    assert diffuse_shares(Shade(overhang_depth_m=50, window_height_m=0.01), 90) == pytest.approx(
        (0, 1), abs=1e-3
    )
    assert diffuse_shares(Shade(), 90) == (1, 1)
    # By hand: (sqrt(0.5^2 + 1) + 2 - sqrt(2.5^2 + 1)) / 4 of the half space, half of which is sky.
    hidden = (math.hypot(0.5, 1) + 2 - math.hypot(2.5, 1)) / 4
    shade = Shade(overhang_depth_m=1, overhang_gap_m=0.5, window_height_m=2)
    assert diffuse_shares(shade, 90)[0] == pytest.approx(1 - 2 * hidden)
    sky, ground = diffuse_shares(Shade(fin_depth_m=50, window_width_m=0.01), 90)
    assert sky == ground == pytest.approx(0, abs=1e-3)


def test_an_overhang_on_a_south_window_takes_more_in_summer_than_in_winter_and_never_all() -> None:
    shade = Shade(overhang_depth_m=1.0, overhang_gap_m=0.3, window_height_m=1.5)
    bare = window_gain(GLASS, YEAR, 0.2)
    shaded = window_gain(GLASS.model_copy(update={"shade": shade}), YEAR, 0.2)
    assert (shaded <= bare + 1e-12).all() and (shaded[bare > 0] > 0).all()
    kept = np.bincount(MONTH, shaded) / np.bincount(MONTH, bare)
    assert max(kept[5:7]) + 0.05 < min(kept[11], kept[0])
    deeper = window_gain(
        GLASS.model_copy(update={"shade": shade.model_copy(update={"overhang_depth_m": 2.0})}), YEAR, 0.2
    )
    assert (deeper <= shaded + 1e-12).all()
    lit = sunlit_share(shade, sun(YEAR), 180, 90)
    assert lit.min() >= 0 and lit.max() <= 1


def test_sun_through_a_window_is_area_times_coefficient_times_light() -> None:
    plane = plane_irradiance(YEAR, 180.0, 90.0, 0.2)
    gain = window_gain(GLASS, YEAR, 0.2)
    assert (gain <= 0.6 * plane.total + 1e-9).all()
    assert gain.sum() > 0.8 * 0.6 * plane.total.sum()
    framed = GLASS.model_copy(update={"area_m2": 4.0, "frame_share": 0.25, "shading_share": (0.5,)})
    assert window_gain(framed, YEAR, 0.2) == pytest.approx(1.5 * gain)


def test_profiles_repeat_by_day_and_by_week_from_monday() -> None:
    assert (hours_of([], 2, 7.0) == 7).all()
    assert (hours_of([3.0], 2, 0) == 3).all()
    daily = hours_of([float(h) for h in range(24)], 2, 0)
    assert daily[25] == 1 and daily.size == HOURS
    weekly = hours_of([float(h) for h in range(168)], 2, 0)  # 1 January is a Wednesday
    assert weekly[0] == 48 and weekly[5 * 24] == 0 and weekly[-1] == 48 + 23
    assert hours_of([float(h) for h in range(168)], 0, 0)[0] == 0
    own = np.random.default_rng(1).random(HOURS)
    assert (hours_of(tuple(own), 3, 0) == own).all()
    months = ground_hours([float(m) for m in range(12)], 0)
    assert months[0] == 0 and months[31 * 24] == 1 and months[-1] == 11


def test_mass_by_class_is_that_of_the_standard() -> None:
    zone = plain(thermal_mass={"mass_class": "medium"}, inner_surface_area_m2=450.0)
    found = run(zone, made_year(), with_hours=False).parameters
    assert found.heat_capacity_j_per_k == pytest.approx(16.5e6)
    assert found.mass_area_m2 == pytest.approx(250)


def _with_kappa(*kappas: float) -> list[dict[str, object]]:
    return [
        {
            "surface_id": f"s{i}",
            "boundary": "outdoor",
            "area_m2": 50.0,
            "u_value_w_per_m2_k": 0.5,
            "heat_capacity_j_per_m2_k": k,
        }
        for i, k in enumerate(kappas)
    ]
