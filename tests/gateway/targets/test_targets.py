"""Every policy target is there and answered; forms with events, cities and several readings."""

from collections import Counter

import numpy as np
import pytest

import gateway.targets.answer as targets_module
from gateway.metrics import METRICS, account_metrics
from gateway.peak_load import peak_load_of
from gateway.results import MetricSeries, Verdict
from gateway.targets.answer import answer_targets, evaluate_targets
from gateway.targets.data import TargetsFile, read_targets
from services.common.regions import load_region
from services.common.words import Label, Metric
from tests.gateway.small_outcomes import (
    PLACES,
    REGION,
    YEARS,
    outcome,
    power_outcome,
    small_accounts,
    small_projection,
    technology,
)
from tests.gateway.targets.small_targets import target

LONG = tuple(range(2020, 2061))


def metric(metric_id, region_values, place_values=None):
    return MetricSeries(
        Metric(metric_id, Label("指标", "metric"), "1"),
        np.asarray(region_values, dtype=float),
        np.empty((0, 0)) if place_values is None else np.asarray(place_values, dtype=float),
    )


@pytest.fixture
def answer(monkeypatch):
    """Answer one target from metrics over 2020 to 2060."""

    def run(one, *metrics, years=LONG):
        document = {
            "label": {"zh": "测试文件", "en": "test document"},
            "source": "gateway_method",
        }
        found = TargetsFile.model_validate({"documents": {"TST": document}, "targets": [one]})
        monkeypatch.setattr(targets_module, "read_targets", lambda region_id: found)
        (result,) = answer_targets(REGION, years, metrics)
        return result

    return run


def test_all_96_targets_are_in_the_data_each_once():
    ids = [t.id for region in ("jiangsu", "jiangxi") for t in read_targets(region).targets]
    assert len(ids) == len(set(ids)) == 96
    assert Counter(i[:3] for i in ids) == {"JSP": 37, "JSS": 32, "NTP": 19, "JSD": 2, "JXO": 6}


def test_every_jiangsu_target_gets_an_answer_in_its_order():
    supply = power_outcome(
        [technology("coal", "coal", carrier="coal", mwh=1.0, gj=1.0, tco2=1.0)], demand=1.0
    )
    accounts = small_accounts([outcome("homes", electricity=[("all", 1.0)])], supply)
    metrics = account_metrics(REGION, accounts, peak_load_of(supply))
    results = evaluate_targets(REGION, small_projection(accounts, supply, metrics))
    assert [r.target_id for r in results] == [t.id for t in read_targets("jiangsu").targets]
    for r in results:
        known = r.verdict in (Verdict.CANNOT_COMPUTE, Verdict.TRACKED_ONLY)
        assert bool(r.reason) == known, r.target_id
        assert r.label.zh and r.document.zh and r.section


def test_account_targets_name_metrics_that_the_accounts_publish():
    published = {m.metric_id for m in METRICS}
    asked = {
        reading.metric_id
        for region in ("jiangsu", "jiangxi")
        for t in read_targets(region).targets
        for reading in (*filter(None, [t.reading]), *t.other_readings)
        if reading.metric_id.startswith("account.")
    }
    assert asked <= published


def test_metrics_of_the_accounts_refer_to_targets_that_exist():
    ids = {t.id for region in ("jiangsu", "jiangxi") for t in read_targets(region).targets}
    assert {ref for m in METRICS for ref in m.policy_refs} <= ids


def test_a_metric_that_nobody_publishes_is_told(answer):
    found = answer(target())
    assert (found.verdict, found.reason) == (Verdict.CANNOT_COMPUTE, "NO_METRIC")


def test_a_tracked_target_stays_tracked(answer):
    found = answer(target(scope="track_only", reading=None))
    assert found.verdict is Verdict.TRACKED_ONLY


def test_a_share_is_compared_in_per_cent(answer):
    found = answer(target(), metric("test.value_share", np.linspace(0.1, 0.5, 41)))
    # 0.1 + 5 x 0.01 = 15 % in 2025
    assert found.verdict is Verdict.MISSED
    assert found.value == pytest.approx(15.0)
    assert found.margin == pytest.approx(-3.0)


def test_a_strict_year_takes_2029_and_flags_2030(answer):
    asked = target(
        form="peak_year", compare="before", sense="ceiling", number=2030, year=2030, path="none", unit="year"
    )
    rising = np.concatenate([np.linspace(1, 2, 10), np.linspace(2, 1, 32)[1:]])
    met = answer(asked, metric("test.value_share", rising))
    assert (met.verdict, met.value, met.margin) == (Verdict.MET, 2029.0, 1.0)
    later = np.concatenate([np.linspace(1, 2, 11), np.linspace(2, 1, 31)[1:]])
    missed = answer(asked, metric("test.value_share", later))
    assert (missed.verdict, missed.value) == (Verdict.MISSED, 2030.0)
    assert "boundary_year_ambiguous" in missed.flags


