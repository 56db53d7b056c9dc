"""Jiangxi projected: four baselines, all targets and rules answered, the base year against its statistics."""

import numpy as np
import pytest

from gateway.base_check import BASE_CHECKS_TABLE, base_checks
from gateway.targets.answer import evaluate_targets
from gateway.targets.data import read_targets
from gateway.targets.directions import answer_directions
from services.common.regions import load_region
from services.common.scenario import BASELINES, Frame, Scenario

REGION = "jiangxi"
YEARS = (2020, 2021, 2022, 2025, 2026, 2028, 2030, 2035, 2060)

# What the base year does not meet, and why. A check that comes to pass must leave this list.
FAILING = {
    "use_urban_heating": "set lower than surveys of the lower Yangtze, as the winter maximum of 2020 asks",
    "use_urban_cooling": "set lower than surveys of the lower Yangtze, as the summer maximum of 2020 asks",
    "use_household_energy": "surveys of three big cities in 2012; official residential energy is a third of it",
    "rail_energy": "the 2.2 TWh of transport in the balance are an estimate and look low",
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
