"""The Job that calculates what is missing of a batch: the one that is there already, or a new one."""

from typing import Any, Final

from gateway.jobs.kubernetes import objects
from gateway.jobs.kubernetes.api import AlreadyThereError, Api, NotThereError, Told
from gateway.jobs.kubernetes.collect import Collector
from gateway.jobs.kubernetes.objects import JobPlan
from gateway.jobs.kubernetes.settings import KubernetesSettings
from gateway.jobs.kubernetes.settle import Verdict
from gateway.jobs.shards import shards_text
from services.runtime.logs import logger

# Longer lists of shards do not fit a command line; then workers find out themselves that a shard is done.
_LONGEST_LIST: Final = 50_000


class ForeignJobError(Exception):
    """A Job of our name that is not ours: somebody else writes in this namespace."""


async def start_job(
    api: Api, settings: KubernetesSettings, collector: Collector, sha256: str, verdict: Verdict, told: Told
) -> dict[str, Any]:
    """The Job that is there for this batch, or a new one for the chunks that are missing."""
    jobs, _ = await api.jobs(objects.selector(settings, collector.batch_id), told)
    ours = sorted((j for j in jobs if not j["metadata"].get("deletionTimestamp")), key=_round)
    if ours and _round(ours[-1]) > verdict.jobs_done:
        logger().info("job_found", batch=collector.batch_id, job=ours[-1]["metadata"]["name"])
        return ours[-1]
    plan = make_plan(settings, collector, sha256, verdict)
    body = objects.job_body(settings, plan)
    while True:
        try:
            job = await api.create(body, told)
            logger().info("job_created", batch=plan.batch_id, job=plan.name, shards=len(plan.shards))
            return job
        except AlreadyThereError:
            # Created by a request whose answer was lost, or by the process before this one.
            try:
                return _checked(await api.job(plan.name, told), plan)
            except NotThereError:
                continue


def make_plan(settings: KubernetesSettings, collector: Collector, sha256: str, verdict: Verdict) -> JobPlan:
    """Shards that have every missing chunk. After a first Job a chunk is a shard: a bad one hurts itself only."""
    size = 1 if verdict.jobs_done else settings.chunks_a_shard(collector.work.chunk_count)
    shards = tuple(sorted({chunk.number // size for chunk in collector.chunks}))
    if len(shards_text(shards)) > _LONGEST_LIST:
        shards = tuple(range(shards[0], shards[-1] + 1))
    return JobPlan(collector.batch_id, verdict.jobs_done + 1, shards, size, sha256)


def _round(job: dict[str, Any]) -> int:
    return JobPlan.of(job).round


def _checked(job: dict[str, Any], plan: JobPlan) -> dict[str, Any]:
    try:
        same = JobPlan.of(job) == plan
    except ValueError:
        same = False
    if not same:
        raise ForeignJobError(f"Job {plan.name} is there, but not made for this batch")
    return job
