"""The energy flow: what goes in comes out, sums are those of the projection, ribbons follow the levers."""

import json

import numpy as np
import pytest

from dafeng import InvalidInputError
from dafeng.common.v1 import common_pb2
from gateway.account_settings import carrier_rule, setting
from gateway.report.energy_flow import energy_flow_report
from gateway.uses import sector_use
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.scenario import BASELINES, Frame, LeverSetting, Scenario
from services.common.units import GJ_PER_MWH

MODE = DispatchMode.UNSPECIFIED
YEARS = (2020, 2025, 2030, 2045, 2060)
CASES = [*(("jiangsu", b) for b in BASELINES), ("jiangxi", "planned")]
USERS = ("industry", "buildings", "transport")


class Case:
    """A flow beside the projection that it belongs to."""

    def __init__(self, shop, region, baseline):
        frame, scenario = Frame(region=region), Scenario(baseline=baseline)
        self.region = load_region(region)
        (self.projection,) = shop.do(shop.pipeline.project_chunk(frame, (scenario,), MODE))
        (outcomes,) = shop.do(shop.pipeline.runs.sector_outcomes(frame, (scenario,)))
        self.uses = [sector_use(o) for o in outcomes]
        self.flow = shop.do(energy_flow_report(shop.pipeline.runs, frame, scenario, YEARS, MODE))
        self.at = [self.projection.years.index(y) for y in YEARS]
        self.columns = {n.node_id: n.column for n in self.flow.nodes}

    def sum(self, from_node="", to_node=""):
        """Energy of the links from and to nodes, any when none is named."""
        return sum(
            (
                k.energy_gj
                for k in self.flow.links
                if from_node in ("", k.from_node) and to_node in ("", k.to_node)
            ),
            np.zeros(len(YEARS)),
        )

    def total(self):
        return sum(k.energy_gj for k in self.flow.links if self.columns[k.from_node] == 0)

    def used(self, sector, wanted):
        """Fuel of a sector's uses that `wanted` takes (use, carrier, making), of its own statement."""
        (use,) = [u for u in self.uses if u.outcome.sector == sector]
        rows = [gj for f, gj, _ in use.fuels if wanted(f.use, f.carrier, f.use in use.making)]
        return sum(rows, np.zeros(len(self.projection.years)))[self.at]


@pytest.fixture(scope="module", params=CASES, ids=lambda c: "-".join(c))
def case(request, shop):
    return Case(shop, *request.param)


@pytest.fixture(scope="module")
def planned(shop):
    return Case(shop, "jiangsu", "planned")


def test_every_inner_node_gives_what_it_gets(case):
    for node in case.flow.nodes:
        if node.column in (1, 2):
            gap = case.sum(to_node=node.node_id) - case.sum(from_node=node.node_id)
            assert (abs(gap) <= 1e-9 * case.total()).all(), node.node_id
    ends = sum(k.energy_gj for k in case.flow.links if case.columns[k.to_node] == 3)
    assert ends == pytest.approx(case.total(), rel=1e-9)


def test_links_lead_from_a_column_to_a_later_one_and_are_never_negative(case):
    pairs = [(k.from_node, k.to_node) for k in case.flow.links]
    assert len(set(pairs)) == len(pairs)
    assert all(case.columns[a] < case.columns[b] for a, b in pairs)
    assert all((k.energy_gj >= 0).all() and k.energy_gj.any() for k in case.flow.links)
    assert {n for pair in pairs for n in pair} == set(case.columns)


def test_final_energy_by_sector_and_carrier_is_that_of_the_sectors(case):
    def group(carrier):
        return carrier_rule(case.region, carrier).group

    own = ("heat", "hydrogen")
    for sector in USERS:
        for node, wanted in (
            ("oil_products", lambda u, c, m: not m and group(c) == "oil"),
            ("heat", lambda u, c, m: not m and c == "heat"),
            ("hydrogen", lambda u, c, m: not m and c == "hydrogen"),
            ("fuels", lambda u, c, m: not m and c not in own and group(c) != "oil"),
        ):
            assert case.sum(node, sector) == pytest.approx(case.used(sector, wanted), rel=1e-9), (
                sector,
                node,
            )
        account = next(s for s in case.projection.sectors if s.sector == sector)
        carriers = sum(c.energy_gj[case.at] for c in account.carriers)
        fuels = sum(case.sum(n, sector) for n in ("oil_products", "heat", "hydrogen", "fuels"))
        assert fuels + case.used(sector, lambda u, c, m: m) == pytest.approx(carriers, rel=1e-9)
    made_of_fuel = sum(case.used(s, lambda u, c, m: m) for s in USERS)
    bought = case.sum("heat_bought", "heat_supply")
    assert case.sum(to_node="heat_supply") == pytest.approx(made_of_fuel + bought, rel=1e-9)


def test_electricity_is_the_consumption_of_the_accounts(case):
    making = case.sum("generation", "heat") + case.sum("generation", "hydrogen")
    used = case.sum(from_node="electricity") + making
    consumption = case.projection.account.electricity_consumption_mwh[case.at]
    assert used == pytest.approx(consumption * GJ_PER_MWH, rel=1e-9)
    whole = case.projection.power.unserved_mwh[case.at] == 0
    called_off = sum(t.energy_mwh[case.at] for t in case.projection.power.technologies if t.group == "other")
    whole &= called_off == 0
    assert whole.any()
    accounts = {s.sector: s.electricity_mwh[case.at] * GJ_PER_MWH for s in case.projection.sectors}
    # Buildings make neither heat nor hydrogen of their electricity.
    assert case.sum("electricity", "buildings")[whole] == pytest.approx(
        accounts["buildings"][whole], rel=1e-9
    )
    users = sum(case.sum("electricity", s) for s in USERS) + making
    assert users[whole] == pytest.approx(sum(accounts[s] for s in USERS)[whole], rel=1e-9)
    losses = accounts["power"] + case.projection.power.surplus_mwh[case.at] * GJ_PER_MWH
    assert case.sum("electricity", "losses") == pytest.approx(losses, rel=1e-9)


