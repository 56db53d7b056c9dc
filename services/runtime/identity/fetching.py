"""Documents of an issuer over HTTP: bounded in time and size, no redirects."""

import json
from collections.abc import Mapping
from typing import Any, Final

import httpx2

from services.common.errors import DomainError

_SECONDS: Final = 5.0
_MOST_BYTES: Final = 1024 * 1024


async def fetch_json(url: str) -> Mapping[str, Any]:
    """A JSON object. NOT_READY when it cannot be had."""
    try:
        async with (
            httpx2.AsyncClient(timeout=_SECONDS, follow_redirects=False) as client,
            client.stream("GET", url) as reply,
        ):
            reply.raise_for_status()
            raw = bytearray()
            async for chunk in reply.aiter_bytes():
                raw += chunk
                if len(raw) > _MOST_BYTES:
                    raise ValueError("the document is too large")
        found = json.loads(bytes(raw))
        if not isinstance(found, dict):
            raise ValueError("not a JSON object")
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise DomainError(
            "NOT_READY", detail=f"the issuer's {url}: {str(error) or type(error).__name__}"
        ) from None
    return found
