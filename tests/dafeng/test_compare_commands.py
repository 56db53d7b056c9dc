"""`dafeng compare`, `abatement` and `synergy` as processes of their own; the same calls by client and over HTTP."""

import json
import math

import httpx2
import pytest
from google.protobuf import json_format

from dafeng.abatement.v1 import abatement_pb2
from dafeng.client import Client, InvalidInputError
from dafeng.common.v1 import common_pb2
from dafeng.comparison.v1 import comparison_pb2
from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng, table

MEASURES = EXAMPLES / "measures_jiangsu.json"
SCENARIO = EXAMPLES / "scenario_jiangsu.json"
FRAME = common_pb2.Frame(region="jiangsu", first_year=2020, last_year=2031)


@pytest.fixture(scope="module")
def client(served):
    with Client(served[0]) as made:
        yield made


def plan():
    return common_pb2.Scenario(name="plan", baseline="planned")


def example():
    return json_format.Parse(SCENARIO.read_text("utf-8"), common_pb2.Scenario())


def test_a_file_stands_beside_a_baseline_and_its_levers_share_the_difference(served, tmp_path):
    printed = dafeng(
        "compare", "jiangsu", "-s", "planned", "-s", SCENARIO, "--by-lever", "--by-sector", "--by-factor", "--wedges",
        "--metric", "account.territorial_tco2", "--years", "2030", "--to", "2031", "--csv", tmp_path,
        "--json", tmp_path / "reply.json", address=served[0],
    )  # fmt: skip
    for words in (
        "targets met",
        "wind and electric cars",
        "power.offshore_wind_capacity",
        "wedges",
        "LMDI",
        "exact",
    ):
        assert words in printed
    rows = [r for r in table(tmp_path / "levers.csv") if r["metric_id"] == "account.territorial_tco2"]
    side = [r for r in table(tmp_path / "metrics.csv") if r["metric_id"] == "account.territorial_tco2"]
    gap = next(float(r["difference"]) for r in side if r["year"] == "2030" and r["scenario"] != "planned")
    assert math.fsum(float(r["contribution"]) for r in rows) == pytest.approx(gap, rel=1e-9)
    assert sum(float(r["direct_tco2"]) for r in table(tmp_path / "sectors.csv")) == pytest.approx(
        gap, rel=1e-9
    )
    assert len(table(tmp_path / "targets.csv")) == 2 * 90
    assert json.loads((tmp_path / "reply.json").read_text("utf-8"))["run"]["converged"]


def test_baselines_alone_stand_side_by_side(served):
    printed = dafeng("compare", "jiangsu", "-s", "frozen", "-s", "planned", "--to", "2030", address=served[0])
    assert "scenarios compared" in printed and "frozen" in printed and "verdict differs" in printed


def test_over_http_progress_comes_line_by_line_and_the_result_last(served, client):
    body = {
        "frame": json_format.MessageToDict(FRAME),
        "base": {"baseline": "planned"},
        "changed": json.loads(SCENARIO.read_text("utf-8")),
        "years": [2030],
    }
    url = f"{served[1]}/dafeng.comparison.v1.ComparisonService/Attribute"
    answer = httpx2.post(url, json=body, timeout=60).raise_for_status()
    lines = [json.loads(line) for line in answer.text.splitlines() if line]
    assert all("progress" in line for line in lines[:-1])
    found = json_format.ParseDict(lines[-1]["result"], comparison_pb2.Attribution())
    request = comparison_pb2.AttributeRequest(
        frame=FRAME, base=common_pb2.Scenario(baseline="planned"), changed=example(), years=[2030]
    )
    assert found == client.comparison.attribute(request)


def test_the_curve_of_the_example_sums_to_its_package(served, tmp_path):
    printed = dafeng(
        "abatement", "jiangsu", "--measures", MEASURES, "--year", "2030", "--to", "2030", "--run-limit", "60",
        "--without-unserved", "--csv", tmp_path / "curve.csv", "--json", tmp_path / "curve.json", address=served[0],
    )  # fmt: skip
    assert "abatement-cost curve 2030" in printed and "sampled" in printed
    rows = table(tmp_path / "curve.csv")
    whole = json.loads((tmp_path / "curve.json").read_text("utf-8"))
    assert len(rows) == 8 and whole["leave_out_unserved"]
    for column in ("abatement_tco2", "incremental_abatement_tco2"):
        assert sum(float(r[column]) for r in rows) == pytest.approx(whole["abatement_tco2"], rel=1e-9)
    assert sum(float(r["cost_cny"]) for r in rows) == pytest.approx(whole["cost_cny"], rel=1e-6)
    assert whole["abatement_tco2"] > 5e7


def test_the_synergy_of_the_example_is_told_by_city(served, tmp_path):
    printed = dafeng(
        "synergy", "jiangsu", "--measures", MEASURES, "--year", "2030", "--years", "2030", "--to", "2030", "--cities",
        "--csv", tmp_path / "effects.csv", address=served[0],
    )  # fmt: skip
    for words in ("co-control", "nantong", "coordination degree", "Els"):
        assert words in printed
    rows = table(tmp_path / "effects.csv")
    assert {r["measure_id"] for r in rows} >= {"wind", "electric_steel", "all"}


def test_everything_wrong_is_told_at_once(served, client):
    request = abatement_pb2.DrawAbatementCurveRequest(frame=FRAME, year=2050, mode=77)
    request.measures.add(measure_id="x").settings.add(lever_id="power.onshore_wind", years=[2030], values=[1])
    with pytest.raises(InvalidInputError) as caught:
        client.abatement.curve(request)
    fields = {v.field for v in caught.value.violations}
    assert {"year", "mode", "measures[0].settings[0].lever_id"} <= fields
    with pytest.raises(InvalidInputError) as caught:
        client.comparison.scenarios("jiangsu", [plan()], ["account.territorial"], [2070])
    fields = {v.field for v in caught.value.violations}
    assert {"scenarios", "metric_ids[0]", "years[0]"} <= fields
    printed = dafeng("compare", "jiangsu", "-s", "plannd", "-s", "planned", "-s", "frozen", "--by-lever",
                     "--years", "20x", address=served[0], code=2)  # fmt: skip
    assert "plannd" in printed
