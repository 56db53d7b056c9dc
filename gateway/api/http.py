"""The HTTP door: the page, the generic JSON route, the API's description, health."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import grpc
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gateway.api.connect import STATUS_HEADER, ConnectRoute
from gateway.api.http_door import Door, Doorkeeper
from gateway.api.openapi import API_CSS, api_page, openapi
from gateway.api.page_files import PageFiles
from gateway.api.released_files import SERVICE as PUBLIC_RELEASES
from gateway.api.released_files import ReleasedFiles
from gateway.api.sign_in import SignIn
from services.common.words import ReleaseStatus
from services.runtime.telemetry import tracing

DIST: Final = Path(__file__).resolve().parents[1] / "web" / "dist"
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # What no reply says otherwise: not released, and kept by nobody.
    STATUS_HEADER: ReleaseStatus.INTERNAL.value,
    "Cache-Control": "no-store",
}


class _Headers:
    """Adds the headers to every reply. Plain ASGI, so that a caller who leaves a stream is noticed behind it."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class _Traced:
    """One span around a method that is asked for over HTTP; a caller's own trace goes on."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not tracing.on or scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        with tracing.request_span("HTTP POST", Headers(scope=scope).get(tracing.TRACEPARENT)):
            await self._app(scope, receive, send)


def make_app(
    channels: Mapping[str, grpc.aio.Channel],
    page: Path = DIST,
    door: Door | None = None,
    ready: Callable[[], bool] = lambda: True,
) -> FastAPI:
    """The ASGI application in front of the services' channels (by full service name), with the page's files.

    Without a `door` it asks nobody who they are, and what is called must do so. `ready`: whether calls may come.
    """
    route = ConnectRoute(channels)
    app = FastAPI(title="Dafeng", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=4096, compresslevel=4)

    if door is not None:
        app.add_middleware(Doorkeeper, door=door)
        app.router.routes += SignIn(door).routes()
    app.add_middleware(_Headers)
    app.add_middleware(_Traced)

    async def openapi_json(_: Request) -> Response:
        return JSONResponse(openapi(route.service_names))

    async def api(_: Request) -> Response:
        return HTMLResponse(api_page(route.service_names))

    async def api_css(_: Request) -> Response:
        return Response(API_CSS, media_type="text/css")

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "serving"})

    async def readiness(_: Request) -> Response:
        well = ready()
        return JSONResponse({"status": "ready" if well else "not ready"}, 200 if well else 503)

    app.router.routes += [
        Route("/healthz", health),
        Route("/livez", health),
        Route("/readyz", readiness),
        Route("/openapi.json", openapi_json),
        Route("/api", api),
        Route("/api/api.css", api_css),
        Route("/{service}/{method}", route.__call__, methods=["POST"]),
    ]
    if PUBLIC_RELEASES in channels:
        app.router.routes += ReleasedFiles(channels[PUBLIC_RELEASES]).routes()
    if page.is_dir():
        app.mount("/", PageFiles(directory=page, html=True), name="page")
    return app
