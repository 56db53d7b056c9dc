"""Sensitivities through the design's own path: doors, members, settings, a function of them, and the analysis."""

import numpy as np
import pytest
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import sobol as sobol_sample
from scipy import stats

from gateway.jobs.sensitivity import FEWEST_MEMBERS, row_width, sensitivities
from tests.gateway.ensemble.opening import (
    FIRST,
    LEVERS,
    TOTAL,
    cube,
    ishigami,
    own,
    told,
    without_inputs_of_the_region,
)


@pytest.fixture
def alone():
    """No inputs of the region: only those of the caller are drawn."""
    with without_inputs_of_the_region():
        yield


@pytest.mark.parametrize(
    ("base_count", "within"), [(1024, 0.03), pytest.param(4096, 0.01, marks=pytest.mark.slow)]
)
def test_sobol_of_ishigami_e1(opened, world, alone, base_count, within):
    design = opened({"sobol": {"base_count": base_count, "seed": 2, "own_inputs": own(world, 3)}})
    assert design.member_count == 5 * base_count
    y = ishigami(cube(world, design, 3))
    found = {i.input_id: i for i in told(design, y).inputs}
    for lever, first, total in zip(LEVERS, FIRST, TOTAL, strict=False):
        assert found[lever].first_order_share == pytest.approx(first, abs=within)
        assert found[lever].total_share == pytest.approx(total, abs=within)
        assert 0 < found[lever].total_half_width_share < 0.1
    assert told(design, y) == told(design, y)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    drawn = sobol_sample.sample(problem, base_count, calc_second_order=False, seed=2)
    theirs = sobol_analysis.analyze(
        problem, ishigami(drawn), calc_second_order=False, num_resamples=100, seed=3
    )
    for k, lever in enumerate(LEVERS[:3]):
        assert found[lever].first_order_share == pytest.approx(theirs["S1"][k], abs=1e-9)
        assert found[lever].total_half_width_share == pytest.approx(theirs["ST_conf"][k], abs=1e-9)


@pytest.mark.slow
def test_several_seeds_together_come_closer_e1(opened, world, alone):
    """Over 24 seeds the error of one sample of 4,096 has a standard deviation of 0.0003 to 0.004."""
    first, total = [], []
    for seed in range(1, 9):
        design = opened({"sobol": {"base_count": 4096, "seed": seed, "own_inputs": own(world, 3)}})
        found = {i.input_id: i for i in told(design, ishigami(design.shares(0, design.member_count))).inputs}
        first.append([found[lever].first_order_share for lever in LEVERS[:3]])
        total.append([found[lever].total_share for lever in LEVERS[:3]])
    assert np.mean(first, axis=0) == pytest.approx(FIRST, abs=0.004)
    assert np.mean(total, axis=0) == pytest.approx(TOTAL, abs=0.004)


def test_pairs_of_ishigami(opened, world, alone):
    """The first and the third input share 0.243684 of the variance; no other pair does."""
    raw = {"sobol": {"base_count": 256, "seed": 2, "own_inputs": own(world, 3), "second_order": True}}
    design = opened(raw)
    found = told(design, ishigami(cube(world, design, 3))).pairs
    assert {found[0].first_input_id, found[0].second_input_id} == {LEVERS[0], LEVERS[2]}
    assert abs(found[0].share - 0.243684) <= found[0].half_width_share
    assert all(abs(p.share) <= p.half_width_share for p in found[1:])


def test_a_dead_input_has_no_share(opened, world, alone):
    raw = {"sobol": {"base_count": 256, "seed": 0, "own_inputs": own(world, 4)}}
    design = opened(raw)
    dead = told(design, ishigami(cube(world, design, 4))).inputs[-1]
    assert dead.input_id == LEVERS[3] and abs(dead.total_share) <= dead.total_half_width_share + 1e-12
    assert abs(dead.first_order_share) <= dead.first_order_half_width_share + 1e-12


