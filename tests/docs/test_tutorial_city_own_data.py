"""The tutorial for a city's own data runs as it stands: copied, changed, checked, served, asked."""

import pytest

from tests.docs.blocks import run
from tests.docs.tutorial_shell import Terminal
from tests.docs.tutorial_site import page, same_blocks
from tests.gateway.conftest import free_port

NAME = "city_own_data"


def test_both_languages_show_the_same_blocks():
    assert same_blocks(NAME)


@pytest.mark.slow
def test_every_block_runs_and_prints_what_the_page_shows(tmp_path):
    grpc, http = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    serve = "dafeng serve --embedded"
    terminal = Terminal(
        tmp_path,
        {serve: f"{serve} --listen {grpc} --http {http}", "127.0.0.1:50050": grpc},
        DAFENG_STORE="none",
    )
    try:
        run(page(NAME), {"sh": terminal.run})
        assert terminal.variable("DAFENG_ADDRESS") == grpc, "the last blocks asked the gateway of this test"
    finally:
        terminal.close()
