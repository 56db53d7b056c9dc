"""Scenarios between two: what levers carry from one baseline to another, and what they cannot."""

import numpy as np
import pytest

from gateway.compare.attribute import attribute
from gateway.compare.coalitions import BASELINE, Between
from gateway.compare.decompose import decompose
from gateway.compare.side_by_side import side_by_side
from services.common.errors import DomainError
from services.common.levers import resolve
from services.common.scenario import Frame, LeverSetting, Scenario
from tests.gateway.compare.test_attribute import FRAME, NAMES, THREE, assert_sums, last_of, lever, request

WHOLE = Frame(region="jiangsu")
YEARS = tuple(range(2020, 2061))
CITY = LeverSetting(
    lever_id="buildings.heat_pump_share_new", place="nantong", years=(2030, 2040), values=(0.7, 0.9)
)


@pytest.fixture(scope="module")
def levers(shop):
    return shop.do(shop.pipeline.calls.levers("jiangsu"))


def paths(levers, scenario):
    return resolve(tuple(levers.values()), "jiangsu", scenario, YEARS)


@pytest.mark.parametrize(("first", "second"), [("frozen", "planned"), ("accelerated", "reference")])
def test_every_lever_of_a_coalition_has_bit_for_bit_the_path_of_its_side(levers, first, second):
    base, changed = Scenario(baseline=first), Scenario(baseline=second, settings=(CITY,))
    between = Between(levers, WHOLE, base, changed)
    switched = set(between.lever_ids[::2]) | {CITY.lever_id}
    assert len(switched) > 40
    ends = paths(levers, base), paths(levers, changed)
    for extra in (set(), {BASELINE}):
        mixed = between.scenario(switched | extra)
        assert mixed.baseline == (second if extra else first)
        found = paths(levers, mixed)
        for lever_id in levers:
            side = ends[lever_id in switched or lever_id not in between.lever_ids]
            np.testing.assert_array_equal(found.path(lever_id), side.path(lever_id), lever_id)
            np.testing.assert_array_equal(found.by_place(lever_id), side.by_place(lever_id), lever_id)


def test_nobody_and_everybody_are_the_scenarios_as_they_were_asked(levers):
    base, changed = Scenario(name="a", baseline="frozen"), Scenario(name="b", settings=(CITY,))
    between = Between(levers, WHOLE, base, changed)
    assert between.scenario(set()) is base
    assert between.scenario({*between.lever_ids, BASELINE}) is changed
    same = Between(levers, WHOLE, Scenario(), changed)
    assert not same.other_baseline and same.lever_ids == (CITY.lever_id,)
    assert same.scenario(set(same.lever_ids)) is changed


def test_all_levers_carry_one_baseline_to_the_other_but_for_choices_that_pivot_on_it(shop):
    """Buildings and industry arrive exactly; transport's choices start from the baseline's own paths: "baseline"."""
    raw = request((), (), group_by="owner", all_metrics=True, years=(2030,))
    raw["base"], raw["changed"] = {"baseline": "frozen"}, {"baseline": "planned"}
    _, found = last_of(shop, attribute, raw)
    assert [c.contributor_id for c in found.contributors][-1] == BASELINE
    assert found.run.run_count == 2 ** len(found.contributors)
    assert_sums(found)
    moved = set()
    for m in found.metrics:
        gap = abs(m.last_in[-1][0])
        if gap > 1e-9 * abs(m.changed_values[0]):
            moved.add(m.metric.metric_id.partition(".")[0])
    assert moved == {"transport", "power", "account"}
    co2 = found.metrics[0]
    assert abs(co2.last_in[-1][0]) < 0.01 * abs(co2.changed_values[0] - co2.base_values[0])


def test_a_group_counts_as_one_and_opened_its_levers_sum_to_it(shop):
    group = {"group_id": "mobility", "label": {"zh": "出行", "en": "mobility"}, "lever_ids": NAMES[:2]}
    whole = last_of(shop, attribute, request(groups=(group,)))[1]
    assert [c.contributor_id for c in whole.contributors] == ["mobility", NAMES[2]]
    opened = last_of(shop, attribute, request(groups=(group,), open_groups=("mobility",)))[1]
    at = [i for i, c in enumerate(opened.contributors) if c.group_id == "mobility"]
    assert len(at) == 2
    for a, b in zip(whole.metrics, opened.metrics, strict=True):
        np.testing.assert_allclose(b.contributions[at].sum(axis=0), a.contributions[0], rtol=1e-9, atol=1e-3)
    assert_sums(opened)


def test_a_sample_sums_to_the_total_says_its_error_and_repeats(shop):
    raw = request(method="sampled", run_limit=40, seed=3)
    first, again = (last_of(shop, attribute, raw)[1] for _ in range(2))
    assert first.run.method.value == "sampled" and first.run.pair_count >= 3
    assert first.run.converged == (first.run.standard_error_share <= first.run.standard_error_share_max)
    assert_sums(first)
    exactly = last_of(shop, attribute, request())[1]
    for a, b, c in zip(first.metrics, again.metrics, exactly.metrics, strict=True):
        np.testing.assert_array_equal(a.contributions, b.contributions)
        gap = np.abs(c.changed_values - c.base_values)
        assert (np.abs(a.contributions - c.contributions) <= 0.05 * gap + 1e-9).all()


