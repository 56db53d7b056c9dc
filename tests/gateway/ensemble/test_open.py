"""Designs made members: the same for every cut, as the contract counts them, checked before they are accepted."""

import time
from itertools import pairwise, product

import numpy as np
import pytest
from scipy import stats

from gateway.ensemble.design import draws as all_draws
from gateway.ensemble.design import members, weather_years
from gateway.ensemble.inputs import inputs_of
from gateway.ensemble.words import World
from services.common.door import read_scenario
from services.common.regions import load_region
from services.common.scenario import LeverSetting, Scenario

GDP, FREIGHT, OFFSHORE = (
    "drivers.gdp_growth",
    "transport.freight_gdp_elasticity",
    "power.offshore_wind_capacity",
)
AXES = [
    {"lever_id": GDP, "year": 2030, "values": [0.05, 0.04]},
    {"lever_id": FREIGHT, "values": [0.6, 0.7, 0.8]},
]
DESIGNS = {
    "sobol sequence": {"random": {"member_count": 41, "seed": 5}, "weather_use": "drawn"},
    "latin hypercube": {"random": {"member_count": 41, "seed": 5, "method": "latin_hypercube"}},
    "crossed draws": {"random": {"member_count": 11, "seed": 5}, "weather_use": "crossed"},
    "grid": {"grid": {"axes": AXES}, "weather_use": "crossed", "weather_years": ["cold", "hot", "low_wind"]},
    "one at a time": {"one_at_a_time": {"axes": AXES}},
    "table": {"list": {"table": b"drivers.gdp_growth@2030\n0.04\n\n0.05\n0.03\n", "table_format": "csv"}},
    "scenarios": {"list": {"scenarios": [{"name": "a"}, {"name": "b"}, {"baseline": "frozen"}]}},
    "morris": {"morris": {"trajectory_count": 4, "seed": 5}, "weather_use": "drawn"},
    "sobol indices": {"sobol": {"base_count": 8, "seed": 5}},
}


def settings_of(drawn):
    return {
        (s.lever_id, s.place, y): v
        for s in drawn.scenario.settings
        for y, v in zip(s.years or (0,), s.values, strict=True)
    }


@pytest.mark.parametrize("raw", DESIGNS.values(), ids=DESIGNS)
def test_blocks_of_any_cut_are_the_whole(opened, raw):
    design = opened(raw)
    count = design.member_count
    whole = list(design.block(0, count))
    assert [m.number for m in whole] == list(range(count))
    shares = design.shares(0, count)
    assert shares.shape == (count, len({c for i in design.inputs for c in i.columns}))
    for size in (1, 7, 64):
        other = opened(raw)
        cut = [m for at in range(0, count, size) for m in other.block(at, min(size, count - at))]
        assert cut == whole
    again = opened(raw)
    assert list(again.block(count - 3, 3)) == whole[-3:]
    assert np.array_equal(again.shares(count - 3, 3), shares[-3:])
    assert list(again.block(2, 0)) == []
    for first, size in ((-1, 2), (count, 1), (0, count + 1)):
        with pytest.raises(IndexError):
            again.block(first, size)


@pytest.mark.parametrize("raw", DESIGNS.values(), ids=DESIGNS)
def test_every_member_passes_the_door_of_a_scenario(opened, world, raw):
    design = opened(raw)
    for one in design.block(0, design.member_count):
        read, wrong = read_scenario(one.scenario.model_dump(), world.region, lambda _: world.levers)
        assert not wrong and read == one.scenario


def test_a_random_design_draws_the_members_of_the_regions_own_ensemble(opened, world):
    design = opened(DESIGNS["sobol sequence"])
    inputs = inputs_of(world.region)
    found = design.block(0, 41)
    assert tuple(m.scenario for m in found) == members(Scenario(), inputs, 41, 5, world)
    assert tuple(m.weather_year for m in found) == weather_years(world.region, all_draws(inputs, 41, 5))


def test_extending_from_1024_to_2048_keeps_the_first_half(opened):
    half, whole = (opened({"random": {"member_count": n, "seed": 9}}) for n in (1024, 2048))
    assert np.array_equal(half.shares(0, 1024), whole.shares(0, 1024))
    assert list(half.block(960, 64)) == list(whole.block(960, 64))
    assert half.block(0, 8) != opened({"random": {"member_count": 1024, "seed": 10}}).block(0, 8)


def test_a_latin_hypercube_has_one_member_in_every_stratum_and_depends_on_its_count(opened):
    raw = {"random": {"member_count": 50, "seed": 1, "method": "latin_hypercube"}}
    design = opened(raw)
    for one, column in zip(design.inputs, design.shares(0, 50).T, strict=True):
        if one.input_id in ("population", "crude_steel", "coal_price"):
            assert sorted((column * 50).astype(int)) == list(range(50))
    raw["random"]["member_count"] = 100
    assert not np.array_equal(opened(raw).shares(0, 50), design.shares(0, 50))


