"""Population and GDP by place."""

import numpy as np
import pytest

from services.common.drivers import LEVERS
from services.common.economy import city_shares, gdp_by_place, gdp_index, population_by_place
from services.common.levers import LeverPaths, resolve
from services.common.regions import load_region
from services.common.scenario import LeverSetting, Scenario

YEARS = tuple(range(2020, 2061))
REGION = load_region("jiangsu")


def paths_of(*settings: LeverSetting, years: tuple[int, ...] = YEARS) -> LeverPaths:
    levers = [row.in_region("jiangsu") for row in LEVERS]
    return resolve(levers, "jiangsu", Scenario(settings=settings), years)


def test_population_of_2020_is_the_statistic_and_cities_add_up() -> None:
    persons = population_by_place(REGION, paths_of())
    assert persons.shape == (13, 41)
    assert persons[:, 0].sum() == pytest.approx(84.77e6, rel=1e-12)
    nantong = persons[REGION.city_ids.index("nantong"), 0]
    assert nantong == pytest.approx(7.7266e6, rel=1e-3)  # census of 2020


def test_city_shares_follow_the_observed_years_and_then_hold() -> None:
    shares = city_shares(REGION, "population_resident", YEARS)
    assert np.allclose(shares.sum(axis=0), 1, rtol=0, atol=1e-12)
    assert not np.allclose(shares[:, 0], shares[:, 2], rtol=1e-6)
    assert np.allclose(shares[:, 2], shares[:, 40], rtol=1e-12)


def test_gdp_doubles_between_2020_and_2035_by_the_default_path() -> None:
    index = gdp_index(paths_of())
    assert index[0] == 1
    assert index[5] == pytest.approx(1.3159, abs=5e-4)  # observed growth of 2021-2025 chained
    assert index[15] == pytest.approx(1.985, abs=5e-3)


def test_gdp_of_2020_is_the_statistic_in_yuan() -> None:
    gdp = gdp_by_place(REGION, paths_of())
    assert gdp[:, 0].sum() == pytest.approx(10.28077e12, rel=1e-6)
    assert np.allclose(gdp.sum(axis=0), 10.28077e12 * gdp_index(paths_of()), rtol=1e-9)


def test_a_city_that_grows_faster_gains_share_and_the_sum_stays() -> None:
    faster = paths_of(
        LeverSetting(lever_id="drivers.gdp_growth", place="nantong", years=(2030,), values=(0.09,))
    )
    gdp, base = gdp_by_place(REGION, faster), gdp_by_place(REGION, paths_of())
    nantong = REGION.city_ids.index("nantong")
    assert gdp[nantong, 20] > base[nantong, 20]
    assert np.allclose(gdp.sum(axis=0), base.sum(axis=0), rtol=1e-12)


def test_gdp_is_chained_from_2020_only() -> None:
    with pytest.raises(ValueError, match="2025"):
        gdp_index(paths_of(years=tuple(range(2025, 2031))))
