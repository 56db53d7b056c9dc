"""Every error a caller can meet: one table of reasons, and the exception that carries them.

The reason decides the gRPC code (and with it the HTTP status) and the texts; see `REASONS`.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final


@dataclass(frozen=True)
class Reason:
    """How one kind of error is told: canonical code, texts, and how to mend it."""

    code: str
    zh: str
    en: str
    mend: str


REASONS: Final[dict[str, Reason]] = {
    "INVALID_INPUT": Reason(
        "INVALID_ARGUMENT", "输入不合法", "The input is not valid", "Correct the fields listed."
    ),
    "UNKNOWN_REGION": Reason(
        "INVALID_ARGUMENT", "没有该地区", "No such region", "Choose one of the regions listed."
    ),
    "SHAPE_UNKNOWN": Reason(
        "FAILED_PRECONDITION",
        "负荷曲线未知",
        "A load shape is not known here",
        "Put the shapes listed, then repeat the call.",
    ),
    "NOT_READY": Reason("UNAVAILABLE", "服务未就绪", "A service is not ready", "Wait, then repeat the call."),
    "REQUEST_ID_REUSED": Reason(
        "ALREADY_EXISTS",
        "请求编号已用于另一内容",
        "The request id was used with another body",
        "Take a new request_id, or repeat the first body.",
    ),
    "UNKNOWN_BATCH": Reason("NOT_FOUND", "没有该批次", "No such batch", "Choose one that ListBatches lists."),
    "UNKNOWN_MEMBER": Reason(
        "NOT_FOUND", "没有该成员", "No such member, or not calculated yet", "Choose a member that is done."
    ),
    "BATCH_OPEN": Reason(
        "FAILED_PRECONDITION", "批次尚未完成", "The batch has not ended", "Wait until it has ended."
    ),
    "REVISION_DIFFERS": Reason(
        "FAILED_PRECONDITION",
        "模型或数据版本不同",
        "Model or data are of another version",
        "Run it with the version it was accepted with, or create it anew.",
    ),
    "NO_STORE": Reason(
        "FAILED_PRECONDITION",
        "本服务未启用存储",
        "This gateway keeps neither batches nor scenarios",
        "Start it with a store: dafeng serve --store default, or [batches] store in its settings.",
    ),
    "UNKNOWN_SCENARIO": Reason(
        "NOT_FOUND", "没有保存该情景", "No such scenario is kept", "Choose one that ListSavedScenarios lists."
    ),
    "SCENARIO_DELETED": Reason(
        "NOT_FOUND", "该情景已删除", "The scenario was deleted", "Save it again to bring it back."
    ),
    "QUOTA": Reason(
        "RESOURCE_EXHAUSTED",
        "超出配额",
        "A quota is used up",
        "Wait for open batches, delete kept scenarios, or ask for less.",
    ),
    "STORE_FULL": Reason(
        "RESOURCE_EXHAUSTED", "存储已满", "The store is full", "Make room; batches then go on by themselves."
    ),
    "STORE_DAMAGED": Reason(
        "DATA_LOSS", "存储已损坏", "The store is damaged", "Have the operator repair it from a backup."
    ),
    "UNAUTHENTICATED": Reason(
        "UNAUTHENTICATED",
        "未登录或凭证无效",
        "Not signed in, or the token is not valid",
        "Sign in, or send a valid token as `authorization: Bearer ...`.",
    ),
    "NOT_ALLOWED": Reason(
        "PERMISSION_DENIED",
        "没有权限",
        "Not allowed",
        "Ask for the role or the place, or have somebody do it who has them.",
    ),
    "CAPACITY": Reason(
        "RESOURCE_EXHAUSTED",
        "服务繁忙",
        "The service is busy",
        "Repeat after the time in google.rpc.RetryInfo (HTTP: Retry-After).",
    ),
    "NO_TIME": Reason(
        "DEADLINE_EXCEEDED",
        "时限不足",
        "Too little time is left for this call",
        "Allow more time, or ask for less.",
    ),
    "AUDIT_AWAY": Reason(
        "UNAVAILABLE",
        "审计日志不可写，拒绝变更",
        "The audit log cannot be written, so nothing is changed",
        "Have the operator mend the store, then repeat.",
    ),
    "UNKNOWN_RELEASE": Reason(
        "NOT_FOUND", "没有该发布件", "No such release", "Choose one that is listed for you."
    ),
    "RELEASE_STATE": Reason(
        "FAILED_PRECONDITION",
        "当前状态不允许该操作",
        "Its state does not allow this step",
        "Steps are: submit, review, release, then supersede or withdraw.",
    ),
    "SAME_PERSON": Reason(
        "PERMISSION_DENIED",
        "编制、审核、发布须由不同人员完成",
        "Author, reviewer and releaser must be different people",
        "Have another authorised person do it.",
    ),
    "NOT_REPRODUCED": Reason(
        "FAILED_PRECONDITION",
        "重算结果与存档不一致",
        "Calculated again, the result is not what was handed in",
        "Submit it anew with this version of model and data.",
    ),
    "BALANCE": Reason(
        "INTERNAL", "平衡校验失败", "A balance does not close", "Report the id to the operator."
    ),
}


@dataclass(frozen=True)
class Violation:
    """One thing wrong with the input: the field, what was given, what is allowed, how to mend it."""

    field: str
    description: str
    given: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        given = f" (given: {self.given})" if self.given else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{self.field}: {self.description}{given}{allowed}"


class DomainError(Exception):
    """An error the caller can understand; `reason` is a key of `REASONS`.

    Raised with all violations at once, never one after another. `retry_after_s`: after how many seconds repeating
    makes sense; None where nobody can say.
    """

    def __init__(
        self,
        reason: str,
        violations: Iterable[Violation] = (),
        detail: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        self.reason = reason
        self.violations = tuple(violations)
        self.detail = detail
        self.retry_after_s = retry_after_s
        text = "; ".join(str(v) for v in self.violations) or detail
        super().__init__(f"{REASONS[reason].en}: {text}" if text else REASONS[reason].en)


def invalid(violations: Iterable[Violation]) -> DomainError:
    """INVALID_INPUT with all its violations."""
    return DomainError("INVALID_INPUT", violations)


# Looking for near names takes milliseconds: enough for a person's slips, no lever for a request of thousands.
MOST_HINTS: Final = 20
_hints_left: ContextVar[list[int] | None] = ContextVar("hints_left", default=None)


def hints_of_a_call() -> None:
    """From here on, in this call, no more than MOST_HINTS unknown names are told with near ones."""
    _hints_left.set([MOST_HINTS])


def near_names(given: str, known: Iterable[str]) -> str:
    """', did you mean a, b?' for a misspelt id, else ''; '' when the call has had its hints."""
    left = _hints_left.get()
    if left is not None:
        if not left[0]:
            return ""
        left[0] -= 1
    near = get_close_matches(given, list(known), n=3, cutoff=0.6)
    return f"; did you mean {', '.join(near)}?" if near else ""
