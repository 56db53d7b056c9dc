"""Two gates: in front of all others refusals are told; behind them a change begins only when that is on disk."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from typing import Any, Final

from gateway.audit.about import About, begin, end
from gateway.audit.groups import CAPACITY, IDENTITY
from gateway.audit.log import AuditLog
from gateway.audit.words import Outcome, Told
from gateway.jobs.store.stamps import stamp
from gateway.owning import HiddenError
from services.common.acting import actor
from services.common.errors import DomainError
from services.runtime.gates import Call

REFUSALS: Final = IDENTITY | CAPACITY
CALLER_LEFT: Final = "CALLER_LEFT"
"""The caller left before the end; what was accepted by then stands."""
ADDRESS_KEY: Final = "dafeng-caller-address"
_MOST_TEXT: Final = 200
_IDS: Final = ("batch_id", "scenario_id", "release_id", "request_id")
_MOST_DIGESTED_BYTES: Final = 64 * 1024  # of a refused request: a flood must not cost much
_INSIDE: Final = "unix:"


class AuditGate:
    """In front of every other gate: tells what was refused."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    @contextlib.asynccontextmanager
    async def pass_through(self, call: Call) -> AsyncIterator[None]:
        """The call; a refusal of it is told, unless it had begun as a change."""
        try:
            yield
        except DomainError as error:
            reason = "NOT_ALLOWED" if isinstance(error, HiddenError) else error.reason
            # What was begun has told how it ended.
            if reason in REFUSALS and not getattr(error, "audited", False):
                self._log.tell_refusal(told_of(call, Outcome.REFUSED, reason))
            raise


class ChangeGate:
    """Behind every other gate: a change is on disk as begun before its work, and as done or failed after."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    @contextlib.asynccontextmanager
    async def pass_through(self, call: Call) -> AsyncIterator[None]:
        """The call. DomainError(AUDIT_AWAY) when the log cannot be written: then nothing is changed."""
        if call.rule is None or not call.rule.changes:
            yield
            return
        begun = await asyncio.to_thread(told_of, call, Outcome.BEGUN)
        await self._log.put(begun)
        found = About(begun.object, begun.scope)
        token = begin(found)
        outcome, reason = Outcome.DONE, ""
        try:
            yield
        except DomainError as error:
            reason = "NOT_ALLOWED" if isinstance(error, HiddenError) else error.reason
            outcome = Outcome.REFUSED if reason in IDENTITY else Outcome.FAILED
            _mark(error)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            outcome, reason = Outcome.FAILED, CALLER_LEFT
            raise
        except BaseException:
            outcome, reason = Outcome.FAILED, "INTERNAL"
            raise
        finally:
            with contextlib.suppress(ValueError):  # a stream may end in another context
                end(token)
            after = {"outcome": outcome, "reason": reason, "object": found.object, "scope": found.scope}
            self._log.tell(Told(**vars(begun) | after | {"at": stamp()}))


def told_of(call: Call, outcome: Outcome, reason: str = "") -> Told:
    """What an entry says of a call: never its token, never its body."""
    who = call.actor if call.actor.known else actor()
    # Refusals for want of room are only counted, by who and what: nothing is read of their requests.
    request = None if reason in CAPACITY else call.request
    name, scope = _named(request)
    digest = digest_of(request, 0 if outcome is Outcome.BEGUN else _MOST_DIGESTED_BYTES)
    return Told(
        at=stamp(),
        actor=_short(who.user_id),
        act=_short(call.method.lstrip("/")),
        outcome=outcome,
        object=name,
        scope=scope,
        reason=reason,
        request_id=_short(call.request_id),
        address=address_of(call),
        digest=digest,
    )


def digest_of(request: Any, most_bytes: int = 0) -> str:
    """SHA-256 (hex) of a request as it is serialised; empty for a stream, or above `most_bytes` when that is given."""
    if request is None:
        return ""
    if not isinstance(request, bytes):
        if most_bytes and request.ByteSize() > most_bytes:
            return ""
        request = request.SerializeToString(deterministic=True)
    return "" if most_bytes and len(request) > most_bytes else hashlib.sha256(request).hexdigest()


def address_of(call: Call) -> str:
    """Where the caller is: the peer, or whom the HTTP door of this process names."""
    peer = str(call.context.peer() or "") if hasattr(call.context, "peer") else ""
    if peer.startswith(_INSIDE):
        named = call.metadata.get(ADDRESS_KEY, "")
        peer = named if isinstance(named, str) and named else peer
    return _short(peer)


def _named(request: Any) -> tuple[str, str]:
    """The id and the region that a request names."""
    if request is None or isinstance(request, bytes):
        return "", ""
    fields = request.DESCRIPTOR.fields_by_name
    name = next((v for n in _IDS if n in fields and (v := getattr(request, n))), "")
    holder = request.spec if "spec" in fields and hasattr(request.spec, "frame") else request
    frame = getattr(holder, "frame", None)
    region = getattr(frame, "region", "") or (request.region if "region" in fields else "")
    return _short(str(name)), _short(str(region))


def _short(text: str) -> str:
    """A text of a caller, cut and without what is not printed."""
    text = text[:_MOST_TEXT]
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def _mark(error: DomainError) -> None:
    """This error is in the log already."""
    error.audited = True  # type: ignore[attr-defined]
