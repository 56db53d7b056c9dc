"""One shard of a batch: calculated, and handed over by a shared folder or by the database."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from gateway.jobs import handover
from gateway.jobs.handover import Span, WorkSpec
from gateway.jobs.ports import (
    BatchStore,
    StoreAwayError,
    StoreBrokenError,
    StoreDamagedError,
    StoreSchemaError,
)
from gateway.jobs.words import ENDED, BatchState, Lease, Row
from services.runtime.logs import logger

T = TypeVar("T")

# A network file system may show a new file some seconds late.
_LATE_FILE_S: Final = 5.0
# A lease can be taken away by a gateway that starts again; the same rows are then offered under a new one.
_OFFERS: Final = 5


class BadInputError(Exception):
    """Work that no repetition can mend."""


class NotReachableError(Exception):
    """A folder or database that does not answer now."""


class Calculator(Protocol):
    """What calculates members."""

    def calculate(self, spec_text: str, first: int, count: int) -> list[Row]:
        """Rows of members in order; a member's own fault is its row. BadInputError for the specification's."""

    def close(self) -> None:
        """End its process."""


@dataclass(frozen=True)
class Task:
    """Which shard, and where its specification comes from and its results go: a folder or a database."""

    batch_id: str
    shard: int
    chunks_per_shard: int = 1
    folder: Path | None = None
    spec_path: Path | None = None
    sha256: str = ""
    store_url: str = ""


def run(task: Task, calculator: Callable[[], Calculator]) -> None:
    """Calculate the task's shard and hand it over; what is there already is left.

    Raises BadInputError, handover.BadFileError, DomainError (do not try again), NotReachableError, StoreFullError (try
    again later), and whatever else goes wrong.
    """
    if task.folder is not None:
        _by_folder(task, task.folder, calculator)
    else:
        _by_store(task, calculator)


def _by_folder(task: Task, folder: Path, calculator: Callable[[], Calculator]) -> None:
    work = _work(task, folder)
    span = _span(task, work)
    log = logger().bind(batch=work.batch_id, shard=task.shard, first=span.first, count=span.count)
    if _reached(lambda: handover.is_there(folder, work, span)):
        log.info("already_there")
        return
    log.info("started")
    made = calculator()
    try:
        rows = made.calculate(work.spec_text, span.first, span.count)
    finally:
        made.close()
    new = _reached(lambda: handover.write_rows(folder, work, task.shard, span, rows))
    log.info("handed_over" if new else "already_there", failed=sum(bool(r.failure) for r in rows))


def _work(task: Task, folder: Path) -> WorkSpec:
    path = task.spec_path or handover.batch_folder(folder, task.batch_id) / handover.SPEC_FILE
    end = time.monotonic() + _LATE_FILE_S
    while True:
        try:
            work = _reached(lambda: handover.read_spec(path, task.sha256))
            break
        except FileNotFoundError:
            if not folder.is_dir():
                raise NotReachableError(f"no folder {folder}") from None
            if time.monotonic() > end:
                raise BadInputError(f"unknown batch {task.batch_id}: no {path}") from None
            time.sleep(0.25)
    if work.batch_id != task.batch_id:
        raise BadInputError(f"{path} is of batch {work.batch_id}, not {task.batch_id}")
    return work


def _span(task: Task, work: WorkSpec) -> Span:
    first_chunk = task.shard * task.chunks_per_shard
    _check_range(task, work.chunk_count)
    return work.span(first_chunk, task.chunks_per_shard)


def _check_range(task: Task, chunk_count: int) -> None:
    if not 0 <= task.shard * task.chunks_per_shard < chunk_count:
        raise BadInputError(
            f"shard {task.shard} is out of range: {chunk_count} chunks, {task.chunks_per_shard} a shard"
        )


def _by_store(task: Task, calculator: Callable[[], Calculator]) -> None:
    from gateway.jobs.store import join_store

    store: BatchStore = _answered(lambda: join_store(task.store_url))
    chunks = _Chunks(task, store, calculator)
    try:
        chunks.run()
    finally:
        chunks.close()
        store.close()


class _Chunks:
    """The chunks of a shard, one after another through the database."""

    def __init__(self, task: Task, store: BatchStore, calculator: Callable[[], Calculator]) -> None:
        self._task, self._store, self._calculator = task, store, calculator
        self._made: Calculator | None = None
        self._owner = owner_of_pod(task.batch_id, task.shard)
        self._log = logger().bind(batch=task.batch_id, shard=task.shard)

    def run(self) -> None:
        count = _answered(lambda: self._store.get(self._task.batch_id)).chunk_count
        _check_range(self._task, count)
        self._log.info("started")
        first = self._task.shard * self._task.chunks_per_shard
        done = sum(self._one(n) for n in range(first, min(first + self._task.chunks_per_shard, count)))
        self._log.info("handed_over" if done else "already_there", chunks=done)

    def close(self) -> None:
        if self._made is not None:
            self._made.close()

    def _one(self, number: int) -> bool:
        """One chunk, leased and committed; False when there is nothing to do."""
        rows: list[Row] | None = None
        for _ in range(_OFFERS):
            lease = _answered(lambda: self._store.lease(self._owner, self._task.batch_id, number))
            if lease is None:
                self._why_none()
                return False
            rows = self._rows(lease) if rows is None else rows
            if self._commit(lease, rows):
                return True
        raise NotReachableError(f"chunk {number} was taken away {_OFFERS} times")

    def _why_none(self) -> None:
        state = _answered(lambda: self._store.get(self._task.batch_id)).state
        if state is BatchState.PAUSED:
            raise NotReachableError("the batch is paused")
        if state in ENDED:
            self._log.info("batch_ended", state=str(state))

    def _rows(self, lease: Lease) -> list[Row]:
        self._made = self._made or self._calculator()
        try:
            return self._made.calculate(lease.spec_text, lease.chunk.first, lease.chunk.count)
        except BaseException:
            try:
                self._store.give_back(lease)
            except Exception:  # the launcher releases it when the pod is gone
                self._log.warning("not_given_back", exc_info=True)
            raise

    def _commit(self, lease: Lease, rows: list[Row]) -> bool:
        return _answered(lambda: self._store.commit(lease, rows))


def owner_of_pod(batch_id: str, shard: int | None = None) -> str:
    """The owner of leases that a pod takes; without a shard, what they all begin with."""
    return f"pod/{batch_id}/" + ("" if shard is None else str(shard))


def _reached(do: Callable[[], T]) -> T:
    """Work on the folder: FileNotFoundError passes, any other trouble is one of reaching it."""
    try:
        return do()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NotReachableError(f"the shared folder: {error}") from error


def _answered(do: Callable[[], T]) -> T:
    """Work on the database: what may pass is NotReachableError, what cannot is BadInputError."""
    try:
        return do()
    except StoreDamagedError as error:
        raise BadInputError(str(error)) from error
    except (
        StoreSchemaError
    ) as error:  # an upgrade that is under way: gateway and workers will be of one version
        raise NotReachableError(str(error)) from error
    except (StoreAwayError, StoreBrokenError) as error:
        raise NotReachableError(f"the database: {type(error).__name__}") from error
