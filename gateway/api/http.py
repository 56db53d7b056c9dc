"""The HTTP door: the page, the generic JSON route, the API's description, health."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import grpc
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gateway.api.connect import ConnectRoute
from gateway.api.openapi import API_CSS, api_page, openapi
from gateway.api.page_files import PageFiles

DIST: Final = Path(__file__).resolve().parents[1] / "web" / "dist"
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
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


def make_app(channels: Mapping[str, grpc.aio.Channel], page: Path = DIST) -> FastAPI:
    """The ASGI application in front of the services' channels (by full service name), with the page's files."""
    route = ConnectRoute(channels)
    app = FastAPI(title="Dafeng", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=4096, compresslevel=4)

    app.add_middleware(_Headers)

    async def openapi_json(_: Request) -> Response:
        return JSONResponse(openapi(route.service_names))

    async def api(_: Request) -> Response:
        return HTMLResponse(api_page(route.service_names))

    async def api_css(_: Request) -> Response:
        return Response(API_CSS, media_type="text/css")

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "serving"})

    app.router.routes += [
        Route("/healthz", health),
        Route("/openapi.json", openapi_json),
        Route("/api", api),
        Route("/api/api.css", api_css),
        Route("/{service}/{method}", route.__call__, methods=["POST"]),
    ]
    if page.is_dir():
        app.mount("/", PageFiles(directory=page, html=True), name="page")
    return app