def test_a_peak_that_never_comes_is_missed(answer):
    asked = target(
        form="peak_year", compare="before", sense="ceiling", number=2030, year=2030, path="none", unit="year"
    )
    found = answer(asked, metric("test.value_share", np.arange(41.0)))
    assert (found.verdict, found.value) == (Verdict.MISSED, None)
    assert "no_peak_in_span" in found.flags


def test_peak_and_steady_fall_needs_both_by_the_year(answer):
    asked = target(
        form="peak_then_fall", compare="at_most", sense="ceiling", number=2030, year=2030, path="none"
    )
    falling = np.concatenate([np.linspace(1, 2, 9), np.linspace(2, 1, 33)[1:]])
    found = answer(asked, metric("test.value_share", falling))
    assert (found.verdict, found.value, found.margin) == (Verdict.MET, 2029.0, 1.0)
    pauses = falling.copy()
    pauses[10] = pauses[9]  # 2030 stands still, so the run of falls begins in 2031
    assert answer(asked, metric("test.value_share", pauses)).verdict is Verdict.MISSED


def test_a_target_for_each_city_is_as_good_as_the_worst(answer):
    asked = target(
        form="level_each_city",
        number=70,
        cities=["nanjing", "suzhou"],
        wording="70%以上",
    )
    place = np.full((len(PLACES), 41), 0.8)
    place[PLACES.index("suzhou")] = 0.65
    found = answer(asked, metric("test.value_share", np.full(41, 0.75), place))
    assert found.verdict is Verdict.MISSED
    assert found.margin == pytest.approx(-5.0)
    assert [(c.place, c.good) for c in found.cities] == [("nanjing", True), ("suzhou", False)]
    assert "worst_city:suzhou" in found.flags


def test_a_city_target_needs_city_values(answer):
    found = answer(target(place="nantong"), metric("test.value_share", np.full(41, 0.5)))
    assert (found.verdict, found.reason) == (Verdict.CANNOT_COMPUTE, "NO_CITY_DATA")


def test_readings_that_differ_are_flagged_or_refused(answer):
    readings = [{"metric_id": "test.other_share", "scale": 100, "name": "other"}]
    metrics = (metric("test.value_share", np.full(41, 0.2)), metric("test.other_share", np.full(41, 0.1)))
    flagged = answer(target(other_readings=readings), *metrics)
    assert flagged.verdict is Verdict.MET
    assert "depends_on_reading:other=10" in flagged.flags
    refused = answer(target(other_readings=readings, must_agree=True), *metrics)
    assert (refused.verdict, refused.reason) == (Verdict.CANNOT_COMPUTE, "AMBIGUOUS_UNIT")


def test_observations_outrank_the_model(answer):
    # observed maximum load: 115.0 GW in 2020, 156.0 GW in 2025; the model says 100 GW
    asked = target(number=150, unit="GW", observed={"ids": ["peak_dispatch_load"]}, reading=None)
    found = answer(asked, metric("test.value_share", np.full(41, 1.0)))
    assert (found.verdict, found.basis, found.value) == (Verdict.MET, "observed", 156.0)


def test_observations_after_as_of_are_hidden(answer, monkeypatch):
    asked = target(number=150, unit="GW", observed={"ids": ["peak_dispatch_load"]}, reading=None)
    monkeypatch.setattr(f"{__name__}.REGION", load_region("jiangsu", 2021))
    # 115.0 GW in 2020 and 120.41 in 2021 are left: not due, and no path has been given
    found = answer(asked)
    assert found.verdict is Verdict.CANNOT_COMPUTE
    assert "last_observed_2021:120.41" in found.flags


def test_a_flow_that_starts_after_the_span_is_out_of_span(answer):
    asked = target(form="cumulative_flow", start_year=2021, path="cumulative")
    found = answer(asked, metric("test.value_share", [0.1]), years=(2020,))
    assert found.reason == "OUT_OF_SPAN"


def test_strive_targets_are_marked(answer):
    assert "strive" in answer(target(strive=True)).flags


def test_a_span_that_ends_early_answers_what_it_can():
    supply = power_outcome([technology("coal", "coal", carrier="coal", mwh=1.0, gj=1.0, tco2=1.0)])
    accounts = small_accounts([outcome("homes", electricity=[("all", 1.0)])], supply)
    metrics = account_metrics(REGION, accounts, peak_load_of(supply))
    results = {r.target_id: r for r in answer_targets(REGION, YEARS, metrics)}
    assert results["JSP-06"].reason == "OUT_OF_SPAN"
    assert results["JSP-04"].reason == "OUT_OF_SPAN"
    assert results["JSP-04"].verdict is Verdict.CANNOT_COMPUTE