def test_a_seed_of_0_is_a_seed(opened, world, alone):
    """The library takes 0 for none, and would then draw its resamples from the global state."""
    design = opened({"sobol": {"base_count": 64, "seed": 0, "own_inputs": own(world, 3)}})
    y = ishigami(cube(world, design, 3))
    np.random.seed(1)
    first = told(design, y)
    np.random.seed(2)
    assert told(design, y) == first


def test_morris_ranks_and_tells_interactions(opened, world, alone):
    """y = 3a - 2b + 4ac: b without spread, a and c with; from the middle of the lowest quarter to the highest."""
    design = opened({"morris": {"trajectory_count": 60, "seed": 4, "own_inputs": own(world, 4)}})
    u = cube(world, design, 4)
    assert set(np.round(u * 8).astype(int).ravel()) == {1, 3, 5, 7}
    found = told(design, 3 * u[:, 0] - 2 * u[:, 1] + 4 * u[:, 0] * u[:, 2])
    assert found.inputs[0].input_id == LEVERS[0] and found.inputs[-1].input_id == LEVERS[3]
    a, b, c, d = sorted(found.inputs, key=lambda i: LEVERS.index(i.input_id))
    assert b.mean_effect == pytest.approx(0.75 * 2) and b.effect_spread == pytest.approx(0, abs=1e-9)
    assert a.mean_effect == pytest.approx(0.75 * (3 + 4 * 0.5), rel=0.1) and a.effect_spread > 0.5
    assert c.effect_spread > 0.5 and d.mean_effect == pytest.approx(0, abs=1e-9)


def group_sum(design, world, levers):
    """The sum of where the levers lie between their lowest and highest draw, by member."""
    rows = []
    for one in design.block(0, design.member_count):
        held = {
            s.lever_id: s.values[s.years.index(2030)] if s.years else s.values[0]
            for s in one.scenario.settings
        }
        rows.append([held[lever] for lever in levers])
    values = np.array(rows)
    return ((values - values.mean(axis=0)) / values.std(axis=0)).sum(axis=1)


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_correlated_inputs_are_told_as_a_group_and_the_right_one(opened, world, method):
    raw = (
        {"morris": {"trajectory_count": 12, "seed": 1}}
        if method == "morris"
        else {"sobol": {"base_count": 64, "seed": 1}}
    )
    design = opened({**raw, "weather_use": "drawn"})
    levers = ("transport.nev_sales_share_private_car", "transport.nev_sales_share_heavy_truck")
    found = told(design, group_sum(design, world, levers))
    assert found.inputs[0].input_id == "group:nev"
    label = found.inputs[0].label
    assert label.zh.count("、") == 2 and "New-energy share of private cars" in label.en
    if method == "morris":
        assert found.inputs[0].effect_spread is None
        assert all(i.mean_effect == pytest.approx(0, abs=1e-9) for i in found.inputs[1:])
    else:
        assert found.inputs[0].total_share == pytest.approx(1, abs=0.25)
        assert all(abs(i.total_share) < 1e-9 for i in found.inputs[1:])


def test_the_weather_is_an_input_of_its_own(opened):
    for raw in ({"sobol": {"base_count": 32, "seed": 1}}, {"random": {"member_count": 512, "seed": 1}}):
        design = opened({**raw, "weather_use": "drawn"})
        hot = np.array([m.weather_year == "hot" for m in design.block(0, design.member_count)], dtype=float)
        found = told(design, hot)
        assert found.inputs[0].input_id == "weather"
        share = found.inputs[0].first_order_share
        assert share == pytest.approx(1, abs=0.5 if "sobol" in raw else 1e-9)
        assert found.inputs[0].rank_correlation is None
        assert abs(found.inputs[1].first_order_share) < 0.1


def test_given_data_of_ishigami_costs_no_run_more(opened, world, alone):
    design = opened({"random": {"member_count": 4096, "seed": 1, "own_inputs": own(world, 3)}})
    y = ishigami(cube(world, design, 3))
    found = {i.input_id: i for i in told(design, y).inputs}
    for lever, first in zip(LEVERS, FIRST, strict=False):
        assert found[lever].first_order_share == pytest.approx(first, abs=0.01)
    shares = design.shares(0, design.member_count)
    theirs = stats.spearmanr(shares[:, 0], y).statistic
    assert found[LEVERS[0]].rank_correlation == pytest.approx(theirs, rel=1e-9)


