"""What goes wrong on a cluster, and what becomes of the batch: it ends, with every member once and nothing hidden."""

import asyncio
import contextlib
import shutil
import time

import pytest

from gateway.jobs.ports import StoreFullError
from gateway.jobs.words import BatchState

pytestmark = pytest.mark.slow


def creations(cluster):
    return [verb for verb, what in cluster.objects.requests if what == "jobs"].count("create")


async def test_a_server_that_fails_now_and_then_delays_and_changes_nothing(fake):
    batch_id = fake.batch()
    for verb in ("list", "create", "watch", "patch", "delete"):
        fake.objects.fail(verb, 500, times=2)
    assert (await fake.run(batch_id)).state is BatchState.COMPLETE
    fake.expect_all(batch_id)
    assert fake.jobs() == []


async def test_a_creation_whose_answer_is_lost_gives_one_job(fake):
    batch_id = fake.batch()
    fake.api.lose_answers = 1
    assert (await fake.run(batch_id)).state is BatchState.COMPLETE
    fake.expect_all(batch_id)
    assert len([b for b in fake.objects.bodies if b.get("kind") == "Job"]) == 1


@pytest.mark.thorough  # the other faults go the same way
async def test_a_watch_that_breaks_off_or_is_too_old_is_taken_up_again(fake):
    batch_id = fake.batch({"slow_s": 0.02}, members=40)
    running = asyncio.create_task(fake.run(batch_id))
    for n in range(6):
        await asyncio.sleep(0.3)
        fake.objects.forget() if n % 2 else fake.objects.drop_watches()
    assert (await running).state is BatchState.COMPLETE
    fake.expect_all(batch_id)
    assert creations(fake) == 1


async def test_a_job_whose_end_was_not_seen_is_noticed_when_the_watch_runs_out(fake):
    fake.launcher = fake.new_launcher(watch_seconds=1)
    batch_id = fake.batch({"bad": True}, members=8)
    assert (await fake.run(batch_id)).state is BatchState.COMPLETE_WITH_FAILURES


async def test_a_quota_that_is_used_up_is_waited_for_and_told(fake):
    batch_id = fake.batch(members=8)
    fake.objects.fail("create", 403, times=3, message="exceeded quota: batch, requested: count/jobs.batch=1")
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(lambda: "exceeded quota" in fake.launcher.troubles.get(batch_id, ""))
    assert fake.store.get(batch_id).state is BatchState.RUNNING
    assert (await running).state is BatchState.COMPLETE
    assert fake.launcher.troubles == {}


async def test_cancel_is_heard_while_the_server_refuses_everything(fake):
    batch_id = fake.batch()
    fake.objects.fail("create", 403, times=10_000)
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(lambda: fake.launcher.troubles)
    fake.store.cancel(batch_id)
    asked = time.monotonic()
    await running
    assert time.monotonic() - asked < 1
    assert fake.jobs() == []


async def test_cancel_while_the_server_is_away_deletes_the_job_when_it_is_back(fake):
    batch_id = fake.batch({"slow_s": 0.1}, members=40)
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(fake.node.running)
    for verb in ("list", "patch", "delete"):
        fake.objects.fail(verb, 503, times=3)
    fake.store.cancel(batch_id)
    await running
    await fake.until(lambda: not fake.jobs())
    await fake.until(lambda: not list(fake.shared.iterdir()))
    await fake.until(lambda: not fake.node.running(), 3)


async def test_a_shard_that_always_crashes_hurts_its_chunk_only_and_says_why(fake):
    batch_id = fake.batch({"crash": [13]}, members=24, chunk=4)
    batch = await fake.run(batch_id)
    assert (batch.state, batch.failed_count) == (BatchState.COMPLETE_WITH_FAILURES, 4)
    failed = [r for r in fake.rows(batch_id) if r.failure]
    assert [r.member for r in failed] == [12, 13, 14, 15]
    assert {r.failure for r in failed} == {"CRASH"}
    assert "exit code 7: the last word" in failed[0].detail
    # Two chunks a shard at first; then the chunks of the shard that failed, each alone.
    assert creations(fake) == 2
    shard, chunk = [fake.node.started.count(s) for s in sorted(set(fake.node.started)) if fake.node.started.count(s) > 1]  # fmt: skip
    assert (shard, chunk) == (4, 4)  # once and three times again


