"""Verdicts case by case (verdict_cases.csv, one readable row each) and required paths with known numbers."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.results import Verdict
from gateway.targets.data import Form
from gateway.targets.forms import Ask, NoBaseValueError, compared_quantity, judge, required

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
