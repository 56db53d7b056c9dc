"""A cluster for the launcher's tests: the fake one, or a real one named by DAFENG_TEST_KUBECONFIG.

On a real cluster the node has to be able to run this Python and to see the test's folder: a node that runs the pods'
commands as local processes, or one that mounts this tree (DAFENG_TEST_FOLDER names a folder both see,
DAFENG_TEST_NAMESPACE the namespace, DAFENG_TEST_IMAGE the image).
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from gateway.jobs.kubernetes import KubernetesLauncher, KubernetesSettings
from gateway.jobs.store import open_store
from gateway.jobs.words import ENDED, NewBatch
from services.common.words import Revision
from services.runtime.logs import configure_logs
from tests.gateway.jobs.kubernetes.cheap_worker import cheap_row
from tests.gateway.jobs.kubernetes.fake_api import FakeApi
from tests.gateway.jobs.kubernetes.fake_node import FakeNode
from tests.gateway.jobs.store.conftest import fresh_schema, postgres_url

__all__ = ["postgres_url"]

ROOT = Path(__file__).resolve().parents[4]
WORKER = [sys.executable, str(Path(__file__).with_name("cheap_worker.py"))]


class Cluster:
    """A store, a launcher and, when it is a fake, the server and its node."""

    def __init__(self, place, api=None, node=None, store_url="", **chosen):
        self.api, self.node, self.folder = api, node, place
        self.shared = place / "shared"
        self.shared.mkdir(parents=True, exist_ok=True)
        self.store_url = store_url or f"sqlite:///{place / 'store.sqlite'}"
        self.store = open_store(self.store_url)
        self.chosen = chosen
        self.launcher = self.new_launcher()

    def settings(self, **more):
        given = {
            "namespace": "dafeng", "image": "dafeng:test", "command": WORKER, "folder": self.shared,
            "volume": {"kind": "none"}, "environment": {"PYTHONPATH": str(ROOT)}, "collect_seconds": 0.1,
            "late_seconds": 0.3, "retry_seconds": 0.5, "parallelism": 2, "cpu_request": "100m",
            "memory_request_mib": 512, "memory_limit_mib": 1024, "chunks_per_shard": 2,
        }  # fmt: skip
        return KubernetesSettings.model_validate(given | self.chosen | more)

    def new_launcher(self, **more):
        return KubernetesLauncher(self.store, self.settings(**more))

    def batch(self, says=None, members=20, chunk=4):
        """An accepted batch of cheap members."""
        text = json.dumps(says or {})
        new = NewBatch(
            request_id=f"r{time.monotonic_ns()}", body_digest="d", title="t", caller="c", region="jiangsu",
            launcher="kubernetes", spec_text=text, spec_digest="spec digest", member_count=members,
            column_count=5, chunk_size=chunk, revision=Revision("1", "2"), processor="p",
        )  # fmt: skip
        return self.store.create(new)[0].batch_id

    async def run(self, batch_id, seconds=60):
        await asyncio.wait_for(self.launcher.run(batch_id), seconds)
        return self.store.get(batch_id)

    def rows(self, batch_id):
        return list(self.store.rows(batch_id))

    def expect_all(self, batch_id):
        """Every member is there once, with the bits that it has alone."""
        batch = self.store.get(batch_id)
        assert batch.state in ENDED
        rows = self.rows(batch_id)
        assert [r.member for r in rows] == list(range(batch.member_count))
        for row in rows:
            assert row.failure or row.digest == cheap_row(row.member).digest

    @property
    def objects(self):
        return self.api.objects

    def jobs(self):
        return self.objects.select("jobs", "")

    async def until(self, true, seconds=20):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "did not come about in time"
            await asyncio.sleep(0.02)


@pytest.fixture
async def fake(tmp_path):
    configure_logs("warning")
    api = FakeApi()
    node = FakeNode(api)
    made = Cluster(tmp_path, api, node, kubeconfig=api.kubeconfig(tmp_path / "kubeconfig"))
    yield made
    await made.launcher.close()
    node.stop()
    api.stop()
    made.store.close()


@pytest.fixture(params=["fake", "real"])
async def cluster(request, tmp_path):
    """The fake cluster, then the real one when there is one."""
    if request.param == "fake":
        api = FakeApi()
        node = FakeNode(api)
        made = Cluster(tmp_path, api, node, kubeconfig=api.kubeconfig(tmp_path / "kubeconfig"))
        yield made
        await made.launcher.close()
        node.stop()
        api.stop()
        made.store.close()
        return
    kubeconfig = os.environ.get("DAFENG_TEST_KUBECONFIG")
    if not kubeconfig:
        pytest.skip("no real cluster: DAFENG_TEST_KUBECONFIG is not set")
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("DAFENG_TEST_FOLDER")))
    folder.chmod(0o777)
    made = Cluster(
        folder,
        kubeconfig=kubeconfig,
        namespace=os.environ.get("DAFENG_TEST_NAMESPACE", "dafeng"),
        image=os.environ.get("DAFENG_TEST_IMAGE", "dafeng:test"),
    )
    yield made
    await made.launcher.close()
    made.store.close()


@pytest.fixture
async def by_database(tmp_path, postgres_url):
    """The fake cluster with results through PostgreSQL; its URL is in a Secret."""
    url = fresh_schema(postgres_url)
    api = FakeApi()
    node = FakeNode(api, secrets={"store": {"url": url}})
    made = Cluster(
        tmp_path, api, node, url,
        kubeconfig=api.kubeconfig(tmp_path / "kubeconfig"), hand_over="database",
        folder=None, store_secret={"name": "store"},
    )  # fmt: skip
    yield made
    await made.launcher.close()
    node.stop()
    api.stop()
    made.store.close()
