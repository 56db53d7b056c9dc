"""What a launcher makes of files in the shared folder, of pods and of Jobs that have ended."""

from gateway.jobs import handover
from gateway.jobs.handover import Span
from gateway.jobs.kubernetes.collect import Collector
from gateway.jobs.kubernetes.fates import Fate, fates, why_waiting
from gateway.jobs.kubernetes.follow import JobSeen
from gateway.jobs.kubernetes.objects import JobPlan, job_body
from gateway.jobs.kubernetes.settle import judge
from gateway.jobs.words import Chunk, Failure
from tests.gateway.jobs.kubernetes.cheap_worker import cheap_row

CHUNKS = tuple(Chunk("b", n, 4 * n, 4) for n in range(8))


def seen(settings, reason="FailedIndexes", failed="", round_=1, chunks_per_shard=2, kind="Failed"):
    plan = JobPlan("b", round_, tuple(range(8 // chunks_per_shard)), chunks_per_shard, "")
    job = job_body(settings, plan)
    job["status"] = {
        "conditions": [{"type": kind, "status": "True", "reason": reason}],
        "failedIndexes": failed,
    }
    return JobSeen(job)


def pod(index, code, at="2026-01-01T00:00:00Z", message="", name="p"):
    ended = {"exitCode": code, "reason": "Error", "message": message}
    return {
        "metadata": {
            "name": name,
            "creationTimestamp": at,
            "annotations": {"batch.kubernetes.io/job-completion-index": str(index)},
        },
        "status": {"containerStatuses": [{"name": "worker", "state": {"terminated": ended}}]},
    }


def verdict(fake, *args, missing=CHUNKS, pods=(), **kwargs):
    failed, _ = judge(fake.settings(), seen(fake.settings(), *args, **kwargs), missing, fates(pods))
    return {n: f.failure for n, f in failed.items()}


def test_a_shard_that_crashed_runs_again_in_smaller_pieces(fake):
    assert verdict(fake, failed="1", missing=CHUNKS[2:4], pods=[pod(1, 137)]) == {}


def test_a_chunk_that_crashed_alone_has_failed(fake):
    pods = [pod(5, 137)]
    assert verdict(fake, failed="5", chunks_per_shard=1, missing=CHUNKS[5:6], pods=pods) == {5: "CRASH"}


def test_a_bad_input_fails_its_shard_at_once(fake):
    assert verdict(fake, failed="1", missing=CHUNKS[2:6], pods=[pod(1, 42)]) == {
        2: "INVALID_INPUT",
        3: "INVALID_INPUT",
    }


def test_a_job_stopped_by_bad_inputs_fails_all_that_is_missing(fake):
    found = verdict(fake, "MaxFailedIndexesExceeded", failed="0-1", pods=[pod(0, 42), pod(1, 42)])
    assert found == dict.fromkeys(range(8), "INVALID_INPUT")


def test_a_job_stopped_by_crashes_runs_again(fake):
    assert verdict(fake, "MaxFailedIndexesExceeded", failed="0-1", pods=[pod(0, 7), pod(2, 143)]) == {}


def test_after_the_last_job_nothing_is_hidden(fake):
    assert set(verdict(fake, round_=3, kind="Complete").values()) == {"CRASH"}
    pods = [pod(1, 143)]
    late = verdict(fake, "DeadlineExceeded", round_=3, pods=pods)
    assert set(late) == set(range(8))
    assert set(late.values()) == {"TIME_LIMIT"}


def test_why_a_shard_failed_is_its_last_pods_last_word():
    said = '{"event": "started"}\n{"event": "worker_ended", "message": "no such region"}\nhalf a li'
    pods = [
        pod(3, 1, "2026-01-01T00:00:05Z", said, "late"),
        pod(3, 137, "2026-01-01T00:00:01Z", name="early"),
        pod(4, 0),
    ]
    detail = "worker pod late ended with exit code 1: no such region"
    assert fates(pods) == {3: Fate(Failure.CRASH, detail)}
    pods.append(pod(3, 42, "2026-01-01T00:00:02Z", name="bad"))
    assert fates(pods)[3].failure is Failure.INVALID_INPUT


def test_a_damaged_file_is_refused_and_its_chunks_stay_missing(fake):
    batch_id = fake.batch(members=12, chunk=4)
    collector = Collector(fake.store, fake.store.get(batch_id), fake.shared)
    collector.look()
    collector.put_spec()
    for first in (0, 4):
        rows = [cheap_row(n) for n in range(first, first + 4)]
        assert handover.write_rows(fake.shared, collector.work, 0, Span(first, 4), rows)
    bad, good = handover.found(fake.shared, batch_id)
    bad.write_bytes(good.read_bytes())
    assert not collector.collect()
    assert [c.number for c in collector.chunks] == [0, 2]
    assert list(handover.found(fake.shared, batch_id)) == []


def test_files_of_any_cut_are_taken(fake):
    batch_id = fake.batch(members=12, chunk=2)
    collector = Collector(fake.store, fake.store.get(batch_id), fake.shared)
    collector.look()
    collector.put_spec()
    for span in (Span(0, 5), Span(5, 7), Span(4, 4)):
        rows = [cheap_row(n) for n in range(span.first, span.first + span.count)]
        handover.write_rows(fake.shared, collector.work, 0, span, rows)
    assert collector.collect()
    fake.expect_all(batch_id)


def test_what_pods_wait_for_is_told():
    waiting = {"reason": "ImagePullBackOff", "message": "no such image"}
    pods = [
        {"metadata": {"name": "a"}, "status": {"containerStatuses": [{"name": "worker", "state": {"waiting": waiting}}]}},
        {"metadata": {"name": "b"}, "status": {"conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]}},
        {"metadata": {"name": "c"}, "status": {"phase": "Running"}},
    ]  # fmt: skip
    assert "no pod was made" in why_waiting([])
    assert why_waiting(pods[2:]) == ""
    assert why_waiting(pods) == "ImagePullBackOff: no such image; Unschedulable: 0/3 nodes"