def test_a_city_has_its_own_share_of_a_difference(shop):
    found = last_of(shop, attribute, request(place="nantong"))[1]
    shown = {m.metric.metric_id: m for m in found.metrics}
    assert "account.territorial_tco2" in shown and "account.non_fossil_share" not in shown
    assert shown["account.territorial_tco2"].base_values[0] < 1e8
    assert any("account.non_fossil_share" in n.en for n in found.notes)
    assert_sums(found)


def test_scenarios_that_do_not_differ_have_nothing_to_share_out(shop):
    found = last_of(shop, attribute, request(changed=()))[1]
    assert found.contributors == () and found.run.run_count == 1
    assert all(not s.direct_tco2.any() for s in found.sectors)


def violations(shop, stage, raw):
    with pytest.raises(DomainError) as caught:
        last_of(shop, stage, raw)
    return {v.field for v in caught.value.violations}


def test_everything_wrong_with_a_request_is_told_at_once(shop):
    raw = request(
        (lever("power.onshore_wind_capacit", 1.0),),
        (lever("power.onshore_wind_capacity", -5.0),),
        metric_ids=("account.territorial_tco", "account.peak_load_mw"),
        years=(2040, 2030),
        place="nanton",
        group_by="sector",
        run_limit=1,
        seed=-1,
        colour="green",
    )
    assert {
        "base.settings[0].lever_id",
        "changed.settings[0].values[0]",
        "metric_ids[0]",
        "years",
        "years[0]",
        "place",
        "group_by",
        "run_limit",
        "seed",
        "colour",
    } <= violations(shop, attribute, raw)
    groups = (
        {"group_id": "a", "lever_ids": (NAMES[0], "no.such")},
        {"group_id": "a", "lever_ids": (NAMES[0],)},
    )
    found = violations(shop, attribute, request(groups=groups, open_groups=("b",)))
    assert {
        "groups[0].lever_ids[1]",
        "groups[1].group_id",
        "groups[1].lever_ids[0]",
        "open_groups[0]",
    } <= found
    assert violations(shop, attribute, request(method="exact", run_limit=4)) == {"run_limit"}


def test_scenarios_stand_side_by_side_with_differences_to_the_first(shop):
    raw = {
        "frame": FRAME,
        "scenarios": ({"name": "plan"}, {"baseline": "frozen"}, {"name": "more", "settings": THREE}),
        "metric_ids": ("account.territorial_tco2", "transport.direct_tco2", "account.peak_load_mw"),
        "years": (2025, 2031),
    }
    raw["metric_ids"] = ("account.territorial_tco2", "account.peak_load_mw")
    progress, found = last_of(shop, side_by_side, raw)
    assert [p.done_count for p in progress] == [0, 2, 3]
    assert [s.scenario_name for s in found.scenarios] == ["plan", "frozen", "more"]
    co2 = found.metrics[0]
    assert co2.values.shape == (3, 2) and not co2.differences[0].any()
    np.testing.assert_array_equal(co2.differences[1], co2.values[1] - co2.values[0])
    assert len(found.targets) == 90 and all(len(t.answers) == 3 for t in found.targets)
    assert any(t.differs for t in found.targets)
    for t in found.targets:
        assert t.differs == (len({a.verdict for a in t.answers}) > 1)
    assert all(2020 <= s.peak_load_year <= 2031 and s.peak_load_mw > 1e5 for s in found.scenarios)
    wrong = {**raw, "scenarios": ({},), "place": "x"}
    assert {"scenarios", "place"} <= violations(shop, side_by_side, wrong)


def test_factors_sum_to_the_change_of_co2_between_years_and_between_scenarios(shop):
    raw = {"frame": FRAME, "scenario": {"baseline": "planned"}, "to_year": 2025}
    for more in ({}, {"steps": "end_points"}, {"boundary": "attributed"}, {"other": {"baseline": "frozen"}}):
        _, found = last_of(shop, decompose, raw | more)
        change = found.to_tco2 - found.from_tco2
        parts = sum(f.effect_tco2 for f in found.factors) + sum(a.change_tco2 for a in found.apart)
        assert parts == pytest.approx(change, rel=1e-9, abs=1e-9 * found.to_tco2)
        assert [f.factor for f in found.factors] == [
            "activity",
            "energy_intensity",
            "structure",
            "carbon_factor",
        ]
        for f in found.factors:
            assert sum(s.change_tco2 for s in f.sectors) == pytest.approx(f.effect_tco2, rel=1e-9, abs=1)
    assert found.steps.value == "end_points" and abs(found.factors[0].effect_tco2) < 1
    wrong = raw | {"other": {}, "from_year": 2022, "steps": "yearly", "to_year": 2050}
    assert {"from_year", "steps", "to_year"} <= violations(shop, decompose, wrong)
