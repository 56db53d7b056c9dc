"""SimulateZone against steady states by hand, physics and limits."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.zone_kernels import simulate_zone
from tests.services.buildings.steady_states import HAND_HOURS, cold_year_kwh, free_year_degc
from tests.services.buildings.zone_cases import (
    BOARD,
    CONCRETE,
    FOAM,
    box,
    constant,
    made_year,
    plain,
    run,
)

FLOWS = ("windows", "opaque", "ventilation", "solar", "internal", "heating", "cooling", "storage")
YEAR = made_year()


@pytest.mark.parametrize("name", ["heated", "cooled", "free", "heated-too-little"])
def test_one_hour_of_a_whole_zone_gives_the_values_worked_by_hand(name: str) -> None:
    """A_f 100, A_t 450, A_m 250 m2, C 16.5 MJ/K, windows 30, opaque 80, air 40 W/K, set-points 18 and 26."""
    hour, one = HAND_HOURS[name], np.ones(1)
    out = [np.zeros(1) for _ in range(4)]
    mass_outside = 1 / (1 / 80 - 1 / (9.1 * 250))
    simulate_zone(
        hour.outdoor * one, hour.outdoor * one, hour.outdoor * one, 40 * one, 0.5 * hour.internal * one,
        (0.5 * hour.internal + hour.solar) * one, 18 * one, 26 * one, hour.limit * one, hour.limit * one,
        30.0, mass_outside, 250.0, 450.0, 16.5e6, hour.start, 0, 1, *out,
    )  # fmt: skip
    assert mass_outside == pytest.approx(82.915718, abs=1e-6)
    assert out[0][0] == pytest.approx(hour.air, abs=1e-6)
    assert out[2][0] == pytest.approx(hour.mass, abs=1e-6)
    assert out[3][0] == pytest.approx(hour.power, abs=1e-5)


def test_heating_in_a_steady_cold_is_conductance_times_difference_less_gains() -> None:
    heating, by_hand = cold_year_kwh()
    assert heating == pytest.approx(by_hand, rel=1e-9)
    gain = {"internal_gain_w": [500.0], "internal_convective_share": 1.0}
    found = run(plain(heating_setpoint_degc=[20.0], **gain), constant(-5.0))
    assert found.peak_heating_w == pytest.approx(by_hand / 8.76, rel=1e-9)
    assert found.sensible_cooling_kwh == 0
    assert found.parameters.opaque_w_per_k == pytest.approx(50)
    assert found.parameters.windows_w_per_k == pytest.approx(20)
    assert found.parameters.surface_air_w_per_k == pytest.approx(690)
    assert found.parameters.mass_surface_w_per_k == pytest.approx(1092)
    assert found.parameters.mean_ventilation_w_per_k == pytest.approx(42)


def test_a_free_zone_tends_to_the_steady_state_by_hand() -> None:
    air, by_hand = free_year_degc()
    assert air == pytest.approx(by_hand, abs=1e-5)
    found = run(plain(internal_gain_w=[800.0], internal_convective_share=1.0), constant(10.0))
    assert found.heating_kwh == 0
    assert found.highest_air_degc == pytest.approx(found.lowest_air_degc, abs=1e-5)


def test_a_zone_twice_as_large_has_the_same_temperatures_and_twice_the_power() -> None:
    sets = {"heating_setpoint_degc": [20.0], "cooling_setpoint_degc": [26.0]}
    one = plain(internal_gain_w=[300.0], **sets)
    two = plain(internal_gain_w=[600.0], **sets)
    two |= {"floor_area_m2": 200.0, "volume_m3": 500.0, "inner_surface_area_m2": 400.0}
    two["surfaces"][0]["area_m2"] = 200.0
    two["windows"][0]["area_m2"] = 20.0
    two["thermal_mass"] = {"heat_capacity_j_per_k": 4e7, "mass_area_m2": 240.0}
    small, large = run(one, YEAR), run(two, YEAR)
    assert small.hours and large.hours
    assert large.hours.air_degc == pytest.approx(small.hours.air_degc, abs=1e-9)
    assert large.heating_kwh == pytest.approx(2 * small.heating_kwh, rel=1e-9)
    assert large.sensible_cooling_kwh == pytest.approx(2 * small.sensible_cooling_kwh, rel=1e-9)
    assert large.latent_cooling_kwh == pytest.approx(2 * small.latent_cooling_kwh, rel=1e-9)


def test_capacity_below_the_peak_leaves_unmet_hours_and_above_it_changes_nothing() -> None:
    sets: dict[str, Any] = {"heating_setpoint_degc": [20.0], "cooling_setpoint_degc": [26.0]}
    ideal = run(plain(**sets), YEAR)
    assert ideal.unmet_heating_hours == ideal.unmet_cooling_hours == 0
    assert ideal.lowest_air_degc == pytest.approx(20)
    ample = run(
        plain(heating_capacity_w=ideal.peak_heating_w, cooling_capacity_w=ideal.peak_cooling_w, **sets), YEAR
    )
    assert ample.heating_kwh == pytest.approx(ideal.heating_kwh, rel=1e-12)
    short = run(plain(heating_capacity_w=0.5 * ideal.peak_heating_w, cooling_capacity_w=0.0, **sets), YEAR)
    assert short.peak_heating_w == pytest.approx(0.5 * ideal.peak_heating_w)
    assert short.unmet_heating_hours > 50
    assert short.unmet_cooling_hours > 500
    assert short.sensible_cooling_kwh == 0
    assert short.lowest_air_degc < 19.9 and short.highest_air_degc > 26.1


@settings(max_examples=40)
@given(
    u=st.floats(0.05, 5.0),
    glass=st.floats(0.1, 60.0),
    capacity=st.floats(2e5, 1e9),
    mass_area=st.floats(80.0, 150.0),
    infiltration=st.floats(0.0, 10.0),
    gain=st.floats(0.0, 1e4),
    shares=st.tuples(*(st.floats(0, 1) for _ in range(3))),
    heat=st.sampled_from(([], [20.0], [10.0] * 8 + [21.0] * 16, [-99.0] * 8 + [18.0] * 16)),
    limit=st.sampled_from((None, 0.0, 1500.0)),
)
def test_the_flows_of_every_hour_and_month_add_up_to_zero(
    u: float,
    glass: float,
    capacity: float,
    mass_area: float,
    infiltration: float,
    gain: float,
    shares: tuple[float, float, float],
    heat: list[float],
    limit: float | None,
) -> None:
    zone = plain(
        inner_surface_area_m2=300.0,
        thermal_mass={"heat_capacity_j_per_k": capacity, "mass_area_m2": mass_area},
        infiltration_per_h=[infiltration],
        internal_gain_w=[gain],
        internal_convective_share=shares[0],
        solar_to_air_share=shares[1],
        solar_lost_share=shares[2],
        heating_setpoint_degc=heat,
        cooling_setpoint_degc=[26.0],
    )
    if heat:
        zone["heating_capacity_w"] = limit
    zone["surfaces"][0]["u_value_w_per_m2_k"] = u
    zone["windows"][0]["area_m2"] = glass
    found = run(zone, YEAR)
    assert found.largest_residual_share <= 1e-9
    months = np.array([getattr(found.flows, f"{name}_kwh") for name in FLOWS])
    assert np.abs(months.sum(axis=0)).max() <= 1e-9 * np.abs(months).max()
    assert found.flows.heating_kwh.sum() == pytest.approx(found.heating_kwh)
    assert found.flows.cooling_kwh.sum() == pytest.approx(-found.sensible_cooling_kwh)
    assert abs(found.flows.storage_kwh.sum()) <= 1e-6 * capacity / 3.6e6 + 1e-9  # the year begins as it ends


def test_heavier_mass_damps_the_swing_of_the_day() -> None:
    swings = []
    for outer in ([FOAM, BOARD], [FOAM, CONCRETE]):
        hours = run(box(outer), YEAR).hours
        assert hours is not None
        days = hours.air_degc.reshape(-1, 24)
        swings.append(float((days.max(axis=1) - days.min(axis=1)).mean()))
    assert swings[1] < 0.5 * swings[0]


def test_insulation_lowers_heating_and_a_higher_set_point_raises_it() -> None:
    def heating(outer: list[dict[str, float]], degc: float) -> float:
        return run(box(outer, heating_setpoint_degc=[degc]), YEAR, with_hours=False).heating_kwh

    thick = FOAM | {"thickness_m": 0.2}
    assert heating([thick, CONCRETE], 20.0) < heating([FOAM, CONCRETE], 20.0)
    assert heating([FOAM, CONCRETE], 18.0) < heating([FOAM, CONCRETE], 20.0)


def test_sun_on_a_dark_wall_warms_the_zone_and_the_sky_cools_it() -> None:
    def mean(absorptance: float, emissivity: float) -> float:
        zone = plain()
        zone["surfaces"][0] |= {"solar_absorptance": absorptance, "emissivity": emissivity}
        return run(zone, YEAR, with_hours=False).mean_air_degc

    assert mean(0.9, 0.0) > mean(0.3, 0.0) > mean(0.3, 0.9)


def test_a_floor_on_cold_ground_sees_the_ground_and_not_the_air() -> None:
    zone = plain(ground_degc=[10.0])
    zone["windows"] = []
    zone["surfaces"][0]["boundary"] = "ground"
    zone["infiltration_per_h"] = []
    found = run(zone, constant(-20.0))
    assert found.mean_air_degc == pytest.approx(10.0, abs=1e-4)
    months = [float(m) for m in range(12)]
    warmed = run(zone | {"ground_degc": months, "heating_setpoint_degc": [20.0]}, constant(-20.0))
    assert warmed.flows.opaque_kwh[0] / 744 == pytest.approx(-0.001 * 20 / (1 / 50 + 1 / 690), rel=0.02)


def test_thin_air_carries_less_heat_and_recovery_keeps_its_share() -> None:
    zone = plain(ventilation_m3_per_h=[100.0], heat_recovery_share=0.75)
    low, high = (run(zone, constant(0.0, elevation_m=z)).parameters for z in (0.0, 1609.0))
    assert low.mean_ventilation_w_per_k == pytest.approx(0.336 * (125 + 25))
    assert high.mean_ventilation_w_per_k == pytest.approx(0.8237 * low.mean_ventilation_w_per_k, rel=1e-3)
    kept = run(zone | {"air_density_by_elevation": False}, constant(0.0, elevation_m=1609.0)).parameters
    assert kept == low


def test_windows_open_only_in_their_months_and_between_their_temperatures() -> None:
    rule = {
        "air_change_per_h": 5.0,
        "above_degc": 18.0,
        "below_degc": 27.0,
        "first_month": 11,
        "last_month": 3,
    }
    closed = run(plain(), constant(20.0)).parameters.mean_ventilation_w_per_k
    winter = run(plain(natural_ventilation=rule), constant(20.0)).parameters.mean_ventilation_w_per_k
    days = 30 + 31 + 31 + 28 + 31
    assert winter == pytest.approx(closed * (10 * days + 365 - days) / 365)
    for degc in (18.0, 27.0, 5.0):
        found = run(plain(natural_ventilation=rule), constant(degc)).parameters
        assert found.mean_ventilation_w_per_k == pytest.approx(closed)


def test_latent_cooling_dries_outdoor_air_while_cooling_runs() -> None:
    zone = plain(cooling_setpoint_degc=[26.0], latent_gain_w=[100.0])
    found = run(zone, constant(30.0, humidity=0.8))
    vapour = 0.8 * 610.94 * np.exp(17.625 * 30 / (30 + 243.04))
    outdoor = 0.622 * vapour / (101_325 - vapour)
    by_hand = 1.2 / 3600 * 125 * 2.5e6 * (outdoor - 0.0115) + 100
    assert found.latent_cooling_kwh == pytest.approx(by_hand * 8.76, rel=1e-6)
    assert run(zone, constant(10.0, humidity=0.8)).latent_cooling_kwh == 0  # no cooling, no drying
    dry = run(zone, constant(30.0, humidity=0.1))
    assert dry.latent_cooling_kwh == 0  # outdoor air of 2.6 g/kg carries the moisture away
    drier = plain(cooling_setpoint_degc=[26.0], latent_gain_w=[2000.0])
    left = 2000 - 1.2 / 3600 * 125 * 2.5e6 * (
        0.0115 - outdoor / 8 * (101_325 - vapour) / (101_325 - vapour / 8)
    )
    assert run(drier, constant(30.0, humidity=0.1)).latent_cooling_kwh == pytest.approx(left * 8.76, rel=1e-6)
    assert run(zone, constant(30.0)).latent_cooling_kwh == pytest.approx(876)  # humidity unknown


def test_set_points_at_or_beyond_99_are_off() -> None:
    off = run(plain(heating_setpoint_degc=[-99.0], cooling_setpoint_degc=[99.0]), YEAR)
    free = run(plain(), YEAR)
    assert off.heating_kwh == off.sensible_cooling_kwh == 0
    assert off.mean_air_degc == free.mean_air_degc


def test_the_same_zone_gives_the_same_bits() -> None:
    zone = box([FOAM, CONCRETE], heating_setpoint_degc=[20.0], cooling_setpoint_degc=[26.0])
    first, second = run(zone, YEAR), run(zone, made_year())
    assert first.hours and second.hours
    assert np.array_equal(first.hours.air_degc, second.hours.air_degc)
    assert first.heating_kwh == second.heating_kwh


def test_windows_are_shut_while_cooling_runs() -> None:
    rule = {
        "air_change_per_h": 3.0,
        "above_degc": 18.0,
        "below_degc": 27.0,
        "first_month": 4,
        "last_month": 10,
    }
    use = {"heating_setpoint_degc": [18.0], "cooling_setpoint_degc": [25.0], "infiltration_per_h": [0.4]}
    shut, opened = run(plain(**use), made_year()), run(plain(**use, natural_ventilation=rule), made_year())
    assert opened.sensible_cooling_kwh < shut.sensible_cooling_kwh  # windows cool for nothing
    assert opened.latent_cooling_kwh <= shut.latent_cooling_kwh  # and let in no moisture that plant must dry
    assert opened.largest_residual_share < 1e-9
