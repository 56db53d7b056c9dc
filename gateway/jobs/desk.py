"""The desk of batches: what every call does, on the store and the runner; no message passes here."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from platform import machine, processor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from gateway.audit.about import about
from gateway.ensemble.words import Design
from gateway.jobs import tokens
from gateway.jobs.answers import Again, MemberResult, Quotas, Seen, Summary
from gateway.jobs.asking import ask_store
from gateway.jobs.columns import column_indices, unknown_columns
from gateway.jobs.doors import (
    GetMemberRequest,
    ListBatchesRequest,
    StreamResultsRequest,
    SummariseBatchRequest,
    WatchBatchRequest,
)
from gateway.jobs.files import check_results, file_pieces
from gateway.jobs.members import MemberRuns, design_of
from gateway.jobs.prepare import Prepared, body_digest_of, open_head, prepare
from gateway.jobs.results import ColumnPercentiles
from gateway.jobs.runner import Runner
from gateway.jobs.settings import BatchSettings
from gateway.jobs.spec import Spec, check_revision, digest_of_text, spec_of, text_of
from gateway.jobs.store import SqlStore
from gateway.jobs.summing import percentiles_so_far, summarise
from gateway.jobs.words import ENDED, Batch, BatchState, NewBatch, Row
from gateway.owning import Sight, check_may, owner_now, scope_now, sight_now
from gateway.pipeline import Pipeline
from services.common.access import Subject, most_batch_members
from services.common.acting import actor
from services.common.errors import DomainError, Violation, invalid
from services.common.spans import note
from services.runtime.failpoints import hit
from services.runtime.logs import logger
from services.runtime.overload.quotas import class_quotas

# Members of a chunk: some seconds of work, so that a stop loses little and a commit costs little.
CHUNK_SIZE: Final = 64
# Rates are told over the last half minute.
PACE_SECONDS: Final = 30.0
# Percentiles are read again when so many times the members are done: all readings together cost a few whole ones.
PERCENTILES_GROWTH: Final = 1.2
T = TypeVar("T")
if TYPE_CHECKING:
    from gateway.audit.desk import AuditDesk


class BatchDesk:
    """Batches of one gateway."""

    def __init__(
        self,
        pipeline: Pipeline,
        store: SqlStore,
        runner: Runner,
        settings: BatchSettings,
        launchers: tuple[str, ...],
        worker_count: int,
    ) -> None:
        """`launchers` are the names that a request may give; `worker_count` those of this machine."""
        self._pipeline, self.store, self._runner = pipeline, store, runner
        self.settings, self._launchers, self._worker_count = settings, launchers, worker_count
        self._specs: dict[str, Spec] = {}
        self._accepting = asyncio.Lock()
        self.audit: AuditDesk | None = None
        """The audit log in the same store; set at start-up."""

    async def create(self, raw: Mapping[str, Any]) -> Batch:
        """Accept a batch of the actor: when this returns, it is on disk.

        DomainError: all violations; a quota; a reused id.
        """
        known = await self._repeated(raw)
        if known is not None:
            return known
        await self._check_open()
        prepared = await prepare(self._pipeline, raw, self._limits(), self._launchers)
        new = await asyncio.to_thread(self._new, prepared)
        accepting = asyncio.create_task(self._accept(new))
        accepting.add_done_callback(lambda task: task.cancelled() or task.exception())
        # A caller that goes away leaves the write behind: the next one counts when it is done, not before.
        return await asyncio.shield(accepting)

    async def _accept(self, new: NewBatch) -> Batch:
        async with self._accepting:
            # Again: others may have been accepted while this one was prepared.
            await self._check_open()
            hit("accept.before_commit")
            batch, _ = await self._ask(self.store.create, new)
        hit("accept.after_commit")
        note(batch_id=batch.batch_id)
        about(batch.batch_id, batch.scope)
        logger().info("batch accepted", batch_id=batch.batch_id, member_count=batch.member_count)
        self._runner.wake()
        return batch

    async def _repeated(self, raw: Mapping[str, Any]) -> Batch | None:
        """The batch of a request that came before: found before any work, quotas and what changed since."""
        try:
            head = open_head(raw)
        except DomainError:
            return None  # told with everything else that is wrong
        digest = await asyncio.to_thread(body_digest_of, raw)
        return await self._ask(self.store.find_request, head.request_id, digest, owner_now())

    async def get(self, batch_id: str) -> tuple[Batch, Spec]:
        """A batch that the actor sees, and its specification."""
        await self._check_seen(batch_id)
        batch = await self._ask(self.store.get, batch_id)
        return batch, await self._spec(batch_id)

    async def _check_seen(self, batch_id: str) -> Subject:
        """DomainError(UNKNOWN_BATCH) for a batch that the actor does not see."""
        return await self._ask(self.store.check_seen, batch_id, sight_now())

    async def _spec(self, batch_id: str) -> Spec:
        """The specification of a batch; a few are kept."""
        if batch_id not in self._specs:
            text = await self._ask(self.store.spec_text, batch_id)
            while len(self._specs) >= 8:
                self._specs.pop(next(iter(self._specs)))
            self._specs[batch_id] = await asyncio.to_thread(spec_of, text)
        return self._specs[batch_id]

    async def listed(self, asked: ListBatchesRequest) -> tuple[tuple[Batch, ...], str]:
        """A page of the batches that the actor sees, the newest first, and the token of the next."""
        size = asked.page_size or 50
        try:
            found = await self._ask(
                self.store.batches, asked.region, asked.states, size + 1, asked.page_token, sight_now()
            )
        except DomainError as error:
            if error.reason != "UNKNOWN_BATCH":
                raise
            raise invalid([Violation("page_token", "not a token of this call", asked.page_token)]) from None
        return found[:size], found[size - 1].batch_id if len(found) > size else ""

    async def watch(self, asked: WatchBatchRequest) -> AsyncIterator[Seen]:
        """The batch whenever it has changed, until it has ended."""
        token, last_told = asked.resume_token, ""
        await self._check_seen(asked.batch_id)
        spec = await self._spec(asked.batch_id)
        wrong = [
            *unknown_columns(spec, asked.column_ids, "column_ids[{}]"),
            *tokens.watch_violations(asked.batch_id, token),
        ]
        if wrong:
            raise invalid(wrong)
        percentiles: tuple[ColumnPercentiles, ...] = ()
        next_percentiles = 1.0
        seen: deque[tuple[float, int]] = deque()
        while True:
            batch = await self._ask(self.store.get, asked.batch_id)
            now = time.monotonic()
            seen.append((now, batch.done_count + batch.failed_count))
            while seen[0][0] < now - PACE_SECONDS and len(seen) > 2:
                seen.popleft()
            told = tokens.seen(batch)
            ended = batch.state in ENDED
            if told not in (token, last_told) or (ended and not last_told):
                if ended or batch.done_count >= next_percentiles:
                    percentiles = await self._ask(
                        percentiles_so_far, self.store, batch.batch_id, spec, asked.column_ids
                    )
                    next_percentiles = batch.done_count * PERCENTILES_GROWTH
                yield _paced(batch, seen, percentiles)
                last_told = told
            if ended:
                return
            await asyncio.sleep(asked.interval_s or 1.0)

    async def summary(self, asked: SummariseBatchRequest) -> Summary:
        """Statistics over the members that are done."""
        batch, spec = await self.get(asked.batch_id)
        levers = await self._pipeline.calls.levers(spec.frame.region)

        def design() -> Design:
            check_revision(spec)  # other data draw other inputs than those that the members had
            return design_of(spec, levers)

        return await self._ask(summarise, self.store, batch, spec, design, asked)

    async def file(self, asked: StreamResultsRequest) -> AsyncIterator[bytes]:
        """The bytes of one file, piece by piece."""
        batch, spec = await self.get(asked.batch_id)
        check_results(batch, spec, asked)
        pieces = file_pieces(self.store, batch, spec, asked)
        while (piece := await self._ask(next, pieces, b"")) != b"":
            yield piece

    async def cancel(self, batch_id: str) -> Batch:
        """Stop a batch; what is done stays. DomainError: UNKNOWN_BATCH; NOT_ALLOWED for one that is only seen."""
        subject = await self._check_seen(batch_id)
        about(batch_id, subject.scope)
        check_may("batch", subject)
        batch = await self._ask(self.store.cancel, batch_id)
        self._runner.wake()
        logger().info("batch cancelled", batch_id=batch_id, state=batch.state.value)
        return batch

    async def rows(
        self, asked: StreamResultsRequest, page: int = 64
    ) -> AsyncIterator[tuple[list[MemberResult], str]]:
        """Results of members in order, some at a time, each time with the token to go on after them."""
        batch, spec = await self.get(asked.batch_id)
        check_results(batch, spec, asked)
        chosen = column_indices(spec, asked.column_ids)
        first = max(asked.first_member, tokens.member_after(batch, asked.resume_token))
        end = batch.member_count
        if asked.member_count:
            end = min(end, asked.first_member + asked.member_count)
        # While a batch runs, members before others may not be done yet: a token never passes them.
        passed = end if batch.state in ENDED else None
        while first < end:
            count = min(page, end - first)
            rows = await self._ask(self._rows, asked.batch_id, first, count, asked.failed_only)
            if passed is None and (asked.failed_only or len(rows) < count):
                passed = first if asked.failed_only else _first_missing(rows, first)
            if rows:
                next_one = rows[-1].member + 1
                token = tokens.after(batch, next_one if passed is None else min(passed, next_one))
                yield [MemberResult.of(r, chosen) for r in rows], token
            first += count

    def _rows(self, batch_id: str, first: int, count: int, failed_only: bool) -> list[Row]:
        return list(self.store.rows(batch_id, first, count, failed_only=failed_only))

    async def column_ids(self, asked: StreamResultsRequest) -> tuple[str, ...]:
        """Ids of the columns asked, in the order of values."""
        await self._check_seen(asked.batch_id)
        spec = await self._spec(asked.batch_id)
        return tuple(spec.columns[i].column_id for i in column_indices(spec, asked.column_ids))

    async def member(self, asked: GetMemberRequest) -> Again:
        """A stored member beside what it is when calculated now, and its whole projection."""
        batch, spec = await self.get(asked.batch_id)
        if asked.member >= batch.member_count:
            raise DomainError(
                "UNKNOWN_MEMBER",
                [Violation("member", "no such member", str(asked.member), f"0 to {batch.member_count - 1}")],
            )
        stored = await self._ask(self._rows, asked.batch_id, asked.member, 1, False)
        if not stored:
            raise DomainError(
                "UNKNOWN_MEMBER", [Violation("member", "not calculated yet", str(asked.member))]
            )
        check_revision(spec)
        levers = await self._pipeline.calls.levers(spec.frame.region)
        design = await asyncio.to_thread(design_of, spec, levers)
        (drawn,) = await asyncio.to_thread(design.block, asked.member, 1)
        row = await MemberRuns(spec, design, self._pipeline.runs).row(drawn)
        projection = None
        if not asked.without_projection and not row.failure:
            frame = spec.frame.model_copy(update={"weather_year": drawn.weather_year})
            (projection,) = await self._pipeline.project_chunk(frame, (drawn.scenario,), spec.mode)
        digest = "" if row.failure else row.digest
        return Again(
            stored=MemberResult.of(stored[0]),
            digest=digest,
            same=bool(digest) and digest == stored[0].digest,
            scenario=drawn.scenario,
            weather_year=drawn.weather_year,
            projection=projection,
        )

    async def quotas(self) -> Quotas:
        """What the actor may ask for, and has in use."""
        return Quotas(
            most_members=self._limits().most_members,
            most_columns=self.settings.most_columns,
            most_open_batches=self.settings.most_open_batches,
            open_batches=await self._open(),
            most_table_bytes=self.settings.most_table_bytes,
            retention_days=self.settings.retention_days,
            request_id_days=self.settings.request_id_days,
            store_bytes=await self._ask(self.store.size_bytes),
            most_store_bytes=self.settings.most_store_bytes,
            worker_count=self._worker_count,
            classes=class_quotas(),
        )

    async def _ask(self, method: Callable[..., T], *given: Any) -> T:
        return await ask_store(method, *given)

    def _new(self, prepared: Prepared) -> NewBatch:
        text = text_of(prepared.spec)
        head, spec = prepared.head, prepared.spec
        return NewBatch(
            request_id=head.request_id,
            body_digest=prepared.body_digest,
            title=head.title,
            caller=owner_now(),
            region=spec.frame.region,
            launcher=head.launcher or self.settings.launcher,
            spec_text=text,
            spec_digest=digest_of_text(text),
            member_count=spec.member_count,
            column_count=len(spec.columns),
            chunk_size=head.chunk_size or CHUNK_SIZE,
            revision=spec.revision,
            processor=processor_type(),
            scope=scope_now(spec.frame.region),
        )

    def _limits(self) -> BatchSettings:
        """The settings, with what the actor's roles may ask for."""
        if not actor().known:
            return self.settings
        most = min(self.settings.most_members, most_batch_members(actor()))
        return self.settings.model_copy(update={"most_members": most})

    async def _check_open(self) -> None:
        if await self._open() >= self.settings.most_open_batches:
            most = self.settings.most_open_batches
            raise DomainError("QUOTA", [Violation("batches", "too many wait or run", "", f"at most {most}")])

    async def _open(self) -> int:
        states = [s for s in BatchState if s not in ENDED]
        own = Sight(owner=owner_now())
        found = await self._ask(self.store.batches, "", states, self.settings.most_open_batches + 1, "", own)
        return len(found)


def processor_type() -> str:
    """The processor type, as far as the system tells it."""
    return processor() or machine()


def _first_missing(rows: Sequence[Row], first: int) -> int:
    """The first member that is not there."""
    return next((first + k for k, row in enumerate(rows) if row.member != first + k), first + len(rows))


def _paced(
    batch: Batch, seen: "deque[tuple[float, int]]", percentiles: tuple[ColumnPercentiles, ...]
) -> Seen:
    (start, before), (now, done) = seen[0], seen[-1]
    rate = (done - before) / (now - start) if now > start else 0.0
    left = batch.member_count - done
    time_left = left / rate if rate > 0 and batch.state not in ENDED else 0.0
    return Seen(batch, rate, time_left, percentiles, tokens.seen(batch))
