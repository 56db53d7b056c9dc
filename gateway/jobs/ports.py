"""What the parts of a batch run expect of each other: the store, a launcher, the maker of members."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.jobs.words import Batch, BatchState, Lease, NewBatch, Row
from gateway.owning import LOCAL_OWNER
from services.common.arrays import FloatArray, IntArray


class StoreFullError(Exception):
    """The disk or the store's quota is full: nothing was changed. Reads go on; writing is tried again later."""


class StoreAwayError(Exception):
    """The database's server does not answer, or went away meanwhile: what was asked is done whole or not at all.

    Try again later: asking twice does no harm. What a worker was just given may stay held.
    """


class StoreDamagedError(Exception):
    """A record that cannot be calculated again is damaged; the text says which, and how to repair."""


class StoreBrokenError(Exception):
    """The database failed in a way that leaves unknown what it holds: end the process; opening again recovers.

    Once raised, the store answers nothing else.
    """


class StoreRefusedError(Exception):
    """The store is not opened: another process holds it, its schema is newer, or it is not a store of ours."""


class StoreSchemaError(StoreRefusedError):
    """The schema is of another version than this software's; for a worker that may pass: it does not upgrade."""


class BatchStore(Protocol):
    """Batches on disk. Every method is one transaction; a failed one changes nothing. Safe to call from any thread.

    Raises StoreFullError from everything that writes, StoreAwayError from everything; any other error of the database
    is fatal to the process.
    """

    def create(self, new: NewBatch) -> tuple[Batch, bool]:
        """The batch of a request, and whether it is new.

        DomainError(REQUEST_ID_REUSED) when the same request_id of this owner stands with another body_digest.
        """

    def get(self, batch_id: str) -> Batch:
        """The batch. DomainError(UNKNOWN_BATCH)."""

    def find_request(self, request_id: str, body_digest: str = "", owner: str = LOCAL_OWNER) -> Batch | None:
        """The batch of an owner's request id, if there is one; with a body_digest REQUEST_ID_REUSED as of `create`."""

    def caller(self, batch_id: str) -> str:
        """Who asked for it: callers take turns. DomainError(UNKNOWN_BATCH)."""

    def spec_text(self, batch_id: str) -> str:
        """Its specification, checked against its digest. DomainError(UNKNOWN_BATCH)."""

    def batches(
        self, region: str = "", states: Sequence[BatchState] = (), limit: int = 50, after: str = ""
    ) -> tuple[Batch, ...]:
        """Batches, the newest first, after the batch `after`."""

    def lease(self, owner: str, batch_id: str = "", number: int | None = None) -> Lease | None:
        """The next chunk that waits (of a batch, or one chunk by its number); None when there is none.

        The batch becomes RUNNING. A chunk that somebody holds is given only when asked for by its number: the older
        attempt is then no longer current.
        """

    def commit(self, lease: Lease, rows: Sequence[Row]) -> bool:
        """Results and the chunk's state, together. False, and no change, when the attempt is no longer current.

        The rows are exactly the chunk's members, in order; ValueError otherwise. The last chunk ends the batch.
        """

    def give_back(self, lease: Lease) -> None:
        """The chunk waits again, with nothing done."""

    def release_all(self, owner_prefix: str = "") -> int:
        """Chunks held by owners (of this prefix) wait again: after a restart. Returns how many."""

    def pause(self, batch_id: str, *, paused: bool) -> Batch:
        """PAUSED and back."""

    def cancel(self, batch_id: str) -> Batch:
        """CANCELLED unless ended; no further chunk is given out, held ones are no longer current."""

    def rows(
        self, batch_id: str, first: int = 0, count: int | None = None, *, failed_only: bool = False
    ) -> Iterator[Row]:
        """Results in order of members, as far as they are there.

        A damaged result is never returned: its chunk waits again (an ended batch runs again), and it is left out.
        """

    def accepted(self, batch_id: str) -> NewBatch:
        """What was accepted: chunk size, columns and the rest; `spec_text` is left empty."""

    def columns(
        self, batch_id: str, indices: Sequence[int], first: int = 0, count: int | None = None
    ) -> tuple[IntArray, FloatArray]:
        """Numbers of the members that have values, ascending, and some of their columns, [member, column]."""

    def size_bytes(self) -> int:
        """Bytes that the store takes."""

    def prune(self, now: datetime, retention_days: int, request_id_days: int) -> "Pruned":
        """Delete results of batches that ended so long ago; forget those whose request id is older too.

        Nothing is deleted while `now` is far ahead of the last time, until it has gone on for a day.
        """

    def close(self) -> None:
        """Close every connection."""


@dataclass(frozen=True)
class Pruned:
    """What retention took."""

    batches_emptied: int
    batches_forgotten: int
    bytes_freed: int


class Launcher(Protocol):
    """Runs chunks of batches somewhere; one is made for every kind ("local", "kubernetes")."""

    name: str

    async def run(self, batch_id: str) -> None:
        """Calculate what is missing of a batch until nothing waits, it is cancelled, or the store is full.

        Returns when the batch has ended or is paused. Cancelling the task stops the work within half a second.
        """

    async def close(self) -> None:
        """End every worker."""


class Members(Protocol):
    """A specification made into members (gateway.jobs.members.open_members)."""

    member_count: int

    def block(self, first: int, count: int, heard: Callable[[int], None]) -> list[Row]:
        """Results of members, in order; `heard` is told each member's number before it is calculated.

        Pure: the same bits for every cut. What fails inside a member becomes its row.
        """
