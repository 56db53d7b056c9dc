"""Released results as files that anybody may fetch: /released/<id>.json, .xlsx, .csv; and the key that proves them."""

import asyncio
import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import grpc
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dafeng.common.v1 import common_pb2
from dafeng.release.v1 import release_pb2, release_pb2_grpc
from dafeng.releases import RELEASE_ID_LENGTH
from gateway.api.connect import DEADLINE_SECONDS, ROOMY, STATUS_HEADER, error_reply, rpc_error_reply
from gateway.api.http_door import KEY_FOLDER_KEY
from gateway.api.json_replies import JSON
from gateway.csv_text import plain_text
from gateway.release.signing import public_half, public_pem
from gateway.report.workbook.export import MEDIA_TYPE
from services.common.errors import DomainError
from services.common.words import ReleaseStatus
from services.runtime.json_writer import to_json

SERVICE: Final = "dafeng.release.v1.PublicReleaseService"
# What was released may be superseded or withdrawn at any time: others keep it for a minute, the rest not at all.
_KEPT: Final = "public, max-age=60"
_KEPT_BY_NOBODY: Final = "no-store"
_PEM: Final = "application/x-pem-file"
_ID: Final = re.compile(rf"[0-9a-f]{{{RELEASE_ID_LENGTH}}}")
_PREFIX: Final = "RELEASE_STATUS_"
_WORDS: Final = {
    ReleaseStatus.RELEASED: "released 已发布",
    ReleaseStatus.SUPERSEDED: "superseded 已被替代，不再有效",
    ReleaseStatus.WITHDRAWN: "withdrawn 已撤回，不再有效",
}


def cache_control(status: str) -> str:
    """Who may keep a reply with this release status, and for how long."""
    return _KEPT if status == ReleaseStatus.RELEASED else _KEPT_BY_NOBODY


class ReleasedFiles:
    """Answers GET /released/<id>.<ending> by the public service; leads /released/<id> to the page that shows it."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub: Any = release_pb2_grpc.PublicReleaseServiceStub(channel)
        self._public_key = b""

    def routes(self) -> list[Route]:
        """Its routes; the first that fits counts."""
        return [
            Route("/released/public-key.pem", self._key),
            Route("/released/{release_id:str}.{ending:str}", self),
            Route("/released/{release_id:str}", _to_page),
        ]

    async def _key(self, request: Request) -> Response:
        """The public half of the key that signs releases; the public hears nothing of files and folders."""
        if not self._public_key:
            try:
                half = await asyncio.to_thread(public_half, request.scope[KEY_FOLDER_KEY])
            except (DomainError, KeyError):
                return error_reply("NOT_FOUND", "no key here: nothing was released yet, or it cannot be read")
            self._public_key = public_pem(half)
        headers = {STATUS_HEADER: ReleaseStatus.RELEASED.value, "Cache-Control": _KEPT}
        return Response(self._public_key, media_type=_PEM, headers=headers)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One file, or the error that the service told."""
        request = Request(scope, receive)
        release_id, ending = request.path_params["release_id"], request.path_params["ending"]
        make = {"json": self._json, "csv": self._csv, "xlsx": self._xlsx}.get(ending)
        try:
            reply = (
                error_reply("NOT_FOUND", "json, csv or xlsx")
                if make is None
                else await make(request, release_id)
            )
        except grpc.aio.AioRpcError as error:
            reply = rpc_error_reply(error)
        await reply(scope, receive, send)

    async def _json(self, _: Request, release_id: str) -> Response:
        found = await self._found(release_id)
        return _file(to_json(found), JSON, found.release, "json")

    async def _csv(self, _: Request, release_id: str) -> Response:
        found = await self._found(release_id)
        text = io.StringIO()
        text.write("\ufeff")  # so that spreadsheets read UTF-8
        csv.writer(text).writerows(_rows(found))
        return _file(text.getvalue().encode(), "text/csv; charset=utf-8", found.release, "csv")

    async def _xlsx(self, request: Request, release_id: str) -> Response:
        language = "en" if request.query_params.get("language") == "en" else "zh"
        asked = release_pb2.ExportReleasedRequest(release_id=release_id, language=language)
        # The state is told with the release; the workbook says it on every sheet.
        found = await self._found(release_id)
        file = await self._stub.ExportReleased(asked, timeout=DEADLINE_SECONDS, metadata=ROOMY)
        return _file(file.content, MEDIA_TYPE, found.release, "xlsx")

    async def _found(self, release_id: str) -> Any:
        asked = release_pb2.GetReleasedRequest(release_id=release_id)
        return await self._stub.GetReleased(asked, timeout=DEADLINE_SECONDS, metadata=ROOMY)


async def _to_page(request: Request) -> Response:
    """To where the page shows a release; whether there is one, the page finds out."""
    release_id = request.path_params["release_id"]
    if not _ID.fullmatch(release_id):
        text = f"{release_id[:100]!r} is no release id ({RELEASE_ID_LENGTH} of 0-9, a-f)"
        return error_reply("NOT_FOUND", text)
    return RedirectResponse(f"/released/#/{release_id}", 307)


def _file(content: bytes, media_type: str, release: Any, ending: str) -> Response:
    status = _status(release)
    name = f"dafeng_{release.manifest.frame.region}_{status.value}_{release.release_id}.{ending}"
    headers = {
        STATUS_HEADER: status.value,
        "Cache-Control": cache_control(status.value),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(content, media_type=media_type, headers=headers)


def _status(release: Any) -> ReleaseStatus:
    return ReleaseStatus(common_pb2.ReleaseStatus.Name(release.status).removeprefix(_PREFIX).lower())


def _rows(found: Any) -> Iterator[Sequence[object]]:
    """State, ids and headline as remarks; then every metric of the region and its cities, years in columns."""
    release, projection = found.release, found.projection
    manifest, years = release.manifest, list(projection.years)
    yield f"# {_WORDS[_status(release)]}", release.manifest_id
    yield "# title", plain_text(manifest.title)
    if release.superseded_by:
        yield "# superseded by", release.superseded_by
    if release.steps:
        yield "# since", release.steps[-1].at, plain_text(release.steps[-1].reason)
    yield "# model, data", manifest.revision.model_version, manifest.revision.data_revision
    yield "# result, signature, public key", manifest.result_digest, release.signature, release.public_key
    yield "# carbon peak", manifest.carbon_peak_year, f"{manifest.carbon_peak_tco2!r} tCO2"
    yield "metric", "name_zh", "name_en", "unit", "place", *years
    region = projection.frame.region
    for series in projection.metrics:
        row = series.metric
        head = (row.metric_id, row.label.zh, row.label.en, row.unit)
        yield *head, region, *map(repr, series.region_values)
        width = len(years)
        for at, city in enumerate(projection.places) if series.place_values else ():
            values = itertools.islice(series.place_values, at * width, (at + 1) * width)
            yield *head, city, *map(repr, values)
