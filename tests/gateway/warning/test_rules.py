"""The rule engine: the national barometer (W1), reversed numbering, settling, what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.targets.data import Form
from gateway.targets.forms import Ask
from gateway.warning.gaps import gap, gap_in, remaining, worsening_count, year_gap_in
from gateway.warning.results import WarningColour
from gateway.warning.rules import answer, rule_set_named, rule_sets, settled, without_ensemble
from services.common.errors import DomainError
from services.common.regions import load_region
from services.common.words import Label

REGION = load_region("jiangsu")
BAROMETER = rule_set_named(REGION, "ndrc_dual_control_2021")
CITY = rule_set_named(REGION, "city_2010")
DEFAULT = rule_set_named(REGION, "")


def colour(severity):
    return WarningColour(severity, "", f"c{severity}", Label("", ""), 0, False)


@pytest.mark.parametrize(
    ("seen", "expected", "number"),
    [(3.6, "green", "3"), (3.2, "yellow", "2"), (3.15, "yellow", "2"), (3.0, "red", "1"), (-0.5, "red", "1")],
)
def test_barometer_w1(seen, expected, number):
    """Required fall 3.5 %: a tenth short is not more than a tenth short."""
    ratio, _ = gap(3.5, seen, 1)
    found = answer(BAROMETER, {"gap_ratio": ratio, "data_age_months": 0.0})
    assert (found.colour, found.number) == (expected, number)


@pytest.mark.parametrize(("seen", "percent"), [(3.2, 8.57), (3.15, 10.0), (3.0, 14.29), (-0.5, 114.29)])
def test_gap_ratios_w1(seen, percent):
    assert 100 * gap(3.5, seen, 1)[0] == pytest.approx(percent, abs=0.005)


def test_numbers_may_run_the_other_way():
    """The city's level 0 is best and 3 is worst; severity ranks both alike."""
    for completion, number, shade in (
        (1.2, "0", "green"),
        (0.95, "1", "blue"),
        (0.6, "2", "yellow"),
        (0.3, "3", "red"),
    ):
        found = answer(CITY, {"year_gap_ratio": 1 - completion})
        assert (found.number, found.colour) == (number, shade)
    severities = [answer(CITY, {"year_gap_ratio": g}).severity for g in (-0.1, 0.05, 0.3, 0.8)]
    assert severities == sorted(severities)
    red = answer(BAROMETER, {"gap_ratio": 0.2, "data_age_months": 0.0})
    assert (
        red.number == "1"
        and red.severity > answer(BAROMETER, {"gap_ratio": 0.0, "data_age_months": 0.0}).severity
    )


def test_chance_turns_a_green_gap_yellow_or_red():
    for chance, expected in ((0.1, "green"), (0.33, "yellow"), (0.65, "yellow"), (0.66, "red")):
        quantities = {"gap_ratio": -0.1, "probability_of_missing": chance, "data_age_months": 0.0}
        assert answer(DEFAULT, quantities).colour == expected
        assert answer(DEFAULT, without_ensemble(quantities)).colour == "green"


def test_old_data_or_none_are_grey():
    assert answer(DEFAULT, {}).colour == "grey"
    assert answer(DEFAULT, {"gap_ratio": 0.5, "data_age_months": 24.0}).colour == "grey"
    assert answer(DEFAULT, {"gap_ratio": 0.5, "data_age_months": 18.0}).colour == "red"
    assert answer(DEFAULT, {"data_age_months": 0.0}).colour == "grey"


def test_nothing_required_takes_the_absolute_gap():
    assert gap(0.0, -0.5, 1) == (None, 0.5)
    assert gap(-2.0, -1.0, 1) == (None, -1.0)
    for absolute, expected in ((-1.0, "green"), (0.5, "yellow"), (2.0, "red")):
        assert answer(BAROMETER, {"absolute_gap": absolute, "data_age_months": 0.0}).colour == expected


def test_a_colour_worsens_at_once_and_improves_after_two():
    def shown(*severities):
        return [settled([colour(s) for s in severities[: k + 1]], 2).severity for k in range(len(severities))]

    assert shown(1, 3) == [1, 3]
    assert shown(3, 1, 1) == [3, 3, 1]
    assert shown(3, 1, 3, 1) == [3, 3, 3, 3]
    assert shown(3, 1, 2) == [3, 3, 2]
    assert settled([colour(3), colour(1)], 2).held_back
    assert not settled([colour(3), colour(1)], 1).held_back
    assert settled([colour(3), colour(1)], 1).severity == 1


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_what_is_shown_is_never_better_than_what_was_found(severities):
    assert settled([colour(s) for s in severities], 2).severity >= severities[-1]


def test_no_answer_is_shown_as_none_and_forgets_nothing():
    assert settled([colour(3), colour(0)], 2).severity == 0
    assert settled([colour(3), colour(0), colour(1)], 2).severity == 3


def test_remaining_task_w4():
    """18 % in five years, 6 % done after two: compounding, not subtraction."""
    ask = Ask(18.0, "at_least", 1, 2025, path="geometric", start_year=2020, form=Form.FALL_FROM_BASE)
    left = remaining(ask, 6.0, 3, "%")
    assert left.total == pytest.approx(12.765957, abs=5e-7)
    assert left.per_year == pytest.approx(4.450446, abs=5e-7)
    assert (1 - left.per_year / 100) ** 3 == pytest.approx(1 - left.total / 100)
    assert remaining(ask, 6.0, 0, "%") is None
    level = Ask(35.0, "at_least", 1, 2025, start_year=2020)
    assert remaining(level, 20.0, 3, "GW").per_year == pytest.approx(5.0)


def test_the_gap_of_a_level_is_against_the_line_from_its_start():
    ask = Ask(30.0, "at_least", 1, 2025, start_year=2020)
    observed = {2020: 10.0, 2021: 13.0, 2022: 18.0}
    found = gap_in(ask, observed, 2021)
    assert found.required == pytest.approx(14.0) and found.ratio == pytest.approx(1 / 14)
    assert gap_in(ask, observed, 2022).ratio == pytest.approx(0.0)
    # 2022 alone added 5 where the line asks for 4: a quarter ahead.
    assert year_gap_in(ask, observed, 2022) == pytest.approx(-0.25)
    assert gap_in(ask, {2021: 13.0}, 2021) is None


def test_a_ceiling_is_behind_when_it_is_above():
    ask = Ask(50.0, "at_most", -1, 2025, start_year=2020)
    observed = {2020: 60.0, 2021: 59.0}
    assert gap_in(ask, observed, 2021).ratio == pytest.approx(1 / 58)
    assert year_gap_in(ask, observed, 2021) == pytest.approx(0.5)


def test_years_of_a_growing_gap_are_counted_back():
    assert worsening_count({2020: 0.0, 2021: 0.1, 2022: 0.2}, 2022) == 2
    assert worsening_count({2020: 0.3, 2021: 0.1, 2022: 0.2}, 2022) == 1
    assert worsening_count({2020: 0.0, 2022: 0.2}, 2022) == 0


def test_every_rule_set_says_whose_it_is_and_ends_with_an_answer():
    for one in rule_sets(REGION):
        assert one.owner.zh and one.owner.en and one.version and one.provenance.source
        for quantities in ({}, {"gap_ratio": 0.2, "year_gap_ratio": 0.2, "data_age_months": 0.0}):
            assert answer(one, quantities).colour
    with pytest.raises(DomainError, match="ndrc_dual_control_2021"):
        rule_set_named(REGION, "ndrc_dual_control")
