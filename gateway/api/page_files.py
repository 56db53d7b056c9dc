"""The page's files: compressed beforehand, kept by browsers for as long as their names hold."""

import os
import re
from collections.abc import Mapping
from mimetypes import guess_type
from os import PathLike
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from gateway.api.codings import accepts

# Endings of files compressed beforehand, the smallest first, and what they are called on the wire.
_SIBLINGS: Final = ((".br", "br"), (".gz", "gzip"))
# Names with a hash of what the file holds: another content has another name.
_HASHED_FOLDER: Final = "assets"
_HASHED: Final = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_FIRST: Final = "no-cache"
# What the system's own table of types may lack.
_TYPES: Final[Mapping[str, str]] = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".html": "text/html",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


class PageFiles(StaticFiles):
    """Static files whose compressed siblings (`name.br`, `name.gz`) are sent to those who take them."""

    def file_response(
        self,
        full_path: PathLike[str] | str,
        stat_result: os.stat_result,
        scope: Any,
        status_code: int = 200,
    ) -> Response:
        """The file or its smallest sibling, or that nothing has changed."""
        path, asked = Path(full_path), Headers(scope=scope)
        headers = {"cache-control": _cache_control(path), "vary": "Accept-Encoding"}
        sent = path
        for ending, coding in _SIBLINGS:
            sibling = path.with_name(path.name + ending)
            if accepts(asked.get("accept-encoding", ""), coding) and sibling.is_file():
                sent, stat_result = sibling, sibling.stat()
                headers["content-encoding"] = coding
                break
        response = FileResponse(
            sent, status_code, headers, media_type=_media_type(path), stat_result=stat_result
        )
        if self.is_not_modified(response.headers, asked):
            return NotModifiedResponse(response.headers)
        return response


def _cache_control(path: Path) -> str:
    """Hashed names are kept for a year and never asked for again; all others are asked for each time."""
    hashed = path.parent.name == _HASHED_FOLDER and _HASHED.search(path.name)
    return _FOREVER if hashed else _ASK_FIRST


def _media_type(path: Path) -> str:
    return _TYPES.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream"
