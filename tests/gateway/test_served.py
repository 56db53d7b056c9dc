"""A projection as users get it, over real sockets."""

import os
import subprocess
import sys
from pathlib import Path

import grpc
import httpx2
import numpy as np
import pytest
from google.protobuf import json_format
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from dafeng.client import setting
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from services.common.access import PUBLIC, rule_of

SERVICE = "/dafeng.projection.v1.ProjectionService"


@pytest.fixture(scope="module")
def planned(served):
    from dafeng.client import Client

    with Client(served[0]) as client:
        yield client.project("jiangsu")


def near(a, b, tolerance=1e-9):
    a, b = np.array(a), np.array(b)
    return np.abs(a - b).max() <= tolerance * max(np.abs(b).max(), 1.0)


def by_place(flat, p):
    return np.array(flat).reshape(len(p.places), len(p.years))


def test_a_projection_covers_jiangsu_with_its_13_cities_for_41_years(planned):
    assert len(planned.places) == 13
    assert list(planned.years) == list(range(2020, 2061))
    assert planned.release_status == common_pb2.RELEASE_STATUS_INTERNAL
    assert len(planned.digest) == 64


def test_accounts_sum_to_the_total_and_nothing_twice(planned):
    a = planned.account
    direct = sum(np.array(s.direct_tco2) for s in planned.sectors)
    assert near(direct, a.territorial_tco2)
    attributed = sum(np.array(s.attributed_tco2) for s in planned.sectors)
    assert near(attributed, np.array(a.territorial_tco2) + np.array(a.imported_power_tco2))


def test_cities_add_up_to_the_province(planned):
    for sector in planned.sectors:
        assert near(by_place(sector.place_direct_tco2, planned).sum(axis=0), sector.direct_tco2)
    assert near(sum(np.array(c.territorial_tco2) for c in planned.cities), planned.account.territorial_tco2)
    assert near(sum(np.array(c.electricity_mwh) for c in planned.cities), planned.power.demand_mwh)


def test_the_hourly_balance_holds_in_every_year(planned):
    assert max(planned.power.balance_residual_share) < 1e-9
    for day in planned.power.peak_days:
        supply = np.array(day.supply_mw).reshape(len(day.groups), 24)
        cause = np.array(day.load_by_cause_mw).reshape(len(day.causes), 24)
        assert near(supply.sum(axis=0), day.load_mw)
        assert near(cause.sum(axis=0), day.load_mw)


def test_annual_supply_meets_demand_losses_and_storage(planned):
    p = planned.power
    generated = sum(np.array(t.energy_mwh) for t in p.technologies)
    stored = sum(np.array(s.charged_mwh) - np.array(s.discharged_mwh) for s in p.stores)
    needed = np.array(p.demand_mwh) + p.loss_mwh + p.plant_own_use_mwh + p.surplus_mwh + stored
    assert near(generated + p.unserved_mwh, needed, 1e-6)


def test_every_policy_target_is_answered(planned):
    ids = [t.target_id for t in planned.targets]
    assert len(ids) == len(set(ids)) == 90  # 96 in the register, six of them Jiangxi's
    for target in planned.targets:
        assert target.verdict != projection_pb2.VERDICT_UNSPECIFIED
        if target.verdict == projection_pb2.VERDICT_CANNOT_COMPUTE:
            assert target.reason


def test_http_gives_the_same_projection_as_grpc(http, planned):
    reply = httpx2.post(f"{http}{SERVICE}/Project", json={"frame": {"region": "jiangsu"}}, timeout=60)
    assert reply.status_code == 200
    got = json_format.Parse(reply.content, projection_pb2.ProjectResponse()).projection
    assert got == planned


def test_a_reply_stays_under_a_mebibyte(planned):
    assert planned.ByteSize() < 1024 * 1024


