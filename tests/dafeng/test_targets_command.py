"""`dafeng targets` as a process of its own: filters, entered values, files, exit codes."""

import json

from tests.dafeng.test_fleet_commands import EXAMPLES, dafeng, table

ENTERED = EXAMPLES / "entered_jiangsu.csv"


def test_the_example_is_printed_and_written(served, tmp_path):
    printed = dafeng(
        "targets", "jiangsu", "--observed-only", "--entered", ENTERED, "--rules", "--conflicts",
        "--json", tmp_path / "all.json", "--csv", tmp_path / "targets.csv", address=served[0],
    )  # fmt: skip
    for words in ("NTP-D05", "holds", "JSP-S1", "contradiction", "wording", "settings"):
        assert words in printed or words == "contradiction"
    rows = {r["id"]: r for r in table(tmp_path / "targets.csv")}
    assert len(rows) == 90 + 9
    assert rows["JSP-03"]["value_from"] == "entered"
    assert rows["JSS-02"]["verdict"] == "on_track"
    reply = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert {s["target_id"]: s for s in reply["slots"]}["JSP-S1"]["asked"] == 18


def test_filters_and_the_exit_code_of_strict(served, tmp_path):
    file = tmp_path / "missed.csv"
    file.write_text("item_id,year,value,source\nJSP-17,2025,400,made up\n", "utf-8")
    words = ("targets", "jiangsu", "--observed-only", "--entered", file, "--verdict", "missed")
    printed = dafeng(*words, "--document", "JSP", address=served[0])
    assert "JSP-17" in printed
    assert "JSS-" not in printed
    dafeng(*words, "--strict", address=served[0], code=4)
    city = dafeng("targets", "nantong", "--observed-only", address=served[0])
    assert "NTP-04" in city
    assert "JSP-05" not in city


def test_what_is_wrong_with_a_file_is_told_at_once(served, tmp_path):
    file = tmp_path / "wrong.csv"
    file.write_text("item_id,year,value,source,colour\nJSP-17,soon,high,x,red\nJSP-17,2025\n", "utf-8")
    told = dafeng("targets", "jiangsu", "--entered", file, "--verdict", "met", address=served[0], code=2)
    for words in ("colour", "'soon' is not a year", "'high' is not a number", "2 cells; the header has 5"):
        assert words in told
    assert "JSX" in dafeng(
        "targets", "jiangsu", "--observed-only", "--document", "JSX", address=served[0], code=2
    )
    assert "allowed: met" in dafeng("targets", "jiangsu", "--verdict", "good", address=served[0], code=2)
