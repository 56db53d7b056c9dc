"""The hours of a year: curves told by rank, days that close, capacity that is firm, one year asked of power."""

import json

import numpy as np
import pytest

from dafeng import InvalidInputError
from dafeng.common.v1 import common_pb2
from gateway.report.hours import hours_report, shown_ranks
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, LeverSetting, Scenario

FRAME = Frame(region="jiangsu", last_year=2035)
MODE = DispatchMode.UNSPECIFIED
# Coal plants closed early and batteries as few as may be: firm capacity lies below the highest hours.
TIGHT = Scenario(
    settings=tuple(
        LeverSetting(lever_id=lever_id, years=(2026, 2030), values=(low, low))
        for lever_id, low in (("power.coal_capacity", 63.0), ("power.battery_capacity", 6.0))
    )
)


@pytest.fixture(scope="module")
def hours(shop):
    return shop.do(hours_report(shop.pipeline.runs, FRAME, Scenario(), 2030, (), MODE, with_map=True))


@pytest.fixture(scope="module")
def projection(shop):
    (found,) = shop.do(shop.pipeline.project_chunk(FRAME, (Scenario(),), MODE))
    return found


def test_every_one_of_the_highest_200_hours_is_told_and_400_in_all_at_most():
    ranks = shown_ranks()
    assert ranks[:200].tolist() == list(range(200))
    assert len(ranks) <= 400 and ranks[-1] == 8759
    assert (np.diff(ranks) > 0).all()


def test_duration_curves_are_the_hours_of_the_map_from_the_highest_down(hours):
    for curve, whole in (
        (hours.load_duration_mw, hours.load_map_mw),
        (hours.net_load_duration_mw, hours.net_load_map_mw),
    ):
        assert len(whole) == 8760
        assert (np.diff(curve) <= 0).all()
        np.testing.assert_array_equal(np.rint(curve), np.sort(whole)[::-1][hours.ranks])


def test_peaks_and_firm_capacity_are_those_of_the_projection(hours, projection):
    at = projection.years.index(2030)
    load, power = projection.peak_load, projection.power
    assert hours.load_duration_mw[0] == load.peak_load_mw[at]
    assert hours.net_load_duration_mw[0] == load.net_peak_mw[at]
    firm = next(m for m in projection.metrics if m.metric.metric_id == "power.firm_capacity_mw")
    assert hours.firm_capacity_mw == firm.region_values[at]
    assert hours.summer_peak_day == power.summer_peak_hour[at] // 24
    assert hours.winter_peak_day == power.winter_peak_hour[at] // 24
    assert hours.net_peak_day == power.net_peak_hour[at] // 24


def test_the_days_of_both_peaks_are_told_when_none_is_named(hours, projection):
    assert [d.day for d in hours.days] == sorted({hours.summer_peak_day, hours.winter_peak_day})
    told = {d.season: d for d in projection.power.peak_days if d.year == 2030}
    summer = next(d for d in hours.days if d.day == hours.summer_peak_day)
    np.testing.assert_array_equal(summer.load_mw, told["summer"].load_mw)
    np.testing.assert_array_equal(summer.load_by_cause_mw, told["summer"].load_by_cause_mw)
    assert summer.peak_hour == told["summer"].peak_hour % 24


def test_a_day_closes_by_cause_and_by_source_and_lies_in_the_map(hours):
    for day in hours.days:
        assert day.load_by_cause_mw.sum(axis=0) == pytest.approx(day.load_mw, rel=1e-12)
        assert day.supply_mw.sum(axis=0) == pytest.approx(day.load_mw, rel=1e-9)
        here = slice(24 * day.day, 24 * day.day + 24)
        np.testing.assert_array_equal(np.rint(day.load_mw), hours.load_map_mw[here])
        np.testing.assert_array_equal(np.rint(day.net_load_mw), hours.net_load_map_mw[here])
        np.testing.assert_array_equal(np.rint(day.curtailed_mw), hours.curtailed_map_mw[here])
        assert day.net_load_mw.argmax() == day.net_peak_hour


def test_hours_above_firm_capacity_are_counted(shop):
    tight = shop.do(hours_report(shop.pipeline.runs, FRAME, TIGHT, 2030, (3,), MODE))
    for count, curve in (
        (tight.hours_above_firm_count, tight.load_duration_mw),
        (tight.net_hours_above_firm_count, tight.net_load_duration_mw),
    ):
        # Every hour among the highest 200 is told: the curve crosses the capacity where the count says.
        assert count < 200
        assert (curve[:count] > tight.firm_capacity_mw).all()
        assert curve[count] <= tight.firm_capacity_mw
    assert tight.hours_above_firm_count > tight.net_hours_above_firm_count
    assert tight.hours_above_firm_count > 0
    assert not tight.load_map_mw.size and not tight.price_map_cny_per_mwh.size


def test_a_picked_day_asks_power_for_its_year_alone(shop, monkeypatch):
    calls = shop.pipeline.calls
    asked = []
    project = calls.project_power

    async def heard(frame, scenarios, inputs, mode, shapes, years=(), **how):
        asked.append((years, how["with_adequacy"], how["hours"].days))
        return await project(frame, scenarios, inputs, mode, shapes, years, **how)

    monkeypatch.setattr(calls, "project_power", heard)
    found = shop.do(hours_report(shop.pipeline.runs, FRAME, Scenario(), 2030, (17, 300), MODE))
    assert asked == [((2030,), False, (17, 300))]
    assert [d.day for d in found.days] == [17, 300]


def test_a_frame_that_begins_later_has_the_same_hours(shop, hours):
    later = FRAME.model_copy(update={"first_year": 2028})
    found = shop.do(hours_report(shop.pipeline.runs, later, Scenario(), 2030, (), MODE))
    np.testing.assert_array_equal(found.load_duration_mw, hours.load_duration_mw)
    assert found.firm_capacity_mw == hours.firm_capacity_mw


def test_hours_over_the_wire_by_grpc_and_http(client, http, hours):
    import httpx2 as httpx

    frame, scenario = common_pb2.Frame(region="jiangsu"), common_pb2.Scenario(baseline="planned")
    report = client.reports.hours(frame, scenario, 2030, (217,), with_map=True)
    assert list(report.load_map_mw) == hours.load_map_mw.tolist()
    assert list(report.load_duration_mw) == hours.load_duration_mw.tolist()
    assert len(report.days[0].load_by_cause_mw) == 24 * len(report.days[0].causes)
    body = {"frame": {"region": "jiangsu"}, "year": 2030, "days": [217]}
    reply = httpx.post(f"{http}/dafeng.report.v1.ReportService/ReportHours", json=body, timeout=60)
    told = json.loads(reply.text)["report"]
    assert told["load_duration_mw"] == hours.load_duration_mw.tolist()
    assert "load_map_mw" not in told or told["load_map_mw"] == []


def test_every_fault_of_a_request_is_told_at_once_with_its_path(client):
    with pytest.raises(InvalidInputError) as caught:
        client.reports.hours(
            common_pb2.Frame(region="jiangsu", last_year=2030),
            common_pb2.Scenario(baseline="plan"),
            2040,
            (5, 400),
        )
    fields = {v.field for v in caught.value.violations}
    assert fields >= {"scenario.baseline", "year", "days[1]"}
    with pytest.raises(InvalidInputError) as caught:
        client.reports.hours(common_pb2.Frame(region="jiangsu"), common_pb2.Scenario(), 0, (9, 9))
    fields = {v.field for v in caught.value.violations}
    assert fields == {"year", "days"}
