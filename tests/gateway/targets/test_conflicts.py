"""One conflict of each kind planted in made-up documents; those of the real documents; intervals."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gateway.targets.conflicts as conflicts_module
from gateway.targets.answer import answers_in
from gateway.targets.arithmetic import impossible_sets
from gateway.targets.conflicts import conflicts_of, joint_conflict
from gateway.targets.data import TargetsFile, read_targets
from gateway.targets.intervals import Bound, Identity, Interval, tighten
from gateway.targets.results import ConflictKind
from gateway.targets.values import no_values
from gateway.targets.world import plain_world
from tests.gateway.small_outcomes import REGION
from tests.gateway.targets.small_targets import ROW

DOCUMENT = {"label": {"zh": "测试文件", "en": "test document"}, "source": "gateway_method"}
WIND = {"reading": {"metric_id": "power.wind_capacity_mw", "scale": 0.001}, "unit": "GW"}
COAL = {"reading": {"metric_id": "power.coal_capacity_share", "scale": 100}}
GREEN = {"reading": {"metric_id": "power.renewable_capacity_share", "scale": 100}}
PEAK = {"form": "peak_year", "number": 2030, "year": 2030, "sense": "ceiling", "path": "none", "unit": "year"}

PLANTED = {
    "duplicate": [{}, {}],
    "wording": [{"compare": "more_than"}, {"strive": True}],
    "number": [{"number": 18}, {"number": 20}],
    "sense": [{"number": 18}, {"number": 15, "sense": "ceiling", "compare": "at_most"}],
    "unit": [{"unit": "GWh", "reading": {"metric_id": "test.storage_mw", "scale": 0.001}}],
    "scope": [
        {"form": "level_each_city", "cities": ["nanjing", "nantong"]},
        {"place": "nantong"},
    ],
    "year": [{}, {"place": "nantong", "year_assumed": "its twin"}],
    "level": [{"number": 52}, {"place": "nantong", "number": 55}],
    "path": [{"year": 2025}, {"year": 2030, "number": 30}],
    "arithmetic": [{**COAL, "number": 60}, {**GREEN, "number": 45}],
    "overtaken": [
        {"number": 100, "unit": "GW", "observed": {"ids": ["peak_dispatch_load"]}, "reading": None}
    ],
}  # fmt: skip


def documents(rows):
    """A file of made-up targets TST-01, TST-02 ..."""
    targets = [{**ROW, "id": f"TST-{i:02d}", **row} for i, row in enumerate(rows, start=1)]
    return TargetsFile.model_validate({"documents": {"TST": DOCUMENT}, "targets": targets})


@pytest.fixture
def conflicts(monkeypatch):
    """The conflicts of made-up targets."""

    def run(*rows):
        file = documents(rows)
        for module in ("answer", "conflicts"):
            monkeypatch.setattr(f"gateway.targets.{module}.read_targets", lambda region_id: file)
        results = answers_in(plain_world(REGION, no_values))
        return conflicts_of(REGION, results).conflicts

    return run


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_conflict_is_found_and_nothing_else(conflicts, kind):
    rows = PLANTED[kind]
    found = conflicts(*rows)
    assert [(c.kind.value, len(c.target_ids)) for c in found] == [(kind, len(rows))]
    assert len(found[0].statements) == len(rows)
    assert found[0].label.zh and found[0].label.en


def test_every_kind_is_planted_or_left_to_solving():
    assert {*PLANTED, "joint"} == {k.value for k in ConflictKind}
    assert joint_conflict(documents([{}, {}]), ["TST-02", "TST-01"]).target_ids == ("TST-01", "TST-02")
    assert any("solving" in n.en for n in conflicts_module.NOT_CHECKED)


def test_the_stricter_text_binds(conflicts):
    assert conflicts(*PLANTED["wording"])[0].binding_target_id == "TST-01"
    assert conflicts(*PLANTED["number"])[0].binding_target_id == "TST-02"
    both = conflicts({**PEAK, "compare": "before"}, {**PEAK, "form": "peak_then_fall", "compare": "at_most"})
    assert [c.binding_target_id for c in both] == ["TST-02"]
    assert conflicts(*PLANTED["sense"])[0].binding_target_id == ""


def test_a_floor_above_a_ceiling_is_a_contradiction(conflicts):
    assert conflicts(*PLANTED["sense"])[0].severity == "contradiction"
    held = conflicts({"number": 15}, {"number": 18, "sense": "ceiling", "compare": "at_most"})
    assert held[0].severity == "differs"


def test_a_path_that_turns_back_is_told(conflicts):
    (back,) = conflicts({"year": 2025, "number": 30}, {"year": 2030, "number": 20})
    assert (back.kind, back.severity) == (ConflictKind.PATH, "differs")


def test_cities_that_ask_for_more_than_their_region_may_have_are_found():
    low = {"sense": "ceiling", "compare": "at_most"}
    rows = [{**WIND, **low, "number": 10}, {**WIND, "place": "nantong", "number": 7}]
    rows.append({**WIND, "place": "yancheng", "number": 4})
    assert [ids for ids, _ in impossible_sets(REGION, documents(rows).targets)] == [
        ("TST-01", "TST-02", "TST-03")
    ]
    assert impossible_sets(REGION, documents(rows[:2]).targets) == []


def test_the_real_documents_disagree_where_they_are_known_to():
    found = conflicts_of(REGION, answers_in(plain_world(REGION, no_values))).conflicts
    told = {(c.kind.value, c.target_ids): c for c in found}
    assert told["wording", ("JSP-24", "JSS-18")].binding_target_id == "JSP-24"
    assert told["sense", ("JSD-01", "JSP-06", "JSS-01")].binding_target_id == "JSS-01"
    for known in [
        ("unit", ("JSP-18",)),
        ("scope", ("JSP-34", "JSS-05", "NTP-14")),
        ("year", ("JSP-22", "NTP-16")),
        ("level", ("JSP-15", "NTP-07")),
        ("path", ("JSP-32", "JSS-14")),
    ]:
        assert known in told
    assert not [c for c in found if c.kind is ConflictKind.ARITHMETIC]
    wordings = {s.wording for s in told["wording", ("JSP-24", "JSS-18")].statements}
    assert wordings == {t.wording for t in read_targets("jiangsu").targets if t.id in ("JSP-24", "JSS-18")}


X, Y = ("x", "", 2025), ("y", "", 2025)


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0, 20))
def test_intervals_close_as_arithmetic_says(low_x, low_y, total):
    start = {
        X: Interval(Bound(low_x, frozenset("a")), Bound(inf)),
        Y: Interval(Bound(low_y, frozenset("b")), Bound(inf)),
    }
    found = tighten(start, [Identity("sum", {X: 1.0, Y: 1.0}, total, equal=False)], 50, 1e-9)
    assert found[X].high.value == pytest.approx(total - low_y, abs=1e-6)
    assert found[X].high.cut_by == frozenset("b")
    assert found[X].empty(1e-6) == (low_x + low_y - total > 1e-6 * max(1.0, low_x))


def test_an_equality_tightens_both_ways():
    start = {X: Interval(Bound(0.0), Bound(inf)), Y: Interval(Bound(2.0), Bound(3.0))}
    found = tighten(start, [Identity("sum", {X: 1.0, Y: 1.0}, 5.0, equal=True)], 50, 1e-9)
    assert (found[X].low.value, found[X].high.value) == (2.0, 3.0)