def test_correlations_are_recovered_and_told(opened):
    design = opened({"random": {"member_count": 4096, "seed": 2}})
    shares = design.shares(0, 4096)
    at = {i.input_id: i.columns[0] for i in design.inputs}
    found = stats.spearmanr(shares[:, at["nev_private_car"]], shares[:, at["nev_heavy_truck"]]).statistic
    assert found == pytest.approx(6 / np.pi * np.arcsin(0.3), abs=0.015)
    assert abs(stats.spearmanr(shares[:, at["population"]], shares[:, at["warming"]]).statistic) < 0.03
    assert ("nev_private_car", "nev_heavy_truck") in design.sensing.correlated


def test_the_weather_has_a_dimension_of_its_own(opened):
    design = opened(
        {
            "random": {"member_count": 1024, "seed": 1},
            "weather_use": "drawn",
            "weather_years": ["hot", "cold", "normal"],
        }
    )
    shares = design.shares(0, 1024)
    assert design.inputs[0].input_id == "weather"
    weather = np.array([m.weather_year for m in design.block(0, 1024)])
    counts = [int((weather == w).sum()) for w in ("hot", "cold", "normal")]
    assert max(counts) - min(counts) <= 2
    for column in shares[:, 1:].T:
        means = [column[weather == w].mean() for w in set(weather)]
        assert max(means) - min(means) < 0.03
    for name in set(weather):
        assert len(set(shares[weather == name, 0])) == 1


def test_crossed_weather_runs_every_member_in_every_year_with_the_year_fastest(opened):
    plain = opened({"random": {"member_count": 6, "seed": 3}})
    crossed = opened({"random": {"member_count": 6, "seed": 3}, "weather_use": "crossed"})
    found = crossed.block(0, crossed.member_count)
    assert crossed.member_count == 24
    assert [m.weather_year for m in found[:5]] == ["normal", "hot", "cold", "low_wind", "normal"]
    assert [m.scenario for m in found[::4]] == [m.scenario for m in plain.block(0, 6)]
    assert crossed.inputs[0].input_id == "weather"


def test_the_frames_weather_holds_unless_another_is_asked(opened):
    design = opened({"grid": {"axes": AXES}}, weather_year="cold")
    assert {m.weather_year for m in design.block(0, 6)} == {"cold"}


def test_a_grid_is_every_combination_with_the_last_axis_fastest(opened):
    found = [settings_of(m) for m in opened({"grid": {"axes": AXES}}).block(0, 6)]
    assert [(f[GDP, "", 2030], f[FREIGHT, "", 0]) for f in found] == list(
        product((0.05, 0.04), (0.6, 0.7, 0.8))
    )


def test_one_at_a_time_starts_with_the_scenario_itself(opened):
    own = Scenario(
        name="mine", settings=(LeverSetting(lever_id=GDP, years=(2028, 2030), values=(0.045, 0.046)),)
    )
    found = opened({"one_at_a_time": {"axes": AXES}}, own).block(0, 6)
    assert found[0].scenario == own
    assert settings_of(found[1]) == {(GDP, "", 2028): 0.045, (GDP, "", 2030): 0.05}
    assert settings_of(found[3]) == {(GDP, "", 2028): 0.045, (GDP, "", 2030): 0.046, (FREIGHT, "", 0): 0.6}
    assert found[3].scenario.name == "mine"


def test_a_block_of_a_large_design_costs_what_its_members_cost(opened):
    """Prepared once: 64 of 100,000 take less than 1 ms a member even on a busy machine (0.1 ms alone)."""
    for method in ("sobol", "latin_hypercube"):
        design = opened({"random": {"member_count": 100_000, "seed": 1, "method": method}})
        design.block(0, 64)
        times = []
        for first in (640, 50_000, 99_936):
            start = time.process_time()
            design.block(first, 64)
            times.append(time.process_time() - start)
        assert min(times) / 64 < 1e-3


def test_own_inputs_replace_the_regions_and_leave_other_draws_alone(opened):
    own = {
        "lever_id": "industry.crude_steel_output",
        "year": 2030,
        "change": "scale",
        "kind": "uniform",
        "low": 0.9,
        "high": 0.95,
    }
    plain = opened({"random": {"member_count": 8, "seed": 1}}).block(0, 8)
    changed = opened({"random": {"member_count": 8, "seed": 1, "own_inputs": [own]}})
    assert "industry.crude_steel_output" in {i.input_id for i in changed.inputs}
    for a, b in zip(plain, changed.block(0, 8), strict=True):
        before, after = settings_of(a), settings_of(b)
        differing = {k[0] for k in before if before[k] != after[k]}
        assert differing == {"industry.crude_steel_output"} and before.keys() == after.keys()


