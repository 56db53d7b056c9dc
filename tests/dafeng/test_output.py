"""Tables of the command line on wide and narrow screens."""

import io

import pytest
from rich.console import Console

from dafeng.cli import output


@pytest.mark.parametrize(("width", "whole"), [(160, True), (80, False)])
def test_a_narrow_screen_leaves_out_spare_columns_and_says_so(monkeypatch, width, whole):
    written = io.StringIO()
    monkeypatch.setattr(output, "out", Console(file=written, width=width))
    output.table("表 table", ("城市 city", "备注 remark"), [("南京", "省会")], spare=(1,))
    text = written.getvalue()
    assert "南京" in text
    assert ("省会" in text) == whole
    assert ("left out: remark" in text) == (not whole)
