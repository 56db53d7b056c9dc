"""`dafeng cost` as a process of its own: tables, files, what is wrong."""

import json

import pytest

from tests.dafeng.test_fleet_commands import dafeng, table


def test_a_scenario_is_priced_against_another(served, tmp_path):
    reply, parts = tmp_path / "cost.json", tmp_path / "cost.csv"
    text = dafeng(
        "cost", "jiangsu", "-s", "planned", "--against", "frozen", "--year", "2030", "--npv-to", "2030",
        "--json", reply, "--csv", parts, address=served[0],
    )  # fmt: skip
    assert "年度系统成本" in text and "现值" in text
    report = json.loads(reply.read_text("utf-8"))
    assert [s["scenario_name"] for s in report["scenarios"]] == ["frozen", "planned"]
    rows = [r for r in table(parts) if (r["scenario"], r["year"]) == ("planned", "2030")]
    total = report["scenarios"][1]["total_cny"][report["years"].index(2030)]
    assert sum(float(r["cost_cny"]) for r in rows) == pytest.approx(total, rel=1e-9)


def test_what_is_wrong_is_told(served):
    text = dafeng("cost", "jiangsu", "-s", "planed", "--rate", "0.5", address=served[0], code=2)
    assert "social_discount_share_per_year" in text
    assert "planned" in text