async def test_a_shard_whose_file_never_arrives_runs_again(fake):
    batch_id = fake.batch({"forget_once": str(fake.folder)}, members=12)
    assert (await fake.run(batch_id)).state is BatchState.COMPLETE
    fake.expect_all(batch_id)


async def test_results_that_never_arrive_fail_in_the_end_and_say_so(fake):
    fake.launcher = fake.new_launcher(max_jobs=2, command=["/bin/sh", "-c", "exit 0"])
    batch_id = fake.batch(members=8)
    batch = await fake.run(batch_id)
    assert (batch.state, batch.failed_count) == (BatchState.COMPLETE_WITH_FAILURES, 8)
    assert "never arrived" in fake.rows(batch_id)[0].detail
    assert creations(fake) == 2


@pytest.mark.thorough  # the other faults go the same way
async def test_a_folder_that_is_away_costs_no_attempt(fake):
    fake.launcher = fake.new_launcher(backoff_limit_per_index=0)
    batch_id = fake.batch({"away_once": str(fake.folder)}, members=12)
    assert (await fake.run(batch_id)).state is BatchState.COMPLETE
    fake.expect_all(batch_id)
    assert creations(fake) == 1


async def test_an_evicted_pod_costs_no_attempt(fake):
    fake.launcher = fake.new_launcher(backoff_limit_per_index=0)
    batch_id = fake.batch({"slow_s": 0.05}, members=24)
    running = asyncio.create_task(fake.run(batch_id))
    for _ in range(2):
        await fake.until(fake.node.running)
        await asyncio.sleep(0.4)
        for pod in fake.node.running():
            fake.node.evict(pod)
        await asyncio.sleep(0.2)
    assert (await running).state is BatchState.COMPLETE
    fake.expect_all(batch_id)
    assert creations(fake) == 1
    assert len(fake.node.started) > 3


@pytest.mark.thorough  # the other faults go the same way
async def test_a_job_that_somebody_deletes_is_made_again(fake):
    batch_id = fake.batch({"slow_s": 0.05}, members=24)
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(fake.node.running)
    (job,) = fake.jobs()
    fake.objects.remove("jobs", job["metadata"]["name"])
    assert (await running).state is BatchState.COMPLETE
    fake.expect_all(batch_id)


async def test_a_job_that_takes_too_long_fails_by_its_time_limit(fake):
    fake.launcher = fake.new_launcher(max_jobs=1, active_deadline_seconds=60)
    batch_id = fake.batch({"slow_s": 30}, members=8)
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(fake.node.running)
    for state in fake.node.states.values():
        state.began -= 60
    batch = await running
    assert (batch.state, batch.failed_count) == (BatchState.COMPLETE_WITH_FAILURES, 8)
    assert {r.failure for r in fake.rows(batch_id)} == {"TIME_LIMIT"}


@pytest.mark.thorough  # the other faults go the same way
async def test_a_specification_that_no_shard_can_open_stops_the_job_early(fake):
    batch_id = fake.batch({"bad": True}, members=400)
    batch = await fake.run(batch_id)
    assert batch.failed_count == 400
    assert {r.failure for r in fake.rows(batch_id)} == {"INVALID_INPUT"}
    assert len(fake.node.started) < 20 < 50


async def test_a_poison_member_fails_alone(fake):
    batch_id = fake.batch({"poison": [5]}, members=12)
    batch = await fake.run(batch_id)
    assert (batch.done_count, batch.failed_count) == (11, 1)
    assert fake.rows(batch_id)[5].failure == "NOT_FINITE"


