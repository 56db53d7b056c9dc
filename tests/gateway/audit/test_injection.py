"""Texts of users are neutral wherever they end: no formula in a table, no second line in a log."""

import csv
import io
import json
from pathlib import Path

import pytest
import structlog

from dafeng.cli.files import plain_cell, write_rows
from gateway.jobs.doors import CreateBatchRequest
from gateway.scenarios.doors import name_violations
from services.common.door import open_door
from services.common.errors import DomainError

FORMULAS = ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_a_text_in_a_table(tmp_path: Path, text: str) -> None:
    write_rows(tmp_path / "t.csv", [("name", "value"), (text, -1.5), ("-1.5e3", "海上风电")])
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(file).startswith("# 内部测算 · 不得发布")
        found = list(csv.reader(file))
    assert found[1] == [f"'{text}", "-1.5"], "a number stays a number"
    assert found[2] == ["-1.5e3", "海上风电"]
    assert plain_cell("平稳 steady") == "平稳 steady"


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x1b[2Jb", "a\u2028b", "a\x00b"])
def test_titles_and_names_with_controls_are_refused(text: str) -> None:
    with pytest.raises(DomainError):
        open_door(CreateBatchRequest, {"request_id": "r", "title": text})
    assert name_violations(text)


def test_a_line_of_the_log_stays_one_line_whatever_is_told() -> None:
    rendered = structlog.processors.JSONRenderer(ensure_ascii=False)
    line = rendered(None, "info", {"event": "call", "method": 'a\n{"event":"forged"}\r\u0000'})
    text = line if isinstance(line, str) else line.decode()
    assert "\n" not in text and "\r" not in text and json.loads(text)["event"] == "call"
    assert io.StringIO(text).readlines() == [text]
