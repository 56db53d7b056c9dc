"""Chosen years and fields of a projection: the reply holds what was asked, with the bits of the whole."""

import grpc
import numpy as np
import pytest

from dafeng.client import InvalidInputError, setting
from dafeng.projection.v1 import projection_pb2
from gateway.chosen import ALWAYS, FIELDS
from services.common.power_outcome import ADEQUACY_METRICS
from services.runtime.json_writer import to_jsonable

YEARS = (2020, 2025, 2030)
LEVER = setting("transport.nev_sales_share_private_car", {2030: 0.9})


@pytest.fixture(scope="module")
def whole(served):
    return project(served[0], with_city_metrics=True)


def project(address, years=(), only=None, **request):
    choice = None if only is None else projection_pb2.ProjectionChoice(**only)
    asked = projection_pb2.ProjectRequest(years=years, only=choice, **request)
    asked.frame.region, asked.frame.last_year = "jiangsu", 2030
    asked.scenario.settings.append(LEVER)
    with grpc.insecure_channel(address) as channel:
        stub = projection_stub(channel)
        return stub.Project(asked).projection


def projection_stub(channel):
    from dafeng.projection.v1 import projection_pb2_grpc

    return projection_pb2_grpc.ProjectionServiceStub(channel)


def is_set(projection, name):
    value = getattr(projection, name)
    field = projection.DESCRIPTOR.fields_by_name[name]
    return projection.HasField(name) if field.has_presence else bool(value)


def rows(values, count):
    """A flat array over [..., year] as rows of years."""
    return np.array(values).reshape(-1, count)


def test_named_years_have_the_bits_of_the_whole_projection(served, whole):
    part = project(served[0], YEARS, with_city_metrics=True)
    assert tuple(part.years) == YEARS
    at = [list(whole.years).index(y) for y in YEARS]
    pairs = [(s, w, "metrics") for s, w in zip(part.metrics, whole.metrics, strict=True)]
    pairs += [(s, w, "sectors") for s, w in zip(part.sectors, whole.sectors, strict=True)]
    pairs += [(s, w, "cities") for s, w in zip(part.cities, whole.cities, strict=True)]
    pairs += [
        (s, w, "technologies") for s, w in zip(part.power.technologies, whole.power.technologies, strict=True)
    ]
    pairs += [(part.account, whole.account, "account"), (part.peak_load, whole.peak_load, "peak load")]
    compared = 0
    for mine, theirs, what in pairs:
        for field in mine.DESCRIPTOR.fields:
            values = getattr(mine, field.name)
            if field.is_repeated and field.type == field.TYPE_DOUBLE and len(values):
                other = rows(getattr(theirs, field.name), len(whole.years))[:, at]
                np.testing.assert_array_equal(rows(values, len(YEARS)), other, f"{what} {field.name}")
                compared += 1
    assert compared > 600
    assert not part.targets and not part.directions and part.digest == ""
    assert {d.year for d in part.power.peak_days} == set(YEARS)


def test_a_year_named_alone_brings_2020_with_it(served, whole):
    part = project(served[0], (2030,), {"fields": ["account"]})
    assert tuple(part.years) == (2020, 2030)
    assert part.account.territorial_tco2[1] == whole.account.territorial_tco2[-1]


def test_an_empty_choice_holds_what_a_reply_says_of_itself_and_nothing_else(served, whole):
    part = project(served[0], only={})
    held = {name for name in FIELDS if is_set(part, name)}
    assert held == ALWAYS - {"scenario_name"}  # the scenario has no name
    assert part.revision == whole.revision and part.frame == whole.frame
    assert part.ByteSize() < 1000


@pytest.mark.parametrize("name", sorted(set(FIELDS) - ALWAYS))
def test_a_field_chosen_alone_is_that_of_the_whole(served, whole, name):
    part = project(served[0], only={"fields": [name]}, with_city_metrics=True)
    assert {f for f in FIELDS if is_set(part, f)} == {*(ALWAYS - {"scenario_name"}), name}
    mine, theirs = to_jsonable(part)[name], to_jsonable(whole)[name]
    np.testing.assert_equal(mine, theirs)


