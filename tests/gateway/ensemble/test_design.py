"""Members: extendable, correlated as asked, weather apart, inside every lever's bounds in every region."""

import math

import numpy as np
import pytest
from scipy import stats

from gateway.ensemble.design import World, correlated, draws, members, points, weather_years
from gateway.ensemble.distributions import Distribution
from gateway.ensemble.inputs import check_bounds, inputs_of
from gateway.ensemble.paths import drawn_path
from services.common.errors import DomainError
from services.common.levers import resolve
from services.common.region_files import RegionDataError
from services.common.regions import load_region, region_ids
from services.common.scenario import LeverSetting, Scenario

YEARS = tuple(range(2020, 2036))


@pytest.fixture(scope="module")
def levers(shop):
    return shop.do(shop.pipeline.calls.levers("jiangsu"))


@pytest.fixture(scope="module")
def inputs():
    return inputs_of(load_region("jiangsu"))


def test_the_first_members_are_the_same_whatever_their_number(levers, inputs):
    world = World(load_region("jiangsu"), levers, 2035)
    few, many = (members(Scenario(), inputs, n, 5, world) for n in (5, 12))
    assert many[:5] == few
    assert np.array_equal(points(7, 9, 3), points(7, 100, 3)[:9])
    assert not np.array_equal(points(7, 9, 3), points(7, 9, 4))


def test_points_fill_every_dimension_evenly():
    drawn = points(23, 64, 1)
    for column in drawn.T:
        assert np.bincount((column * 64).astype(int), minlength=64).tolist() == [1] * 64


def test_the_copula_gives_the_rank_correlation_asked():
    """Rank correlation 6/pi asin(rho/2): 0.582 for 0.6. Other columns are left as they are."""
    shares = points(4, 4096, 2)
    both = correlated(shares, [((0, 2), 0.6)])
    found = stats.spearmanr(both[:, 0], both[:, 2]).statistic
    assert found == pytest.approx(6 / math.pi * math.asin(0.3), abs=0.01)
    assert abs(stats.spearmanr(both[:, 0], both[:, 1]).statistic) < 0.02
    assert np.array_equal(both[:, [1, 3]], shares[:, [1, 3]])
    assert stats.kstest(both[:, 2], "uniform").statistic < 0.01


def test_weather_is_not_tied_to_any_input(inputs):
    """Mean of every input by weather year: the same to a hundredth of its range; counts as the data weigh."""
    shares = draws(inputs, 4096, 1)
    weather = np.array(weather_years(load_region("jiangsu"), shares))
    assert {w: int((weather == w).sum()) for w in sorted(set(weather))} == {
        "cold": 512, "hot": 512, "low_wind": 512, "normal": 2560,
    }  # fmt: skip
    for column in shares[:, 1:].T:
        means = [column[weather == w].mean() for w in sorted(set(weather))]
        assert max(means) - min(means) < 0.02
    assert set(weather_years(load_region("jiangsu"), shares[:16], ("hot", "cold"))) == {"hot", "cold"}


def test_every_distribution_of_every_region_stays_inside_its_levers_bounds(shop):
    for region_id in region_ids():
        region = load_region(region_id)
        if not region.has("scenarios/frozen"):
            continue
        levers = shop.do(shop.pipeline.calls.levers(region_id))
        check_bounds(inputs_of(region), levers, region_id)


def test_a_draw_outside_the_bounds_is_told_when_the_data_are_read(levers, inputs):
    from dataclasses import replace

    wide = replace(inputs[0], anchors=((2030, Distribution("uniform", -0.9, 0, 0.9)),))
    lost = replace(inputs[1], lever_id="drivers.nothing")
    with pytest.raises(RegionDataError, match=r"gdp_growth.*drivers\.nothing|drivers\.nothing.*gdp_growth"):
        check_bounds([wide, lost], levers, "jiangsu")


