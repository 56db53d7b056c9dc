"""Each of the 96 targets stands in one table and is answered in every baseline; nothing is skipped."""

import csv
from pathlib import Path

import pytest

from gateway.results import Verdict
from gateway.targets.catalogue import catalogue
from gateway.targets.data import Form, read_targets
from gateway.targets.doors import EnteredValue, EvaluateTargetsRequest
from gateway.targets.report import has_scenarios, target_report
from gateway.targets.values import no_values, values_of_metrics
from services.common.power_outcome import DispatchMode
from services.common.region_files import ROOT
from services.common.regions import Region, load_region, region_ids
from services.common.scenario import BASELINES, Frame, Scenario

REGIONS = [p.parent.name for p in sorted(ROOT.glob("*/targets.yaml"))]
LOADED = [r for r in REGIONS if r in region_ids()]
UNANSWERED = (Verdict.CANNOT_COMPUTE, Verdict.TRACKED_ONLY)


def rows(name, region):
    path = Path(ROOT) / region / name
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def is_whole(results):
    """Every answer has a verdict with what it rests on, or a reason."""
    for r in results:
        assert r.label.zh and r.label.en and r.document.zh and r.section and r.wording, r.target_id
        if r.verdict in UNANSWERED:
            assert r.reason, r.target_id
        else:
            assert r.basis, r.target_id
        if r.value is not None:
            assert r.margin is not None and r.tolerance_needed == max(0.0, -r.margin)
            assert r.value_source is not None
        assert (r.margin is None) == (r.value is None)


def test_the_96_targets_stand_in_exactly_one_table():
    ids = [t.id for r in REGIONS for t in read_targets(r).targets]
    assert len(ids) == len(set(ids)) == 96
    assert set(LOADED) <= set(REGIONS)


def test_the_50_rules_and_12_deferred_numbers_stand_in_the_data():
    rules = [row["direction"] for r in REGIONS for row in rows("directions.csv", r)]
    slots = [row["slot"] for r in REGIONS for row in rows("deferred_slots.csv", r)]
    assert len(rules) == len(set(rules)) == 50
    assert len(slots) == len(set(slots)) == 12


@pytest.mark.parametrize("region_id", LOADED)
def test_without_a_projection_every_target_is_answered(region_id):
    region = load_region(region_id)
    report = target_report(
        region, Frame(region=region_id), None, EvaluateTargetsRequest(without_projection=True), no_values
    )
    assert [t.target_id for t in report.targets] == [t.id for t in read_targets(region_id).targets]
    is_whole(report.targets)
    assert all(r.holds is not None or r.reason for r in report.rules)
    assert all(s.reason.startswith("DEFERRED:") and s.set_by.zh for s in report.slots)


@pytest.mark.parametrize("region_id", [r for r in LOADED if has_scenarios(load_region(r))])
def test_every_target_is_answered_in_every_baseline(shop, region_id):
    region, expected = load_region(region_id), [t.id for t in read_targets(region_id).targets]
    scenarios = {f"scenarios[{i}]": {"baseline": b} for i, b in enumerate(BASELINES)}
    projections = shop.do(shop.pipeline.project({"region": region_id}, scenarios, DispatchMode.FAST))
    for projection in projections:
        values = values_of_metrics(region, projection.years, projection.metrics)
        scenario = Scenario(baseline=projection.baseline)
        report = target_report(region, projection.frame, scenario, EvaluateTargetsRequest(), values)
        assert report.projected
        assert report.targets == projection.targets
        assert report.rules == projection.directions
        assert [t.target_id for t in report.targets] == expected
        is_whole(report.targets)
        assert sum(c.binding_count + c.strive_count for c in report.counts) == len(expected)
        assert {s.name for s in report.settings} >= {"anchor", "plateau_share", "overtaken_margin_share"}


@pytest.mark.parametrize("region_id", LOADED)
def test_the_catalogue_holds_what_the_documents_hold(region_id):
    whole = catalogue(region_id, "")
    assert sum(d.target_count for d in whole.documents) == len(whole.targets)
    assert (
        sum(d.rule_count for d in whole.documents)
        == len(whole.rules)
        == len(rows("directions.csv", region_id))
    )
    assert sum(d.slot_count for d in whole.documents) == len(whole.slots)
    assert all(s.number is None and s.set_by.zh for s in whole.slots)


def test_the_catalogue_of_a_city_holds_its_own_document():
    found = catalogue("jiangsu", "nantong")
    assert [t.target_id[:3] for t in found.targets] == ["NTP"] * 19


def half_of_the_last_digit(number):
    """Half a unit of the last digit that the number is printed with."""
    digits = len(f"{number:.10g}".partition(".")[2])
    return 0.5 * 10**-digits


def test_default_tolerances_follow_the_rule_that_is_printed_with_the_answers():
    region = load_region("jiangsu")
    about = region.number("targets/settings", "about_tolerance_share")
    size_class = region.number("targets/settings", "size_class_tolerance_share")
    of_its_own = []
    for target in (t for r in REGIONS for t in read_targets(r).targets if t.compare == "about"):
        share = size_class if target.form is Form.SIZE_CLASS else about
        rule = max(share * target.number, half_of_the_last_digit(target.number))
        if target.tolerance != pytest.approx(rule):
            of_its_own.append(target.id)
            assert "up to 1 %" in target.note, target.id
    # "Basically eliminated" is one percentage point.
    assert of_its_own == ["JSS-13"]


def test_a_region_without_model_data_is_answered_from_what_is_entered(tmp_path):
    """Jiangxi with its documents alone: no cities, no scenarios, no observations of its own."""
    home = tmp_path / "jiangxi"
    home.mkdir()
    (home / "region.yaml").write_text(
        "label: {zh: 江西, en: Jiangxi}\nadcode: '360000'\ncities: []\n", "utf-8"
    )
    for name in ("targets.yaml", "deferred_slots.csv", "deferred_slots.yaml"):
        (home / name).symlink_to(ROOT / "jiangxi" / name)
    for name in ("national", "sources"):
        (tmp_path / name).symlink_to(ROOT / name)
    region = Region("jiangxi", 0, tmp_path)
    assert not has_scenarios(region)
    forest = EnteredValue(item_id="JXO-02", year=2025, value=802.0, source="bulletin", status="final")
    number = EnteredValue(item_id="JXO-S2", year=2025, value=19.5, source="notice")
    door = EvaluateTargetsRequest(entered=(forest, number), without_projection=True)
    report = target_report(region, Frame(region="jiangxi"), None, door, no_values)
    assert [t.target_id for t in report.targets] == [f"JXO-{i:02d}" for i in range(1, 7)]
    is_whole(report.targets)
    assert {t.target_id: t.verdict for t in report.targets}["JXO-02"] is Verdict.MET
    assert [s.asked for s in report.slots] == [None, 19.5, None]
