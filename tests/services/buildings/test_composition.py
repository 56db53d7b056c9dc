"""Parts that charts stack sum to their whole, in the region and in every city."""

import numpy as np
import pytest

from services.buildings.indicators import composition
from services.buildings.model import MODEL
from services.common.scenario import Frame, LeverSetting, Scenario

SCENARIO = Scenario(
    settings=(
        LeverSetting(lever_id="buildings.retrofit_area_residential", years=(2030,), values=(20.0,)),
        LeverSetting(lever_id="buildings.heat_pump_share_new", years=(2030,), values=(0.8,)),
    )
)
STOCK = [f"stock_{name}_floor_area_m2" for name, *_ in composition.BY_STANDARD]
USES = [f"{name}_final_energy_gj" for name, *_ in composition.BY_USE]
HEAT = [
    *(f"space_heating_{name}_useful_gj" for name, *_ in composition.BY_SYSTEM),
    "space_heating_district_useful_gj",
]


@pytest.fixture(scope="module", params=["jiangsu", "jiangxi"])
def found(request):
    outcome = MODEL.project(Frame(region=request.param), SCENARIO, ())
    return {i.metric_id.removeprefix("buildings."): i for i in outcome.indicators}


@pytest.mark.parametrize(
    ("names", "whole"),
    [(STOCK, "floor_area_m2"), (USES, "final_energy_gj"), (HEAT, "space_heating_useful_gj")],
)
def test_parts_sum_to_their_whole_in_the_region_and_in_every_city(found, names, whole):
    for values in ("region_values", "place_values"):
        total = sum(getattr(found[n], values) for n in names)
        np.testing.assert_allclose(total, getattr(found[whole], values), rtol=1e-12)
        assert all((getattr(found[n], values) >= 0).all() for n in names)
    for name in names:
        np.testing.assert_allclose(found[name].place_values.sum(axis=0), found[name].region_values)


def test_the_standards_stand_in_the_order_of_time_and_retrofits_apart(found):
    """Old standards shrink, new ones grow from nothing; what is retrofitted is the share published beside it."""
    first, last = ({n: found[n].region_values[y] for n in STOCK} for y in (0, -1))
    assert last["stock_standard_none_floor_area_m2"] < first["stock_standard_none_floor_area_m2"]
    assert (
        first["stock_standard_ultra_low_floor_area_m2"] == 0 < last["stock_standard_ultra_low_floor_area_m2"]
    )
    share = found["stock_retrofitted_floor_area_m2"].region_values / found["floor_area_m2"].region_values
    np.testing.assert_allclose(share, found["retrofitted_stock_share"].region_values, rtol=1e-12)
    high = (
        found["stock_standard_75_floor_area_m2"].region_values
        + found["stock_standard_ultra_low_floor_area_m2"].region_values
    )
    whole = found["floor_area_m2"].region_values
    np.testing.assert_allclose(high / whole, found["saving_75_stock_share"].region_values, rtol=1e-12)


def test_electricity_of_a_use_is_no_more_than_its_energy(found):
    for use in ("space_heating", "cooling", "hot_water", "cooking", "lighting_appliances"):
        electricity = found[f"{use}_electricity_mwh"].region_values * 3.6
        assert (electricity <= found[f"{use}_final_energy_gj"].region_values * (1 + 1e-12)).all()
    cooling = found["cooling_electricity_mwh"].region_values * 3.6
    np.testing.assert_allclose(cooling, found["cooling_final_energy_gj"].region_values)
