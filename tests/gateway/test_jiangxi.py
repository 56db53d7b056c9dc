"""Jiangxi projected: four baselines, targets and rules answered, the base year against its statistics, adequacy."""

import csv
import re

import numpy as np
import pytest

from gateway.base_check import BASE_CHECKS_TABLE, base_checks
from gateway.ensemble.inputs import check_bounds, inputs_of
from gateway.report.reconcile import inventory_steps, outside_checks
from gateway.targets.answer import evaluate_targets
from gateway.targets.data import read_targets
from gateway.targets.directions import answer_directions
from gateway.warning.backtest import tasks_of, usual_years
from services.common.drivers import LEVERS as DRIVERS
from services.common.region_files import ROOT
from services.common.regions import load_region
from services.common.scenario import BASELINES, Frame, LeverSetting, Scenario

REGION = "jiangxi"
LATE_YEARS = (2045, 2050, 2055, 2060)
YEARS = (2020, 2021, 2022, 2025, 2026, 2028, 2030, 2035, 2040, *LATE_YEARS)
# The standards of the rule adequacy_scaling, in the years that it scales.
LOLE_HOURS, RESERVE_MARGIN_SHARE, SCALED_YEARS = 2.4, 0.13, (2050, 2060)
SCALING_STEP = 0.05
# Energy not served over energy used that counts as none.
NOTHING_SHARE = 1e-6
SCALING = re.compile(r"register ([\d.]+) x ([\d.]+) by rule adequacy_scaling")

# What the base year does not meet, and why. A check that comes to pass must leave this list.
FAILING = {
    "use_urban_heating": "a figure of other cities; with it the winter maximum of 2020 would be exceeded by 18 %",
    "use_urban_cooling": "a figure of other cities; with it the summer maximum of 2020 would be exceeded by 21 %",
    "rail_energy": "the mean of the nation's mix of goods and passengers; goods weigh more in this province",
}


@pytest.fixture(scope="module")
def region():
    return load_region(REGION)


@pytest.fixture(scope="module")
def projections(shop):
    """The four baselines at the years that targets and peaks need."""
    scenarios = [Scenario(baseline=b) for b in BASELINES]
    runs = shop.do(shop.pipeline.runs.all(Frame(region=REGION), scenarios, YEARS))
    return {b: run.projection for b, run in zip(BASELINES, runs, strict=True)}


def test_territorial_co2_of_2020_is_within_the_stated_band(projections):
    for projection in projections.values():
        assert projection.account.territorial_tco2[0] / 1e6 == pytest.approx(195, abs=10)
        assert projection.account.electricity_consumption_mwh[0] / 1e6 == pytest.approx(162.68, rel=0.01)


def test_cities_sum_to_the_province_in_every_baseline(projections):
    for projection in projections.values():
        cities = np.sum([c.territorial_tco2 for c in projection.cities], axis=0)
        assert cities == pytest.approx(projection.account.territorial_tco2, rel=1e-9)


@pytest.mark.parametrize("baseline", BASELINES)
def test_all_six_targets_and_seven_rules_are_answered(region, projections, baseline):
    found = evaluate_targets(region, projections[baseline])
    assert [t.target_id for t in found] == [t.id for t in read_targets(REGION).targets]
    assert len(found) == 6
    assert all(t.verdict for t in found)
    projection = projections[baseline]
    rules = answer_directions(region, projection.years, projection.metrics)
    assert [r.direction_id for r in rules] == [f"JXO-D0{n}" for n in range(1, 8)]


def checks_of(region, projections):
    return {c.check: c for c in base_checks(region, projections["planned"])[0]}


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(c, marks=pytest.mark.xfail(reason=FAILING[c], strict=True) if c in FAILING else ())
        for c in load_region(REGION).table(BASE_CHECKS_TABLE).text("check")
    ],
)
def test_the_base_year_meets_the_statistic(region, projections, check):
    assert checks_of(region, projections)[check].passed


def test_calibration_factors_stay_inside_their_bounds(region, projections):
    assert all(f.low <= f.value <= f.high for f in base_checks(region, projections["planned"])[1])


def metric_of(projection, metric_id):
    series = next(m for m in projection.metrics if m.metric.metric_id == metric_id)
    return dict(zip(projection.years, series.region_values.tolist(), strict=True))


