"""System cost and air pollutants of the account: sums over what is published, without knowing who publishes."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gateway.accounts import power_city_shares
from gateway.cost.metrics import POLLUTANTS, cost_and_air_metrics
from gateway.results import Verdict
from gateway.targets.answer import answer_targets
from services.common.outcome import Indicator
from services.common.scenario import Frame, Scenario
from tests.gateway.small_outcomes import PLACES, REGION, YEARS, outcome, power_outcome, technology

CITIES, SPAN = len(PLACES), len(YEARS)
PLANT = power_outcome([technology("coal_usc_1000", "coal", carrier="coal")])


def publishing(sector, name, value):
    cities = np.full((CITIES, SPAN), value)
    return replace(outcome(sector), indicators=(Indicator(f"{sector}.{name}", cities.sum(axis=0), cities),))


def found(outcomes, power):
    return {
        m.metric.metric_id: m
        for m in cost_and_air_metrics(REGION, outcomes, power, power_city_shares(REGION, outcomes, power))
    }


def test_metrics_of_the_same_name_are_summed_whoever_publishes_them():
    outcomes = [publishing("homes", "nox_t", 2.0), publishing("works", "nox_t", 3.0)]
    metric = found(outcomes, PLANT)["account.nox_t"]
    assert_allclose(metric.region_values, 5.0 * CITIES)
    assert_allclose(metric.place_values, 5.0)


def test_a_metric_that_only_ends_alike_is_not_summed():
    outcomes = [publishing("homes", "road_nox_t", 2.0)]
    assert_allclose(found(outcomes, PLANT)["account.nox_t"].region_values, 0)


def test_a_region_without_every_sectors_cities_has_no_city_values():
    own = publishing("homes", "nox_t", 2.0)
    regional = replace(own.indicators[0], place_values=np.empty((0, 0)))
    outcomes = [publishing("works", "nox_t", 3.0), replace(own, indicators=(regional,))]
    metric = found(outcomes, PLANT)["account.nox_t"]
    assert metric.place_values.size == 0
    assert_allclose(metric.region_values, 5.0 * CITIES)


def test_cities_sum_to_the_region_and_power_adds_its_plants(shop):
    frame = Frame(region="jiangsu", last_year=2030)
    (run,) = shop.do(shop.pipeline.runs.all(frame, (Scenario(),), (2030,)))
    metrics = {m.metric.metric_id: m for m in run.projection.metrics}
    for name in POLLUTANTS:
        metric = metrics[f"account.{name}"]
        assert_allclose(metric.place_values.sum(axis=0), metric.region_values, rtol=1e-9)
        sectors = sum(
            m.region_values
            for i, m in metrics.items()
            if i.endswith(f".{name}") and not i.startswith("account.")
        )
        if name in ("so2_t", "nox_t"):  # power publishes these two itself
            assert_allclose(metric.region_values, sectors, rtol=1e-9)
        else:
            assert (metric.region_values > sectors).all()


def test_the_account_adds_power_without_its_carbon_price(shop):
    frame = Frame(region="jiangsu", last_year=2030)
    (run,) = shop.do(shop.pipeline.runs.all(frame, (Scenario(),), (2030,)))
    metrics = {m.metric.metric_id: m.region_values for m in run.projection.metrics}
    cost = run.projection.power.system_cost
    sectors = sum(
        v
        for i, v in metrics.items()
        if i.endswith(".system_cost_cny") and i.partition(".")[0] not in ("account", "power")
    )
    assert_allclose(
        metrics["account.system_cost_cny"], sectors + cost.total_cny - cost.carbon_cny, rtol=1e-12
    )
    assert (cost.carbon_cny[1:] > 0).all()


def test_total_nox_is_not_answered_but_its_modelled_part_is_told(shop):
    frame = Frame(region="jiangsu", last_year=2030)
    (run,) = shop.do(shop.pipeline.runs.all(frame, (Scenario(),), (2025, 2030)))
    answers = {t.target_id: t for t in answer_targets(REGION, run.projection.years, run.projection.metrics)}
    found = answers["JSS-26"]
    assert (found.verdict, found.reason) == (Verdict.CANNOT_COMPUTE, "AMBIGUOUS_BOUNDARY")
    part = next(r for r in found.readings if r.name == "modelled_part")
    nox = run.values("account.nox_t")
    assert part.value == pytest.approx(100 * (1 - nox[2025] / nox[2020]))
