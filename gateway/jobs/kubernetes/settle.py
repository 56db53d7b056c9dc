"""What becomes of chunks that a Job left without results: tried again, or failed with a reason. Never hidden."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.jobs.kubernetes.api import Api, Told
from gateway.jobs.kubernetes.collect import Collector
from gateway.jobs.kubernetes.fates import Fate, fates
from gateway.jobs.kubernetes.follow import JobSeen
from gateway.jobs.kubernetes.settings import KubernetesSettings
from gateway.jobs.words import Chunk, Failure
from services.runtime.logs import logger


@dataclass(frozen=True)
class Verdict:
    """How many Jobs a batch has had."""

    jobs_done: int = 0


async def settle(
    api: Api, settings: KubernetesSettings, collector: Collector, seen: JobSeen, told: Told
) -> Verdict:
    """End what cannot be tried again; the rest is left for the next Job."""
    await asyncio.to_thread(collector.look)
    missing = collector.chunks
    if missing:
        pods = [] if seen.gone else await api.pods(seen.name, told)
        failed, otherwise = judge(settings, seen, missing, fates(pods))
        logger().warning("shards_missing", batch=collector.batch_id, missing=len(missing), failed=len(failed))
        lost = [c for c in missing if c.number in failed]
        await asyncio.to_thread(collector.fail, lost, failed, otherwise)
    return Verdict(seen.plan.round)


def judge(
    settings: KubernetesSettings, seen: JobSeen, missing: tuple[Chunk, ...], by_index: Mapping[int, Fate]
) -> tuple[dict[int, Fate], Fate]:
    """By chunk, why its members fail; a missing chunk that is not among them runs again.

    A bad input fails at once, and when the whole Job stopped for it, so do all: the specification is common to them.
    A shard that crashed runs again in smaller pieces, while there are any; after the last Job nothing runs again.
    """
    plan, ending = seen.plan, seen.ending
    last = plan.round >= settings.max_jobs
    otherwise = Fate(Failure.CRASH, _why(seen))
    if ending is not None and ending.reason == "DeadlineExceeded":
        otherwise = Fate(Failure.TIME_LIMIT, _why(seen))
    bad = next((f for f in by_index.values() if f.failure is Failure.INVALID_INPUT), None)
    stopped = ending is not None and ending.reason == "MaxFailedIndexesExceeded"
    given_up = ending.failed if ending is not None else frozenset()
    place = {shard: index for index, shard in enumerate(plan.shards)}
    failed: dict[int, Fate] = {}
    for chunk in missing:
        index = place.get(chunk.number // plan.chunks_per_shard, -1)
        # A pod that was only stopped with its Job says nothing about its shard.
        fate = by_index.get(index, otherwise) if index in given_up else otherwise
        if bad is not None and (stopped or fate.failure is Failure.INVALID_INPUT):
            failed[chunk.number] = fate if fate.failure is Failure.INVALID_INPUT else bad
        elif last or (index in given_up and plan.chunks_per_shard == 1):
            failed[chunk.number] = fate
    return failed, otherwise


def _why(seen: JobSeen) -> str:
    if seen.gone:
        return f"Job {seen.name} was deleted before it ended"
    reason = seen.ending.reason if seen.ending is not None else ""
    if seen.ending is not None and seen.ending.complete:
        return f"Job {seen.name} is complete, but these results never arrived"
    return f"Job {seen.name} ended: {reason or 'failed'}"