def test_all_scenarios_compare_and_accelerated_peaks_no_later_and_lower_than_frozen(client):
    chosen = [
        common_pb2.Scenario(name=n, baseline=n) for n in ("frozen", "planned", "reference", "accelerated")
    ]
    frozen, planned, reference, accelerated = client.compare("jiangsu", chosen)
    assert accelerated.carbon_peak.year <= frozen.carbon_peak.year
    assert accelerated.carbon_peak.level_tco2 < frozen.carbon_peak.level_tco2
    for other in (planned, reference, accelerated):
        assert other.difference_tco2[-1] < 0
        # History is the same in every scenario.
        assert other.territorial_tco2[0] == frozen.territorial_tco2[0]


def sector_of(p, name):
    return next(s for s in p.sectors if s.sector == name)


def test_heat_pumps_in_place_of_fuel_use_more_electricity_and_emit_less_directly(client, planned):
    more = client.project(
        "jiangsu",
        settings=[
            setting("buildings.heat_pump_share_new", {2030: 1.0}),
            setting("buildings.heat_pump_share_replacement", {2030: 1.0}),
        ],
    )
    before, after = sector_of(planned, "buildings"), sector_of(more, "buildings")
    assert after.electricity_mwh[-1] > before.electricity_mwh[-1]
    assert after.direct_tco2[-1] < before.direct_tco2[-1]


def test_electric_cars_in_place_of_engines_use_more_electricity_and_emit_less_directly(client, planned):
    more = client.project("jiangsu", settings=[setting("transport.nev_sales_share_private_car", {2027: 1.0})])
    before, after = sector_of(planned, "transport"), sector_of(more, "transport")
    i = list(planned.years).index(2035)
    assert after.electricity_mwh[i] > before.electricity_mwh[i]
    assert after.direct_tco2[i] < before.direct_tco2[i]


@pytest.mark.parametrize("lever", ["power.utility_pv_capacity", "power.offshore_wind_capacity"])
@pytest.mark.parametrize("mode", ["FAST", "FAST_COMMITMENT"])
def test_more_wind_or_pv_never_raises_power_co2(client, lever, mode):
    from dafeng.power.v1 import modes_pb2

    number = modes_pb2.DispatchMode.Value(f"DISPATCH_MODE_{mode}")
    entry = next(e for e in client.levers("jiangsu") if e.lever.lever_id == lever)
    base_gw = dict(zip(entry.years, entry.values, strict=True))[2030]
    less = client.project("jiangsu", last_year=2032, settings=[setting(lever, {2030: base_gw})], mode=number)
    more = client.project(
        "jiangsu", last_year=2032, settings=[setting(lever, {2030: base_gw + 15})], mode=number
    )
    before = np.array(sector_of(less, "power").direct_tco2)
    after = np.array(sector_of(more, "power").direct_tco2)
    slack = 0.0 if mode == "FAST" else np.array(more.power.gap_share) + np.array(less.power.gap_share)
    assert (after <= before * (1 + slack) + 1e-6).all()
    assert after[-1] < before[-1]


def test_a_hindcast_hides_later_observations(client):
    hindcast = client.project("jiangsu", as_of_year=2020, last_year=2025)
    seen = client.project("jiangsu", last_year=2025)
    assert hindcast.account.territorial_tco2[0] == seen.account.territorial_tco2[0]
    assert hindcast.account.territorial_tco2[-1] != seen.account.territorial_tco2[-1]
    assert not [t for t in hindcast.targets if t.basis == "observed"]


def test_the_base_year_stands_beside_statistics_inside_its_tolerances(client):
    reply = client.check_base("jiangsu")
    failed = [
        f"{c.check}: {c.model:g} against {c.statistic:g} {c.unit}" for c in reply.checks if not c.passed
    ]
    assert not failed
    assert reply.factors
    for factor in reply.factors:
        assert factor.low <= factor.value <= factor.high, factor.factor


ALONE = {
    "buildings.v1.BuildingsService/ProjectStock": ("segments", "floor_area_m2"),
    "transport.v1.TransportService/ProjectFleet": ("segments", "stock_count"),
    "industry.v1.IndustryService/ProjectBranches": ("branches", "electricity_mwh"),
}


