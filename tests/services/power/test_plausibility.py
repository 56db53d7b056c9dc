"""Warnings about paths and results outside of what is usual."""

from collections import Counter

import numpy as np
import pytest

from services.common.regions import load_region
from services.power.capacity import capacities
from services.power.fleet import fleet_of
from services.power.plausibility import Results, warnings_of
from services.power.retirement import age_paths
from tests.services.power.test_retirement import YEARS, jiangsu_paths


def warned(paths, fleet=None, margin=0.2, curtailed=0.01, lole=0.0, hours=4000.0, years=YEARS):
    fleet = fleet or fleet_of("jiangsu")
    flat = np.ones(len(years))
    results = Results(tuple(years), margin * flat, curtailed * flat, lole * flat, hours * flat)
    return warnings_of(fleet, paths, age_paths(fleet, paths), capacities(fleet, paths), results)


def only(warnings, rule, technology):
    return [w for w in warnings if (w.warning_id, w.technology) == (rule, technology)]


def test_a_doubled_build_rate_warns_and_the_usual_one_does_not():
    # Most offshore wind so far: 6,070 MW in 2021. From 13.49 GW in 2025 to 43.4 GW in 2030: 5,982 MW a year.
    assert not only(warned(jiangsu_paths(offshore_wind_capacity=43.4)), "build_rate", "offshore_wind")
    first = only(warned(jiangsu_paths(offshore_wind_capacity=73.9)), "build_rate", "offshore_wind")[0]
    assert first.year == 2026
    assert first.limit == 6070
    assert first.value == pytest.approx((73.9 - 13.49) / 5 * 1e3)
    assert first.provenance.source
    assert "6,070" in first.text.zh
    assert "6,070" in first.text.en


def test_observed_years_are_not_questioned():
    assert all(w.year > 2025 for w in warned(jiangsu_paths()))


def test_only_building_known_in_the_as_of_year_sets_the_limit():
    fleet = fleet_of("jiangsu", 2020)
    found = only(warned(jiangsu_paths("accelerated"), fleet), "build_rate", "offshore_wind")
    assert found[0].limit == 1500


def test_nuclear_that_no_listed_unit_can_deliver_in_time_warns():
    found = only(warned(jiangsu_paths(nuclear_capacity=14.0)), "nuclear_lead_time", "nuclear")
    # Running and planned by 2030: 6,608 + 2 x 1,265 MW.
    assert found[0].last_year == 2031
    assert {w.limit for w in found} <= {6608.0, 7873.0, 9138.0, 11554.0}
    assert not only(warned(jiangsu_paths()), "nuclear_lead_time", "nuclear")


def test_each_rule_speaks_when_its_limit_is_passed():
    def rules(**kwargs):
        levers = {
            k: v for k, v in kwargs.items() if k in ("import_capacity", "battery_duration", "coal_capacity")
        }
        rest = {k: v for k, v in kwargs.items() if k not in levers}
        return {w.warning_id for w in warned(jiangsu_paths(**levers), **rest)}

    usual = rules()
    assert "import_lines" in rules(import_capacity=60.0)
    assert "battery_duration" in rules(battery_duration=7.0) - usual
    assert "early_closure" in rules(coal_capacity=50.0)
    assert "reserve_margin" in rules(margin=0.12) - usual
    assert "curtailment" in rules(curtailed=0.11) - usual
    assert "loss_of_load" in rules(lole=2.5) - usual
    assert "coal_hours" in rules(hours=1999.0) - usual


def test_a_run_of_years_is_one_warning_with_its_worst_value():
    (found,) = only(warned(jiangsu_paths(), margin=0.1), "reserve_margin", "system")
    assert (found.year, found.last_year, found.value, found.limit) == (2020, 2060, 0.1, 0.13)


def test_warnings_outside_of_the_years_asked_are_left_out():
    whole = warned(jiangsu_paths("accelerated"))
    part = warned(jiangsu_paths("accelerated"), years=range(2050, 2061))
    assert {w for w in whole if w.last_year >= 2050 and w.warning_id in ("build_rate", "early_closure")} == {
        w for w in part if w.warning_id in ("build_rate", "early_closure")
    }


def test_the_planned_baseline_has_few_warnings_and_none_of_them_soon_but_the_lines():
    # Listed so that a change of data or rule is seen: replacement of what is built in the 2020s, coal closing before
    # forty years, and the straight line of import capacity from 2025 to a line of 2029.
    found = Counter((w.warning_id, w.technology) for w in warned(jiangsu_paths()))
    assert set(found) == {
        ("build_rate", "coal"),
        ("build_rate", "onshore_wind"),
        ("build_rate", "offshore_wind"),
        ("build_rate", "utility_pv"),
        ("build_rate", "battery"),
        ("early_closure", "coal"),
        ("import_lines", "import_line"),
    }
    soon = {w.warning_id for w in warned(jiangsu_paths()) if w.year <= 2030}
    assert soon == {"import_lines"}


def test_every_limit_has_a_source_and_a_unit_that_fits():
    region = load_region("jiangsu")
    assert {r["technology"] for r in region.table("power/build_limits").rows()} == set(
        age_paths(fleet_of("jiangsu"), jiangsu_paths())
    )
    for w in warned(jiangsu_paths("accelerated"), margin=0.0, curtailed=0.5, lole=99.0, hours=10.0):
        assert w.unit in ("MW", "h", "1")
        assert w.provenance.source
        assert w.text.zh
        assert w.text.en


def test_the_outcome_carries_the_warnings(run):
    soon = run(2020, 2031, power__offshore_wind_capacity=80.0)
    assert only(soon.warnings, "build_rate", "offshore_wind")
