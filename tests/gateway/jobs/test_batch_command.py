"""`dafeng batch` as an analyst uses it, with the examples that the README names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def batch(gateway):
    """Runs `dafeng batch ...`; (exit code, what it printed)."""

    def run(*words):
        done = subprocess.run(
            [sys.executable, "-m", "dafeng.cli", "batch", *words, "--address", gateway[0]],
            capture_output=True, text=True, timeout=280, cwd=ROOT, env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def batch_id(printed):
    return re.search(r"b-[0-9a-f]{24}", printed).group()


def test_a_specification_is_run_followed_summed_up_and_saved(batch, tmp_path):
    code, printed = batch("create", "--spec", "docs/examples/batch_jiangsu.json", "--wait")
    assert code == 0, printed
    assert "完成 complete" in printed and "64 / 64" in printed and "不得发布" in printed
    name = batch_id(printed)
    code, printed = batch("create", "--spec", "docs/examples/batch_jiangsu.json")
    assert code == 0 and batch_id(printed) == name, "the same request is the same batch"
    code, printed = batch(
        "summary", name, "--above", "carbon_peak.tco2=7e8", "--sensitivity", "carbon_peak.tco2"
    )
    assert code == 0, printed
    for word in ("分位数 percentiles", "超越概率 exceedance", "达成概率", "敏感性 sensitivity", "Kendall"):
        assert word in printed
    code, printed = batch("results", name, "--out", str(tmp_path / "all.parquet"))
    assert code == 0, printed
    assert pyarrow.parquet.read_table(tmp_path / "all.parquet").num_rows == 64
    code, printed = batch("member", name, "17")
    assert code == 0 and "一致 same digest" in printed, printed
    code, printed = batch("list", "jiangsu")
    assert name in printed


def test_a_table_of_members_is_run(batch):
    code, printed = batch(
        "create",
        "jiangsu",
        "--table",
        "docs/examples/batch_members.csv",
        "--year",
        "2030",
        "--mode",
        "fast",
        "--wait",
    )
    assert code == 0, printed
    assert "4 / 4" in printed


def test_what_is_wrong_is_told_with_exit_code_2(batch):
    code, printed = batch("create", "paris", "--members", "0", "--mode", "fastest")
    assert code == 2 and "--mode" in printed
    code, printed = batch("create", "jiangsu", "--members", "8", "--metric", "account.nothing")
    assert code == 2 and "spec.metrics[0].metric_id" in printed
    code, printed = batch("results", "b-none", "--out", "results.txt")
    assert code == 2 and "--out" in printed
    code, printed = batch("watch", "b-none")
    assert code != 0 and "batch" in printed.lower()


def test_inputs_and_quotas_are_printed(batch):
    code, printed = batch("inputs", "jiangsu")
    assert code == 0 and "other_electricity" in printed
    code, printed = batch("quotas")
    assert code == 0 and "5,000" in printed
