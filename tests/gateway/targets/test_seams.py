"""Targets judged through a function of metric and place: what solving, comparing and ensembles use."""

import pytest

from gateway.results import Verdict
from gateway.targets.answer import compared_of, judgement_of
from tests.gateway.small_outcomes import REGION
from tests.gateway.targets.small_targets import target


def world(**series):
    """A ValuesOf from series of the region by metric name."""
    return lambda metric_id, place: {} if place else series.get(metric_id.partition(".")[2], {})


def test_a_level_at_its_year_is_enough():
    asked = target()
    assert judgement_of(REGION, asked, world(value_share={2020: 0.1, 2025: 0.2})).verdict is Verdict.MET
    found = compared_of(REGION, asked, world(value_share={2025: 0.2}))
    assert (found.value, found.margin, found.reason) == pytest.approx((20.0, 2.0, ""))


def test_a_fall_is_compared_against_its_base_year():
    asked = target(form="fall_from_base", start_year=2020, path="geometric")
    found = compared_of(REGION, asked, world(value_share={2020: 0.5, 2025: 0.4}))
    assert found.value == pytest.approx(20.0)
    assert compared_of(REGION, asked, world(value_share={2025: 0.4})).reason == "NO_BASE_VALUE"


def test_the_models_value_alone_can_be_asked_for():
    # observed maximum load of 2025: 156.0 GW
    reading = {"metric_id": "test.load_gw"}
    asked = target(number=150, unit="GW", observed={"ids": ["peak_dispatch_load"]}, reading=reading)
    values = world(load_gw={2020: 100.0, 2025: 120.0})
    assert compared_of(REGION, asked, values).value == 156.0
    assert compared_of(REGION, asked, values, observed=False).value == 120.0


def test_an_event_year_needs_every_year():
    asked = target(form="peak_year", compare="before", sense="ceiling", number=2030, year=2030, path="none")
    sparse = {2020: 1.0, 2025: 2.0, 2030: 1.5}
    assert compared_of(REGION, asked, world(value_share=sparse)).reason == "YEARS_MISSING"
    whole = {y: 1.0 - abs(y - 2027) / 100 for y in range(2020, 2041)}
    assert compared_of(REGION, asked, world(value_share=whole)).value == 2027.0
    rising = {y: float(y) for y in range(2020, 2041)}
    assert compared_of(REGION, asked, world(value_share=rising)).reason == "NO_PEAK_IN_SPAN"


def test_a_target_for_each_city_gives_the_worst_city():
    asked = target(form="level_each_city", number=70, cities=["nanjing", "suzhou"])
    shares = {"nanjing": 0.8, "suzhou": 0.65}
    found = compared_of(REGION, asked, lambda m, place: {2025: shares.get(place, 0.7)})
    assert (found.place, found.value) == ("suzhou", 65.0)
