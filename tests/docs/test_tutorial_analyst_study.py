"""The analyst's tutorial runs as it stands, with fewer members: the one figure that is said once on the page."""

import json
import struct

import numpy as np
import pyarrow.parquet
import pytest

from tests.docs.blocks import blocks, run, run_python
from tests.docs.tutorial_shell import Terminal
from tests.docs.tutorial_site import gateway, page, same_blocks

NAME = "analyst_study"
SAID, MEMBERS = "MEMBERS=10000", 64


def test_both_languages_show_the_same_blocks():
    assert same_blocks(NAME)


def test_the_number_of_members_is_said_once():
    said = [b.text for b in blocks(page(NAME), "sh") if "10000" in b.text or "10,000" in b.text]
    assert said == [f"{SAID}\n"]


@pytest.mark.slow
def test_every_block_runs_and_the_figure_shows_the_study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    with gateway(tmp_path) as (address, _):
        terminal = Terminal(tmp_path, {SAID: f"MEMBERS={MEMBERS}", "127.0.0.1:50050": address})
        printed = {}

        def shell(block):
            printed[block.line] = terminal.run(block)
            return printed[block.line]

        run(page(NAME), {"sh": shell, "python": lambda block: run_python(block, block.text, names)})
    everything = "".join(printed.values())
    for part in (f"{MEMBERS} / {MEMBERS}", "超越概率", "敏感性", "一致 same digest", "不得发布"):
        assert part in everything, part
    table = pyarrow.parquet.read_table(tmp_path / "out" / "results.parquet")
    assert table.num_rows == MEMBERS and names["mt"].size == MEMBERS
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    told = {p["column_id"]: p for p in summary["percentiles"]}["account.territorial_tco2@2030"]
    # The summary is of the very rows of the file (percentiles by Hyndman and Fan, type 7).
    tco2 = table["account.territorial_tco2@2030"].to_numpy()
    assert np.quantile(tco2, [0.1, 0.5, 0.9]) == pytest.approx([told["p10"], told["p50"], told["p90"]])
    assert len(set(names["shares"])) > 1 and max(names["shares"]) == names["shares"][-1] > 0
    picture = (tmp_path / "out" / "study.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", picture[16:24]) == (2100, 630)
