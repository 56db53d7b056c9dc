"""Costs of transport: parts, vintages of vehicles, what levers do to them."""

import numpy as np
import pytest

from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.base import BEV, GASOLINE, POWERTRAINS
from services.transport.indicators.cost_parts import (
    COMPONENTS,
    costs_cny,
    freight_cny_per_tkm,
    vehicle_figures,
)
from services.transport.model import MODEL
from services.transport.project import project_transport

FRAME = Frame(region="jiangsu", last_year=2035)


def run(baseline="frozen", **levers):
    settings = tuple(
        LeverSetting(lever_id=f"transport.{name}", years=(2026, 2035), values=(value, value))
        for name, value in levers.items()
    )
    return project_transport(FRAME, Scenario(baseline=baseline, settings=settings))


def total(values, year=2035):
    return float(values[:, year - 2020].sum())


def test_the_parts_sum_to_the_system_cost_and_cities_to_the_region():
    found = {i.metric_id.partition(".")[2]: i for i in MODEL.project(FRAME, Scenario(), ()).indicators}
    parts = [found[f"{name}_cny"] for name in COMPONENTS]
    cost = found["system_cost_cny"]
    np.testing.assert_allclose(np.sum([p.place_values for p in parts], axis=0), cost.place_values, rtol=1e-12)
    np.testing.assert_allclose(cost.place_values.sum(axis=0), cost.region_values, rtol=1e-12)


def test_2020_has_no_annuities():
    cost = costs_cny(run())
    for name in ("vehicle_investment", "charger_investment", "clean_port_ship_rail_investment"):
        assert total(cost[name], 2020) == 0


def test_every_vehicle_sold_has_a_price_and_upkeep():
    p = run()
    price, upkeep = vehicle_figures("jiangsu", p.base.classes)
    assert price.shape[:2] == (len(p.base.classes), len(POWERTRAINS))
    assert (price > 0).all() and (upkeep > 0).all()
    car = p.base.position("private_car")
    # 12.5 x 10^4 CNY of 2020 at prices of 2025
    assert price[car, GASOLINE, 0] == pytest.approx(12.5e4 * 1.033)
    assert price[car, BEV, 15] == pytest.approx(10.5e4 * 1.033)


def test_cars_bought_in_2021_cost_their_annuity_in_2021():
    p = run()
    rate, life = 0.06, 14
    factor = rate * (1 + rate) ** life / ((1 + rate) ** life - 1)
    price, _ = vehicle_figures("jiangsu", p.base.classes)
    spent = (p.activity.fleet.sales[..., 1] * price[..., 1]).sum(axis=(0, 2))
    own = spent[p.base.position("private_car")] * factor
    assert 0 < own < total(costs_cny(p)["vehicle_investment"], 2021)


@pytest.mark.parametrize(
    ("lever", "low", "high", "part", "sign"),
    [
        ("public_charger_density", 10.0, 30.0, "charger_investment", 1),
        ("v2g_share", 0.0, 0.3, "charger_investment", 1),
        ("smart_charging_share", 0.0, 0.5, "charger_investment", 1),
        ("metro_length", 1100.0, 1800.0, "transit_cost", 1),
        ("bus_lane_length", 1800.0, 3000.0, "transit_cost", 1),
        ("cycling_network", 1.1, 2.0, "transit_cost", 1),
        ("shore_power_share", 0.3, 0.9, "clean_port_ship_rail_investment", 1),
        ("ship_battery_share", 0.0, 0.2, "clean_port_ship_rail_investment", 1),
        ("ice_efficiency_improvement", 0.0, 0.03, "vehicle_investment", 1),
        ("ev_efficiency_improvement", 0.0, 0.03, "vehicle_investment", 1),
        ("nev_price_change", 0.0, 0.2, "vehicle_investment", 1),
        ("nev_sales_share_private_car", 0.4, 0.9, "fuel_cost", -1),
        ("nev_sales_share_private_car", 0.4, 0.9, "charger_investment", 1),
    ],
)
def test_a_lever_costs_or_saves(lever, low, high, part, sign):
    change = total(costs_cny(run(**{lever: high}))[part]) - total(costs_cny(run(**{lever: low}))[part])
    assert sign * change > 0


def test_water_is_cheaper_than_road_and_terminals_weigh_on_short_hauls():
    cost = freight_cny_per_tkm("jiangsu")
    road, inland = cost[0], cost[2]
    assert (inland[2::3] < road[2::3]).all()
    assert (cost[:, 0::3] > cost[:, 2::3]).all()


def test_oil_price_scales_fuel_and_a_carbon_price_does_not_enter():
    def with_driver(name, value):
        setting = LeverSetting(lever_id=f"drivers.{name}", years=(2026, 2035), values=(value, value))
        return project_transport(FRAME, Scenario(baseline="frozen", settings=(setting,)))

    plain, dear = run(), with_driver("oil_product_price_multiplier", 1.5)
    assert total(costs_cny(dear)["fuel_cost"]) > total(costs_cny(plain)["fuel_cost"])
    taxed = with_driver("carbon_price", 300.0)
    # it moves choices, so fuel can only fall
    assert total(costs_cny(taxed)["fuel_cost"]) <= total(costs_cny(plain)["fuel_cost"])