def test_members_pass_the_door(shop, levers, inputs):
    """Every setting drawn is one that a caller could send."""
    from gateway.resolve import resolve as open_scenarios

    world = World(load_region("jiangsu"), levers, 2035)
    drawn = members(Scenario(), inputs, 8, 3, world)
    raw = {f"s[{i}]": m.model_dump() for i, m in enumerate(drawn)}
    _, opened = shop.do(open_scenarios(shop.pipeline.calls, {"region": "jiangsu"}, raw))
    assert opened == drawn


@pytest.mark.parametrize("last_year", [2020, 2021, 2025, 2026])
def test_what_is_known_by_the_last_year_is_not_drawn(shop, levers, inputs, last_year):
    from gateway.resolve import resolve as open_scenarios

    drawn = members(Scenario(), inputs, 2, 3, World(load_region("jiangsu"), levers, last_year))
    raw = {f"s[{i}]": m.model_dump() for i, m in enumerate(drawn)}
    _, opened = shop.do(open_scenarios(shop.pipeline.calls, {"region": "jiangsu"}, raw))
    assert opened == drawn


def test_policy_levers_vary_only_when_named(levers, inputs):
    world = World(load_region("jiangsu"), levers, 2035)
    policies = {i.lever_id for i in inputs if i.axis == "policy"}
    plain = {s.lever_id for s in members(Scenario(), inputs, 1, 1, world)[0].settings}
    named = {s.lever_id for s in members(Scenario(), inputs, 1, 1, world, ("heat_pump_new",))[0].settings}
    assert not plain & policies
    assert named - plain == {"buildings.heat_pump_share_new"}
    with pytest.raises(DomainError, match="no such policy input"):
        members(Scenario(), inputs, 1, 1, world, ("gdp_growth",))


def test_naming_a_policy_changes_no_other_draw(levers, inputs):
    world = World(load_region("jiangsu"), levers, 2035)
    plain = members(Scenario(), inputs, 2, 1, world)
    named = members(Scenario(), inputs, 2, 1, world, ("heat_pump_new",))
    for a, b in zip(plain, named, strict=True):
        assert set(a.settings) <= set(b.settings)


def test_a_lever_that_the_scenario_sets_is_certain(levers, inputs):
    world = World(load_region("jiangsu"), levers, 2035)
    own = LeverSetting(lever_id="drivers.gdp_growth", years=(2030,), values=(0.05,))
    for member in members(Scenario(settings=(own,)), inputs, 3, 1, world):
        assert [s for s in member.settings if s.lever_id == own.lever_id] == [own]


def test_deviations_begin_after_the_last_known_year_and_meet_the_anchor(levers, inputs):
    one = next(i for i in inputs if i.input_id == "utility_pv")
    lever = levers[one.lever_id]
    for as_of, known in ((0, 2025), (2022, 2022)):
        paths = resolve([lever], "jiangsu", Scenario(), YEARS, as_of)
        path, central = drawn_path(one, lever, paths, lambda d: d.high, as_of), paths.path(one.lever_id)
        assert np.array_equal(path[: known - 2019], central[: known - 2019])
        assert path[10] == pytest.approx(central[10] * one.anchors[0][1].high)
        ratio = path / central
        assert (np.diff(ratio[known - 2020 : 11]) > 0).all()


def test_a_hindcast_does_not_know_the_electricity_of_later_years(levers, inputs):
    """Before 2025 was published, electricity of other industry grew with GDP times an elasticity."""
    one = next(i for i in inputs if i.input_id == "other_electricity")
    needed = [levers[one.lever_id], levers["drivers.gdp_growth"]]
    then = resolve(needed, "jiangsu", Scenario(), YEARS, 2021)
    middle = drawn_path(one, levers[one.lever_id], then, lambda d: 1.0, 2021)
    growth = then.path("drivers.gdp_growth")
    assert middle[2] / middle[1] == pytest.approx(1 + 0.85 * growth[2])
    now = resolve(needed, "jiangsu", Scenario(), YEARS)
    assert np.array_equal(drawn_path(one, levers[one.lever_id], now, lambda d: 1.0), now.path(one.lever_id))
