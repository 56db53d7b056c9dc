"""`dafeng hours` and `dafeng flow` as processes of their own: tables, files, what is wrong."""

import json

import pytest

from dafeng.cli.hours import day_numbers, day_text
from tests.dafeng.test_fleet_commands import dafeng, table


def test_days_are_written_as_dates_of_a_year_of_365_days():
    assert day_numbers(["2030-12-31", "08-06", "2030-01-01", "01-01"], 2030) == [0, 217, 364]
    assert [day_text(n) for n in (0, 58, 59, 217, 364)] == ["01-01", "02-28", "03-01", "08-06", "12-31"]


def test_a_picked_day_is_printed_and_written_hour_by_hour(served, tmp_path):
    reply, days = tmp_path / "hours.json", tmp_path / "days.csv"
    text = dafeng(
        "hours", "jiangsu", "--year", "2030", "--day", "2030-08-06", "--json", reply, "--csv", days,
        address=served[0],
    )  # fmt: skip
    assert "2030-08-06" in text and "firm capacity" in text and "弃风弃光" in text
    report = json.loads(reply.read_text("utf-8"))
    assert report["days"][0]["day"] == 217 and len(report["load_map_mw"]) == 8760
    rows = [r for r in table(days) if r["hour"] == "14"]
    load = next(float(r["mw"]) for r in rows if r["series"] == "load")
    assert sum(float(r["mw"]) for r in rows if r["series"] == "cause") == pytest.approx(load, rel=1e-9)
    assert sum(float(r["mw"]) for r in rows if r["series"] == "supply") == pytest.approx(load, rel=1e-9)


def test_the_energy_flow_is_printed_and_written_link_by_link(served, tmp_path):
    links = tmp_path / "flow.csv"
    text = dafeng("flow", "jiangsu", "--year", "2030", "--csv", links, address=served[0])
    assert "外来电" in text and "smaller links left out" in text
    assert "smaller links" not in dafeng("flow", "jiangsu", "--all", address=served[0])
    rows = {(r["from"], r["to"]): float(r["2030_gj"]) for r in table(links)}
    into = sum(gj for (_, b), gj in rows.items() if b == "electricity")
    assert into == pytest.approx(sum(gj for (a, _), gj in rows.items() if a == "electricity"), rel=1e-9)


def test_what_is_wrong_is_told(served):
    text = dafeng("hours", "jiangsu", "--day", "02-29", "--day", "2031-01-01", code=2)
    assert "'02-29'" in text and "'2031-01-01'" in text
    text = dafeng("flow", "jiangsu", "-s", "plan", "--year", "2070", address=served[0], code=2)
    assert "years[0]" in text and "scenario.baseline" in text