def test_an_own_input_is_drawn_around_the_scenarios_own_path_and_cities_stay(opened, world):
    wind = LeverSetting(lever_id=GDP, years=(2030,), values=(0.05,))
    own = {"lever_id": GDP, "year": 2030, "change": "shift", "kind": "uniform", "low": -0.001, "high": 0.001}
    design = opened(
        {"random": {"member_count": 64, "seed": 1, "own_inputs": [own]}}, Scenario(settings=(wind,))
    )
    values = [settings_of(m)[GDP, "", 2030] for m in design.block(0, 64)]
    assert 0.049 <= min(values) < 0.0492 and 0.0508 < max(values) <= 0.051
    fixed = opened({"random": {"member_count": 2}}, Scenario(settings=(wind,)))
    assert GDP not in {s for i in fixed.inputs for s in (i.input_id,)}
    assert "gdp_growth" not in {i.input_id for i in fixed.inputs}


def test_several_years_of_one_own_input_are_one_draw(opened):
    own = [
        {"lever_id": OFFSHORE, "year": y, "change": "scale", "kind": "uniform", "low": 0.9, "high": 1.1}
        for y in (2032, 2030)
    ]
    design = opened({"random": {"member_count": 4, "own_inputs": own}})
    plain = opened(
        {
            "random": {
                "member_count": 1,
                "own_inputs": [
                    {
                        "lever_id": OFFSHORE,
                        "year": y,
                        "change": "scale",
                        "kind": "discrete",
                        "values": [1.0],
                        "weights": [1.0],
                    }
                    for y in (2030,)
                ],
            }
        }
    ).block(0, 1)[0]
    centre = settings_of(plain)
    for one in design.block(0, 4):
        found = settings_of(one)
        ratios = {y: found[OFFSHORE, "", y] / centre[OFFSHORE, "", y] for y in (2030, 2031, 2032, 2035)}
        assert max(ratios.values()) - min(ratios.values()) < 1e-12


def test_morris_moves_one_input_at_a_time_and_correlated_ones_together(opened):
    design = opened({"morris": {"trajectory_count": 5, "seed": 3}, "weather_use": "drawn"})
    width = len(design.inputs) + 1
    assert design.member_count == 5 * width
    names = {i.input_id for i in design.inputs}
    assert {"weather", "group:economy", "group:nev", "population"} <= names and "gdp_growth" not in names
    found = design.block(0, width)
    moved = []
    for a, b in pairwise(found):
        before, after = settings_of(a), settings_of(b)
        moved.append(({k[0] for k in before if before[k] != after[k]}, a.weather_year != b.weather_year))
    assert sum(bool(levers) for levers, _ in moved) >= width - 3
    assert {"drivers.gdp_growth", "industry.other_electricity", "industry.chemical_electricity"} in [
        m for m, _ in moved
    ]
    assert all(not (levers and weather) for levers, weather in moved)


def test_sobol_counts_groups_and_not_inputs(opened):
    plain = opened({"sobol": {"base_count": 16, "seed": 3}})
    second = opened({"sobol": {"base_count": 16, "seed": 3, "second_order": True}})
    d = len(plain.inputs)
    assert (plain.member_count, second.member_count) == (16 * (d + 2), 16 * (2 * d + 2))
    # A group alone in the world is an input as any other.
    alone = Scenario(
        settings=(
            LeverSetting(lever_id="industry.other_electricity", years=(2030,), values=(1.3,)),
            LeverSetting(lever_id="industry.chemical_electricity", years=(2030,), values=(1.3,)),
        )
    )
    assert "gdp_growth" in {i.input_id for i in opened({"sobol": {"base_count": 16}}, alone).inputs}