async def test_a_job_of_our_name_that_is_not_ours_is_left_alone(fake):
    batch_id = fake.batch()
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(fake.jobs)
    (job,) = fake.jobs()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    job["metadata"]["annotations"] = {}
    job["metadata"]["labels"] = {"of": "somebody"}
    with fake.objects.lock:
        fake.objects.put("jobs", job["metadata"]["name"], job)
    with pytest.raises(Exception, match="not made for this batch"):
        await fake.run(batch_id)
    assert len(fake.jobs()) == 1


async def test_jobs_of_ended_batches_are_swept_when_a_gateway_starts(fake):
    first = fake.batch({"slow_s": 5}, members=8)
    running = asyncio.create_task(fake.run(first))
    await fake.until(fake.node.running)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    fake.store.cancel(first)  # while no launcher is there to hear it
    await fake.launcher.close()
    fake.launcher = fake.new_launcher()
    second = fake.batch(members=4)
    await fake.run(second)
    await fake.until(lambda: not fake.jobs())


async def test_a_full_store_stops_collecting_and_loses_nothing(fake, monkeypatch):
    batch_id = fake.batch(members=12)
    real, refusals = fake.store.commit, [2]

    def commit(lease, rows):
        if refusals[0]:
            refusals[0] -= 1
            raise StoreFullError("full")
        return real(lease, rows)

    monkeypatch.setattr(fake.store, "commit", commit)
    for _ in range(2):
        with pytest.raises(StoreFullError):
            await fake.run(batch_id)
    assert (await fake.run(batch_id)).state is BatchState.COMPLETE
    fake.expect_all(batch_id)
    assert creations(fake) == 1


async def test_a_paused_batch_is_left_and_taken_up_again(fake):
    batch_id = fake.batch({"slow_s": 0.05}, members=24)
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(fake.node.running)
    fake.store.pause(batch_id, paused=True)
    assert (await running).state is BatchState.PAUSED
    fake.store.pause(batch_id, paused=False)
    assert (await fake.run(batch_id)).state is BatchState.COMPLETE
    fake.expect_all(batch_id)


@pytest.mark.thorough  # the other faults go the same way
async def test_results_by_database_are_committed_by_the_pods(by_database):
    batch_id = by_database.batch(members=20)
    assert (await by_database.run(batch_id)).state is BatchState.COMPLETE
    by_database.expect_all(batch_id)
    assert by_database.jobs() == []
    sent = next(b for b in by_database.objects.bodies if b.get("kind") == "Job")
    assert "postgresql" not in str(sent)  # the address has a password


async def test_results_by_database_survive_crashes_and_a_gateway_that_starts_again(by_database):
    says = {"slow_s": 0.05, "crash_once": str(by_database.folder)}
    batch_id = by_database.batch(says, members=24)
    running = asyncio.create_task(by_database.run(batch_id))
    await by_database.until(lambda: by_database.store.get(batch_id).done_count > 0)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await by_database.launcher.close()
    by_database.launcher = by_database.new_launcher()
    assert (await by_database.run(batch_id)).state is BatchState.COMPLETE
    by_database.expect_all(batch_id)


@pytest.mark.thorough  # the other faults go the same way
async def test_a_chunk_that_always_crashes_fails_by_database_too(by_database):
    batch_id = by_database.batch({"crash": [5]}, members=16)
    batch = await by_database.run(batch_id)
    assert (batch.state, batch.failed_count) == (BatchState.COMPLETE_WITH_FAILURES, 4)
    assert {r.failure for r in by_database.rows(batch_id) if r.failure} == {"CRASH"}


@pytest.mark.thorough  # the other faults go the same way
async def test_a_shared_folder_that_somebody_empties_is_filled_again(fake):
    batch_id = fake.batch({"slow_s": 0.05}, members=48)
    running = asyncio.create_task(fake.run(batch_id))
    await fake.until(lambda: fake.store.get(batch_id).done_count > 0)
    # Files come and go meanwhile.
    shutil.rmtree(fake.shared / batch_id, ignore_errors=True)
    assert (await running).state is BatchState.COMPLETE
    fake.expect_all(batch_id)
