"""Batches of a serving gateway: store, launchers and runner brought up, and taken down in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final

from gateway.jobs.desk import BatchDesk
from gateway.jobs.local import LocalLauncher
from gateway.jobs.ports import (
    BatchStore,
    Launcher,
    StoreAwayError,
    StoreDamagedError,
    StoreFullError,
    StoreRefusedError,
)
from gateway.jobs.runner import Runner
from gateway.jobs.settings import BatchSettings
from gateway.jobs.store import BALLAST_BYTES, SqlStore, open_store
from gateway.pipeline import Pipeline
from services.common.errors import DomainError, Violation, invalid
from services.runtime.logs import logger

# How often batches past their retention are deleted, s.
_PRUNE_SECONDS: Final = 3600.0


@contextlib.asynccontextmanager
async def running_batches(pipeline: Pipeline, settings: BatchSettings) -> AsyncIterator[BatchDesk | None]:
    """The desk of batches, open ones resumed; None when the settings name no store.

    DomainError when the store cannot be opened or a launcher's settings are wrong.
    """
    if not settings.url:
        yield None
        return
    store = await asyncio.to_thread(_opened, settings)
    try:
        local = LocalLauncher(store, settings.workers, settings.worker)
        launchers = {local.name: local, **_far_launchers(store, settings)}
        runner = Runner(store, launchers)
        await runner.start()
        pruning = asyncio.create_task(_prune(store, settings), name="retention of batches")
        try:
            yield BatchDesk(pipeline, store, runner, settings, tuple(launchers), local.worker_count)
        finally:
            pruning.cancel()
            await runner.close()
    finally:
        await asyncio.to_thread(store.close)


def _opened(settings: BatchSettings) -> SqlStore:
    try:
        return open_store(settings.url, most_bytes=settings.most_store_bytes, ballast_bytes=BALLAST_BYTES)
    except StoreRefusedError as error:
        known = "the gateway that holds it (--address), another store (--store URL), or none"
        raise invalid([Violation("batches.store", str(error), "", known)]) from None
    except StoreFullError as error:
        raise DomainError("STORE_FULL", detail=str(error)) from None
    except StoreAwayError as error:
        raise DomainError("NOT_READY", detail=str(error)) from None
    except StoreDamagedError as error:
        raise DomainError("STORE_DAMAGED", detail=str(error)) from None


def _far_launchers(store: BatchStore, settings: BatchSettings) -> dict[str, Launcher]:
    if not settings.kubernetes:
        return {}
    # The client of Kubernetes is an extra of its own, and slow to import.
    from gateway.jobs.kubernetes import kubernetes_launcher

    far = kubernetes_launcher(store, settings.kubernetes)
    return {far.name: far}


async def _prune(store: BatchStore, settings: BatchSettings) -> None:
    while True:
        try:
            pruned = await asyncio.to_thread(
                store.prune, datetime.now(UTC), settings.retention_days, settings.request_id_days
            )
            logger().info("retention of batches", pruned=str(pruned))
        except Exception as error:  # retention waits; batches go on
            logger().error("retention of batches failed", error=repr(error))
        await asyncio.sleep(_PRUNE_SECONDS)
