"""Carbon price at the wheel, response over years, mileage of a class, freight left to others, chargers offered once."""

from functools import lru_cache

import numpy as np
import pytest

from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.base import BEV, LNG, PHEV
from services.transport.charging.loads import charging_by_shape, charging_classes, flexible_loads
from services.transport.indicators import SUMS
from services.transport.indicators.project import Sums
from services.transport.project import project_transport

FRAME = Frame(region="jiangsu")
BASELINES = ("frozen", "planned", "reference", "accelerated")


def setting(name, years, values):
    return LeverSetting(lever_id=name, years=years, values=values)


@lru_cache(maxsize=16)
def project(baseline, *settings):
    return project_transport(FRAME, Scenario(baseline=baseline, settings=settings))


def car_km(projection):
    private = projection.base.position("private_car")
    return projection.activity.fleet.km[:, private].sum(axis=(0, 1))


@pytest.mark.parametrize("baseline", BASELINES)
def test_a_carbon_price_on_fuel_shortens_car_travel_from_its_first_year_on(baseline):
    dear = project(baseline, setting("drivers.carbon_price", (2027, 2060), (1000.0, 1000.0)))
    ratio = car_km(dear) / car_km(project(baseline))
    assert (ratio[:6] == 1.0).all()  # 2026 lies between what is observed and the price of 2027
    assert (ratio[7:21] < 1.0).all()  # later nearly all cars are electric
    # 1,000 CNY a tonne is 0.17 CNY a km, about a third of the fuel
    assert 0.85 < ratio[10] < 0.97


def test_mileage_answers_a_price_in_part_at_once_and_more_with_time():
    # 2035 to 2060 is left out: more and more cars are electric
    dear = setting("drivers.oil_product_price_multiplier", (2026, 2060), (1.5, 1.5))
    ratio = car_km(project("frozen", dear)) / car_km(project("frozen"))
    first, later = np.log(ratio[6]) / np.log(1.5), np.log(ratio[12]) / np.log(1.5)
    assert -0.35 < later < first < -0.05


@pytest.mark.parametrize("baseline", ["frozen", "planned"])
def test_heavy_trucks_drive_the_mean_of_their_class_in_2020_and_line_haul_more(baseline):
    p = project(baseline)
    c = p.base.position("heavy_truck")
    km, stock = (x[:, c, :, 0].sum(axis=0) for x in (p.activity.fleet.km, p.activity.fleet.stock))
    assert km.sum() / stock.sum() == pytest.approx(33_000, rel=1e-9)
    assert km[LNG] / stock[LNG] > 60_000


@pytest.mark.parametrize("baseline", BASELINES)
def test_freight_that_no_carrier_of_the_region_takes_is_told(baseline):
    values = Sums(SUMS, project(baseline))
    demand, total = values["freight_demand_tkm"], values["freight_total_tkm"]
    left = values["freight_left_to_others_tkm"]
    assert left == pytest.approx(np.maximum(demand - total, 0.0), rel=1e-9, abs=1.0)
    assert (left[:, 0] <= 1.0).all()


@pytest.mark.parametrize("smart,feeding", [(0.0, 0.3), (0.5, 0.2), (0.9, 0.3)])
def test_no_charger_is_offered_twice_to_power(smart, feeding):
    p = project(
        "planned",
        setting("transport.smart_charging_share", (2026, 2060), (smart, smart)),
        setting("transport.v2g_share", (2026, 2060), (feeding, feeding)),
    )
    loads = flexible_loads(p.base, p.paths, p.activity, charging_by_shape(p.base, p.paths, p.energy))
    plugged_mw = 0.0
    for c, name in enumerate(p.base.classes):
        own = charging_classes(p.base.region)[name]
        vehicles = p.activity.fleet.stock[:, c, [BEV, PHEV]].sum(axis=(0, 1))
        plugged_mw = plugged_mw + vehicles * own.plugged_night_share * own.charger_kw / 1e3
    offered = sum(load.power_mw + load.feed_in_mw for load in loads)
    assert (offered[6:] <= plugged_mw[6:]).all()
    assert (offered[6:] > 0).all()
