"""Intensity with its causes, the chain behind fuels, exhaust and freight's responses, worked again by hand."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.indicators.decomposition import effects_since_start
from services.transport.model import MODEL

EFFECTS = ("structure", "efficiency", "fuel")
CI = "co2_per_converted_turnover"


def run(*settings_, baseline="planned"):
    scenario = Scenario(baseline=baseline, settings=settings_)
    outcome = MODEL.project(Frame(region="jiangsu"), scenario, ())
    return {i.metric_id.partition(".")[2]: i.region_values for i in outcome.indicators}


def change(lever, value, year=2026):
    owned = lever if "." in lever else f"transport.{lever}"
    return LeverSetting(lever_id=owned, years=(year,), values=(value,))


@pytest.mark.parametrize("baseline", ["frozen", "planned", "reference", "accelerated"])
def test_the_three_effects_are_the_change_of_the_intensity(baseline):
    m = run(baseline=baseline)
    intensity = m[f"{CI}_gco2_per_tkm"]
    summed = sum(m[f"{CI}_{e}_effect_gco2_per_tkm"] for e in EFFECTS)
    np.testing.assert_allclose(summed, intensity - intensity[0], atol=1e-9)


def mean(a, b):
    return a if a == b else (a - b) / (log(a) - log(b))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(*[st.floats(0.01, 1e6)] * 6),
        min_size=1,
        max_size=4,
    )
)
def test_the_index_is_that_of_the_textbook(groups):
    """sum of L(w1 i1, w0 i0) ln(x1 / x0), for structure, energy per turnover and CO2 per energy."""
    t0, t1, e0, e1, c0, c1 = (np.array([g[j] for g in groups]) for j in range(6))
    found = effects_since_start(np.stack([t0, t1], 1), np.stack([e0, e1], 1), np.stack([c0, c1], 1))[:, 1]
    expected = [0.0, 0.0, 0.0]
    for i in range(len(groups)):
        weight = mean(c1[i] / t1.sum(), c0[i] / t0.sum())
        expected[0] += weight * log((t1[i] / t1.sum()) / (t0[i] / t0.sum()))
        expected[1] += weight * log((e1[i] / t1[i]) / (e0[i] / t0[i]))
        expected[2] += weight * log((c1[i] / e1[i]) / (c0[i] / e0[i]))
    whole = c1.sum() / t1.sum() - c0.sum() / t0.sum()
    size = max(np.abs(expected).max(), abs(whole), 1e-12)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6 * size)
    assert sum(found) == pytest.approx(whole, abs=1e-7 * size)


def test_converted_turnover_counts_ten_passengers_a_tonne_by_road():
    m = run()
    goods = m["freight_road_tkm"] + m["freight_water_tkm"]
    np.testing.assert_allclose(m["converted_turnover_tkm"], goods + m["coach_pkm"] / 10, rtol=1e-12)
    # 41.6 billion passenger-km by coach in 2020 count as 4.2 billion tonne-km
    assert m["coach_pkm"][0] / 10 / goods[0] < 0.01


def test_more_water_lowers_the_intensity_by_structure_alone():
    less, more = run(change("freight_water_growth", 0.2)), run(change("freight_water_growth", 0.8))
    assert more[f"{CI}_gco2_per_tkm"][10] < less[f"{CI}_gco2_per_tkm"][10]
    assert (
        more[f"{CI}_structure_effect_gco2_per_tkm"][10]
        < less[f"{CI}_structure_effect_gco2_per_tkm"][10] - 0.3
    )


@pytest.mark.parametrize("baseline", ["frozen", "planned", "reference", "accelerated"])
def test_well_to_wheel_is_never_less_than_tank_to_wheel(baseline):
    m = run(baseline=baseline)
    assert (m["well_to_wheel_tco2e"] >= m["direct_and_electricity_tco2"]).all()
    assert (m["direct_and_electricity_tco2"] >= m["energy_tco2"]).all()
    summed = m["direct_and_electricity_tco2"] + m["well_to_tank_tco2e"]
    np.testing.assert_allclose(m["well_to_wheel_tco2e"], summed, rtol=1e-9)


def chain_of_2020(m):
    """(what, ours, by hand, rel) from metrics: fuels to the tank, electricity at the grid's factor."""
    by_fuel = (
        m["gasoline_gj"][0] * 16 + m["diesel_gj"][0] * 17 + m["kerosene_gj"][0] * 14 + m["fuel_oil_gj"][0] * 13.5
        + m["natural_gas_gj"][0] * 15
    ) * 1e-3  # fmt: skip
    yield "well_to_tank", m["well_to_tank_tco2e"][0], by_fuel, 0.05
    grid = m["direct_and_electricity_tco2"][0] - m["energy_tco2"][0]
    yield "electricity", grid, m["electricity_mwh"][0] * m["reference_grid_kgco2_per_kwh"][0], 0.06


