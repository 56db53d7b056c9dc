"""Batches of a serving gateway: store, launchers and runner brought up, and taken down in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gateway.jobs.desk import BatchDesk
from gateway.jobs.figures import batch_figures
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
from gateway.jobs.store.backup import keep_copies
from gateway.pipeline import Pipeline
from services.common.errors import DomainError, Violation, invalid
from services.runtime.logs import logger
from services.runtime.telemetry.health import Health

# How often batches past their retention are deleted, s.
_PRUNE_SECONDS: Final = 3600.0


@contextlib.asynccontextmanager
async def running_batches(
    pipeline: Pipeline, settings: BatchSettings, health: Health | None = None
) -> AsyncIterator[BatchDesk | None]:
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
        copying = asyncio.create_task(_copy(store, settings), name="backup of the store")
        try:
            async with batch_figures(store, settings.url, settings.most_store_bytes) as figures:
                store.heard = figures.kept
                if health is not None:
                    health.watch("gateway", "store", lambda: figures.trouble, needed_later=False)
                yield BatchDesk(pipeline, store, runner, settings, tuple(launchers), local.worker_count)
        finally:
            pruning.cancel()
            copying.cancel()
            await runner.close()
    finally:
        await asyncio.to_thread(store.close)


def _opened(settings: BatchSettings) -> SqlStore:
    try:
        return open_store(settings.url, most_bytes=settings.most_store_bytes, ballast_bytes=BALLAST_BYTES)
    except StoreRefusedError as error:
        known = "a store that no other process holds, in a folder that this user may write; or none"
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


async def _copy(store: SqlStore, settings: BatchSettings) -> None:
    while settings.backup_folder:
        folder = Path(settings.backup_folder)
        try:
            made = await asyncio.to_thread(keep_copies, store.database, folder, settings.backups_kept)
            logger().info("backup of the store", file=str(made))
        except Exception as error:  # serving goes on; the operator's alert is the age of the last copy
            logger().error("backup of the store failed", error=repr(error))
        await asyncio.sleep(settings.backup_minutes * 60)


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
