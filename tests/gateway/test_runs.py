"""Runs: many scenarios at chosen years say at these years what the whole projection says."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from gateway.runs import Runs
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


def values_of(run, metric_id, places):
    return [run.values(metric_id, place) for place in ("", *places)]


def test_a_metric_named_alone_has_the_values_of_the_whole(shop):
    frame = Frame(region="jiangsu", last_year=2030)
    runs, scenario = shop.pipeline.runs, SCENARIOS[1]
    (whole,) = shop.do(runs.all(frame, (scenario,), (2025,)))
    ids = {*whole.metrics, *whole.annual}
    (all_named,) = shop.do(runs.all(frame, (scenario,), (2025,), only=frozenset(ids)))
    assert {*all_named.metrics, *all_named.annual} == ids
    for metric_id in sorted(ids):
        assert values_of(all_named, metric_id, whole.places) == values_of(whole, metric_id, whole.places)
        (alone,) = shop.do(runs.all(frame, (scenario,), (2025,), only=frozenset({metric_id})))
        assert {*alone.metrics, *alone.annual} == {metric_id}
        assert values_of(alone, metric_id, whole.places) == values_of(whole, metric_id, whole.places), (
            metric_id
        )


def test_a_run_of_named_metrics_has_no_projection_and_may_lack_the_peaks_of_cities(shop):
    peak = frozenset({"account.peak_load_mw"})
    (run,) = shop.do(shop.pipeline.runs.all(FRAME, SCENARIOS[:1], YEARS, only=peak, with_city_peaks=False))
    assert run.values("account.peak_load_mw") and not run.values("account.peak_load_mw", "nanjing")
    with pytest.raises(ValueError, match="named metrics"):
        _ = run.projection


def test_runs_keep_as_many_answers_as_they_are_told(shop):
    few = Runs(shop.pipeline.calls, ThreadPoolExecutor(1), kept_outcomes=2)
    frame = Frame(region="jiangsu", last_year=2021)
    runs = shop.do(few.all(frame, SCENARIOS, (2021,)))
    assert len(runs) == len(SCENARIOS)
    assert len(few._kept) == 2 and len(few._cuts) == 2


def test_a_lever_of_one_sector_asks_that_sector_alone(shop, monkeypatch):
    runs = shop.pipeline.runs
    asked = []
    project = runs.calls.project

    async def heard(sector_id, frame, scenarios, upstream, **choice):
        asked.append((sector_id, len(scenarios)))
        return await project(sector_id, frame, scenarios, upstream, **choice)

    monkeypatch.setattr(runs.calls, "project", heard)
    frame = Frame(region="jiangsu", last_year=2031)
    shop.do(runs.all(frame, (SCENARIOS[0],), (2030,)))
    asked.clear()
    shop.do(runs.all(frame, SCENARIOS, (2030,)))
    assert asked == [("transport", 1)]


def test_years_outside_the_frame_are_refused(shop):
    with pytest.raises(DomainError, match="2036"):
        shop.do(shop.pipeline.runs.all(FRAME, SCENARIOS[:1], (2036,)))
