"""What every call passes on its way in: gates, in order; each may refuse, and each sees how the call ended."""

import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from services.common.access import Rule, rule_of
from services.common.acting import NOBODY, Actor

# Metadata of a request, and of replies: one id from the first door to the last service.
REQUEST_ID_KEY: Final = "dafeng-request-id"
# Which queue a call of ours waits in at the next service; only a caller with the role of a service is believed.
CLASS_KEY: Final = "dafeng-class"
RELEASE_STATUS_KEY: Final = "dafeng-release-status"
# Metadata of replies: the class of the call, how many of it are computed at a time, are under way, wait, and may wait:
# "interactive=4;in-flight=2;waiting=0;room=4". GetQuotas of dafeng.batch.v1.BatchService tells more.
QUOTA_KEY: Final = "dafeng-quota"


@dataclass
class Call:
    """One call under way. `request` is a message, bytes where calls are passed on unread, None for a stream of them."""

    method: str
    context: Any
    request: Any = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""
    actor: Actor = NOBODY
    rule: Rule | None = None
    outcome: str = "ok"
    trailing: list[tuple[str, str]] = field(default_factory=list)
    """What gates add to the trailing metadata of the reply."""
    look_again: Callable[[], None] = lambda: None
    """DomainError when the caller of a stream under way is not let in any more; the gate of identity sets it."""

    @classmethod
    def of(cls, method: str, context: Any, request: Any) -> "Call":
        """A call as it comes in; a request id that a caller gave is kept when it is short and printable."""
        metadata = dict(context.invocation_metadata() or ())
        given = metadata.get(REQUEST_ID_KEY, "")
        # No secret, so no system call: under load that would cost the interpreter's lock, and a wait to get it back.
        sound = isinstance(given, str) and 0 < len(given) <= 64 and given.isascii() and given.isprintable()
        request_id = given if sound else f"{random.getrandbits(64):016x}"
        return cls(method, context, request, metadata, request_id, NOBODY, rule_of(method))


class Gate(Protocol):
    """One gate. DomainError on entering refuses the call; leaving, it sees `call.outcome`."""

    def pass_through(self, call: Call) -> AbstractAsyncContextManager[None]:
        """The call inside this gate."""


class Room(Protocol):
    """Tells whether a call would be let in, before anything is done for it."""

    def check(self, call: Call) -> None:
        """DomainError when it would be refused now; nothing is held."""


class Sharing(Protocol):
    """Computes identical calls under way once."""

    async def answer(
        self, call: Call, compute: Callable[[], Awaitable[Any]], room: Room | None = None
    ) -> Any:
        """The reply of the call, or of the one that it is identical to. A run is begun where there is room for it."""


@dataclass(frozen=True)
class Gates:
    """The gates of one server: `outer` see every call, `inner` only those that are computed (not shared answers)."""

    outer: tuple[Gate, ...] = ()
    sharing: Sharing | None = None
    inner: tuple[Gate, ...] = ()
    room: Room | None = None
    """Asked before a shared run is begun, so that a refusal costs no task: the gate of admission, as a rule."""

    async def answer(self, call: Call, compute: Callable[[], Awaitable[Any]]) -> Any:
        """A reply, shared where the call's rule says so."""
        if self.sharing is None or call.rule is None or not call.rule.shared:
            return await compute()
        return await self.sharing.answer(call, compute, self.room)
