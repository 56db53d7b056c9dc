"""The desk of releases: what every call does, on the pipeline, the store and another process."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dafeng.releases import RELEASE_ID_LENGTH, manifest_id_of
from gateway.jobs.asking import ask_store
from gateway.jobs.desk import processor_type
from gateway.owning import HiddenError
from gateway.pipeline import Pipeline
from gateway.release.again import Recompute
from gateway.release.content import digest_of_content, frozen
from gateway.release.doors import (
    USUAL_PAGE,
    ListReleasedRequest,
    ListReleasesRequest,
    ReleaseResultRequest,
    ReviewResultRequest,
    SubmitDoor,
    WithdrawResultRequest,
)
from gateway.release.manifest import check_complete, check_revision, manifest_of, substance_of, text_of
from gateway.release.rows import ReleaseRow
from gateway.release.signing import Signer
from gateway.release.steps import PUBLIC, TABLE_ACTS, Act, check_author, check_person, moved
from gateway.release.store import ReleaseStore
from gateway.release.words import Release
from gateway.resolve import open_request
from services.common.access import Subject, draft_scope, may
from services.common.acting import Actor, actor
from services.common.errors import DomainError, Violation, invalid
from services.common.words import ReleaseStatus

_SEE: Final = "see_releases"


class ReleaseDesk:
    """Releases of one gateway."""

    def __init__(self, pipeline: Pipeline, store: ReleaseStore, signer: Signer, recompute: Recompute) -> None:
        self._pipeline, self.store, self._signer, self._recompute = pipeline, store, signer, recompute

    # Steps

    async def submit(self, raw: Mapping[str, Any]) -> Release:
        """Calculate, freeze and hand in."""
        who = actor()
        if not may(who, "submit"):
            raise DomainError("NOT_ALLOWED", detail="your roles hand in no results")
        scenarios = {"scenario": raw.get("scenario") or {}}
        frame, (scenario,), asked = await open_request(self._pipeline.calls, raw, scenarios, SubmitDoor)
        if not may(who, "submit", Subject(frame.region)):
            raise DomainError("NOT_ALLOWED", detail=f"{frame.region} is none of your places")
        (projection,) = await self._pipeline.project_chunk(frame, (scenario,), asked.mode)
        content = frozen(projection)
        scope = draft_scope(who, frame.region)
        manifest = manifest_of(
            asked.title, projection, scenario, digest_of_content(content), processor_type(), scope
        )
        check_complete(manifest, projection, [e.sector_id for e in self._pipeline.calls.entries])
        text = text_of(manifest)
        manifest_id = manifest_id_of(text)
        row = ReleaseRow(
            release_id=manifest_id[:RELEASE_ID_LENGTH],
            seq=0,
            manifest_id=manifest_id,
            substance=substance_of(manifest),
            region=frame.region,
            scope=scope,
            manifest=text,
        )
        return await ask_store(self.store.submit, row, content, who, asked.reason)

    async def review(self, asked: ReviewResultRequest) -> Release:
        """Approve, when it comes out the same again; or return."""
        act = Act.APPROVE if asked.approved else Act.RETURN
        release, who = await self._open(asked.release_id, act)
        if act is Act.APPROVE:
            await self._again(release)
        return await ask_store(_take, self.store, release.release_id, act, who, asked.reason)

    async def release(self, asked: ReleaseResultRequest) -> Release:
        """Release, when it comes out the same again: signed, and in place of another one when it is named."""
        release, who = await self._open(asked.release_id, Act.RELEASE)
        if asked.supersedes:
            await self._check_superseded(release, asked.supersedes)
        await self._again(release)
        signature, public_key = self._signer.sign(release.manifest_id)
        given = (release.release_id, who, asked.reason, signature, public_key, asked.supersedes)
        return await ask_store(self.store.release, *given)

    async def withdraw(self, asked: WithdrawResultRequest) -> Release:
        """Withdraw: it stays retrievable, with the reason."""
        release, who = await self._open(asked.release_id, Act.WITHDRAW)
        return await ask_store(_take, self.store, release.release_id, Act.WITHDRAW, who, asked.reason)

    # What may be seen

    async def get(self, release_id: str) -> Release:
        """A release that the caller may see. DomainError(UNKNOWN_RELEASE)."""
        release: Release = await ask_store(self.store.get, release_id)
        if not _seen(actor(), release):
            raise HiddenError("UNKNOWN_RELEASE", detail=release_id)
        return release

    async def content(self, release: Release) -> bytes:
        """The frozen bytes of a release that was found."""
        return await ask_store(self.store.content, release.manifest.content_digest)

    async def listed(self, asked: ListReleasesRequest) -> tuple[tuple[Release, ...], str]:
        """A page of the releases that the caller may see, and the token of the next."""
        who = actor()
        size = asked.page_size or USUAL_PAGE
        if asked.page_token:
            await self.get(asked.page_token)  # a token names a release that the caller may see
        return await self._page(asked.region, asked.states, size, asked.page_token, lambda r: _seen(who, r))

    async def public(self, release_id: str) -> Release:
        """A release as anybody may see it. DomainError(UNKNOWN_RELEASE)."""
        release: Release = await ask_store(self.store.get, release_id)
        if release.status not in PUBLIC:
            raise HiddenError("UNKNOWN_RELEASE", detail=release_id)
        return without_people(release)

    async def public_list(self, asked: ListReleasedRequest) -> tuple[tuple[Release, ...], str]:
        """A page of released results, and the token of the next."""
        if asked.page_token:
            await self.public(asked.page_token)
        states = PUBLIC if asked.with_past else (ReleaseStatus.RELEASED,)
        size = asked.page_size or USUAL_PAGE
        found, token = await self._page(asked.region, states, size, asked.page_token, lambda _: True)
        return tuple(map(without_people, found)), token

    async def _page(
        self, region: str, states: Sequence[ReleaseStatus], size: int, after: str, seen: Any
    ) -> tuple[tuple[Release, ...], str]:
        found: list[Release] = []
        while len(found) <= size:
            page = await ask_store(self.store.page, region, states, size + 1, after)
            found += [r for r in page if seen(r)]
            if len(page) <= size:
                break
            after = page[-1].release_id
        return tuple(found[:size]), found[size - 1].release_id if len(found) > size else ""

    async def _open(self, release_id: str, act: Act) -> tuple[Release, Actor]:
        """A release and who asks, when they may do this to it as it stands."""
        who = actor()
        release = await self.get(release_id)
        if not may(who, TABLE_ACTS[act], Subject(release.scope, release.author)):
            raise DomainError(
                "NOT_ALLOWED", detail=f"your roles do not {act.value} results of {release.scope}"
            )
        check_person(act, who, await ask_store(self.store.rounds, release_id))
        moved(release.status, act)
        check_author(act, release.author)
        return release, who

    async def _check_superseded(self, release: Release, supersedes: str) -> None:
        old, _ = await self._open(supersedes, Act.SUPERSEDE)
        if old.release_id == release.release_id or old.manifest.frame.region != release.manifest.frame.region:
            text = "a result supersedes another one of the same region"
            raise invalid([Violation("supersedes", text, supersedes)])

    async def _again(self, release: Release) -> None:
        """DomainError unless what is stored is whole, and comes out the same in another process."""
        check_revision(release.manifest)
        await self.content(release)
        await self._recompute.check(release.manifest)


def without_people(release: Release) -> Release:
    """A release as the public sees it: from its release on, without anybody's id."""
    steps = tuple(replace(s, actor="") for s in release.steps if s.status in PUBLIC)
    return replace(release, steps=steps)


def _take(store: ReleaseStore, release_id: str, act: Act, who: Actor, reason: str) -> Release:
    return store.take(release_id, act, who, reason)


def _seen(who: Actor, release: Release) -> bool:
    return may(who, _SEE, Subject(release.scope, release.author))
