"""GetTrace over sockets: nodes, edges, grades, effects, manifest, PROV-JSON, pages; and the command."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from dafeng.calling import InvalidInputError
from dafeng.cli.app import app
from dafeng.common.v1 import common_pb2
from dafeng.trace.v1 import trace_pb2

METRIC = "account.territorial_tco2"
FRAME = common_pb2.Frame(region="jiangsu", last_year=2030)
SHORT = common_pb2.Frame(region="jiangsu", last_year=2021)
LEVER = "power.utility_pv_capacity"


def ask(client, **asked):
    asked.setdefault("frame", SHORT)
    return client.trace.get(trace_pb2.GetTraceRequest(**asked))


@pytest.fixture(scope="module")
def whole(served):
    from dafeng.client import Client

    setting = common_pb2.LeverSetting(lever_id=LEVER, years=[2027], values=[100.0])
    with Client(served[0]) as client:
        return ask(
            client,
            metric_id=METRIC,
            scenario=common_pb2.Scenario(name="mine", settings=[setting]),
            frame=FRAME,
            with_prov=True,
            influence_count=4,
        )


def test_a_trace_leads_from_the_number_to_a_setting_a_baseline_a_factor_and_documents(whole):
    kinds = {trace_pb2.NodeKind.Name(n.kind).removeprefix("NODE_KIND_") for n in whole.nodes}
    assert {
        "METRIC", "STAGE", "LEVER", "LEVER_SETTING", "BASELINE", "LEAF", "TABLE", "TABLE_ROWS", "OBSERVATION", "FACTOR",
        "FACTOR_SET", "DOCUMENT", "AGENT",
    } <= kinds  # fmt: skip
    nodes = {n.node_id: n for n in whole.nodes}
    lever = nodes[f"lever:{LEVER}"]
    assert (lever.value, lever.year) == (100.0, 2030)
    below = {e.to_id for e in whole.edges if e.from_id == lever.node_id}
    assert {f"setting:{LEVER}", f"baseline:planned#{LEVER}"} <= below
    assert nodes["factor:balance_2020.coal"].value * 29.3076 == pytest.approx(2.64)


def test_the_value_of_the_root_is_that_of_the_projection(client, whole):
    setting = common_pb2.LeverSetting(lever_id=LEVER, years=[2027], values=[100.0])
    projection = client.project("jiangsu", "planned", [setting], name="mine", last_year=2030)
    root = next(n for n in whole.nodes if n.node_id == whole.root_id)
    assert root.value == projection.account.territorial_tco2[-1]
    assert whole.manifest.result_digest == projection.digest


def test_edges_end_at_nodes_and_depth_is_the_distance_from_the_root(whole):
    depth = {n.node_id: n.depth for n in whole.nodes}
    assert depth[whole.root_id] == 0
    assert all(e.from_id in depth and e.to_id in depth for e in whole.edges)
    assert all(depth[e.to_id] <= depth[e.from_id] + 1 for e in whole.edges)
    assert len(whole.nodes) == whole.node_count and len(whole.edges) == whole.edge_count


def test_the_grade_is_the_worst_on_the_way_and_shares_sum_to_one(whole):
    assert whole.worst_grade == common_pb2.GRADE_C
    assert sum(g.figure_share for g in whole.grades) == pytest.approx(1.0)
    assert sum(g.effect_share for g in whole.grades) == pytest.approx(1.0)


def test_effects_are_those_of_projecting_again_with_the_lever_frozen(client, whole):
    effects = [abs(i.effect) for i in whole.influences]
    assert len(effects) == 4 and effects == sorted(effects, reverse=True)
    frozen = {e.lever.lever_id: e for e in client.levers("jiangsu", "frozen")}
    first = next(i for i in whole.influences if i.lever_id != LEVER)
    entry = frozen[first.lever_id]
    known = max(entry.lever.last_observed_year, 2020)
    points = {y: v for y, v in zip(entry.years, entry.values, strict=True) if y > known}
    points.setdefault(known + 1, float(np.interp(known + 1, entry.years, entry.values)))
    settings = [common_pb2.LeverSetting(lever_id=LEVER, years=[2027], values=[100.0])]
    settings.append(
        common_pb2.LeverSetting(
            lever_id=first.lever_id, years=sorted(points), values=[points[y] for y in sorted(points)]
        )
    )
    with_it = client.project("jiangsu", "planned", settings, last_year=2030).account.territorial_tco2[-1]
    root = next(n for n in whole.nodes if n.node_id == whole.root_id)
    assert root.value - with_it == pytest.approx(first.effect, rel=1e-9)


def test_prov_json_names_both_ends_of_every_relation_in_their_classes(whole):
    prov = json.loads(whole.prov_json)
    ends = {
        "used": ("activity", "entity"),
        "wasGeneratedBy": ("entity", "activity"),
        "wasAttributedTo": ("entity", "agent"),
        "wasInformedBy": ("activity", "activity"),
    }
    for relation, (above, below) in ends.items():
        classes = {"prov:informed": "activity", "prov:informant": "activity"}
        for link in prov[relation].values():
            assert len(link) == 2
            for role, name in link.items():
                kind = classes.get(role, role.removeprefix("prov:"))
                assert kind in (above, below)
                assert name in prov[kind]
    for link in prov["wasDerivedFrom"].values():
        assert link["prov:generatedEntity"] in prov["entity"] and link["prov:usedEntity"] in prov["entity"]
    count = sum(len(prov[r]) for r in (*ends, "wasDerivedFrom"))
    assert count == whole.edge_count


def test_the_same_request_gives_the_same_trace_and_pages_join_to_it(client):
    first, again = (ask(client, target_id="JSP-06", depth=4) for _ in range(2))
    assert first.SerializeToString(deterministic=True) == again.SerializeToString(deterministic=True)
    nodes, edges, at = [], [], 0
    while at < first.node_count:
        page = ask(client, target_id="JSP-06", depth=4, first_node=at, node_limit=300)
        nodes += [n.node_id for n in page.nodes]
        edges += [(e.from_id, e.to_id) for e in page.edges]
        at += 300
    assert nodes == [n.node_id for n in first.nodes]
    assert edges == [(e.from_id, e.to_id) for e in first.edges]
    root = first.nodes[0]
    assert root.source and root.clause and root.grade == "A"


def test_a_trace_says_with_which_factors_and_data_it_was_calculated(client):
    default, other = (
        ask(client, metric_id=METRIC, frame=common_pb2.Frame(region="jiangsu", last_year=2021, factor_set=s), depth=4)
        for s in ("", "ipcc2006")
    )  # fmt: skip
    assert (default.manifest.factor_set, other.manifest.factor_set) == ("balance_2020", "ipcc2006")
    assert "factor_set:ipcc2006" in {n.node_id for n in other.nodes}
    assert default.manifest.lineage_digest != other.manifest.lineage_digest
    assert default.manifest.scenario_digest == other.manifest.scenario_digest


def test_every_violation_is_told_at_once(client):
    with pytest.raises(InvalidInputError) as error:
        ask(client, metric_id="account.territorial_co2", place="nanton", year=2044)
    told = {v.field: v.description for v in error.value.violations}
    assert told.keys() == {"metric_id", "place", "year"}
    assert "account.territorial_tco2" in told["metric_id"] and "nantong" in told["place"]
    for wrong in (
        {},
        {"metric_id": METRIC, "depth": -1, "node_limit": 10**6},
        {"field_path": "carbon_peaks[0].level"},
        {"field_path": "carbon_peaks[900].level_tco2"},
        {"field_path": "x", "reply": "dafeng.nothing.v1.Reply"},
        {"field_path": "carbon_peaks[0].level_tco2", "influence_count": 3},
        {"target_id": "JSP-99"},
        {"metric_id": METRIC, "frame": common_pb2.Frame(region="jiangsu", factor_set="none")},
    ):
        with pytest.raises(InvalidInputError):
            ask(client, **wrong)


def test_field_paths_of_a_projection_are_listed_and_traced(client):
    paths = client.trace.field_paths()
    assert {"carbon_peaks[].level_tco2", "account.territorial_tco2", "targets[].value"} <= set(paths)
    found = ask(client, field_path="carbon_peaks[0].level_tco2", depth=2)
    assert found.nodes[0].HasField("value") and found.nodes[0].value > 1e8


def test_the_command_prints_the_tree_and_writes_both_files(served, tmp_path):
    whole, prov = tmp_path / "trace.json", tmp_path / "prov.json"
    asked = ["trace", "nantong", METRIC, "--year", "2030", "--json", str(whole), "--prov", str(prov)]
    result = CliRunner().invoke(app, [*asked, "--address", served[0]])
    assert result.exit_code == 0, result.output
    assert "metric:account.territorial_tco2@nantong" in result.output
    assert json.loads(whole.read_text("utf-8"))["manifest"]["factor_set"] == "balance_2020"
    assert "wasDerivedFrom" in json.loads(prov.read_text("utf-8"))


def test_a_target_is_traced_in_its_own_year_and_city(client):
    whole = ask(client, target_id="NTP-04", frame=FRAME, depth=1)
    nodes = {n.node_id: n for n in whole.nodes}
    root = nodes[whole.root_id]
    assert root.place == "nantong"
    metrics = [n for n in whole.nodes if n.kind == trace_pb2.NODE_KIND_METRIC]
    assert metrics and {n.year for n in metrics} == {root.year} == {2025}


def test_the_order_of_settings_changes_nothing_in_a_trace(client):
    settings = [
        common_pb2.LeverSetting(lever_id=name, years=[2027], values=[value])
        for name, value in ((LEVER, 50.0), ("power.onshore_wind_capacity", 12.0))
    ]
    there, back = (
        ask(client, metric_id=METRIC, depth=1, frame=FRAME, scenario=common_pb2.Scenario(settings=s)).manifest
        for s in (settings, settings[::-1])
    )
    assert there == back
