"""What power's Trace tells: every figure that a projection of the real loads reads."""

import pytest

from services.common.scenario import Frame, Scenario
from services.power.servicer import MODEL


@pytest.mark.parametrize(
    "name",
    [
        "vehicle_to_grid_hours",
        "vehicle_to_grid_wear_cny_per_mwh",
        "plugged_first_hour",
        "plugged_last_hour",
        "plugged_day_over_night_share",
        "flexible_building_wear_cny_per_mwh",
    ],
)
def test_figures_of_vehicles_and_buildings_that_feed_back_are_in_the_trace(name):
    reads = MODEL.reads(Frame(region="jiangsu", last_year=2020), Scenario())
    assert name in {r.name for r in reads if r.subject == "power/parameters"}
