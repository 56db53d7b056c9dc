"""The audit log of a serving gateway: brought up, sealed and cut from time to time, ended in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gateway.audit import spool
from gateway.audit.desk import AuditDesk
from gateway.audit.log import AuditLog, LogSink
from gateway.audit.sealing import Sealing, seal_path
from gateway.audit.settings import AuditSettings
from gateway.audit.store import AuditStore
from gateway.audit.words import Outcome, Told
from gateway.jobs.store.database import Database
from gateway.jobs.store.stamps import stamp
from services.runtime.logs import logger

_CUT_SECONDS: Final = 3600.0
_SPOOL_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Audit:
    """The log that is told, and the desk where it is read; no desk without a store."""

    log: AuditLog
    desk: AuditDesk | None


@contextlib.asynccontextmanager
async def running_audit(
    database: Database | None, settings: AuditSettings, data_folder: Path | None = None
) -> AsyncIterator[Audit]:
    """The audit log over the gateway's store. Acts told in `data_folder` by commands are taken over.

    DomainError(INVALID_INPUT) when the seal file of the settings cannot be written.
    """
    if database is None:
        logger().warning("no store: changes and refusals are told in this log only, without a chain")
        async with AuditLog(LogSink()).running() as log:
            yield Audit(log, None)
        return
    store = AuditStore(database, settings.algorithm)
    sealing = Sealing(store, seal_path(database, settings))
    await asyncio.to_thread(sealing.check)
    async with AuditLog(store).running() as log:
        tasks = [
            asyncio.create_task(_seal_always(sealing, settings.seal_seconds), name="audit seals"),
            asyncio.create_task(_cut_always(store, settings), name="retention of the audit log"),
        ]
        if data_folder is not None:
            tasks.append(asyncio.create_task(_take_over(data_folder, store), name="audit of commands"))
        log.tell(Told(stamp(), "", "gateway.start", Outcome.DONE))
        await log.flush()
        await asyncio.to_thread(sealing.seal)
        try:
            yield Audit(log, AuditDesk(store, sealing))
        finally:
            for task in tasks:
                task.cancel()
            log.tell(Told(stamp(), "", "gateway.stop", Outcome.DONE))
            await log.flush()
            await asyncio.to_thread(sealing.seal)


async def _seal_always(sealing: Sealing, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await asyncio.to_thread(sealing.seal)


async def _cut_always(store: AuditStore, settings: AuditSettings) -> None:
    folder = Path(settings.export_folder) if settings.export_folder else None
    while True:
        try:
            now = datetime.now(UTC)
            while await asyncio.to_thread(store.cut, now, settings.retention_days, folder):
                pass
        except Exception as error:  # nothing was taken away; tried again
            logger().error("retention of the audit log failed", error=repr(error)[:500])
        await asyncio.sleep(_CUT_SECONDS)


async def _take_over(folder: Path, store: AuditStore) -> None:
    while True:
        try:
            if told := await asyncio.to_thread(spool.take, folder):
                await asyncio.to_thread(store.append, told)
                await asyncio.to_thread(spool.taken, folder)
        except Exception as error:  # it stays where it is; tried again
            logger().error("audit of commands cannot be taken over", error=repr(error)[:500])
        await asyncio.sleep(_SPOOL_SECONDS)