@pytest.mark.parametrize("method", ALONE)
def test_each_sector_answers_alone_and_refuses_bad_input(http, method):
    rows, values = ALONE[method]
    body = {"frame": {"region": "jiangsu", "last_year": 2022}, "scenario": {"baseline": "planned"}}
    reply = httpx2.post(f"{http}/dafeng.{method}", json=body, timeout=60)
    assert reply.status_code == 200
    assert sum(sum(row[values]) for row in reply.json()[rows]) > 0
    body["scenario"]["settings"] = [{"lever_id": "drivers.gas_price", "years": [2030], "values": [99]}]
    refused = httpx2.post(f"{http}/dafeng.{method}", json=body, timeout=60)
    assert refused.status_code == 400
    assert "scenario.settings[0].values[0]" in refused.text


def test_health_and_reflection_answer(served):
    with grpc.insecure_channel(served[0]) as channel:
        reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert reply.status == health_pb2.HealthCheckResponse.SERVING
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        request = reflection_pb2.ServerReflectionRequest(list_services="")
        names = [
            s.name
            for r in stub.ServerReflectionInfo(iter([request]))
            for s in r.list_services_response.service
        ]
        assert "dafeng.projection.v1.ProjectionService" in names


def test_the_api_describes_every_method_and_field(http):
    document = httpx2.get(f"{http}/openapi.json").json()
    for method in projection_pb2.DESCRIPTOR.services_by_name["ProjectionService"].methods:
        assert document["paths"][f"{SERVICE}/{method.name}"]["post"]["summary"]
    for name, schema in document["components"]["schemas"].items():
        for field, prop in schema.get("properties", {}).items():
            if name != "Error":
                assert prop["description"], f"{name}.{field}"
    for path, item in document["paths"].items():
        asked = item["post"]["security"]
        assert asked == ([] if rule_of(path).act == PUBLIC else [{"bearer": []}]), path
    assert set(document["components"]["securitySchemes"]) == {"bearer"}
    page = httpx2.get(f"{http}/api")
    assert "ProjectionService/Project" in page.text
    assert "<script" not in page.text


def test_pages_come_under_a_strict_policy(http):
    reply = httpx2.get(f"{http}/")
    assert reply.status_code == 200
    policy = reply.headers["content-security-policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'none'"):
        assert rule in policy.split("; ")
    assert "unsafe" not in policy


def dafeng(*arguments, address=""):
    command = [str(Path(sys.executable).with_name("dafeng")), *arguments]
    environment = {**os.environ, "DAFENG_ADDRESS": address, "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def test_the_command_line_projects_and_writes_files(served, tmp_path):
    done = dafeng(
        "project", "jiangsu", "--json", str(tmp_path / "p.json"), "--csv", str(tmp_path / "csv"), "--check-base",
        address=served[0],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "carbon peak" in done.stdout
    parsed = json_format.Parse((tmp_path / "p.json").read_text("utf-8"), projection_pb2.Projection())
    assert len(parsed.years) == 41
    names = {p.name for p in (tmp_path / "csv").iterdir()}
    assert names == {"co2.csv", "power.csv", "peak_load.csv", "metrics.csv", "cities.csv", "targets.csv"}
    for name in names:
        first = (tmp_path / "csv" / name).read_text("utf-8-sig").splitlines()[0]
        assert "不得发布" in first and parsed.digest in first, name


def test_the_command_line_works_without_a_server():
    done = dafeng("project", "nantong", "--to", "2022")
    assert done.returncode == 0, done.stderr
    assert "nantong" in done.stdout


@pytest.mark.parametrize(
    "command",
    [["regions"], ["levers"], ["scenarios", "jiangsu"], ["targets", "jiangsu"], ["compare", "jiangsu"]],
)
def test_every_list_prints(served, command):
    done = dafeng(*command, address=served[0])
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_missed_targets_give_their_exit_code_when_asked(served):
    assert dafeng("targets", "jiangsu", "--scenario", "frozen", "--strict", address=served[0]).returncode == 4
