"""A target's chance of missing on the scale on which errors act."""

import pytest

from gateway.targets.data import Form, Reading, Target, TextFile
from gateway.targets.forms import Ask
from gateway.warning.probability import normal_cdf
from gateway.warning.quantity import Quantity, chance_of_missing
from gateway.warning.settings import ResidualModel

ERROR = ResidualModel(0.01, 0.5)


def quantity(
    form=Form.LEVEL, compare="at_least", sense="floor", number=30.0, observed=None, unit="GW", start=2020
):
    text = TextFile(zh="目标", en="target")
    target = Target(
        id="TST-01", document="d", section="1", label=text, wording="w", place="jiangsu", sector="power",
        scope="model", form=form, compare=compare, sense=sense, number=number, unit=unit, year=2025,
        start_year=start, path="linear", reading=Reading(metric_id="power.x_mw"),
    )  # fmt: skip
    ask = Ask(number, compare, target.sign, 2025, 0.0, "linear", start, form)
    return Quantity(target, ask, observed or {})


def test_a_member_exactly_on_the_number_is_missed_half_the_time():
    assert chance_of_missing(quantity(), {2025: 30.0}, 0, ERROR) == pytest.approx(0.5)
    assert chance_of_missing(
        quantity(compare="at_most", sense="ceiling"), {2025: 30.0}, 0, ERROR
    ) == pytest.approx(0.5)


def test_what_was_seen_above_the_member_carries_on():
    seen = {2020: 10.0, 2024: 26.0}
    plain = chance_of_missing(quantity(), {2024: 25.0, 2025: 29.9}, 0, ERROR)
    ahead = chance_of_missing(quantity(observed=seen), {2024: 25.0, 2025: 29.9}, 2024, ERROR)
    assert ahead < 0.5 < plain


def test_a_longer_way_to_go_is_less_certain():
    near = chance_of_missing(quantity(observed={2024: 28.0}), {2024: 28.0, 2025: 30.5}, 2024, ERROR)
    far = chance_of_missing(quantity(observed={2021: 20.0}), {2021: 20.0, 2025: 30.5}, 2021, ERROR)
    assert near < far < 0.5


def test_the_error_of_a_fall_acts_on_the_index():
    """A fall of 14 % is the index 86, and 1 % of 86 is its error; a larger fall is better."""
    one = quantity(form=Form.FALL_FROM_BASE, number=14.0, unit="%")
    for fall in (13.0, 14.0, 15.0):
        found = chance_of_missing(one, {2024: 12.0, 2025: fall}, 0, ResidualModel(0.01, 0.0))
        import math

        assert found == pytest.approx(1 - normal_cdf(math.log(86 / (100 - fall)) / 0.01))
    assert chance_of_missing(one, {2025: 16.0}, 0, ERROR) < chance_of_missing(one, {2025: 13.0}, 0, ERROR)


def test_a_share_of_a_hundred_per_cent_that_is_set_has_no_error():
    assert chance_of_missing(quantity(number=100.0, unit="%"), {2025: 100.0}, 0, ERROR) == 0.0
    assert (
        chance_of_missing(
            quantity(Form.FULL_COVERAGE, "equal", number=100.0, unit="%"), {2025: 99.0}, 0, ERROR
        )
        == 1.0
    )


def test_without_a_value_in_the_year_there_is_no_chance():
    assert chance_of_missing(quantity(), {2024: 30.0}, 0, ERROR) is None


def test_a_target_of_zero_takes_errors_as_they_are():
    one = quantity(compare="at_most", sense="ceiling", number=0.0)
    assert chance_of_missing(one, {2025: 0.0}, 0, ERROR) == pytest.approx(0.5)
    assert chance_of_missing(one, {2025: 5.0}, 0, ERROR) == pytest.approx(1.0)


def test_the_known_past_is_told_in_normal_weather_and_the_future_in_its_own():
    """A hot member's peak of a known year is scaled by the scenario's own hot and normal peaks; later years stay."""
    from gateway.warning.outlook import in_normal_weather

    key = ("account.peak_load_mw", "")
    member = {key: {2024: 110.0, 2030: 121.0}}
    hot, normal = {key: {2024: 105.0, 2030: 115.5}}, {key: {2024: 100.0, 2030: 110.0}}
    found = in_normal_weather(member, hot, normal, 2025)
    assert found[key][2024] == pytest.approx(110.0 * 100 / 105) and found[key][2030] == 121.0
    nothing = {key: {2024: 0.0, 2030: 0.0}}
    assert in_normal_weather(nothing, nothing, nothing, 2025) == nothing