def reserve_margin(projection):
    firm, peak = (metric_of(projection, m) for m in ("power.firm_capacity_mw", "account.peak_load_mw"))
    return {year: firm[year] / peak[year] - 1 for year in projection.years}


@pytest.mark.parametrize("baseline", ["planned", "reference", "accelerated"])
def test_plants_carry_the_load_to_the_end(projections, baseline):
    projection = projections[baseline]
    lole, margin = metric_of(projection, "power.lole_hours"), reserve_margin(projection)
    assert all(lole[y] <= LOLE_HOURS and margin[y] >= RESERVE_MARGIN_SHARE for y in SCALED_YEARS)
    short = projection.power.unserved_mwh / projection.account.electricity_consumption_mwh
    assert (short[[projection.years.index(y) for y in (2030, 2040, *LATE_YEARS)]] < NOTHING_SHARE).all()


@pytest.mark.parametrize("baseline", ["planned", "reference", "accelerated"])
def test_one_step_less_of_the_factor_would_not_do(shop, baseline):
    """The rule takes the smallest factor: a step less in both years misses the standard in both."""
    with (ROOT / REGION / f"scenarios/{baseline}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    paths = {}
    for row in rows:
        found = SCALING.match(row["note"])
        if found:
            less = float(found[1]) * (float(found[2]) - SCALING_STEP)
            paths.setdefault(row["lever_id"], {})[int(row["year"])] = min(less, float(row["value"]))
    for row in rows:
        if row["lever_id"] in paths and row["year"] == "2040":
            paths[row["lever_id"]][2040] = float(row["value"])
    assert len(paths) == 10
    settings = tuple(
        LeverSetting(lever_id=lever, years=tuple(sorted(path)), values=tuple(path[y] for y in sorted(path)))
        for lever, path in paths.items()
    )
    scenario = Scenario(baseline=baseline, settings=settings)
    (run,) = shop.do(shop.pipeline.runs.all(Frame(region=REGION), [scenario], (2020, *SCALED_YEARS)))
    lole, margin = metric_of(run.projection, "power.lole_hours"), reserve_margin(run.projection)
    assert all(lole[y] > LOLE_HOURS or margin[y] < RESERVE_MARGIN_SHARE for y in SCALED_YEARS)


def test_frozen_is_short_of_plants_as_it_builds_none(projections):
    unserved = projections["frozen"].power.unserved_mwh
    assert (np.diff(unserved[projections["frozen"].years.index(2030) :]) > 0).all()


def test_the_total_of_the_inventory_leads_to_the_base_year(region, projections):
    ours = float(projections["planned"].account.territorial_tco2[0])
    steps = inventory_steps(region, ours)
    total = 0.0
    for step in steps[:-2]:
        if step.kind == "total":
            assert total == 0.0 or step.tco2 == pytest.approx(total, abs=0.11e6)
            total = step.tco2
        else:
            total += step.tco2
    assert abs(steps[-2].tco2) < 0.5e6
    observed = region.observed
    assert steps[0].tco2 / 1e6 == pytest.approx(observed("co2_total_ceads")[2019], abs=0.05)
    assert steps[2].tco2 / 1e6 == pytest.approx(observed("co2_energy_ceads")[2019], abs=0.05)
    # No study of the province's carbon peak with a published level is held.
    assert outside_checks(region, "planned", projections["planned"]) == ()


def test_warnings_of_past_years_are_held_against_what_came(region):
    tasks = tasks_of(region)
    assert {t.series_id for t in tasks} == {"pv", "gdp", "private_vehicles", "population"}
    assert usual_years(tasks) == (2021, 2022, 2023)


def test_batches_draw_growth_and_population_of_the_province_itself(region):
    inputs = [i for i in inputs_of(region) if i.input_id in ("gdp_growth", "population")]
    variants = {
        (r["lever_id"], r["variant"], r["year"]): r["value"] for r in region.table("drivers/variants").rows()
    }
    assert len(inputs) == 2
    for one in inputs:
        assert one.mode == "level"
        for year, drawn in one.anchors:
            ends = (variants[one.lever_id, "low", year], variants[one.lever_id, "high", year])
            assert (drawn.low, drawn.high) == pytest.approx(ends)
    levers = {row.lever_id: row.in_region(REGION) for row in DRIVERS}
    check_bounds(inputs, levers, REGION)
