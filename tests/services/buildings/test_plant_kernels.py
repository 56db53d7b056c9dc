"""Kernels of heating systems and of the PV fleet against plain numpy and against limits."""

import numpy as np
import pytest

from services.buildings.roof_kernels import age_fleet, fit_new_roofs, roof_of_floor, share_used
from services.buildings.system_kernels import renew_units, turn_over_plant, weigh_states

DRAW = np.random.default_rng(3)


def test_own_systems_always_add_up_and_boilers_end_as_air_to_water() -> None:
    segments, places, years = 2, 3, 60
    zero, one = np.zeros((places, years)), np.ones((places, years))
    own = np.empty((5, segments, places, years))
    start = np.array([[0.1, 0.05, 0.3], [0.0, 0.0, 0.6]])
    left = np.full((segments, years), 0.1)
    new = np.full((segments, places, years), 0.02)
    rest = np.array([0.5, 0.6])
    none = np.zeros_like(new)
    turn_over_plant(start, np.zeros(2), rest, left, none, one, zero, one / 20, new, own)
    np.testing.assert_allclose(own.sum(axis=0), 1.0, rtol=1e-12)
    assert (np.diff(own[3], axis=-1) < 0).all()
    assert (own[3, ..., -1] < 0.02).all()
    # what completions do not dilute of the boilers that end is air to water
    assert (own[1, ..., 30] > own[1, ..., 0]).all()


def test_units_follow_cohorts_of_one_year() -> None:
    growth = np.full((1, 3), 0.1)
    out = np.empty((1, 3))
    renew_units(growth, 0.1, 1.2, out)
    first = 1 / (0.9 + 0.1 / (1.2 * 1.1))
    assert out[0, 1] == pytest.approx(first)
    assert out[0, 2] == pytest.approx(1 / (0.9 / first + 0.1 / (1.2 * 1.1 * 1.1)))


def test_states_are_weighed_by_the_area_of_the_segment() -> None:
    area, value = DRAW.random((2, 4, 3, 5)), DRAW.random(3)
    out = np.empty((2, 2, 5))
    weigh_states(value, area, np.array([0, 1], dtype=np.int32), np.array([1, 4], dtype=np.int32), out)
    for s, types in enumerate((slice(0, 1), slice(1, 4))):
        own = area[:, types].sum(axis=1)
        np.testing.assert_allclose(out[s], np.einsum("e,pey->py", value, own) / own.sum(axis=1), rtol=1e-12)


def test_roofs_are_floor_times_their_share() -> None:
    area, per_floor = DRAW.random((2, 3, 4, 5)), DRAW.random((3, 4))
    out = np.empty((2, 3, 5))
    roof_of_floor(area, per_floor, out)
    np.testing.assert_allclose(out, np.einsum("ptey,te->pty", area, per_floor), rtol=1e-12)


def test_own_use_lies_on_the_curve_and_is_all_without_output() -> None:
    ratios = np.array([0.0, 0.5, 1.0, 4.0])
    met = np.array([[[0.0, 0.4, 0.6, 0.9]]])
    asked = np.array([[[0.0, 0.25, 0.5, 2.0, 4.0, 40.0, np.inf]]])
    out = np.empty_like(asked)
    share_used(asked, ratios, met, out)
    expected = np.interp(asked[0, 0, 1:6], ratios, met[0, 0]) / asked[0, 0, 1:6]
    np.testing.assert_allclose(out[0, 0], [1.0, *expected, 0.0], rtol=1e-15)


def test_new_roofs_never_carry_more_than_the_region_has() -> None:
    built, total = np.full(10, 5.0), np.array([0.0, 3, 8, 14, 19, 24, 20, 20, 40, 60])
    renewed = np.zeros(10)
    fit, shrink = np.empty(10), np.empty(10)
    fit_new_roofs(built, renewed, total, 25, fit, shrink)
    carried = np.cumsum(np.where(np.arange(10) > 0, fit * built, 0.0))
    assert (carried * shrink <= total + 1e-9).all()
    assert fit[1] == pytest.approx(0.6) and fit[6] == 0.0 and fit[9] == 1.0


def test_a_fleet_that_is_kept_up_settles_at_the_mean_of_its_life() -> None:
    life, wear = 20, 0.01
    by_year, output = np.zeros(200), np.empty(200)
    age_fleet(by_year, (1 - wear) ** np.arange(200), life, np.minimum(np.arange(1.0, 201.0), life), output)
    assert output[-1] == pytest.approx(((1 - wear) ** np.arange(life)).mean(), rel=1e-12)
    assert by_year.sum() == pytest.approx(life)
