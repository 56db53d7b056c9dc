"""What offices enter: it outranks the model, ranks with the statistics, and nothing is overwritten."""

from dataclasses import replace

import pytest

from gateway.results import Verdict
from gateway.targets.answer import target_result
from gateway.targets.checks import entered_violations
from gateway.targets.data import TargetsFile
from gateway.targets.doors import EnteredValue, EvaluateTargetsRequest
from gateway.targets.entered import as_source, region_entries
from gateway.targets.report import target_report
from gateway.targets.values import no_values
from gateway.targets.world import plain_world
from services.common.region_files import ROOT, RegionDataError
from services.common.regions import Region, load_region, region_ids
from services.common.scenario import Frame
from tests.gateway.small_outcomes import REGION
from tests.gateway.targets.small_targets import target

DOCUMENT = {"label": {"zh": "测试文件", "en": "test document"}, "source": "gateway_method"}
FILE = TargetsFile.model_validate({"documents": {"TST": DOCUMENT}, "targets": []})


def entry(year, value, **more):
    return EnteredValue(**{"item_id": "TST-01", "year": year, "value": value, "source": "yearbook", **more})


def answer(asked, entered=(), model=None, **options):
    """One target answered from entered values and a model's values by year."""
    values = (lambda m, p: {y: v / 100 for y, v in model.items()}) if model else (lambda m, p: {})
    entries = {"TST-01": tuple(as_source(e) for e in entered)}
    world = replace(plain_world(REGION, values), entries=entries, **options)
    return target_result(world, FILE, asked)


def test_what_is_entered_outranks_the_model():
    found = answer(target(), [entry(2025, 17.0)], {2020: 10.0, 2025: 19.0})
    assert (found.verdict, found.basis, found.value) == (Verdict.MISSED, "observed", 17.0)
    assert found.value_source.kind == "entered"
    assert found.value_source.source == "yearbook"


def test_without_anything_entered_the_source_is_the_model():
    found = answer(target(), model={2020: 10.0, 2025: 19.0})
    assert (found.value_source.kind, found.value_source.source) == ("model", "test.value_share")


@pytest.mark.parametrize(
    ("entered", "counts"),
    [
        ([{"status": "final", "date": "2026"}, {"status": "preliminary", "date": "2027"}], 0),
        ([{"status": ""}, {"status": "preliminary"}], 1),
        ([{"status": "final", "date": "2026-03"}, {"status": "final", "date": "2026-09"}], 1),
        ([{"status": "final", "date": "2026-03"}, {"status": "final"}], 0),
    ],
)
def test_final_over_preliminary_over_own_figures_and_newer_among_equals(entered, counts):
    rows = [entry(2025, 10.0 + i, **more) for i, more in enumerate(entered)]
    found = answer(target(), rows)
    assert found.value == 10.0 + counts
    assert [v.counts for v in found.seen_values] == [i == counts for i in range(2)]
    assert any(f.startswith("also_") for f in found.flags)


def test_a_statistic_of_the_data_is_kept_beside_what_is_entered():
    # observed maximum load of 2025: 156.0 GW
    asked = target(number=150, unit="GW", observed={"ids": ["peak_dispatch_load"]}, reading=None)
    own_figure = answer(asked, [entry(2025, 100.0)])
    assert (own_figure.value, own_figure.value_source.kind) == (156.0, "observation")
    assert "also_entered_2025:100" in own_figure.flags
    final = answer(asked, [entry(2025, 157.0, status="final", date="2099-01")])
    assert (final.value, final.value_source.kind) == (157.0, "entered")
    assert {v.value for v in final.seen_values if v.year == 2025} == {156.0, 157.0}
    assert REGION.observed("peak_dispatch_load")[2025] == 156.0


def test_a_tracked_target_is_answered_once_values_are_entered():
    asked = target(scope="track_only", reading=None, number=45, year=2030)
    assert answer(asked).verdict is Verdict.TRACKED_ONLY
    one = answer(asked, [entry(2023, 40.0)])
    assert (one.verdict, one.reason) == (Verdict.CANNOT_COMPUTE, "NO_START")
    # linear from 40 in 2023 to 45 in 2030: 41.43 in 2025
    ahead = answer(asked, [entry(2023, 40.0), entry(2025, 42.0)])
    assert (ahead.verdict, ahead.basis) == (Verdict.ON_TRACK, "observed path")
    assert ahead.required_value == pytest.approx(40 + 5 * 2 / 7)
    assert ahead.required_year == 2025
    assert "path_from_first_value_2023" in ahead.flags
    assert answer(asked, [entry(2023, 40.0), entry(2025, 41.0)]).verdict is Verdict.BEHIND