def test_correlated_inputs_of_a_sobol_design_keep_their_correlation(opened):
    design = opened({"sobol": {"base_count": 128, "seed": 3}})
    width = len(design.inputs) + 2
    first = [settings_of(design.block(k * width, 1)[0]) for k in range(128)]
    a, b = (
        [f[lever, "", 2030] for f in first]
        for lever in ("transport.nev_sales_share_private_car", "transport.nev_sales_share_light_truck")
    )
    assert stats.spearmanr(a, b).statistic == pytest.approx(0.58, abs=0.1)


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ({"grid": {"axes": [
            {"lever_id": "drivers.gdp_grwth", "year": 2030, "values": [1.0]},
            {"lever_id": GDP, "year": 2022, "values": [0.03, 9.0]},
            {"lever_id": FREIGHT, "year": 2030, "place": "atlantis", "values": [0.6]},
            {"lever_id": OFFSHORE, "values": [5.0]},
            {"lever_id": GDP, "year": 2022, "values": [0.01]},
        ]}, "weather_use": "drawn", "weather_years": ["hot"]},
         ["did you mean drivers.gdp_growth", "grid.axes[1].year: drivers.gdp_growth is observed", "values[1]: drivers.gdp_growth is out of range (given: 9)",
          "grid.axes[2].place: no such city", "grid.axes[2].year: a constant takes no year", "grid.axes[3].year", "grid.axes[4]: drivers.gdp_growth@2022 stands twice",
          "weather_use: grid draws nothing"]),
        ({"grid": {"axes": [{"lever_id": GDP, "year": 2030 + k, "values": [i / 1000 for i in range(10)]} for k in range(6)]}}, ["too many members (given: 1,000,000)"]),
        ({"random": {"member_count": 60_000}, "weather_use": "crossed"}, ["too many members (given: 240,000)"]),
        ({"sobol": {"base_count": 16_384}}, ["sobol: too many members"]),
        ({"sobol": {"base_count": 8}, "weather_use": "crossed"}, ["take drawn"]),
        ({"random": {"member_count": 5}, "weather_years": ["hot"]}, ["weather_years: read with weather_use"]),
        ({"random": {"member_count": 5, "policy_inputs": ["heat_pump_nw"], "own_inputs": [
            {"lever_id": "power.nothing", "year": 2030, "kind": "uniform", "high": 1.0},
            {"lever_id": GDP, "year": 2021, "kind": "triangular", "low": 3.0, "middle": 1.0, "high": 4.0},
            {"lever_id": GDP, "year": 2030, "change": "odds", "kind": "normal", "low": -3.0, "high": 1.0},
            {"lever_id": GDP, "year": 2030, "kind": "uniform", "high": 0.1},
        ]}},
         ["random.policy_inputs[0]: no such policy input, did you mean heat_pump_new".replace(",", ";"), "own_inputs[0].lever_id: no such lever", "own_inputs[1].year",
          "own_inputs[1]: low 3 <= middle 1", "own_inputs[2].change: odds are of shares only", "own_inputs[2]: truncated_normal needs a spread",
          "own_inputs[3]: drivers.gdp_growth is given twice", "own_inputs[2].change: drivers.gdp_growth has another change"]),
        ({"random": {"member_count": 5, "own_inputs": [{"lever_id": GDP, "year": 2030, "kind": "uniform", "low": -3.0, "high": 1.0}]}},
         ["own_inputs[0]: draws of drivers.gdp_growth leave its bounds"]),
        ({"random": {"member_count": 5, "own_inputs": [{"lever_id": GDP, "year": 2030}]}}, ["own_inputs[0].kind: the kind of distribution is not given"]),
    ],
)  # fmt: skip
def test_a_wrong_design_is_refused_with_every_violation(refused, raw, texts):
    found = refused(raw)
    for text in texts:
        assert any(text in f for f in found), (text, found)


def test_a_design_without_anything_to_draw_is_refused(refused, opened, world):
    early = World(world.region, world.levers, 2020)
    fixed = Scenario(
        settings=tuple(
            LeverSetting(lever_id=i.lever_id, values=(world.levers[i.lever_id].low,))
            for i in inputs_of(world.region)
            if world.levers[i.lever_id].kind == "constant"
        )
    )
    assert "nothing is drawn" in refused({"random": {"member_count": 5}}, fixed, early)[0]
    assert opened({"random": {"member_count": 5}, "weather_use": "drawn"}, fixed, early).member_count == 5


def test_an_input_of_the_region_that_a_past_knowledge_puts_outside_is_told_with_its_way_out(
    refused, opened, levers_of
):
    """Channels into Jiangxi stood at their lowest use when frozen as known in 2022: a shift leaves the bounds."""
    then = World(load_region("jiangxi", 2022), levers_of("jiangxi"), 2030, 2022)
    raw, frozen = {"random": {"member_count": 4}}, Scenario(baseline="frozen")
    (found,) = refused(raw, frozen, then)
    assert "import_utilisation" in found and "as known in 2022" in found and "set the lever" in found
    lever = next(i.lever_id for i in inputs_of(then.region) if i.input_id == "import_utilisation")
    own = {"lever_id": lever, "year": 2030, "change": "shift", "kind": "uniform", "low": 0.0, "high": 0.05}
    assert opened({"random": {"member_count": 4, "own_inputs": [own]}}, frozen, then).member_count == 4


def test_too_many_settings_are_told_before_a_member_is_run(refused, world):
    many = Scenario(
        settings=tuple(
            LeverSetting(lever_id=lever, place=place, years=(2035,), values=(world.levers[lever].low,))
            for lever in sorted(world.levers)
            for place in world.region.city_ids
            if world.levers[lever].kind == "path" and world.levers[lever].by_city
        )[:1000]
    )
    assert len(many.settings) == 1000
    assert "too many settings" in refused({"grid": {"axes": AXES}}, many)[0]
