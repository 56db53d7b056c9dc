"""Follows a Job until it ends or nothing is missing: the watch, results as they arrive, and why it stands still."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Any, Final

from gateway.jobs.kubernetes import objects
from gateway.jobs.kubernetes.api import Api, Told, TooOldError
from gateway.jobs.kubernetes.collect import Collector
from gateway.jobs.kubernetes.fates import Ending, ending_of, why_waiting
from gateway.jobs.kubernetes.objects import JobPlan
from gateway.jobs.kubernetes.settings import KubernetesSettings

# Without any progress for so long, pods are asked what they wait for.
_STILL_S: Final = 30.0
_FIRST_WAIT_S: Final = 0.25


class JobSeen:
    """A Job as it was seen last."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self.name: str = job["metadata"]["name"]
        self.plan = JobPlan.of(job)
        self.ending: Ending | None = None
        self.gone = False
        self.changed = asyncio.Event()
        self.see(job)

    def see(self, job: Mapping[str, Any]) -> None:
        """A newer state of it."""
        self.ending = ending_of(job)
        self.changed.set()

    def lose(self) -> None:
        """Somebody deleted it, or its time to live is over."""
        self.gone = True
        self.changed.set()

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.gone or self.ending is not None


async def follow(
    api: Api, settings: KubernetesSettings, collector: Collector, seen: JobSeen, told: Told
) -> None:
    """Collect results until none is missing or the Job is over and nothing more arrives. StoreFullError."""
    watching = asyncio.create_task(_watch(api, settings, seen, told))
    moved = time.monotonic()
    missing = len(collector.chunks)
    try:
        while not await _collected(collector, told):
            if watching.done():
                watching.result()
            if seen.over:
                await _collect_late(settings, collector, told)
                return
            if len(collector.chunks) != missing:
                missing, moved = len(collector.chunks), time.monotonic()
            elif time.monotonic() - moved > _STILL_S:
                moved = time.monotonic()
                told(why_waiting(await api.pods(seen.name, told)))
            await _wait(seen, settings.collect_seconds)
    finally:
        watching.cancel()
        await asyncio.wait({watching})


async def _wait(seen: JobSeen, seconds: float) -> None:
    seen.changed.clear()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await seen.changed.wait()


async def _collected(collector: Collector, told: Told) -> bool:
    try:
        return await asyncio.to_thread(collector.collect)
    except OSError as error:
        told(f"the shared folder: {error}")
        return False


async def _collect_late(settings: KubernetesSettings, collector: Collector, told: Told) -> None:
    """A network file system may show a pod's last file some seconds after its end."""
    end = time.monotonic() + settings.late_seconds
    while not await _collected(collector, told) and time.monotonic() < end:
        await asyncio.sleep(min(0.25, settings.collect_seconds))


async def _watch(api: Api, settings: KubernetesSettings, seen: JobSeen, told: Told) -> None:
    """Keep what was seen up to date; a watch that breaks off is taken up where it was."""
    selector = objects.selector(settings, seen.plan.batch_id)
    version, wait = "", _FIRST_WAIT_S
    while not seen.over:
        if not version:
            version = await _list(api, selector, seen, told)
        try:
            async for kind, job in api.watch(selector, version):
                version, wait = job["metadata"]["resourceVersion"], _FIRST_WAIT_S
                told("")
                if kind != "BOOKMARK" and job["metadata"]["name"] == seen.name:
                    _note(seen, kind, job)
        except TooOldError:
            version = ""
        except ConnectionError as error:
            told(str(error))
            await asyncio.sleep(wait)
            wait = min(2 * wait, settings.retry_seconds)


def _note(seen: JobSeen, kind: str, job: Mapping[str, Any]) -> None:
    if kind == "DELETED":
        seen.lose()
    else:
        seen.see(job)


async def _list(api: Api, selector: str, seen: JobSeen, told: Told) -> str:
    jobs, version = await api.jobs(selector, told)
    found = [j for j in jobs if j["metadata"]["name"] == seen.name]
    if found:
        seen.see(found[0])
    else:
        seen.lose()
    return version
