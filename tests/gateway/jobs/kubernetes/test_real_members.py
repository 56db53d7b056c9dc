"""The real members of a real specification, through a whole gateway, a Job, and the worker program as shipped."""

import sys
from pathlib import Path

import pytest

from dafeng.areas.batch import random_design, spec_of
from dafeng.batch.v1 import batch_pb2
from dafeng.client import Client
from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from services.cache_place import cache_dir
from tests.gateway.conftest import running
from tests.gateway.jobs.kubernetes.fake_api import FakeApi
from tests.gateway.jobs.kubernetes.fake_node import FakeNode

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.thorough  # members that are made up go the same way, real ones do beside a runner
@pytest.mark.slow
def test_members_have_the_same_bits_on_a_cluster_and_on_this_machine(tmp_path):
    api = FakeApi()
    node = FakeNode(api, room=1)
    kubernetes = {
        "kubeconfig": api.kubeconfig(tmp_path / "kubeconfig"), "image": "dafeng:test",
        "command": [sys.executable, "-m", "gateway.jobs.worker"], "environment": {"PYTHONPATH": str(ROOT)},
        "folder": str(tmp_path / "shared"), "volume": {"kind": "none"}, "collect_seconds": 0.2,
        "cache_folder": str(cache_dir()), "chunks_per_shard": 2,
    }  # fmt: skip
    batches = BatchSettings(
        store=f"sqlite:///{tmp_path / 'batches.sqlite'}",
        launcher="kubernetes",
        workers=1,
        kubernetes=kubernetes,
    )
    spec = spec_of("jiangsu", years=(2030,), random=random_design(6, seed=7))
    spec.mode = 1  # fast
    settings = ServeSettings(listen="127.0.0.1:0", http="", batches=batches)
    try:
        with running(settings) as address, Client(address, timeout_seconds=240) as client:
            digests = {}
            for launcher in ("kubernetes", "local"):
                batch = client.batches.create(f"on-{launcher}", spec, launcher=launcher, chunk_size=2)
                last = list(client.batches.watch(batch.batch_id))[-1].batch
                assert last.state == batch_pb2.BATCH_STATE_COMPLETE, last
                assert last.launcher == launcher
                digests[launcher] = last.result_digest
        assert len(set(digests.values())) == 1
        assert {name for name, _ in node.started} == {api.objects.bodies[0]["metadata"]["name"]}
    finally:
        node.stop()
        api.stop()