def test_noise_gives_given_data_nothing_on_average(opened):
    design = opened({"random": {"member_count": 500, "seed": 1}})
    noise = np.random.default_rng(1).standard_normal((40, 500))
    columns = {str(k): row for k, row in enumerate(noise)}
    found = sensitivities(np.arange(500), columns, design)
    assert np.mean([i.first_order_share for c in found for i in c.inputs]) < 0.02


def test_inputs_that_are_drawn_together_are_told(opened):
    design = opened({"random": {"member_count": 256, "seed": 1}})
    found = {i.input_id: i for i in told(design, np.arange(256.0)).inputs}
    assert set(found["nev_private_car"].correlated_with) == {"nev_light_truck", "nev_heavy_truck"}
    assert found["population"].correlated_with == ()


@pytest.mark.parametrize(
    "raw",
    [
        {"random": {"member_count": 300, "seed": 1}, "weather_use": "drawn"},
        {"random": {"member_count": 80, "seed": 1}, "weather_use": "crossed"},
        {"morris": {"trajectory_count": 6, "seed": 1}},
        {"sobol": {"base_count": 16, "seed": 1}},
    ],
)
def test_sensitivities_are_the_same_in_any_order_of_arrival(opened, raw):
    design = opened(raw)
    y = np.random.default_rng(1).standard_normal(design.member_count)
    order = np.random.default_rng(2).permutation(design.member_count)
    assert sensitivities(order, {"y": y[order]}, design) == sensitivities(np.arange(y.size), {"y": y}, design)


def test_a_failed_member_leaves_its_row_out_whole(opened):
    for raw in ({"morris": {"trajectory_count": 6, "seed": 1}}, {"sobol": {"base_count": 16, "seed": 1}}):
        design = opened(raw)
        width = row_width(design.sensing)
        y = np.random.default_rng(1).standard_normal(design.member_count)
        numbers = np.arange(design.member_count)
        one_missing = np.delete(numbers, width + 2)
        row_missing = np.delete(numbers, slice(width, 2 * width))
        (found,) = sensitivities(one_missing, {"y": y[one_missing]}, design)
        (plain,) = sensitivities(row_missing, {"y": y[row_missing]}, design)
        assert found == plain and found.member_count == design.member_count - width
        assert found.reason == "" and found.inputs
        (few,) = sensitivities(numbers[: 4 * width - 1], {"y": y[: 4 * width - 1]}, design)
        assert not few.inputs and "3 of" in few.reason and "whole" in few.reason
        assert told(design, np.where(numbers == width + 2, np.nan, y)) == found


@pytest.mark.parametrize(
    "raw",
    [
        {"random": {"member_count": 300}},
        {"morris": {"trajectory_count": 6}},
        {"sobol": {"base_count": 16}},
    ],
)
def test_a_column_that_does_not_vary_has_a_reason_and_no_numbers(opened, raw):
    design = opened(raw)
    for value in (0.0, 7.25e8):
        found = told(
            design, np.full(design.member_count, value) * (1 + 1e-15 * (np.arange(design.member_count) % 2))
        )
        assert not found.inputs and "same for every member" in found.reason


def test_designs_without_draws_and_too_few_members_have_a_reason(opened):
    grid = opened(
        {"grid": {"axes": [{"lever_id": "drivers.gdp_growth", "year": 2030, "values": [0.04, 0.05]}]}}
    )
    assert "draws nothing" in told(grid, np.array([1.0, 2.0])).reason
    few = opened({"random": {"member_count": FEWEST_MEMBERS - 1}})
    assert f"{FEWEST_MEMBERS} are needed" in told(few, np.arange(FEWEST_MEMBERS - 1.0)).reason
    none = sensitivities(np.empty(0, dtype=np.int32), {"y": np.empty(0)}, few)
    assert none[0].reason and not none[0].inputs
