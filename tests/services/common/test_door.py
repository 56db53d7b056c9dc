"""The door reads any request, and says everything that is wrong with it at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.door import read_request
from services.common.drivers import LEVERS
from services.common.errors import DomainError


def levers_of(region_id):
    return {row.lever_id: row.in_region(region_id) for row in LEVERS}


def refused(frame, scenario):
    with pytest.raises(DomainError) as caught:
        read_request(frame, {"scenario": scenario}, levers_of)
    return {v.field: v for v in caught.value.violations}


def test_defaults_are_the_whole_span_in_normal_weather_on_planned():
    frame, (scenario,) = read_request({"region": "jiangsu"}, {"scenario": {}}, levers_of)
    assert (frame.first_year, frame.last_year, frame.weather_year) == (2020, 2060, "normal")
    assert scenario.baseline == "planned"


def test_frame_and_settings_are_told_together():
    found = refused(
        {"region": "jiangsu", "first_year": 1999, "weather_year": "mild"},
        {
            "baseline": "best",
            "settings": (
                {"lever_id": "drivers.populaton", "years": (2030,), "values": (8000.0,)},
                {"lever_id": "drivers.coal_price", "years": (2030,), "values": (float("nan"),)},
            ),
        },
    )
    assert set(found) == {
        "frame.first_year",
        "frame.weather_year",
        "scenario.baseline",
        "scenario.settings[0].lever_id",
        "scenario.settings[1].values[0]",
    }
    assert found["frame.first_year"].allowed == ">= 2020"


def test_with_a_good_frame_every_setting_is_checked_for_meaning_too():
    found = refused(
        {"region": "jiangsu"},
        {
            "settings": (
                {"lever_id": "drivers.populaton", "years": (2030,), "values": (8000.0,)},
                {"lever_id": "drivers.coal_price", "years": (2030,), "values": (float("inf"),)},
                {"lever_id": "drivers.gas_price", "years": (2040, 2030), "values": (2.0, 99.0)},
            )
        },
    )
    assert set(found) == {
        "scenario.settings[0].lever_id",
        "scenario.settings[1].values[0]",
        "scenario.settings[2].years",
        "scenario.settings[2].values[1]",
    }


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        ({}, "frame.region"),
        ({"region": "atlantis"}, "frame.region"),
        ({"region": "jiangsu", "last_year": 2061}, "frame.last_year"),
        ({"region": "jiangsu", "first_year": 2040, "last_year": 2030}, "frame"),
        ({"region": "jiangsu", "as_of_year": 2010}, "frame"),
        ({"region": "jiangsu", "extra": 1}, "frame.extra"),
    ],
)
def test_a_bad_frame_names_its_field(frame, field):
    assert field in refused(frame, {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(["lever_id", "place", "years", "values", "other"])


@given(
    st.dictionaries(
        st.sampled_from(["region", "first_year", "last_year", "weather_year", "x"]), json_values, max_size=4
    ),
    st.fixed_dictionaries({"settings": st.lists(st.dictionaries(keys, json_values, max_size=4), max_size=3)}),
)
def test_no_input_at_all_breaks_the_door(frame, scenario):
    try:
        read_request(frame, {"scenario": scenario}, levers_of)
    except DomainError as error:
        assert error.violations
        assert all(v.field and v.description for v in error.violations)
