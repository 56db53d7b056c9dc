"""The gate that asks the access table: what is not listed is refused, and so is what the caller may not do there."""

import contextlib
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message

from services.common.access import PUBLIC, may, may_in
from services.common.acting import Actor
from services.common.errors import DomainError, Violation, invalid
from services.runtime.gates import Call

# What each word of the table's `place` means: fields from the request down to the region.
_PATHS: Final = {
    "frame": ("frame", "region"),
    "region": ("region",),
    "spec.frame": ("spec", "frame", "region"),
}


# Holds nothing, so that one serves all calls.
_NOTHING_TO_LEAVE: Final = contextlib.nullcontext()


class AccessGate:
    """Refuses a call whose method is not listed, or that its actor may not do at its place."""

    def __init__(self) -> None:
        self._requests: dict[str, type[Message]] = {}

    def pass_through(self, call: Call) -> AbstractAsyncContextManager[None]:
        """The call, when the table allows it."""
        self.check(call)
        return _NOTHING_TO_LEAVE

    def check(self, call: Call) -> None:
        """DomainError when the table does not allow the call."""
        rule = call.rule
        if rule is None:
            raise DomainError("NOT_ALLOWED", detail=f"{call.method} has no rule")
        if rule.act == PUBLIC:
            return
        if not call.actor.known:
            raise DomainError("UNAUTHENTICATED")
        place = self._place(call, _PATHS[rule.place]) if rule.place else ""
        allowed = may_in(call.actor, rule.act, place) if place else may(call.actor, rule.act)
        if not allowed:
            raise not_allowed(call.actor, rule.act, place)

    def _place(self, call: Call, path: tuple[str, ...]) -> str:
        """The region that a request names; empty when it names none, which is then found wrong or means all."""
        found: Any = self._read(call) if isinstance(call.request, bytes) else call.request
        for name in path:
            found = getattr(found, name, "")
        return found if isinstance(found, str) else ""

    def _read(self, call: Call) -> Message:
        """The message of a call that is passed on unread."""
        cls = self._requests.get(call.method)
        if cls is None:
            service, _, name = call.method.lstrip("/").partition("/")
            method = descriptor_pool.Default().FindServiceByName(service).FindMethodByName(name)
            cls = self._requests[call.method] = message_factory.GetMessageClass(method.input_type)
        try:
            return cls.FromString(call.request)
        except DecodeError:
            raise invalid([Violation("body", f"not a valid {cls.DESCRIPTOR.name}")]) from None


def not_allowed(actor: Actor, act: str, place: str = "") -> DomainError:
    """The refusal of an act; it names what would be needed, and nothing of what is there."""
    where = f" in {place[:60]}" if place else ""
    return DomainError("NOT_ALLOWED", detail=f"{actor.user_id} may not {act}{where}")
