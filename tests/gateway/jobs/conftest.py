"""A gateway that keeps batches, over real sockets, with real worker processes."""

import pytest

from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from tests.gateway.conftest import free_port, running


@pytest.fixture(scope="session")
def gateway(tmp_path_factory):
    """(gRPC address, HTTP base address) of an embedded gateway that keeps batches."""
    folder = tmp_path_factory.mktemp("batches")
    http = f"127.0.0.1:{free_port()}"
    batches = BatchSettings(store=f"sqlite:///{folder / 'batches.sqlite'}", workers=2, most_members=5_000)
    with running(ServeSettings(listen="127.0.0.1:0", http=http, batches=batches)) as address:
        yield address, f"http://{http}"