def test_a_count_a_grade_and_the_year_of_an_event_can_be_entered():
    count = target(form="count", number=10, unit="count", compare="equal", reading=None)
    assert answer(count, [entry(2025, 10)]).verdict is Verdict.MET
    grade = target(
        form="each_project", number=1, unit="grade", sense="ceiling", compare="equal", year=0, path="none"
    )
    assert answer(grade).verdict is Verdict.TRACKED_ONLY
    assert answer(grade, [entry(2023, 1), entry(2024, 1)]).verdict is Verdict.ON_TRACK
    broken = answer(grade, [entry(2023, 2), entry(2024, 1)])
    assert (broken.verdict, broken.value) == (Verdict.MISSED, 2.0)
    peak = target(form="peak_year", number=2030, year=2030, compare="before", sense="ceiling", path="none")
    early = answer(peak, [entry(2029, 2028)])
    assert (early.verdict, early.margin) == (Verdict.MET, 2.0)
    assert "provisional" in early.flags
    assert "provisional" not in answer(peak, [entry(2031, 2028)]).flags


def test_a_city_is_entered_where_a_target_holds_city_by_city():
    asked = target(form="level_each_city", number=70, cities=["nanjing", "suzhou"], reading=None)
    rows = [entry(2025, 72.0, place="nanjing"), entry(2025, 69.0, place="suzhou")]
    found = answer(asked, rows)
    assert (found.verdict, found.margin) == (Verdict.MISSED, -1.0)
    assert [(c.place, c.verdict) for c in found.cities] == [
        ("nanjing", Verdict.MET),
        ("suzhou", Verdict.MISSED),
    ]
    half = answer(asked, rows[:1])
    assert (half.reason, half.cities_without_value) == ("NO_CITY_DATA:suzhou", ("suzhou",))


def test_the_anchor_shifts_the_model_to_the_last_value_seen():
    model = {2020: 10.0, 2023: 14.0, 2025: 17.0}
    rows = [entry(2023, 16.0)]
    plain = answer(target(), rows, model)
    assert (plain.value, plain.splice_gap, plain.splice_year) == pytest.approx((17.0, 2.0, 2023))
    assert plain.verdict is Verdict.MISSED
    level = answer(target(), rows, model, anchor="level")
    assert level.value == pytest.approx(19.0)
    assert any(f.startswith("anchored_level_2023") for f in level.flags)
    ratio = answer(target(), rows, model, anchor="ratio")
    assert ratio.value == pytest.approx(17.0 * 16 / 14)


def test_own_tolerances_are_used_and_told():
    asked = target(compare="about", number=52, sense="ceiling", tolerance=1.04)
    model = {2025: 53.5}
    default = answer(asked, model=model)
    assert (default.verdict, default.tolerance_from) == (Verdict.MISSED, "default")
    assert default.tolerance_needed == pytest.approx(1.5)
    own = answer(asked, model=model, tolerances={"TST-01": 1.6})
    assert (own.verdict, own.tolerance, own.tolerance_from) == (Verdict.MET, 1.6, "own")


def seen_only(*entered, **options):
    door = EvaluateTargetsRequest(entered=entered, **options)
    return target_report(REGION, Frame(region="jiangsu"), None, door, no_values)


def test_a_deferred_number_is_answered_once_it_is_entered():
    by_id = {t.target_id: t for t in seen_only().slots}
    assert len(by_id) == 9
    assert by_id["JSP-S1"].reason == "DEFERRED:State"
    assert by_id["JSP-S1"].set_by.zh == "国家"
    number = EnteredValue(item_id="JSP-S1", year=2025, value=18.0, source="notice")
    seen = EnteredValue(item_id="JSP-S1", year=2025, value=19.5, source="bulletin", role="observed")
    asked = {t.target_id: t for t in seen_only(number, seen).slots}["JSP-S1"]
    assert (asked.asked, asked.verdict, asked.margin) == (18.0, Verdict.MET, 1.5)
    alone = {t.target_id: t for t in seen_only(number).slots}["JSP-S1"]
    assert (alone.asked, alone.reason) == (18.0, "NO_METRIC")


def test_seventeen_targets_rest_on_an_assumed_year_or_start():
    found = [t.target_id for t in seen_only(no_assumed_years=True).targets if t.reason == "NO_YEAR"]
    assert len(found) == 17
    assert {"JSP-13", "JSS-02", "NTP-16", "JSP-24", "NTP-11"} <= set(found)


