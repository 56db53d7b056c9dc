"""Whole batches through a cluster with the real worker program; the same tests for the fake and a real cluster."""

import asyncio
import time

import pytest

from gateway.jobs.words import BatchState


async def test_every_member_of_a_batch_has_its_result(cluster):
    batch_id = cluster.batch(members=22, chunk=4)
    batch = await cluster.run(batch_id, 180)
    assert (batch.state, batch.done_count, batch.failed_count) == (BatchState.COMPLETE, 22, 0)
    cluster.expect_all(batch_id)


async def test_nothing_of_an_ended_batch_is_left_on_the_cluster_or_in_the_folder(cluster):
    batch_id = cluster.batch()
    await cluster.run(batch_id, 180)
    assert list(cluster.shared.iterdir()) == []
    jobs, _ = await cluster.launcher._api.jobs("app.kubernetes.io/managed-by=dafeng", lambda text: None)
    assert [j for j in jobs if not j["metadata"].get("deletionTimestamp")] == []


@pytest.mark.slow
async def test_a_bad_input_is_not_tried_again_and_fails_with_its_reason(cluster):
    batch_id = cluster.batch({"bad": True}, members=8, chunk=4)
    batch = await cluster.run(batch_id, 180)
    assert (batch.state, batch.failed_count) == (BatchState.COMPLETE_WITH_FAILURES, 8)
    for row in cluster.rows(batch_id):
        assert row.failure == "INVALID_INPUT"
        assert "exit code 42" in row.detail
    if cluster.node:
        assert len(cluster.node.started) == len(set(cluster.node.started))


@pytest.mark.slow
async def test_a_shard_whose_pod_dies_once_is_tried_again(cluster):
    batch_id = cluster.batch({"crash_once": str(cluster.shared)}, members=12, chunk=4)
    batch = await cluster.run(batch_id, 180)
    for mark in cluster.shared.glob("crash_once-*"):
        mark.unlink()
    assert batch.state is BatchState.COMPLETE
    cluster.expect_all(batch_id)


async def test_cancel_stops_the_pods_and_keeps_what_is_done(cluster):
    batch_id = cluster.batch({"slow_s": 0.1}, members=400, chunk=4)
    running = asyncio.create_task(cluster.launcher.run(batch_id))
    await cluster.until(lambda: cluster.store.get(batch_id).done_count > 0, 120)
    cluster.store.cancel(batch_id)
    asked = time.monotonic()
    await asyncio.wait_for(running, 20)
    if cluster.node:
        await cluster.until(lambda: not cluster.node.running(), 1)
        assert time.monotonic() - asked < 2
    batch = cluster.store.get(batch_id)
    assert batch.state is BatchState.CANCELLED
    assert 0 < batch.done_count == len(cluster.rows(batch_id)) < 400
    jobs, _ = await cluster.launcher._api.jobs("app.kubernetes.io/managed-by=dafeng", lambda text: None)
    assert [j for j in jobs if not j["metadata"].get("deletionTimestamp")] == []


@pytest.mark.slow
async def test_a_gateway_that_starts_again_goes_on_with_the_job_that_is_there(cluster):
    batch_id = cluster.batch({"slow_s": 0.05}, members=24, chunk=4)
    running = asyncio.create_task(cluster.launcher.run(batch_id))
    await cluster.until(lambda: cluster.store.get(batch_id).done_count > 0, 120)
    stopped = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert time.monotonic() - stopped < 0.5
    await cluster.launcher.close()
    cluster.launcher = cluster.new_launcher()
    batch = await cluster.run(batch_id, 180)
    assert batch.state is BatchState.COMPLETE
    cluster.expect_all(batch_id)
    if cluster.api:
        assert [verb for verb, what in cluster.objects.requests if what == "jobs"].count("create") == 1