def test_the_first_column_is_primary_energy_by_heat_value_and_what_it_does_not_count(case):
    """By-product gas, hydrogen and heat from elsewhere are no primary energy; coke-oven gas is a part of the gas."""
    coke = sum(case.used(s, lambda u, c, m: carrier_rule(case.region, c).group == "coke") for s in USERS)
    lost_in_coking = sum(case.used(s, lambda u, c, m: c == "coking_coal") for s in USERS)
    made = setting(case.region, "coke_made_share") * coke
    oven_gas = (setting(case.region, "coking_coal_per_coke_ratio") - 1) * made - lost_in_coking
    beside = sum(case.sum(n) for n in ("byproduct_gas", "hydrogen_bought", "heat_bought"))
    calorific = case.projection.account.primary_calorific_gj[case.at]
    assert case.total() - beside + oven_gas == pytest.approx(calorific, rel=1e-9)


def test_generation_gets_every_group_at_what_power_says(case):
    def of(group, what="energy_mwh"):
        return sum(getattr(t, what)[case.at] for t in case.projection.power.technologies if t.group == group)

    for group, node in (
        ("wind", "wind"),
        ("solar", "solar"),
        ("hydro", "hydro"),
        ("nuclear", "nuclear"),
        ("import", "imports"),
    ):
        assert case.sum(node, "generation") == pytest.approx(of(group) * GJ_PER_MWH, rel=1e-12)
    for group in ("coal", "gas", "biomass"):
        assert case.sum(group, "generation") == pytest.approx(of(group, "fuel_gj"), rel=1e-12)
    # Gas plants that burn hydrogen as well give no more than the best of them can.
    into_gas = case.sum("gas", "generation") + case.sum("hydrogen_bought", "generation")
    assert (of("gas") * GJ_PER_MWH < 0.63 * into_gas).all()


def test_nodes_stand_in_the_order_of_the_page_with_names_in_both_languages(planned):
    by_column = [[n.node_id for n in planned.flow.nodes if n.column == c] for c in range(4)]
    assert by_column[0][:9] == [
        "imports", "wind", "solar", "hydro", "nuclear", "coal", "gas", "oil", "biomass"
    ]  # fmt: skip
    assert by_column[1][:3] == ["generation", "heat_supply", "direct_coal"]
    assert by_column[2] == ["electricity", "heat", "hydrogen", "oil_products", "fuels"]
    assert by_column[3] == [*USERS, "losses"]
    assert [n.column for n in planned.flow.nodes] == sorted(n.column for n in planned.flow.nodes)
    labels = [n.label for n in planned.flow.nodes]
    assert all(label.zh and label.en for label in labels)
    assert len({label.en for label in labels}) == len(labels)


def test_more_wind_makes_the_ribbon_of_wind_thicker_and_that_of_coal_thinner(shop, planned):
    lever = LeverSetting(lever_id="power.onshore_wind_capacity", years=(2028,), values=(25.0,))
    runs = shop.pipeline.runs
    frame = Frame(region="jiangsu")
    windy = shop.do(energy_flow_report(runs, frame, Scenario(settings=(lever,)), YEARS, MODE))

    def ribbon(flow, node):
        return next(k.energy_gj for k in flow.links if (k.from_node, k.to_node) == (node, "generation"))

    before, after = ribbon(planned.flow, "wind"), ribbon(windy, "wind")
    assert after[0] == before[0] and (after[2:] > 1.01 * before[2:]).all()
    assert (ribbon(windy, "coal")[2:] <= ribbon(planned.flow, "coal")[2:]).all()


def test_the_flow_over_the_wire_by_grpc_and_http(client, http, planned):
    import httpx2 as httpx

    frame, scenario = common_pb2.Frame(region="jiangsu"), common_pb2.Scenario(baseline="planned")
    reply = client.reports.energy_flow(frame, scenario, YEARS)
    assert list(reply.years) == list(YEARS)
    assert [tuple(k.energy_gj) for k in reply.links] == [tuple(k.energy_gj) for k in planned.flow.links]
    for asked, expected in (({}, [2030]), ({"last_year": 2027}, [2027]), ({"first_year": 2040}, [2040])):
        body = {"frame": {"region": "jiangsu", **asked}}
        answer = httpx.post(f"{http}/dafeng.report.v1.ReportService/ReportEnergyFlow", json=body, timeout=60)
        assert json.loads(answer.text)["years"] == expected


def test_every_fault_of_a_request_is_told_at_once_with_its_path(client):
    with pytest.raises(InvalidInputError) as caught:
        client.reports.energy_flow(
            common_pb2.Frame(region="jiangsu", last_year=2040),
            common_pb2.Scenario(baseline="plan"),
            (2030, 2050, 2300),
        )
    fields = {v.field for v in caught.value.violations}
    assert fields == {"scenario.baseline", "years[1]", "years[2]"}
    with pytest.raises(InvalidInputError) as caught:
        client.reports.energy_flow(common_pb2.Frame(region="jiangsu"), common_pb2.Scenario(), (2040, 2030))
    assert {v.field for v in caught.value.violations} == {"years"}
