"""Stores of both kinds for kept scenarios, as the tests of batches have them; and a served gateway that keeps them."""

import pytest

from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from tests.gateway.conftest import free_port, running
from tests.gateway.jobs.store.conftest import opens, postgres_url, store, tmp_path, url

__all__ = ["keeping", "opens", "postgres_url", "store", "tmp_path", "url"]


@pytest.fixture(scope="module")
def keeping(tmp_path_factory):
    """(gRPC address, HTTP base address) of an embedded gateway that keeps scenarios."""
    folder = tmp_path_factory.mktemp("kept")
    http = f"127.0.0.1:{free_port()}"
    batches = BatchSettings(store=f"sqlite:///{folder / 'batches.sqlite'}", workers=1)
    with running(ServeSettings(listen="127.0.0.1:0", http=http, batches=batches)) as address:
        yield address, f"http://{http}"
