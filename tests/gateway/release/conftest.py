"""One frozen projection, a store of its own for each test, and a desk whose other process is told what to answer."""

import pytest

from dafeng.releases import RELEASE_ID_LENGTH, manifest_id_of
from gateway.jobs.store import open_store
from gateway.release.content import digest_of_content, frozen
from gateway.release.desk import ReleaseDesk
from gateway.release.manifest import manifest_of, substance_of, text_of
from gateway.release.rows import ReleaseRow
from gateway.release.signing import Signer
from gateway.release.store import ReleaseStore
from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, Scenario

# Cheap and of a true region: 11 years, the fast dispatch.
ASKED = {"frame": {"region": "jiangsu", "last_year": 2030}, "scenario": {}, "mode": "fast"}


class Again:
    """Says of every result that it comes out the same; `reason` says otherwise. Counts what it was asked."""

    def __init__(self):
        self.reason, self.asked = "", 0

    async def check(self, manifest):
        self.asked += 1
        if self.reason:
            raise DomainError(self.reason)


@pytest.fixture(scope="session")
def projected(shop):
    frame, scenario = Frame(region="jiangsu", last_year=2030), Scenario()

    async def made():
        levers = await shop.pipeline.calls.levers("jiangsu")
        from services.common.door import read_request

        read, (one,) = read_request(frame.model_dump(), {"scenario": scenario.model_dump()}, lambda _: levers)
        (projection,) = await shop.pipeline.project_chunk(read, (one,), DispatchMode.FAST)
        return projection, one

    return shop.do(made())


@pytest.fixture
def database(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield store.database
    store.close()


@pytest.fixture
def store(database):
    return ReleaseStore(database)


@pytest.fixture
def again():
    return Again()


@pytest.fixture
def desk(shop, store, again, tmp_path):
    return ReleaseDesk(shop.pipeline, store, Signer(tmp_path / "keys"), again)


@pytest.fixture(scope="session")
def content(projected):
    return frozen(projected[0])


@pytest.fixture(scope="session")
def row_of(projected, content):
    """A row of a new release with a title."""

    def made(title="江苏达峰", scope="jiangsu"):
        manifest = manifest_of(title, *projected, digest_of_content(content), "cpu", scope)
        text = text_of(manifest)
        manifest_id = manifest_id_of(text)
        return ReleaseRow(
            manifest_id[:RELEASE_ID_LENGTH], 0, manifest_id, substance_of(manifest), "jiangsu", scope, text
        )

    return made
