"""The tutorial for developers of other systems runs as it stands, block after block."""

import pytest

from tests.docs.blocks import run, run_python
from tests.docs.tutorial_site import gateway, page, same_blocks

NAME = "government_system"


def test_both_languages_show_the_same_blocks():
    assert same_blocks(NAME)


@pytest.mark.slow
def test_every_block_runs_and_prints_what_the_page_shows(tmp_path):
    names = {"__name__": "__main__"}
    with gateway(tmp_path) as (address, _):

        def runner(block):
            return run_python(block, block.text.replace("127.0.0.1:50050", address), names)

        run(page(NAME), {"python": runner})
    assert names["report"].targets and names["saved"].scenario_id, "the blocks were run"