def test_yes_or_no_is_answered_by_what_is_entered():
    def rule(*entered):
        return {r.direction_id: r for r in seen_only(*entered).rules}["NTP-D05"]

    def said(year, value):
        return EnteredValue(item_id="NTP-D05", year=year, value=value, source="list")

    assert (rule().holds, rule().reason) == (None, "NOT_ENTERED")
    assert rule(said(2025, 1.0)).holds is True
    assert rule(said(2025, 0.0)).holds is False
    assert (rule(said(2023, 0.0)).holds, rule(said(2023, 0.0)).reason) == (None, "NOT_DUE")


def test_a_rule_is_broken_by_what_is_entered_before_it_is_due():
    def rows(*values):
        return [
            EnteredValue(item_id="JSP-D06", year=y, value=v, source="register")
            for y, v in zip(range(2021, 2030), values, strict=False)
        ]

    def rule(*values):
        return {r.direction_id: r for r in seen_only(*rows(*values)).rules}["JSP-D06"]

    kept = rule(120.0, 120.0, 119.0)
    assert (kept.holds, kept.reason) == (None, "NOT_DUE")
    added = rule(120.0, 120.0, 125.0)
    assert (added.holds, added.first_broken_year, added.broken_count) == (False, 2023, 1)


def test_counts_add_up_to_every_target_and_the_digest_repeats():
    one, two = seen_only(), seen_only()
    assert sum(c.binding_count + c.strive_count for c in one.counts) == len(one.targets) == 90
    assert one.digest == two.digest
    assert seen_only(EnteredValue(item_id="JSP-08", year=2030, value=51.0, source="x")).digest != one.digest


SIDE_CAR = """
title: {zh: 录入值, en: Values entered}
provenance: {source: js_peaking_plan_2022, clause: made up, grade: A}
columns:
  item_id: {type: text}
  place: {type: text}
  year: {type: integer}
  value: {type: number}
  office: {type: text}
  date: {type: text}
  status: {type: text}
  role: {type: text}
"""


def region_with(tmp_path, text):
    """Jiangsu with a file of entered values of its own."""
    (tmp_path / "jiangsu").mkdir()
    for path in (ROOT / "jiangsu").iterdir():
        (tmp_path / "jiangsu" / path.name).symlink_to(path)
    for name in ("national", "sources"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "jiangsu" / "entered.csv").write_text(text, "utf-8")
    (tmp_path / "jiangsu" / "entered.yaml").write_text(SIDE_CAR, "utf-8")
    return lambda as_of_year=0: Region("jiangsu", as_of_year, tmp_path)


HEADER = "item_id,place,year,value,office,date,status,role\n"


def test_a_region_keeps_values_in_a_file_of_its_own(tmp_path):
    made = region_with(tmp_path, HEADER + "JSP-08,,2030,51,office,2031-01,final,\nJSP-S1,,2025,18,,,,\n")
    door, frame = EvaluateTargetsRequest(), Frame(region="jiangsu")
    report = target_report(made(), frame, None, door, no_values)
    found = {t.target_id: t for t in (*report.targets, *report.slots)}
    assert (found["JSP-08"].verdict, found["JSP-08"].value) == (Verdict.MET, 51.0)
    assert found["JSP-08"].value_source.source == "js_peaking_plan_2022"
    assert found["JSP-08"].value_source.grade == "A"
    assert found["JSP-S1"].asked == 18.0
    hidden = target_report(made(2024), frame, None, door, no_values)
    assert {t.target_id: t for t in hidden.targets}["JSP-08"].verdict is Verdict.TRACKED_ONLY
    assert {t.target_id: t for t in hidden.slots}["JSP-S1"].asked == 18.0


def test_a_row_that_cannot_be_read_is_told_with_its_line(tmp_path):
    made = region_with(tmp_path, HEADER + "JSP-08,,2030,51,,,,\nJSP-07,,1930,45,,,rumoured,\n")
    with pytest.raises(RegionDataError, match=r"line 3(?s:.*)year(?s:.*)status"):
        region_entries(made())


@pytest.mark.parametrize("region_id", region_ids())
def test_what_a_region_holds_as_entered_fits_its_catalogue(region_id):
    region = load_region(region_id)
    held = dict(enumerate(e for e, _ in region_entries(region)))
    assert entered_violations(region, held, 0) == []
