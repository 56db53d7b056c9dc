"""Runs: many scenarios at chosen years say at these years what the whole projection says."""

import numpy as np
import pytest

from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, LeverSetting, Scenario

YEARS = (2025, 2030)
FRAME = Frame(region="jiangsu", last_year=2035)


def changed(lever_id, value):
    return Scenario(settings=(LeverSetting(lever_id=lever_id, years=(2030,), values=(value,)),))


SCENARIOS = (
    Scenario(name="plan"),
    changed("transport.nev_sales_share_private_car", 0.9),
    changed("power.onshore_wind_capacity", 15.0),
)


def test_a_run_says_at_its_years_bit_for_bit_what_the_whole_projection_says(shop):
    runs = shop.do(shop.pipeline.runs.all(FRAME, SCENARIOS, YEARS))
    whole = shop.do(shop.pipeline.project_chunk(FRAME, SCENARIOS, DispatchMode.UNSPECIFIED))
    for run, projection in zip(runs, whole, strict=True):
        assert run.projection.years == (2020, *YEARS)
        at = [projection.years.index(y) for y in run.projection.years]
        theirs = {m.metric.metric_id: m for m in projection.metrics}
        for mine in run.projection.metrics:
            other = theirs[mine.metric.metric_id]
            np.testing.assert_array_equal(mine.region_values, other.region_values[at], mine.metric.metric_id)
            if mine.place_values.size:
                np.testing.assert_array_equal(mine.place_values, other.place_values[:, at])
        np.testing.assert_array_equal(
            run.projection.power.system_cost.total_cny, projection.power.system_cost.total_cny[at]
        )
        retrofit = theirs["buildings.retrofit_area_m2"]
        annual = run.values("buildings.retrofit_area_m2", "nantong")
        assert list(annual.values()) == retrofit.place_values[projection.places.index("nantong")].tolist()
        assert run.values("no.such_metric") == {}


def test_a_lever_of_one_sector_asks_that_sector_alone(shop, monkeypatch):
    runs = shop.pipeline.runs
    asked = []
    project = runs.calls.project

    async def heard(sector_id, frame, scenarios, upstream):
        asked.append((sector_id, len(scenarios)))
        return await project(sector_id, frame, scenarios, upstream)

    monkeypatch.setattr(runs.calls, "project", heard)
    frame = Frame(region="jiangsu", last_year=2031)
    shop.do(runs.all(frame, (SCENARIOS[0],), (2030,)))
    asked.clear()
    shop.do(runs.all(frame, SCENARIOS, (2030,)))
    assert asked == [("transport", 1)]


def test_years_outside_the_frame_are_refused(shop):
    with pytest.raises(DomainError, match="2036"):
        shop.do(shop.pipeline.runs.all(FRAME, SCENARIOS[:1], (2036,)))
