"""`dafeng cities` and `dafeng budget` as processes of their own; the same calls over HTTP."""

import json

import httpx2
import pytest

from dafeng.cities.v1 import cities_pb2
from dafeng.client import Client, InvalidInputError
from dafeng.common.v1 import common_pb2
from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng, table

FRAME = common_pb2.Frame(region="jiangsu", first_year=2020, last_year=2025, weather_year="normal")
PLAN = common_pb2.Scenario(baseline="planned")


def test_cities_are_listed_and_a_target_is_broken_down(served, tmp_path):
    printed = dafeng("cities", "jiangsu", "--to", "2025", address=served[0])
    for words in ("Suzhou", "Nantong", "cities sum to the province"):
        assert words in printed
    options = (
        "--to",
        "2025",
        "--break-down",
        "JSP-24",
        "--rule",
        "gdp=2,population=1",
        "--bound",
        "suzhou=..5",
    )
    printed = dafeng("cities", "jiangsu", *options, "--csv", tmp_path / "b.csv", address=served[0])
    assert "JSP-24" in printed and "high" in printed
    assert sum(float(r["number"]) for r in table(tmp_path / "b.csv")) == pytest.approx(30)


def test_the_example_plans_are_balanced_and_tasks_written(served, tmp_path):
    plans = EXAMPLES / "city_plans_jiangsu.csv"
    asked = ("--plans", plans, "--author", "li", "--date", "2026-04-01", "--to", "2025")
    printed = dafeng("cities", "jiangsu", *asked, "--csv", tmp_path / "p.csv", address=served[0])
    assert "gap 2.4" in printed and "left 0" in printed
    assert sum(float(r["adjusted"]) for r in table(tmp_path / "p.csv")) == pytest.approx(30)
    tasks = (
        "--break-down",
        "JSP-24",
        "--xlsx",
        tmp_path / "t.xlsx",
        "--csv",
        tmp_path / "t.csv",
        "--to",
        "2025",
    )
    dafeng("cities", "jiangsu", *tasks, address=served[0])
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"
    assert len((tmp_path / "t.csv").read_text("utf-8-sig").splitlines()) == 15


def test_a_ledger_is_opened_posted_to_and_checked_and_refuses_altered_history(served, tmp_path):
    file = tmp_path / "js.jsonl"
    opening = (
        "--author",
        "li",
        "--approver",
        "wang",
        "--from",
        "2026",
        "--to",
        "2026",
        "--recorded-at",
        "2026-01-01T00:00:00Z",
    )
    dafeng("budget", "open", file, *opening, address=served[0])
    before = file.read_bytes()
    dafeng("budget", "post", file, EXAMPLES / "budget_transactions.json", address=served[0])
    after = file.read_bytes()
    assert after.startswith(before) and len(after.splitlines()) == len(before.splitlines()) + 1
    assert "sum 0 tCO2" in dafeng("budget", "check", file, address=served[0])
    assert "provisional" in dafeng("budget", "show", file, address=served[0])
    with pytest.raises(AssertionError, match="exists"):
        dafeng("budget", "open", file, *opening, address=served[0])
    with pytest.raises(AssertionError, match="used before"):
        dafeng("budget", "post", file, EXAMPLES / "budget_transactions.json", address=served[0])
    assert file.read_bytes() == after
    file.write_bytes(after.replace(b"15000000", b"15000001"))
    with pytest.raises(AssertionError, match="altered"):
        dafeng("budget", "check", file, address=served[0])


def test_everything_wrong_is_told_at_once(served):
    rule = cities_pb2.RuleChoice(rule="gdpp", reserve_share=1.5)
    bad = common_pb2.Scenario(baseline="best")
    with Client(served[0]) as client, pytest.raises(InvalidInputError) as caught:
        client.cities.break_down(FRAME, bad, "JSP-99", rule, number=float("nan"))
    assert {v.field for v in caught.value.violations} == {
        "scenario.baseline", "target_id", "rule.rule", "rule.reserve_share", "number",
    }  # fmt: skip


def test_over_http_a_breakdown_is_a_stream_of_lines(served):
    url = f"http://{served[1].removeprefix('http://')}/dafeng.cities.v1.CityService/BreakDown"
    body = {"frame": {"region": "jiangsu", "last_year": 2025}, "target_id": "JSP-24"}
    answered = httpx2.post(url, json=body, timeout=60)
    lines = [json.loads(line) for line in answered.text.splitlines() if line]
    assert "progress" in lines[0] and len(lines[-1]["result"]["cities"]) == 13
    url = url.replace("cities.v1.CityService/BreakDown", "budget.v1.BudgetService/CheckLedger")
    refused = httpx2.post(url, json={"ledger": {"ledger_id": "x", "first_year": 1.5}}, timeout=60)
    assert refused.status_code == 400
