"""Reports on the real services: parts sum to wholes, drivers to changes, waterfalls end where they say."""

import json
import math

import numpy as np
import pytest

from dafeng import InvalidInputError
from dafeng.common.v1 import common_pb2
from gateway.report.carbon_peak import carbon_peak_report
from gateway.report.peak_load import peak_load_report
from gateway.report.reconcile import inventory_steps, reconciliation
from gateway.report.results import PeakLoadReport, Reconciliation
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.scenario import BASELINES, Frame, Scenario

FRAME = Frame(region="jiangsu")


@pytest.fixture(scope="module")
def projection(shop):
    (found,) = shop.do(shop.pipeline.project_chunk(FRAME, (Scenario(),), DispatchMode.UNSPECIFIED))
    return found


@pytest.fixture(scope="module")
def report(projection):
    return carbon_peak_report(load_region("jiangsu"), projection)


@pytest.fixture(scope="module")
def loads(shop):
    async def last():
        parts = peak_load_report(
            shop.pipeline.runs,
            FRAME,
            Scenario(),
            (2025, 2030, 2050),
            ("normal", "hot"),
            DispatchMode.UNSPECIFIED,
        )
        return [part async for part in parts][-1]

    return shop.do(last())


def test_sectors_and_cities_sum_to_the_peak_of_every_boundary(report):
    assert [b.peak.boundary for b in report.boundaries] == [
        "territorial",
        "with_imported_power",
        "with_process",
        "with_imported_power_and_process",
    ]
    for boundary in report.boundaries:
        assert math.fsum(s.at_peak_tco2 for s in boundary.sectors) == pytest.approx(
            boundary.peak.level_tco2, rel=1e-9
        )
        assert math.fsum(s.at_peak_share for s in boundary.sectors) == pytest.approx(1, abs=1e-9)
    cities = report.boundaries[0].cities
    assert len(cities) == 13
    assert math.fsum(c.at_peak_tco2 for c in cities) == pytest.approx(
        report.boundaries[0].peak.level_tco2, rel=1e-9
    )
    assert {report.boundaries[0].peak.leading_city} <= {c.part for c in cities}


def test_the_leading_sector_and_city_turn_most(report):
    for boundary in report.boundaries:
        for parts, leader in (
            (boundary.sectors, boundary.peak.leading_sector),
            (boundary.cities, boundary.peak.leading_city),
        ):
            if parts:
                assert max(parts, key=lambda p: p.turn_tco2_per_year).part == leader


def test_drivers_sum_to_the_change_of_each_period(report):
    for boundary in report.boundaries:
        for first, last in {(d.first_year, d.last_year) for d in boundary.drivers}:
            total = math.fsum(d.effect_tco2 for d in boundary.drivers if d.first_year == first)
            at = [report.years.index(y) for y in (first, last)]
            assert total == pytest.approx(np.diff(boundary.total_tco2[at])[0], abs=1.0)
    assert report.boundaries[0].drivers
    assert not report.boundaries[2].drivers


def test_wider_plateaus_hold_narrower_ones_and_a_pause_never_comes_later(report):
    for boundary in report.boundaries:
        for narrow, wide in zip(boundary.plateaus, boundary.plateaus[1:], strict=False):
            assert (
                wide.first_year
                <= narrow.first_year
                <= boundary.peak.year
                <= narrow.last_year
                <= wide.last_year
            )
        if boundary.peak.steady_fall_year:
            assert 0 < boundary.fall_with_pause_year <= boundary.peak.steady_fall_year
        if boundary.confirmed_fall_year:
            assert boundary.confirmed_fall_year >= boundary.peak.steady_fall_year


def test_intensities_are_co2_and_energy_over_gdp(projection, report):
    values = {m.metric.metric_id: m.region_values for m in report.indicators}
    account = projection.account
    co2 = values["account.co2_per_gdp_tco2_per_million_cny"]
    total = account.territorial_tco2 + account.imported_power_tco2
    gdp = total / co2
    np.testing.assert_allclose(gdp / gdp[0], account.gdp_index)
    for method, energy in (
        ("coal_equivalent", account.primary_coal_equivalent_gj),
        ("calorific", account.primary_calorific_gj),
    ):
        np.testing.assert_allclose(
            values[f"account.energy_per_gdp_{method}_gj_per_million_cny"], energy / gdp
        )
    assert (
        values["account.energy_per_gdp_calorific_gj_per_million_cny"]
        < values["account.energy_per_gdp_coal_equivalent_gj_per_million_cny"]
    ).all()


def test_the_inventory_before_2020_rises(report):
    trends = {t.observation: t for t in report.trends}
    assert trends["co2_energy_ceads"].trend == "rising"
    assert trends["co2_energy_ceads"].s == 28
    assert all(t.provenance.source for t in report.trends)


