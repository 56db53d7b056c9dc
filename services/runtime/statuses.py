"""Errors on the wire: DomainError <-> google.rpc.Status with BadRequest violations and an ErrorInfo reason."""

from functools import lru_cache
from typing import Any, Final

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

from services.common.errors import REASONS, DomainError, Violation
from services.common.errors_zh import chinese_of
from services.runtime.address import MAX_STATUS_BYTES

DOMAIN: Final = "dafeng"
CHINESE: Final = "zh-CN"
STATUS_KEY: Final = "grpc-status-details-bin"
CODES: Final[dict[str, grpc.StatusCode]] = {code.name: code for code in grpc.StatusCode}
# A caller whose channel takes larger statuses says how large in the metadata of its request, bytes.
ROOM_KEY: Final = "dafeng-status-bytes"
# A channel without options refuses a status above 8 KiB, text and headers included.
PLAIN_ROOM_BYTES: Final = 7 * 1024
MOST_MESSAGE_CHARACTERS: Final = 2000
# In ErrorInfo.metadata: the same time as in RetryInfo, for callers that read only that.
RETRY_KEY: Final = "retry_after_ms"
# Tag and length of an entry in a list of messages, at most.
_FRAME_BYTES: Final = 6


def status_room(metadata: Any) -> int:
    """Bytes of status that a caller takes, by the metadata of its request."""
    for key, value in metadata or ():
        if key == ROOM_KEY and str(value).isdigit():
            return min(int(value), MAX_STATUS_BYTES)
    return PLAIN_ROOM_BYTES


def status_of(error: DomainError, room_bytes: int = MAX_STATUS_BYTES) -> status_pb2.Status:
    """The rich status of a domain error; violations beyond the room are counted in the last one."""
    reason = REASONS[error.reason]
    text = f"{error} / {reason.zh}. {reason.mend}"[:MOST_MESSAGE_CHARACTERS]
    text_room = room_bytes // 3
    status = status_pb2.Status(code=code_pb2.Code.Value(reason.code), message=_cut(text, text_room))
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata={"mend": reason.mend})
    details: list[Any] = [info]
    if error.retry_after_s is not None:
        milliseconds = max(1, round(error.retry_after_s * 1e3))
        info.metadata[RETRY_KEY] = str(milliseconds)
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(milliseconds)
        details.append(retry)
    if error.violations:
        details.append(_bad_request(error, room_bytes - text_room))
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    return status


@lru_cache(maxsize=256)
def plain_status(reason: str, detail: str, retry_ms: int) -> tuple[bytes, str]:
    """The status of an error without violations, serialised, and its message: a flood of refusals has few of them."""
    error = DomainError(reason, detail=detail, retry_after_s=retry_ms / 1e3 if retry_ms else None)
    status = status_of(error, PLAIN_ROOM_BYTES)
    return status.SerializeToString(), status.message


def _cut(text: str, room_bytes: int) -> str:
    """As much of a text as fits: it is sent twice, as it is and with every byte beyond ASCII written as three."""
    for at, character in enumerate(text):
        size = len(character.encode())
        room_bytes -= 2 if size == 1 else 4 * size
        if room_bytes < 0:
            return text[:at]
    return text


def _bad_request(error: DomainError, room_bytes: int) -> error_details_pb2.BadRequest:
    bad = error_details_pb2.BadRequest()
    for count, v in enumerate(error.violations):
        item = _field_violation(v, error.reason)
        room_bytes -= item.ByteSize() + _FRAME_BYTES
        if room_bytes < 0 and count:
            left = len(error.violations) - count
            text = f"{left} more violations have no room; metadata {ROOM_KEY} of the request makes room"
            bad.field_violations.add(field=v.field, description=text, reason=error.reason)
            break
        bad.field_violations.append(item)
    return bad


def _field_violation(violation: Violation, reason: str) -> error_details_pb2.BadRequest.FieldViolation:
    """English is the description; the Chinese text, where there is one, is the localized message."""
    text = _description(violation)
    item = error_details_pb2.BadRequest.FieldViolation(field=violation.field, description=text, reason=reason)
    if chinese := chinese_of(text):
        item.localized_message.locale = CHINESE
        item.localized_message.message = chinese
    return item


def domain_error_of(status: status_pb2.Status) -> DomainError | None:
    """The domain error that a service sent, or None when the status is not one of ours."""
    reason = ""
    violations: list[Violation] = []
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(info) and info.domain == DOMAIN:
            reason = info.reason
        elif detail.Unpack(bad):
            violations += [Violation(v.field, v.description) for v in bad.field_violations]
    if reason not in REASONS:
        return None
    return DomainError(reason, violations, retry_after_s=retry_after_s(status))


def retry_after_s(status: status_pb2.Status) -> float | None:
    """Seconds after which a service says that repeating makes sense, or None."""
    for detail in status.details:
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(retry):
            return float(retry.retry_delay.ToMilliseconds()) / 1e3
    return None


def status_of_rpc_error(error: grpc.aio.AioRpcError | grpc.RpcError) -> status_pb2.Status | None:
    """The rich status in a call's trailing metadata, or None."""
    metadata: Any = error.trailing_metadata() or ()
    for key, value in metadata:
        if key == STATUS_KEY:
            return status_pb2.Status.FromString(value)
    return None


def _description(violation: Violation) -> str:
    given = f" (given: {violation.given})" if violation.given else ""
    allowed = f"; allowed: {violation.allowed}" if violation.allowed else ""
    return f"{violation.description}{given}{allowed}"
