"""City values of capacities: plants from power, rooftops from their owner."""

import numpy as np
import pytest

from gateway.city_capacity import PLANTS, with_city_capacity
from gateway.results import MetricSeries
from services.common.words import Label, Metric
from tests.gateway.small_outcomes import PLACES, YEARS, outcome

SHAPE = (len(PLACES), len(YEARS))


def series(name, places=None):
    metric = Metric(f"power.{name}", Label(name, name), "MW")
    return MetricSeries(metric, np.ones(len(YEARS)), np.empty((0, 0)) if places is None else places)


def all_series(mw=10.0):
    shown = ("pv_capacity_mw", "total_capacity_mw", "renewable_capacity_share", "coal_capacity_share")
    plants = [series(f"{name}_capacity_mw", np.full(SHAPE, mw)) for name in PLANTS]
    return [*plants, *(series(name) for name in shown)]


def test_shares_of_a_city_are_of_the_plants_listed():
    found = {m.metric.metric_id: m.place_values for m in with_city_capacity(all_series(), [outcome("homes")])}
    assert found["power.pv_capacity_mw"] == pytest.approx(10.0)
    assert found["power.total_capacity_mw"] == pytest.approx(60.0)
    assert found["power.renewable_capacity_share"] == pytest.approx(20 / 60)
    assert found["power.coal_capacity_share"] == pytest.approx(10 / 60)


def test_without_city_values_of_every_plant_there_is_no_city_total():
    some = [m for m in all_series() if m.metric.metric_id != "power.utility_pv_capacity_mw"]
    found = {m.metric.metric_id: m.place_values for m in with_city_capacity(some, [outcome("homes")])}
    assert not found["power.total_capacity_mw"].size
    assert found["power.coal_capacity_mw"].size


def test_nantong_answers_its_capacity_targets_and_pv_counts_rooftops(client):
    result = client.project("jiangsu", first_year=2020, last_year=2026, with_city_metrics=True)
    answered = {t.target_id: t for t in result.targets}
    for target in ("NTP-04", "NTP-05", "NTP-06", "NTP-08"):
        assert answered[target].HasField("value"), target
    values = {m.metric.metric_id: m for m in result.metrics}
    count = len(result.years)
    for name in ("pv", "coal", "gas", "wind", "nuclear"):
        metric = values[f"power.{name}_capacity_mw"]
        held = np.array(metric.place_values).reshape(len(result.places), count)
        assert held.sum(axis=0) == pytest.approx(np.array(metric.region_values)), name