def test_causes_and_supply_sum_to_each_highest_hour(loads):
    assert isinstance(loads, PeakLoadReport)
    assert {(p.weather_year, p.season) for p in loads.peaks} == {
        (w, s) for w in ("normal", "hot") for s in ("summer", "winter")
    }
    for peak in loads.peaks:
        assert peak.cause_mw.sum() == pytest.approx(peak.load_mw, rel=1e-9)
        assert peak.supply_mw.sum() == pytest.approx(peak.load_mw, rel=1e-6)


def test_growth_is_the_sum_of_its_causes(loads):
    assert loads.growths
    for growth in loads.growths:
        assert growth.cause_mw.sum() == pytest.approx(growth.growth_mw, abs=1e-6 * 1e5)


def test_a_hot_year_has_the_higher_summer_and_the_thinner_reserve(loads):
    normal, hot = loads.weather_years
    assert (hot.summer_mw > normal.summer_mw).all()
    assert (hot.reserve_margin_share < normal.reserve_margin_share).all()


def test_every_option_gives_exactly_what_is_lacking(loads):
    for option in loads.options:
        assert option.needed_mw * option.credit_share == pytest.approx(option.lacking_mw)
        assert option.provenance.source
    lacking = {
        (w.weather_year, y)
        for w in loads.weather_years
        for y, mw in zip(loads.years, w.capacity_lacking_mw, strict=True)
        if mw > 0
    }
    assert {(o.weather_year, o.year) for o in loads.options} == lacking


def test_every_total_of_the_waterfall_is_reached_by_its_steps():
    steps = inventory_steps(load_region("jiangsu"), 654e6)
    running = steps[0].tco2
    for step in steps[1:]:
        if step.kind == "total":
            # Printed figures are rounded to 0.1 Mt.
            assert step.tco2 == pytest.approx(running, abs=0.15e6)
            running = step.tco2
        else:
            running += step.tco2
    assert steps[-1].tco2 == 654e6
    assert inventory_steps(Bare(), 1.0) == ()


class Bare:
    """A region without a table of steps."""

    def has(self, name):
        return False


def test_our_peaks_are_led_to_the_published_study_step_by_step(shop):
    async def last():
        return [part async for part in reconciliation(shop.pipeline, "jiangsu")][-1]

    found = shop.do(last())
    assert isinstance(found, Reconciliation)
    assert [c.baseline for c in found.checks] == list(BASELINES)
    for check in found.checks:
        assert [s.step for s in check.steps] == ["our_peak", "boundary", "base_year", "drivers", "study"]
        assert math.fsum(s.tco2 for s in check.steps[:-1]) == pytest.approx(check.steps[-1].tco2, rel=1e-12)
        assert (check.study_low_tco2, check.study_high_tco2) == (815.3e6, 845.7e6)
    planned = {c.baseline: c for c in found.checks}["planned"]
    assert planned.same_years
    # The rise is what may be compared: 5 to 10 % over the study's base.
    assert planned.study_rise_low_share <= planned.our_rise_share <= planned.study_rise_high_share
    territorial = {b.step: b.tco2 for b in found.boundaries}
    assert territorial["with_imported_power_and_process"] - territorial["with_process"] == pytest.approx(
        territorial["with_imported_power"] - territorial["territorial"]
    )


def test_reports_over_the_wire_by_grpc_and_http(client, http):
    import httpx2 as httpx

    frame, scenario = common_pb2.Frame(region="jiangsu"), common_pb2.Scenario(baseline="planned")
    told = []
    report = client.reports.peak_load(frame, scenario, (2025, 2030), ("normal",), told.append)
    assert told and report.weather_years[0].summer_mw[1] > report.weather_years[0].summer_mw[0]
    body = {"frame": {"region": "jiangsu"}, "years": [2025, 2030], "weather_years": ["normal"]}
    reply = httpx.post(f"{http}/dafeng.report.v1.ReportService/ReportPeakLoad", json=body, timeout=60)
    lines = [json.loads(line) for line in reply.text.splitlines()]
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    assert "progress" in lines[0]
    assert lines[-1]["result"]["digest"] == report.digest


def test_every_fault_of_a_request_is_told_at_once(client):
    with pytest.raises(InvalidInputError) as caught:
        client.reports.peak_load(
            common_pb2.Frame(region="jiangsu", first_year=1999),
            common_pb2.Scenario(baseline="plan"),
            (2030, 2025, 2300),
            ("stormy", "normal"),
        )
    fields = {v.field for v in caught.value.violations}
    assert {"frame.first_year", "scenario.baseline", "years[2]", "weather_years[0]"} <= fields


def test_a_stream_that_is_refused_answers_with_the_status_over_http(http):
    import httpx2 as httpx

    reply = httpx.post(
        f"{http}/dafeng.report.v1.ReportService/Reconcile", json={"region": "jiangsuu"}, timeout=60
    )
    assert reply.status_code == 404 or reply.status_code == 400
    assert "jiangsu" in reply.text
