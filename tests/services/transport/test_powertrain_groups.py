"""Automobiles by powertrain make up the automobiles, without motorcycles and electric bicycles."""

import numpy as np
import pytest

from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.base import POWERTRAINS
from services.transport.indicators.fleet import POWERTRAIN_GROUPS
from services.transport.model import MODEL

SCENARIO = Scenario(
    settings=(
        LeverSetting(lever_id="transport.nev_sales_share_private_car", years=(2030,), values=(0.9,)),
        LeverSetting(lever_id="transport.fcev_share_heavy_truck", years=(2040,), values=(0.3,)),
    )
)


@pytest.fixture(scope="module", params=["jiangsu", "jiangxi"])
def found(request):
    outcome = MODEL.project(Frame(region=request.param), SCENARIO, ())
    return {i.metric_id.removeprefix("transport."): i for i in outcome.indicators}


def test_every_powertrain_stands_in_one_group():
    assert sorted(k for _, own, _, _ in POWERTRAIN_GROUPS for k in own) == list(range(len(POWERTRAINS)))


def test_the_groups_sum_to_the_automobiles_in_the_region_and_in_every_city(found):
    names = [f"{name}_stock_count" for name, *_ in POWERTRAIN_GROUPS]
    for values in ("region_values", "place_values"):
        total = sum(getattr(found[n], values) for n in names)
        np.testing.assert_allclose(total, getattr(found["vehicle_stock_count"], values), rtol=1e-12)
        plugged = sum(
            getattr(found[f"{n}_stock_count"], values) for n in ("plug_in_hybrid", "battery", "fuel_cell")
        )
        np.testing.assert_allclose(plugged, getattr(found["nev_stock_count"], values), rtol=1e-12)


def test_motorcycles_and_electric_bicycles_are_not_in_the_groups(found):
    battery = found["battery_stock_count"].region_values
    assert (found["e_bike_stock_count"].region_values > battery)[0]
    every_class = sum(
        i.region_values
        for n, i in found.items()
        if n.endswith("_stock_count") and f"{n.removesuffix('_stock_count')}_nev_stock_share" in found
    )
    automobiles = found["vehicle_stock_count"].region_values
    np.testing.assert_allclose(
        every_class - found["motorcycle_stock_count"].region_values, automobiles, rtol=1e-12
    )
