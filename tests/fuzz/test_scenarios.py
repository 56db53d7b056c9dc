"""Scenarios at random: inside the listed bounds a sound answer, outside them a refusal that names every fault."""

import math
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dafeng.client import Client, InvalidInputError
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from tests.fuzz.figures import non_finite
from tests.gateway.conftest import served  # noqa: F401 a fixture

# Ten thousand at night: DAFENG_SCENARIOS=10000.
COUNT = int(os.environ.get("DAFENG_SCENARIOS", "200"))
LAST_YEAR = 2027
BALANCED = 1e-9
FIELDS = ("account", "sectors", "carbon_peaks", "peak_load", "cities")
AT_RANDOM = settings(
    max_examples=COUNT,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def levers(served):  # noqa: F811
    with Client(served[0]) as client:
        yield {e.lever.lever_id: e.lever for e in client.levers("jiangsu")}


@pytest.fixture(scope="module")
def stub(served):  # noqa: F811
    with Client(served[0]) as client:
        yield client


def a_setting(data, lever, value):
    """One lever at one or two years, or its constant."""
    if lever.kind == common_pb2.LEVER_KIND_CONSTANT:
        return common_pb2.LeverSetting(lever_id=lever.lever_id, values=[value])
    first = max(lever.last_observed_year, 2020) + 1
    years = sorted(data.draw(st.sets(st.integers(first, 2060), min_size=1, max_size=2)))
    return common_pb2.LeverSetting(lever_id=lever.lever_id, years=years, values=[value] * len(years))


def some(data, levers):
    return [
        levers[k]
        for k in data.draw(st.lists(st.sampled_from(sorted(levers)), min_size=1, max_size=6, unique=True))
    ]


def request_of(chosen):
    return projection_pb2.ProjectRequest(
        frame=common_pb2.Frame(region="jiangsu", last_year=LAST_YEAR),
        scenario=common_pb2.Scenario(baseline="planned", settings=chosen),
        years=[LAST_YEAR],
        only=projection_pb2.ProjectionChoice(fields=FIELDS),
    )


@AT_RANDOM
@given(st.data())
def test_any_scenario_within_the_listed_bounds_has_a_sound_answer_or_names_what_cannot_be(levers, stub, data):
    chosen = [
        a_setting(data, lever, data.draw(st.floats(lever.low, lever.high))) for lever in some(data, levers)
    ]
    try:
        found = stub.call(stub.stub.Project, request_of(chosen)).projection
    except InvalidInputError as error:
        # Levers that must agree with each other (shares that sum to one) may not: then the fields are named.
        assert error.violations and all(v.field and v.description for v in error.violations)
        return
    assert list(non_finite(found)) == []
    assert all(found.years[0] <= p.year <= LAST_YEAR for p in found.carbon_peaks if p.year)
    assert all(0.0 <= p.plateau_share <= 1.0 for p in found.carbon_peaks)
    place_count = len(found.cities)
    for sector in found.sectors:
        # The sum of the cities is the province, to the last digits.
        by_city = [
            math.fsum(sector.place_direct_tco2[y :: len(found.years)]) for y in range(len(found.years))
        ]
        if place_count and len(sector.place_direct_tco2) == place_count * len(found.years):
            for whole, parts in zip(sector.direct_tco2, by_city, strict=True):
                assert math.isclose(whole, parts, rel_tol=BALANCED, abs_tol=1e-3), sector.sector


@AT_RANDOM
@given(st.data())
def test_every_setting_outside_its_bounds_is_named(levers, stub, data):
    chosen, wrong = [], set()
    for index, lever in enumerate(some(data, levers)):
        span = max(lever.high - lever.low, abs(lever.high), 1.0)
        kind = data.draw(st.sampled_from(("inside", "above", "below", "nan", "infinite", "unknown")))
        value = {
            "inside": (lever.low + lever.high) / 2,
            "above": lever.high + span,
            "below": lever.low - span,
            "nan": math.nan,
            "infinite": math.inf,
            "unknown": lever.low,
        }[kind]
        one = a_setting(data, lever, value)
        if kind == "unknown":
            one.lever_id = f"{lever.lever_id}_x"
            wrong.add(f"scenario.settings[{index}].lever_id")
        elif kind != "inside":
            wrong |= {f"scenario.settings[{index}].values[{i}]" for i in range(len(one.values))}
        chosen.append(one)
    if not wrong:
        return
    with pytest.raises(InvalidInputError) as caught:
        stub.call(stub.stub.Project, request_of(chosen))
    told = {v.field for v in caught.value.violations}
    assert wrong <= told
    assert all(v.description for v in caught.value.violations)
