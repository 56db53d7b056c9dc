"""Runs batches as Indexed Jobs of a cluster: creates, follows, collects, settles what failed, cleans up.

Everything that has to survive this process stands in the store, in the shared folder, or on the Job itself: a gateway
that starts again finds the Job by its labels and goes on watching it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final, TypeVar

from gateway.jobs.kubernetes import objects
from gateway.jobs.kubernetes.api import Api, NotThereError, Told
from gateway.jobs.kubernetes.collect import Collector
from gateway.jobs.kubernetes.follow import JobSeen, follow
from gateway.jobs.kubernetes.settings import KubernetesSettings
from gateway.jobs.kubernetes.settle import Verdict, settle
from gateway.jobs.kubernetes.start import start_job
from gateway.jobs.ports import BatchStore
from gateway.jobs.words import ENDED, BatchState
from services.runtime.logs import logger

T = TypeVar("T")

# How often the store is asked whether a batch is cancelled: a cancel stops the work within half a second.
_LOOK_S: Final = 0.2
# Cleaning up goes on in the background when the API server does not answer; closing waits so long for it.
_CLEAN_UP_S: Final = 10.0


class KubernetesLauncher:
    """Runs batches on a cluster (gateway.jobs.ports.Launcher)."""

    name = "kubernetes"

    def __init__(self, store: BatchStore, settings: KubernetesSettings) -> None:
        self._store, self._settings = store, settings
        self._api = Api(settings)
        self._background: set[asyncio.Task[None]] = set()
        self._swept = False
        self.troubles: dict[str, str] = {}
        """By batch, what keeps it from going on just now: a quota, a missing right, a server that is away."""

    async def run(self, batch_id: str) -> None:
        """Calculate what is missing of a batch (see the protocol). StoreFullError: its Job goes on meanwhile."""
        self._sweep_once()
        work = asyncio.create_task(self._complete(batch_id), name=f"kubernetes {batch_id}")
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=_LOOK_S)
                state = await self._state(batch_id)
                if not work.done() and (state in ENDED or state is BatchState.PAUSED):
                    break
        finally:
            await _stop(work)
            self.troubles.pop(batch_id, None)
            cleaning = self._clean_up_if_ended(batch_id)
        if cleaning is not None:
            await asyncio.wait({cleaning}, timeout=_CLEAN_UP_S)
        if not work.cancelled():
            work.result()

    async def close(self) -> None:
        """Stop watching. Jobs go on, and are found again by the next process."""
        if self._background:
            _, left = await asyncio.wait(self._background, timeout=_CLEAN_UP_S)
            for task in left:
                await _stop(task)
        await self._api.close()

    async def _complete(self, batch_id: str) -> None:
        """One Job after another until nothing is missing."""
        batch = await asyncio.to_thread(self._store.get, batch_id)
        folder = self._settings.folder if self._settings.hand_over == "folder" else None
        collector = Collector(self._store, batch, folder)
        told = self._told(batch_id)
        verdict = Verdict()
        try:
            while True:
                await self._patiently(collector.look, told)
                if not collector.chunks:
                    return
                sha256 = await self._patiently(collector.put_spec, told)
                await self._patiently(collector.collect, told)
                if not collector.chunks:
                    return
                job = await start_job(self._api, self._settings, collector, sha256, verdict, told)
                seen = JobSeen(job)
                await follow(self._api, self._settings, collector, seen, told)
                verdict = await settle(self._api, self._settings, collector, seen, told)
                await self._remove(seen.name, told)
        finally:
            # Also when this task is cancelled: nothing may stay held by a process that is gone.
            await asyncio.shield(asyncio.to_thread(collector.let_go))

    async def _patiently(self, do: Callable[[], T], told: Told) -> T:
        """Work on store and folder in a thread; a folder that is away is waited for."""
        wait = _LOOK_S
        while True:
            try:
                return await asyncio.to_thread(do)
            except OSError as error:
                told(f"the shared folder: {error}")
            await asyncio.sleep(wait)
            wait = min(2 * wait, self._settings.retry_seconds)

    async def _state(self, batch_id: str) -> BatchState:
        return (await asyncio.to_thread(self._store.get, batch_id)).state

    def _clean_up_if_ended(self, batch_id: str) -> asyncio.Task[None] | None:
        """Jobs and files of a batch that has ended go, in the background: the caller may be in a hurry."""
        batch = self._store.get(batch_id)
        if batch.state not in ENDED:
            return None
        folder = self._settings.folder if self._settings.hand_over == "folder" else None

        async def clean_up() -> None:
            told = self._told(batch_id)
            jobs, _ = await self._api.jobs(objects.selector(self._settings, batch_id), told)
            for job in jobs:
                await self._remove(job["metadata"]["name"], told)
            await self._patiently(Collector(self._store, batch, folder).clean_folder, told)
            self.troubles.pop(batch_id, None)

        return self._in_background(clean_up())

    async def _remove(self, name: str, told: Told) -> None:
        """Stop a Job's pods, then delete it and them."""
        with contextlib.suppress(NotThereError):
            await self._api.suspend(name, told)
            await self._api.delete(name, told)

    def _sweep_once(self) -> None:
        """Jobs of batches that ended while no gateway was there to clean up."""
        if not self._swept:
            self._swept = True
            self._in_background(self._sweep())

    async def _sweep(self) -> None:
        told = self._told("")
        jobs, _ = await self._api.jobs(objects.selector(self._settings), told)
        for job in jobs:
            batch_id = (job["metadata"].get("annotations") or {}).get(objects.BATCH_ID, "")
            with contextlib.suppress(Exception):  # a batch that this store does not know is left alone
                if await self._state(batch_id) in ENDED:
                    self._clean_up_if_ended(batch_id)

    def _in_background(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger().error("clean_up_failed", error=f"{type(error).__name__}: {error}")

    def _told(self, batch_id: str) -> Told:
        """Tells a trouble once, and its end."""

        def told(text: str) -> None:
            if text and self.troubles.get(batch_id) != text:
                logger().warning("cluster_trouble", batch=batch_id, trouble=text)
                self.troubles[batch_id] = text
            elif not text and batch_id in self.troubles:
                del self.troubles[batch_id]
                logger().info("cluster_trouble_over", batch=batch_id)

        return told


async def _stop(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait for its end; what it raised stays in it."""
    task.cancel()
    await asyncio.wait({task})
