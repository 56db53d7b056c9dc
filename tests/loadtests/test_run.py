"""A short load test, end to end: it starts Dafeng, loads it, judges, reports, and leaves nothing running."""

import csv
import json
from pathlib import Path

import pytest

from loadtests.__main__ import main
from loadtests.records import read_records


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Folder and exit code of a run of a few seconds with users of two kinds of door."""
    folder = tmp_path_factory.mktemp("report")
    code = main(["steady", "--seconds", "6", "--users", "8", "--no-batches", "--report", str(folder)])
    return folder, code


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_totals_of_the_report_add_up_to_the_calls_recorded(report):
    folder, _ = report
    calls = list(read_records(folder / "requests.csv"))
    table = {r["name"]: r for r in rows(folder / "summary.csv")}
    whole = table["all calls"]
    assert len(calls) == int(whole["count"]) > 10
    assert int(whole["count"]) == sum(int(whole[k]) for k in ("ok", "refused", "failed"))
    by_method = [r for name, r in table.items() if name.partition(" ")[0] in {c.user for c in calls}]
    for column in ("count", "ok", "refused", "failed"):
        assert sum(int(r[column]) for r in by_method) == int(whole[column])


def test_users_came_through_both_doors_and_nothing_failed(report):
    folder, _ = report
    calls = list(read_records(folder / "requests.csv"))
    assert {"Planner", "OtherSystem"} <= {c.user for c in calls}
    assert not [c for c in calls if c.outcome == "failed"]


def test_every_aim_is_told_with_its_figure_and_the_exit_code_follows(report):
    folder, code = report
    text = (folder / "report.md").read_text("utf-8")
    assert "calls that ended UNKNOWN or INTERNAL" in text and "calls answered" in text
    assert code == (1 if "| MISSED |" in text else 0)
    page = (folder / "report.html").read_text("utf-8")
    assert page.count("<svg") == 4 and "<script" not in page


def test_the_servers_were_watched_and_have_ended(report):
    folder, _ = report
    samples = rows(folder / "machine.csv")
    assert samples and all(float(s["rss_mb"]) > 50 and int(s["threads"]) > 1 for s in samples)
    port = json.loads((folder / "plan.json").read_text("utf-8"))["grpc"].rpartition(":")[2]
    opened = [
        line.split()[1].rpartition(":")[2]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    assert f"{int(port):04X}" not in opened


def test_a_remote_address_is_refused_before_anything_starts(capsys):
    with pytest.raises(SystemExit) as refused:
        main(["steady", "--grpc", "198.51.100.7:50050"])
    assert refused.value.code == 2
    assert "this machine only" in capsys.readouterr().err
