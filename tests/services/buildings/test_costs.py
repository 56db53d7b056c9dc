"""Costs and air pollutants of buildings: parts, what levers do to them, nothing charged twice."""

import numpy as np
import pytest

from services.buildings.air import pollutants_t
from services.buildings.costs import COMPONENTS, assets, costs_cny
from services.buildings.model import MODEL
from services.buildings.project import project_buildings
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario

FRAME = Frame(region="jiangsu", last_year=2035)


def run(**levers):
    settings = tuple(
        LeverSetting(lever_id=f"buildings.{name}", years=(2026, 2035), values=(value, value))
        for name, value in levers.items()
    )
    return project_buildings(FRAME, Scenario(settings=settings))


def total(values, year=2035):
    return float(values[:, year - 2020].sum())


def test_the_parts_sum_to_the_system_cost_and_cities_to_the_region():
    found = {i.metric_id.partition(".")[2]: i for i in MODEL.project(FRAME, Scenario(), ()).indicators}
    parts = [found[f"{name}_cny"] for name in COMPONENTS]
    np.testing.assert_allclose(
        np.sum([p.place_values for p in parts], axis=0), found["system_cost_cny"].place_values, rtol=1e-12
    )
    np.testing.assert_allclose(
        found["system_cost_cny"].place_values.sum(axis=0), found["system_cost_cny"].region_values, rtol=1e-12
    )


def test_2020_has_fuel_and_no_investment():
    cost = costs_cny(run())
    assert total(cost["fuel_cost"], 2020) > 0
    assert all(total(cost[name], 2020) == 0 for name in COMPONENTS if name != "fuel_cost")


def test_more_retrofit_costs_more_and_burns_less():
    few, many = run(retrofit_area_residential=2.0), run(retrofit_area_residential=20.0)
    a, b = costs_cny(few), costs_cny(many)
    assert total(b["retrofit_investment"]) > total(a["retrofit_investment"]) > 0
    assert total(b["fuel_cost"]) < total(a["fuel_cost"])


def test_deeper_retrofit_costs_more():
    light = costs_cny(run(retrofit_medium_share=0.0, retrofit_deep_share=0.0))
    deep = costs_cny(run(retrofit_medium_share=0.0, retrofit_deep_share=1.0))
    assert total(deep["retrofit_investment"]) > total(light["retrofit_investment"])


@pytest.mark.parametrize(
    ("lever", "low", "high", "part"),
    [
        ("ultra_low_energy_share_new", 0.0, 0.4, "new_standard_investment"),
        ("near_zero_energy_share_new", 0.0, 0.4, "new_standard_investment"),
        ("prefabricated_share_new_starts", 0.2, 0.8, "new_standard_investment"),
        ("green_building_share_new", 0.2, 0.9, "new_standard_investment"),
        ("flexible_building_share_new", 0.0, 0.5, "new_standard_investment"),
        ("heat_pump_share_replacement", 0.0, 1.0, "heat_pump_investment"),
        ("ground_source_share_new", 0.0, 0.5, "heat_pump_investment"),
        ("district_heat_heat_pump_share", 0.0, 0.4, "heat_pump_investment"),
        ("solar_thermal_hot_water_share", 0.1, 0.4, "water_heating_investment"),
        ("ac_efficiency_growth", 0.0, 0.03, "efficient_unit_investment"),
        ("appliance_efficiency_growth", 0.0, 0.02, "efficient_unit_investment"),
    ],
)
def test_a_measure_costs(lever, low, high, part):
    assert total(costs_cny(run(**{lever: high}))[part]) > total(costs_cny(run(**{lever: low}))[part])


def test_rooftop_pv_is_priced_by_power_and_not_here():
    low, high = run(rooftop_pv_coverage_new_factory=0.0), run(rooftop_pv_coverage_new_factory=0.8)
    assert total(high.roofs.capacity_mw) >= total(low.roofs.capacity_mw)
    for name, values in costs_cny(low).items():
        np.testing.assert_array_equal(values, costs_cny(high)[name], name)
    region = load_region("jiangsu")
    assert "rooftop_pv" in region.table("power/costs").by("asset")
    assert not any("pv" in name for name in assets("jiangsu"))


def test_pollutants_follow_the_fuel_burned():
    plain, electric = run(electric_cooking_share=0.2), run(electric_cooking_share=0.9)
    a, b = pollutants_t(plain), pollutants_t(electric)
    assert all(total(b[name]) < total(a[name]) for name in a)
    # gas alone: 51 g of NOx a GJ
    gas = sum(e.sum(axis=0) for (_, c), e in plain.energy.items() if c in ("natural_gas", "lpg"))
    coal = sum(e.sum(axis=0) for (_, c), e in plain.energy.items() if c == "coal")
    np.testing.assert_allclose(a["nox"], (51 * gas + 110 * coal + 50 * plain.raw.biomass_gj) * 1e-6)
