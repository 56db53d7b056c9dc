"""Verdicts case by case (verdict_cases.csv, one readable row each) and required paths with known numbers."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.results import Verdict
from gateway.targets.data import Form
from gateway.targets.forms import Ask, NoBaseValueError, anchored, compared_quantity, judge, required

CASES = list(csv.DictReader((Path(__file__).parent / "verdict_cases.csv").read_text("utf-8").splitlines()))


def series(text):
    return {int(y): float(v) for y, v in (item.split(":") for item in text.split())}


def ask(row):
    return Ask(
        float(row["number"]),
        row["compare"],
        1 if row["sense"] == "floor" else -1,
        int(row["year"]),
        float(row["tolerance"]),
        row["path"],
        int(row["start_year"]) if row["start_year"] else None,
    )


@pytest.mark.parametrize("row", CASES, ids=[f"{r['case']}: {r['what']}" for r in CASES])
def test_the_verdict_of_each_case(row):
    found = judge(ask(row), series(row["observed"]), series(row["projected"]))
    assert found.verdict is Verdict[row["verdict"]]
    assert found.basis == row["basis"]
    if row["since"]:
        assert found.met_since_year == int(row["since"])
    if row["margin"]:
        assert found.margin == pytest.approx(float(row["margin"]), abs=1e-9)
    else:
        assert found.margin is None


def by_id(case):
    row = next(r for r in CASES if r["case"] == case)
    return judge(ask(row), series(row["observed"]), series(row["projected"]))


def test_a_value_that_only_rounds_to_the_number_is_flagged():
    assert "rounds_to_target" in by_id("T04").flags
    assert "rounds_to_target" not in by_id("T01").flags


def test_a_target_lost_again_says_when_it_was_met():
    assert "was_met_in_2023" in by_id("T13").flags


def test_lagging_observations_are_flagged_when_the_projection_still_gets_there():
    assert "behind_path" in by_id("T15").flags


def test_linear_and_geometric_paths_of_a_fall_from_100_to_80():
    linear = Ask(80, "at_most", -1, 2025, path="linear", start_year=2020)
    geometric = Ask(80, "at_most", -1, 2025, path="geometric", start_year=2020)
    assert required(linear, 2023, 100.0) == pytest.approx(88)
    assert required(geometric, 2023, 100.0) == pytest.approx(87.469, abs=5e-4)


@pytest.mark.parametrize(("fall", "rate"), [(14, 2.971417), (18, 3.891285), (20.5, 4.484594)])
def test_a_five_year_fall_asks_for_a_yearly_rate_in_its_first_year(fall, rate):
    asked = Ask(fall, "at_least", 1, 2025, path="geometric", start_year=2020, form=Form.FALL_FROM_BASE)
    assert required(asked, 2021, 0.0) == pytest.approx(rate, abs=1e-6)
    assert required(asked, 2025, 0.0) == pytest.approx(fall)


def test_a_rise_that_doubles_needs_41_per_cent_halfway():
    asked = Ask(100, "at_least", 1, 2024, path="geometric", start_year=2020, form=Form.RISE_FROM_BASE)
    assert required(asked, 2022, 0.0) == pytest.approx(41.4214, abs=1e-4)


def test_ten_per_cent_a_year_is_a_factor_of_1_61051_in_five_years():
    grown = compared_quantity(Form.GROWTH_PER_YEAR, 2020, {2020: 100.0, 2025: 161.051}, 100.0)
    assert grown[2025] == pytest.approx(10.0)


def test_a_fall_is_told_against_the_base_year():
    fallen = compared_quantity(Form.FALL_FROM_BASE, 2020, {2020: 200.0, 2025: 172.0}, 200.0)
    assert fallen[2025] == pytest.approx(14.0)


def test_a_flow_is_summed_from_its_first_year():
    flow = compared_quantity(Form.CUMULATIVE_FLOW, 2021, {2020: 9.0, 2021: 5.0, 2022: 6.0, 2024: 7.0}, None)
    assert flow == {2021: 5.0, 2022: 11.0}


def test_a_fall_without_base_value_is_refused():
    with pytest.raises(NoBaseValueError):
        compared_quantity(Form.FALL_FROM_BASE, 2020, {2025: 1.0}, None)


def test_a_span_that_ends_before_the_year_is_told():
    found = judge(Ask(18, "at_least", 1, 2030), {}, {2020: 20.0, 2025: 20.0})
    assert (found.verdict, found.reason) == (Verdict.CANNOT_COMPUTE, "OUT_OF_SPAN")


values = st.floats(-1e6, 1e6, allow_nan=False)


@given(values, values, st.sampled_from([1, -1]), st.sampled_from(["at_least", "about", "more_than", "equal"]))
def test_a_better_value_never_turns_good_into_bad(value, better, sign, compare):
    asked = Ask(18.0, compare, sign, 2025, 0.5)
    low, high = sorted((value, better), key=lambda v: sign * v)
    assert asked.good(high) or not asked.good(low)


def test_a_fall_of_65_per_cent_when_55_are_done_leaves_22_per_cent():
    """P3: index 45 in 2020, 35 in 2030: 22.2222 % further, 2.481828 % a year."""
    further = compared_quantity(Form.FALL_FROM_BASE, 2020, {2020: 45.0, 2030: 35.0}, 45.0)[2030]
    assert further == pytest.approx(22.222222, abs=1e-6)
    left = Ask(further, "at_least", 1, 2030, path="geometric", start_year=2020, form=Form.FALL_FROM_BASE)
    assert required(left, 2021, 0.0) == pytest.approx(2.481828, abs=1e-6)


compares = st.sampled_from(["at_least", "at_most", "more_than", "before", "about", "equal"])
numbers = st.floats(-1e4, 1e4, allow_nan=False)


@given(numbers, numbers, st.sampled_from([1, -1]), compares, st.floats(0, 100), st.booleans())
def test_the_margin_agrees_with_the_verdict_and_the_tolerance_needed_flips_it(
    number, value, sign, compare, tolerance, seen
):
    asked = Ask(number, compare, sign, 2025, tolerance)
    series = {2025: value}
    found = judge(asked, series if seen else {}, {} if seen else series)
    assert found.basis == ("observed" if seen else "projected")
    assert found.margin == sign * (value - number)
    noise = 1e-9 * max(1.0, abs(number))
    slack = tolerance if compare in ("about", "equal") else 0.0
    if compare in ("more_than", "before"):
        assert (found.verdict is Verdict.MET) == (found.margin > noise)
    else:
        assert (found.verdict is Verdict.MET) == (found.margin >= -slack - noise)
    needed = asked.tolerance_needed(value)
    assert (needed > 0) == (found.margin < 0)
    if compare == "about" and needed > 0:
        assert replace(asked, tolerance=needed).good(value)
        if needed > 1e-3:
            assert not replace(asked, tolerance=needed * (1 - 1e-3) - 2 * noise).good(value)


@given(st.dictionaries(st.integers(2018, 2030), numbers, max_size=8), numbers, st.sampled_from([1, -1]))
def test_what_is_seen_at_the_targets_year_settles_it(series, number, sign):
    asked = Ask(number, "at_least", sign, 2025)
    found = judge(asked, series, {2025: number + 1e3 * sign})
    if 2025 in series:
        assert found.basis == "observed"
        assert (found.verdict is not Verdict.MISSED) == asked.good(series[2025])
    else:
        assert found.verdict is not Verdict.MISSED


def test_an_anchor_by_ratio_needs_a_quotient():
    shifted, flags = anchored({2023: 0.0, 2025: 5.0}, 2023, 2.0, "ratio")
    assert (shifted[2025], flags) == (5.0, ("not_anchored:ratio",))