def test_a_field_of_power_metrics_by_id_and_days_of_one_year_are_those_of_the_whole(served, whole):
    ids = ["power.pv_capacity_mw", "account.territorial_tco2", "buildings.floor_area_m2"]
    part = project(
        served[0],
        only={
            "fields": ["power.technologies", "power.peak_days"],
            "metric_ids": ids,
            "peak_day_years": [2025],
        },
    )
    assert list(part.power.technologies) == list(whole.power.technologies)
    assert list(part.power.peak_days) == [d for d in whole.power.peak_days if d.year == 2025]
    assert not part.power.stores and not part.power.HasField("revision") and not part.sectors
    theirs = {m.metric.metric_id: m for m in whole.metrics}
    assert {m.metric.metric_id for m in part.metrics} == set(ids)
    for series in part.metrics:
        assert list(series.region_values) == list(theirs[series.metric.metric_id].region_values)
        assert not series.place_values


def test_city_values_of_a_chosen_metric_are_those_of_the_whole(served, whole):
    ids = ["power.pv_capacity_mw", "account.peak_load_mw", "account.so2_t"]
    part = project(served[0], only={"metric_ids": ids}, with_city_metrics=True)
    theirs = {m.metric.metric_id: m for m in whole.metrics}
    assert len(part.metrics) == 3
    for series in part.metrics:
        assert series.place_values and series == theirs[series.metric.metric_id]


def test_what_is_wrong_with_years_and_choice_is_told_at_once_with_near_names(served):
    with pytest.raises(grpc.RpcError) as refused:
        project(
            served[0],
            (2025, 2025, 2040),
            {
                "fields": ["acount", "power.technologys", "account"],
                "metric_ids": ["power.pv_capacity"],
                "peak_day_years": [2026],
            },
        )
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    text = refused.value.details()
    for words in (
        "years: years must ascend without repeats",
        "years[2]: the year is outside the frame (given: 2040); allowed: 2020 to 2030",
        "only.fields[0]: no such field of the projection; did you mean account",
        "only.fields[1]: no such field of the projection; did you mean power.technologies",
        "only.metric_ids[0]: no such metric; did you mean power.pv_capacity_mw",
        "only.peak_day_years[0]: the year is not one of the years named (given: 2026)",
    ):
        assert words in text


def test_a_wrong_scenario_and_a_wrong_choice_are_told_together(served, client):
    request = projection_pb2.ProjectRequest(years=[2019], only={"fields": ["cites"]})
    request.frame.region = "jiangsu"
    request.scenario.settings.append(setting("transport.nev_sales", {2030: 0.9}))
    with pytest.raises(InvalidInputError) as refused:
        client.call(client.stub.Project, request)
    fields = {v.field for v in refused.value.violations}
    assert fields == {"scenario.settings[0].lever_id", "years[0]", "only.fields[0]"}


def test_the_client_names_years_and_fields(client, whole):
    only = projection_pb2.ProjectionChoice(fields=["carbon_peaks", "digest"])
    part = client.project("jiangsu", settings=[LEVER], last_year=2030, only=only)
    assert part.digest == whole.digest and list(part.carbon_peaks) == list(whole.carbon_peaks)
    few = client.project("jiangsu", settings=[LEVER], last_year=2030, years=[2030], only=only)
    assert list(few.years) == [2020, 2030] and few.digest == ""


def test_without_digests_power_says_the_same(served, whole):
    part = project(served[0], only={"fields": ["power.demand_mwh", "power.stores"]})
    assert list(part.power.demand_mwh) == list(whole.power.demand_mwh) and part.power.digest == ""
    alone = project(served[0], only={"fields": ["power.digest"]})
    assert alone.power.digest == whole.power.digest


def test_metrics_of_adequacy_have_the_same_bits_asked_after_those_without(served, whole):
    every = {m.metric.metric_id: m for m in whole.metrics}
    first = project(served[0], YEARS, only={"metric_ids": ["power.firm_capacity_mw"]})
    assert [m.metric.metric_id for m in first.metrics] == ["power.firm_capacity_mw"]
    asked = sorted(ADEQUACY_METRICS)
    then = {m.metric.metric_id: m for m in project(served[0], only={"metric_ids": asked}).metrics}
    assert sorted(then) == asked
    for metric_id in asked:
        assert list(then[metric_id].region_values) == list(every[metric_id].region_values)