def test_the_chain_of_2020_by_hand():
    """16 g/MJ gasoline, 17 diesel, 14 jet, 13.5 fuel oil, 13 to 18.5 gas; electricity at the grid's factor over losses."""
    for what, found, by_hand, near in chain_of_2020(run()):
        assert found == pytest.approx(by_hand, rel=near), what


def test_nox_by_hand_is_of_the_order_of_the_fleet_and_falls_with_the_standards():
    m = run(baseline="frozen")
    # 0.6 million heavy trucks x 33,000 km x about 5 g/km = 99 kt before the boundary of the statistics
    assert 60e3 < m["truck_nox_t"][0] < 160e3
    assert m["road_nox_t"][10] < 0.4 * m["road_nox_t"][0]
    # ships: 47.6 g per kg of fuel
    ships_kg = m["ship_nox_t"][0] * 1e6 / 47.6
    assert 1.0e9 < ships_kg < 2.5e9
    # old diesel trucks are a fifth of the trucks and more of the NOx than their number
    assert m["china3_diesel_truck_nox_t"][0] > 0
    gone = run(change("china3_diesel_retirement_rate", 1.0, 2021), baseline="frozen")
    assert gone["truck_nox_t"][3] < m["truck_nox_t"][3]


@pytest.mark.parametrize(
    ("metric", "low", "high"),
    [
        ("road_freight_own_rate_elasticity", -1.34, -0.30),
        ("rail_freight_cross_rate_elasticity", 0.11, 1.9),
    ],
)
def test_elasticities_told_by_the_region_lie_in_the_reviews(metric, low, high):
    for baseline in ("frozen", "planned", "reference", "accelerated"):
        values = run(baseline=baseline)[metric]
        assert (values >= low).all()
        assert (values <= high).all()


def test_a_dearer_road_moves_turnover_to_rail_and_water_as_told():
    before, after = run(), run(change("road_freight_cost_change", 0.04))
    year = 15
    road = log(after["freight_road_tkm"][year] / before["freight_road_tkm"][year]) / log(1.1)
    rail = log(after["freight_rail_tkm"][year] / before["freight_rail_tkm"][year]) / log(1.1)
    assert -1.34 <= road <= -0.05
    assert 0.11 <= rail <= 1.9
    assert after["freight_water_tkm"][year] > before["freight_water_tkm"][year]
    assert after["freight_total_tkm"][year] == pytest.approx(before["freight_total_tkm"][year], rel=0.03)


@pytest.mark.parametrize(
    ("lever", "value", "grows"),
    [
        ("rail_tariff_change", -0.05, "rail"),
        ("terminal_time_reduction", 40.0, "rail"),
        ("road_freight_cost_change", 0.2, "rail"),
        ("road_freight_cost_change", 0.2, "water"),
    ],
)
def test_cheaper_alternatives_take_goods_from_the_road(lever, value, grows):
    before, after = run(), run(change(lever, value))
    assert after[f"freight_{grows}_tkm"][20] > before[f"freight_{grows}_tkm"][20]
    assert after["freight_road_tkm"][20] < before["freight_road_tkm"][20]
    assert after["energy_tco2"][20] < before["energy_tco2"][20]


def test_parts_of_freight_add_up_to_the_modes():
    m = run()
    for mode in ("road", "rail"):
        parts = sum(m[f"freight_{cargo}_{mode}_tkm"] for cargo in ("bulk", "container", "other"))
        np.testing.assert_allclose(parts, m[f"freight_{mode}_tkm"], rtol=1e-9)
    water = sum(
        m[f"freight_{cargo}_{mode}_tkm"]
        for cargo in ("bulk", "container", "other")
        for mode in ("inland_water", "coastal", "ocean")
    )
    np.testing.assert_allclose(water, m["freight_water_tkm"], rtol=1e-9)


USE_OF_2020 = (
    ("rail_tce_per_million_tkm", 3.6, 4.9),
    ("ship_kgce_per_100tkm", 0.16, 0.75),
    ("truck_kgce_per_100tkm", 1.5, 2.6),
)


def test_rail_uses_about_four_tonnes_of_coal_equivalent_per_million_converted():
    m = run()
    for name, low, high in USE_OF_2020:
        assert low <= m[name][0] <= high, name
    assert m["rail_tce_per_million_tkm"][10] < m["rail_tce_per_million_tkm"][0]
