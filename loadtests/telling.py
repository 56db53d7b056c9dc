"""How a call ended, in three words: ok, refused (there was no room, and that was said), or failed."""

from typing import Any, Final

import grpc
from google.rpc import error_details_pb2, status_pb2

from loadtests.records import FAILED, OK, REFUSED

# Reasons of the services' own that say: not now.
ROOM_REASONS: Final = frozenset({"CAPACITY", "NO_TIME"})
_STATUS_KEY: Final = "grpc-status-details-bin"


def of_error(error: grpc.RpcError) -> tuple[str, str]:
    """Outcome and reason of a call that a service did not answer."""
    call: Any = error
    reason = _reason(call.trailing_metadata() or ())
    if reason in ROOM_REASONS or call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return REFUSED, reason or "RESOURCE_EXHAUSTED"
    return FAILED, f"{call.code().name}: {reason or (call.details() or '')[:80]}"


def of_http(status: int, body: str) -> tuple[str, str]:
    """Outcome and reason of an HTTP reply; 0 where there was none."""
    if 200 <= status < 400:
        return OK, ""
    named = next((r for r in ROOM_REASONS if f'"{r}"' in body), "")
    if status == 429 or named:
        return REFUSED, named or "HTTP 429"
    return FAILED, f"HTTP {status}: {body[:80]}" if status else f"no reply: {body[:80]}"


def _reason(metadata: Any) -> str:
    for key, value in metadata:
        if key == _STATUS_KEY:
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return str(info.reason)
    return ""
