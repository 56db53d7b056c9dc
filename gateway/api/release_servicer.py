"""Messages <-> the desk of releases, nothing else."""

import asyncio
from typing import Any

from sqlalchemy import Connection

from dafeng.common.v1 import common_pb2
from dafeng.release.v1 import release_pb2, release_pb2_grpc
from gateway.api.release_status import tell_status
from gateway.audit.about import about
from gateway.audit.store import AuditStore
from gateway.audit.words import Outcome, Told
from gateway.guard import key_folder
from gateway.jobs.desk import BatchDesk
from gateway.jobs.store.stamps import stamp
from gateway.listing import baselines, regions
from gateway.pipeline import Pipeline
from gateway.release.again import OtherProcess
from gateway.release.content import message_of
from gateway.release.desk import ReleaseDesk
from gateway.release.doors import (
    ExportReleasedRequest,
    GetReleasedRequest,
    GetReleaseRequest,
    ListReleasedRequest,
    ListReleasesRequest,
    ReleaseResultRequest,
    ReviewResultRequest,
    WithdrawResultRequest,
    stripped,
)
from gateway.release.export import exported
from gateway.release.signing import Signer
from gateway.release.store import ReleaseStore
from gateway.release.words import Release
from gateway.settings import ServeSettings
from services.common.door import open_door
from services.common.errors import DomainError
from services.common.words import ReleaseStatus
from services.runtime.convert import to_message, to_plain


def desk_of(pipeline: Pipeline, batches: BatchDesk | None, settings: ServeSettings) -> ReleaseDesk | None:
    """Releases stand in the store of batches; without one nothing is released."""
    if batches is None:
        return None
    database = batches.store.database
    audit = AuditStore(database, settings.audit.algorithm)

    def with_its_entry(connection: Connection, release: Release) -> None:
        step = release.steps[-1]
        told = Told(
            stamp(),
            step.actor,
            f"release.{release.status.value}",
            Outcome.DONE,
            release.release_id,
            release.scope,
        )
        audit.append_in(connection, [told])

    store = ReleaseStore(database, beside=with_its_entry)
    return ReleaseDesk(pipeline, store, Signer(key_folder(settings)), OtherProcess())


class _Servicer:
    def __init__(self, pipeline: Pipeline, batches: BatchDesk | None, settings: ServeSettings) -> None:
        self._pipeline = pipeline
        self._given = desk_of(pipeline, batches, settings)

    @property
    def _desk(self) -> ReleaseDesk:
        if self._given is None:
            raise DomainError("NO_STORE")
        return self._given


class ReleaseServicer(_Servicer, release_pb2_grpc.ReleaseServiceServicer):
    """Answers dafeng.release.v1.ReleaseService."""

    async def SubmitResult(self, request: Any, context: Any) -> Any:
        """Hand in."""
        release = await self._desk.submit(stripped(to_plain(request)))
        return _answer(release, release_pb2.SubmitResultResponse(), context)

    async def ReviewResult(self, request: Any, context: Any) -> Any:
        """Approve or return."""
        asked = open_door(ReviewResultRequest, stripped(to_plain(request)))
        return _answer(await self._desk.review(asked), release_pb2.ReviewResultResponse(), context)

    async def ReleaseResult(self, request: Any, context: Any) -> Any:
        """Release."""
        asked = open_door(ReleaseResultRequest, stripped(to_plain(request)))
        return _answer(await self._desk.release(asked), release_pb2.ReleaseResultResponse(), context)

    async def WithdrawResult(self, request: Any, context: Any) -> Any:
        """Withdraw."""
        asked = open_door(WithdrawResultRequest, stripped(to_plain(request)))
        return _answer(await self._desk.withdraw(asked), release_pb2.WithdrawResultResponse(), context)

    async def GetRelease(self, request: Any, context: Any) -> Any:
        """One release, with the frozen projection when asked for."""
        asked = open_door(GetReleaseRequest, to_plain(request))
        release = await self._desk.get(asked.release_id)
        reply = _answer(release, release_pb2.GetReleaseResponse(), context)
        if asked.with_projection:
            await _fill(reply.projection, self._desk, release)
        return reply

    async def ListReleases(self, request: Any, context: Any) -> Any:
        """Releases that the caller may see."""
        found, token = await self._desk.listed(open_door(ListReleasesRequest, to_plain(request)))
        return _listed(found, release_pb2.ListReleasesResponse(next_page_token=token))


class PublicReleaseServicer(_Servicer, release_pb2_grpc.PublicReleaseServiceServicer):
    """Answers dafeng.release.v1.PublicReleaseService."""

    async def ListReleased(self, request: Any, context: Any) -> Any:
        """Released results."""
        found, token = await self._desk.public_list(open_door(ListReleasedRequest, to_plain(request)))
        tell_status(context, ReleaseStatus.RELEASED)
        reply: Any = release_pb2.ListReleasedResponse(next_page_token=token)
        for entry in regions():
            to_message(entry, reply.regions.add())
        return _listed(found, reply)

    async def GetReleased(self, request: Any, context: Any) -> Any:
        """One released result."""
        asked = open_door(GetReleasedRequest, to_plain(request))
        release = await self._desk.public(asked.release_id)
        reply = _answer(release, release_pb2.GetReleasedResponse(), context)
        await _fill(reply.projection, self._desk, release)
        _name(reply, release.manifest.frame.region)
        return reply

    async def ExportReleased(self, request: Any, context: Any) -> Any:
        """The workbook of a released result."""
        asked = open_door(ExportReleasedRequest, to_plain(request))
        release = await self._desk.public(asked.release_id)
        content = await self._desk.content(release)
        levers = await self._pipeline.calls.levers(release.manifest.frame.region)
        # Writing takes about a second: others are answered meanwhile.
        name, file = await asyncio.to_thread(exported, release, content, levers, asked.language or "zh")
        tell_status(context, release.status)
        return release_pb2.ExportReleasedResponse(file_name=name, content=file)


def _answer(release: Release, reply: Any, context: Any) -> Any:
    """A reply with a release, its state in the trailing metadata."""
    about(release.release_id, release.scope)
    to_message(release, reply.release)
    tell_status(context, release.status)
    return reply


async def _fill(message: Any, desk: ReleaseDesk, release: Release) -> None:
    """The frozen projection, which says what state it is in."""
    message.CopyFrom(await asyncio.to_thread(message_of, await desk.content(release)))
    message.release_status = common_pb2.ReleaseStatus.Value(f"RELEASE_STATUS_{release.status.name}")


def _name(reply: Any, region: str) -> None:
    """The names of a region's places and baselines, while this gateway knows it."""
    for entry in regions():
        if entry.place.place_id == region:
            to_message(entry, reply.regions.add())
            for baseline in baselines(region):
                to_message(baseline, reply.baselines.add())


def _listed(found: tuple[Release, ...], reply: Any) -> Any:
    for release in found:
        message: Any = to_message(release, reply.releases.add())
        message.manifest.ClearField("sources")
        message.manifest.ClearField("targets")
    return reply
