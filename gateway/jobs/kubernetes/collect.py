"""What is still missing of a batch, and results brought from the shared folder into the store."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from gateway.jobs import handover
from gateway.jobs.handover import BadFileError, RowsFile, WorkSpec
from gateway.jobs.kubernetes.fates import Fate
from gateway.jobs.ports import BatchStore
from gateway.jobs.shard_run import owner_of_pod
from gateway.jobs.words import Batch, Chunk, Lease, Row
from services.runtime.logs import logger


class Collector:
    """The chunks of one batch that are not done. Every method is to be called from a thread that may wait."""

    def __init__(self, store: BatchStore, batch: Batch, folder: Path | None) -> None:
        self._store, self._folder = store, folder
        self.batch_id = batch.batch_id
        self._batch = batch
        self._owner = f"kubernetes/{batch.batch_id}"
        self._leases: dict[int, Lease] = {}
        self._work: WorkSpec | None = None
        self._refused: set[Path] = set()

    def look(self) -> None:
        """Find out which chunks are not done, and hold them. StoreFullError."""
        self._store.release_all(owner_of_pod(self.batch_id))
        self._store.release_all(self._owner)
        self._leases.clear()
        while (lease := self._store.lease(self._owner, self.batch_id)) is not None:
            if self._work is None:
                self._work = self._spec(lease)
            self._leases[lease.chunk.number] = replace(lease, spec_text="")

    @property
    def work(self) -> WorkSpec:
        """The specification; known when something is missing."""
        assert self._work is not None
        return self._work

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """What is missing, as far as is known here."""
        return tuple(self._leases[n].chunk for n in sorted(self._leases))

    def put_spec(self) -> str:
        """Put the specification into the folder; its digest. Empty, and nothing done, without a folder. OSError."""
        return handover.write_spec(self._folder, self.work) if self._folder is not None else ""

    def collect(self) -> bool:
        """Bring what has arrived into the store, one transaction a chunk; whether nothing is missing any more.

        A file goes when its chunks are stored; a damaged or foreign one goes at once, so that its shard runs again.
        StoreFullError; OSError.
        """
        if self._folder is None:
            batch = self._store.get(self.batch_id)
            return batch.done_count + batch.failed_count >= batch.member_count
        self._keep_spec(self._folder)
        for path in handover.found(self._folder, self.batch_id):
            if path not in self._refused:
                self._collect_file(path)
        return not self._leases

    def _keep_spec(self, folder: Path) -> None:
        """A folder that somebody emptied is filled again: workers would take the batch for unknown, and give it up."""
        place = handover.batch_folder(folder, self.batch_id)
        if folder.is_dir() and self._leases and not handover.is_whole(place):
            logger().warning("folder_filled_again", batch=self.batch_id)
            self.put_spec()

    def fail(self, chunks: Iterable[Chunk], fates: Mapping[int, Fate], otherwise: Fate) -> None:
        """End the members of chunks without values, each with its reason; what was done meanwhile stays."""
        for chunk in chunks:
            fate = fates.get(chunk.number, otherwise)
            rows = [
                Row.failed(m, fate.failure, fate.detail)
                for m in range(chunk.first, chunk.first + chunk.count)
            ]
            lease = self._leases.get(chunk.number)
            if lease is not None:
                self._commit(lease, rows)

    def let_go(self) -> None:
        """Nothing is held any more."""
        self._leases.clear()
        self._store.release_all(self._owner)

    def clean_folder(self) -> None:
        """Delete what the folder has of the batch. OSError."""
        if self._folder is not None:
            place = handover.batch_folder(self._folder, self.batch_id)
            if place.exists():
                shutil.rmtree(place)

    def _collect_file(self, path: Path) -> None:
        try:
            found = handover.read_rows(path, self.work)
            self._store_rows(found)
        except FileNotFoundError:
            return
        except (BadFileError, ValueError) as error:
            logger().warning("file_refused", batch=self.batch_id, reason=str(error))
            self._refused.add(path)
        path.unlink(missing_ok=True)

    def _store_rows(self, found: RowsFile) -> None:
        span = found.span
        for number in sorted(self._leases):
            lease = self._leases[number]
            first, count = lease.chunk.first, lease.chunk.count
            if span.holds(first, count):
                self._commit(lease, found.rows[first - span.first : first - span.first + count])

    def _commit(self, lease: Lease, rows: Iterable[Row]) -> None:
        done = list(rows)
        number = lease.chunk.number
        if not self._store.commit(lease, done):
            # Somebody released it; results are the same whoever offers them.
            again = self._store.lease(self._owner, self.batch_id, number)
            if again is not None:
                self._store.commit(again, done)
        self._leases.pop(number, None)

    def _spec(self, lease: Lease) -> WorkSpec:
        chunk = lease.chunk
        size = chunk.first // chunk.number if chunk.number else chunk.count
        return WorkSpec(
            self.batch_id, self._batch.spec_digest, self._batch.member_count, size, lease.spec_text
        )
