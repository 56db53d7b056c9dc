"""Errors on the wire: DomainError <-> google.rpc.Status with BadRequest violations and an ErrorInfo reason."""

from typing import Any, Final

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

from services.common.errors import REASONS, DomainError, Violation

DOMAIN: Final = "dafeng"
STATUS_KEY: Final = "grpc-status-details-bin"
CODES: Final[dict[str, grpc.StatusCode]] = {code.name: code for code in grpc.StatusCode}


def status_of(error: DomainError) -> status_pb2.Status:
    """The rich status of a domain error."""
    reason = REASONS[error.reason]
    status = status_pb2.Status(
        code=code_pb2.Code.Value(reason.code), message=f"{error} / {reason.zh}. {reason.mend}"[:2000]
    )
    details: list[Any] = [
        error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata={"mend": reason.mend})
    ]
    if error.violations:
        bad = error_details_pb2.BadRequest()
        for v in error.violations:
            bad.field_violations.add(field=v.field, description=_description(v), reason=error.reason)
        details.append(bad)
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    return status


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
    return DomainError(reason, violations) if reason in REASONS else None


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
